/*
 * ledger_db - one SQLite file: opened with care, asked in whole transactions.
 * The first failure inside a transaction makes the rest of it do nothing, so
 * callers look once, at its end. Nobody else includes SQLite.
 */
#ifndef EDGE_LEDGER_DB_H
#define EDGE_LEDGER_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct db; /* opaque; a transaction holds its mutex */
struct query; /* a prepared statement, owned by its db */

/*
 * `forms` holds the statements that lead from each form of the file to the next, the
 * first one from nothing; each list and the whole end with NULL.
 */

/* Makes the file whole or not at all, 0600; refuses one that stands. */
bool db_create(const char *path, const char *const *const forms[], struct error *err);
/*
 * Never makes a file. It must be an ordinary one of ours that nobody else may
 * open, and a ledger; an older form is brought up to the last one.
 */
struct db *db_open(
    const char *path, bool write, const char *const *const forms[], struct error *err);
void db_close(struct db *db); /* NULL is allowed */

/*
 * db_write is BEGIN IMMEDIATE, db_read one consistent view. Each is ended by
 * db_end, which commits only if `ok` and nothing failed; false says why in err
 * (when not ok, err is the caller's unless something failed). A disk that
 * fails once is not asked again: every later transaction is refused.
 */
bool db_write(struct db *db, struct error *err);
bool db_read(struct db *db, struct error *err);
bool db_end(struct db *db, bool ok, struct error *err);
/* Ends it without a trace; false only when something failed. */
bool db_undo(struct db *db, struct error *err);

/* `sql` is a literal: it is prepared once. Parameters are given in their order. */
struct query *db_query(struct db *db, const char *sql);
void query_int(struct query *query, int64_t value);
void query_text(struct query *query, const char *value);
void query_bytes(struct query *query, const void *value, size_t size);

/* The next row: false at the end and on failure. */
bool query_next(struct query *query);
/* All of it, for statements without rows. Returns how many rows were changed; 0 on failure. */
int64_t query_run(struct query *query);
/* The first column of the one row, 0 without one. */
int64_t query_number(struct query *query);

/* Columns of the row at hand; strings until the next one. A NULL is 0 or "". */
int64_t row_int(const struct query *query, int column);
const char *row_text(const struct query *query, int column);
/* Copies a column of exactly that size; false for any other. */
bool row_bytes(const struct query *query, int column, void *out, size_t size);

#endif
