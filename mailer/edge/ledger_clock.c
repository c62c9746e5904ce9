#include <string.h>

#include "base/when.h"
#include "edge/ledger_inside.h"

enum {
	BEHIND = 2, /* seconds that two readings of one clock may differ */
	AHEAD = 60, /* what setting a clock right may come to */
	ASLEEP = 31 * 86400, /* how long a machine may have been off */
};

/* What the ledger knows of time. */
struct known {
	time_t seen, booted;
	bool same_boot; /* as the reading's */
};

static struct known
known(struct ledger *ledger, const struct clock *clock)
{
	struct query *query = db_query(
	    ledger->db, "SELECT seen, booted, boot_id = ? AND boot_id <> '' FROM meta");
	struct known known = { 0 };

	query_text(query, clock->boot_id);
	if (query_next(query))
		known = (struct known){ (time_t)row_int(query, 0),
			(time_t)row_int(query, 1), row_int(query, 2) != 0 };
	query_run(query);
	return known;
}

/* "the clock stands at NOW, " and a fact about another time. */
static bool
refuse(struct error *err, time_t now, const char *before, time_t other, const char *after)
{
	struct text text = { 0 };

	text_adds(&text, "the clock stands at ");
	when_write(&text, now);
	text_addf(&text, ", %s ", before);
	when_write(&text, other);
	text_addf(&text, "%s; set the clock, or if it is right, forewarn run --clock-ok",
	    after);
	error_set(err, "%s", text_string(&text));
	text_clear(&text);
	return false;
}

static bool
judge(const struct known *known, const struct clock *clock, struct error *err)
{
	if (clock->now < known->seen - BEHIND)
		return refuse(
		    err, clock->now, "before what the ledger has seen,", known->seen, "");
	if (known->same_boot && clock->now > known->booted + clock->boot + AHEAD)
		return refuse(err, clock->now, "and by the time since boot it is",
		    known->booted + clock->boot, "");
	if (!known->same_boot && known->seen && clock->now > known->seen + ASLEEP)
		return refuse(err, clock->now, "and the ledger was last used at",
		    known->seen, ", more than 31 days before");
	return true;
}

static void
note_boot(struct ledger *ledger, const struct clock *clock)
{
	struct query *query =
	    db_query(ledger->db, "UPDATE meta SET boot_id = ?, booted = ?");

	query_text(query, clock->boot_id);
	query_int(query, clock->now - clock->boot);
	query_run(query);
}

static void
raise_seen(struct ledger *ledger, time_t now)
{
	struct query *query =
	    db_query(ledger->db, "UPDATE meta SET seen = ?1 WHERE seen < ?1");

	query_int(query, now);
	query_run(query);
}

bool
ledger_judge_clock(struct ledger *ledger, const struct clock *clock, struct error *err)
{
	struct known then = known(ledger, clock);

	if (!judge(&then, clock, err))
		return false;
	if (!then.same_boot)
		note_boot(ledger, clock);
	raise_seen(ledger, clock->now);
	return true;
}

void
ledger_accept_clock(
    struct ledger *ledger, const struct clock *clock, const char *by, const char *why)
{
	struct query *query = db_query(ledger->db, "UPDATE meta SET seen = ?");
	struct text note = { 0 };

	query_int(query, clock->now);
	query_run(query);
	note_boot(ledger, clock);
	text_adds(&note, "accepted by ");
	ledger_clean(&note, by);
	text_adds(&note, ": ");
	text_add(&note, why, strcspn(why, ";"));
	ledger_event(ledger, clock->now, 0, "clock", text_string(&note));
	text_clear(&note);
}

bool
ledger_write_by(struct ledger *ledger, const struct clock *clock, struct error *err)
{
	if (!db_write(ledger->db, err))
		return false;
	return ledger_judge_clock(ledger, clock, err) || db_end(ledger->db, false, err);
}

/* The latest time that the time since boot explains; 0: no limit is known. */
static time_t
latest(const struct ledger *ledger)
{
	return ledger->since_boot ? ledger->booted + ledger->since_boot() + AHEAD : 0;
}

bool
ledger_write(struct ledger *ledger, time_t now, struct error *err)
{
	time_t most = latest(ledger);

	if (!db_write(ledger->db, err))
		return false;
	raise_seen(ledger, most && now > most ? most : now);
	return true;
}

bool
ledger_timely(const struct ledger *ledger, time_t now, struct error *err)
{
	time_t most = latest(ledger);

	return !most || now <= most ||
	    refuse(err, now, "and by the time since boot it is", most - AHEAD, "");
}

bool
ledger_write_timely(struct ledger *ledger, time_t now, struct error *err)
{
	return ledger_timely(ledger, now, err) && ledger_write(ledger, now, err);
}

bool
ledger_seen(struct ledger *ledger, time_t *seen, struct error *err)
{
	if (!db_read(ledger->db, err))
		return false;
	*seen = (time_t)query_number(db_query(ledger->db, "SELECT seen FROM meta"));
	return db_end(ledger->db, true, err);
}
