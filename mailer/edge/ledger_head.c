#include <string.h>

#include "edge/ledger_inside.h"

static void
find_head(struct ledger *ledger, struct checkpoint *head)
{
	struct query *query = db_query(ledger->db, "SELECT id FROM meta");
	struct text id = { 0 };

	*head = (struct checkpoint){ 0 };
	if (query_next(query))
		text_adds(&id, row_text(query, 0));
	if (id.size < sizeof head->ledger)
		memcpy(head->ledger, text_string(&id), id.size);
	text_clear(&id);
	head->event = ledger_chain_end(ledger, head->hash);
}

bool
ledger_head(struct ledger *ledger, struct checkpoint *head, struct error *err)
{
	if (!db_read(ledger->db, err))
		return false;
	find_head(ledger, head);
	return db_end(ledger->db, true, err);
}

bool
ledger_changed(const struct ledger *ledger)
{
	return ledger->busy;
}

static bool
is_event(struct ledger *ledger, const struct checkpoint *since)
{
	struct query *query =
	    db_query(ledger->db, "SELECT hash FROM event WHERE seq = ?");
	unsigned char hash[DIGEST_SIZE];

	query_int(query, since->event);
	return query_next(query) && row_bytes(query, 0, hash, sizeof hash) &&
	    memcmp(hash, since->hash, sizeof hash) == 0;
}

bool
ledger_since(struct ledger *ledger, const struct checkpoint *since,
    struct mistakes *mistakes, struct error *err)
{
	const struct place place = { ledger->path, 0 };
	struct checkpoint head;

	if (!db_read(ledger->db, err))
		return false;
	find_head(ledger, &head);
	if (strcmp(head.ledger, since->ledger) != 0)
		mistakes_add(
		    mistakes, place, "is not the ledger that the checkpoint is of");
	else if (head.event < since->event)
		mistakes_add(mistakes, place,
		    "was rolled back: it ends with event %lld, and by the checkpoint "
		    "event %lld was written",
		    (long long)head.event, (long long)since->event);
	else if (!is_event(ledger, since))
		mistakes_add(mistakes, place,
		    "was rewritten: its event %lld is another than the one of the "
		    "checkpoint",
		    (long long)since->event);
	return db_end(ledger->db, true, err);
}
