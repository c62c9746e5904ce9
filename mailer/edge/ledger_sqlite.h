/* ledger_sqlite - the connection and its statements, for ledger_db and ledger_query alone */
#ifndef EDGE_LEDGER_SQLITE_H
#define EDGE_LEDGER_SQLITE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include <sqlite3.h>

#include "base/error.h"
#include "edge/ledger_db.h"

struct query {
	struct db *db; /* borrowed */
	const char *sql; /* borrowed; its address is the key */
	sqlite3_stmt *statement; /* owned; NULL: could not be prepared */
	int bound;
};

struct db {
	char *path; /* owned */
	sqlite3 *handle; /* owned */
	struct query **queries; /* owned, and each */
	size_t query_count;
	pthread_mutex_t mutex;
	bool failed; /* in this transaction */
	bool broken; /* for good */
	struct error trouble;
};

/* The first failure of a transaction is what it is remembered by. Returns false. */
bool db_fail(struct db *db, int code);

#endif
