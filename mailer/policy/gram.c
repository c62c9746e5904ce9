#include "policy/gram.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { REPEATS_MOST = 16 };
enum { MARKS = 16 }; /* bits for each head */

void
gram_table_init(struct gram_table *table)
{
	*table = (struct gram_table){ .head_count = 256 };
	table->heads = mem_array(table->head_count, sizeof *table->heads);
	table->marks = mem_new(table->head_count * MARKS / 8);
}

void
gram_table_clear(struct gram_table *table)
{
	free(table->grams);
	free(table->heads);
	free(table->marks);
	*table = (struct gram_table){ 0 };
}

static uint64_t
eight(const char *bytes)
{
	uint64_t word;

	memcpy(&word, bytes, sizeof word);
	return word;
}

/* Each bit of the word counts in the high bits of the product. */
static uint32_t
mix(uint64_t word)
{
	return (uint32_t)((word ^ word >> 32) * 0x9E3779B97F4A7C15u >> 32);
}

uint32_t
gram_hash_short(const char *bytes)
{
	return mix(eight(bytes));
}

static uint32_t
hash_gram(const char *bytes)
{
	return mix(eight(bytes) * 0xD6E8FEB86659FD93u +
	    eight(bytes + 8) * 0xA0761D6478BD642Fu +
	    eight(bytes + 16) * 0xE7037ED1A0B428DBu +
	    eight(bytes + 24) * 0x8EBC6AF09C88C6E3u);
}

static uint32_t *
head(const struct gram_table *table, uint32_t hash)
{
	return &table->heads[hash & (table->head_count - 1)];
}

static void
mark(struct gram_table *table, uint32_t hash)
{
	size_t bit = hash & (table->head_count * MARKS - 1);

	table->marks[bit / 8] |= (unsigned char)(1u << bit % 8);
}

static bool
is_marked(const struct gram_table *table, uint32_t hash)
{
	size_t bit = hash & (table->head_count * MARKS - 1);

	return table->marks[bit / 8] >> bit % 8 & 1;
}

static void
widen(struct gram_table *table)
{
	free(table->heads);
	free(table->marks);
	table->head_count *= 2;
	table->heads = mem_array(table->head_count, sizeof *table->heads);
	table->marks = mem_new(table->head_count * MARKS / 8);
	for (size_t i = 0; i < table->count; i++) {
		uint32_t *first = head(table, table->grams[i].hash);

		table->grams[i].next = *first;
		*first = (uint32_t)i + 1;
		mark(table, table->grams[i].hash);
	}
}

static const struct gram *
same_hash(const struct gram_table *table, uint32_t next, uint32_t hash)
{
	while (next && table->grams[next - 1].hash != hash)
		next = table->grams[next - 1].next;
	return next ? &table->grams[next - 1] : NULL;
}

const struct gram *
gram_find(const struct gram_table *table, uint32_t hash)
{
	if (!is_marked(table, hash))
		return NULL;
	return same_hash(table, *head(table, hash), hash);
}

const struct gram *
gram_next(const struct gram_table *table, const struct gram *gram)
{
	return same_hash(table, gram->next, gram->hash);
}

void
gram_note(struct gram_table *table, uint32_t hash, size_t form, size_t at)
{
	uint32_t *first = head(table, hash);
	size_t repeats = 0;

	for (const struct gram *gram = gram_find(table, hash); gram;
	     gram = gram_next(table, gram))
		repeats += gram->form == form;
	if (repeats >= REPEATS_MOST)
		return;
	table->grams = mem_room(table->grams, table->count, sizeof *table->grams);
	table->grams[table->count++] =
	    (struct gram){ hash, (uint32_t)form, (uint32_t)at, *first };
	*first = (uint32_t)table->count;
	mark(table, hash);
	if (table->count > table->head_count)
		widen(table);
}

void
gram_pick(const char *bytes, size_t size,
    void (*picked)(void *ctx, uint32_t hash, size_t at), void *ctx)
{
	uint32_t window[GRAM_WINDOW], least = UINT32_MAX;
	size_t least_at = 0, told = SIZE_MAX;

	for (size_t at = 0; at + GRAM <= size; at++) {
		uint32_t hash = window[at % GRAM_WINDOW] = hash_gram(bytes + at);

		if (least_at + GRAM_WINDOW <= at) {
			least = window[++least_at % GRAM_WINDOW];
			for (size_t i = least_at; i <= at; i++)
				if (window[i % GRAM_WINDOW] <= least)
					least = window[(least_at = i) % GRAM_WINDOW];
		} else if (hash <= least) {
			least = hash;
			least_at = at;
		}
		if (at + 1 >= GRAM_WINDOW && least_at != told)
			picked(ctx, least, told = least_at);
	}
}
