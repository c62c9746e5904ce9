#include "policy/mark.h"

#include <math.h>
#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"

static uint64_t
keyed(const struct text *key, const struct text *fields)
{
	unsigned char digest[DIGEST_SIZE];
	uint64_t number = 0;

	digest_hmac(digest, key ? text_string(key) : "", key ? key->size : 0,
	    text_string(fields), fields->size);
	for (size_t i = 0; i < sizeof number; i++)
		number = number << 8 | digest[i];
	return number;
}

uint64_t
mark_position(const struct text *key, const struct text *what)
{
	struct text fields = { 0 };
	uint64_t position;

	digest_string(&fields, "forewarn-position-1");
	digest_field(&fields, what->data, what->size);
	position = keyed(key, &fields);
	text_clear(&fields);
	return position;
}

/* 64 bits are divided by at most 2^40: no symbol is likelier than another by 2^-24. */
uint64_t
marking_choose(const struct marking *marking, uint64_t position, uint64_t of)
{
	struct text fields = { 0 };
	uint64_t number;

	if (marking->forced)
		return marking->symbol < of ? marking->symbol : of - 1;
	digest_string(&fields, "forewarn-symbol-1");
	digest_string(&fields, marking->advisory);
	digest_string(&fields, marking->holder);
	text_addf(&fields, "%llu %llu", (unsigned long long)marking->attempt,
	    (unsigned long long)position);
	number = keyed(marking->key, &fields);
	text_clear(&fields);
	return number % of;
}

void
marking_note(struct marking *marking, const struct mark *mark)
{
	marking->marks = mem_room(marking->marks, marking->count, sizeof *marking->marks);
	marking->marks[marking->count++] = *mark;
}

void
marking_clear(struct marking *marking)
{
	free(marking->marks);
	*marking = (struct marking){ 0 };
}

unsigned
mark_group(
    const struct text *key, const char *advisory, const char *partner, unsigned groups)
{
	struct text fields = { 0 };
	uint64_t number;

	digest_string(&fields, "forewarn-group-1");
	digest_string(&fields, advisory);
	digest_string(&fields, partner);
	number = keyed(key, &fields);
	text_clear(&fields);
	return (unsigned)(number % groups);
}

void
notice_write(struct text *text, uint64_t symbol)
{
	static const char digits[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"; /* no 0O 1I */

	for (unsigned shift = 40; shift > 0; shift -= 5) {
		text_addc(text, digits[symbol >> (shift - 5) & 31]);
		if (shift == 25)
			text_addc(text, '-');
	}
}

/* Whether a mark of the same position stands before it: two places, but one choice. */
static bool
is_repeat(const struct mark *marks, size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (marks[i].position == marks[which].position)
			return true;
	return false;
}

double
marks_bits(const struct mark *marks, size_t count)
{
	double bits = 0;

	for (size_t i = 0; i < count; i++)
		if (marks[i].of != NOTICE_OF && !is_repeat(marks, i))
			bits += log2((double)marks[i].of);
	return bits;
}

void
codes_init(struct codes *codes, const struct mark *marks, size_t count)
{
	*codes = (struct codes){ .room = 1 };
	for (size_t i = 0; i < count; i++) {
		if (marks[i].of == NOTICE_OF || is_repeat(marks, i))
			continue;
		codes->sites =
		    mem_room(codes->sites, codes->site_count, sizeof *codes->sites);
		codes->sites[codes->site_count++] = marks[i];
		codes->room *= (double)marks[i].of;
	}
}

/* Drawn again until it is free, it is any of the free words with equal chance. */
uint64_t
codes_take(struct codes *codes, const struct marking *holder)
{
	struct marking marking = *holder;
	struct text word = { 0 };

	if ((double)codes->taken.count >= codes->room) {
		codes->alike += codes->site_count > 0;
		return 0;
	}
	for (marking.attempt = 0;; marking.attempt++) {
		word.size = 0;
		for (size_t i = 0; i < codes->site_count; i++)
			text_addf(&word, "%llx,",
			    (unsigned long long)marking_choose(
				&marking, codes->sites[i].position, codes->sites[i].of));
		if (!map_get(&codes->taken, text_string(&word)))
			break;
	}
	map_put(&codes->taken, pool_keep(&codes->words, word.data, word.size), codes);
	text_clear(&word);
	return marking.attempt;
}

void
codes_clear(struct codes *codes)
{
	free(codes->sites);
	map_clear(&codes->taken);
	pool_clear(&codes->words);
	*codes = (struct codes){ 0 };
}
