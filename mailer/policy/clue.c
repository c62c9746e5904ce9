#include "policy/clue.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/squeeze.h"

/*
 * AROUND: bytes on each side that make a wording one of a place; more would be lost
 * where a paste ends. LEAST: shorter clues are found by chance.
 */
enum { AROUND = 20, LEAST = 12 };

/* A copy in which each mark has the same symbol, or its last one. */
struct proof {
	struct edition *edition;
	struct text whole; /* subject, LF, text: what marks count in */
	struct text form;
};

struct proofs {
	struct proof *all; /* owned; by symbol */
	size_t count;
};

static void
squeeze_into(struct text *out, const char *bytes, size_t size)
{
	char *form = mem_new(size + 1);

	text_add(out, form, squeeze(form, bytes, size, SQUEEZE_BARE));
	explicit_bzero(form, size);
	free(form);
}

static void
add_proof(struct proofs *proofs, struct edition *edition)
{
	struct proof *proof;

	proofs->all = mem_room(proofs->all, proofs->count, sizeof *proofs->all);
	proof = &proofs->all[proofs->count++];
	*proof = (struct proof){ .edition = edition };
	text_add(&proof->whole, edition->subject.data, edition->subject.size);
	text_addc(&proof->whole, '\n');
	text_add(&proof->whole, edition->text.data, edition->text.size);
	squeeze_into(&proof->form, proof->whole.data, proof->whole.size);
}

static uint64_t
most_symbols(const struct edition *edition)
{
	uint64_t most = 0;

	for (size_t i = 0; i < edition->mark_count; i++)
		if (edition->marks[i].of != NOTICE_OF && edition->marks[i].of > most)
			most = edition->marks[i].of;
	return most;
}

static void
make_proofs(struct proofs *proofs, const struct brief *brief, const struct copy *copy)
{
	struct mistakes unsaid = { 0 };
	uint64_t symbol = 0, most = 1;

	*proofs = (struct proofs){ 0 };
	for (; symbol < most; symbol++) {
		struct copy forced = *copy;

		forced.forced = &symbol;
		add_proof(proofs, edition_new(brief, &forced, &unsaid));
		most = most_symbols(proofs->all[0].edition);
	}
	mistakes_clear(&unsaid);
}

static void
proofs_clear(struct proofs *proofs)
{
	for (size_t i = 0; i < proofs->count; i++) {
		edition_free(proofs->all[i].edition);
		text_clear(&proofs->all[i].whole);
		text_clear(&proofs->all[i].form);
	}
	free(proofs->all);
}

static size_t
times_in(const struct text *text, const struct text *bytes)
{
	const char *at = text_string(text), *end = at + text->size;
	size_t times = 0;

	while ((at = memmem(at, (size_t)(end - at), bytes->data, bytes->size))) {
		times++;
		at++;
	}
	return times;
}

/* How many places of the copy the mark stands in. */
static size_t
places_of(const struct edition *edition, uint64_t position)
{
	size_t places = 0;

	for (size_t i = 0; i < edition->mark_count; i++)
		places += edition->marks[i].position == position;
	return places;
}

/* Copies with that symbol have it at the mark, and others not at all. */
static bool
is_clear(const struct proofs *proofs, const struct mark *mark, const struct text *bytes)
{
	for (size_t i = 0; i < proofs->count; i++) {
		uint64_t symbol = i < mark->of ? i : mark->of - 1;
		size_t times = times_in(&proofs->all[i].form, bytes);

		if (symbol != mark->symbol ? times > 0
					   : times == 0 ||
			    times > places_of(proofs->all[i].edition, mark->position))
			return false;
	}
	return true;
}

static bool
is_known(const struct clues *clues, const struct mark *mark, const struct text *bytes)
{
	for (size_t i = 0; i < clues->count; i++) {
		const struct clue *clue = &clues->all[i];

		if (clue->mark.position == mark->position &&
		    clue->mark.symbol == mark->symbol && clue->size == bytes->size &&
		    memcmp(clue->bytes, bytes->data, bytes->size) == 0)
			return true;
	}
	return false;
}

static void
add_clue(struct clues *clues, const struct proofs *proofs, const struct mark *mark,
    struct text *bytes)
{
	struct clue *clue;

	if (bytes->size >= LEAST && !is_known(clues, mark, bytes) &&
	    is_clear(proofs, mark, bytes)) {
		clues->all = mem_room(clues->all, clues->count, sizeof *clues->all);
		clue = &clues->all[clues->count++];
		*clue = (struct clue){ .mark = *mark, .size = bytes->size };
		clue->bytes = mem_new(bytes->size + 1);
		memcpy(clue->bytes, bytes->data, bytes->size);
	}
	text_clear(bytes);
}

/* A mark with what stands before and behind it, up to the next marks. */
struct spot {
	struct text before, wording, behind;
};

static void
cut_spot(struct spot *spot, const struct proof *proof, size_t which)
{
	const struct edition *edition = proof->edition;
	const struct mark *marks = edition->marks, *mark = &marks[which];
	bool in_subject = mark->at < edition->subject.size;
	size_t from = in_subject ? 0 : edition->subject.size + 1;
	size_t to = in_subject ? edition->subject.size : proof->whole.size;
	size_t end = mark->at + mark->size;
	const char *whole = text_string(&proof->whole);

	if (which > 0 && marks[which - 1].at + marks[which - 1].size > from)
		from = marks[which - 1].at + marks[which - 1].size;
	if (which + 1 < edition->mark_count && marks[which + 1].at < to)
		to = marks[which + 1].at;
	squeeze_into(&spot->before, whole + from, mark->at - from);
	squeeze_into(&spot->wording, whole + mark->at, mark->size);
	squeeze_into(&spot->behind, whole + end, to - end);
}

/* With both sides, with one where the paste ends, and by itself if it is long enough. */
static void
add_spot(struct clues *clues, const struct proofs *proofs, const struct mark *mark,
    const struct spot *spot)
{
	const char *before = text_string(&spot->before);
	size_t left = spot->before.size < AROUND ? spot->before.size : AROUND;
	size_t right = spot->behind.size < AROUND ? spot->behind.size : AROUND;

	for (unsigned sides = 0; sides < 4; sides++) {
		struct text bytes = { 0 };

		if (sides & 1)
			text_add(&bytes, before + spot->before.size - left, left);
		text_add(&bytes, spot->wording.data, spot->wording.size);
		if (sides & 2)
			text_add(&bytes, spot->behind.data, right);
		add_clue(clues, proofs, mark, &bytes);
	}
}

void
clues_add(struct clues *clues, const struct brief *brief, const struct copy *copy)
{
	struct proofs proofs;

	make_proofs(&proofs, brief, copy);
	for (size_t i = 0; i < proofs.count; i++) {
		const struct edition *edition = proofs.all[i].edition;

		for (size_t j = 0; j < edition->mark_count; j++) {
			const struct mark *mark = &edition->marks[j];
			struct spot spot = { 0 };

			if (mark->symbol != i || mark->of == NOTICE_OF)
				continue; /* it is in another proof already */
			cut_spot(&spot, &proofs.all[i], j);
			add_spot(clues, &proofs, mark, &spot);
			text_clear(&spot.before);
			text_clear(&spot.wording);
			text_clear(&spot.behind);
		}
	}
	proofs_clear(&proofs);
}

void
clues_clear(struct clues *clues)
{
	for (size_t i = 0; i < clues->count; i++)
		free(clues->all[i].bytes);
	free(clues->all);
	*clues = (struct clues){ 0 };
}

void
clues_find(
    const struct clues *clues, const struct leaked *leaked, struct findings *findings)
{
	for (size_t i = 0; i < clues->count; i++) {
		const struct clue *clue = &clues->all[i];

		if (leaked_has(leaked, clue->bytes, clue->size))
			findings_add(findings, &clue->mark);
	}
}
