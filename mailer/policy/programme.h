/* programme - the rules of an early-warning programme: who may have what, and when */
#ifndef POLICY_PROGRAMME_H
#define POLICY_PROGRAMME_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "policy/calendar.h"
#include "policy/quorum.h"
#include "policy/tier.h"

struct wave {
	const char *id;
	const struct tier **tiers; /* owned array */
	size_t tier_count;
	struct offset opens; /* relative to the release */
	time_t lasts; /* seconds */
	struct place place;
};

/* Lowers partners of any of these countries to a tier. */
struct rule {
	const char *id;
	const char **countries; /* owned array */
	size_t country_count;
	const struct tier *tier;
	const char *reason;
	struct place place;
};

struct language {
	const char *id;
	bool
	    fallback; /* the unsuffixed text serves where there is none of this language */
};

/* Strings are borrowed from the INI file it was read from. */
struct programme {
	const char *name, *from, *reply_to, *language;
	struct calendar calendar;
	time_t late_limit; /* seconds */
	bool overdue_blocks; /* partners whose review or agreement is past get nothing */
	bool report_waves; /* to operators, once a wave has gone out */
	unsigned groups; /* partners of one share their marks; 0: each has its own */
	struct tier *tiers; /* owned; ascending rank */
	size_t tier_count;
	struct wave *waves; /* owned; in file order */
	size_t wave_count;
	struct rule *rules; /* owned; in file order */
	size_t rule_count;
	struct language *languages; /* owned */
	size_t language_count;
	struct quorum quorum; /* that the files ask for */
	struct place place;
};

void programme_clear(struct programme *programme);

const struct tier *programme_tier(const struct programme *programme, const char *id);
const struct wave *programme_wave_of(
    const struct programme *programme, const struct tier *tier);
bool programme_falls_back(const struct programme *programme, const char *language);
/* A class that some tier admits. */
bool programme_knows_class(const struct programme *programme, const char *class);

/*
 * The rules of the whole: a tier in exactly one wave, unique ranks, a higher
 * rank admits a superset and opens no later.
 */
void programme_check(const struct programme *programme, struct mistakes *mistakes);

#endif
