/*
 * rehearse - each edition of a plan to the programme's own operators, by the way of a run:
 * the same files, plan, mail, seal, gate and relay. Nothing is armed, no delivery is
 * touched, and partners are not even within reach: operator_mail takes operators alone.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/operator_mail.h"
#include "cmd/say.h"
#include "cmd/sending.h"
#include "policy/name.h"
#include "policy/rehearsal.h"

struct rehearsing {
	const struct options *options;
	const struct plan *plan;
	struct rehearsal *editions; /* owned */
	size_t edition_count;
	const struct operator** to; /* owned */
	size_t to_count;
};

/* Whom a name that is no operator's may have meant. */
static bool
refuse_name(const struct registry *registry, const char *name)
{
	const char **names = mem_array(registry->operator_count, sizeof *names), *nearest;

	for (size_t i = 0; i < registry->operator_count; i++)
		names[i] = registry->operators[i]->to.id;
	nearest = name_nearest(name, names, registry->operator_count);
	if (registry_contact(registry, name))
		say_wrong("rehearse: %s: is a partner's contact; a rehearsal goes to "
			  "operators alone",
		    name);
	else if (nearest)
		say_wrong(
		    "rehearse: %s: is not an operator; did you mean %s?", name, nearest);
	else
		say_wrong("rehearse: %s: is not an operator of partners.ini; name it as "
			  "its section, operator/NAME",
		    name);
	free(names);
	return false;
}

static bool
is_chosen(const struct rehearsing *rehearsing, const struct operator* operator)
{
	for (size_t i = 0; i < rehearsing->to_count; i++)
		if (rehearsing->to[i] == operator)
			return true;
	return false;
}

/* Those that --to names, once each, or all. */
static bool
choose_operators(struct rehearsing *rehearsing, const struct registry *registry)
{
	const struct options *options = rehearsing->options;
	bool ok = true;

	if (!registry->operator_count)
		return say_wrong("rehearse: partners.ini has no operator; add a section "
				 "[operator/NAME] with mail and key");
	rehearsing->to = mem_array(
	    registry->operator_count + options->to_count, sizeof *rehearsing->to);
	for (size_t i = 0; i < options->to_count; i++) {
		const struct operator* operator=
		    registry_operator(registry, options->to[i]);

		if (!operator)
			ok = refuse_name(registry, options->to[i]);
		else if (!is_chosen(rehearsing, operator))
			rehearsing->to[rehearsing->to_count++] = operator;
	}
	for (size_t i = 0; !options->to_count && i < registry->operator_count; i++)
		rehearsing->to[rehearsing->to_count++] = registry->operators[i];
	return ok;
}

static bool
prepare(struct rehearsing *rehearsing, const struct options *options,
    const struct session *session, const struct reading *reading)
{
	*rehearsing = (struct rehearsing){ .options = options, .plan = &reading->plan };
	if (!choose_operators(rehearsing, &session->partners.registry))
		return false;
	rehearsing->edition_count = rehearsal_list(&rehearsing->editions, &reading->plan);
	return rehearsing->edition_count ||
	    say_wrong("rehearse: %s revision %u: nobody gets it, so there is nothing to "
		      "rehearse",
		reading->advisory->id, reading->advisory->revision);
}

static void
clear(struct rehearsing *rehearsing)
{
	free(rehearsing->editions);
	free(rehearsing->to);
}

/* "tier validate, en, wave early (2026-12-01T18:00:00Z), 12 contacts" */
static void
describe(struct text *text, const struct rehearsal *rehearsal)
{
	const struct edition *edition = rehearsal->line->edition;

	text_addf(text, "tier %s, %s, wave %s (", edition->tier->id, edition->language,
	    rehearsal->line->wave->id);
	when_write(text, rehearsal->line->opens);
	text_addf(text, "), contacts: %zu", rehearsal->contacts);
	if (edition->owner)
		text_addf(text, "; personal, as a sample that of %s", edition->owner);
}

static void
foretell(const struct rehearsing *rehearsing)
{
	struct text text = { 0 };

	for (size_t i = 0; i < rehearsing->edition_count; i++) {
		text_adds(&text, "would rehearse ");
		describe(&text, &rehearsing->editions[i]);
		say("%s", text_string(&text));
		text_clear(&text);
	}
	for (size_t i = 0; i < rehearsing->to_count; i++)
		say("each to %s <%s>", rehearsing->to[i]->to.id,
		    rehearsing->to[i]->to.mail);
}

/* How many operators got it. */
static size_t
rehearse_edition(const struct rehearsing *rehearsing, struct operator_mail *mail,
    const struct rehearsal *rehearsal)
{
	const struct advisory *advisory = rehearsing->plan->advisory;
	struct edition marked;
	struct text about = { 0 }, words = { 0 };
	struct bulletin bulletin = { .edition = &marked,
		.advisory = advisory->id,
		.what = "rehearsal",
		.before = "rehearsing",
		.after = "rehearsed" };
	size_t accepted;

	text_addf(
	    &about, "advisory=%s revision=%u edition=", advisory->id, advisory->revision);
	text_hex(&about, rehearsal->line->edition->digest, DIGEST_SIZE);
	bulletin.about = text_string(&about);
	rehearsal_mark(&marked, rehearsal);
	accepted =
	    operator_mail_send(mail, &bulletin, rehearsing->to, rehearsing->to_count);
	rehearsal_clear(&marked);
	describe(&words, rehearsal);
	say("%s: %zu of %zu accepted", text_string(&words), accepted,
	    rehearsing->to_count);
	text_clear(&words);
	text_clear(&about);
	return accepted;
}

static int
rehearse(const struct rehearsing *rehearsing, struct operator_mail *mail)
{
	const struct advisory *advisory = rehearsing->plan->advisory;
	size_t all = rehearsing->edition_count * rehearsing->to_count, accepted = 0;
	struct text digest = { 0 };

	for (size_t i = 0; i < rehearsing->edition_count && duty_goes_on(mail->duty); i++)
		accepted += rehearse_edition(rehearsing, mail, &rehearsing->editions[i]);
	text_hex(&digest, rehearsing->plan->digest, DIGEST_SIZE);
	say("\nrehearsed: %s revision %u; %zu of %zu mails to operators accepted, none "
	    "to "
	    "partners",
	    advisory->id, advisory->revision, accepted, all);
	say("plan digest: %s", text_string(&digest));
	if (accepted == all)
		say_next("read them, then forewarn arm %s", advisory->id);
	text_clear(&digest);
	return accepted == all ? EXIT_DONE : EXIT_UNDONE;
}

static int
send_off(struct sending *sending, const struct rehearsing *rehearsing)
{
	struct round *round = &sending->round;
	struct operator_mail mail;
	struct error err;
	int code = EXIT_AGAIN;

	if (!round_open_sealer(round))
		return EXIT_AGAIN;
	if (operator_mail_open(
		&mail, &round->duty, round->sealer, &sending->session.config.smtp, &err))
		code = rehearse(rehearsing, &mail);
	else
		say_wrong("%s", err.message);
	operator_mail_close(&mail);
	return code;
}

/* sending NULL: only says what would be done. */
static int
with_session(
    struct session *session, struct sending *sending, const struct options *options)
{
	struct rehearsing rehearsing = { 0 };
	struct reading reading;
	int code = EXIT_REFUSED;
	bool ok = reading_open(&reading, session, options->arguments[0],
	    options->revision, &session->mistakes);

	say_mistakes(&session->mistakes);
	if (ok && prepare(&rehearsing, options, session, &reading)) {
		code = EXIT_DONE;
		if (sending)
			code = send_off(sending, &rehearsing);
		else
			foretell(&rehearsing);
	}
	clear(&rehearsing);
	reading_close(&reading);
	return code;
}

static int
dry_run(const struct options *options)
{
	struct session session;
	int code = EXIT_REFUSED;

	if (session_open(&session, LEDGER_READ))
		code = with_session(&session, NULL, options);
	session_close(&session);
	return code;
}

int
cmd_rehearse(const struct options *options)
{
	struct sending sending;
	int code;

	if (options->argument_count != 1) {
		say_wrong("rehearse: name one advisory");
		return EXIT_REFUSED;
	}
	if (options->dry_run)
		return dry_run(options);
	if (!sending_open(&sending, CLAIM_HAND, options, &code))
		return code;
	code = with_session(&sending.session, &sending, options);
	return sending_close(&sending, code);
}
