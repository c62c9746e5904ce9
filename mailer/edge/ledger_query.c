#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/ledger_sqlite.h"

static struct query *
prepare(struct db *db, const char *sql)
{
	struct query *query = mem_new(sizeof *query);
	int code = sqlite3_prepare_v3(
	    db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &query->statement, NULL);

	if (code != SQLITE_OK)
		db_fail(db, code);
	query->db = db;
	query->sql = sql;
	db->queries = mem_room(db->queries, db->query_count, sizeof *db->queries);
	return db->queries[db->query_count++] = query;
}

struct query *
db_query(struct db *db, const char *sql)
{
	struct query *query = NULL;

	for (size_t i = 0; i < db->query_count && !query; i++)
		if (db->queries[i]->sql == sql)
			query = db->queries[i];
	if (!query)
		query = prepare(db, sql);
	else
		sqlite3_reset(query->statement);
	query->bound = 0;
	return query;
}

static void
bound(struct query *query, int code)
{
	if (code != SQLITE_OK)
		db_fail(query->db, code);
}

void
query_int(struct query *query, int64_t value)
{
	bound(query, sqlite3_bind_int64(query->statement, ++query->bound, value));
}

void
query_text(struct query *query, const char *value)
{
	bound(query,
	    sqlite3_bind_text(
		query->statement, ++query->bound, value, -1, SQLITE_TRANSIENT));
}

void
query_bytes(struct query *query, const void *value, size_t size)
{
	bound(query,
	    sqlite3_bind_blob64(
		query->statement, ++query->bound, value, size, SQLITE_TRANSIENT));
}

bool
query_next(struct query *query)
{
	int code;

	if (query->db->failed)
		return false;
	code = sqlite3_step(query->statement);
	if (code == SQLITE_ROW)
		return true;
	sqlite3_reset(query->statement);
	if (code != SQLITE_DONE)
		db_fail(query->db, code);
	return false;
}

int64_t
query_run(struct query *query)
{
	while (query_next(query))
		;
	return query->db->failed ? 0 : sqlite3_changes64(query->db->handle);
}

int64_t
query_number(struct query *query)
{
	int64_t number = query_next(query) ? row_int(query, 0) : 0;

	query_run(query);
	return query->db->failed ? 0 : number;
}

int64_t
row_int(const struct query *query, int column)
{
	return sqlite3_column_int64(query->statement, column);
}

const char *
row_text(const struct query *query, int column)
{
	const unsigned char *text = sqlite3_column_text(query->statement, column);

	return text ? (const char *)text : "";
}

bool
row_bytes(const struct query *query, int column, void *out, size_t size)
{
	const void *bytes = sqlite3_column_blob(query->statement, column);

	if (!bytes || (size_t)sqlite3_column_bytes(query->statement, column) != size)
		return false;
	memcpy(out, bytes, size);
	return true;
}
