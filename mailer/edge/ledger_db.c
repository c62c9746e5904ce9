#include "edge/ledger_db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "edge/ledger_file.h"
#include "edge/ledger_sqlite.h"

enum { APPLICATION = 0x46575231 /* "FWR1" */ };

/* Settings that must hold; each is read back, since SQLite ignores what it does not know. */
static const struct {
	const char *set, *get, *value;
} settings[] = {
	{ "PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal" },
	{ "PRAGMA synchronous = FULL", "PRAGMA synchronous", "2" },
	{ "PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1" },
	{ "PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0" },
	{ "PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1" },
	{ "PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2" },
	{ "PRAGMA mmap_size = 0", "PRAGMA mmap_size", "0" },
	{ "PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1" },
};

static const char *
advice(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
		return "; another forewarn is writing, try again";
	case SQLITE_FULL:
		return "; make room on the disk";
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return "; the disk is full or failing";
	case SQLITE_NOTADB:
	case SQLITE_CORRUPT:
		return "; restore it from a backup";
	default:
		return "";
	}
}

/* After one of these nobody knows what is on the disk: fsync does not fail twice. */
static bool
is_hard(int code)
{
	switch (code & 0xff) {
	case SQLITE_IOERR:
	case SQLITE_FULL:
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_CANTOPEN:
	case SQLITE_READONLY:
	case SQLITE_NOMEM:
		return true;
	default:
		return false;
	}
}

/* Room or a quieter hour mends it: the ledger itself is in order. */
static bool
is_passing(int code)
{
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_FULL:
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
	case SQLITE_NOMEM:
		return true;
	default:
		return false;
	}
}

bool
db_fail(struct db *db, int code)
{
	if (db->failed)
		return false;
	db->failed = true;
	db->broken = db->broken || is_hard(code);
	error_set(&db->trouble, "%s: %s (%s)%s", db->path, sqlite3_errmsg(db->handle),
	    sqlite3_errstr(code), advice(code));
	db->trouble.passes = is_passing(code);
	return false;
}

/* Statements of our own that need no parameters. */
static bool
execute(struct db *db, const char *sql)
{
	int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

	return code == SQLITE_OK || db_fail(db, code);
}

/* The first column of the first row; "" without one. */
static bool
ask(struct db *db, const char *sql, char *answer, size_t size)
{
	const unsigned char *text = NULL;
	sqlite3_stmt *statement = NULL;
	int code = sqlite3_prepare_v2(db->handle, sql, -1, &statement, NULL);

	*answer = '\0';
	if (code == SQLITE_OK)
		code = sqlite3_step(statement);
	if (code == SQLITE_ROW && !(text = sqlite3_column_text(statement, 0)))
		code = SQLITE_NOMEM;
	if (text)
		snprintf(answer, size, "%s", (const char *)text);
	sqlite3_finalize(statement);
	return code == SQLITE_ROW || code == SQLITE_DONE || db_fail(db, code);
}

static bool
settle(struct db *db)
{
	char answer[64];

	sqlite3_busy_timeout(db->handle, 10000);
	sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		if (!ask(db, settings[i].set, answer, sizeof answer) ||
		    !ask(db, settings[i].get, answer, sizeof answer))
			return false;
		if (strcmp(answer, settings[i].value) != 0)
			return error_set(&db->trouble,
			    "%s: '%s' does not hold (it is '%s'); use a local file "
			    "system",
			    db->path, settings[i].set, answer);
	}
	return true;
}

static long
last_form(const char *const *const forms[])
{
	long last = 0;

	while (forms[last])
		last++;
	return last;
}

/* Before anything is set: a foreign file must not be changed. */
static bool
check_kind(struct db *db, const char *const *const forms[])
{
	char application[64], version[64];

	if (!ask(db, "PRAGMA application_id", application, sizeof application) ||
	    !ask(db, "PRAGMA user_version", version, sizeof version)) {
		if (sqlite3_errcode(db->handle) != SQLITE_NOTADB)
			return false;
		*application = *version = '\0';
	}
	if (strtol(application, NULL, 10) != APPLICATION || strtol(version, NULL, 10) < 1)
		return error_set(&db->trouble, "%s: is not a forewarn ledger", db->path);
	if (strtol(version, NULL, 10) > last_form(forms))
		return error_set(&db->trouble,
		    "%s: was written by a newer forewarn (form %s, this one knows %ld)",
		    db->path, version, last_form(forms));
	return true;
}

static bool
check_use(struct db *db, bool write)
{
	if (write && sqlite3_db_readonly(db->handle, "main"))
		return error_set(
		    &db->trouble, "%s: cannot be written; chmod 600 it", db->path);
	return true;
}

/* From the form it has to the last one, all or nothing. A new file has form 0. */
static bool
bring_up(struct db *db, const char *const *const forms[])
{
	char answer[64];
	bool ok;
	long form;

	if (!ask(db, "PRAGMA user_version", answer, sizeof answer))
		return false;
	if (strtol(answer, NULL, 10) == last_form(forms))
		return true;
	/* Asked again inside: another may have done it meanwhile. */
	ok = execute(db, "BEGIN IMMEDIATE") &&
	    ask(db, "PRAGMA user_version", answer, sizeof answer);
	form = strtol(answer, NULL, 10);
	for (; ok && forms[form]; form++)
		for (size_t i = 0; ok && forms[form][i]; i++)
			ok = execute(db, forms[form][i]);
	snprintf(answer, sizeof answer, "PRAGMA user_version = %ld", form);
	return ok && execute(db, answer) && execute(db, "COMMIT");
}

static struct db *
connect_to(const char *path, struct error *err)
{
	struct db *db = mem_new(sizeof *db);
	int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW |
	    SQLITE_OPEN_EXRESCODE;

	db->path = mem_string(path);
	pthread_mutex_init(&db->mutex, NULL);
	if (sqlite3_open_v2(path, &db->handle, flags, NULL) == SQLITE_OK)
		return db;
	error_set(err, "%s: cannot be opened: %s", path, sqlite3_errmsg(db->handle));
	db_close(db);
	return NULL;
}

struct db *
db_open(const char *path, bool write, const char *const *const forms[], struct error *err)
{
	struct db *db;

	/* Looked at by name: closing a descriptor of the file would drop SQLite's locks. */
	if (!file_own(path, err) || !ledger_file_local(path, err))
		return NULL;
	db = connect_to(path, err);
	if (!db)
		return NULL;
	if (!check_kind(db, forms) || !check_use(db, write) || !settle(db) ||
	    !bring_up(db, forms) || (!write && !execute(db, "PRAGMA query_only = ON"))) {
		*err = db->trouble;
		db_close(db);
		return NULL;
	}
	return db;
}

void
db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->query_count; i++) {
		sqlite3_finalize(db->queries[i]->statement);
		free(db->queries[i]);
	}
	free(db->queries);
	sqlite3_close(db->handle);
	pthread_mutex_destroy(&db->mutex);
	free(db->path);
	free(db);
}

static bool
write_forms(const char *path, const char *const *const forms[], struct error *err)
{
	struct db *db = connect_to(path, err);
	char kind[96];
	bool ok;

	if (!db)
		return false;
	snprintf(kind, sizeof kind, "PRAGMA application_id = %d", APPLICATION);
	ok = settle(db) && execute(db, kind) && bring_up(db, forms);
	if (!ok)
		*err = db->trouble;
	db_close(db);
	return ok;
}

/* What was not taken over from the log when it was closed would stay behind under this name. */
static bool
closed_whole(const char *part, struct error *err)
{
	char *log = mem_format("%s-wal", part);
	bool ok = access(log, F_OK) != 0;

	if (!ok)
		error_set(err, "%s: its log could not be closed; try again", part);
	free(log);
	return ok;
}

static void
remove_part(const char *part)
{
	static const char *const ends[] = { "", "-wal", "-shm", "-journal" };

	for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
		char *path = mem_format("%s%s", part, ends[i]);

		unlink(path);
		free(path);
	}
}

bool
db_create(const char *path, const char *const *const forms[], struct error *err)
{
	char *part = mem_format("%s.part", path);
	bool ok = ledger_file_start(part, err);

	if (ok) {
		ok = write_forms(part, forms, err) && closed_whole(part, err) &&
		    ledger_file_place(part, path, err);
		if (!ok)
			remove_part(part);
	}
	free(part);
	return ok;
}

static bool
begin(struct db *db, const char *sql, struct error *err)
{
	pthread_mutex_lock(&db->mutex);
	db->failed = false;
	if (!db->broken && execute(db, sql))
		return true;
	*err = db->trouble;
	pthread_mutex_unlock(&db->mutex);
	return false;
}

bool
db_write(struct db *db, struct error *err)
{
	/* A deferred one that writes later fails at once when another was quicker. */
	return begin(db, "BEGIN IMMEDIATE", err);
}

bool
db_read(struct db *db, struct error *err)
{
	return begin(db, "BEGIN", err);
}

bool
db_end(struct db *db, bool ok, struct error *err)
{
	for (size_t i = 0; i < db->query_count; i++)
		if (db->queries[i]->statement)
			sqlite3_reset(db->queries[i]->statement);
	if (ok && !db->failed)
		execute(db, "COMMIT");
	if (db->failed) {
		ok = false;
		*err = db->trouble;
	}
	if (!ok && !sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	pthread_mutex_unlock(&db->mutex);
	return ok;
}

bool
db_undo(struct db *db, struct error *err)
{
	bool ok = !db->failed;

	db_end(db, false, err);
	return ok;
}
