/* report - what became of one revision: read once from the ledger, written in several ways */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "edge/ledger.h"

/* What a state asks of the reader. Each delivery is in one group. */
enum report_group {
	REPORT_ACCEPTED,
	REPORT_WAITING, /* a run sends it, now or later */
	REPORT_STUCK, /* a person decides; what waits, but is held by one, is stuck */
	REPORT_CLOSED, /* not sent, and nobody is to send it */
	REPORT_GROUPS
};

struct report_state {
	const char *word; /* of the manual */
	enum report_group group;
};
enum { REPORT_STATES = 13 };
extern const struct report_state report_states[REPORT_STATES];

/* A line is late that is not accepted an hour after it was due. */
enum { REPORT_LATE = 3600 };

struct report_row {
	struct past past; /* its strings are the report's */
	const char *next; /* the next step, or "" */
	enum report_group group;
	size_t state; /* in report_states */
	time_t accepted; /* 0: it is not */
	bool late;
};

struct report_wave {
	const char *name;
	time_t due, until; /* the earliest, the latest of its lines */
	time_t found; /* open by a first run; 0: not yet */
	bool held_late; /* that run took it for late */
	size_t lines, due_count, late_count, tries;
	size_t groups[REPORT_GROUPS], states[REPORT_STATES];
	time_t *
	    accepted; /* owned: when each was, ascending; groups[REPORT_ACCEPTED] of them */
};

struct report {
	const char *advisory;
	unsigned revision;
	time_t now;
	struct report_row *rows; /* owned; by wave, then by contact */
	size_t row_count;
	struct report_wave *waves; /* owned; as they become due */
	size_t wave_count;
	size_t undone; /* due or blocked, and in need of a run or a person */
	struct pool strings;
};

/*
 * revision 0: the newest armed one. Asks the ledger alone, so that it works when the
 * programme's files have changed or gone. False, with an error, when nothing is armed.
 */
bool report_make(struct report *report, struct ledger *ledger, const char *advisory,
    unsigned revision, time_t now, struct error *err);
void report_clear(struct report *report);

/* The first acceptance, and the one by which so many of all there are had come; or 0. */
time_t report_first(const struct report_wave *wave);
time_t report_by(const struct report_wave *wave, unsigned percent);
/* How many a second, of the first 95 percent; 0 when that cannot be said. */
double report_rate(const struct report_wave *wave);
/* How long it took: "96 s", "1 h 8 min" */
void report_span_write(struct text *text, time_t seconds);
/* "3 planned, 1 refused" */
void report_states_write(struct text *text, const struct report_wave *wave);
/* Whether it waits for a person, or was tried in vain. */
bool report_failed(const struct report_row *row);
/* The rows that took longest from due to accepted, slowest first; at most `most`. */
size_t report_slowest(
    const struct report *report, const struct report_row *slowest[], size_t most);
/* What it has in its favour or against it, as last said. */
const char *report_reason(const struct report_row *row);

/* Short, for a mail: waves, counts, and who is stuck with the next step. No titles. */
void report_text(struct text *text, const struct report *report);

#endif
