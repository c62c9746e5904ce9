#include <string.h>

#include "base/digest.h"
#include "edge/ledger_inside.h"

enum { MOST_SAID = 20 };

struct verifying {
	struct ledger *ledger;
	struct mistakes *mistakes;
	struct place place;
};

/* What SQLite itself knows of a damaged file. */
static void
check_pages(const struct verifying *verifying)
{
	struct query *query =
	    db_query(verifying->ledger->db, "PRAGMA integrity_check(5)");

	while (query_next(query))
		if (strcmp(row_text(query, 0), "ok") != 0)
			mistakes_add(verifying->mistakes, verifying->place, "%s",
			    row_text(query, 0));
}

static void
check_references(const struct verifying *verifying)
{
	struct query *query = db_query(verifying->ledger->db, "PRAGMA foreign_key_check");

	for (int said = 0; said < MOST_SAID && query_next(query); said++)
		mistakes_add(verifying->mistakes, verifying->place,
		    "table %s: row %lld names one of %s that is not there",
		    row_text(query, 0), (long long)row_int(query, 1), row_text(query, 2));
}

/* Why an event does not follow the one before; NULL: it does, and head is moved to it. */
static const char *
replay_event(const struct query *query, struct ledger_head *head, struct text *room)
{
	const struct event event = { row_int(query, 0), row_int(query, 1),
		row_int(query, 2), row_int(query, 3), row_text(query, 4),
		row_text(query, 5) };
	unsigned char prev[DIGEST_SIZE], hash[DIGEST_SIZE], stored[DIGEST_SIZE];

	if (event.seq != head->event + 1)
		return "events before it are missing";
	if (!row_bytes(query, 6, prev, sizeof prev) ||
	    memcmp(prev, head->hash, sizeof prev) != 0)
		return "does not follow the one before";
	ledger_event_hash(hash, &event, prev, room);
	if (!row_bytes(query, 7, stored, sizeof stored) ||
	    memcmp(stored, hash, sizeof stored) != 0)
		return "was changed: its hash is another";
	head->event = event.seq;
	memcpy(head->hash, hash, sizeof hash);
	return NULL;
}

/* From the digest of the ledger's id to the last event, or the first break. */
static bool
replay_chain(const struct verifying *verifying, struct ledger_head *head)
{
	struct db *db = verifying->ledger->db;
	struct query *query = db_query(db, "SELECT id FROM meta");
	struct text room = { 0 };
	const char *broken = NULL;

	*head = (struct ledger_head){ 0 };
	if (query_next(query))
		digest_sha256(head->hash, row_text(query, 0), strlen(row_text(query, 0)));
	query = db_query(db,
	    "SELECT seq, at, run, delivery, kind, data, prev, hash FROM event"
	    " ORDER BY seq");
	while (!broken && query_next(query)) {
		broken = replay_event(query, head, &room);
		if (broken)
			mistakes_add(verifying->mistakes, verifying->place,
			    "event %lld: %s", (long long)row_int(query, 0), broken);
	}
	text_clear(&room);
	return !broken;
}

static void
say_rows(const struct verifying *verifying, struct query *query)
{
	for (int said = 0; said < MOST_SAID && query_next(query); said++)
		mistakes_add(verifying->mistakes, verifying->place,
		    "%s revision %lld %s: %s%s", row_text(query, 0),
		    (long long)row_int(query, 1), row_text(query, 2), row_text(query, 3),
		    row_text(query, 4));
}

/* The chain tells each row's state; a claim leaves no event, so there the one before counts. */
static void
check_states(const struct verifying *verifying)
{
	say_rows(verifying,
	    db_query(verifying->ledger->db,
		"SELECT advisory, revision, contact, 'is ' || state || ', and by its"
		" events ', ifnull(told, 'was never armed') FROM (SELECT *,"
		"  (SELECT kind FROM event WHERE delivery = d.id AND kind <> 'moved'"
		"   ORDER BY seq DESC LIMIT 1) AS told"
		"  FROM (SELECT id, advisory, revision, contact, state,"
		"    iif(state = 'sending', was, state) AS stands FROM delivery) AS d)"
		" WHERE stands IS NOT told ORDER BY advisory, revision, contact"));
}

/* Events that armed or moved a line end with the digest of it. */
static void
check_lines(const struct verifying *verifying)
{
	say_rows(verifying,
	    db_query(verifying->ledger->db,
		"SELECT advisory, revision, contact, 'its line is not the one that was"
		" armed', '' FROM delivery AS d WHERE lower(hex(digest)) IS NOT"
		"  (SELECT lower(substr(data, -64)) FROM event WHERE delivery = d.id"
		"   AND data LIKE '%, line %' AND (kind = 'moved'"
		"    OR kind = 'planned' AND data LIKE 'armed by %')"
		"   ORDER BY seq DESC LIMIT 1)"
		" ORDER BY advisory, revision, contact"));
}

static void
check_line_texts(const struct verifying *verifying)
{
	struct query *query = db_query(verifying->ledger->db,
	    "SELECT advisory, revision, contact, line, digest FROM delivery");
	int said = 0;

	while (said < MOST_SAID && query_next(query)) {
		unsigned char stored[DIGEST_SIZE], digest[DIGEST_SIZE];
		const char *line = row_text(query, 3);

		digest_sha256(digest, line, strlen(line));
		if (row_bytes(query, 4, stored, sizeof stored) &&
		    memcmp(stored, digest, sizeof digest) == 0)
			continue;
		mistakes_add(verifying->mistakes, verifying->place,
		    "%s revision %lld %s: its line was changed", row_text(query, 0),
		    (long long)row_int(query, 1), row_text(query, 2));
		said++;
	}
}

/* Each attempt is counted, and none was gated or accepted that is not there. */
static void
check_attempts(const struct verifying *verifying)
{
	struct db *db = verifying->ledger->db;

	say_rows(verifying,
	    db_query(db,
		"SELECT advisory, revision, contact, 'its attempts are not ', attempts"
		" FROM delivery AS d WHERE attempts <>"
		"  (SELECT count(*) FROM attempt WHERE delivery = d.id)"));
	say_rows(verifying,
	    db_query(db,
		"SELECT advisory, revision, contact, 'went out more often than it was"
		" tried', '' FROM delivery AS d WHERE attempts <"
		"  (SELECT count(*) FROM event WHERE delivery = d.id"
		"   AND kind = 'committed')"));
	say_rows(verifying,
	    db_query(db,
		"SELECT advisory, revision, contact, 'no event tells of attempt ', n"
		" FROM attempt AS a JOIN delivery AS d ON d.id = a.delivery"
		" WHERE outcome = 'accepted' AND NOT EXISTS (SELECT 1 FROM event AS e"
		"  WHERE e.delivery = a.delivery AND e.run = ifnull(a.run, 0)"
		"   AND e.kind IN ('accepted', 'unknown'))"));
}

/* Rows are never deleted, so each event's is there. */
static void
check_events(const struct verifying *verifying)
{
	struct query *query = db_query(verifying->ledger->db,
	    "SELECT seq, delivery FROM event WHERE delivery <> 0"
	    " AND NOT EXISTS (SELECT 1 FROM delivery WHERE id = event.delivery)");

	for (int said = 0; said < MOST_SAID && query_next(query); said++)
		mistakes_add(verifying->mistakes, verifying->place,
		    "event %lld: delivery %lld is not there",
		    (long long)row_int(query, 0), (long long)row_int(query, 1));
}

/* Who edits the table by hand opens a gate that a person shut. */
static void
check_bars(const struct verifying *verifying)
{
	struct query *query = db_query(verifying->ledger->db,
	    "WITH told AS (SELECT kind, data FROM event WHERE seq IN (SELECT max(seq)"
	    "   FROM event WHERE delivery = 0 AND kind LIKE 'bar %' GROUP BY kind)"
	    "  AND data NOT LIKE 'lifted %'),"
	    " stands AS (SELECT 'bar ' || kind || ' ' || name AS kind,"
	    "  word || ' ' || reason AS data FROM bar)"
	    " SELECT kind FROM (SELECT * FROM told EXCEPT SELECT * FROM stands"
	    "  UNION SELECT * FROM (SELECT * FROM stands EXCEPT SELECT * FROM told))"
	    " GROUP BY kind");

	for (int said = 0; said < MOST_SAID && query_next(query); said++)
		mistakes_add(verifying->mistakes, verifying->place,
		    "%s: is not what its events say", row_text(query, 0));
}

/* What was agreed to, and by whom, is in the events as well. */
static void
check_agreements(const struct verifying *verifying)
{
	struct query *query = db_query(verifying->ledger->db,
	    "SELECT name FROM approval WHERE name || ', key ' || fingerprint || ', ' ||"
	    "  lower(hex(subject)) NOT IN (SELECT data FROM event WHERE kind = "
	    "'approved')");
	unsigned char digest[DIGEST_SIZE];
	struct text hex = { 0 };

	for (int said = 0; said < MOST_SAID && query_next(query); said++)
		mistakes_add(verifying->mistakes, verifying->place,
		    "approval by %s: no event tells of it", row_text(query, 0));
	query = db_query(verifying->ledger->db,
	    "SELECT ifnull((SELECT text FROM quorum ORDER BY seq DESC LIMIT 1), ''),"
	    " ifnull((SELECT substr(data, -64) FROM event WHERE kind = 'quorum'"
	    "  ORDER BY seq DESC LIMIT 1), '')");
	if (query_next(query) && (*row_text(query, 0) || *row_text(query, 1))) {
		digest_sha256(digest, row_text(query, 0), strlen(row_text(query, 0)));
		text_hex(&hex, digest, sizeof digest);
		if (strcmp(text_string(&hex), row_text(query, 1)) != 0)
			mistakes_add(verifying->mistakes, verifying->place,
			    "the quorum in force is not the one that was adopted");
	}
	text_clear(&hex);
}

/* Whose copy had which marks accuses people one day. */
static void
check_codes(const struct verifying *verifying)
{
	say_rows(verifying,
	    db_query(verifying->ledger->db,
		"SELECT advisory, revision, contact, 'its marks are not those that were"
		" armed', '' FROM delivery AS d JOIN code AS c ON c.id = d.code"
		" WHERE NOT EXISTS (SELECT 1 FROM event WHERE delivery = d.id"
		"  AND kind = 'planned' AND data LIKE '%, marks ' || lower(hex(c.digest))"
		"   || ', line %') ORDER BY advisory, revision, contact"));
	ledger_check_codes(verifying->ledger, verifying->mistakes);
}

static void
check_mark(const struct verifying *verifying)
{
	struct error why;

	if (!ledger_check_mark(verifying->ledger, &why))
		mistakes_error(verifying->mistakes, &why);
}

bool
ledger_verify(struct ledger *ledger, struct mistakes *mistakes, struct ledger_head *head,
    struct error *err)
{
	const struct verifying verifying = { ledger, mistakes, { ledger->path, 0 } };

	if (!db_read(ledger->db, err))
		return false;
	check_pages(&verifying);
	check_references(&verifying);
	/* Behind a break the events prove nothing. */
	if (replay_chain(&verifying, head)) {
		check_events(&verifying);
		check_states(&verifying);
		check_lines(&verifying);
		check_line_texts(&verifying);
		check_attempts(&verifying);
		check_bars(&verifying);
		check_agreements(&verifying);
		check_codes(&verifying);
	}
	check_mark(&verifying);
	return db_end(ledger->db, true, err);
}
