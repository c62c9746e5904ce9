/* plan_view - a plan on the terminal: what `preview` shows and `arm` arms */
#ifndef CMD_PLAN_VIEW_H
#define CMD_PLAN_VIEW_H

#include <stdbool.h>

#include "cmd/session.h"

struct plan_view {
	const struct session *session;
	const struct plan *plan;
	time_t now;
	bool supposed; /* now is not the clock's */
	/* Only these contacts; NULL: all. */
	const char *const *only;
	size_t only_count;
	size_t news; /* out: how many lines are NEW or CHANGED */
};

bool plan_view_shows(const struct plan_view *view, const struct line *line);

/* Waves in order of opening, their editions, who gets them; ends with the digest. */
bool plan_view_say(struct plan_view *view, struct error *err);

#endif
