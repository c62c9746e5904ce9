/* rehearsal - the editions of a plan as operators get them beforehand, marked as such */
#ifndef POLICY_REHEARSAL_H
#define POLICY_REHEARSAL_H

#include <stddef.h>

#include "policy/plan.h"

/* One edition, by a line that has it. */
struct rehearsal {
	const struct line *line;
	size_t contacts; /* how many get it, or one like it */
};

/*
 * What there is to rehearse: each edition that is shared, and of the personal ones of a
 * tier and language the first, as a sample. In the order of the plan; returns how many,
 * and the caller frees *list.
 */
size_t rehearsal_list(struct rehearsal **list, const struct plan *plan);

/*
 * The edition with a mark in its subject and, before its text, a line that says which one
 * it is. The copy's files are the original's, which must outlive it.
 */
void rehearsal_mark(struct edition *copy, const struct rehearsal *rehearsal);
void rehearsal_clear(struct edition *copy);

#endif
