/* revision - the next revision of an advisory, made of the newest one */
#ifndef CMD_REVISION_H
#define CMD_REVISION_H

#include <stdbool.h>

#include "base/error.h"
#include "edge/config.h"

enum revision {
	REVISION_COPY, /* all of it, to be changed */
	REVISION_PUBLIC, /* all of it, released now, for everyone */
	REVISION_WITHDRAWAL, /* its title and a reason, for those who had it */
};

/*
 * Makes the folder and gives its number. When the newest is of that kind already, but for a
 * copy, its number is given and nothing made.
 */
bool revision_make(const struct config *config, const char *id, enum revision what,
    const char *reason, unsigned *number, struct error *err);

#endif
