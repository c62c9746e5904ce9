#include "edge/ledger.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "edge/ledger_file.h"
#include "edge/ledger_inside.h"

bool
ledger_create(const struct ledger_place *place, struct error *err)
{
	struct ledger *ledger;
	bool ok;

	if (access(place->mark, F_OK) == 0)
		return error_set(
		    err, "%s: is there already: nothing was made", place->mark);
	if (!db_create(place->file, ledger_forms, err))
		return false;
	ledger = ledger_open(place, LEDGER_MEND, err);
	ok = ledger && ledger_keep_mark(ledger, err);
	ledger_close(ledger);
	return ok;
}

static bool
check_age(struct ledger *ledger, struct error *err)
{
	return db_read(ledger->db, err) &&
	    db_end(ledger->db, ledger_check_mark(ledger, err), err);
}

struct ledger *
ledger_open(const struct ledger_place *place, enum ledger_use use, struct error *err)
{
	bool write = use == LEDGER_WRITE || use == LEDGER_MEND;
	struct ledger *ledger;
	struct db *db = NULL;

	if (ledger_file_there(place->file, err))
		db = db_open(place->file, write, ledger_forms, err);
	if (!db)
		return NULL;
	ledger = mem_new(sizeof *ledger);
	ledger->db = db;
	ledger->path = mem_string(place->file);
	ledger->mark = mem_string(place->mark);
	ledger->marked = -1;
	pthread_mutex_init(&ledger->sharing.mutex, NULL);
	ledger->sharing.last = &ledger->sharing.first;
	if (use == LEDGER_LOOK || use == LEDGER_MEND || check_age(ledger, err))
		return ledger;
	ledger_close(ledger);
	return NULL;
}

void
ledger_close(struct ledger *ledger)
{
	if (!ledger)
		return;
	db_close(ledger->db);
	pthread_mutex_destroy(&ledger->sharing.mutex);
	free(ledger->path);
	free(ledger->mark);
	free(ledger);
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

void
ledger_break_off(struct ledger *ledger, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "UPDATE attempt SET ended = ?, outcome = 'broken off' WHERE (delivery, n) IN"
	    " (SELECT id, attempts FROM unsettled WHERE state IN ('sending', "
	    "'committed'))");

	query_int(query, now);
	query_run(query);
}

/*
 * A gate commits its line, moves the mark, and only then lets the dot go: lines that
 * were committed behind the mark were broken off in between, and certainly not sent. All
 * of them are of one transaction: more say that the mark itself is an old copy.
 */
static void
take_up_at_gate(struct ledger *ledger, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "WITH behind AS (SELECT delivery, data FROM event"
	    "  WHERE seq > ? AND kind = 'committed')"
	    " SELECT id FROM unsettled WHERE state = 'committed'"
	    " AND id IN (SELECT delivery FROM behind)"
	    " AND (SELECT count(DISTINCT data) FROM behind) = 1"
	    " AND ((SELECT max(data) FROM behind) <> ''"
	    "  OR (SELECT count(*) FROM behind) = 1)");

	query_int(query, ledger->marked);
	ledger_move_all(ledger, now, query, "planned",
	    "the run before broke off at the gate; nothing was sent");
}

/* What an earlier run could not end: without a gate certainly nothing was sent. */
static void
take_up(struct ledger *ledger, time_t now)
{
	ledger_break_off(ledger, now);
	take_up_at_gate(ledger, now);
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

static bool
begin(struct ledger *ledger, const struct start *start, struct error *err)
{
	const struct clock *clock = &start->clock;
	bool right;

	/* Again, since another run may have ended since the ledger was opened. */
	if (!ledger_check_mark(ledger, err))
		return false;
	right = ledger_judge_clock(ledger, clock, err);
	if (!right && !start->clock_by)
		return false;
	start_run(ledger, clock->now, start->version);
	if (!right)
		ledger_accept_clock(ledger, clock, start->clock_by, err->message);
	ledger->since_boot = start->since_boot;
	ledger->booted =
	    (time_t)query_number(db_query(ledger->db, "SELECT booted FROM meta"));
	take_up(ledger, clock->now);
	expire(ledger, clock->now);
	return true;
}

bool
ledger_begin(struct ledger *ledger, const struct start *start, struct error *err)
{
	if (!db_write(ledger->db, err))
		return false;
	if (db_end(ledger->db, begin(ledger, start, err), err))
		return true;
	ledger->run = 0;
	ledger->since_boot = NULL;
	return false;
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
		ok = db_end(ledger->db, true, err) && ledger_keep_mark(ledger, err);
	}
	ledger->run = 0;
	ledger->since_boot = NULL;
	return ok;
}
