/* making - a folder that comes to be whole, or not at all */
#ifndef CMD_MAKING_H
#define CMD_MAKING_H

#include <stdbool.h>

#include "base/error.h"

/*
 * It is made under a name that nobody reads, and gets its own when it is whole. Of two
 * that make the same, one gets the first name.
 */
struct making {
	char *part, *path; /* owned */
};

bool making_begin(
    struct making *making, const char *above, const char *name, struct error *err);
/* ok: what was written is whole. After an error nothing is left. */
bool making_end(struct making *making, bool ok, struct error *err);
void making_clear(struct making *making);

#endif
