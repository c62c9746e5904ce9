/*
 * Any string as an instant, a day, a span of time and an offset from a release. What
 * is accepted is the instant that arithmetic of its own finds, and its written form
 * leads back to it.
 */
#include <ctype.h>

#include "base/when.h"
#include "policy/calendar.h"
#include "fuzz.h"

enum { DAY = 86400, YEAR_MOST = 9999 };

/* Days of the Gregorian calendar since 1970-01-01, counted year by year. */
static long
days_before(long year, long month, long day)
{
	static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	long days = day - 1;

	for (long y = 1970; y < year; y++)
		days += 365 + ((y % 4 == 0 && y % 100 != 0) || y % 400 == 0);
	for (long m = 1; m < month; m++)
		days += lengths[m - 1];
	if (month > 2 && ((year % 4 == 0 && year % 100 != 0) || year % 400 == 0))
		days++;
	return days;
}

static bool
is_shaped(const char *string, const char *shape)
{
	for (; *shape; shape++, string++)
		if (*shape == '0' ? !isdigit((unsigned char)*string) : *string != *shape)
			return false;
	return true;
}

static long
digits(const char *string, size_t at, size_t count)
{
	char number[8] = "";

	memcpy(number, string + at, count);
	return strtol(number, NULL, 10);
}

static time_t
day_of(const char *string)
{
	return days_before(
		   digits(string, 0, 4), digits(string, 5, 2), digits(string, 8, 2)) *
	    DAY;
}

static void
check_instant(const char *string, time_t when)
{
	struct text text = { 0 };
	time_t expected, again;

	must(is_shaped(string, "0000-00-00T00:00:00"), "an instant has its form");
	expected = day_of(string) + digits(string, 11, 2) * 3600 +
	    digits(string, 14, 2) * 60 + digits(string, 17, 2);
	if (strcmp(string + 19, "Z") != 0) {
		must(strlen(string) == 25 &&
			(is_shaped(string + 19, "+00:00") ||
			    is_shaped(string + 19, "-00:00")),
		    "it has a zone");
		expected -= (string[19] == '-' ? -1 : 1) *
		    (digits(string, 20, 2) * 3600 + digits(string, 23, 2) * 60);
	}
	must(when == expected, "it is that instant");
	must(when >= 0 && when < days_before(YEAR_MOST + 1, 1, 1) * DAY,
	    "in years of four digits from 1970 on");
	when_write(&text, when);
	must(when_parse(text_string(&text), &again) && again == when,
	    "written, it reads as itself");
	text_clear(&text);
}

static void
check_day(const char *string, time_t when)
{
	must(strlen(string) == 10 && is_shaped(string, "0000-00-00"),
	    "a day has its form");
	must(when == day_of(string), "it is that day");
}

static void
check_span(const char *string, time_t seconds)
{
	size_t size = strlen(string);
	struct text text = { 0 };
	char *written;
	time_t again;

	must(seconds > 0 && seconds <= 3660L * DAY, "a span is at most ten years");
	must(strchr("smhd", string[size - 1]), "it has a unit");
	when_span(&text, seconds);
	must(text.size > 0 && is_line(text.data, text.size), "it can be shown");
	text_clear(&text);
	if (asprintf(&written, "%llds", (long long)seconds) < 0)
		abort();
	if (strlen(written) <= 10)
		must(when_parse_span(written, &again) && again == seconds,
		    "in seconds it reads as itself");
	free(written);
}

/* From some release, over a weekend and a holiday. */
static void
check_offset(const struct offset *offset, time_t release)
{
	struct calendar calendar = { .weekend = 1 | 1 << 6 };
	long amount = offset->amount, stepped = 0;
	time_t opens, step = amount < 0 ? -DAY : DAY;

	must(amount >= -3660L * DAY && amount <= 3660L * DAY, "an offset has its bounds");
	calendar_holiday(&calendar, release - release % DAY);
	opens = offset_from(offset, release, &calendar);
	if (!offset->business_days)
		must(opens == release + amount, "an offset is what it says");
	for (time_t at = release; offset->business_days && at != opens;) {
		at += step;
		stepped += calendar_is_business(&calendar, at);
		must(stepped <= labs(amount), "no more business days than it says");
	}
	must(!offset->business_days || stepped == labs(amount),
	    "as many business days as it says");
	calendar_clear(&calendar);
}

/* A string; the release of offsets comes from its first bytes. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	char *string = input_string(&in);
	uint32_t release = 0;
	struct offset offset;
	time_t when;

	for (size_t i = 0; i < size && i < 40; i++)
		release = release * 31 + bytes[i];
	if (when_parse(string, &when))
		check_instant(string, when);
	if (when_parse_day(string, &when))
		check_day(string, when);
	if (when_parse_span(string, &when))
		check_span(string, when);
	if (offset_parse(string, &offset))
		check_offset(&offset, release);
	free(string);
	return 0;
}
