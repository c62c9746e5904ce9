#include <stdint.h>

#include "edge/ledger_inside.h"

/* In the order of the statement below. */
static struct exposure
read_exposure(const struct query *query)
{
	return (struct exposure){
		.advisory = row_text(query, 0),
		.revision = (unsigned)row_int(query, 1),
		.partner = row_text(query, 2),
		.organisation = row_text(query, 3),
		.countries = row_text(query, 4),
		.contact = row_text(query, 5),
		.address = row_text(query, 6),
		.fingerprint = row_text(query, 7),
		.tier = row_text(query, 8),
		.wave = row_text(query, 9),
		.message_id = row_text(query, 10),
		.sure = row_int(query, 11),
		.left = (time_t)row_int(query, 12),
		.edition = row_text(query, 13),
		.marks = (unsigned)row_int(query, 14),
	};
}

/*
 * An accepted one has left, and one that was ever unknown may have, whatever became of it:
 * given up, or sent again. It left at the first gate behind which it was not refused; one
 * that an older copy of the ledger does not know to have left counts from its arming.
 */
static struct query *
ask(struct ledger *ledger)
{
	return db_query(ledger->db,
	    "SELECT d.advisory, d.revision, d.partner, d.organisation, d.countries,"
	    "  d.contact, d.address, d.fingerprint, d.tier, d.wave, d.message_id,"
	    "  d.state = 'accepted',"
	    "  ifnull((SELECT min(at) FROM event AS e WHERE delivery = d.id"
	    "   AND kind = 'committed' AND ifnull((SELECT kind FROM event"
	    "    WHERE delivery = d.id AND seq > e.seq ORDER BY seq LIMIT 1), 'unknown')"
	    "    IN ('accepted', 'unknown')), d.armed) AS left,"
	    "  lower(hex(d.edition)), (SELECT count(*) FROM mark WHERE code = d.code)"
	    " FROM delivery AS d"
	    " WHERE d.advisory BETWEEN ?1 AND ?2"
	    "  AND (d.state IN ('accepted', 'committed', 'unknown')"
	    "   OR EXISTS (SELECT 1 FROM event WHERE delivery = d.id AND kind = "
	    "'unknown'))"
	    "  AND EXISTS (SELECT 1 FROM item WHERE manifest = d.manifest AND given"
	    "   AND (?3 = '' OR class = ?3) AND (?4 = '' OR name = ?4)"
	    "   AND (?5 = x'' OR sha256 = ?5))"
	    "  AND left < ?6"
	    " ORDER BY left, d.contact, d.advisory, d.revision");
}

bool
ledger_exposed(struct ledger *ledger, const struct inquiry *inquiry,
    bool (*visit)(void *ctx, const struct exposure *exposure), void *ctx,
    struct error *err)
{
	struct query *query;
	bool more = true;

	if (!db_read(ledger->db, err))
		return false;
	query = ask(ledger);
	query_text(query, inquiry->advisory ? inquiry->advisory : "");
	query_text(
	    query, inquiry->advisory ? inquiry->advisory : "~"); /* behind all names */
	query_text(query, inquiry->class ? inquiry->class : "");
	query_text(query, inquiry->value ? inquiry->value : "");
	query_bytes(query, inquiry->sha256 ? inquiry->sha256 : (const void *)"",
	    inquiry->sha256 ? DIGEST_SIZE : 0);
	query_int(query, inquiry->before ? inquiry->before : INT64_MAX);
	while (more && query_next(query)) {
		const struct exposure exposure = read_exposure(query);

		more = visit(ctx, &exposure);
	}
	return db_end(ledger->db, true, err);
}
