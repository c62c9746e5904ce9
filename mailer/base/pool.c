#include "base/pool.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct pool_string {
	struct pool_string *next;
	size_t size;
	char bytes[];
};

static char *
add(struct pool *pool, size_t size)
{
	struct pool_string *string = mem_new(sizeof *string + size + 1);

	string->next = pool->first;
	string->size = size;
	pool->first = string;
	return string->bytes;
}

const char *
pool_keep(struct pool *pool, const void *bytes, size_t size)
{
	char *kept = add(pool, size);

	if (size)
		memcpy(kept, bytes, size);
	return kept;
}

const char *
pool_format(struct pool *pool, const char *format, ...)
{
	va_list arguments;
	char *kept;
	int size;

	va_start(arguments, format);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	kept = add(pool, size > 0 ? (size_t)size : 0);
	va_start(arguments, format);
	if (size > 0)
		vsnprintf(kept, (size_t)size + 1, format, arguments);
	va_end(arguments);
	return kept;
}

void
pool_clear(struct pool *pool)
{
	while (pool->first) {
		struct pool_string *string = pool->first;

		pool->first = string->next;
		explicit_bzero(string->bytes, string->size);
		free(string);
	}
}
