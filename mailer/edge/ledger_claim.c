#include <stdio.h>
#include <string.h>

#include "edge/ledger_inside.h"

/* The fence of new claims: higher than any before. */
static int64_t
next_fence(struct ledger *ledger)
{
	return query_number(
	    db_query(ledger->db, "UPDATE meta SET fence = fence + 1 RETURNING fence"));
}

static void
begin_attempt(struct ledger *ledger, const struct claim *claim, time_t now)
{
	/* Without a run it has none: NULL. */
	struct query *query = db_query(ledger->db,
	    "INSERT INTO attempt (delivery, n, run, began)"
	    " VALUES (?, ?, nullif(?, 0), ?)");

	query_int(query, claim->delivery);
	query_int(query, claim->attempt);
	query_int(query, ledger->run);
	query_int(query, now);
	query_run(query);
}

/* `until` is judged by the latest time seen, so that a clock stepped back revives nothing. */
static bool
claim_one(struct ledger *ledger, const struct line *line, time_t now, enum claim_by by,
    int64_t fence, struct claim *claim)
{
	unsigned char digest[DIGEST_SIZE];
	struct query *query;
	bool found;

	line_digest(digest, line);
	query = db_query(ledger->db,
	    "UPDATE delivery AS d SET state = 'sending', was = state,"
	    "  attempts = attempts + 1, fence = ?1"
	    " WHERE advisory = ?2 AND revision = ?3 AND contact = ?4 AND digest = ?5"
	    "  AND due <= ?6 AND until > (SELECT seen FROM meta)"
	    "  AND (state IN ('planned', 'blocked')"
	    "   OR (state = 'deferred' AND (?7 OR next_try <= ?6))"
	    "   OR (state = 'held' AND ?7))"
	    "  AND NOT EXISTS (SELECT 1 FROM barred WHERE barred.id = d.id)"
	    "  AND NOT EXISTS (SELECT 1 FROM delivery AS newer"
	    "   WHERE newer.advisory = d.advisory AND newer.revision > d.revision)"
	    " RETURNING id, attempts");
	query_int(query, fence);
	query_text(query, line->advisory->id);
	query_int(query, line->advisory->revision);
	query_text(query, line->to->to.id);
	query_bytes(query, digest, sizeof digest);
	query_int(query, now);
	query_int(query, by == CLAIM_HAND);
	found = query_next(query);
	if (found)
		*claim =
		    (struct claim){ line, row_int(query, 0), row_int(query, 1), fence };
	query_run(query);
	if (found)
		begin_attempt(ledger, claim, now);
	return found;
}

int
ledger_claim(struct ledger *ledger, const struct line *const want[], size_t n, time_t now,
    enum claim_by by, struct claim out[], struct error *err)
{
	int64_t fence;
	int count = 0;

	if (!ledger_write_timely(ledger, now, err))
		return -1;
	fence = next_fence(ledger);
	for (size_t i = 0; i < n; i++)
		if (claim_one(ledger, want[i], now, by, fence, &out[count]))
			count++;
	return db_end(ledger->db, true, err) ? count : -1;
}

bool
ledger_look(struct ledger *ledger, const struct claim *claim, struct claimed *row)
{
	struct query *query = db_query(ledger->db,
	    "SELECT state, was, attempts, fence, due FROM delivery WHERE id = ?");

	*row = (struct claimed){ 0 };
	query_int(query, claim->delivery);
	if (!query_next(query))
		return false;
	snprintf(row->state, sizeof row->state, "%s", row_text(query, 0));
	snprintf(row->was, sizeof row->was, "%s", row_text(query, 1));
	row->ours =
	    row_int(query, 2) == claim->attempt && row_int(query, 3) == claim->fence;
	row->due = (time_t)row_int(query, 4);
	return true;
}

static bool
is(const char *state, const char *other)
{
	return strcmp(state, other) == 0;
}

/* A hold stands before all of an advisory; a bar on a partner is its lines' alone. */
static enum gate
why_barred(struct ledger *ledger, const struct claim *claim, struct error *err)
{
	struct query *query =
	    db_query(ledger->db, "SELECT kind, why FROM barred WHERE id = ?");

	query_int(query, claim->delivery);
	if (!query_next(query))
		return GATE_OPEN;
	error_set(err, "%s", row_text(query, 1));
	return is(row_text(query, 0), "partner") ? GATE_CLOSED : GATE_HELD;
}

/* Why a gate stays shut; nothing is changed by asking. */
static enum gate
why_shut(struct ledger *ledger, const struct claim *claim, time_t now, struct error *err)
{
	struct claimed row;
	enum gate barred;

	if (!ledger_look(ledger, claim, &row) || !row.ours) {
		error_set(err, "the delivery was claimed by another");
		return GATE_LOST;
	}
	barred = why_barred(ledger, claim, err);
	if (barred != GATE_OPEN)
		return barred;
	if (is(row.state, "sending")) {
		error_set(err, now < row.due ? "it is not due" : "its time is over");
		return GATE_CLOSED;
	}
	error_set(err, "the delivery is %s now", row.state);
	if (is(row.state, "held"))
		return GATE_HELD;
	if (is(row.state, "superseded") || is(row.state, "cancelled") ||
	    is(row.state, "given up"))
		return GATE_CLOSED;
	return GATE_LOST;
}

/* Which gates were one transaction: the run that starts after a crash asks. */
static void
note_commit(struct ledger *ledger, const struct request *request)
{
	struct text batch = { 0 };

	text_addf(&batch, "gates from event %lld", (long long)ledger->sharing.batch);
	ledger_event(ledger, request->now, request->claim->delivery, "committed",
	    text_string(&batch));
	text_clear(&batch);
}

static void
serve_gate(struct ledger *ledger, struct request *request)
{
	const struct claim *claim = request->claim;
	struct query *query;

	request->gate = GATE_ERROR;
	if (!ledger_timely(ledger, request->now, request->err))
		return;
	query = db_query(ledger->db,
	    "UPDATE delivery SET state = 'committed', reason = '', changed = ?1"
	    " WHERE id = ?2 AND state = 'sending' AND attempts = ?3 AND fence = ?4"
	    "  AND due <= ?1 AND until > (SELECT seen FROM meta)"
	    "  AND NOT EXISTS (SELECT 1 FROM barred WHERE barred.id = delivery.id)");
	query_int(query, request->now);
	query_int(query, claim->delivery);
	query_int(query, claim->attempt);
	query_int(query, claim->fence);
	if (query_run(query) == 1) {
		request->gate = GATE_OPEN;
		note_commit(ledger, request);
	} else {
		request->gate = why_shut(ledger, claim, request->now, request->err);
	}
}

enum gate
ledger_gate(
    struct ledger *ledger, const struct claim *claim, time_t now, struct error *err)
{
	struct request request = {
		.serve = serve_gate, .claim = claim, .now = now, .err = err
	};

	ledger_share(ledger, &request);
	return request.gate;
}
