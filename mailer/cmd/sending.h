/* sending - the frame of `run` and `send`: session, run lock, the ledger's begin and end */
#ifndef CMD_SENDING_H
#define CMD_SENDING_H

#include "cmd/options.h"
#include "cmd/round.h"

struct sending {
	struct session session;
	struct stop stop;
	struct round round;
};

/* False with the exit code when there is nothing to go on with; then nothing is open. */
bool sending_open(
    struct sending *sending, enum claim_by by, const struct options *options, int *code);
/* Ends the run in the ledger and closes all; returns the code, or what ended the round. */
int sending_close(struct sending *sending, int code);

/* Reads one armed advisory, compares it with what was armed, and sends some of its lines. */
struct selection {
	bool (*takes)(void *ctx, const struct line *line); /* NULL: all */
	void *ctx;
};
void sending_advisory(struct sending *sending, const char *advisory, unsigned revision,
    const struct selection *selection);

#endif
