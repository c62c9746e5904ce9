/* ledger_inside - what the files of the ledger share; nobody else includes it */
#ifndef EDGE_LEDGER_INSIDE_H
#define EDGE_LEDGER_INSIDE_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "edge/ledger.h"
#include "edge/ledger_db.h"

struct ledger {
	struct db *db; /* owned */
	int64_t run; /* since ledger_begin; 0: none */
	bool busy; /* the run has left something that names it */
};

extern const char *const ledger_schema[]; /* ends with NULL */

/* A transaction that writes, and notes that `now` has been seen. */
bool ledger_write(struct ledger *ledger, time_t now, struct error *err);
/* The latest time ever seen; inside a transaction. */
time_t ledger_latest(struct ledger *ledger);
/* Refuses a clock that stands before it; inside a transaction. */
bool ledger_clock(struct ledger *ledger, time_t now, struct error *err);

/* Adds to the chain. delivery 0: of the ledger as a whole. */
void ledger_event(struct ledger *ledger, time_t now, int64_t delivery, const char *kind,
    const char *data);
/* A row's new state and its event, which bears the name of the state. */
void ledger_move(struct ledger *ledger, time_t now, int64_t delivery, const char *state,
    const char *reason);
/* Moves each row whose id the query gives. */
void ledger_move_all(struct ledger *ledger, time_t now, struct query *which,
    const char *state, const char *reason);

/* A row as one of its claims finds it. */
struct claimed {
	bool ours; /* attempt and fence are the claim's */
	char state[16], was[16];
	time_t due;
};
/* False: there is no such row, or the disk failed. */
bool ledger_look(struct ledger *ledger, const struct claim *claim, struct claimed *row);

/* Strings from outside as they are stored: clean characters, at most 512 bytes. */
void ledger_clean(struct text *text, const char *string);

/* The ids a query gives, read to its end, so that the rows may then be changed. */
struct ids {
	int64_t *all; /* owned */
	size_t count;
};
void ids_add(struct ids *ids, int64_t id);
void ids_read(struct ids *ids, struct query *query);
void ids_clear(struct ids *ids);

/* Adds a word to a list: "address, key". */
void ledger_list(struct text *text, const char *word);

#endif
