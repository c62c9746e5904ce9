/*
 * mark - where the copies of an advisory differ, so that a leaked one tells whose it was:
 * the wording of a variant, the order of two elements of a list, a made-up indicator, a
 * notice number. What a copy carries is chosen by a keyed code, and by nothing else.
 */
#ifndef POLICY_MARK_H
#define POLICY_MARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/pool.h"
#include "base/text.h"

/* One mark as a copy carries it. */
struct mark {
	uint64_t position; /* which one: the same in every copy of every advisory */
	uint64_t symbol, of; /* this copy's choice, from 0, of how many */
	size_t at, size; /* where it stands in what was rendered */
};

/*
 * A copy that is being marked. The symbol of a position is a function of the key, the
 * advisory, the holder and the attempt; a revision is no part of it, so that a partner
 * who compares two of them sees no mark move.
 */
struct marking {
	const struct text *key; /* borrowed; NULL: none */
	const char *advisory;
	const char *holder; /* a contact, or a group of partners */
	uint64_t attempt; /* the next one where two words would be alike */
	bool forced; /* no key chooses: each mark has this symbol, or its last one */
	uint64_t symbol;
	struct mark *marks; /* owned; in the order in which they were written */
	size_t count;
};

/* `what` is what the mark chooses from; its hash is keyed, so that nobody can guess it. */
uint64_t mark_position(const struct text *key, const struct text *what);
uint64_t marking_choose(const struct marking *marking, uint64_t position, uint64_t of);
void marking_note(struct marking *marking, const struct mark *mark);
void marking_clear(struct marking *marking);

/* The group of a partner in an advisory, from 0: another draw in each advisory. */
unsigned mark_group(
    const struct text *key, const char *advisory, const char *partner, unsigned groups);

/* A notice number is a mark of so many symbols, written "K7QF-2M9X". */
#define NOTICE_OF ((uint64_t)1 << 40)
void notice_write(struct text *text, uint64_t symbol);

/* How many bits tell a copy with these marks from others, notice numbers left out. */
double marks_bits(const struct mark *marks, size_t count);

/*
 * The words that copies of one tier and language carry: what they have at the positions
 * of all their marks. No two are alike as long as there are words left.
 */
struct codes {
	struct mark *sites; /* owned; notice numbers left out */
	size_t site_count;
	double room; /* how many words there are */
	struct map taken;
	struct pool words;
	size_t alike; /* copies for which no word was left */
};

void codes_init(struct codes *codes, const struct mark *marks, size_t count);
/* The first attempt of this holder whose word nobody has, who has it from now on. */
uint64_t codes_take(struct codes *codes, const struct marking *holder);
void codes_clear(struct codes *codes);

#endif
