/* memory_file - a file in memory alone, through which another process takes or gives bytes */
#ifndef EDGE_MEMORY_FILE_H
#define EDGE_MEMORY_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* A new one with these bytes, to be read from its start; -1 with an error. To be closed. */
int memory_file(const void *bytes, size_t size, struct error *err);

/* All that was written into one; nobody can write there any more. */
struct memory {
	const void *bytes; /* owned; never NULL */
	size_t size;
};

bool memory_map(struct memory *memory, int file, struct error *err);
void memory_unmap(struct memory *memory); /* { 0 } is allowed */

#endif
