#include <string.h>

#include "edge/ledger_inside.h"

/* What a person may decide about a row in each state; the words are those of the manual. */
static const struct way {
	const char *state;
	enum decision decision;
	const char *after, *word;
} ways[] = {
	{ "unknown", DECIDE_ACCEPTED, "accepted", "settle accepted" },
	{ "unknown", DECIDE_RESEND, "planned", "settle resend" },
	{ "unknown", DECIDE_GIVE_UP, "given up", "settle give-up" },
	{ "refused", DECIDE_RETRY, "planned", "retry" },
	{ "refused", DECIDE_GIVE_UP, "given up", "settle give-up" },
	{ "expired", DECIDE_RETRY, "planned", "retry" },
	{ "expired", DECIDE_GIVE_UP, "given up", "settle give-up" },
	{ "blocked", DECIDE_RETRY, "planned", "retry" },
	{ "blocked", DECIDE_GIVE_UP, "given up", "settle give-up" },
	{ "held", DECIDE_RETRY, "planned", "retry" },
	{ "held", DECIDE_GIVE_UP, "given up", "settle give-up" },
	{ "planned", DECIDE_GIVE_UP, "given up", "settle give-up" },
	{ "sending", DECIDE_GIVE_UP, "given up", "settle give-up" },
	{ "deferred", DECIDE_GIVE_UP, "given up", "settle give-up" },
};

enum { WAYS = sizeof ways / sizeof *ways };

static const struct way *
choose(const char *state, enum decision decision, struct text *possible)
{
	const struct way *chosen = NULL;

	for (size_t i = 0; i < WAYS; i++) {
		if (strcmp(ways[i].state, state) != 0)
			continue;
		ledger_list(possible, ways[i].word);
		if (ways[i].decision == decision)
			chosen = &ways[i];
	}
	return chosen;
}

/* It may go out again, for as long as its wave lasts. */
static void
open_again(struct ledger *ledger, int64_t id, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "UPDATE delivery SET until = max(until, ? + lasts), next_try = 0"
	    " WHERE id = ?");

	query_int(query, now);
	query_int(query, id);
	query_run(query);
}

static bool
decide(struct ledger *ledger, enum decision decision, const struct query *row,
    const char *note, time_t now, struct error *err)
{
	const char *advisory = row_text(row, 2), *contact = row_text(row, 4);
	long long revision = row_int(row, 3), newest = row_int(row, 5);
	struct text possible = { 0 };
	const struct way *way = choose(row_text(row, 1), decision, &possible);
	bool again = way && strcmp(way->after, "planned") == 0, ok = false;

	if (!way)
		error_set(err, "%s/%lld %s: is %s; possible: %s", advisory, revision,
		    contact, row_text(row, 1),
		    possible.size ? text_string(&possible) : "nothing");
	else if (again && newest > revision)
		error_set(err,
		    "%s/%lld %s: revision %lld is armed, so this one is not sent"
		    " again; settle it otherwise",
		    advisory, revision, contact, newest);
	else
		ok = true;
	if (ok && again)
		open_again(ledger, row_int(row, 0), now);
	if (ok)
		ledger_move(ledger, now, row_int(row, 0), way->after, note);
	text_clear(&possible);
	return ok;
}

bool
ledger_decide(struct ledger *ledger, enum decision decision, const char *advisory,
    unsigned revision, const char *contact, const char *by, const char *reason,
    time_t now, struct error *err)
{
	struct text note = { 0 };
	struct query *query;
	bool ok;

	if (!ledger_write(ledger, now, err))
		return false;
	text_adds(&note, "by ");
	ledger_clean(&note, by);
	text_adds(&note, ": ");
	ledger_clean(&note, reason);
	query = db_query(ledger->db,
	    "SELECT id, state, advisory, revision, contact,"
	    "  (SELECT max(revision) FROM delivery WHERE advisory = ?1)"
	    " FROM delivery WHERE advisory = ?1 AND revision = ?2 AND contact = ?3");
	query_text(query, advisory);
	query_int(query, revision);
	query_text(query, contact);
	ok = ledger_clock(ledger, now, err);
	if (ok && query_next(query))
		ok = decide(ledger, decision, query, text_string(&note), now, err);
	else if (ok)
		ok = error_set(
		    err, "%s/%u %s: was never armed", advisory, revision, contact);
	text_clear(&note);
	return db_end(ledger->db, ok, err);
}
