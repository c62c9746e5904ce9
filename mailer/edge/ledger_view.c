#include <stdlib.h>

#include "base/mem.h"
#include "edge/ledger_inside.h"

enum { A_DAY = 86400 };

bool
ledger_open_advisories(struct ledger *ledger, time_t now, struct armed **armed,
    size_t *count, struct error *err)
{
	struct query *query;

	*armed = NULL;
	*count = 0;
	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT DISTINCT advisory, revision FROM unsettled"
	    " WHERE due <= ?1 AND until > ?1"
	    "  AND state IN ('planned', 'deferred', 'blocked', 'held')"
	    " ORDER BY advisory, revision");
	query_int(query, now);
	while (query_next(query)) {
		*armed = mem_room(*armed, *count, sizeof **armed);
		(*armed)[(*count)++] = (struct armed){ mem_string(row_text(query, 0)),
			(unsigned)row_int(query, 1) };
	}
	if (db_end(ledger->db, true, err))
		return true;
	armed_free(*armed, *count);
	*armed = NULL;
	*count = 0;
	return false;
}

void
armed_free(struct armed *armed, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(armed[i].advisory);
	free(armed);
}

/* In the order of the view `shown`. */
struct delivery
ledger_row(const struct query *query)
{
	struct delivery row = {
		.id = row_int(query, 0),
		.advisory = row_text(query, 1),
		.revision = (unsigned)row_int(query, 2),
		.contact = row_text(query, 3),
		.partner = row_text(query, 4),
		.address = row_text(query, 5),
		.fingerprint = row_text(query, 6),
		.tier = row_text(query, 7),
		.wave = row_text(query, 8),
		.state = row_text(query, 9),
		.reason = row_text(query, 10),
		.message_id = row_text(query, 11),
		.attempts = (int)row_int(query, 12),
		.code = (int)row_int(query, 13),
		.reply = row_text(query, 14),
		.opens = (time_t)row_int(query, 15),
		.due = (time_t)row_int(query, 16),
		.until = (time_t)row_int(query, 17),
		.next_try = (time_t)row_int(query, 18),
		.changed = (time_t)row_int(query, 19),
	};

	row_bytes(query, 20, row.digest, sizeof row.digest);
	row.bar = row_text(query, 21);
	return row;
}

bool
ledger_each(struct ledger *ledger, const char *advisory,
    bool (*visit)(void *ctx, const struct delivery *delivery), void *ctx,
    struct error *err)
{
	struct query *query;
	bool more = true;

	if (!db_read(ledger->db, err))
		return false;
	if (advisory) {
		query = db_query(ledger->db,
		    "SELECT * FROM shown WHERE advisory = ?"
		    " ORDER BY advisory, revision, contact");
		query_text(query, advisory);
	} else {
		query = db_query(ledger->db,
		    "SELECT * FROM shown ORDER BY advisory, revision, contact");
	}
	while (more && query_next(query)) {
		struct delivery delivery = ledger_row(query);

		more = visit(ctx, &delivery);
	}
	return db_end(ledger->db, true, err);
}

bool
ledger_each_unsettled(struct ledger *ledger,
    bool (*visit)(void *ctx, const struct delivery *delivery), void *ctx,
    struct error *err)
{
	struct query *query;
	bool more = true;

	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT shown.* FROM unsettled JOIN shown USING (id)"
	    " ORDER BY unsettled.advisory, unsettled.revision, unsettled.contact");
	while (more && query_next(query)) {
		struct delivery delivery = ledger_row(query);

		more = visit(ctx, &delivery);
	}
	return db_end(ledger->db, true, err);
}

bool
ledger_newest(
    struct ledger *ledger, const char *advisory, unsigned *revision, struct error *err)
{
	struct query *query;

	if (!db_read(ledger->db, err))
		return false;
	query =
	    db_query(ledger->db, "SELECT max(revision) FROM delivery WHERE advisory = ?");
	query_text(query, advisory);
	*revision = query_next(query) ? (unsigned)row_int(query, 0) : 0;
	return db_end(ledger->db, true, err);
}

/* All troubles, or those that were not said yet or not for a day. */
static void
find_troubles(struct ledger *ledger, time_t now, bool news, struct ids *ids)
{
	struct query *query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE (due <= ?1 OR state = 'blocked')"
	    "  AND (NOT ?2 OR told <> trouble OR told_at > ?1 OR told_at <= ?1 - ?3)"
	    " ORDER BY advisory, revision, contact");

	query_int(query, now);
	query_int(query, news);
	query_int(query, A_DAY);
	ids_read(ids, query);
}

static void
mark_told(struct ledger *ledger, int64_t id, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "UPDATE delivery SET told_at = ?1,"
	    " told = (SELECT trouble FROM unsettled WHERE id = ?2) WHERE id = ?2");

	query_int(query, now);
	query_int(query, id);
	query_run(query);
}

static bool
visit_one(struct ledger *ledger, int64_t id,
    bool (*visit)(void *ctx, const struct delivery *delivery), void *ctx)
{
	struct query *query = db_query(ledger->db, "SELECT * FROM shown WHERE id = ?");
	struct delivery delivery;

	query_int(query, id);
	if (!query_next(query))
		return false;
	delivery = ledger_row(query);
	return visit(ctx, &delivery);
}

bool
ledger_troubles(struct ledger *ledger, time_t now, enum telling telling,
    bool (*visit)(void *ctx, const struct delivery *delivery), void *ctx, size_t *total,
    struct error *err)
{
	bool tells = telling != TELL_COUNT, more = tells;
	struct ids all, said;

	*total = 0;
	if (!(tells ? ledger_write(ledger, now, err) : db_read(ledger->db, err)))
		return false;
	find_troubles(ledger, now, false, &all);
	find_troubles(ledger, now, telling == TELL_NEWS, &said);
	for (size_t i = 0; more && i < said.count; i++) {
		more = visit_one(ledger, said.all[i], visit, ctx);
		mark_told(ledger, said.all[i], now);
	}
	*total = all.count;
	ids_clear(&all);
	ids_clear(&said);
	return db_end(ledger->db, true, err);
}
