#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/mark.h"

enum { MOST = 4096 };

static struct text
key(const char *bytes)
{
	struct text text = { 0 };

	text_adds(&text, bytes);
	return text;
}

/* So many two-way marks. */
static void
two_way(struct mark *marks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		marks[i] = (struct mark){ .position = 1000 + i, .of = 2 };
}

/* The word of a holder as a number. */
static uint64_t
word(const struct marking *marking, const struct mark *marks, size_t count)
{
	uint64_t number = 0;

	for (size_t i = 0; i < count; i++)
		number = number * marks[i].of +
		    marking_choose(marking, marks[i].position, marks[i].of);
	return number;
}

/* How many of n holders have a word that one before them has. */
static size_t
repeats(unsigned n, size_t bits, size_t *alike)
{
	struct text secret = key("some key of our own, long enough");
	struct marking marking = { .key = &secret, .advisory = "ADV-1" };
	struct mark marks[16];
	struct codes codes;
	bool *seen = calloc((size_t)1 << bits, sizeof *seen);
	size_t count = 0;
	char name[32];

	two_way(marks, bits);
	codes_init(&codes, marks, bits);
	marking.holder = name;
	for (unsigned i = 0; i < n; i++) {
		uint64_t its;

		snprintf(name, sizeof name, "partner-%u/soc", i);
		marking.attempt = codes_take(&codes, &marking);
		its = word(&marking, marks, bits);
		count += seen[its];
		seen[its] = true;
	}
	*alike = codes.alike;
	free(seen);
	codes_clear(&codes);
	text_clear(&secret);
	return count;
}

static void
no_two_words_are_alike_as_long_as_there_are_enough(void **state)
{
	static const unsigned sizes[] = { 2, 3, 4, 5, 7, 8, 16, 31, 100, 256, 1000, 2047,
		2048, 2049, 4095, MOST };

	(void)state;
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		size_t bits = 0, alike;

		while (1u << bits < sizes[i])
			bits++;
		assert_int_equal(repeats(sizes[i], bits, &alike), 0);
		assert_int_equal(alike, 0);
	}
}

static void
copies_for_which_no_word_is_left_are_counted(void **state)
{
	size_t alike;

	(void)state;
	assert_int_equal(repeats(100, 6, &alike), 36);
	assert_int_equal(alike, 36);
}

static void
a_holder_more_changes_no_other_word_but_by_collision(void **state)
{
	struct text secret = key("some key of our own, long enough");
	struct marking marking = { .key = &secret, .advisory = "ADV-1" };
	struct mark marks[30];
	struct codes with, without;
	char name[32];

	(void)state;
	two_way(marks, 30);
	codes_init(&with, marks, 30);
	codes_init(&without, marks, 30);
	marking.holder = "aaa/one-more";
	codes_take(&with, &marking);
	marking.holder = name;
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(name, sizeof name, "partner-%u/soc", i);
		assert_int_equal(
		    codes_take(&with, &marking), codes_take(&without, &marking));
	}
	codes_clear(&with);
	codes_clear(&without);
	text_clear(&secret);
}

/* Of 4,096 fair draws of two, 2,048 are expected; 256 more or fewer are eight sigma. */
static void
symbols_are_fair_and_of_one_advisory_alone(void **state)
{
	struct text secret = key("some key of our own, long enough");
	struct marking one = { .key = &secret, .advisory = "ADV-1" };
	struct marking two = { .key = &secret, .advisory = "ADV-2" };
	char name[32];

	(void)state;
	one.holder = two.holder = name;
	for (uint64_t position = 0; position < 20; position++) {
		size_t ones = 0, same = 0, beside = 0;

		for (unsigned i = 0; i < MOST; i++) {
			uint64_t symbol;

			snprintf(name, sizeof name, "partner-%u/soc", i);
			symbol = marking_choose(&one, position, 2);
			ones += symbol;
			same += symbol == marking_choose(&two, position, 2);
			beside += symbol == marking_choose(&one, position + 1, 2);
		}
		assert_in_range(ones, 1792, 2304);
		assert_in_range(same, 1792, 2304);
		assert_in_range(beside, 1792, 2304);
	}
	text_clear(&secret);
}

static void
another_key_is_another_code(void **state)
{
	struct text keys[] = { key("some key of our own, long enough"),
		key("some key of our own, long enouGh") };
	struct text what = key("one wording|another");
	size_t same = 0, groups = 0;

	(void)state;
	assert_true(mark_position(&keys[0], &what) != mark_position(&keys[1], &what));
	for (unsigned i = 0; i < MOST; i++) {
		struct marking one = { .key = &keys[0], .advisory = "A", .holder = "p" };
		struct marking two = { .key = &keys[1], .advisory = "A", .holder = "p" };
		char name[32];

		snprintf(name, sizeof name, "partner-%u", i);
		same += marking_choose(&one, i, 2) == marking_choose(&two, i, 2);
		groups += mark_group(&keys[0], "A", name, 16) ==
		    mark_group(&keys[1], "A", name, 16);
	}
	assert_in_range(same, 1792, 2304);
	assert_in_range(groups, 156, 356);
	text_clear(&keys[0]);
	text_clear(&keys[1]);
	text_clear(&what);
}

static void
groups_are_of_a_size_and_drawn_anew_for_each_advisory(void **state)
{
	struct text secret = key("some key of our own, long enough");
	size_t sizes[16] = { 0 }, same = 0;

	(void)state;
	for (unsigned i = 0; i < MOST; i++) {
		char name[32];
		unsigned group;

		snprintf(name, sizeof name, "partner-%u", i);
		group = mark_group(&secret, "ADV-1", name, 16);
		sizes[group]++;
		same += group == mark_group(&secret, "ADV-2", name, 16);
	}
	for (size_t i = 0; i < 16; i++)
		assert_in_range(sizes[i], 156, 356);
	assert_in_range(same, 156, 356);
	text_clear(&secret);
}

static void
a_notice_number_is_eight_characters_and_takes_no_part_in_words(void **state)
{
	static const struct {
		uint64_t symbol;
		const char *number;
	} samples[] = { { 0, "2222-2222" }, { 1, "2222-2223" },
		{ NOTICE_OF - 1, "ZZZZ-ZZZZ" }, { (uint64_t)31 << 20, "222Z-2222" } };
	const struct mark marks[] = { { .position = 1, .of = NOTICE_OF },
		{ .position = 2, .of = 4 }, { .position = 2, .of = 4 } };
	struct codes codes;

	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct text text = { 0 };

		notice_write(&text, samples[i].symbol);
		assert_string_equal(text_string(&text), samples[i].number);
		text_clear(&text);
	}
	codes_init(&codes, marks, 3);
	assert_int_equal(codes.site_count, 1);
	assert_int_equal((int)codes.room, 4);
	assert_int_equal((int)marks_bits(marks, 3), 2);
	codes_clear(&codes);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_two_words_are_alike_as_long_as_there_are_enough),
		cmocka_unit_test(copies_for_which_no_word_is_left_are_counted),
		cmocka_unit_test(a_holder_more_changes_no_other_word_but_by_collision),
		cmocka_unit_test(symbols_are_fair_and_of_one_advisory_alone),
		cmocka_unit_test(another_key_is_another_code),
		cmocka_unit_test(groups_are_of_a_size_and_drawn_anew_for_each_advisory),
		cmocka_unit_test(
		    a_notice_number_is_eight_characters_and_takes_no_part_in_words),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
