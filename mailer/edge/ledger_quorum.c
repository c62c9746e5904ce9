#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/ledger_inside.h"
#include "policy/quorum.h"

/* False: what is kept is not one, which only a hand can have done. */
static bool
read_in_force(struct ledger *ledger, struct quorum *quorum, struct error *err)
{
	struct query *query =
	    db_query(ledger->db, "SELECT text FROM quorum ORDER BY seq DESC LIMIT 1");

	*quorum = (struct quorum){ 0 };
	if (!query_next(query) || quorum_read(quorum, row_text(query, 0)))
		return true;
	return error_set(
	    err, "%s: the quorum in force cannot be read; forewarn verify", ledger->path);
}

/* Whoever signed, of those whose keys stand today. */
static unsigned
count(struct ledger *ledger, const struct quorum *quorum,
    const unsigned char subject[DIGEST_SIZE], const char *const valid[], size_t n,
    const char *user)
{
	const char **signers = mem_array(n, sizeof *signers);
	size_t signer_count = 0;
	unsigned counted;

	for (size_t i = 0; i < n; i++) {
		struct query *query = db_query(ledger->db,
		    "SELECT 1 FROM approval WHERE subject = ? AND fingerprint = ?");

		query_bytes(query, subject, DIGEST_SIZE);
		query_text(query, valid[i]);
		if (query_number(query) == 1)
			signers[signer_count++] = valid[i];
	}
	counted = quorum_count(quorum, signers, signer_count, user);
	free(signers);
	return counted;
}

static void
propose(struct ledger *ledger, const struct arming *arming)
{
	const struct advisory *advisory = arming->plan->advisory;
	struct text note = { 0 };
	struct query *query = db_query(ledger->db,
	    "INSERT INTO proposal VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
	    " plan = excluded.plan, by = excluded.by, user = excluded.user,"
	    " at = excluded.at");

	query_text(query, advisory->id);
	query_int(query, advisory->revision);
	query_bytes(query, arming->plan->digest, DIGEST_SIZE);
	query_text(query, arming->by);
	query_text(query, arming->user ? arming->user : "");
	query_int(query, arming->clock.now);
	query_run(query);
	text_addf(&note, "%s revision %u by ", advisory->id, advisory->revision);
	ledger_clean(&note, arming->by);
	text_adds(&note, ", plan ");
	text_hex(&note, arming->plan->digest, DIGEST_SIZE);
	ledger_event(ledger, arming->clock.now, 0, "proposed", text_string(&note));
	text_clear(&note);
}

bool
ledger_agreed(struct ledger *ledger, const struct arming *arming,
    struct agreement *agreement, struct error *err)
{
	struct quorum quorum;

	*agreement = (struct agreement){ 1, 1 };
	if (!read_in_force(ledger, &quorum, err))
		return false;
	agreement->needed = quorum_for_plan(&quorum, arming->plan);
	if (agreement->needed > 1)
		agreement->given = count(ledger, &quorum, arming->plan->digest,
		    arming->valid, arming->valid_count, arming->user);
	if (agreement->given < agreement->needed)
		propose(ledger, arming);
	quorum_clear(&quorum);
	return true;
}

bool
ledger_quorum(struct ledger *ledger, struct text *text, struct error *err)
{
	struct query *query;

	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db, "SELECT text FROM quorum ORDER BY seq DESC LIMIT 1");
	if (query_next(query))
		text_adds(text, row_text(query, 0));
	return db_end(ledger->db, true, err);
}

static void
adopt(struct ledger *ledger, const struct adopting *adopting,
    const unsigned char digest[DIGEST_SIZE])
{
	struct query *query =
	    db_query(ledger->db, "INSERT INTO quorum (adopted, text) VALUES (?, ?)");
	struct text note = { 0 };

	query_int(query, adopting->clock.now);
	query_text(query, adopting->text);
	query_run(query);
	text_adds(&note, "by ");
	ledger_clean(&note, adopting->by);
	text_adds(&note, ", quorum ");
	text_hex(&note, digest, DIGEST_SIZE);
	ledger_event(ledger, adopting->clock.now, 0, "quorum", text_string(&note));
	text_clear(&note);
}

bool
ledger_adopt(struct ledger *ledger, const struct adopting *adopting,
    struct agreement *agreement, struct error *err)
{
	unsigned char digest[DIGEST_SIZE];
	struct quorum quorum;
	bool ok;

	digest_sha256(digest, adopting->text, strlen(adopting->text));
	if (!ledger_write_by(ledger, &adopting->clock, err))
		return false;
	ok = read_in_force(ledger, &quorum, err);
	*agreement = (struct agreement){ quorum_for_change(&quorum), 1 };
	if (ok && agreement->needed > 1)
		agreement->given = count(ledger, &quorum, digest, adopting->valid,
		    adopting->valid_count, NULL);
	if (ok && agreement->given >= agreement->needed)
		adopt(ledger, adopting, digest);
	quorum_clear(&quorum);
	return db_end(ledger->db, ok, err) && ledger_keep_mark(ledger, err);
}

static bool
approve(struct ledger *ledger, const struct approving *approving,
    const struct quorum *quorum, struct error *err)
{
	const struct approver *approver = quorum_approver(quorum, approving->fingerprint);
	struct text note = { 0 };
	struct query *query;

	if (!approver)
		return error_set(err, "%s: is not an approver of the quorum in force",
		    approving->fingerprint);
	query = db_query(ledger->db,
	    "INSERT INTO approval VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING");
	query_bytes(query, approving->subject, DIGEST_SIZE);
	query_text(query, approving->fingerprint);
	query_text(query, approver->name);
	query_int(query, approving->clock.now);
	query_text(query, approving->signature);
	if (query_run(query) == 0)
		return true;
	text_addf(&note, "%s, key %s, ", approver->name, approving->fingerprint);
	text_hex(&note, approving->subject, DIGEST_SIZE);
	ledger_event(ledger, approving->clock.now, 0, "approved", text_string(&note));
	text_clear(&note);
	return true;
}

bool
ledger_approve(
    struct ledger *ledger, const struct approving *approving, struct error *err)
{
	struct quorum quorum;
	bool ok;

	if (!ledger_write_by(ledger, &approving->clock, err))
		return false;
	ok = read_in_force(ledger, &quorum, err) &&
	    approve(ledger, approving, &quorum, err);
	quorum_clear(&quorum);
	return db_end(ledger->db, ok, err) && ledger_keep_mark(ledger, err);
}

bool
ledger_proposal(struct ledger *ledger, const struct plan *plan, struct proposal *proposal,
    struct error *err)
{
	struct query *query;

	*proposal = (struct proposal){ 0 };
	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT by, user FROM proposal WHERE advisory = ? AND revision = ? AND plan "
	    "= ?");
	query_text(query, plan->advisory->id);
	query_int(query, plan->advisory->revision);
	query_bytes(query, plan->digest, DIGEST_SIZE);
	if (query_next(query)) {
		text_adds(&proposal->by, row_text(query, 0));
		text_adds(&proposal->user, row_text(query, 1));
	}
	return db_end(ledger->db, true, err);
}
