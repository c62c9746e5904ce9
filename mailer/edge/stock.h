/* stock - files that the program brings along, compiled in */
#ifndef EDGE_STOCK_H
#define EDGE_STOCK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/*
 * "templates/notice.mustache", "start/forewarn.ini" ...: what a new programme begins with;
 * "advisory/CLASS/section.ini" a new advisory; in "page/" the templates of the pages that
 * forewarn writes; "evidence/verify.sh" goes with evidence. The Makefile makes the table out
 * of templates/, contrib/start/, contrib/advisory/ and contrib/evidence/, ascending by name.
 */
struct stock {
	const char *name;
	const char *bytes; /* NUL-ended at bytes[size] */
	size_t size;
};

extern const struct stock stock_all[];
extern const size_t stock_count;

/* NULL: there is none of that name. */
const struct stock *stock_find(const char *name);

/* What stands behind `prefix` in its name, or NULL when it has another. */
const char *stock_below(const struct stock *stock, const char *prefix);

struct stock_value {
	const char *name, *value;
};

/* Adds its bytes, with the value in place of each @NAME@. */
void stock_fill(struct text *text, const struct stock *stock,
    const struct stock_value values[], size_t count);

#endif
