/* Turns, by a clock of our own: how many a minute, and none of them twice. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "cmd/pace.h"

enum { THREADS = 8, TURNS = 2000 };

#define SECOND INT64_C(1000000000)

/* As couriers do: so many ask, each again as soon as its turn has come. */
static int64_t
last_of(struct pace *pace, int64_t begin, int couriers, int messages)
{
	int64_t free_at[THREADS], turn = 0;

	for (int i = 0; i < couriers; i++)
		free_at[i] = begin;
	for (int i = 0; i < messages; i++) {
		turn = pace_turn(pace, free_at[i % couriers]);
		/* Woken late, by up to a tenth of a second. */
		free_at[i % couriers] = turn + random() % (SECOND / 10);
	}
	return turn;
}

static void
a_rate_is_kept_to_a_hundredth(void **state)
{
	static const struct {
		int messages;
		int64_t span;
	} rates[] = { { 600, 60 * SECOND }, { 7, 60 * SECOND }, { 9, SECOND },
		{ 36000, 3600 * SECOND } };

	(void)state;
	srandom(1);
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++)
		for (int couriers = 2; couriers <= THREADS; couriers++) {
			int64_t begin = 1234567890123, took;
			struct pace pace;

			pace_open(&pace, rates[i].span / rates[i].messages);
			took =
			    last_of(&pace, begin, couriers, 10 * rates[i].messages + 1) -
			    begin;
			assert_true(llabs(took - 10 * rates[i].span) <=
			    rates[i].span / 10); /* 1 % of ten spans */
			pace_close(&pace);
		}
}

/* However they ask: never faster, not even to make up for what was lost. */
static void
no_two_turns_are_nearer_than_the_rate_allows(void **state)
{
	int64_t now = 5 * SECOND, before = 0, turn;
	struct pace pace;

	(void)state;
	srandom(2);
	pace_open(&pace, 100);
	for (int i = 0; i < 100000; i++) {
		turn = pace_turn(&pace, now);
		assert_true(turn >= now && (!before || turn - before >= 100));
		before = turn;
		now += random() % 10 ? random() % 100 : random() % 10000;
	}
	pace_close(&pace);
}

static void
without_a_rate_it_is_at_once(void **state)
{
	struct pace pace;

	(void)state;
	pace_open(&pace, 0);
	for (int64_t now = 1; now < 1000; now++)
		assert_int_equal(pace_turn(&pace, now), now);
	pace_close(&pace);
}

static void
the_clock_goes_on(void **state)
{
	int64_t before = pace_now();

	(void)state;
	assert_true(before > 0);
	assert_true(pace_now() >= before);
}

struct asking {
	struct pace *pace;
	int64_t turns[TURNS];
	pthread_t thread;
};

static void *
ask(void *ctx)
{
	struct asking *asking = ctx;

	for (int i = 0; i < TURNS; i++)
		asking->turns[i] = pace_turn(asking->pace, 1);
	return NULL;
}

static int
by_time(const void *a, const void *b)
{
	int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;

	return (one > two) - (one < two);
}

static void
threads_share_the_turns_and_each_is_one_s_alone(void **state)
{
	static struct asking asking[THREADS];
	static int64_t all[THREADS * TURNS];
	struct pace pace;

	(void)state;
	pace_open(&pace, 7);
	for (int i = 0; i < THREADS; i++) {
		asking[i].pace = &pace;
		assert_int_equal(
		    pthread_create(&asking[i].thread, NULL, ask, &asking[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		assert_int_equal(pthread_join(asking[i].thread, NULL), 0);
		for (int j = 0; j < TURNS; j++)
			all[i * TURNS + j] = asking[i].turns[j];
	}
	qsort(all, THREADS * TURNS, sizeof *all, by_time);
	for (int i = 0; i < THREADS * TURNS; i++)
		assert_int_equal(all[i], 1 + 7 * i);
	pace_close(&pace);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_rate_is_kept_to_a_hundredth),
		cmocka_unit_test(no_two_turns_are_nearer_than_the_rate_allows),
		cmocka_unit_test(without_a_rate_it_is_at_once),
		cmocka_unit_test(the_clock_goes_on),
		cmocka_unit_test(threads_share_the_turns_and_each_is_one_s_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
