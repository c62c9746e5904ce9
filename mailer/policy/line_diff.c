#include "policy/line_diff.h"

#include <string.h>

/* Who it is for, and of which advisory, is what two lines are compared by. */
static const char *const names[LINE_PARTS] = { "revision", "partner", "address", "key",
	"tier", "wave", "edition", "opens", "lasts", "rules", "answers" };

void
line_part(struct text *value, const char *line, const char *name)
{
	size_t size = strlen(name);

	while ((line = strchr(line, ' '))) {
		line++;
		if (strncmp(line, name, size) == 0 && line[size] == '=') {
			line += size + 1;
			text_add(value, line, strcspn(line, " "));
			return;
		}
	}
}

void
line_diff_make(struct line_diff *diff, const char *then, const char *now)
{
	*diff = (struct line_diff){ 0 };
	for (size_t i = 0; i < LINE_PARTS; i++) {
		struct line_part part = { .name = names[i] };

		line_part(&part.then, then, part.name);
		line_part(&part.now, now, part.name);
		if (strcmp(text_string(&part.then), text_string(&part.now)) != 0) {
			diff->parts[diff->count++] = part;
		} else {
			text_clear(&part.then);
			text_clear(&part.now);
		}
	}
}

void
line_diff_clear(struct line_diff *diff)
{
	for (size_t i = 0; i < diff->count; i++) {
		text_clear(&diff->parts[i].then);
		text_clear(&diff->parts[i].now);
	}
	*diff = (struct line_diff){ 0 };
}

bool
line_diff_is_time(const struct line_diff *diff)
{
	for (size_t i = 0; i < diff->count; i++)
		if (strcmp(diff->parts[i].name, "opens") != 0 &&
		    strcmp(diff->parts[i].name, "lasts") != 0)
			return false;
	return true;
}
