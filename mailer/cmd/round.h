/* round - one sending round: lines of a plan, claimed, sealed, gated, sent, recorded */
#ifndef CMD_ROUND_H
#define CMD_ROUND_H

#include <stdbool.h>
#include <time.h>

#include "cmd/session.h"
#include "cmd/stop.h"
#include "edge/pgp_seal.h"

/* An edition made into mail, for as long as its contacts are served. */
struct payload {
	const struct edition *edition;
	struct text mime;
	time_t date; /* the same inside and outside */
};

struct round {
	struct session *session;
	const struct stop *stop;
	enum claim_by by;
	bool verbose;
	struct sealer *sealer; /* owned; opened for the first line */
	struct smtp *smtp; /* owned; likewise */
	struct payload payload;
	unsigned accepted, refused, lost_in_row, unknown_in_row;
	int ended; /* 0: go on; else the exit code the round ended with */
};

void round_close(struct round *round);

/*
 * Sends those of the lines that are armed, due and claimable. One contact's
 * trouble is recorded and the round goes on; trouble of ours ends it, leaves what
 * is left as it was, and is said.
 */
void round_send(struct round *round, const struct line *const lines[], size_t count);

#endif
