/*
 * marks - how many two-way marks it takes until a leak is traced, by its number of
 * colluders and by what they do where their copies differ. No test depends on it.
 *
 *     marks [PARTNERS] [ODDS] [TRIALS]
 *
 * Two codes: uniform, as forewarn has it, and Tardos' with biased marks, as Skoric and
 * others cut them off for so many colluders. One decoder for both: the symmetric score,
 * and a threshold that an innocent one passes with a probability of ODDS / PARTNERS.
 * Printed is the least number of marks, of those tried, at which in half of the trials
 * some colluder is named, and "-" where 4,000 marks are not enough.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { COLLUDERS_MOST = 3, MARKS_MOST = 4000 };

enum attack { MAJORITY, MINORITY, TOSS, INTERLEAVING, ATTACKS };
static const char *const attacks[] = { "majority", "minority", "toss", "interleaving" };

/* xoshiro would be better and longer; this is Marsaglia's xorshift64* (2003). */
static double
draw(uint64_t *state)
{
	*state ^= *state >> 12;
	*state ^= *state << 25;
	*state ^= *state >> 27;
	return (double)((*state * 2685821657736338717u) >> 11) * 0x1p-53;
}

/* The probability of a 1: arcsine distributed between the cut-offs, as Tardos has it. */
static double
bias(uint64_t *state, bool tardos, unsigned colluders)
{
	double cutoff = 1.0 / (300.0 * colluders), low = asin(sqrt(cutoff));
	double root;

	if (!tardos)
		return 0.5;
	root = sin(low + draw(state) * (acos(-1.0) / 2 - 2 * low));
	return root * root;
}

/* What stands in the leak, where `ones` of so many copies have a 1. */
static bool
choose(uint64_t *state, enum attack attack, unsigned ones, unsigned colluders)
{
	if (ones == 0 || ones == colluders)
		return ones > 0; /* nobody sees a mark there */
	switch (attack) {
	case MAJORITY:
		return 2 * ones == colluders ? draw(state) < 0.5 : 2 * ones > colluders;
	case MINORITY:
		return 2 * ones == colluders ? draw(state) < 0.5 : 2 * ones < colluders;
	case INTERLEAVING: /* from one of them at each mark */
		return draw(state) * colluders < ones;
	default: /* a coin where they differ */
		return draw(state) < 0.5;
	}
}

/*
 * The highest score of a colluder after each number of marks, and the threshold: innocent
 * scores have mean 0 and variance 1 a mark, and are close to a normal distribution where
 * marks are many; where they are few the exact binomial tail of fair marks is used.
 */
static double
threshold(size_t marks, double tail, bool tardos)
{
	double low = 0, high = 40;

	if (!tardos && marks <= 400) {
		double mass = pow(0.5, (double)marks), sum = 0, ways = 1;
		size_t wrong = 0;

		for (; wrong <= marks && sum + mass * ways <= tail; wrong++) {
			sum += mass * ways;
			ways = ways * (double)(marks - wrong) / (double)(wrong + 1);
		}
		return (double)marks - 2 * (double)wrong + 1; /* one too few is below */
	}
	for (int i = 0; i < 100; i++) {
		double middle = (low + high) / 2;

		*(erfc(middle / sqrt(2)) / 2 > tail ? &low : &high) = middle;
	}
	return high * sqrt((double)marks);
}

static bool
is_named(uint64_t *state, bool tardos, enum attack attack, unsigned colluders,
    size_t marks, double level)
{
	double scores[COLLUDERS_MOST] = { 0 };

	for (size_t i = 0; i < marks; i++) {
		double p = bias(state, tardos, colluders), q;
		bool has[COLLUDERS_MOST], leaked;
		unsigned ones = 0;

		for (unsigned j = 0; j < colluders; j++)
			ones += has[j] = draw(state) < p;
		leaked = choose(state, attack, ones, colluders);
		q = leaked ? p : 1 - p;
		for (unsigned j = 0; j < colluders; j++)
			scores[j] +=
			    has[j] == leaked ? sqrt((1 - q) / q) : -sqrt(q / (1 - q));
	}
	for (unsigned j = 0; j < colluders; j++)
		if (scores[j] >= level)
			return true;
	return false;
}

static size_t
marks_needed(
    bool tardos, enum attack attack, unsigned colluders, double tail, unsigned trials)
{
	uint64_t state = 0x9e3779b97f4a7c15u;

	for (size_t marks = 10; marks <= MARKS_MOST;
	     marks += marks < 60 ? 1 : marks / 20) {
		double level = threshold(marks, tail, tardos);
		unsigned named = 0;

		for (unsigned i = 0; i < trials; i++)
			named +=
			    is_named(&state, tardos, attack, colluders, marks, level);
		if (2 * named >= trials)
			return marks;
	}
	return 0;
}

int
main(int argc, char **argv)
{
	double partners = argc > 1 ? strtod(argv[1], NULL) : 1000;
	double odds = argc > 2 ? strtod(argv[2], NULL) : 1e-6;
	unsigned trials = argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 400;

	printf("two-way marks until one of %.0f is named, odds %g, %u trials\n", partners,
	    odds, trials);
	printf("colluders  attack        uniform  Tardos\n");
	for (unsigned colluders = 1; colluders <= COLLUDERS_MOST; colluders++)
		for (enum attack attack = 0; attack < ATTACKS; attack++) {
			printf("%-10u %-13s", colluders,
			    colluders == 1 ? "-" : attacks[attack]);
			for (int tardos = 0; tardos < 2; tardos++) {
				size_t marks = marks_needed(
				    tardos, attack, colluders, odds / partners, trials);

				if (marks)
					printf(" %-8zu", marks);
				else
					printf(" %-8s", "-");
			}
			printf("\n");
			if (colluders == 1)
				break;
		}
	return 0;
}
