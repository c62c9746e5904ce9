/* Several connections at the gate: one transaction for all who wait, an answer for each. */
#include "ledger_world.h"

#include <pthread.h>
#include <sched.h>
#include <sys/stat.h>

#include "edge/ledger_inside.h"

struct asking {
	struct world *w;
	struct claim claim;
	time_t now;
	bool record;
	enum gate gate;
	bool ok;
	struct error err;
	pthread_t thread;
};

static void *
ask(void *ctx)
{
	const struct reply reply = { 250, "250 2.0.0 taken" };
	struct asking *asking = ctx;

	if (asking->record)
		asking->ok = ledger_record(asking->w->ledger, &asking->claim, ACCEPTED,
		    &reply, asking->now, &asking->err);
	else
		asking->gate = ledger_gate(
		    asking->w->ledger, &asking->claim, asking->now, &asking->err);
	return NULL;
}

static size_t
waiting(struct ledger *ledger)
{
	size_t count = 0;

	pthread_mutex_lock(&ledger->sharing.mutex);
	for (struct request *one = ledger->sharing.first; one; one = one->next)
		count++;
	pthread_mutex_unlock(&ledger->sharing.mutex);
	return count;
}

static bool
is_led(struct ledger *ledger)
{
	bool led;

	pthread_mutex_lock(&ledger->sharing.mutex);
	led = ledger->sharing.led;
	pthread_mutex_unlock(&ledger->sharing.mutex);
	return led;
}

/*
 * The first one leads and cannot get into the ledger, which a stranger holds; so the
 * others have come to wait by the time it is let in.
 */
static void
ask_together(struct world *w, struct asking asking[], size_t n)
{
	sqlite3 *stranger = NULL;

	assert_int_equal(sqlite3_open(w->path, &stranger), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(stranger, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
	for (size_t i = 0; i < n; i++) {
		asking[i].w = w;
		assert_int_equal(
		    pthread_create(&asking[i].thread, NULL, ask, &asking[i]), 0);
		while (!is_led(w->ledger))
			sched_yield();
	}
	while (waiting(w->ledger) < n - 1)
		sched_yield();
	assert_int_equal(sqlite3_exec(stranger, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(stranger);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(pthread_join(asking[i].thread, NULL), 0);
}

static void
who_waits_shares_the_next_transaction(void **state)
{
	struct world *w = *state;
	struct asking asking[CONTACTS] = { 0 };

	arm(w, EARLIER);
	begin(w, OPENS);
	for (size_t i = 0; i < CONTACTS; i++)
		asking[i] = (struct asking){ .claim = take(w, i, OPENS), .now = OPENS };
	ask_together(w, asking, CONTACTS);
	for (size_t i = 0; i < CONTACTS; i++)
		assert_int_equal(asking[i].gate, GATE_OPEN);
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM event"
			     " WHERE kind = 'committed'"),
	    CONTACTS);
	/* The leader's own, and one for all the others. */
	assert_int_equal(sql_number(w,
			     "SELECT count(DISTINCT data) FROM event"
			     " WHERE kind = 'committed'"),
	    2);
}

static void
each_has_its_own_answer(void **state)
{
	struct world *w = *state;
	struct asking asking[CONTACTS] = { 0 };

	arm(w, EARLIER);
	begin(w, OPENS);
	for (size_t i = 0; i < CONTACTS; i++)
		asking[i] = (struct asking){ .claim = take(w, i, OPENS), .now = OPENS };
	assert_int_equal(
	    ledger_gate(w->ledger, &asking[1].claim, OPENS, &w->err), GATE_OPEN);
	asking[1].record = true;
	asking[2].claim.fence--; /* another's */
	asking[3].now = OPENS + LASTS; /* too late; it is the last to be served */
	ask_together(w, asking, CONTACTS);
	assert_int_equal(asking[0].gate, GATE_OPEN);
	assert_true(asking[1].ok);
	assert_int_equal(asking[2].gate, GATE_LOST);
	assert_int_equal(asking[3].gate, GATE_CLOSED);
	assert_state(w, 1, "accepted");
	assert_state(w, 2, "sending");
	assert_state(w, 3, "sending");
}

/* Killed between the commit of a shared gate and its mark. */
static void
a_shared_gate_that_did_not_reach_the_mark_let_nothing_out(void **state)
{
	struct world *w = *state;
	struct asking asking[CONTACTS] = { 0 };
	char *before = mem_format("%s/other", w->dir);
	char command[128];

	arm(w, EARLIER);
	begin(w, OPENS);
	for (size_t i = 0; i < CONTACTS; i++)
		asking[i] = (struct asking){ .claim = take(w, i, OPENS), .now = OPENS };
	/* The leader's gate is a batch of its own, which the mark knows. */
	snprintf(command, sizeof command, "cp %s %s", w->mark, before);
	assert_int_equal(
	    ledger_gate(w->ledger, &asking[0].claim, OPENS, &w->err), GATE_OPEN);
	asking[0].record = true;
	assert_int_equal(system(command), 0);
	ask_together(w, asking, CONTACTS);
	snprintf(command, sizeof command, "cp %s %s", before, w->mark);
	assert_int_equal(system(command), 0);
	free(before);
	ledger_close(w->ledger);
	w->ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	must(w, w->ledger != NULL);
	begin(w, OPENS + 1);
	assert_state(w, 0, "accepted");
	for (size_t i = 1; i < CONTACTS; i++)
		assert_state(w, i, "planned");
}

static void
a_mark_that_cannot_be_written_shuts_every_gate(void **state)
{
	struct world *w = *state;
	struct asking asking[2] = { 0 };

	arm(w, EARLIER);
	begin(w, OPENS);
	for (size_t i = 0; i < 2; i++)
		asking[i] = (struct asking){ .claim = take(w, i, OPENS), .now = OPENS };
	assert_int_equal(unlink(w->mark), 0);
	assert_int_equal(mkdir(w->mark, 0700), 0);
	ask_together(w, asking, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(asking[i].gate, GATE_ERROR);
		assert_non_null(strstr(asking[i].err.message, "cannot be written"));
	}
	assert_int_equal(rmdir(w->mark), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ledger_test(who_waits_shares_the_next_transaction),
		ledger_test(each_has_its_own_answer),
		ledger_test(a_shared_gate_that_did_not_reach_the_mark_let_nothing_out),
		ledger_test(a_mark_that_cannot_be_written_shuts_every_gate),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
