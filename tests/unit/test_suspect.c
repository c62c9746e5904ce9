#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "policy/odds.h"
#include "policy/suspect.h"

/* Partners with a word each in each of some advisories, by a code of their own. */
struct world {
	struct text key;
	struct trail trails[12];
	size_t trail_count;
	struct suspect *suspects;
	size_t count;
};

static void
add_word(
    struct trail *trail, const struct marking *marking, unsigned groups, size_t marks)
{
	struct word *word;

	trail->words = mem_room(trail->words, trail->word_count, sizeof *trail->words);
	word = &trail->words[trail->word_count++];
	word->code = (int64_t)trail->word_count;
	word->groups = groups;
	word->count = marks;
	word->marks = mem_array(marks, sizeof *word->marks);
	for (size_t i = 0; i < marks; i++)
		word->marks[i] = (struct mark){
			.position = i, .symbol = marking_choose(marking, i, 2), .of = 2
		};
}

static void
add_trail(struct world *world, size_t which, unsigned groups, size_t marks)
{
	struct trail *trail = &world->trails[which];
	char advisory[32], holder[32];
	struct marking marking = {
		.key = &world->key, .advisory = advisory, .holder = holder
	};

	snprintf(advisory, sizeof advisory, "ADV-%zu", which);
	for (size_t i = 0; i < (groups ? groups : world->count); i++) {
		snprintf(holder, sizeof holder, "%zu", i);
		add_word(trail, &marking, groups, marks);
	}
	for (size_t i = 0; i < world->count; i++) {
		struct suspect *suspect = &world->suspects[i];
		unsigned group = (unsigned)i;

		if (groups)
			group =
			    mark_group(&world->key, advisory, suspect->partner, groups);
		suspect->words[which] = &trail->words[group];
	}
}

static void
make_world(struct world *world, const char *key, size_t partners, size_t trails,
    unsigned groups, size_t marks)
{
	*world = (struct world){ .count = partners, .trail_count = trails };
	text_adds(&world->key, key);
	world->suspects = mem_array(partners, sizeof *world->suspects);
	for (size_t i = 0; i < partners; i++) {
		world->suspects[i].contact = mem_format("partner-%zu/soc", i);
		world->suspects[i].partner = mem_format("partner-%zu", i);
		world->suspects[i].words = mem_array(trails, sizeof(struct word *));
	}
	for (size_t i = 0; i < trails; i++)
		add_trail(world, i, groups, marks);
}

static void
end_world(struct world *world)
{
	for (size_t i = 0; i < world->count; i++)
		suspect_clear(&world->suspects[i]);
	for (size_t i = 0; i < world->trail_count; i++)
		trail_clear(&world->trails[i]);
	free(world->suspects);
	text_clear(&world->key);
}

/* The first `read` marks of his copies leak. */
static void
leak(struct world *world, const struct suspect *leaker, size_t read)
{
	for (size_t i = 0; i < world->trail_count; i++)
		for (size_t j = 0; j < read; j++)
			findings_add(
			    &world->trails[i].findings, &leaker->words[i]->marks[j]);
}

static size_t
judge(struct world *world, double odds)
{
	size_t named = 0;

	suspects_judge(
	    world->suspects, world->count, 10, world->trails, world->trail_count);
	for (size_t i = 0; i < world->count; i++)
		named += world->suspects[i].odds < odds;
	return named;
}

static void
one_of_1000_is_named_from_30_marks_and_nobody_from_29(void **state)
{
	struct world world;

	(void)state;
	make_world(&world, "a key", 1000, 1, 0, 40);
	leak(&world, &world.suspects[617], 30);
	assert_int_equal(judge(&world, 1e-6), 1);
	assert_string_equal(world.suspects[0].contact, "partner-617/soc");
	assert_int_equal(world.suspects[0].agrees, 30);
	assert_true(world.suspects[0].odds <= 1000 * ldexp(1, -30));
	end_world(&world);

	make_world(&world, "a key", 1000, 1, 0, 40);
	leak(&world, &world.suspects[617], 29);
	assert_int_equal(judge(&world, 1e-6), 0);
	assert_string_equal(world.suspects[0].contact, "partner-617/soc");
	end_world(&world);
}

/* Whoever edits his copy spoils some marks; the odds are those of the binomial tail. */
static void
the_odds_of_spoilt_marks_are_exact(void **state)
{
	struct world world;
	double tail = 0, ways = 1;

	(void)state;
	make_world(&world, "a key", 1000, 1, 0, 60);
	for (size_t j = 0; j < 60; j++) {
		struct mark mark = world.suspects[5].words[0]->marks[j];

		mark.symbol ^= j % 15 == 0; /* four of sixty */
		findings_add(&world.trails[0].findings, &mark);
	}
	for (int wrong = 0; wrong <= 4; wrong++) {
		tail += ways;
		ways = ways * (60 - wrong) / (wrong + 1);
	}
	tail = 1000 * tail * ldexp(1, -60);
	assert_int_equal(judge(&world, 1e-6), 1);
	assert_string_equal(world.suspects[0].contact, "partner-5/soc");
	assert_int_equal(world.suspects[0].agrees, 56);
	assert_true(fabs(world.suspects[0].odds / tail - 1) < 1e-9);
	end_world(&world);
}

/* Whatever leaks, the bound holds: odds below one in ten are met by one in ten at most. */
static void
innocents_are_named_no_more_often_than_the_odds_say(void **state)
{
	size_t named = 0, grouped = 0;
	char key[32];

	(void)state;
	for (unsigned i = 0; i < 400; i++) {
		struct world world;
		struct mark mark = { .of = 2 };

		snprintf(key, sizeof key, "key %u", i);
		make_world(&world, key, 50, 2, i % 2 ? 16 : 0, 24);
		for (size_t j = 0; j < 48; j++) { /* of somebody who is not there */
			mark.position = j % 24;
			mark.symbol = (i * 2654435761u >> (j % 29)) & 1;
			findings_add(&world.trails[j / 24].findings, &mark);
		}
		*(i % 2 ? &grouped : &named) += judge(&world, 0.1) > 0;
		end_world(&world);
	}
	assert_in_range(named, 0, 40);
	assert_in_range(grouped, 0, 40);
}

static void
groups_name_one_of_thousands_over_some_advisories(void **state)
{
	struct world world;

	(void)state;
	make_world(&world, "a key", 3000, 1, 16, 30);
	leak(&world, &world.suspects[1234], 30);
	assert_int_equal(judge(&world, 0.05), 0);
	assert_int_equal((int)world.suspects[0].odds, 1); /* 3000 / 16 */
	end_world(&world);

	make_world(&world, "a key", 3000, 8, 16, 30);
	leak(&world, &world.suspects[1234], 30);
	assert_int_equal(judge(&world, 1e-6), 1);
	assert_string_equal(world.suspects[0].contact, "partner-1234/soc");
	assert_true(world.suspects[0].odds < 3000 * pow(16, -8) * 1.0001);
	end_world(&world);
}

static void
what_says_two_things_says_nothing(void **state)
{
	struct world world;

	(void)state;
	make_world(&world, "a key", 1000, 1, 0, 40);
	leak(&world, &world.suspects[1], 40);
	leak(&world, &world.suspects[2], 40);
	assert_true(findings_read(&world.trails[0].findings) < 30);
	assert_int_equal(judge(&world, 1e-6), 0);
	assert_int_equal(
	    world.suspects[0].read, findings_read(&world.trails[0].findings));
	end_world(&world);
}

static void
who_had_no_copy_scores_nothing(void **state)
{
	struct world world;

	(void)state;
	make_world(&world, "a key", 20, 1, 0, 40);
	leak(&world, &world.suspects[3], 40);
	world.suspects[3].words[0] = NULL;
	assert_int_equal(judge(&world, 0.05), 0);
	end_world(&world);
}

static void
odds_of_marks_of_any_size_are_exact(void **state)
{
	struct odds odds;

	(void)state;
	odds_init(&odds);
	odds_mark(&odds, 0.25, 3, -1);
	odds_mark(&odds, 0.5, 1, -1);
	assert_true(fabs(odds_tail(&odds, 4) - 0.125) < 1e-12);
	assert_true(fabs(odds_tail(&odds, 3) - 0.125) < 1e-12);
	assert_true(fabs(odds_tail(&odds, 2) - 0.25) < 1e-12);
	assert_true(fabs(odds_tail(&odds, 0) - 0.625) < 1e-12);
	assert_true(fabs(odds_tail(&odds, -2) - 1) < 1e-12);
	assert_true(odds_tail(&odds, 5) <= 0);
	odds_scale(&odds, 0.5);
	odds_put(&odds, 9, 0.5);
	assert_true(fabs(odds_tail(&odds, 5) - 0.5) < 1e-12);
	assert_true(fabs(odds_tail(&odds, -9) - 1) < 1e-12);
	odds_clear(&odds);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_of_1000_is_named_from_30_marks_and_nobody_from_29),
		cmocka_unit_test(the_odds_of_spoilt_marks_are_exact),
		cmocka_unit_test(innocents_are_named_no_more_often_than_the_odds_say),
		cmocka_unit_test(groups_name_one_of_thousands_over_some_advisories),
		cmocka_unit_test(what_says_two_things_says_nothing),
		cmocka_unit_test(who_had_no_copy_scores_nothing),
		cmocka_unit_test(odds_of_marks_of_any_size_are_exact),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
