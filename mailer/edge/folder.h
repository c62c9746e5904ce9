/* folder - the names in a directory */
#ifndef EDGE_FOLDER_H
#define EDGE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct names {
	char **all; /* owned, as is each; ascending */
	size_t count;
};

/* Names that begin with a dot are left out: editors and version control put them there. */
bool folder_read(struct names *names, const char *path, struct error *err);
void names_clear(struct names *names);

#endif
