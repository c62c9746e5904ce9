/* partners - who is vetted and how they stand; suspend, restore and remove one, with a reason */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/clock.h"
#include "cmd/command.h"
#include "cmd/decide.h"
#include "cmd/json.h"
#include "cmd/partners_due.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/session.h"
#include "cmd/suggest.h"
#include "cmd/table.h"

/* --- list ------------------------------------------------------------------- */

/* What is shown of one partner. */
struct vetted {
	const struct partner *partner;
	const struct tier *tier; /* that holds */
	struct text countries, rules, review, contacts, status;
	struct standing standing;
};

static void
add_word(struct text *list, const char *word)
{
	text_addf(list, "%s%s", list->size ? ", " : "", word);
}

static void
vetted_clear(struct vetted *vetted)
{
	text_clear(&vetted->countries);
	text_clear(&vetted->rules);
	text_clear(&vetted->review);
	text_clear(&vetted->contacts);
	text_clear(&vetted->status);
	text_clear(&vetted->standing.why);
}

static const char *
in_file(const struct partner *partner)
{
	return partner->status == PARTNER_SUSPENDED ? "suspended" : "active";
}

static bool
vetted_make(struct vetted *vetted, const struct session *session,
    const struct partner *partner, struct error *err)
{
	const struct registry *registry = &session->partners.registry;

	*vetted = (struct vetted){ .partner = partner };
	if (!ledger_partner(session->ledger, partner->id, &vetted->standing, err))
		return false;
	vetted->tier = partner_tier(partner, &session->config.programme, &vetted->rules);
	for (size_t i = 0; i < partner->country_count; i++)
		add_word(&vetted->countries, partner->countries[i]);
	for (size_t i = 0; i < registry->contact_count; i++)
		if (registry->contacts[i]->partner == partner)
			add_word(&vetted->contacts, registry->contacts[i]->to.id);
	if (partner->review_by)
		when_write(&vetted->review, partner->review_by);
	text_adds(&vetted->status, in_file(partner));
	if (vetted->standing.barred)
		text_addf(&vetted->status, "; %s", text_string(&vetted->standing.why));
	return true;
}

static void
put_contacts(
    struct json_t *list, const struct partner *partner, const struct registry *registry)
{
	for (size_t i = 0; i < registry->contact_count; i++) {
		const struct contact *contact = registry->contacts[i];
		struct json_t *object;

		if (contact->partner != partner)
			continue;
		object = json_add(list);
		json_put_text(object, "contact", contact->to.id);
		json_put_text(object, "mail", contact->to.mail);
		json_put_text(object, "key", contact->to.fingerprint);
	}
}

static void
put_object(
    struct json_t *object, const struct vetted *vetted, const struct registry *registry)
{
	const struct partner *partner = vetted->partner;

	json_put_text(object, "partner", partner->id);
	json_put_text(object, "organisation", partner->organisation);
	json_put_text(object, "countries", text_string(&vetted->countries));
	json_put_text(object, "tier", vetted->tier->id);
	json_put_text(object, "rules", text_string(&vetted->rules));
	json_put_text(object, "file_status", in_file(partner));
	json_put_text(object, "ledger_status",
	    !vetted->standing.barred       ? NULL
		: vetted->standing.removed ? "removed"
					   : "suspended");
	json_put_text(object, "reason", text_string(&vetted->standing.why));
	json_put_when(object, "review_by", partner->review_by);
	put_contacts(json_put_list(object, "contacts"), partner, registry);
}

static void
put_row(struct table *table, const struct vetted *vetted)
{
	char day[sizeof "2026-12-25"] = "";

	snprintf(day, sizeof day, "%.10s", text_string(&vetted->review));
	table_row(table,
	    (const char *const[]){ vetted->partner->id, vetted->partner->organisation,
		text_string(&vetted->countries), vetted->tier->id, day,
		text_string(&vetted->contacts), text_string(&vetted->status) });
}

/* list: where --json puts them; NULL: they go into the table. */
static bool
vetted_all(const struct session *session, struct table *table, struct json_t *list)
{
	const struct registry *registry = &session->partners.registry;
	struct error err;
	bool ok = true;

	for (size_t i = 0; i < registry->partner_count && ok; i++) {
		struct vetted vetted;

		ok = vetted_make(&vetted, session, registry->partners[i], &err);
		if (ok && list)
			put_object(json_add(list), &vetted, registry);
		else if (ok)
			put_row(table, &vetted);
		vetted_clear(&vetted);
	}
	return ok || say_wrong("%s", err.message);
}

static bool
list_table(const struct session *session)
{
	static const struct column columns[] = {
		{ "PARTNER", COLUMN_PLAIN },
		{ "ORGANISATION", COLUMN_NAME },
		{ "COUNTRIES", COLUMN_PLAIN },
		{ "TIER", COLUMN_NAME },
		{ "REVIEW", COLUMN_PLAIN },
		{ "CONTACTS", COLUMN_NAME },
		{ "STATUS", COLUMN_WORDS },
	};
	struct table table = { .columns = columns,
		.column_count = sizeof columns / sizeof *columns };
	bool ok = vetted_all(session, &table, NULL);

	if (ok)
		table_print(&table);
	table_clear(&table);
	return ok;
}

static bool
list_json(const struct session *session)
{
	struct json_t *answer = json_answer("partners list");
	bool ok = vetted_all(session, NULL, json_put_list(answer, "partners"));

	if (ok)
		json_say(answer);
	else
		json_drop(answer);
	return ok;
}

static int
list(const struct options *options)
{
	struct session session;
	int code = EXIT_REFUSED;

	if (session_open(&session, LEDGER_LOOK))
		code = (options->json ? list_json(&session) : list_table(&session))
		    ? EXIT_DONE
		    : EXIT_REFUSED;
	else
		code = session_code(&session);
	session_close(&session);
	return code;
}

/* --- suspend, restore, remove ------------------------------------------------- */

struct action {
	const char *name;
	const char *word; /* of the bar; NULL: it is lifted */
	const char *done;
	const char *before, *after; /* what to do next, around the partner's id */
};

static const struct action actions[] = {
	{ "suspend", "suspended",
	    "nothing goes to them from here on, also of a run in flight",
	    "forewarn partners restore ", " --reason TEXT" },
	{ "restore", NULL, "what is armed, due and still open goes to them again",
	    "forewarn run sends it to ", "" },
	{ "remove", "removed", "what had not gone out to them is cancelled, for good",
	    "take ", " out of the partner files" },
};

/* A mistake elsewhere in the files is no reason to let a partner go on getting mail. */
static bool
in_files(const char *id, struct text *meant)
{
	struct mistakes mistakes = { 0 };
	struct partner_files files = { 0 };
	struct config config = { 0 };
	bool there = false;

	if (config_read(&config, &mistakes) &&
	    intake_partners(&files, &config.programme, &mistakes)) {
		for (size_t i = 0; i < files.registry.partner_count; i++)
			there = there || strcmp(files.registry.partners[i]->id, id) == 0;
		suggest_partner(meant, id, &files.registry);
	} else {
		text_adds(meant, "; the files have mistakes, see forewarn check");
	}
	partner_files_clear(&files);
	config_clear(&config);
	mistakes_clear(&mistakes);
	return there;
}

/* A bar on a name that is nobody's would stop nobody, and look as if it did. */
static bool
is_known(struct ledger *ledger, const char *id)
{
	struct standing standing = { 0 };
	struct text meant = { 0 };
	struct error err;
	bool known;

	if (!ledger_partner(ledger, id, &standing, &err))
		return say_wrong("%s", err.message);
	text_clear(&standing.why);
	known = standing.known || in_files(id, &meant) ||
	    say_wrong("partner '%s': is not there%s", id, text_string(&meant));
	text_clear(&meant);
	return known;
}

static void
tell_done(const struct action *action, const struct options *options)
{
	char *command = mem_format("partners %s", action->name);
	struct json_t *object = json_answer(command);

	json_put_text(object, "partner", options->arguments[1]);
	json_put_yes(object, "dry_run", options->dry_run);
	json_say(object);
	free(command);
}

static bool
act(struct ledger *ledger, const struct action *action, const struct options *options)
{
	const char *id = options->arguments[1];
	struct barring barring = {
		.bar = { BAR_PARTNER, id, action->word, options->reason, 0 },
		.dry_run = options->dry_run,
	};
	struct text by = { 0 };
	struct error err;
	bool ok;

	if (!is_known(ledger, id))
		return false;
	decide_by(&by);
	barring.by = text_string(&by);
	clock_read(&barring.clock);
	ok = ledger_bar(ledger, &barring, &err);
	text_clear(&by);
	if (!ok)
		return say_wrong("%s", err.message);
	if (options->json) {
		tell_done(action, options);
		return true;
	}
	say("%s: %s%s", id, options->dry_run ? "would be done: " : "", action->done);
	say_next("%s%s%s", action->before, id, action->after);
	return true;
}

static int
change(const struct action *action, const struct options *options)
{
	struct ledger *ledger;
	struct error err;
	bool ok;

	if (options->argument_count != 2 || !options->reason || !*options->reason) {
		say_wrong("partners %s: name one partner, and say why with --reason TEXT",
		    action->name);
		return EXIT_REFUSED;
	}
	ledger = ledger_open(&place_ledger, LEDGER_WRITE, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	ok = act(ledger, action, options);
	ledger_close(ledger);
	return ok ? EXIT_DONE : EXIT_REFUSED;
}

int
cmd_partners(const struct options *options)
{
	const char *what = options->argument_count ? options->arguments[0] : "";

	if (strcmp(what, "list") == 0 && options->argument_count == 1)
		return list(options);
	for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
		if (strcmp(what, actions[i].name) == 0)
			return change(&actions[i], options);
	if (strcmp(what, "due") == 0 && options->argument_count == 1)
		return partners_due(options);
	say_wrong("partners: list, due, or suspend, restore or remove with a PARTNER");
	return EXIT_REFUSED;
}
