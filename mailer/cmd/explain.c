/* explain - why a contact gets what it gets, and when: each decision with its place */
#include <string.h>

#include "base/when.h"
#include "cmd/command.h"
#include "cmd/deliveries.h"
#include "cmd/json.h"
#include "cmd/say.h"
#include "cmd/session.h"

struct explaining {
	const struct session *session;
	const struct plan *plan;
	const struct contact *to;
	const struct line *line; /* NULL: it gets nothing */
	struct json_t *steps; /* borrowed; NULL: to the terminal */
	time_t now;
};

/* One decision: about what, what came of it, why, and where that is written. */
static void
step(const struct explaining *explaining, const char *about, const char *outcome,
    const char *why, const struct place *place)
{
	struct json_t *object;

	if (!explaining->steps) {
		say("%-18s %s%s%s", about, outcome, *why ? ": " : "", why);
		if (place && place->file)
			say("%-18s   %s:%u", "", place->file, place->line);
		return;
	}
	object = json_add(explaining->steps);
	json_put_text(object, "about", about);
	json_put_text(object, "outcome", outcome);
	json_put_text(object, "why", why);
	if (place && place->file) {
		json_put_text(object, "file", place->file);
		json_put_number(object, "line", place->line);
	}
}

static bool
has_country(const struct rule *rule, const struct partner *partner, struct text *which)
{
	for (size_t i = 0; i < rule->country_count; i++)
		for (size_t j = 0; j < partner->country_count; j++)
			if (strcmp(rule->countries[i], partner->countries[j]) == 0)
				text_addf(which, "%s%s", which->size ? ", " : "",
				    partner->countries[j]);
	return which->size > 0;
}

static void
explain_rules(const struct explaining *explaining)
{
	const struct programme *programme = &explaining->session->config.programme;
	const struct partner *partner = explaining->to->partner;

	for (size_t i = 0; i < programme->rule_count; i++) {
		const struct rule *rule = &programme->rules[i];
		struct text which = { 0 }, why = { 0 };
		bool lowers = rule->tier->rank < partner->tier->rank;

		if (has_country(rule, partner, &which)) {
			text_addf(&why, "%s: %s", text_string(&which), rule->reason);
			step(explaining, rule->id,
			    lowers ? "the rule matches and lowers"
				   : "the rule matches, and lowers nothing",
			    text_string(&why), &rule->place);
		}
		text_clear(&which);
		text_clear(&why);
	}
}

static void
explain_partner(const struct explaining *explaining)
{
	const struct partner *partner = explaining->to->partner;
	bool active = partner->status == PARTNER_ACTIVE;
	struct text review = { 0 };

	if (partner->review_by) {
		text_adds(&review, "review by ");
		when_write(&review, partner->review_by);
		review.data[review.size = strlen("review by YYYY-MM-DD")] = '\0';
	}
	step(explaining, "partner", partner->id, partner->organisation, &partner->place);
	step(explaining, "status", active ? "active" : "suspended, gets nothing",
	    text_string(&review), &partner->place);
	step(explaining, "own tier", partner->tier->id, "", &partner->place);
	explain_rules(explaining);
	text_clear(&review);
}

static void
explain_wave(const struct explaining *explaining)
{
	const struct line *line = explaining->line;
	struct text when = { 0 };

	step(explaining, "tier", line->tier->id, line->why, &line->tier->place);
	text_adds(&when, "opens ");
	say_when(&when, line->opens, explaining->now);
	text_adds(&when, ", lasts ");
	when_span(&when, line->lasts);
	step(explaining, "wave", line->wave->id, text_string(&when), &line->wave->place);
	text_clear(&when);
}

static void
explain_items(const struct explaining *explaining)
{
	const struct edition *edition = explaining->line->edition;
	const struct tier *tier = explaining->line->tier;

	for (size_t i = 0; i < edition->item_count; i++) {
		const struct item *item = &edition->items[i];
		struct text why = { 0 };

		text_addf(&why, "class %s is%s among what tier %s admits", item->class,
		    item->given ? "" : " not", tier->id);
		step(explaining, item->name, item->given ? "given" : "withheld",
		    text_string(&why), &tier->place);
		text_clear(&why);
	}
}

static void
explain_key(const struct explaining *explaining)
{
	const struct session *session = explaining->session;
	const struct contact *to = explaining->to;
	time_t at = explaining->line && explaining->line->opens > explaining->now
	    ? explaining->line->opens
	    : explaining->now;
	struct error why;
	struct key key;

	if (keyring_usable(session->keyring, to->to.fingerprint,
		session_key_time(session, at), &key, &why))
		step(explaining, "key", to->to.fingerprint, "usable when its wave opens",
		    &to->place);
	else
		step(explaining, "key", "blocks it", why.message, &to->place);
}

static bool
explain_delivery(void *ctx, const struct delivery *delivery)
{
	const struct explaining *explaining = ctx;
	struct text next = { 0 }, about = { 0 };

	if (strcmp(delivery->contact, explaining->to->to.id) != 0)
		return true;
	text_addf(&about, "delivery %u", delivery->revision);
	deliveries_next(&next, delivery, explaining->now);
	step(explaining, text_string(&about), delivery->state,
	    *delivery->reason ? delivery->reason : text_string(&next), NULL);
	if (*delivery->bar)
		step(explaining, "bar", delivery->bar, "", NULL);
	text_clear(&next);
	text_clear(&about);
	return true;
}

static const char *
why_absent(const struct explaining *explaining)
{
	for (size_t i = 0; i < explaining->plan->absence_count; i++)
		if (explaining->plan->absences[i].to == explaining->to)
			return explaining->plan->absences[i].why;
	return "it is not in the plan";
}

static bool
explain_all(struct explaining *explaining, struct error *err)
{
	explain_partner(explaining);
	if (explaining->line) {
		explain_wave(explaining);
		explain_items(explaining);
	} else {
		step(explaining, "plan", "gets nothing", why_absent(explaining), NULL);
	}
	explain_key(explaining);
	return ledger_each(explaining->session->ledger, explaining->plan->advisory->id,
	    explain_delivery, explaining, err);
}

static int
explain(struct session *session, const struct options *options, struct reading *reading)
{
	const char *contact = options->arguments[0];
	struct json_t *object = options->json ? json_answer("explain") : NULL;
	struct explaining explaining = {
		.session = session,
		.plan = &reading->plan,
		.to = registry_contact(&session->partners.registry, contact),
		.line = plan_line(&reading->plan, contact),
		.now = options->now,
	};
	struct error err;
	bool ok = explaining.to != NULL;

	if (!ok) {
		say_wrong("explain: %s: is not a contact of this programme", contact);
	} else {
		if (object) {
			json_put_text(object, "contact", contact);
			json_put_text(object, "advisory", reading->advisory->id);
			json_put_number(object, "revision", reading->advisory->revision);
			explaining.steps = json_put_list(object, "steps");
		}
		ok = explain_all(&explaining, &err) || say_wrong("%s", err.message);
	}
	if (object && ok)
		json_say(object);
	else if (object)
		json_drop(object);
	return ok ? EXIT_DONE : EXIT_REFUSED;
}

int
cmd_explain(const struct options *options)
{
	struct session session;
	struct reading reading = { 0 };
	int code = EXIT_REFUSED;

	if (options->argument_count != 2) {
		say_wrong("explain: name one contact and one advisory");
		return EXIT_REFUSED;
	}
	if (session_read(&session, LEDGER_READ, NULL) &&
	    reading_open(&reading, &session, options->arguments[1], options->revision,
		&session.mistakes)) {
		say_mistakes(&session.mistakes);
		code = explain(&session, options, &reading);
	} else {
		say_mistakes(&session.mistakes);
	}
	reading_close(&reading);
	session_close(&session);
	return code;
}
