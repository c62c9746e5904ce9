/* round - one sending round: lines of a plan, claimed, sealed, and given to the couriers */
#ifndef CMD_ROUND_H
#define CMD_ROUND_H

#include <stdbool.h>
#include <time.h>

#include "cmd/couriers.h"
#include "cmd/duty.h"
#include "edge/pgp_seal.h"

/* An edition made into mail, for as long as its contacts are served. */
struct payload {
	const struct edition *edition;
	struct text mime;
	time_t date; /* the same inside and outside */
};

struct round {
	struct duty duty;
	enum claim_by by;
	struct sealer *sealer; /* owned; opened for the first line */
	struct couriers *couriers; /* owned; likewise */
	struct payload payload;
};

void round_open(struct round *round, const struct session *session,
    const struct stop *stop, enum claim_by by, bool verbose);
void round_close(struct round *round);

/* The signer is proved, once; false, and the duty has ended, when it is away. */
bool round_open_sealer(struct round *round);

/*
 * Sends those of the lines that are armed, due and claimable, and returns when each
 * has its outcome. Neighbours of one edition are sealed together. One contact's
 * trouble is recorded and the round goes on; trouble of ours ends it, leaves what is
 * left as it was, and is said.
 */
void round_send(struct round *round, const struct line *const lines[], size_t count);

#endif
