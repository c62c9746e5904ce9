/* check - reads every file and key, and reports every mistake at once */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/archive.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/say.h"
#include "cmd/screen.h"
#include "cmd/session.h"
#include "edge/confine.h"
#include "edge/pgp_speed.h"
#include "edge/secret.h"

enum { REVIEW_AHEAD = 30 * 86400 }; /* reviews due within this are warned of */

/* When the last planned wave of a contact opens. */
struct horizon {
	const struct contact *to;
	time_t last;
	const char *advisory, *wave; /* NULL: nothing planned */
};

struct checking {
	struct session *session;
	time_t now;
	struct horizon *horizons; /* owned; one a contact, ascending id */
	size_t blocked, blocked_operators;
};

static void
look_ahead(struct checking *checking, const struct plan *plan)
{
	const struct registry *registry = &checking->session->partners.registry;

	for (size_t i = 0; i < registry->contact_count; i++) {
		const struct line *line = plan_line(plan, registry->contacts[i]->to.id);
		struct horizon *horizon = &checking->horizons[i];

		if (line && line->opens > horizon->last) {
			horizon->last = line->opens;
			horizon->advisory = plan->advisory->id;
			horizon->wave = line->wave->id;
		}
	}
}

/* The ids live until the check ends: horizons name them. */
static void
check_advisories(
    struct checking *checking, char *const ids[], size_t count, struct reading readings[])
{
	struct session *session = checking->session;

	for (size_t i = 0; i < count; i++)
		if (reading_open(&readings[i], session, ids[i], 0, &session->mistakes))
			look_ahead(checking, &readings[i].plan);
}

static void
check_key(struct checking *checking, const struct horizon *horizon)
{
	struct session *session = checking->session;
	struct mistakes *mistakes = &session->mistakes;
	const struct contact *to = horizon->to;
	struct error why;
	struct key key;

	if (!keyring_usable(session->keyring, to->to.fingerprint,
		session_key_time(session, checking->now), &key, &why)) {
		checking->blocked++;
		mistakes_warn(mistakes, to->place, "contact '%s' is blocked: %s",
		    to->to.id, why.message);
	} else if (horizon->last > checking->now &&
	    !keyring_usable(
		session->keyring, to->to.fingerprint, horizon->last, &key, &why)) {
		mistakes_warn(mistakes, to->place,
		    "contact '%s': before wave %s of %s opens, its %s", to->to.id,
		    horizon->wave, horizon->advisory, why.message);
	}
}

/* Their mail goes out at any time: no wave to look ahead to. */
static void
check_operator_key(struct checking *checking, const struct operator* operator)
{
	struct session *session = checking->session;
	struct error why;
	struct key key;

	if (keyring_usable(session->keyring, operator->to.fingerprint,
		session_key_time(session, checking->now), &key, &why))
		return;
	checking->blocked_operators++;
	mistakes_warn(&session->mistakes, operator->place,
	    "operator '%s' is blocked: %s", operator->to.id, why.message);
}

static void
check_review(struct checking *checking, const struct partner *partner)
{
	struct text day = { 0 };

	if (!partner->review_by || partner->review_by > checking->now + REVIEW_AHEAD)
		return;
	when_write(&day, partner->review_by);
	mistakes_warn(&checking->session->mistakes, partner->place,
	    "partner '%s': its review %s on %.10s; then set review_by anew", partner->id,
	    partner->review_by <= checking->now ? "was due" : "is due",
	    text_string(&day));
	text_clear(&day);
}

/* What was decided about it is held by the ledger, which the files do not show. */
static void
check_standing(struct checking *checking, const struct partner *partner)
{
	struct session *session = checking->session;
	struct standing standing = { 0 };
	struct error err;

	if (session->ledger &&
	    !ledger_partner(session->ledger, partner->id, &standing, &err))
		mistakes_error(&session->mistakes, &err);
	if (standing.barred)
		mistakes_warn(&session->mistakes, partner->place, "partner '%s': %s; %s",
		    partner->id, text_string(&standing.why),
		    standing.removed ? "take it out here" : "nothing goes to it");
	text_clear(&standing.why);
}

/* Whether the signer is fit for a broadcast; that it signs at all is for a run to find. */
static void
check_speed(struct checking *checking)
{
	struct session *session = checking->session;
	struct error why;

	if (signer_is_slow(session->keyring, session->config.signer, &why))
		mistakes_warn(&session->mistakes, session->config.programme.place, "%s",
		    why.message);
}

static void
check_operators(struct checking *checking)
{
	struct session *session = checking->session;
	const struct registry *registry = &session->partners.registry;

	for (size_t i = 0; i < registry->operator_count; i++)
		check_operator_key(checking, registry->operators[i]);
	if (session->config.programme.report_waves && !registry->operator_count)
		mistakes_warn(&session->mistakes, session->config.programme.place,
		    "report = wave, and nobody gets it; add a section [operator/NAME] "
		    "to partners.ini");
}

static void
check_people(struct checking *checking)
{
	struct session *session = checking->session;
	const struct registry *registry = &session->partners.registry;
	struct error why;

	if (!keyring_can_sign(session->keyring, session->config.signer,
		session_key_time(session, checking->now), &why))
		mistakes_add(&session->mistakes, session->config.programme.place,
		    "the signer cannot sign: %s", why.message);
	else
		check_speed(checking);
	if (!archive_check(session, checking->now, &why))
		mistakes_error(&session->mistakes, &why);
	for (size_t i = 0; i < registry->contact_count; i++)
		if (registry->contacts[i]->partner->status == PARTNER_ACTIVE)
			check_key(checking, &checking->horizons[i]);
	check_operators(checking);
	for (size_t i = 0; i < registry->partner_count; i++) {
		check_standing(checking, registry->partners[i]);
		check_review(checking, registry->partners[i]);
	}
}

/* A run would find these out only when something is due. */
static void
check_relay(struct checking *checking)
{
	const struct smtp_settings *smtp = &checking->session->config.smtp;
	struct mistakes *mistakes = &checking->session->mistakes;
	struct text password = { 0 };
	struct error why;

	if (smtp->ca_file && access(smtp->ca_file, R_OK) != 0)
		mistakes_add(mistakes, (struct place){ smtp->ca_file, 0 },
		    "the ca_file cannot be read: %s; name a file of certificates in "
		    "[smtp]",
		    strerror(errno));
	if (smtp->password_file &&
	    !secret_from_file(smtp->password_file, &password, &why))
		mistakes_error(mistakes, &why);
	text_clear(&password);
}

static void
check_all(struct checking *checking, char *const ids[], size_t count)
{
	const struct registry *registry = &checking->session->partners.registry;
	struct reading *readings = mem_array(count, sizeof *readings);

	checking->horizons =
	    mem_array(registry->contact_count, sizeof *checking->horizons);
	for (size_t i = 0; i < registry->contact_count; i++)
		checking->horizons[i].to = registry->contacts[i];
	check_advisories(checking, ids, count, readings);
	check_people(checking);
	check_relay(checking);
	for (size_t i = 0; i < count; i++)
		reading_close(&readings[i]);
	free(readings);
	free(checking->horizons);
}

/* What there is to count is known once there is no mistake. */
static void
answer(const struct checking *checking, size_t advisories)
{
	const struct session *session = checking->session;
	const struct registry *registry = &session->partners.registry;
	const struct programme *programme = &session->config.programme;
	struct json_t *answer = json_answer("check");

	json_put_when(answer, "at", checking->now);
	json_put_mistakes(answer, "mistakes", &session->mistakes);
	if (!session->mistakes.errors) {
		json_put_number(answer, "partners", (long long)registry->partner_count);
		json_put_number(answer, "contacts", (long long)registry->contact_count);
		json_put_number(answer, "blocked", (long long)checking->blocked);
		json_put_number(answer, "operators", (long long)registry->operator_count);
		json_put_number(
		    answer, "blocked_operators", (long long)checking->blocked_operators);
		json_put_number(answer, "tiers", (long long)programme->tier_count);
		json_put_number(answer, "waves", (long long)programme->wave_count);
		json_put_number(answer, "advisories", (long long)advisories);
	}
	json_say(answer);
}

static void
say_counts(const struct checking *checking, size_t advisories)
{
	const struct session *session = checking->session;
	const struct registry *registry = &session->partners.registry;
	struct text words = { 0 };

	text_addf(&words, "no mistake; partners: %zu, contacts: %zu (%zu blocked)",
	    registry->partner_count, registry->contact_count, checking->blocked);
	if (registry->operator_count)
		text_addf(&words, ", operators: %zu (%zu blocked)",
		    registry->operator_count, checking->blocked_operators);
	text_addf(&words, ", tiers: %zu, waves: %zu, advisories: %zu",
	    session->config.programme.tier_count, session->config.programme.wave_count,
	    advisories);
	screen_say(0, text_string(&words), screen_width(STDOUT_FILENO));
	text_clear(&words);
}

/* ids: of all advisories. */
static void
say_after(char *const ids[], size_t count)
{
	if (count == 0)
		say_next("forewarn advisory new ID");
	else
		say_next("forewarn preview %s", count == 1 ? ids[0] : "ADVISORY");
}

static int
conclude(const struct checking *checking, char *const ids[], size_t advisories, bool json)
{
	size_t errors = checking->session->mistakes.errors;

	say_mistakes(&checking->session->mistakes);
	if (json)
		answer(checking, advisories);
	else if (!errors)
		say_counts(checking, advisories);
	if (!json && errors)
		say_next("mend them, then forewarn check");
	else if (!json)
		say_after(ids, advisories);
	if (errors)
		return EXIT_REFUSED;
	return checking->blocked || checking->blocked_operators ? EXIT_UNDONE : EXIT_DONE;
}

int
cmd_check(const struct options *options)
{
	struct session session;
	struct checking checking = { .session = &session, .now = options->now };
	char **ids = NULL;
	size_t count = 0;
	int code;

	if (options->argument_count) {
		say_wrong("check: takes no argument: it looks at everything");
		return EXIT_REFUSED;
	}
	if (session_read(&session, LEDGER_READ, NULL) &&
	    intake_advisory_ids(&ids, &count, &session.mistakes))
		check_all(&checking, ids, count);
	if (!confine_knows())
		mistakes_warn(&session.mistakes, (struct place){ NULL, 0 },
		    "this kernel has no Landlock: nothing but the user's rights keeps "
		    "forewarn from writing elsewhere");
	if (geteuid() == 0)
		mistakes_warn(&session.mistakes, (struct place){ NULL, 0 },
		    "running as root; give forewarn a user of its own");
	code = conclude(&checking, ids, count, options->json);
	for (size_t i = 0; i < count; i++)
		free(ids[i]);
	free(ids);
	session_close(&session);
	return code;
}
