#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/when.h"
#include "policy/calendar.h"

static time_t
at(const char *string)
{
	time_t when;

	assert_true(when_parse(string, &when));
	return when;
}

static struct calendar
western(void)
{
	struct calendar calendar = { 0 };
	unsigned bit;

	assert_true(calendar_day("saturday", &bit));
	calendar.weekend |= bit;
	assert_true(calendar_day("sunday", &bit));
	calendar.weekend |= bit;
	return calendar;
}

static void
assert_offset(const struct calendar *calendar, const char *offset, const char *release,
    const char *opens)
{
	struct text text = { 0 };
	struct offset parsed;

	assert_true(offset_parse(offset, &parsed));
	when_write(&text, offset_from(&parsed, at(release), calendar));
	assert_string_equal(text_string(&text), opens);
	text_clear(&text);
}

static void
days_of_the_week_are_known_by_name(void **state)
{
	unsigned bit;

	(void)state;
	assert_true(calendar_day("sunday", &bit));
	assert_int_equal(bit, 1);
	assert_true(calendar_day("saturday", &bit));
	assert_int_equal(bit, 64);
	assert_false(calendar_day("Saturday", &bit));
	assert_false(calendar_day("sat", &bit));
	assert_false(calendar_day("", &bit));
}

static void
weekends_and_holidays_are_no_business_days(void **state)
{
	struct calendar calendar = western();

	(void)state;
	calendar_holiday(&calendar, at("2027-01-01T00:00:00Z"));
	calendar_holiday(&calendar, at("2026-12-25T00:00:00Z"));
	calendar_holiday(&calendar, at("2026-12-25T00:00:00Z"));
	assert_int_equal(calendar.holiday_count, 2);
	assert_true(calendar.holidays[0] < calendar.holidays[1]);
	assert_true(calendar_is_business(&calendar, at("2026-12-24T23:59:59Z")));
	assert_false(calendar_is_business(&calendar, at("2026-12-25T00:00:00Z")));
	assert_false(calendar_is_business(&calendar, at("2026-12-25T23:59:59Z")));
	assert_false(calendar_is_business(&calendar, at("2026-12-26T12:00:00Z")));
	assert_false(calendar_is_business(&calendar, at("2026-12-27T23:59:59Z")));
	assert_true(calendar_is_business(&calendar, at("2026-12-28T00:00:00Z")));
	calendar_clear(&calendar);
	assert_true(calendar_is_business(&calendar, at("2026-12-25T00:00:00Z")));
	calendar_clear(&calendar);
}

static void
business_days_keep_the_time_of_day(void **state)
{
	struct calendar calendar = western();
	static const char release[] = "2026-12-08T18:00:00Z"; /* a Tuesday */

	(void)state;
	assert_offset(&calendar, "release", release, release);
	assert_offset(&calendar, "release - 1bd", release, "2026-12-07T18:00:00Z");
	assert_offset(&calendar, "release - 2bd", release, "2026-12-04T18:00:00Z");
	assert_offset(&calendar, "release - 5bd", release, "2026-12-01T18:00:00Z");
	assert_offset(&calendar, "release + 4bd", release, "2026-12-14T18:00:00Z");
	/* From a Sunday, one day before is the Friday. */
	assert_offset(
	    &calendar, "release - 1bd", "2026-12-06T09:30:00Z", "2026-12-04T09:30:00Z");
	calendar_holiday(&calendar, at("2026-12-04T00:00:00Z"));
	assert_offset(&calendar, "release - 2bd", release, "2026-12-03T18:00:00Z");
	calendar_clear(&calendar);
}

static void
spans_are_exact_seconds(void **state)
{
	struct calendar calendar = western();
	static const char release[] = "2026-12-08T18:00:00Z";

	(void)state;
	assert_offset(&calendar, "release - 24h", release, "2026-12-07T18:00:00Z");
	assert_offset(&calendar, "release + 30m", release, "2026-12-08T18:30:00Z");
	assert_offset(&calendar, "release-3d", release, "2026-12-05T18:00:00Z");
	calendar_clear(&calendar);
}

static void
another_weekend_is_another_week(void **state)
{
	struct calendar calendar = { 0 };
	unsigned bit;

	(void)state;
	assert_true(calendar_day("friday", &bit));
	calendar.weekend |= bit;
	assert_offset(
	    &calendar, "release - 1bd", "2026-12-05T12:00:00Z", "2026-12-03T12:00:00Z");
	assert_offset(
	    &calendar, "release - 1bd", "2026-12-07T12:00:00Z", "2026-12-06T12:00:00Z");
	calendar_clear(&calendar);
}

static void
days_before_the_epoch_round_down(void **state)
{
	struct calendar calendar = western();

	(void)state;
	assert_true(calendar_is_business(&calendar, -1)); /* Wednesday 1969-12-31 */
	assert_false(calendar_is_business(&calendar, -4 * 86400)); /* a Sunday */
	calendar_clear(&calendar);
}

static void
an_offset_has_one_form(void **state)
{
	static const char *const bad[] = { "", "Release", "releases", "release -",
		"release 5bd", "release - 05bd", "release - 0bd", "release - 5", "5bd",
		"release - 5BD", "release - - 5bd", "release - 5bd ", "release - 251bd",
		"release - 9999bd", "release - 1.5h", "release - 5w", "release - 08h",
		"release * 5h", "release - 4000d", "release - 5bdx", "-5bd" };
	struct offset offset;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (offset_parse(bad[i], &offset))
			fail_msg("accepted: %s", bad[i]);
	assert_true(offset_parse("release - 5bd", &offset));
	assert_true(offset.business_days);
	assert_int_equal(offset.amount, -5);
	assert_true(offset_parse("release + 48h", &offset));
	assert_false(offset.business_days);
	assert_int_equal(offset.amount, 172800);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_of_the_week_are_known_by_name),
		cmocka_unit_test(weekends_and_holidays_are_no_business_days),
		cmocka_unit_test(business_days_keep_the_time_of_day),
		cmocka_unit_test(spans_are_exact_seconds),
		cmocka_unit_test(another_weekend_is_another_week),
		cmocka_unit_test(days_before_the_epoch_round_down),
		cmocka_unit_test(an_offset_has_one_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
