/* gram - short pieces of texts, found again by their hash */
#ifndef POLICY_GRAM_H
#define POLICY_GRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Of each GRAM_WINDOW grams in a row, GRAM bytes each, the one with the least hash is
 * picked. Two texts with a common run of GRAM + GRAM_WINDOW - 1 bytes have a whole
 * window in common, so the same gram of it is picked in both.
 */
enum { GRAM = 32, GRAM_WINDOW = 17, GRAM_SHORT = 8 };

struct gram {
	uint32_t hash;
	uint32_t form, at, next; /* next: index + 1 in the chain; 0 ends it */
};

/* Grams by their hash; those who share one must still be compared. */
struct gram_table {
	struct gram *grams; /* owned */
	size_t count;
	uint32_t *heads; /* owned; index + 1 */
	size_t head_count; /* a power of two */
	unsigned char *marks; /* owned; a bit for each hash: most lookups end here */
};

void gram_table_init(struct gram_table *table);
void gram_table_clear(struct gram_table *table);

/* One gram is noted for one form a few times at most: periodic data cost no more. */
void gram_note(struct gram_table *table, uint32_t hash, size_t form, size_t at);
/* The newest one of that hash, and the one before it; NULL: no more. */
const struct gram *gram_find(const struct gram_table *table, uint32_t hash);
const struct gram *gram_next(const struct gram_table *table, const struct gram *gram);

/* Of GRAM_SHORT bytes. */
uint32_t gram_hash_short(const char *bytes);
/* Calls `picked` for the picked grams of the bytes, ascending, each once. */
void gram_pick(const char *bytes, size_t size,
    void (*picked)(void *ctx, uint32_t hash, size_t at), void *ctx);

#endif
