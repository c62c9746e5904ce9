/* calendar - business days, and where a wave opens relative to the release */
#ifndef POLICY_CALENDAR_H
#define POLICY_CALENDAR_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

/* Days are UTC dates. { 0 } knows no weekend and no holiday. */
struct calendar {
	unsigned weekend; /* bit 0: Sunday ... bit 6: Saturday; never all seven */
	time_t *holidays; /* owned; midnights, ascending */
	size_t holiday_count;
};

void calendar_clear(struct calendar *calendar);
bool calendar_day(const char *name, unsigned *bit); /* "saturday" */
void calendar_holiday(struct calendar *calendar, time_t midnight);
bool calendar_is_business(const struct calendar *calendar, time_t when);

/* "release", "release - 5bd", "release + 30m": amount is signed, in its unit. */
struct offset {
	long amount;
	bool business_days; /* else seconds */
};

bool offset_parse(const char *string, struct offset *offset);
/* The instant; business days keep the time of day and count each one stepped onto. */
time_t offset_from(
    const struct offset *offset, time_t release, const struct calendar *calendar);

#endif
