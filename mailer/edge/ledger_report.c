#include "edge/ledger_inside.h"

/* By the keys of each table alone: years of other advisories cost nothing. */
static struct query *
ask(struct ledger *ledger, const char *advisory, unsigned revision)
{
	struct query *query = db_query(ledger->db,
	    "SELECT s.*, d.armed, first.began, last.began, last.ended, f.found, f.late"
	    " FROM delivery AS d JOIN shown AS s ON s.id = d.id"
	    " LEFT JOIN attempt AS first ON first.delivery = d.id AND first.n = 1"
	    " LEFT JOIN attempt AS last ON last.delivery = d.id AND last.n = d.attempts"
	    " LEFT JOIN wave_found AS f ON f.advisory = d.advisory"
	    "  AND f.revision = d.revision AND f.wave = d.wave"
	    " WHERE d.advisory = ?1 AND d.revision = ?2 ORDER BY d.contact");

	query_text(query, advisory);
	query_int(query, revision);
	return query;
}

static struct past
read_past(const struct query *query)
{
	return (struct past){
		.delivery = ledger_row(query),
		.armed = (time_t)row_int(query, SHOWN_COLUMNS),
		.first_try = (time_t)row_int(query, SHOWN_COLUMNS + 1),
		.last_try = (time_t)row_int(query, SHOWN_COLUMNS + 2),
		.last_end = (time_t)row_int(query, SHOWN_COLUMNS + 3),
		.found = (time_t)row_int(query, SHOWN_COLUMNS + 4),
		.late = row_int(query, SHOWN_COLUMNS + 5) != 0,
	};
}

bool
ledger_past(struct ledger *ledger, const char *advisory, unsigned revision,
    bool (*visit)(void *ctx, const struct past *past), void *ctx, struct error *err)
{
	struct query *query;
	bool more = true;

	if (!db_read(ledger->db, err))
		return false;
	query = ask(ledger, advisory, revision);
	while (more && query_next(query)) {
		struct past past = read_past(query);

		more = visit(ctx, &past);
	}
	return db_end(ledger->db, true, err);
}
