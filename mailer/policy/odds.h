/* odds - how probable each score is for somebody who has nothing to do with a leak: exact sums */
#ifndef POLICY_ODDS_H
#define POLICY_ODDS_H

#include <stddef.h>

/* Scores from `least` on. All masses are sums of products, so that small ones are exact, too. */
struct odds {
	double *masses; /* owned */
	size_t size;
	long least;
};

void odds_init(struct odds *odds); /* the score 0 for certain */
void odds_clear(struct odds *odds);

/* One more mark: with probability p it adds `match`, else `miss`. */
void odds_mark(struct odds *odds, double p, long match, long miss);
/* The sum with another, independent score. */
void odds_add(struct odds *odds, const struct odds *other);
/* All masses times `by`, and `mass` more at the score. */
void odds_scale(struct odds *odds, double by);
void odds_put(struct odds *odds, long score, double mass);

/* The probability of that score or a higher one; at most 1. */
double odds_tail(const struct odds *odds, long score);

#endif
