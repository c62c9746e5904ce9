/* checkpoint - one event of a ledger's chain in a text that is signed and taken elsewhere */
#ifndef POLICY_CHECKPOINT_H
#define POLICY_CHECKPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "base/digest.h"
#include "base/text.h"

struct checkpoint {
	char ledger[33]; /* the id of the ledger, 32 hexadecimal digits */
	int64_t event; /* above 0 */
	unsigned char hash[DIGEST_SIZE]; /* of that event */
	time_t at;
	const char *programme; /* borrowed; one line */
};

/*
 * Lines with a word and its value each:
 * `forewarn-checkpoint-1`, `ledger ID`, `event N`, `hash H`, `at T`, `programme NAME`
 */
void checkpoint_write(struct text *text, const struct checkpoint *checkpoint);
/* False unless it is just such a text. The programme's name is left out. */
bool checkpoint_parse(struct checkpoint *checkpoint, const char *string);

#endif
