#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/when.h"
#include "policy/programme.h"
#include "said.h"

/* entry admits guidance; validate admits guidance and detection, and opens earlier. */
static struct programme
sound(void)
{
	struct programme programme = { .language = "en" };

	programme.tiers = mem_array(2, sizeof *programme.tiers);
	programme.tier_count = 2;
	programme.tiers[0] =
	    (struct tier){ .id = "entry", .rank = 1, .place = { "f", 10 } };
	programme.tiers[1] =
	    (struct tier){ .id = "validate", .rank = 2, .place = { "f", 20 } };
	classes_add(&programme.tiers[0].admits, "guidance");
	classes_add(&programme.tiers[1].admits, "detection");
	classes_add(&programme.tiers[1].admits, "guidance");

	programme.waves = mem_array(2, sizeof *programme.waves);
	programme.wave_count = 2;
	for (size_t i = 0; i < 2; i++) {
		struct wave *wave = &programme.waves[i];

		*wave = (struct wave){ .id = i ? "main" : "early",
			.place = { "f", i ? 40 : 30 } };
		wave->tiers = mem_array(2, sizeof *wave->tiers);
		wave->tiers[wave->tier_count++] = &programme.tiers[1 - i];
	}
	assert_true(offset_parse("release - 48h", &programme.waves[0].opens));
	assert_true(offset_parse("release - 24h", &programme.waves[1].opens));
	return programme;
}

static void
opens(struct programme *programme, const char *early, const char *late)
{
	assert_true(offset_parse(early, &programme->waves[0].opens));
	assert_true(offset_parse(late, &programme->waves[1].opens));
}

static void
a_sound_programme_has_nothing_to_say(void **state)
{
	struct programme programme = sound();
	struct mistakes mistakes = { 0 };

	(void)state;
	programme_check(&programme, &mistakes);
	assert_nothing_said(&mistakes);
	assert_string_equal(programme_tier(&programme, "entry")->id, "entry");
	assert_null(programme_tier(&programme, "entr"));
	assert_string_equal(
	    programme_wave_of(&programme, &programme.tiers[1])->id, "early");
	assert_true(programme_knows_class(&programme, "detection"));
	assert_false(programme_knows_class(&programme, "proof-of-concept"));
	assert_false(programme_falls_back(&programme, "ko"));
	programme_clear(&programme);
}

static void
a_tier_is_in_exactly_one_wave(void **state)
{
	struct programme programme = sound();
	struct mistakes mistakes = { 0 };

	(void)state;
	programme.waves[1].tiers[programme.waves[1].tier_count++] = &programme.tiers[1];
	programme_check(&programme, &mistakes);
	assert_said_only(&mistakes,
	    "f:40: wave 'main': tier 'validate' is in wave 'early' already (line 30); "
	    "keep one of them");
	programme.waves[1].tier_count = 0;
	programme_check(&programme, &mistakes);
	assert_said_only(
	    &mistakes, "f:10: tier 'entry': is in no wave; name it in the tiers of one");
	programme_clear(&programme);
}

static void
ranks_are_unique(void **state)
{
	struct programme programme = sound();
	struct mistakes mistakes = { 0 };

	(void)state;
	programme.tiers[1].rank = 1;
	programme_check(&programme, &mistakes);
	assert_said_only(&mistakes,
	    "f:20: tier 'validate': rank 1 is that of tier 'entry', too (line 10); make "
	    "each unique");
	programme_clear(&programme);
}

static void
a_higher_rank_admits_all_that_a_lower_one_does(void **state)
{
	struct programme programme = sound();
	struct mistakes mistakes = { 0 };

	(void)state;
	classes_add(&programme.tiers[0].admits, "indicators");
	programme_check(&programme, &mistakes);
	assert_said_only(&mistakes,
	    "f:20: tier 'validate': does not admit all that tier 'entry' below it does "
	    "(line 10); add the classes or change the ranks");
	programme_clear(&programme);
}

static void
a_higher_rank_opens_no_later(void **state)
{
	static const char later[] =
	    "f:30: wave 'early': tier 'validate' ranks above 'entry' but can open later "
	    "than wave 'main' (line 40)";
	static const struct {
		const char *early, *late;
		bool ok;
	} all[] = { { "release - 24h", "release - 24h", true },
		{ "release - 23h", "release - 24h", false },
		{ "release - 5bd", "release - 4bd", true },
		{ "release - 4bd", "release - 5bd", false },
		/* Five business days before a Saturday are five days. */
		{ "release - 5bd", "release - 5d", true },
		{ "release - 5bd", "release - 121h", false },
		/* One business day is one day, but three before a Monday. */
		{ "release - 24h", "release - 1bd", false },
		{ "release - 3d", "release - 1bd", true },
		{ "release - 1bd", "release", true },
		{ "release", "release + 1bd", true },
		{ "release + 1bd", "release + 24h", false } };
	struct programme programme = sound();
	struct mistakes mistakes = { 0 };

	(void)state;
	programme.calendar.weekend = 1 | 64;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		opens(&programme, all[i].early, all[i].late);
		programme_check(&programme, &mistakes);
		if (all[i].ok)
			assert_nothing_said(&mistakes);
		else
			assert_said_only(&mistakes, later);
	}
	programme_clear(&programme);
}

static void
one_holiday_can_turn_the_order(void **state)
{
	struct programme programme = sound();
	struct mistakes mistakes = { 0 };
	time_t monday;

	(void)state;
	programme.calendar.weekend = 1 | 64;
	opens(&programme, "release - 3d", "release - 1bd");
	programme_check(&programme, &mistakes);
	assert_nothing_said(&mistakes);
	/* For a release on that Tuesday the business day before is the Friday. */
	assert_true(when_parse_day("2026-12-07", &monday));
	calendar_holiday(&programme.calendar, monday);
	programme_check(&programme, &mistakes);
	assert_int_equal(mistakes.errors, 1);
	mistakes_clear(&mistakes);
	programme_clear(&programme);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_programme_has_nothing_to_say),
		cmocka_unit_test(a_tier_is_in_exactly_one_wave),
		cmocka_unit_test(ranks_are_unique),
		cmocka_unit_test(a_higher_rank_admits_all_that_a_lower_one_does),
		cmocka_unit_test(a_higher_rank_opens_no_later),
		cmocka_unit_test(one_holiday_can_turn_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
