#include "edge/ledger_inside.h"

/*
 * The newest revision of which anything is armed, or was sent. What a contact has is one
 * number, the revision and whether that is sure, so that the highest is the newest.
 */
static struct query *
ask(struct ledger *ledger, const struct advisory *advisory)
{
	struct query *query = db_query(ledger->db,
	    "SELECT d.contact, d.line, d.revision,"
	    "  ifnull((SELECT max(2 * h.revision + (h.state = 'accepted'))"
	    "   FROM delivery AS h WHERE h.advisory = d.advisory"
	    "    AND h.contact = d.contact AND h.revision <= ?2"
	    "    AND (h.state IN ('accepted', 'committed', 'unknown')"
	    "     OR EXISTS (SELECT 1 FROM event"
	    "      WHERE delivery = h.id AND kind = 'unknown'))), 0)"
	    " FROM delivery AS d WHERE d.advisory = ?1"
	    "  AND d.state NOT IN ('cancelled', 'superseded')"
	    "  AND d.revision = (SELECT max(revision) FROM delivery WHERE advisory = ?1"
	    "   AND revision <= ?2 AND state NOT IN ('cancelled', 'superseded'))"
	    " ORDER BY d.contact");

	query_text(query, advisory->id);
	query_int(query, advisory->revision);
	return query;
}

bool
ledger_armed_lines(struct ledger *ledger, const struct advisory *advisory,
    bool (*visit)(void *ctx, const struct armed_line *line), void *ctx, struct error *err)
{
	struct query *query;
	bool more = true;

	if (!db_read(ledger->db, err))
		return false;
	query = ask(ledger, advisory);
	while (more && query_next(query)) {
		const struct armed_line line = {
			.contact = row_text(query, 0),
			.line = row_text(query, 1),
			.revision = (unsigned)row_int(query, 2),
			.had = (unsigned)(row_int(query, 3) / 2),
			.sure = row_int(query, 3) % 2,
		};

		more = visit(ctx, &line);
	}
	return db_end(ledger->db, true, err);
}
