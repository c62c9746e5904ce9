#include <string.h>

#include "base/digest.h"
#include "edge/ledger_inside.h"

bool
ledger_plan(struct ledger *ledger, const char *advisory, unsigned revision,
    struct text *lines, struct error *err)
{
	struct query *query;

	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT line FROM delivery WHERE advisory = ? AND revision = ?"
	    " AND state <> 'cancelled' ORDER BY contact");
	query_text(query, advisory);
	query_int(query, revision);
	while (query_next(query)) {
		text_adds(lines, row_text(query, 0));
		text_addc(lines, '\n');
	}
	return db_end(ledger->db, true, err);
}

bool
ledger_approvals(struct ledger *ledger, const struct text *what,
    bool (*visit)(void *ctx, const struct approval *approval), void *ctx,
    struct error *err)
{
	unsigned char subject[DIGEST_SIZE];
	struct query *query;
	bool more = true;

	digest_sha256(subject, what->data, what->size);
	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT name, fingerprint, at, signature FROM approval WHERE subject = ?"
	    " ORDER BY at, fingerprint");
	query_bytes(query, subject, sizeof subject);
	while (more && query_next(query)) {
		const struct approval approval = { row_text(query, 0), row_text(query, 1),
			(time_t)row_int(query, 2), row_text(query, 3) };

		more = visit(ctx, &approval);
	}
	return db_end(ledger->db, true, err);
}

bool
ledger_chain(struct ledger *ledger, struct text *chain, struct error *err)
{
	struct query *query;

	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT seq, at, run, delivery, hash, kind, data FROM event ORDER BY seq");
	while (query_next(query)) {
		unsigned char hash[DIGEST_SIZE] = { 0 };

		for (int i = 0; i < 4; i++)
			text_addf(chain, "%lld\t", (long long)row_int(query, i));
		row_bytes(query, 4, hash, sizeof hash);
		text_hex(chain, hash, sizeof hash);
		text_addf(chain, "\t%s\t%s\n", row_text(query, 5), row_text(query, 6));
	}
	return db_end(ledger->db, true, err);
}
