#include "policy/calendar.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"

enum { DAY = 86400, BUSINESS_DAYS_MOST = 250 };

void
calendar_clear(struct calendar *calendar)
{
	free(calendar->holidays);
	*calendar = (struct calendar){ 0 };
}

bool
calendar_day(const char *name, unsigned *bit)
{
	static const char *const days[] = { "sunday", "monday", "tuesday", "wednesday",
		"thursday", "friday", "saturday" };

	for (unsigned i = 0; i < sizeof days / sizeof *days; i++) {
		if (strcmp(name, days[i]) != 0)
			continue;
		*bit = 1u << i;
		return true;
	}
	return false;
}

/* Whole days since the epoch; rounds down before it, too. */
static time_t
day_of(time_t when)
{
	return when / DAY - (when % DAY < 0);
}

static int
compare(const void *a, const void *b)
{
	const time_t *one = a, *two = b;

	return (*one > *two) - (*one < *two);
}

static bool
is_holiday(const struct calendar *calendar, time_t midnight)
{
	return calendar->holiday_count &&
	    bsearch(&midnight, calendar->holidays, calendar->holiday_count,
		sizeof *calendar->holidays, compare);
}

void
calendar_holiday(struct calendar *calendar, time_t midnight)
{
	size_t i = calendar->holiday_count;

	if (is_holiday(calendar, midnight))
		return;
	calendar->holidays = mem_room(calendar->holidays, i, sizeof *calendar->holidays);
	for (; i > 0 && calendar->holidays[i - 1] > midnight; i--)
		calendar->holidays[i] = calendar->holidays[i - 1];
	calendar->holidays[i] = midnight;
	calendar->holiday_count++;
}

bool
calendar_is_business(const struct calendar *calendar, time_t when)
{
	time_t day = day_of(when);
	time_t weekday = ((day + 4) % 7 + 7) % 7; /* the epoch was a Thursday */

	return !(calendar->weekend >> weekday & 1) && !is_holiday(calendar, day * DAY);
}

/* "5bd": a whole number from 1 on, without a leading zero. */
static bool
parse_business_days(const char *string, long *days)
{
	size_t digits = strspn(string, "0123456789");

	if (digits == 0 || digits > 3 || string[0] == '0' ||
	    strcmp(string + digits, "bd") != 0)
		return false;
	*days = strtol(string, NULL, 10);
	return *days <= BUSINESS_DAYS_MOST;
}

bool
offset_parse(const char *string, struct offset *offset)
{
	static const char anchor[] = "release";
	time_t seconds = 0;
	long sign;

	*offset = (struct offset){ 0 };
	if (strncmp(string, anchor, strlen(anchor)) != 0)
		return false;
	string += strlen(anchor);
	if (!*string)
		return true;
	string += strspn(string, " ");
	if (*string != '-' && *string != '+')
		return false;
	sign = *string++ == '-' ? -1 : 1;
	string += strspn(string, " ");
	offset->business_days = parse_business_days(string, &offset->amount);
	if (!offset->business_days && !when_parse_span(string, &seconds))
		return false;
	offset->amount = sign * (offset->business_days ? offset->amount : (long)seconds);
	return true;
}

time_t
offset_from(const struct offset *offset, time_t release, const struct calendar *calendar)
{
	long left = labs(offset->amount);
	time_t step = offset->amount < 0 ? -DAY : DAY;

	if (!offset->business_days)
		return release + offset->amount;
	while (left > 0) {
		release += step;
		left -= calendar_is_business(calendar, release);
	}
	return release;
}
