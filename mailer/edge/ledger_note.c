#include "edge/ledger_inside.h"

bool
ledger_note(struct ledger *ledger, const char *kind, const char *data, time_t now,
    struct error *err)
{
	struct text clean = { 0 };

	if (!ledger_write(ledger, now, err))
		return false;
	ledger_clean(&clean, data);
	ledger_event(ledger, now, 0, kind, text_string(&clean));
	text_clear(&clean);
	return db_end(ledger->db, true, err);
}

bool
ledger_note_gate(struct ledger *ledger, const char *kind, const char *data, time_t now,
    struct error *err)
{
	return ledger_timely(ledger, now, err) &&
	    ledger_note(ledger, kind, data, now, err);
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
