/* unpack - the entries of an archive or compressed file (libarchive), read by a child process */
#ifndef EDGE_UNPACK_H
#define EDGE_UNPACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

struct entry {
	char *name; /* owned; as the archive has it */
	struct text bytes; /* owned */
};

struct entries {
	struct entry *all; /* owned */
	size_t count;
	const char *missing; /* why not all is there; NULL: all is */
};

/* Whether the bytes begin, or a zip ends, as something that unpack could read. */
bool unpack_knows(const char *bytes, size_t size);

/*
 * What is compressed gives one entry, in which an archive may be.
 * At most `most_entries` regular files of `most_bytes` in all. Archives come from
 * anywhere: what makes libarchive crash or run for long is missing, no more.
 */
void unpack(struct entries *entries, const char *bytes, size_t size, size_t most_entries,
    size_t most_bytes);
void entries_clear(struct entries *entries);

/* What the child says: a head before each entry's name and bytes, and one that ends them. */
struct entry_head {
	size_t name_size; /* ENTRIES_END: no entry */
	size_t size; /* at the end: 0, or why not all is there */
};
#define ENTRIES_END SIZE_MAX

/* Of any bytes: the child has read what anybody wrote, and is believed no size and no count. */
void entries_take(
    struct entries *entries, const char *said, size_t size, size_t most_entries);

#endif
