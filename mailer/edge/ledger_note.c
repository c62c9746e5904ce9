#include "edge/ledger_inside.h"

static void
add(struct ledger *ledger, const struct note *note, time_t now)
{
	struct text clean = { 0 };

	ledger_clean(&clean, note->data);
	ledger_event(ledger, now, 0, note->kind, text_string(&clean));
	text_clear(&clean);
}

bool
ledger_note(struct ledger *ledger, const struct note *note, time_t now, struct error *err)
{
	if (!ledger_write(ledger, now, err))
		return false;
	add(ledger, note, now);
	return db_end(ledger->db, true, err);
}

static bool
is_held(struct ledger *ledger, const char *advisory, struct error *err)
{
	struct query *query = db_query(ledger->db,
	    "SELECT kind || iif(name = '', '', ' ' || name), word, reason FROM bar"
	    " WHERE kind = 'all' OR kind = 'advisory' AND name = ?");

	query_text(query, advisory);
	if (!query_next(query))
		return false;
	error_set(
	    err, "%s: %s %s", row_text(query, 0), row_text(query, 1), row_text(query, 2));
	return true;
}

enum gate
ledger_note_gate(
    struct ledger *ledger, const struct note *note, time_t now, struct error *err)
{
	bool held;

	if (!ledger_write_timely(ledger, now, err))
		return GATE_ERROR;
	held = is_held(ledger, note->advisory, err);
	if (!held)
		add(ledger, note, now);
	if (!db_end(ledger->db, true, err))
		return GATE_ERROR;
	return held ? GATE_HELD : GATE_OPEN;
}

bool
ledger_noted(struct ledger *ledger, const char *kind, const char *words, bool *noted,
    struct error *err)
{
	struct query *query;

	*noted = false;
	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT count(*) FROM event WHERE delivery = 0 AND kind = ?1"
	    " AND substr(data, 1, length(?2) + 1) = ?2 || ' '");
	query_text(query, kind);
	query_text(query, words);
	*noted = query_number(query) > 0;
	return db_end(ledger->db, true, err);
}
