/*
 * suspect - whose copy a leak was: the symmetric score of Skoric, Katzenbeisser and Celik
 * (2008), and how probable as high a one is for somebody who has nothing to do with it
 */
#ifndef POLICY_SUSPECT_H
#define POLICY_SUSPECT_H

#include "policy/finding.h"

/* What a copy carries. */
struct word {
	int64_t code; /* its name in the ledger */
	unsigned groups; /* it is one of so many; 0: a contact's own */
	struct mark *marks; /* owned; ascending position, without their places */
	size_t count;
};

/* One advisory that leaked: what was read of it, and the words of its copies. */
struct trail {
	const char *advisory; /* owned by whoever made it */
	struct findings findings;
	struct word *words; /* owned; ascending code */
	size_t word_count;
};

void trail_clear(struct trail *trail);
/* The word of that code; NULL: there is none. */
const struct word *trail_word(const struct trail *trail, int64_t code);

struct suspect {
	char *contact, *partner; /* owned */
	const struct word **words; /* owned array; by trail; NULL: it had no copy of it */
	size_t read,
	    agrees; /* of its marks that were read, how many are as in its copy */
	long score;
	double odds; /* that any innocent one of all scores as high, at most */
};

void suspect_clear(struct suspect *suspect);

/*
 * Scores all, gives the first `most` of them their odds, and sorts them: lowest odds
 * first, then the highest score, then by name.
 */
void suspects_judge(struct suspect *suspects, size_t count, size_t most,
    const struct trail *trails, size_t trail_count);

#endif
