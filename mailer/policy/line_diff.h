/* line_diff - in which parts two lines of plans differ, from their canonical text (policy/plan.h) */
#ifndef POLICY_LINE_DIFF_H
#define POLICY_LINE_DIFF_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum { LINE_PARTS = 11 };

struct line_part {
	const char *name; /* as the line has it: "opens" */
	struct text then, now; /* owned; empty: that line has no such part */
};

struct line_diff {
	struct line_part
	    parts[LINE_PARTS]; /* those that differ, in the order of a line */
	size_t count;
};

/* `then` or `now` may be "", which has no part. To be cleared. */
void line_diff_make(struct line_diff *diff, const char *then, const char *now);
void line_diff_clear(struct line_diff *diff);

/* Nothing differs, or only when the line goes out. */
bool line_diff_is_time(const struct line_diff *diff);

/* Adds the value of one part; nothing when the line has none. */
void line_part(struct text *value, const char *line, const char *name);

#endif
