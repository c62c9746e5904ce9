/* pool - strings that live as long as the thing they describe */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>

/* { 0 } is an empty pool. What it returns is borrowed until pool_clear, which wipes it. */
struct pool {
	struct pool_string *first; /* owned */
};

const char *pool_keep(struct pool *pool, const void *bytes, size_t size); /* NUL-ended */
const char *pool_format(struct pool *pool, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void pool_clear(struct pool *pool);

#endif
