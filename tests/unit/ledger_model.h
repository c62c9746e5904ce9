/*
 * ledger_model - what the manual says of deliveries, in memory and without SQL: a
 * second opinion for test_ledger_model. One advisory, its revisions, four contacts.
 */
#ifndef TESTS_LEDGER_MODEL_H
#define TESTS_LEDGER_MODEL_H

#include "ledger_world.h"

enum { REVISIONS = 64, ATTEMPTS = 128, WAVES = 2 };

/* Bits, so that several can be asked for at once. */
enum state {
	NEVER = 1,
	PLANNED = 1 << 1,
	SENDING = 1 << 2,
	COMMITTED = 1 << 3,
	TAKEN = 1 << 4,
	WAITING = 1 << 5,
	REJECTED = 1 << 6,
	DOUBTFUL = 1 << 7,
	BLOCKED = 1 << 8,
	HELD = 1 << 9,
	SUPERSEDED = 1 << 10,
	CANCELLED = 1 << 11,
	EXPIRED = 1 << 12,
	GIVEN_UP = 1 << 13,
	UNSENT = PLANNED | WAITING | BLOCKED | HELD, /* and nobody is at it */
	SETTLED = NEVER | TAKEN | SUPERSEDED | CANCELLED | GIVEN_UP,
	FROZEN = COMMITTED | TAKEN | DOUBTFUL, /* it may be out */
};

static inline const char *
state_name(enum state state)
{
	static const char *const names[] = { "", "planned", "sending", "committed",
		"accepted", "deferred", "refused", "unknown", "blocked", "held",
		"superseded", "cancelled", "expired", "given up" };
	size_t bit = 0;

	while (state >> bit != 1)
		bit++;
	return names[bit];
}

struct row {
	enum state state, was; /* was: before it was claimed */
	bool doubted; /* it was unknown when it was given up */
	int mail; /* what the armed line says, beside its opening */
	time_t opens, armed, due, until, next_try;
	int64_t attempts, fence;
	bool failed[ATTEMPTS]; /* by attempt: deferred or refused */
	int tried_in,
	    refused_in; /* the run of its last attempt, and if that was refused */
};

struct model {
	struct row rows[REVISIONS][CONTACTS];
	bool found[REVISIONS][WAVES];
	unsigned newest; /* armed revision, from 1; 0: none */
	time_t seen;
	int64_t fence;
	int run, runs; /* run: at work, 0 none */
};

/* What a plan says of now: the first `count` contacts, each with its line. */
struct wish {
	unsigned revision;
	size_t count;
	int mail[CONTACTS];
	time_t opens[CONTACTS];
};

static inline void
model_see(struct model *m, time_t now)
{
	if (now > m->seen)
		m->seen = now;
}

/* Two readings of one clock may differ by two seconds; after a boot a month is believed. */
static inline bool
model_believes(const struct model *m, time_t now)
{
	return now >= m->seen - 2 && (!m->seen || now <= m->seen + 31 * 86400);
}

/* Arming */

static inline bool
row_frozen(const struct row *row)
{
	return row->state & FROZEN || (row->state == GIVEN_UP && row->doubted);
}

static inline void
row_arm(struct row *row, const struct wish *wish, size_t i, time_t now)
{
	bool same = row->mail == wish->mail[i] && row->opens == wish->opens[i];

	if (row->state != NEVER && row->state != CANCELLED && same)
		return;
	if (row_frozen(row))
		return;
	row->state = PLANNED;
	row->mail = wish->mail[i];
	row->opens = wish->opens[i];
	row->armed = now;
	row->due = row->opens > now ? row->opens : now;
	row->until = row->due + LASTS;
	row->next_try = 0;
}

static inline bool
model_arm(struct model *m, const struct wish *wish, time_t now)
{
	struct row *rows = m->rows[wish->revision];

	if (!model_believes(m, now) || m->newest > wish->revision)
		return false;
	for (size_t i = 0; i < wish->count; i++)
		if (row_frozen(&rows[i]) && rows[i].mail != wish->mail[i])
			return false;
	for (size_t i = 0; i < wish->count; i++)
		row_arm(&rows[i], wish, i, now);
	for (unsigned r = 1; r < wish->revision; r++)
		for (size_t i = 0; i < CONTACTS; i++)
			if ((m->rows[r][i].state &
				(UNSENT | SENDING | REJECTED | EXPIRED)))
				m->rows[r][i].state = SUPERSEDED;
	for (size_t i = wish->count; i < CONTACTS; i++)
		if (rows[i].state & (UNSENT | SENDING | REJECTED | EXPIRED))
			rows[i].state = CANCELLED;
	m->newest = wish->revision;
	model_see(m, now);
	return true;
}

/* A run */

static inline bool
model_begin(struct model *m, time_t now)
{
	m->run = 0;
	if (!model_believes(m, now))
		return false;
	model_see(m, now);
	m->run = ++m->runs;
	for (unsigned r = 1; r <= m->newest; r++)
		for (size_t i = 0; i < CONTACTS; i++) {
			struct row *row = &m->rows[r][i];

			if (row->state == SENDING)
				row->state = PLANNED;
			if (row->state == COMMITTED)
				row->state = DOUBTFUL;
			if (!(row->state & UNSENT) || row->until > now)
				continue;
			row->state = EXPIRED;
			m->found[r][i / 2] = true;
		}
	return true;
}

static inline void
row_compare(struct row *row, const struct wish *wish, size_t i)
{
	bool there = i < wish->count && row->mail == wish->mail[i];

	if (there && wish->opens[i] > row->opens) {
		row->opens = wish->opens[i];
		row->due = row->opens > row->armed ? row->opens : row->armed;
		row->until = row->due + LASTS;
	} else if ((!there || wish->opens[i] != row->opens) && row->state != HELD) {
		row->state = BLOCKED;
	}
}

static inline void
model_judge_wave(
    struct model *m, unsigned revision, size_t wave, time_t now, time_t limit)
{
	struct row *rows = &m->rows[revision][2 * wave];
	time_t first = now + 1;

	for (size_t i = 0; i < 2; i++)
		if (!(rows[i].state & (NEVER | SUPERSEDED | CANCELLED)) &&
		    rows[i].due < first)
			first = rows[i].due;
	if (first > now || m->found[revision][wave])
		return;
	m->found[revision][wave] = true;
	for (size_t i = 0; i < 2 && now - first > limit; i++)
		if ((rows[i].state & (PLANNED | BLOCKED)) && rows[i].due < now - limit)
			rows[i].state = HELD;
}

static inline void
model_compare(struct model *m, const struct wish *wish, time_t now, time_t limit)
{
	struct row *rows = m->rows[wish->revision];

	model_see(m, now);
	for (size_t i = 0; i < CONTACTS; i++)
		if (rows[i].state & UNSENT)
			row_compare(&rows[i], wish, i);
	for (size_t wave = 0; wave < WAVES && limit >= 0; wave++)
		model_judge_wave(m, wish->revision, wave, now, limit);
}

static inline bool
model_claim(
    struct model *m, const struct wish *wish, size_t i, time_t now, enum claim_by by)
{
	struct row *row = &m->rows[wish->revision][i];
	bool hand = by == CLAIM_HAND;

	model_see(m, now);
	m->fence++;
	if (wish->revision != m->newest || row->mail != wish->mail[i] ||
	    row->opens != wish->opens[i] || now < row->due || row->until <= m->seen)
		return false;
	if (!(row->state & (PLANNED | BLOCKED)) &&
	    !(row->state == WAITING && (hand || row->next_try <= now)) &&
	    !(row->state == HELD && hand))
		return false;
	row->was = row->state;
	row->state = SENDING;
	row->attempts++;
	row->fence = m->fence;
	row->failed[row->attempts] = false;
	row->tried_in = m->run;
	row->refused_in = 0;
	return true;
}

static inline bool
row_ours(const struct row *row, const struct claim *claim)
{
	return row->attempts == claim->attempt && row->fence == claim->fence;
}

static inline enum gate
model_gate(struct model *m, struct row *row, const struct claim *claim, time_t now)
{
	model_see(m, now);
	if (!row_ours(row, claim))
		return GATE_LOST;
	if (row->state == HELD)
		return GATE_HELD;
	if (row->state & (SUPERSEDED | CANCELLED | GIVEN_UP))
		return GATE_CLOSED;
	if (row->state != SENDING)
		return GATE_LOST;
	if (now < row->due || row->until <= m->seen)
		return GATE_CLOSED;
	row->state = COMMITTED;
	return GATE_OPEN;
}

/* 5, 10, 20, 40, then 60 minutes; the last try is a minute before its time is over. */
static inline void
row_wait(struct row *row, time_t now)
{
	static const int minutes[] = { 5, 5, 10, 20, 40, 60 };
	int failures = 0;

	for (size_t n = 0; n < ATTEMPTS; n++)
		failures += row->failed[n];
	row->state = WAITING;
	row->next_try = now + 60 * minutes[failures < 5 ? failures : 5];
	if (row->next_try > row->until - 60)
		row->next_try = row->until - 60;
}

static inline void
row_settle(struct row *row, enum outcome outcome, int code, time_t now)
{
	bool passed = row->state == COMMITTED;

	if (outcome == DEFERRED)
		row_wait(row, now);
	else if (outcome == REFUSED)
		row->state = REJECTED;
	else if (outcome == NOT_SENT)
		row->state = PLANNED;
	else if (outcome == OUR_TROUBLE && (!passed || code >= 400))
		row->state = PLANNED;
	else
		row->state = outcome == ACCEPTED && passed ? TAKEN : DOUBTFUL;
}

static inline bool
model_record(struct model *m, struct row *row, const struct claim *claim,
    enum outcome outcome, int code, time_t now)
{
	bool open = (row->state & (SENDING | COMMITTED));
	bool sent = outcome == ACCEPTED || outcome == UNKNOWN;

	model_see(m, now); /* its transaction may be shared, and stands */
	if (!row_ours(row, claim) || (!open && sent))
		return false;
	row->failed[row->attempts] = outcome == DEFERRED || outcome == REFUSED;
	row->refused_in = outcome == REFUSED && code ? row->tried_in : 0;
	if (open)
		row_settle(row, outcome, code, now);
	return true;
}

/* Blocked for a reason, or, without one, as if it had never been claimed. */
static inline bool
model_drop(struct model *m, struct row *row, const struct claim *claim, enum state after,
    time_t now)
{
	if (!row_ours(row, claim))
		return false;
	model_see(m, now);
	if (row->state != SENDING)
		return true;
	row->attempts--;
	row->state = after == NEVER ? row->was : after;
	return true;
}

static inline void
model_soften(struct model *m, time_t now)
{
	model_see(m, now);
	for (unsigned r = 1; r <= m->newest; r++)
		for (size_t i = 0; i < CONTACTS; i++)
			if (m->rows[r][i].state == REJECTED && m->run &&
			    m->rows[r][i].refused_in == m->run)
				row_wait(&m->rows[r][i], now);
}

static inline bool
model_decide(
    struct model *m, unsigned revision, size_t i, enum decision decision, time_t now)
{
	struct row *row = &m->rows[revision][i];
	bool again = decision == DECIDE_RETRY || decision == DECIDE_RESEND;

	if (!model_believes(m, now) || (again && revision != m->newest))
		return false;
	switch (decision) {
	case DECIDE_RETRY:
		if (!(row->state & (REJECTED | EXPIRED | BLOCKED | HELD)))
			return false;
		break;
	case DECIDE_ACCEPTED:
	case DECIDE_RESEND:
		if (row->state != DOUBTFUL)
			return false;
		break;
	case DECIDE_GIVE_UP:
		if (row->state & (SETTLED | COMMITTED))
			return false;
	}
	model_see(m, now);
	row->doubted = row->state == DOUBTFUL;
	row->state = again ? PLANNED : decision == DECIDE_ACCEPTED ? TAKEN : GIVEN_UP;
	if (again)
		row->next_try = 0;
	if (again && row->until < now + LASTS)
		row->until = now + LASTS;
	return true;
}

#endif
