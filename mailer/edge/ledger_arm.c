#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "edge/ledger_inside.h"

/* What the ledger holds of a contact in this revision. */
struct stand {
	int64_t id; /* 0: nothing yet */
	bool same, sent, cancelled; /* same: the identical line */
	time_t opens, lasts;
	unsigned char digest[DIGEST_SIZE];
};

static void
manifest_digest(unsigned char digest[DIGEST_SIZE], const struct edition *edition)
{
	struct text text = { 0 };

	for (size_t i = 0; i < edition->item_count; i++) {
		const struct item *item = &edition->items[i];

		digest_string(&text, item->name);
		digest_string(&text, item->class);
		digest_field(&text, item->sha256, item->given ? DIGEST_SIZE : 0);
	}
	digest_sha256(digest, text.data, text.size);
	text_clear(&text);
}

static void
add_items(struct ledger *ledger, int64_t manifest, const struct edition *edition)
{
	for (size_t i = 0; i < edition->item_count; i++) {
		const struct item *item = &edition->items[i];
		struct query *query = db_query(
		    ledger->db, "INSERT INTO item VALUES (?, ?, ?, ?, nullif(?, x''))");

		query_int(query, manifest);
		query_text(query, item->name);
		query_text(query, item->class);
		query_int(query, item->given);
		query_bytes(query, item->sha256, item->given ? DIGEST_SIZE : 0);
		query_run(query);
	}
}

/* Editions of one text may differ in what they were given, so its digest is not the key. */
static int64_t
keep_manifest(struct ledger *ledger, const struct edition *edition)
{
	unsigned char digest[DIGEST_SIZE];
	struct query *query;
	int64_t id;

	manifest_digest(digest, edition);
	query = db_query(ledger->db, "SELECT id FROM manifest WHERE digest = ?");
	query_bytes(query, digest, sizeof digest);
	id = query_number(query);
	if (id)
		return id;
	query =
	    db_query(ledger->db, "INSERT INTO manifest (digest) VALUES (?) RETURNING id");
	query_bytes(query, digest, sizeof digest);
	id = query_number(query);
	add_items(ledger, id, edition);
	return id;
}

static void
give_partner(struct query *query, const struct partner *partner)
{
	struct text countries = { 0 };

	for (size_t i = 0; i < partner->country_count; i++)
		ledger_list(&countries, partner->countries[i]);
	query_text(query, partner->organisation ? partner->organisation : "");
	query_text(query, text_string(&countries));
	text_clear(&countries);
}

/* Everything of a row that its line decides, in the order of both statements below. */
static void
give_line(struct query *query, const struct line *line, time_t now, int64_t manifest,
    int64_t code)
{
	time_t due = line->opens > now ? line->opens : now;
	unsigned char digest[DIGEST_SIZE];
	struct text text = { 0 };

	line_write(&text, line);
	line_digest(digest, line);
	query_text(query, line->to->partner->id);
	query_text(query, line->to->to.mail);
	query_text(query, line->to->to.fingerprint);
	query_text(query, line->tier->id);
	query_text(query, line->wave->id);
	query_text(query, line->rules);
	query_bytes(query, line->edition->digest, DIGEST_SIZE);
	query_int(query, manifest);
	query_text(query, text_string(&text));
	query_bytes(query, digest, sizeof digest);
	query_int(query, line->opens);
	query_int(query, now);
	query_int(query, line->lasts);
	query_int(query, due);
	query_int(query, due + line->lasts);
	query_int(query, now);
	give_partner(query, line->to->partner);
	query_int(query, code);
	text_clear(&text);
}

static int64_t
insert_line(
    struct ledger *ledger, const struct line *line, const char *message_id, time_t now)
{
	int64_t manifest = keep_manifest(ledger, line->edition);
	int64_t code = ledger_keep_code(ledger, line->edition);
	struct query *query = db_query(ledger->db,
	    "INSERT INTO delivery (partner, address, fingerprint, tier, wave, rules,"
	    "  edition, manifest, line, digest, opens, armed, lasts, due, until, changed,"
	    "  organisation, countries, code, state, advisory, revision, contact,"
	    "  message_id)"
	    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0),"
	    "  'planned', ?, ?, ?, ?)"
	    " RETURNING id");

	give_line(query, line, now, manifest, code);
	query_text(query, line->advisory->id);
	query_int(query, line->advisory->revision);
	query_text(query, line->to->to.id);
	query_text(query, message_id);
	return query_number(query);
}

static void
update_line(struct ledger *ledger, int64_t id, const struct line *line, time_t now)
{
	int64_t manifest = keep_manifest(ledger, line->edition);
	int64_t code = ledger_keep_code(ledger, line->edition);
	struct query *query = db_query(ledger->db,
	    "UPDATE delivery SET (partner, address, fingerprint, tier, wave, rules,"
	    "  edition, manifest, line, digest, opens, armed, lasts, due, until, changed,"
	    "  organisation, countries, code)"
	    " = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, nullif(?, 0)),"
	    " state = 'planned', reason = '', next_try = 0 WHERE id = ?");

	give_line(query, line, now, manifest, code);
	query_int(query, id);
	query_run(query);
}

static struct stand
stand_of(struct ledger *ledger, const struct line *line)
{
	/* An unknown one that was given up may have been sent, too. */
	struct query *query = db_query(ledger->db,
	    "SELECT id, state IN ('committed', 'accepted', 'unknown')"
	    "  OR (state = 'given up' AND 'unknown' = (SELECT kind FROM event"
	    "   WHERE delivery = d.id AND kind <> 'given up' ORDER BY seq DESC LIMIT 1)),"
	    "  state = 'cancelled', digest, opens, lasts FROM delivery AS d"
	    " WHERE advisory = ? AND revision = ? AND contact = ?");
	unsigned char digest[DIGEST_SIZE];
	struct stand stand = { 0 };

	query_text(query, line->advisory->id);
	query_int(query, line->advisory->revision);
	query_text(query, line->to->to.id);
	if (!query_next(query))
		return stand;
	line_digest(digest, line);
	stand.id = row_int(query, 0);
	stand.sent = row_int(query, 1);
	stand.cancelled = row_int(query, 2);
	stand.opens = (time_t)row_int(query, 4);
	stand.lasts = (time_t)row_int(query, 5);
	stand.same = row_bytes(query, 3, stand.digest, DIGEST_SIZE) &&
	    memcmp(digest, stand.digest, DIGEST_SIZE) == 0;
	return stand;
}

/* When it was sent, its times are past; only what it says, and to whom, must be the same. */
static bool
same_but_for_time(const struct stand *stand, const struct line *line)
{
	unsigned char digest[DIGEST_SIZE];
	struct line then = *line;

	then.opens = stand->opens;
	then.lasts = stand->lasts;
	line_digest(digest, &then);
	return memcmp(digest, stand->digest, DIGEST_SIZE) == 0;
}

static void
armed_event(struct ledger *ledger, const struct arming *arming, int64_t id,
    const struct line *line)
{
	struct text text = { 0 };
	unsigned char digest[DIGEST_SIZE];

	line_digest(digest, line);
	text_adds(&text, "armed by ");
	ledger_clean(&text, arming->by);
	ledger_tell_code(ledger, id, &text);
	text_adds(&text, ", line ");
	text_hex(&text, digest, sizeof digest);
	ledger_event(ledger, arming->clock.now, id, "planned", text_string(&text));
	text_clear(&text);
}

/* It may be what was sent after the copy was made that the ledger was recovered from. */
static void
doubt_older(struct ledger *ledger, const struct arming *arming, int64_t id,
    const struct line *line)
{
	time_t recovered =
	    query_number(db_query(ledger->db, "SELECT recovered FROM meta"));

	if (line->opens <= recovered)
		ledger_move(ledger, arming->clock.now, id, "unknown",
		    "its wave had opened when the ledger was recovered");
}

static bool
arm_line(struct ledger *ledger, const struct arming *arming, size_t i, struct error *err)
{
	const struct line *line = &arming->plan->lines[i];
	struct stand stand = stand_of(ledger, line);
	unsigned revision = line->advisory->revision;

	if (stand.id && stand.same && !stand.cancelled)
		return true;
	if (stand.sent && same_but_for_time(&stand, line))
		return true;
	if (stand.sent)
		return error_set(err,
		    "%s: revision %u has been sent to %s; make revision %u",
		    line->advisory->id, revision, line->to->to.id, revision + 1);
	if (stand.id)
		update_line(ledger, stand.id, line, arming->clock.now);
	else
		stand.id =
		    insert_line(ledger, line, arming->message_ids[i], arming->clock.now);
	armed_event(ledger, arming, stand.id, line);
	doubt_older(ledger, arming, stand.id, line);
	return true;
}

/* What has not gone out of older revisions: the new one says it better. */
static void
supersede(struct ledger *ledger, const struct arming *arming)
{
	const struct advisory *advisory = arming->plan->advisory;
	char *reason = mem_format("revision %u was armed", advisory->revision);
	struct query *query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE advisory = ? AND revision < ?"
	    " AND state NOT IN ('committed', 'unknown')");

	query_text(query, advisory->id);
	query_int(query, advisory->revision);
	ledger_move_all(ledger, arming->clock.now, query, "superseded", reason);
	free(reason);
}

/* Whom the plan no longer has; who was told stays told. */
static void
cancel_missing(struct ledger *ledger, const struct arming *arming)
{
	const struct advisory *advisory = arming->plan->advisory;
	struct ids gone = { 0 };
	struct query *query = db_query(ledger->db,
	    "SELECT id, contact FROM unsettled WHERE advisory = ? AND revision = ?"
	    " AND state NOT IN ('committed', 'unknown')");

	query_text(query, advisory->id);
	query_int(query, advisory->revision);
	while (query_next(query))
		if (!plan_line(arming->plan, row_text(query, 1)))
			ids_add(&gone, row_int(query, 0));
	for (size_t i = 0; i < gone.count; i++)
		ledger_move(ledger, arming->clock.now, gone.all[i], "cancelled",
		    "no longer in the plan that was armed");
	ids_clear(&gone);
}

static bool
is_newest(struct ledger *ledger, const struct advisory *advisory, struct error *err)
{
	struct query *query =
	    db_query(ledger->db, "SELECT max(revision) FROM delivery WHERE advisory = ?");
	int64_t newest;

	query_text(query, advisory->id);
	newest = query_number(query);
	if (newest <= advisory->revision)
		return true;
	return error_set(err,
	    "%s: revision %lld is armed, which is newer than revision %u; make a newer "
	    "one",
	    advisory->id, (long long)newest, advisory->revision);
}

static bool
arm_plan(struct ledger *ledger, const struct arming *arming, struct error *err)
{
	const struct plan *plan = arming->plan;

	for (size_t i = 0; i < plan->line_count; i++)
		if (!arm_line(ledger, arming, i, err))
			return false;
	supersede(ledger, arming);
	cancel_missing(ledger, arming);
	return true;
}

bool
ledger_arm(struct ledger *ledger, const struct arming *arming,
    struct agreement *agreement, struct error *err)
{
	bool ok;

	if (!ledger_write_by(ledger, &arming->clock, err))
		return false;
	ok = is_newest(ledger, arming->plan->advisory, err) &&
	    ledger_agreed(ledger, arming, agreement, err);
	if (ok && agreement->given >= agreement->needed)
		ok = arm_plan(ledger, arming, err);
	return db_end(ledger->db, ok, err) && ledger_keep_mark(ledger, err);
}
