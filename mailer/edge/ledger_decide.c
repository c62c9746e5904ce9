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
decide(struct ledger *ledger, const struct verdict *verdict, const struct query *row,
    const char *note, struct error *err)
{
	const char *state = row_text(row, 1);
	struct text possible = { 0 };
	const struct way *way = choose(state, verdict->decision, &possible);
	bool again = way && strcmp(way->after, "planned") == 0, ok = false;

	if (!way)
		error_set(err, "%s/%u %s: is %s; possible: %s", verdict->advisory,
		    verdict->revision, verdict->contact, state,
		    possible.size ? text_string(&possible) : "nothing");
	else if (again && row_int(row, 2) > verdict->revision)
		error_set(err,
		    "%s/%u %s: revision %lld is armed, so this one is not sent"
		    " again; settle it otherwise",
		    verdict->advisory, verdict->revision, verdict->contact,
		    (long long)row_int(row, 2));
	else
		ok = true;
	if (ok && again)
		open_again(ledger, row_int(row, 0), verdict->clock.now);
	if (ok)
		ledger_move(
		    ledger, verdict->clock.now, row_int(row, 0), way->after, note);
	text_clear(&possible);
	return ok;
}

static bool
find_and_decide(struct ledger *ledger, const struct verdict *verdict, const char *note,
    struct error *err)
{
	struct query *query = db_query(ledger->db,
	    "SELECT id, state, (SELECT max(revision) FROM delivery WHERE advisory = ?1)"
	    " FROM delivery WHERE advisory = ?1 AND revision = ?2 AND contact = ?3");

	query_text(query, verdict->advisory);
	query_int(query, verdict->revision);
	query_text(query, verdict->contact);
	if (query_next(query))
		return decide(ledger, verdict, query, note, err);
	return error_set(err, "%s/%u %s: was never armed; forewarn status lists what was",
	    verdict->advisory, verdict->revision, verdict->contact);
}

bool
ledger_decide(struct ledger *ledger, const struct verdict *verdict, struct error *err)
{
	struct text note = { 0 };
	bool ok;

	if (!ledger_write_by(ledger, &verdict->clock, err))
		return false;
	text_adds(&note, "by ");
	ledger_clean(&note, verdict->by);
	if (*verdict->reason)
		text_adds(&note, ": ");
	ledger_clean(&note, verdict->reason);
	ok = find_and_decide(ledger, verdict, text_string(&note), err);
	text_clear(&note);
	if (ok && verdict->dry_run)
		return db_undo(ledger->db, err);
	return db_end(ledger->db, ok, err) && ledger_keep_mark(ledger, err);
}
