/*
 * printing - the copies of an advisory for one tier, language and past: whether all are
 * one edition, one a group of partners or one a contact, and which marks each carries
 */
#ifndef POLICY_PRINTING_H
#define POLICY_PRINTING_H

#include "policy/edition.h"

struct printing {
	const struct tier *tier;
	const char *language;
	const struct prior *prior; /* as of a copy */
	bool personal; /* a contact's name is in it */
	bool marked;
	unsigned groups; /* 0: copies are not of groups */
	struct codes codes;
	uint64_t *attempts; /* owned; by group */
	struct edition *
	    *shared; /* owned array, editions borrowed; by group, or just one */
};

/* `first` is some contact of the tier and language who had that before. */
struct printing *printing_new(const struct brief *brief, const struct tier *tier,
    const struct contact *first, const struct prior *prior);
void printing_free(struct printing *printing);

/*
 * The copy of a contact. To be asked once for each, in ascending order of all contacts:
 * words are given out in it, so that one more contact hardly ever changes another's.
 */
struct copy printing_copy(
    struct printing *printing, const struct brief *brief, const struct contact *to);
/* Where the edition stands that others get, too; NULL: it is this contact's alone. */
struct edition **printing_shared(struct printing *printing, const struct copy *copy);

/* Warns of copies that no mark tells from others. */
void printing_warn(const struct printing *printing, const struct brief *brief,
    struct mistakes *mistakes);

#endif
