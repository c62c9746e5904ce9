#include <string.h>

#include "edge/ledger_inside.h"

static const char *const kinds[] = {
	[BAR_ADVISORY] = "advisory",
	[BAR_ALL] = "all",
	[BAR_PARTNER] = "partner",
};

/* "by WHO: WHY" */
static void
write_note(struct text *note, const char *by, const char *reason)
{
	text_adds(note, "by ");
	ledger_clean(note, by);
	if (*reason)
		text_adds(note, ": ");
	ledger_clean(note, reason);
}

static void
set(struct ledger *ledger, const struct barring *barring, const char *note)
{
	struct query *query = db_query(ledger->db,
	    "INSERT INTO bar (kind, name, word, since, reason) VALUES (?, ?, ?, ?, ?)"
	    " ON CONFLICT DO UPDATE SET word = excluded.word, since = excluded.since,"
	    "  reason = excluded.reason");

	query_text(query, kinds[barring->bar.on]);
	query_text(query, barring->bar.name);
	query_text(query, barring->bar.word);
	query_int(query, barring->clock.now);
	query_text(query, note);
	query_run(query);
}

static bool
lift(struct ledger *ledger, const struct bar *bar, struct error *err)
{
	struct query *query =
	    db_query(ledger->db, "DELETE FROM bar WHERE kind = ? AND name = ?");

	query_text(query, kinds[bar->on]);
	query_text(query, bar->name);
	if (query_run(query) == 1)
		return true;
	return error_set(err,
	    "%s%s%s: there is no bar to lift; forewarn status shows those in force",
	    kinds[bar->on], *bar->name ? " " : "", bar->name);
}

/* What was removed stays so: its lines are gone, and its place in the files should be, too. */
static bool
may_change(struct ledger *ledger, const struct bar *bar, struct error *err)
{
	struct query *query = db_query(ledger->db,
	    "SELECT 1 FROM bar WHERE kind = ? AND name = ? AND word = 'removed'");

	query_text(query, kinds[bar->on]);
	query_text(query, bar->name);
	if (!query_number(query))
		return true;
	return error_set(err,
	    "partner '%s': was removed, which is for good; take it out of the partner "
	    "files, or give it a new id there",
	    bar->name);
}

/* What may be out already is beyond recall. */
static void
cancel_partner(struct ledger *ledger, const struct barring *barring, const char *note)
{
	struct text why = { 0 };
	struct query *query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE partner = ?"
	    " AND state NOT IN ('committed', 'unknown')");

	text_addf(&why, "partner removed %s", note);
	query_text(query, barring->bar.name);
	ledger_move_all(
	    ledger, barring->clock.now, query, "cancelled", text_string(&why));
	text_clear(&why);
}

/* Inside the transaction. */
static bool
change(struct ledger *ledger, const struct barring *barring, const char *note,
    struct error *err)
{
	const struct bar *bar = &barring->bar;

	if (!may_change(ledger, bar, err) || (!bar->word && !lift(ledger, bar, err)))
		return false;
	if (bar->word)
		set(ledger, barring, note);
	if (bar->word && strcmp(bar->word, "removed") == 0)
		cancel_partner(ledger, barring, note);
	return true;
}

/* The event's kind names the bar, so that the last one of its kind says how it stands. */
static void
tell(struct ledger *ledger, const struct barring *barring, const char *note)
{
	const struct bar *bar = &barring->bar;
	struct text kind = { 0 }, data = { 0 };

	text_addf(&kind, "bar %s %s", kinds[bar->on], bar->name);
	text_addf(&data, "%s %s", bar->word ? bar->word : "lifted", note);
	ledger_event(
	    ledger, barring->clock.now, 0, text_string(&kind), text_string(&data));
	text_clear(&kind);
	text_clear(&data);
}

bool
ledger_bar(struct ledger *ledger, const struct barring *barring, struct error *err)
{
	struct text note = { 0 };
	bool ok;

	/* To open a gate the clock must be right; to shut one, it is not even asked. */
	if (barring->bar.word ? !db_write(ledger->db, err)
			      : !ledger_write_by(ledger, &barring->clock, err))
		return false;
	write_note(&note, barring->by, barring->bar.reason);
	ok = change(ledger, barring, text_string(&note), err);
	if (ok)
		tell(ledger, barring, text_string(&note));
	text_clear(&note);
	if (ok && barring->dry_run)
		return db_undo(ledger->db, err);
	return db_end(ledger->db, ok, err) && ledger_keep_mark(ledger, err);
}

static enum bar_on
kind_of(const char *word)
{
	enum bar_on on = BAR_ADVISORY;

	while (on < BAR_PARTNER && strcmp(kinds[on], word) != 0)
		on++;
	return on;
}

bool
ledger_bars(struct ledger *ledger, bool (*visit)(void *ctx, const struct bar *bar),
    void *ctx, struct error *err)
{
	struct query *query;
	bool more = true;

	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT kind, name, word, reason, since FROM bar ORDER BY kind, name");
	while (more && query_next(query)) {
		const struct bar bar = { kind_of(row_text(query, 0)), row_text(query, 1),
			row_text(query, 2), row_text(query, 3),
			(time_t)row_int(query, 4) };

		more = visit(ctx, &bar);
	}
	return db_end(ledger->db, true, err);
}

bool
ledger_partner(struct ledger *ledger, const char *partner, struct standing *standing,
    struct error *err)
{
	struct query *query;

	if (!db_read(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT word, word || ' in the ledger ' || reason FROM bar"
	    " WHERE kind = 'partner' AND name = ?");
	query_text(query, partner);
	standing->barred = query_next(query);
	if (standing->barred) {
		standing->removed = strcmp(row_text(query, 0), "removed") == 0;
		text_adds(&standing->why, row_text(query, 1));
	}
	query = db_query(
	    ledger->db, "SELECT EXISTS (SELECT 1 FROM delivery WHERE partner = ?)");
	query_text(query, partner);
	standing->known = standing->barred || query_number(query) == 1;
	return db_end(ledger->db, true, err);
}

bool
ledger_cancel(struct ledger *ledger, const struct cancelling *cancelling, size_t *count,
    struct error *err)
{
	struct text note = { 0 };
	struct query *query;
	struct ids ids;

	*count = 0;
	if (!db_write(ledger->db, err))
		return false;
	query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE advisory = ?1 AND (?2 = '' OR wave = ?2)"
	    " AND state NOT IN ('committed', 'unknown')");
	query_text(query, cancelling->advisory);
	query_text(query, cancelling->wave ? cancelling->wave : "");
	ids_read(&ids, query);
	write_note(&note, cancelling->by, cancelling->reason);
	for (size_t i = 0; i < ids.count; i++)
		ledger_move(ledger, cancelling->clock.now, ids.all[i], "cancelled",
		    text_string(&note));
	*count = ids.count;
	ids_clear(&ids);
	text_clear(&note);
	if (cancelling->dry_run)
		return db_undo(ledger->db, err);
	return db_end(ledger->db, true, err) && ledger_keep_mark(ledger, err);
}
