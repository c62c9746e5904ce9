/* stock - files that the program brings along, compiled in */
#ifndef EDGE_STOCK_H
#define EDGE_STOCK_H

#include <stddef.h>

/*
 * "templates/notice.mustache", "start/forewarn.ini" ...: what a new programme begins with,
 * and in "page/" the templates of the pages that forewarn writes. The Makefile makes the
 * table out of templates/ and contrib/start/, ascending by name.
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

#endif
