#include "cmd/colour.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "cmd/screen.h"

/* https://no-color.org: set and not empty. */
static bool
is_wanted(int fd)
{
	const char *none = getenv("NO_COLOR");

	return !(none && *none) && screen_redraws(fd);
}

const char *
colour(int fd, enum colour which)
{
	static const char *const codes[] = {
		[COLOUR_NONE] = "\033[0m",
		[COLOUR_GOOD] = "\033[32m",
		[COLOUR_CARE] = "\033[33m",
		[COLOUR_BAD] = "\033[31m",
	};

	return is_wanted(fd) ? codes[which] : "";
}

enum colour
colour_of_state(const char *state)
{
	static const struct {
		const char *state;
		enum colour colour;
	} all[] = {
		{ "accepted", COLOUR_GOOD },
		{ "deferred", COLOUR_CARE },
		{ "held", COLOUR_CARE },
		{ "refused", COLOUR_BAD },
		{ "unknown", COLOUR_BAD },
		{ "blocked", COLOUR_BAD },
		{ "expired", COLOUR_BAD },
		{ "BLOCKED", COLOUR_BAD },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(state, all[i].state) == 0)
			return all[i].colour;
	return COLOUR_NONE;
}
