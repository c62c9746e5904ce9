#include "edge/ledger.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"
#include "edge/ledger_inside.h"

enum { SLACK = 2 }; /* seconds that two readings of one clock may differ */

bool
ledger_create(const char *path, struct error *err)
{
	return db_create(path, ledger_schema, err);
}

struct ledger *
ledger_open(const char *path, enum ledger_use use, struct error *err)
{
	struct db *db = db_open(path, use == LEDGER_WRITE, err);
	struct ledger *ledger;

	if (!db)
		return NULL;
	ledger = mem_new(sizeof *ledger);
	ledger->db = db;
	return ledger;
}

void
ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return;
	db_close(ledger->db);
	free(ledger);
}

bool
ledger_write(struct ledger *ledger, time_t now, struct error *err)
{
	struct query *query;

	if (!db_write(ledger->db, err))
		return false;
	query = db_query(ledger->db, "UPDATE meta SET seen = ?1 WHERE seen < ?1");
	query_int(query, now);
	query_run(query);
	return true;
}

time_t
ledger_latest(struct ledger *ledger)
{
	return (time_t)query_number(db_query(ledger->db, "SELECT seen FROM meta"));
}

bool
ledger_seen(struct ledger *ledger, time_t *seen, struct error *err)
{
	if (!db_read(ledger->db, err))
		return false;
	*seen = ledger_latest(ledger);
	return db_end(ledger->db, true, err);
}

bool
ledger_clock(struct ledger *ledger, time_t now, struct error *err)
{
	time_t seen = ledger_latest(ledger);
	struct text text = { 0 };

	if (now >= seen - SLACK)
		return true;
	text_adds(&text, "the clock stands at ");
	when_write(&text, now);
	text_adds(&text, ", before what the ledger has seen (");
	when_write(&text, seen);
	text_adds(&text, "); set the clock");
	error_set(err, "%s", text_string(&text));
	text_clear(&text);
	return false;
}

static void
start_run(struct ledger *ledger, time_t now, const char *version)
{
	struct query *query = db_query(ledger->db,
	    "INSERT INTO run (started, host, version) VALUES (?, ?, ?) RETURNING id");
	char host[256] = "";

	gethostname(host, sizeof host - 1);
	query_int(query, now);
	query_text(query, host);
	query_text(query, version);
	ledger->run = query_number(query);
	ledger->busy = false;
}

/* Attempts that an earlier run could not end: without a gate certainly nothing was sent. */
static void
recover(struct ledger *ledger, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "UPDATE attempt SET ended = ?, outcome = 'broken off' WHERE (delivery, n) IN"
	    " (SELECT id, attempts FROM unsettled WHERE state IN ('sending', "
	    "'committed'))");

	query_int(query, now);
	query_run(query);
	ledger_move_all(ledger, now,
	    db_query(ledger->db, "SELECT id FROM unsettled WHERE state = 'sending'"),
	    "planned", "the run before broke off; nothing was sent");
	ledger_move_all(ledger, now,
	    db_query(ledger->db, "SELECT id FROM unsettled WHERE state = 'committed'"),
	    "unknown", "the run before broke off while it was sent");
}

/* Their waves are found thereby: whoever opens such a line again need not mind the delay. */
static void
expire(struct ledger *ledger, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "INSERT OR IGNORE INTO wave_found"
	    " SELECT DISTINCT advisory, revision, wave, ?1, 1 FROM unsettled"
	    " WHERE until <= ?1 AND state IN ('planned', 'deferred', 'blocked', 'held')");

	query_int(query, now);
	query_run(query);
	query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE until <= ?"
	    " AND state IN ('planned', 'deferred', 'blocked', 'held')");
	query_int(query, now);
	ledger_move_all(ledger, now, query, "expired", "not sent in its time");
}

bool
ledger_begin(struct ledger *ledger, time_t now, const char *version, struct error *err)
{
	bool ok;

	if (!ledger_write(ledger, now, err))
		return false;
	ok = ledger_clock(ledger, now, err);
	if (ok) {
		start_run(ledger, now, version);
		recover(ledger, now);
		expire(ledger, now);
	}
	ok = db_end(ledger->db, ok, err);
	if (!ok)
		ledger->run = 0;
	return ok;
}

/* Cron asks every minute for years: a run that changed nothing leaves no row. */
static void
finish_run(struct ledger *ledger, time_t now, int exit)
{
	struct query *query;

	if (!ledger->busy) {
		query = db_query(ledger->db, "DELETE FROM run WHERE id = ?");
		query_int(query, ledger->run);
	} else {
		query = db_query(
		    ledger->db, "UPDATE run SET ended = ?, exit = ? WHERE id = ?");
		query_int(query, now);
		query_int(query, exit);
		query_int(query, ledger->run);
	}
	query_run(query);
}

bool
ledger_end(struct ledger *ledger, time_t now, int exit, struct error *err)
{
	bool ok = ledger_write(ledger, now, err);

	if (ok) {
		finish_run(ledger, now, exit);
		ok = db_end(ledger->db, true, err);
	}
	ledger->run = 0;
	return ok;
}
