/* page_timeline - waves, the release and now against the days of the programme's calendar */
#ifndef CMD_PAGE_TIMELINE_H
#define CMD_PAGE_TIMELINE_H

#include "cmd/page.h"
#include "policy/calendar.h"

struct stretch {
	const char *name, *note; /* "early", "3 contacts" */
	time_t from, to;
};

struct timeline {
	const struct calendar *calendar;
	time_t now, release;
	const struct stretch *bars; /* at least one; they are drawn in this order */
	size_t bar_count;
};

/* Adds a map "timeline" for the partial of that name; names and notes are borrowed. */
void page_timeline(struct page *page, struct value *map, const struct timeline *timeline);

#endif
