#include <string.h>

#include "base/text.h"
#include "edge/ledger_inside.h"

/* As they are stored: kept ledgers hold them. */
static const char *
word(enum outcome outcome)
{
	switch (outcome) {
	case ACCEPTED:
		return "accepted";
	case DEFERRED:
		return "deferred";
	case REFUSED:
		return "refused";
	case NOT_SENT:
		return "not sent";
	case OUR_TROUBLE:
		return "our trouble";
	case UNKNOWN:
		break;
	}
	return "unknown";
}

static bool
is(const char *state, const char *other)
{
	return strcmp(state, other) == 0;
}

static void
end_attempt(struct ledger *ledger, const struct claim *claim, enum outcome outcome,
    const struct reply *reply, time_t now)
{
	struct text text = { 0 };
	struct query *query = db_query(ledger->db,
	    "UPDATE attempt SET ended = ?, outcome = ?, code = ?, reply = ?"
	    " WHERE delivery = ? AND n = ?");

	ledger_clean(&text, reply->text);
	query_int(query, now);
	query_text(query, word(outcome));
	query_int(query, reply->code);
	query_text(query, text_string(&text));
	query_int(query, claim->delivery);
	query_int(query, claim->attempt);
	query_run(query);
	text_clear(&text);
	ledger->busy = true; /* the attempt names the run, event or not */
}

/* Nothing was tried. */
static void
drop_attempt(struct ledger *ledger, const struct claim *claim)
{
	struct query *query =
	    db_query(ledger->db, "DELETE FROM attempt WHERE delivery = ? AND n = ?");

	query_int(query, claim->delivery);
	query_int(query, claim->attempt);
	query_run(query);
	query = db_query(
	    ledger->db, "UPDATE delivery SET attempts = attempts - 1 WHERE id = ?");
	query_int(query, claim->delivery);
	query_run(query);
}

/* As if it had not been claimed: reason, next_try and changed were left alone. */
static void
restore(struct ledger *ledger, const struct claim *claim)
{
	struct query *query =
	    db_query(ledger->db, "UPDATE delivery SET state = was WHERE id = ?");

	query_int(query, claim->delivery);
	query_run(query);
}

/* 5, 10, 20, 40, then 60 minutes; the last try is a minute before its time is over. */
static void
back_off(struct ledger *ledger, int64_t delivery, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "SELECT count(*) FROM attempt WHERE delivery = ?"
	    " AND outcome IN ('deferred', 'refused')");
	int64_t times, wait;

	query_int(query, delivery);
	times = query_number(query);
	wait = times > 4 ? 3600 : 300 << (times > 0 ? times - 1 : 0);
	query = db_query(
	    ledger->db, "UPDATE delivery SET next_try = min(?, until - 60) WHERE id = ?");
	query_int(query, now + wait);
	query_int(query, delivery);
	query_run(query);
}

/* Where doubt decides: without a gate nothing can have been accepted. */
static const char *
state_after(const struct claimed *row, enum outcome outcome, const struct reply *reply)
{
	bool committed = is(row->state, "committed");

	switch (outcome) {
	case ACCEPTED:
		return committed ? "accepted" : "unknown";
	case DEFERRED:
		return "deferred";
	case REFUSED:
		return "refused";
	case NOT_SENT:
		return "planned";
	case OUR_TROUBLE:
		return committed && reply->code < 400 ? "unknown" : "planned";
	case UNKNOWN:
		break;
	}
	return "unknown";
}

static void
write_reason(struct text *text, enum outcome outcome, const struct reply *reply)
{
	if (reply->text[0])
		ledger_clean(text, reply->text);
	else
		text_adds(text, word(outcome));
}

static void
settle_row(struct ledger *ledger, const struct claim *claim, const struct claimed *row,
    enum outcome outcome, const struct reply *reply, time_t now)
{
	const char *state = state_after(row, outcome, reply);
	struct text reason = { 0 };

	write_reason(&reason, outcome, reply);
	ledger_move(ledger, now, claim->delivery, state, text_string(&reason));
	if (is(state, "deferred"))
		back_off(ledger, claim->delivery, now);
	text_clear(&reason);
}

/* The row of a claim that is still to be answered for. */
static bool
mine(struct ledger *ledger, const struct claim *claim, struct claimed *row,
    struct error *err)
{
	if (ledger_look(ledger, claim, row) && row->ours)
		return true;
	return error_set(err,
	    "%s: the ledger no longer knows this claim; is another run at work?",
	    claim->line->to->to.id);
}

static void
serve_record(struct ledger *ledger, struct request *request)
{
	const struct claim *claim = request->claim;
	enum outcome outcome = request->outcome;
	struct claimed row;
	bool open;

	request->gate = GATE_CLOSED; /* it asks for none */
	request->ok = mine(ledger, claim, &row, request->err);
	if (!request->ok)
		return;
	open = is(row.state, "sending") || is(row.state, "committed");
	if (!open && (outcome == ACCEPTED || outcome == UNKNOWN)) {
		request->ok = error_set(request->err, "%s: was sent although it was %s",
		    claim->line->to->to.id, row.state);
		return;
	}
	end_attempt(ledger, claim, outcome, request->reply, request->now);
	/* Superseded, cancelled or given up meanwhile: it stays so. */
	if (open)
		settle_row(ledger, claim, &row, outcome, request->reply, request->now);
}

bool
ledger_record(struct ledger *ledger, const struct claim *claim, enum outcome outcome,
    const struct reply *reply, time_t now, struct error *err)
{
	struct request request = { .serve = serve_record,
		.claim = claim,
		.now = now,
		.outcome = outcome,
		.reply = reply,
		.err = err };

	ledger_share(ledger, &request);
	return request.ok;
}

static bool
has_reason(struct ledger *ledger, int64_t delivery, const char *reason)
{
	struct query *query =
	    db_query(ledger->db, "SELECT 1 FROM delivery WHERE id = ? AND reason = ?");

	query_int(query, delivery);
	query_text(query, reason);
	return query_number(query) == 1;
}

bool
ledger_block(struct ledger *ledger, const struct claim *claim, const char *reason,
    time_t now, struct error *err)
{
	struct text clean = { 0 };
	struct claimed row;
	bool ok, again;

	if (!ledger_write(ledger, now, err))
		return false;
	ledger_clean(&clean, reason);
	reason = text_string(&clean);
	ok = mine(ledger, claim, &row, err);
	if (ok && is(row.state, "sending")) {
		again =
		    is(row.was, "blocked") && has_reason(ledger, claim->delivery, reason);
		drop_attempt(ledger, claim);
		if (again)
			restore(ledger, claim);
		else
			ledger_move(ledger, now, claim->delivery, "blocked", reason);
	}
	text_clear(&clean);
	return db_end(ledger->db, ok, err);
}

bool
ledger_release(
    struct ledger *ledger, const struct claim *claim, time_t now, struct error *err)
{
	struct claimed row;
	bool ok;

	if (!ledger_write(ledger, now, err))
		return false;
	ok = mine(ledger, claim, &row, err);
	if (ok && is(row.state, "sending")) {
		drop_attempt(ledger, claim);
		restore(ledger, claim);
	}
	return db_end(ledger->db, ok, err);
}

/* What was said to it stays in sight. */
static void
soften(struct ledger *ledger, int64_t delivery, time_t now)
{
	struct text reason = { 0 };
	struct query *query = db_query(ledger->db,
	    "SELECT reply FROM attempt WHERE delivery = ? ORDER BY n DESC LIMIT 1");

	text_adds(&reason, "refused as all were in that run: ");
	query_int(query, delivery);
	if (query_next(query))
		text_adds(&reason, row_text(query, 0));
	ledger_move(ledger, now, delivery, "deferred", text_string(&reason));
	back_off(ledger, delivery, now);
	text_clear(&reason);
}

bool
ledger_soften(struct ledger *ledger, time_t now, struct error *err)
{
	struct query *query;
	struct ids ids;

	if (!ledger_write(ledger, now, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT d.id FROM attempt AS a JOIN delivery AS d"
	    "  ON d.id = a.delivery AND d.attempts = a.n"
	    " WHERE a.run = ? AND a.outcome = 'refused' AND a.code <> 0"
	    "  AND d.state = 'refused'");
	query_int(query, ledger->run);
	ids_read(&ids, query);
	for (size_t i = 0; i < ids.count; i++)
		soften(ledger, ids.all[i], now);
	ids_clear(&ids);
	return db_end(ledger->db, true, err);
}
