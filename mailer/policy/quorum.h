/*
 * quorum - how many people must agree to a plan before it is armed, and who they are. The
 * files propose one; the one that is in force is kept by the ledger, as text, and a new
 * one is adopted only by as many as the old one asks for.
 */
#ifndef POLICY_QUORUM_H
#define POLICY_QUORUM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"

/* Whoever arms counts as the approver whose `user` they are on this machine. */
struct approver {
	const char *name, *fingerprint;
	const char *user; /* NULL: counts by signature alone */
	struct place place;
};

/* Plans with a contact of this tier need more. */
struct tier_quorum {
	const char *tier;
	unsigned needed;
};

/* Strings are borrowed: from the INI file, or from `strings`. */
struct quorum {
	unsigned needed; /* 0 or 1: whoever arms is enough */
	struct tier_quorum *tiers; /* owned */
	size_t tier_count;
	struct approver *approvers; /* owned */
	size_t approver_count;
	struct pool strings;
};

void quorum_clear(struct quorum *quorum);

/* Lines of text, the same for the same quorum: what approvers sign, and what is kept. */
void quorum_write(struct text *text, const struct quorum *quorum);
/* Reads what quorum_write wrote, and nothing else. */
bool quorum_read(struct quorum *quorum, const char *text);

/* Each name, key and user is one person's, and no number is beyond reach. */
void quorum_check(const struct quorum *quorum, struct mistakes *mistakes);

const struct approver *quorum_approver(
    const struct quorum *quorum, const char *fingerprint); /* NULL: none of them */

struct plan;
unsigned quorum_for_plan(const struct quorum *quorum, const struct plan *plan);
/* To change it takes what the most demanding plan would. */
unsigned quorum_for_change(const struct quorum *quorum);

/*
 * How many have agreed: those whose signatures are given, each once, and whoever arms
 * (user; NULL: nobody), if they are one of the approvers and did not sign as well.
 */
unsigned quorum_count(
    const struct quorum *quorum, const char *const signers[], size_t n, const char *user);

#endif
