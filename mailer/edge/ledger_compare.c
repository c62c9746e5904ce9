#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "edge/ledger_inside.h"

/* The words an operator knows a line's parts by, and the columns that hold them. */
static void
list_changes(
    struct text *what, const struct query *row, int column, const struct line *line)
{
	const struct {
		const char *word, *now;
	} parts[] = {
		{ "address", line->to->to.mail },
		{ "key", line->to->to.fingerprint },
		{ "tier", line->tier->id },
		{ "partner", line->to->partner->id },
		{ "wave", line->wave->id },
		{ "rules", line->rules },
	};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		if (strcmp(row_text(row, column + (int)i), parts[i].now) != 0)
			ledger_list(what, parts[i].word);
}

bool
ledger_novelty(struct ledger *ledger, const struct line *line, enum novelty *novelty,
    struct text *what, struct error *err)
{
	size_t before = what->size;
	struct query *query;

	if (!db_read(ledger->db, err))
		return false;
	/* Partner, wave and rules are no news to a contact: they are given as they are. */
	query = db_query(ledger->db,
	    "SELECT address, fingerprint, tier, ?, ?, ? FROM delivery"
	    " WHERE contact = ? AND state = 'accepted' ORDER BY changed DESC, id DESC "
	    "LIMIT 1");
	query_text(query, line->to->partner->id);
	query_text(query, line->wave->id);
	query_text(query, line->rules);
	query_text(query, line->to->to.id);
	*novelty = NOVELTY_NEW;
	if (query_next(query)) {
		list_changes(what, query, 0, line);
		*novelty = what->size > before ? NOVELTY_CHANGED : NOVELTY_NONE;
	}
	return db_end(ledger->db, true, err);
}

/* Why a contact is not in the plan of now. */
static const char *
why_absent(const struct plan *plan, const char *contact)
{
	for (size_t i = 0; i < plan->absence_count; i++)
		if (strcmp(plan->absences[i].to->to.id, contact) == 0)
			return plan->absences[i].why;
	return "the contact is gone";
}

static bool
only_later(const struct query *row, const struct line *line)
{
	unsigned char armed[DIGEST_SIZE], now[DIGEST_SIZE];
	struct line then = *line;

	then.opens = (time_t)row_int(row, 4);
	if (line->opens <= then.opens)
		return false;
	line_digest(now, &then);
	return row_bytes(row, 3, armed, DIGEST_SIZE) &&
	    memcmp(armed, now, DIGEST_SIZE) == 0;
}

static bool
is_same(const struct query *row, const struct line *line)
{
	unsigned char armed[DIGEST_SIZE], now[DIGEST_SIZE];

	line_digest(now, line);
	return row_bytes(row, 3, armed, DIGEST_SIZE) &&
	    memcmp(armed, now, DIGEST_SIZE) == 0;
}

static void
say_changed(struct text *reason, const struct query *row, const struct line *line)
{
	struct text what = { 0 };

	list_changes(&what, row, 7, line);
	if (row_int(row, 4) != line->opens)
		ledger_list(&what, "opening");
	if (row_int(row, 5) != line->lasts)
		ledger_list(&what, "length");
	if (what.size == 0)
		ledger_list(&what, "text or files");
	text_addf(reason, "changed: %s; arm again", text_string(&what));
	text_clear(&what);
}

static void
move_later(struct ledger *ledger, int64_t id, const struct line *line, time_t now)
{
	struct query *query = db_query(ledger->db,
	    "UPDATE delivery SET line = ?1, digest = ?2, opens = ?3,"
	    " due = max(?3, armed), until = max(?3, armed) + lasts WHERE id = ?4");
	unsigned char digest[DIGEST_SIZE];
	struct text text = { 0 }, note = { 0 };

	line_write(&text, line);
	line_digest(digest, line);
	query_text(query, text_string(&text));
	query_bytes(query, digest, sizeof digest);
	query_int(query, line->opens);
	query_int(query, id);
	query_run(query);
	text_adds(&note, "opens ");
	when_write(&note, line->opens);
	text_adds(&note, ", line ");
	text_hex(&note, digest, sizeof digest);
	ledger_event(ledger, now, id, "moved", text_string(&note));
	text_clear(&note);
	text_clear(&text);
}

/* Held ones wait for a person anyway, and must not come loose by being blocked. */
static void
block(struct ledger *ledger, const struct query *row, const char *reason, time_t now)
{
	bool held = strcmp(row_text(row, 1), "held") == 0;
	bool known = strcmp(row_text(row, 1), "blocked") == 0 &&
	    strcmp(row_text(row, 2), reason) == 0;

	if (!held && !known)
		ledger_move(ledger, now, row_int(row, 0), "blocked", reason);
}

/* Why its partner gets nothing, whatever is planned; else `reason` stays empty. */
static void
read_bar(struct ledger *ledger, const char *partner, struct text *reason)
{
	struct query *query = db_query(ledger->db,
	    "SELECT word || ' in the ledger ' || reason FROM bar"
	    " WHERE kind = 'partner' AND name = ?");

	query_text(query, partner);
	if (query_next(query))
		text_adds(reason, row_text(query, 0));
}

static void
compare_row(
    struct ledger *ledger, const struct plan *plan, const struct query *row, time_t now)
{
	const struct line *line = plan_line(plan, row_text(row, 6));
	struct text reason = { 0 };

	if (row_int(row, 13) <= now)
		read_bar(ledger, row_text(row, 10), &reason);
	if (row_int(row, 13) <= now && line && !reason.size)
		partner_lapsed(line->to->partner, now, &reason);
	if (reason.size) {
		block(ledger, row, text_string(&reason), now);
	} else if (!line) {
		text_addf(
		    &reason, "not in the plan: %s", why_absent(plan, row_text(row, 6)));
		block(ledger, row, text_string(&reason), now);
	} else if (only_later(row, line)) {
		move_later(ledger, row_int(row, 0), line, now);
	} else if (!is_same(row, line)) {
		say_changed(&reason, row, line);
		block(ledger, row, text_string(&reason), now);
	}
	text_clear(&reason);
}

static void
compare_lines(struct ledger *ledger, const struct plan *plan, time_t now)
{
	struct ids ids;
	struct query *query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE advisory = ? AND revision = ?"
	    " AND state IN ('planned', 'deferred', 'blocked', 'held')");

	query_text(query, plan->advisory->id);
	query_int(query, plan->advisory->revision);
	ids_read(&ids, query);
	for (size_t i = 0; i < ids.count; i++) {
		query = db_query(ledger->db,
		    "SELECT id, state, reason, digest, opens, lasts, contact,"
		    " address, fingerprint, tier, partner, wave, rules, due"
		    " FROM delivery WHERE id = ?");
		query_int(query, ids.all[i]);
		if (query_next(query))
			compare_row(ledger, plan, query, now);
	}
	ids_clear(&ids);
}

/* Each line is late by its own due: what was armed late, a correction, is not. */
static void
hold_wave(struct ledger *ledger, const struct advisory *advisory, const char *wave,
    time_t late, time_t limit, time_t now)
{
	struct text reason = { 0 };
	struct query *query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE advisory = ? AND revision = ? AND wave = ?"
	    " AND due < ? AND state IN ('planned', 'blocked')");

	text_adds(&reason, "late: found ");
	when_span(&reason, late);
	text_adds(&reason, " after it was due");
	query_text(query, advisory->id);
	query_int(query, advisory->revision);
	query_text(query, wave);
	query_int(query, now - limit);
	ledger_move_all(ledger, now, query, "held", text_string(&reason));
	text_clear(&reason);
}

/* The first wave that is due and was not found yet: its delay; false when there is none. */
static bool
find_wave(struct ledger *ledger, const struct advisory *advisory, time_t now,
    struct text *wave, time_t *late)
{
	struct query *query = db_query(ledger->db,
	    "SELECT wave, min(due) FROM delivery AS d"
	    " WHERE advisory = ?1 AND revision = ?2 AND due <= ?3"
	    "  AND state NOT IN ('superseded', 'cancelled')"
	    "  AND NOT EXISTS (SELECT 1 FROM wave_found AS f WHERE f.advisory = ?1"
	    "   AND f.revision = ?2 AND f.wave = d.wave)"
	    " GROUP BY wave LIMIT 1");

	query_text(query, advisory->id);
	query_int(query, advisory->revision);
	query_int(query, now);
	if (!query_next(query))
		return false;
	text_adds(wave, row_text(query, 0));
	*late = now - (time_t)row_int(query, 1);
	return true;
}

/* A wave is judged once, so that what is armed into it later is not late. */
static void
judge_waves(
    struct ledger *ledger, const struct advisory *advisory, time_t now, time_t limit)
{
	struct text wave = { 0 };
	time_t late;

	while (find_wave(ledger, advisory, now, &wave, &late)) {
		struct query *query =
		    db_query(ledger->db, "INSERT INTO wave_found VALUES (?, ?, ?, ?, ?)");

		query_text(query, advisory->id);
		query_int(query, advisory->revision);
		query_text(query, text_string(&wave));
		query_int(query, now);
		query_int(query, late > limit);
		query_run(query);
		if (late > limit)
			hold_wave(ledger, advisory, text_string(&wave), late, limit, now);
		text_clear(&wave);
	}
}

bool
ledger_compare(struct ledger *ledger, const struct plan *plan, time_t now,
    time_t late_limit, struct error *err)
{
	if (!ledger_write_timely(ledger, now, err))
		return false;
	compare_lines(ledger, plan, now);
	if (late_limit >= 0)
		judge_waves(ledger, plan->advisory, now, late_limit);
	return db_end(ledger->db, true, err);
}

bool
ledger_block_advisory(struct ledger *ledger, const char *advisory, unsigned revision,
    const char *reason, time_t now, struct error *err)
{
	struct text clean = { 0 };
	struct query *query;

	if (!ledger_write(ledger, now, err))
		return false;
	ledger_clean(&clean, reason);
	query = db_query(ledger->db,
	    "SELECT id FROM unsettled WHERE advisory = ? AND revision = ? AND due <= ?"
	    " AND (state IN ('planned', 'deferred')"
	    "  OR state = 'blocked' AND reason <> ?)");
	query_text(query, advisory);
	query_int(query, revision);
	query_int(query, now);
	query_text(query, text_string(&clean));
	ledger_move_all(ledger, now, query, "blocked", text_string(&clean));
	text_clear(&clean);
	return db_end(ledger->db, true, err);
}
