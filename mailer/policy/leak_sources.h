/* leak_sources - all that an advisory holds, as bytes to compare */
#ifndef POLICY_LEAK_SOURCES_H
#define POLICY_LEAK_SOURCES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/pool.h"
#include "policy/advisory.h"

/* One string, text in one language, file or view of a file. */
struct source {
	size_t leaf; /* as value_leaves counts, and so as edition->items */
	const char *bytes; /* borrowed */
	size_t size;
	const char *file; /* the name of a file or path of a view; else NULL */
	struct place place;
	bool fact; /* a fact, an element of a list, or a list */
	bool binary;
};

struct sources {
	struct source *all; /* owned; ascending leaf */
	size_t count, leaf_count;
	const struct advisory *advisory;
	struct pool strings;
};

void sources_make(struct sources *sources, const struct advisory *advisory);
void sources_clear(struct sources *sources);

#endif
