/* tally - the outcomes of a round so far, and what they say about the relay */
#ifndef CMD_TALLY_H
#define CMD_TALLY_H

#include <stdbool.h>

#include "edge/smtp.h"

struct tally {
	unsigned accepted, refused, lost_in_row, unknown_in_row;
};

/* asked: the message had come as far as the gate. */
void tally_add(
    struct tally *tally, enum outcome outcome, const struct reply *reply, bool asked);

/* Why the relay itself must be in trouble; NULL: nothing says so. Static. */
const char *tally_suspicion(const struct tally *tally);

#endif
