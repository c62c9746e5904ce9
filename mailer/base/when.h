/* when - instants as RFC 3339 has them, and spans of time */
#ifndef BASE_WHEN_H
#define BASE_WHEN_H

#include <stdbool.h>
#include <time.h>

#include "base/text.h"

/* RFC 3339 with a zone ("Z" or an offset), whole seconds, no leap second; 1970 to 9999 in UTC. */
bool when_parse(const char *string, time_t *when);
/* A day of the calendar, "2026-12-25": 00:00:00Z of it. */
bool when_parse_day(const char *string, time_t *when);

void when_write(struct text *text, time_t when); /* 2026-12-08T18:00:00Z */
void when_local(struct text *text, time_t when); /* Tue 2026-12-08 19:00 CET */
void when_mail(struct text *text, time_t when); /* RFC 5322 date-time, +0000 */

/* "90s", "30m", "48h", "14d": a whole number above 0, at most ten years, in seconds. */
bool when_parse_span(const char *string, time_t *seconds);
void when_span(struct text *text, time_t seconds); /* "3 d 4 h", "12 min", "40 s" */

#endif
