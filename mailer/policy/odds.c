#include "policy/odds.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Nothing yet, with room for these scores. */
static struct odds
between(long least, long most)
{
	struct odds odds = { .size = (size_t)(most - least) + 1, .least = least };

	odds.masses = mem_array(odds.size, sizeof *odds.masses);
	return odds;
}

static long
most_of(const struct odds *odds)
{
	return odds->least + (long)odds->size - 1;
}

void
odds_init(struct odds *odds)
{
	*odds = between(0, 0);
	odds->masses[0] = 1;
}

void
odds_clear(struct odds *odds)
{
	free(odds->masses);
	*odds = (struct odds){ 0 };
}

void
odds_scale(struct odds *odds, double by)
{
	for (size_t i = 0; i < odds->size; i++)
		odds->masses[i] *= by;
}

void
odds_put(struct odds *odds, long score, double mass)
{
	long least = score < odds->least ? score : odds->least;
	long most = score > most_of(odds) ? score : most_of(odds);
	struct odds wider = between(least, most);

	memcpy(wider.masses + (odds->least - least), odds->masses,
	    odds->size * sizeof *odds->masses);
	wider.masses[score - least] += mass;
	odds_clear(odds);
	*odds = wider;
}

void
odds_add(struct odds *odds, const struct odds *other)
{
	struct odds sum =
	    between(odds->least + other->least, most_of(odds) + most_of(other));

	for (size_t j = 0; j < other->size; j++) {
		double mass = other->masses[j];

		if (mass <= 0)
			continue;
		for (size_t i = 0; i < odds->size; i++)
			sum.masses[i + j] += odds->masses[i] * mass;
	}
	odds_clear(odds);
	*odds = sum;
}

void
odds_mark(struct odds *odds, double p, long match, long miss)
{
	struct odds mark = between(miss, match);

	mark.masses[0] = 1 - p;
	mark.masses[mark.size - 1] += p;
	odds_add(odds, &mark);
	odds_clear(&mark);
}

double
odds_tail(const struct odds *odds, long score)
{
	double tail = 0;

	for (size_t i = odds->size; i-- > 0 && odds->least + (long)i >= score;)
		tail += odds->masses[i]; /* the small ones first */
	return tail < 1 ? tail : 1;
}
