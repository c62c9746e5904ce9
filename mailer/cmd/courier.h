/* courier - hands one sealed message to the relay and records what became of it */
#ifndef CMD_COURIER_H
#define CMD_COURIER_H

#include <time.h>

#include "cmd/connections.h"
#include "cmd/duty.h"

struct parcel {
	struct claim claim;
	struct sealed *sealed; /* owned */
	time_t date; /* the same inside and outside */
};

/* Gate, relay, ledger; the seal is freed. */
void courier_serve(
    struct duty *duty, struct connections *connections, struct parcel *parcel);

/* A claim that is not tried: the line is what it was. */
void courier_release(struct duty *duty, const struct claim *claim);

#endif
