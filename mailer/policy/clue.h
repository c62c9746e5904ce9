/*
 * clue - what gives a mark away in a leaked text: a wording with some of what stands
 * around it, as it is left when case, white space and marks of quoting are not counted
 */
#ifndef POLICY_CLUE_H
#define POLICY_CLUE_H

#include "policy/edition.h"
#include "policy/finding.h"

struct clue {
	struct mark mark; /* without its place */
	char *bytes; /* owned */
	size_t size;
};

struct clues {
	struct clue *all; /* owned */
	size_t count;
};

/*
 * Adds those of one tier, language and past: each is in copies with that symbol alone.
 * What names the copy's person finds no copy of another one; notice numbers have no clues.
 */
void clues_add(struct clues *clues, const struct brief *brief, const struct copy *copy);
void clues_clear(struct clues *clues);

/* Adds what the clues find. */
void clues_find(
    const struct clues *clues, const struct leaked *leaked, struct findings *findings);

#endif
