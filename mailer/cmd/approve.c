/* approve - another person's signature over a plan, or over a new quorum */
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cmd/agree.h"
#include "cmd/clock.h"
#include "cmd/command.h"
#include "cmd/decide.h"
#include "cmd/json.h"
#include "cmd/say.h"
#include "edge/pgp_verify.h"

enum { SIGNATURE_MOST = 64 * 1024 };

static void
plan_text(struct text *text, const struct plan *plan)
{
	for (size_t i = 0; i < plan->line_count; i++) {
		line_write(text, &plan->lines[i]);
		text_addc(text, '\n');
	}
}

/* Reads, proves and keeps one signature over the text. Says what is wrong. */
static bool
keep(const struct session *session, const char *file, const struct text *signed_text,
    char fingerprint[41])
{
	struct approving approving = { .fingerprint = fingerprint };
	time_t now = session_key_time(session, time(NULL));
	struct text signature = { 0 };
	struct error err;
	bool ok;

	ok = (file_read(file, SIGNATURE_MOST, &signature, &err) ||
		 say_wrong("%s", err.message)) &&
	    (keyring_verify(
		 session->keyring, &signature, signed_text, now, fingerprint, &err) ||
		say_wrong("%s: %s", file, err.message)) &&
	    (keyring_stands(session->keyring, fingerprint, now, &err) ||
		say_wrong("%s: signed by %s: %s", file, fingerprint, err.message));
	if (ok) {
		digest_sha256(approving.subject, signed_text->data, signed_text->size);
		approving.signature = text_string(&signature);
		clock_read(&approving.clock);
		ok = ledger_approve(session->ledger, &approving, &err) ||
		    say_wrong("%s: %s", file, err.message);
	}
	text_clear(&signature);
	return ok;
}

static bool
approve_quorum(const struct session *session, const char *file, const char *by)
{
	struct adopting adopting = { .by = by };
	struct agreeing agreeing = { 0 };
	struct agreement agreement;
	char fingerprint[41];
	struct text text = { 0 };
	struct error err;
	bool ok;

	agree_asked(&text, session);
	ok = keep(session, file, &text, fingerprint) && agreeing_open(&agreeing, session);
	if (ok) {
		adopting.text = text_string(&text);
		adopting.valid = agreeing.valid;
		adopting.valid_count = agreeing.count;
		clock_read(&adopting.clock);
		ok = ledger_adopt(session->ledger, &adopting, &agreement, &err) ||
		    say_wrong("%s", err.message);
	}
	if (ok && agreement.given < agreement.needed)
		say("%u of %u have agreed to the new quorum; the old one is in force",
		    agreement.given, agreement.needed);
	else if (ok)
		say("the quorum of forewarn.ini is in force from now on");
	agreeing_close(&agreeing);
	text_clear(&text);
	return ok;
}

/* What came of a signature over a plan. */
struct outcome_of {
	char fingerprint[41]; /* whose it is */
	bool proposed; /* somebody has armed this plan */
	struct agreement agreement; /* then: how many have agreed */
};

static void
answer(const struct plan *plan, const struct outcome_of *outcome)
{
	const struct agreement *agreement = &outcome->agreement;
	struct json_t *object = json_answer("approve");

	json_put_text(object, "advisory", plan->advisory->id);
	json_put_number(object, "revision", plan->advisory->revision);
	json_put_bytes(object, "digest", plan->digest, DIGEST_SIZE);
	json_put_text(object, "key", outcome->fingerprint);
	json_put_yes(object, "proposed", outcome->proposed);
	if (outcome->proposed) {
		json_put_number(object, "needed", agreement->needed);
		json_put_number(object, "given", agreement->given);
	}
	json_put_yes(
	    object, "armed", outcome->proposed && agreement->given >= agreement->needed);
	json_say(object);
}

static void
say_approved(const struct plan *plan, const struct outcome_of *outcome)
{
	if (outcome->proposed)
		agree_say(plan, &outcome->agreement);
	else
		say("kept; next: forewarn arm %s proposes this plan", plan->advisory->id);
}

/* The proposal of whoever armed it is armed with the last signature that was missing. */
static bool
arm_if_proposed(
    const struct session *session, const struct plan *plan, struct outcome_of *outcome)
{
	struct proposal proposal;
	struct error err;
	bool ok = ledger_proposal(session->ledger, plan, &proposal, &err) ||
	    say_wrong("%s", err.message);

	outcome->proposed = ok && proposal.by.size;
	if (outcome->proposed) {
		const struct armer armer = { text_string(&proposal.by),
			proposal.user.size ? text_string(&proposal.user) : NULL };

		ok = agree_and_arm(session, plan, &armer, &outcome->agreement);
	}
	text_clear(&proposal.by);
	text_clear(&proposal.user);
	return ok;
}

static bool
approve_plan(struct session *session, const struct options *options)
{
	struct outcome_of outcome = { .proposed = false };
	struct reading reading = { 0 };
	struct text text = { 0 };
	bool ok;

	ok = reading_open(&reading, session, options->arguments[0], options->revision,
	    &session->mistakes);
	if (!ok)
		say_mistakes(&session->mistakes);
	else
		plan_text(&text, &reading.plan);
	ok = ok && keep(session, options->arguments[1], &text, outcome.fingerprint) &&
	    arm_if_proposed(session, &reading.plan, &outcome);
	if (ok && options->json)
		answer(&reading.plan, &outcome);
	else if (ok)
		say_approved(&reading.plan, &outcome);
	text_clear(&text);
	reading_close(&reading);
	return ok;
}

int
cmd_approve(const struct options *options)
{
	struct session session;
	struct text by = { 0 };
	bool ok;

	if (options->argument_count != (options->quorum ? 1 : 2)) {
		say_wrong(
		    "approve: name the advisory and a file with a signature over what "
		    "forewarn plan ADVISORY prints; or --quorum and the file");
		return EXIT_REFUSED;
	}
	if (options->quorum && options->json) {
		say_wrong("approve: --json tells of a plan, not of a quorum");
		return EXIT_REFUSED;
	}
	ok = session_open(&session, LEDGER_WRITE);
	decide_by(&by);
	if (ok && options->quorum)
		ok = approve_quorum(&session, options->arguments[0], text_string(&by));
	else if (ok)
		ok = approve_plan(&session, options);
	text_clear(&by);
	session_close(&session);
	return ok ? EXIT_DONE : EXIT_REFUSED;
}
