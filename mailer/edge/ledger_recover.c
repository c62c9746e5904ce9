#include "edge/ledger_inside.h"

/* All that may have gone out by now, if the ledger was in use after the copy was made. */
static size_t
doubt_all(struct ledger *ledger, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE (due <= ? OR state = 'committed')"
	    " AND state <> 'unknown'");
	struct ids ids;
	size_t count;

	query_int(query, now);
	ids_read(&ids, query);
	for (size_t i = 0; i < ids.count; i++)
		ledger_move(ledger, now, ids.all[i], "unknown",
		    "the ledger was recovered from a copy");
	count = ids.count;
	ids_clear(&ids);
	return count;
}

static void
note(struct ledger *ledger, const struct recovery *recovery)
{
	struct query *query = db_query(ledger->db, "UPDATE meta SET recovered = ?");
	struct text text = { 0 };
	struct error why;

	query_int(query, recovery->clock.now);
	query_run(query);
	text_adds(&text, "by ");
	ledger_clean(&text, recovery->by);
	text_adds(&text, ": ");
	ledger_clean(&text, recovery->reason);
	if (!ledger_check_mark(ledger, &why)) {
		text_adds(&text, "; ");
		ledger_clean(&text, why.message);
	}
	ledger_event(ledger, recovery->clock.now, 0, "recovered", text_string(&text));
	text_clear(&text);
}

bool
ledger_recover(struct ledger *ledger, const struct recovery *recovery, size_t *count,
    struct error *err)
{
	time_t now = recovery->clock.now;
	bool right;

	if (!db_write(ledger->db, err))
		return false;
	right = ledger_judge_clock(ledger, &recovery->clock, err);
	if (!right && !recovery->clock_ok)
		return db_end(ledger->db, false, err);
	if (!right)
		ledger_accept_clock(ledger, &recovery->clock, recovery->by, err->message);
	note(ledger, recovery);
	ledger_break_off(ledger, now);
	*count = doubt_all(ledger, now);
	if (recovery->dry_run)
		return db_undo(ledger->db, err);
	return db_end(ledger->db, true, err) && ledger_keep_mark(ledger, err);
}
