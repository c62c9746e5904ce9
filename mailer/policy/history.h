/*
 * history - what contacts have had of an advisory before: to them another revision is an
 * update, which answers their mail and can say what is new to them
 */
#ifndef POLICY_HISTORY_H
#define POLICY_HISTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/digest.h"
#include "base/pool.h"

struct given {
	const char *name; /* "text.summary" */
	unsigned char sha256[DIGEST_SIZE];
};

/* What was given with a revision; the same for all that were given the same. */
struct prior {
	unsigned revision;
	int64_t manifest; /* the ledger's number for what was given */
	struct given *given; /* owned; ascending name */
	size_t count;
};

/* The last revision that reached a contact, or may have. */
struct holding {
	const char *contact;
	const struct prior *prior;
};

struct history {
	struct holding *holdings; /* owned; ascending contact */
	size_t count;
	struct prior **priors; /* owned, and each */
	size_t prior_count;
	struct pool strings;
};

void history_clear(struct history *history);
/* NULL: it has had nothing. */
const struct prior *history_of(const struct history *history, const char *contact);
const struct given *prior_given(const struct prior *prior, const char *name);

#endif
