#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "edge/ledger_inside.h"

/* A position is any 64 bits; SQLite has signed integers. */
static int
by_position(const void *a, const void *b)
{
	const struct mark *one = a, *two = b;

	return (one->position > two->position) - (one->position < two->position);
}

/* In order, and once each, though it stands in two places. The caller frees them. */
static struct mark *
sorted(const struct edition *edition, size_t *count)
{
	struct mark *marks = mem_array(edition->mark_count, sizeof *marks);

	memcpy(marks, edition->marks, edition->mark_count * sizeof *marks);
	qsort(marks, edition->mark_count, sizeof *marks, by_position);
	*count = 0;
	for (size_t i = 0; i < edition->mark_count; i++)
		if (*count == 0 || marks[*count - 1].position != marks[i].position)
			marks[(*count)++] = marks[i];
	return marks;
}

static void
add_marks(struct ledger *ledger, int64_t code, const struct mark *marks, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct query *query =
		    db_query(ledger->db, "INSERT INTO mark VALUES (?, ?, ?, ?)");

		query_int(query, code);
		query_int(query, (int64_t)marks[i].position);
		query_int(query, (int64_t)marks[i].symbol);
		query_int(query, (int64_t)marks[i].of);
		query_run(query);
	}
}

static void
code_digest(unsigned char digest[DIGEST_SIZE], const struct mark *marks, size_t count,
    unsigned groups)
{
	struct text text = { 0 };

	text_addf(&text, "%u\n", groups);
	for (size_t i = 0; i < count; i++)
		text_addf(&text, "%llx %llx %llx\n",
		    (unsigned long long)marks[i].position,
		    (unsigned long long)marks[i].symbol, (unsigned long long)marks[i].of);
	digest_sha256(digest, text.data, text.size);
	text_clear(&text);
}

int64_t
ledger_keep_code(struct ledger *ledger, const struct edition *edition)
{
	unsigned char digest[DIGEST_SIZE];
	struct query *query;
	struct mark *marks;
	size_t count;
	int64_t id;

	if (!edition->mark_count)
		return 0;
	marks = sorted(edition, &count);
	code_digest(digest, marks, count, edition->groups);
	query = db_query(ledger->db, "SELECT id FROM code WHERE digest = ?");
	query_bytes(query, digest, sizeof digest);
	id = query_number(query);
	if (!id) {
		query = db_query(ledger->db,
		    "INSERT INTO code (digest, groups) VALUES (?, ?) RETURNING id");
		query_bytes(query, digest, sizeof digest);
		query_int(query, edition->groups);
		id = query_number(query);
		add_marks(ledger, id, marks, count);
	}
	free(marks);
	return id;
}

void
ledger_tell_code(struct ledger *ledger, int64_t delivery, struct text *text)
{
	struct query *query = db_query(ledger->db,
	    "SELECT lower(hex(digest)) FROM code"
	    " WHERE id = (SELECT code FROM delivery WHERE id = ?)");

	query_int(query, delivery);
	while (query_next(query))
		text_addf(text, ", marks %s", row_text(query, 0));
}

/* The digest of the marks that a row has now. */
static void
digest_now(struct ledger *ledger, int64_t code, int64_t groups,
    unsigned char digest[DIGEST_SIZE])
{
	struct query *query = db_query(ledger->db,
	    "SELECT position, symbol, of FROM mark WHERE code = ? ORDER BY position");
	struct mark *marks = NULL;
	size_t count = 0;

	query_int(query, code);
	while (query_next(query)) {
		marks = mem_room(marks, count, sizeof *marks);
		marks[count++] = (struct mark){ .position = (uint64_t)row_int(query, 0),
			.symbol = (uint64_t)row_int(query, 1),
			.of = (uint64_t)row_int(query, 2) };
	}
	if (count)
		qsort(marks, count, sizeof *marks, by_position);
	code_digest(digest, marks, count, (unsigned)groups);
	free(marks);
}

void
ledger_check_codes(struct ledger *ledger, struct mistakes *mistakes)
{
	const struct place place = { ledger->path, 0 };
	struct query *query =
	    db_query(ledger->db, "SELECT id, digest, groups FROM code ORDER BY id");

	while (query_next(query)) {
		unsigned char stored[DIGEST_SIZE], digest[DIGEST_SIZE];

		digest_now(ledger, row_int(query, 0), row_int(query, 2), digest);
		if (!row_bytes(query, 1, stored, sizeof stored) ||
		    memcmp(stored, digest, sizeof digest) != 0)
			mistakes_add(mistakes, place,
			    "the marks of code %lld were changed",
			    (long long)row_int(query, 0));
	}
}

bool
ledger_bearers(struct ledger *ledger, const char *advisory, unsigned revision,
    bool (*visit)(void *ctx, const struct bearer *bearer), void *ctx, struct error *err)
{
	struct query *query;
	bool more = true;

	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT contact, partner, ifnull(code, 0) FROM delivery AS d"
	    " WHERE advisory = ? AND revision = ?"
	    "  AND (state IN ('accepted', 'committed', 'unknown') OR EXISTS"
	    "   (SELECT 1 FROM event WHERE delivery = d.id AND kind = 'unknown'))"
	    " ORDER BY contact");
	query_text(query, advisory);
	query_int(query, revision);
	while (more && query_next(query)) {
		const struct bearer bearer = { row_text(query, 0), row_text(query, 1),
			row_int(query, 2) };

		more = visit(ctx, &bearer);
	}
	return db_end(ledger->db, true, err);
}

bool
ledger_codes(struct ledger *ledger, const char *advisory, unsigned revision,
    bool (*visit)(void *ctx, const struct borne *borne), void *ctx, struct error *err)
{
	struct query *query;
	bool more = true;

	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT c.id, c.groups, m.position, m.symbol, m.of FROM code AS c"
	    " JOIN mark AS m ON m.code = c.id WHERE c.id IN"
	    "  (SELECT code FROM delivery WHERE advisory = ? AND revision = ?)"
	    " ORDER BY c.id, m.position");
	query_text(query, advisory);
	query_int(query, revision);
	while (more && query_next(query)) {
		const struct borne borne = { row_int(query, 0),
			(unsigned)row_int(query, 1),
			{ .position = (uint64_t)row_int(query, 2),
			    .symbol = (uint64_t)row_int(query, 3),
			    .of = (uint64_t)row_int(query, 4) } };

		more = visit(ctx, &borne);
	}
	return db_end(ledger->db, true, err);
}
