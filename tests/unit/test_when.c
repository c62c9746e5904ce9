#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/when.h"

static time_t
at(const char *string)
{
	time_t when;

	assert_true(when_parse(string, &when));
	return when;
}

static void
an_instant_needs_a_zone(void **state)
{
	static const char *const bad[] = { "", "2026-12-08", "2026-12-08T18:00:00",
		"2026-12-08 18:00:00Z", "2026-12-08T18:00Z", "2026-12-08T18:00:00z",
		"2026-12-08T18:00:60Z", "2026-12-08T24:00:00Z", "2026-02-29T00:00:00Z",
		"2026-13-01T00:00:00Z", "2026-00-01T00:00:00Z", "2026-12-00T00:00:00Z",
		"2026-12-08T18:00:00Zx", "2026-12-08T18:00:00+1:00",
		"2026-12-08T18:00:00+24:00", "2026-12-08T18:00:00.5Z",
		"1969-12-31T23:59:59Z", "+026-12-08T18:00:00Z",
		"2026-12-08T18:00:00+0100" };
	time_t when;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (when_parse(bad[i], &when))
			fail_msg("accepted: %s", bad[i]);
}

static void
offsets_leap_days_and_2038_are_counted(void **state)
{
	(void)state;
	assert_int_equal(at("1970-01-01T00:00:00Z"), 0);
	assert_int_equal(at("2026-12-08T19:00:00+01:00"), at("2026-12-08T18:00:00Z"));
	assert_int_equal(at("2026-12-08T12:30:00-05:30"), at("2026-12-08T18:00:00Z"));
	assert_int_equal(at("2028-02-29T12:00:00Z") + 86400, at("2028-03-01T12:00:00Z"));
	assert_int_equal(at("2038-01-19T03:14:08Z"), INT64_C(2147483648));
}

static void
what_is_written_is_read_back(void **state)
{
	struct text text = { 0 };

	(void)state;
	when_write(&text, at("2026-12-08T18:00:00Z"));
	assert_string_equal(text_string(&text), "2026-12-08T18:00:00Z");
	text_clear(&text);
	when_mail(&text, at("2026-12-08T18:00:00Z"));
	assert_string_equal(text_string(&text), "Tue, 08 Dec 2026 18:00:00 +0000");
	text_clear(&text);
}

static void
a_day_is_its_utc_midnight(void **state)
{
	time_t when;

	(void)state;
	assert_true(when_parse_day("2026-12-25", &when));
	assert_int_equal(when, at("2026-12-25T00:00:00Z"));
	assert_false(when_parse_day("2026-12-25T00:00:00Z", &when));
	assert_false(when_parse_day("2026-02-30", &when));
}

static void
spans_have_one_whole_number_and_a_unit(void **state)
{
	static const char *const bad[] = { "", "0h", "08h", "12x", "1.5h", "h", "-1h",
		"+1h", " 1h", "1 h", "4000d", "9999999999s", "99999999999999999999h",
		"5bd" };
	time_t seconds;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (when_parse_span(bad[i], &seconds))
			fail_msg("accepted: %s", bad[i]);
	assert_true(when_parse_span("48h", &seconds));
	assert_int_equal(seconds, 172800);
	assert_true(when_parse_span("14d", &seconds));
	assert_int_equal(seconds, 14 * 86400);
}

static void
spans_are_shown_in_two_units(void **state)
{
	static const struct {
		time_t seconds;
		const char *shown;
	} all[] = { { 0, "0 s" }, { 59, "59 s" }, { 720, "12 min" }, { 3600, "1 h" },
		{ 5400, "1 h 30 min" }, { 273600, "3 d 4 h" }, { 86460, "1 d" } };

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct text text = { 0 };

		when_span(&text, all[i].seconds);
		assert_string_equal(text_string(&text), all[i].shown);
		text_clear(&text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_instant_needs_a_zone),
		cmocka_unit_test(offsets_leap_days_and_2038_are_counted),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(a_day_is_its_utc_midnight),
		cmocka_unit_test(spans_have_one_whole_number_and_a_unit),
		cmocka_unit_test(spans_are_shown_in_two_units),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
