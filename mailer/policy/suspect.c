#include "policy/suspect.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "policy/odds.h"

/*
 * Scores are whole numbers, so that their odds are exact sums. Of many symbols, as a
 * notice number has them, one weighs no more than LIGHT of a thousand would.
 */
enum { SCALE = 16, LIGHT = 1000 };

void
trail_clear(struct trail *trail)
{
	for (size_t i = 0; i < trail->word_count; i++)
		free(trail->words[i].marks);
	free(trail->words);
	findings_clear(&trail->findings);
	*trail = (struct trail){ 0 };
}

static int
compare_code(const void *code, const void *word)
{
	int64_t one = *(const int64_t *)code, two = ((const struct word *)word)->code;

	return (one > two) - (one < two);
}

const struct word *
trail_word(const struct trail *trail, int64_t code)
{
	if (trail->word_count == 0)
		return NULL;
	return bsearch(
	    &code, trail->words, trail->word_count, sizeof *trail->words, compare_code);
}

void
suspect_clear(struct suspect *suspect)
{
	free(suspect->contact);
	free(suspect->partner);
	free(suspect->words);
	*suspect = (struct suspect){ 0 };
}

static double
probability(const struct mark *mark)
{
	return 1 / (double)mark->of;
}

static long
weight(const struct mark *mark, bool match)
{
	double p = mark->of > LIGHT ? 1.0 / LIGHT : probability(mark);

	return match ? lround(SCALE * sqrt((1 - p) / p))
		     : -lround(SCALE * sqrt(p / (1 - p)));
}

struct sum {
	size_t read, agrees;
	long score;
};

static void
add_word(struct sum *sum, const struct trail *trail, const struct word *word)
{
	for (size_t i = 0; i < word->count; i++) {
		const struct mark *mark = &word->marks[i];
		const struct finding *finding =
		    findings_of(&trail->findings, mark->position);
		bool match;

		if (!finding || finding->mixed)
			continue;
		match = finding->mark.symbol == mark->symbol;
		sum->read++;
		sum->agrees += match;
		sum->score += weight(mark, match);
	}
}

/* What anybody's own word scores: each symbol is a fair draw. */
static void
draw_word(struct odds *odds, const struct trail *trail, const struct word *word)
{
	odds_init(odds);
	for (size_t i = 0; i < word->count; i++) {
		const struct mark *mark = &word->marks[i];
		const struct finding *finding =
		    findings_of(&trail->findings, mark->position);

		if (finding && !finding->mixed)
			odds_mark(odds, probability(mark), weight(mark, true),
			    weight(mark, false));
	}
}

/* Copies with marks at the same positions are of one printing. */
static bool
are_kin(const struct word *one, const struct word *two)
{
	if (one->groups != two->groups || one->count != two->count)
		return false;
	for (size_t i = 0; i < one->count; i++)
		if (one->marks[i].position != two->marks[i].position)
			return false;
	return true;
}

/*
 * What is drawn is a group, and only then its word: whoever is in the group of the leak
 * has its very word. Words of groups without a partner are not known, and fair draws.
 */
static void
draw_group(struct odds *odds, const struct trail *trail, const struct word *word)
{
	double each = 1.0 / word->groups;
	unsigned known = 0;

	for (size_t i = 0; i < trail->word_count; i++)
		known += are_kin(&trail->words[i], word);
	draw_word(odds, trail, word);
	odds_scale(odds, known < word->groups ? 1 - known * each : 0);
	for (size_t i = 0; i < trail->word_count; i++) {
		struct sum sum = { 0 };

		if (!are_kin(&trail->words[i], word))
			continue;
		add_word(&sum, trail, &trail->words[i]);
		odds_put(odds, sum.score, each);
	}
}

/* How probable the score is for one innocent who had these copies. */
static double
innocent(const struct suspect *suspect, const struct trail *trails, size_t count)
{
	struct odds odds;
	double tail;

	odds_init(&odds);
	for (size_t i = 0; i < count; i++) {
		struct odds part;

		if (!suspect->words[i])
			continue;
		if (suspect->words[i]->groups)
			draw_group(&part, &trails[i], suspect->words[i]);
		else
			draw_word(&part, &trails[i], suspect->words[i]);
		odds_add(&odds, &part);
		odds_clear(&part);
	}
	tail = odds_tail(&odds, suspect->score);
	odds_clear(&odds);
	return tail;
}

static int
by_score(const void *a, const void *b)
{
	const struct suspect *one = a, *two = b;

	if (one->odds != two->odds)
		return one->odds < two->odds ? -1 : 1;
	if (one->score != two->score)
		return one->score > two->score ? -1 : 1;
	return strcmp(one->contact, two->contact);
}

void
suspects_judge(struct suspect *suspects, size_t count, size_t most,
    const struct trail *trails, size_t trail_count)
{
	for (size_t i = 0; i < count; i++) {
		struct sum sum = { 0 };

		for (size_t j = 0; j < trail_count; j++)
			if (suspects[i].words[j])
				add_word(&sum, &trails[j], suspects[i].words[j]);
		suspects[i].read = sum.read;
		suspects[i].agrees = sum.agrees;
		suspects[i].score = sum.score;
		suspects[i].odds = 1;
	}
	qsort(suspects, count, sizeof *suspects, by_score);
	for (size_t i = 0; i < count && i < most; i++) {
		double odds = (double)count * innocent(&suspects[i], trails, trail_count);

		suspects[i].odds = odds < 1 ? odds : 1;
	}
	qsort(suspects, count, sizeof *suspects, by_score);
}
