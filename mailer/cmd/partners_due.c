#include "cmd/partners_due.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/operator_mail.h"
#include "cmd/say.h"
#include "cmd/sending.h"
#include "cmd/table.h"

enum { WITHIN_DEFAULT = 30 * 86400 };

/* Strings are borrowed from the session, but for `why`. */
struct end {
	const char *what,
	    *whose; /* "review" or "agreement" of a partner, "key" of a contact */
	time_t when; /* 0: a key that is of no use already */
	char *why; /* owned; NULL unless it is such a key */
	bool over;
};

struct ends {
	struct end *all; /* owned */
	size_t count, over;
	time_t now, until;
};

static void
add(struct ends *ends, const struct end *end)
{
	ends->all = mem_room(ends->all, ends->count, sizeof *ends->all);
	ends->all[ends->count++] = *end;
	ends->over += end->over;
}

/* 0: it never ends. */
static void
add_day(struct ends *ends, const char *what, const char *whose, time_t when)
{
	const struct end end = { what, whose, when, NULL, when <= ends->now };

	if (when && when <= ends->until)
		add(ends, &end);
}

static void
add_key(struct ends *ends, const struct session *session, const struct recipient *to)
{
	struct end end = { .what = "key", .whose = to->id, .over = true };
	struct error why;
	struct key key;

	if (keyring_usable(session->keyring, to->fingerprint,
		session_key_time(session, ends->now), &key, &why)) {
		add_day(ends, end.what, to->id, key.expires);
	} else {
		end.why = mem_string(why.message);
		add(ends, &end);
	}
}

static int
by_time(const void *a, const void *b)
{
	const struct end *one = a, *two = b;
	int order;

	if (one->when != two->when)
		return one->when < two->when ? -1 : 1;
	order = strcmp(one->whose, two->whose);
	return order ? order : strcmp(one->what, two->what);
}

static void
find(struct ends *ends, const struct session *session)
{
	const struct registry *registry = &session->partners.registry;

	for (size_t i = 0; i < registry->partner_count; i++) {
		const struct partner *partner = registry->partners[i];

		add_day(ends, "review", partner->id, partner->review_by);
		add_day(ends, "agreement", partner->id, partner->agreement_until);
	}
	for (size_t i = 0; i < registry->contact_count; i++)
		add_key(ends, session, &registry->contacts[i]->to);
	if (ends->count)
		qsort(ends->all, ends->count, sizeof *ends->all, by_time);
}

static const char *
state_of(const struct end *end)
{
	if (end->why)
		return end->why;
	return end->over ? "overdue" : "soon";
}

/* "2026-12-25", or "-". */
static void
write_day(struct text *text, const struct end *end)
{
	struct text when = { 0 };

	if (end->when)
		when_write(&when, end->when);
	text_addf(text, "%.10s", end->when ? text_string(&when) : "-");
	text_clear(&when);
}

static void
say_table(const struct ends *ends)
{
	static const struct column columns[] = {
		{ "ENDS", COLUMN_PLAIN },
		{ "WHAT", COLUMN_PLAIN },
		{ "WHOSE", COLUMN_PLAIN },
		{ "STATE", COLUMN_WORDS },
	};
	struct table table = { .columns = columns,
		.column_count = sizeof columns / sizeof *columns };

	for (size_t i = 0; i < ends->count; i++) {
		const struct end *end = &ends->all[i];
		struct text day = { 0 };

		write_day(&day, end);
		table_row(&table,
		    (const char *const[]){
			text_string(&day), end->what, end->whose, state_of(end) });
		text_clear(&day);
	}
	if (ends->count)
		table_print(&table);
	say("%zu overdue, %zu soon", ends->over, ends->count - ends->over);
	table_clear(&table);
}

static void
say_json(const struct ends *ends)
{
	struct json_t *answer = json_answer("partners due"), *list;

	json_put_when(answer, "at", ends->now);
	json_put_when(answer, "until", ends->until);
	list = json_put_list(answer, "ends");
	for (size_t i = 0; i < ends->count; i++) {
		struct json_t *object = json_add(list);

		json_put_text(object, "what", ends->all[i].what);
		json_put_text(object, "whose", ends->all[i].whose);
		json_put_when(object, "when", ends->all[i].when);
		json_put_yes(object, "overdue", ends->all[i].over);
		json_put_text(object, "why", ends->all[i].why);
	}
	json_put_number(answer, "overdue", (long long)ends->over);
	json_say(answer);
}

static void
write_mail(struct edition *mail, const struct ends *ends)
{
	text_addf(&mail->subject, "Partners: %zu overdue, %zu soon", ends->over,
	    ends->count - ends->over);
	for (size_t i = 0; i < ends->count; i++) {
		const struct end *end = &ends->all[i];

		write_day(&mail->text, end);
		text_addf(&mail->text, "  %-9s  %s: %s\n", end->what, end->whose,
		    state_of(end));
	}
	digest_sha256(mail->digest, mail->text.data, mail->text.size);
}

/* How many operators have it. No advisory is its subject: a hold on all keeps it here. */
static size_t
send_to_all(struct operator_mail *mail, const struct ends *ends)
{
	const struct registry *registry = &mail->duty->session->partners.registry;
	struct edition edition = { 0 };
	struct text about = { 0 };
	size_t accepted;

	write_mail(&edition, ends);
	text_addf(&about, "overdue=%zu soon=%zu", ends->over, ends->count - ends->over);
	const struct bulletin bulletin = { .edition = &edition,
		.advisory = "",
		.what = "partners due",
		.before = "telling due",
		.after = "told due",
		.about = text_string(&about) };

	accepted = operator_mail_send(mail, &bulletin,
	    (const struct operator* const *)registry->operators,
	    registry->operator_count);
	text_clear(&about);
	text_clear(&edition.subject);
	text_clear(&edition.text);
	return accepted;
}

static int
send_off(struct sending *sending, const struct ends *ends)
{
	struct round *round = &sending->round;
	size_t all = sending->session.partners.registry.operator_count;
	struct operator_mail mail;
	struct error err;
	int code = EXIT_AGAIN;

	if (!all) {
		say_wrong("partners due: nobody gets the mail; add a section "
			  "[operator/NAME] to partners.ini");
		return EXIT_REFUSED;
	}
	if (!round_open_sealer(round))
		return EXIT_AGAIN;
	if (operator_mail_open(
		&mail, &round->duty, round->sealer, &sending->session.config.smtp, &err))
		code = send_to_all(&mail, ends) == all ? EXIT_DONE : EXIT_UNDONE;
	else
		say_wrong("%s", err.message);
	operator_mail_close(&mail);
	return code;
}

static void
ends_clear(struct ends *ends)
{
	for (size_t i = 0; i < ends->count; i++)
		free(ends->all[i].why);
	free(ends->all);
}

static int
mail_out(const struct options *options, struct ends *ends)
{
	struct sending sending;
	int code = EXIT_DONE;

	if (!sending_open(&sending, CLAIM_HAND, options, &code))
		return code;
	code = EXIT_DONE;
	find(ends, &sending.session);
	if (ends->count)
		code = send_off(&sending, ends);
	ends_clear(ends);
	return sending_close(&sending, code);
}

int
partners_due(const struct options *options)
{
	struct ends ends = { .now = options->now };
	struct session session;
	int code;

	ends.until = ends.now + (options->within ? options->within : WITHIN_DEFAULT);
	if (options->mail && options->json) {
		say_wrong("partners due: --mail or --json, not both");
		return EXIT_REFUSED;
	}
	if (options->mail)
		return mail_out(options, &ends);
	if (session_open(&session, LEDGER_LOOK)) {
		find(&ends, &session);
		if (options->json)
			say_json(&ends);
		else
			say_table(&ends);
		code = ends.over ? EXIT_UNDONE : EXIT_DONE;
	} else {
		code = session_code(&session);
	}
	ends_clear(&ends);
	session_close(&session);
	return code;
}
