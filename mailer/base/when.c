#include "base/when.h"

#include <stddef.h>
#include <string.h>

#define YEAR_10000 253402300800 /* RFC 3339 has four digits for a year */

/* Reads exactly `digits` digits and moves on; -1 if they are not there. */
static int
number(const char **string, size_t digits)
{
	int value = 0;

	for (size_t i = 0; i < digits; i++, (*string)++) {
		if (**string < '0' || **string > '9')
			return -1;
		value = 10 * value + (**string - '0');
	}
	return value;
}

static bool
literal(const char **string, char wanted)
{
	if (**string != wanted)
		return false;
	(*string)++;
	return true;
}

/* timegm makes the 3rd of March of the 31st of February: what comes back then differs. */
static bool
civil(const struct tm *tm, time_t *when)
{
	struct tm back = *tm;

	*when = timegm(&back);
	return back.tm_mday == tm->tm_mday && back.tm_mon == tm->tm_mon;
}

static bool
parse_day(const char **string, struct tm *tm)
{
	int year, month, day;

	*tm = (struct tm){ 0 };
	if ((year = number(string, 4)) < 1970 || !literal(string, '-') ||
	    (month = number(string, 2)) < 1 || month > 12 || !literal(string, '-') ||
	    (day = number(string, 2)) < 1)
		return false;
	tm->tm_year = year - 1900;
	tm->tm_mon = month - 1;
	tm->tm_mday = day;
	return true;
}

static bool
parse_time(const char **string, struct tm *tm)
{
	return (tm->tm_hour = number(string, 2)) >= 0 && tm->tm_hour < 24 &&
	    literal(string, ':') && (tm->tm_min = number(string, 2)) >= 0 &&
	    tm->tm_min < 60 && literal(string, ':') &&
	    (tm->tm_sec = number(string, 2)) >= 0 && tm->tm_sec < 60;
}

static bool
parse_zone(const char **string, time_t *offset)
{
	time_t sign = **string == '-' ? -1 : 1, hours, minutes;

	*offset = 0;
	if (literal(string, 'Z'))
		return true;
	if (!literal(string, '+') && !literal(string, '-'))
		return false;
	if ((hours = number(string, 2)) < 0 || hours > 23 || !literal(string, ':') ||
	    (minutes = number(string, 2)) < 0 || minutes > 59)
		return false;
	*offset = sign * (hours * 3600 + minutes * 60);
	return true;
}

bool
when_parse(const char *string, time_t *when)
{
	struct tm tm;
	time_t offset;

	if (!parse_day(&string, &tm) || !literal(&string, 'T') ||
	    !parse_time(&string, &tm) || !parse_zone(&string, &offset) || *string)
		return false;
	if (!civil(&tm, when))
		return false;
	*when -= offset;
	return *when >= 0 && *when < YEAR_10000;
}

bool
when_parse_day(const char *string, time_t *when)
{
	struct tm tm;

	return parse_day(&string, &tm) && !*string && civil(&tm, when);
}

void
when_write(struct text *text, time_t when)
{
	struct tm tm = { 0 };
	char buffer[64] = "";

	gmtime_r(&when, &tm);
	strftime(buffer, sizeof buffer, "%Y-%m-%dT%H:%M:%SZ", &tm);
	text_adds(text, buffer);
}

void
when_local(struct text *text, time_t when)
{
	struct tm tm = { 0 };
	char buffer[64] = "";

	tzset();
	localtime_r(&when, &tm);
	strftime(buffer, sizeof buffer, "%a %Y-%m-%d %H:%M %Z", &tm);
	text_adds(text, buffer);
}

void
when_mail(struct text *text, time_t when)
{
	struct tm tm = { 0 };
	char buffer[64] = "";

	gmtime_r(&when, &tm);
	strftime(buffer, sizeof buffer, "%a, %d %b %Y %H:%M:%S +0000", &tm);
	text_adds(text, buffer);
}

bool
when_parse_span(const char *string, time_t *seconds)
{
	static const struct {
		char unit;
		time_t seconds;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
	const time_t most = 3660 * (time_t)86400;
	time_t value = 0;
	size_t digits = strspn(string, "0123456789");

	if (digits == 0 || digits > 9 || string[0] == '0' || strlen(string) != digits + 1)
		return false;
	for (size_t i = 0; i < digits; i++)
		value = 10 * value + (string[i] - '0');
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (string[digits] != units[i].unit)
			continue;
		*seconds = value * units[i].seconds;
		return *seconds <= most;
	}
	return false;
}

void
when_span(struct text *text, time_t seconds)
{
	long days = (long)(seconds / 86400), hours = (long)(seconds / 3600 % 24),
	     minutes = (long)(seconds / 60 % 60);

	if (days)
		text_addf(text, "%ld d", days);
	if (hours)
		text_addf(text, "%s%ld h", days ? " " : "", hours);
	if (!days && minutes)
		text_addf(text, "%s%ld min", hours ? " " : "", minutes);
	if (!days && !hours && !minutes)
		text_addf(text, "%ld s", (long)seconds);
}
