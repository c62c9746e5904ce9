#include "policy/passage.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/gram.h"

_Static_assert(PASSAGE_LEAST == GRAM + GRAM_WINDOW - 1, "each passage has a picked gram");

enum { WORD_MOST = 15, WHOLE_DISTINCT = 5 };

struct form {
	char *bytes; /* owned */
	size_t size;
	size_t text;
	enum squeeze form;
};

/* DENSE is compared with DENSE, BARE and UNNUMBERED with both of these. */
struct family {
	struct gram_table grams, shorts;
};

struct passages {
	struct form *forms; /* owned */
	size_t form_count, text_count;
	struct family dense, bare;
};

struct passages *
passages_new(void)
{
	struct passages *passages = mem_new(sizeof *passages);

	gram_table_init(&passages->dense.grams);
	gram_table_init(&passages->dense.shorts);
	gram_table_init(&passages->bare.grams);
	gram_table_init(&passages->bare.shorts);
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
	gram_table_clear(&passages->dense.grams);
	gram_table_clear(&passages->dense.shorts);
	gram_table_clear(&passages->bare.grams);
	gram_table_clear(&passages->bare.shorts);
	free(passages);
}

struct noting {
	struct gram_table *table;
	size_t which;
};

static void
note_picked(void *ctx, uint32_t hash, size_t at)
{
	const struct noting *noting = ctx;

	gram_note(noting->table, hash, noting->which, at);
}

static void
note_all(struct passages *passages, size_t which)
{
	const struct form *form = &passages->forms[which];
	struct family *family =
	    form->form == SQUEEZE_DENSE ? &passages->dense : &passages->bare;
	struct noting noting = { &family->grams, which };

	if (form->size < PASSAGE_LEAST)
		gram_note(&family->shorts, gram_hash_short(form->bytes), which, 0);
	else
		gram_pick(form->bytes, form->size, note_picked, &noting);
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
	return form->size >= GRAM_SHORT && !is_word(form->bytes, form->size) &&
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
	const struct family *family;
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
	size_t from = gram->at, to, end;
	size_t *covered = &search->covered[gram->form];

	if (at + GRAM <= *covered)
		return;
	for (size_t i = 0; i < GRAM_WINDOW && at && from &&
	     search->bytes[at - 1] == form->bytes[from - 1];
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
look_up(struct search *search, const struct gram_table *table, uint32_t hash, size_t at,
    void (*compare)(struct search *search, const struct gram *gram, size_t at))
{
	for (const struct gram *gram = gram_find(table, hash); gram;
	     gram = gram_next(table, gram))
		compare(search, gram, at);
}

static void
look_up_picked(void *ctx, uint32_t hash, size_t at)
{
	struct search *search = ctx;

	look_up(search, &search->family->grams, hash, at, compare_run);
}

static void
search_all(struct search *search)
{
	const struct gram_table *shorts = &search->family->shorts;

	gram_pick(search->bytes, search->size, look_up_picked, search);
	for (size_t at = 0; shorts->count && at + GRAM_SHORT <= search->size; at++)
		look_up(search, shorts, gram_hash_short(search->bytes + at), at,
		    compare_whole);
}

void
passages_find(const struct passages *passages, const char *bytes, size_t size,
    void (*found)(void *ctx, const struct passage *passage), void *ctx)
{
	char *squeezed = mem_new(size + 1);
	size_t bare = SIZE_MAX;

	for (enum squeeze form = 0; form < SQUEEZE_FORMS; form++) {
		struct search search = { .passages = passages,
			.family =
			    form == SQUEEZE_DENSE ? &passages->dense : &passages->bare,
			.form = form,
			.bytes = squeezed,
			.size = squeeze(squeezed, bytes, size, form),
			.found = found,
			.ctx = ctx };

		if (form == SQUEEZE_UNNUMBERED && search.size == bare)
			continue; /* no line begins with a number */
		bare = search.size;
		search.covered = mem_array(passages->form_count, sizeof *search.covered);
		search_all(&search);
		free(search.covered);
	}
	wipe(squeezed, size);
}
