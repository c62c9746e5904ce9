/* ledger_inside - what the files of the ledger share; nobody else includes it */
#ifndef EDGE_LEDGER_INSIDE_H
#define EDGE_LEDGER_INSIDE_H

#include <pthread.h>
#include <semaphore.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "edge/ledger.h"
#include "edge/ledger_db.h"

/*
 * What a connection asks of the ledger and waits for. Those who ask at the same time
 * share one transaction, and each has an answer of its own.
 */
struct request {
	/* Inside the transaction: answers for this request alone, and fails nobody's. */
	void (*serve)(struct ledger *ledger, struct request *request);
	const struct claim *claim;
	time_t now;
	enum outcome outcome; /* what to record ... */
	const struct reply *reply; /* ... with its reply */
	enum gate gate; /* the answer of a gate */
	bool ok; /* the answer to a record */
	struct error *err;
	sem_t woken; /* it is served, or is to lead */
	bool served;
	struct request *next;
};

/* Answers the request durably, together with those of other threads that wait. */
void ledger_share(struct ledger *ledger, struct request *request);

struct sharing {
	pthread_mutex_t mutex;
	struct request *first, **last; /* those that wait for a transaction */
	bool led; /* one of those that asked is in it, for all */
	int64_t batch; /* in it: the event that its gates begin with */
};

struct ledger {
	struct db *db; /* owned */
	struct sharing sharing;
	char *path, *mark; /* owned: its places */
	int64_t marked; /* the event that the mark names, as far as we know */
	int64_t run; /* since ledger_begin; 0: none */
	bool busy; /* the run has left something that names it */
	time_t (*since_boot)(void); /* since ledger_begin, like booted; or NULL */
	time_t booted;
};

/* What leads from each form of the file to the next; each list and the whole end with NULL. */
extern const char *const *const ledger_forms[];

/* A transaction that writes, and notes that `now` has been seen, if that can be. */
bool ledger_write(struct ledger *ledger, time_t now, struct error *err);
/* For a step that `now` decides: false for a clock that has leapt ahead. */
bool ledger_timely(const struct ledger *ledger, time_t now, struct error *err);
/* Both. */
bool ledger_write_timely(struct ledger *ledger, time_t now, struct error *err);
/* The same outside of a run: the clock is judged by what the ledger knows. */
bool ledger_write_by(struct ledger *ledger, const struct clock *clock, struct error *err);
/* Inside a transaction: judges the clock and notes it, or takes a person's word for it. */
bool ledger_judge_clock(
    struct ledger *ledger, const struct clock *clock, struct error *err);
void ledger_accept_clock(
    struct ledger *ledger, const struct clock *clock, const char *by, const char *why);

/*
 * Inside a transaction: the last event and its hash; 0 before the first one, where the
 * digest of the ledger's own id stands.
 */
int64_t ledger_chain_end(struct ledger *ledger, unsigned char hash[DIGEST_SIZE]);
/* The hash of an event from its parts. `text` is room to work in. */
struct event {
	int64_t seq, at, run, delivery;
	const char *kind, *data;
};
void ledger_event_hash(unsigned char hash[DIGEST_SIZE], const struct event *event,
    const unsigned char prev[DIGEST_SIZE], struct text *text);

/* Brings the mark up to the last event, if it is not there already. */
bool ledger_keep_mark(struct ledger *ledger, struct error *err);
/* Inside a transaction: whether the ledger is as new as its mark. */
bool ledger_check_mark(struct ledger *ledger, struct error *err);

/*
 * Inside a transaction: how many have agreed to a plan that is being armed; too few, and it
 * is kept as proposed.
 */
bool ledger_agreed(struct ledger *ledger, const struct arming *arming,
    struct agreement *agreement, struct error *err);

/* Ends the attempts that were at work when their run broke off. */
void ledger_break_off(struct ledger *ledger, time_t now);

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

/* A row of the view `shown`, whose columns come first. Strings until the next row. */
enum { SHOWN_COLUMNS = 22 };
struct delivery ledger_row(const struct query *query);

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

/* The marks of an edition: their row, 0 when it has none. */
int64_t ledger_keep_code(struct ledger *ledger, const struct edition *edition);
/* Adds ", marks DIGEST" for the event of a delivery that has marks. */
void ledger_tell_code(struct ledger *ledger, int64_t delivery, struct text *text);
/* Adds a mistake for each row whose marks are not those that it was made with. */
void ledger_check_codes(struct ledger *ledger, struct mistakes *mistakes);

/* Adds a word to a list: "address, key". */
void ledger_list(struct text *text, const char *word);

#endif
