#include "edge/ledger_inside.h"

bool
ledger_note(struct ledger *ledger, const char *kind, const char *data, time_t now,
    struct error *err)
{
	struct text clean = { 0 };

	if (!ledger_write_timely(ledger, now, err))
		return false;
	ledger_clean(&clean, data);
	ledger_event(ledger, now, 0, kind, text_string(&clean));
	text_clear(&clean);
	return db_end(ledger->db, true, err);
}
