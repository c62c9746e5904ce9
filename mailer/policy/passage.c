#include "policy/passage.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * Grams of GRAM bytes are noted at every STEP-th place of the texts and looked for
 * at every place of what is searched: each run of GRAM + STEP - 1 = PASSAGE_LEAST
 * bytes of a text holds a noted one. A hit is then compared byte by byte. Of a text
 * that is shorter the first SHORT bytes are noted.
 */
enum { GRAM = 32, STEP = PASSAGE_LEAST - GRAM + 1, SHORT = 8 };

/* So often is one gram noted for one text: periodic data must not cost more. */
enum { REPEATS_MOST = 16 };

enum { WORD_MOST = 15, WHOLE_DISTINCT = 5 };

struct form {
	char *bytes; /* owned */
	size_t size;
	size_t text;
	enum squeeze form;
};

struct gram {
	uint64_t hash;
	uint32_t form, at, next; /* next: index + 1 in the chain; 0 ends it */
};

struct table {
	size_t length; /* of its grams */
	struct gram *grams; /* owned */
	size_t count;
	uint32_t *heads; /* owned; index + 1 */
	size_t head_count; /* a power of two */
	unsigned char *marks; /* owned; a bit for each hash: most lookups end here */
};

/* DENSE is compared with DENSE, BARE and UNNUMBERED with both of these. */
struct family {
	struct table grams, shorts;
};

struct passages {
	struct form *forms; /* owned */
	size_t form_count, text_count;
	struct family dense, bare;
};

enum { MARKS = 16 }; /* bits for each head */

static void
table_init(struct table *table, size_t length)
{
	*table = (struct table){ .length = length, .head_count = 256 };
	table->heads = mem_array(table->head_count, sizeof *table->heads);
	table->marks = mem_new(table->head_count * MARKS / 8);
}

static void
table_clear(struct table *table)
{
	free(table->grams);
	free(table->heads);
	free(table->marks);
}

struct passages *
passages_new(void)
{
	struct passages *passages = mem_new(sizeof *passages);

	table_init(&passages->dense.grams, GRAM);
	table_init(&passages->dense.shorts, SHORT);
	table_init(&passages->bare.grams, GRAM);
	table_init(&passages->bare.shorts, SHORT);
	return passages;
}

static void
wipe(char *bytes, size_t size)
{
	explicit_bzero(bytes, size);
	free(bytes);
}

void
passages_free(struct passages *passages)
{
	if (!passages)
		return;
	for (size_t i = 0; i < passages->form_count; i++)
		wipe(passages->forms[i].bytes, passages->forms[i].size);
	free(passages->forms);
	table_clear(&passages->dense.grams);
	table_clear(&passages->dense.shorts);
	table_clear(&passages->bare.grams);
	table_clear(&passages->bare.shorts);
	free(passages);
}

/* A polynomial in BASE, which is odd; what overflows is let go. */
static const uint64_t BASE = 0x9E3779B97F4A7C15u;

static uint64_t
push(uint64_t hash, char byte)
{
	return hash * BASE + (unsigned char)byte + 1;
}

static uint64_t
hash_of(const char *bytes, size_t size)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < size; i++)
		hash = push(hash, bytes[i]);
	return hash;
}

/* A polynomial is weak in its low bits. */
static size_t
mix(uint64_t hash)
{
	hash ^= hash >> 32;
	hash *= 0xD6E8FEB86659FD93u;
	return (size_t)(hash >> 24);
}

static uint32_t *
head(const struct table *table, uint64_t hash)
{
	return &table->heads[mix(hash) & (table->head_count - 1)];
}

static void
mark(struct table *table, uint64_t hash)
{
	size_t bit = mix(hash) & (table->head_count * MARKS - 1);

	table->marks[bit / 8] |= (unsigned char)(1u << bit % 8);
}

static bool
is_marked(const struct table *table, uint64_t hash)
{
	size_t bit = mix(hash) & (table->head_count * MARKS - 1);

	return table->marks[bit / 8] >> bit % 8 & 1;
}

static void
widen(struct table *table)
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

static void
note(struct table *table, const struct form *form, size_t which, size_t at)
{
	uint64_t hash = hash_of(form->bytes + at, table->length);
	uint32_t *first = head(table, hash);
	size_t repeats = 0;

	for (uint32_t i = *first; i; i = table->grams[i - 1].next)
		repeats +=
		    table->grams[i - 1].hash == hash && table->grams[i - 1].form == which;
	if (repeats >= REPEATS_MOST)
		return;
	table->grams = mem_room(table->grams, table->count, sizeof *table->grams);
	table->grams[table->count++] =
	    (struct gram){ hash, (uint32_t)which, (uint32_t)at, *first };
	*first = (uint32_t)table->count;
	mark(table, hash);
	if (table->count > table->head_count)
		widen(table);
}

static void
note_all(struct passages *passages, size_t which)
{
	const struct form *form = &passages->forms[which];
	struct family *family =
	    form->form == SQUEEZE_DENSE ? &passages->dense : &passages->bare;

	if (form->size < PASSAGE_LEAST)
		note(&family->shorts, form, which, 0);
	else
		for (size_t at = 0; at + GRAM <= form->size; at += STEP)
			note(&family->grams, form, which, at);
}

/* Fewer than `enough` different bytes are no passage. */
static bool
is_varied(const char *bytes, size_t size, unsigned enough)
{
	bool seen[256] = { false };
	unsigned distinct = 0;

	for (size_t i = 0; i < size && distinct < enough; i++) {
		distinct += !seen[(unsigned char)bytes[i]];
		seen[(unsigned char)bytes[i]] = true;
	}
	return distinct >= enough;
}

static bool
is_word(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (!((unsigned char)bytes[i] >= 0x80 ||
			(bytes[i] >= 'a' && bytes[i] <= 'z')))
			return false;
	return size <= WORD_MOST;
}

/* Whether the form could be found. */
static bool
is_worth(const struct form *form)
{
	if (form->size >= PASSAGE_LEAST)
		return true;
	return form->size >= SHORT && !is_word(form->bytes, form->size) &&
	    is_varied(form->bytes, form->size, WHOLE_DISTINCT);
}

void
passages_add(struct passages *passages, const char *bytes, size_t size)
{
	size_t bare = SIZE_MAX;

	for (enum squeeze kind = 0; kind < SQUEEZE_FORMS; kind++) {
		struct form form = { mem_new(size + 1), 0, passages->text_count, kind };

		form.size = squeeze(form.bytes, bytes, size, kind);
		if (!is_worth(&form) ||
		    (kind == SQUEEZE_UNNUMBERED && form.size == bare)) {
			wipe(form.bytes, form.size);
			continue;
		}
		bare = kind == SQUEEZE_BARE ? form.size : bare;
		passages->forms = mem_room(
		    passages->forms, passages->form_count, sizeof *passages->forms);
		passages->forms[passages->form_count] = form;
		note_all(passages, passages->form_count++);
	}
	passages->text_count++;
}

/* One form of what is searched. */
struct search {
	const struct passages *passages;
	enum squeeze form;
	const char *bytes;
	size_t size;
	size_t *covered; /* for each form of a text: before here its passages are told */
	void (*found)(void *ctx, const struct passage *passage);
	void *ctx;
};

static void
tell(const struct search *search, const struct form *form, size_t from, size_t to,
    size_t at)
{
	struct passage passage = { form->text, form->form, from, to, form->size,
		search->form, at };

	search->found(search->ctx, &passage);
}

/* Grams meet at `at` and `from`. */
static void
compare_run(struct search *search, const struct gram *gram, size_t at)
{
	const struct form *form = &search->passages->forms[gram->form];
	size_t from = gram->at, to = from, end;
	size_t *covered = &search->covered[gram->form];

	if (at + GRAM <= *covered)
		return;
	for (size_t i = 0;
	     i < STEP && at && from && search->bytes[at - 1] == form->bytes[from - 1];
	     i++, at--)
		from--;
	for (end = at, to = from; end < search->size && to < form->size &&
	     search->bytes[end] == form->bytes[to];
	     end++)
		to++;
	if (to - from < PASSAGE_LEAST)
		return;
	*covered = end;
	if (is_varied(form->bytes + from, to - from, PASSAGE_DISTINCT))
		tell(search, form, from, to, at);
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* A number is not found in a longer one. */
static bool
cuts_number(const struct search *search, size_t at, size_t end)
{
	const char *bytes = search->bytes;

	return (at && is_digit(bytes[at - 1]) && is_digit(bytes[at])) ||
	    (end < search->size && is_digit(bytes[end - 1]) && is_digit(bytes[end]));
}

static void
compare_whole(struct search *search, const struct gram *gram, size_t at)
{
	const struct form *form = &search->passages->forms[gram->form];

	if (search->covered[gram->form] || form->size > search->size - at ||
	    memcmp(search->bytes + at, form->bytes, form->size) != 0 ||
	    cuts_number(search, at, at + form->size))
		return;
	search->covered[gram->form] = at + form->size;
	tell(search, form, 0, form->size, at);
}

static void
look_up(struct search *search, const struct table *table, uint64_t hash, size_t at,
    void (*compare)(struct search *search, const struct gram *gram, size_t at))
{
	for (uint32_t i = *head(table, hash); i; i = table->grams[i - 1].next)
		if (table->grams[i - 1].hash == hash)
			compare(search, &table->grams[i - 1], at);
}

static void
slide(struct search *search, const struct table *table,
    void (*compare)(struct search *search, const struct gram *gram, size_t at))
{
	uint64_t hash, leaves = 1;

	if (!table->count || search->size < table->length)
		return;
	for (size_t i = 0; i < table->length; i++)
		leaves *= BASE;
	hash = hash_of(search->bytes, table->length);
	for (size_t at = 0;; at++) {
		if (is_marked(table, hash))
			look_up(search, table, hash, at, compare);
		if (at + table->length == search->size)
			break;
		hash = push(hash, search->bytes[at + table->length]) -
		    leaves * ((unsigned char)search->bytes[at] + 1u);
	}
}

void
passages_find(const struct passages *passages, const char *bytes, size_t size,
    void (*found)(void *ctx, const struct passage *passage), void *ctx)
{
	char *squeezed = mem_new(size + 1);
	size_t bare = SIZE_MAX;

	for (enum squeeze form = 0; form < SQUEEZE_FORMS; form++) {
		const struct family *family =
		    form == SQUEEZE_DENSE ? &passages->dense : &passages->bare;
		struct search search = { passages, form, squeezed,
			squeeze(squeezed, bytes, size, form), NULL, found, ctx };

		if (form == SQUEEZE_UNNUMBERED && search.size == bare)
			continue; /* no line begins with a number */
		bare = search.size;
		search.covered = mem_array(passages->form_count, sizeof *search.covered);
		slide(&search, &family->grams, compare_run);
		slide(&search, &family->shorts, compare_whole);
		free(search.covered);
	}
	wipe(squeezed, size);
}
