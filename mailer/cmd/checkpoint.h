/* checkpoint - the end of the ledger's chain, signed: kept at the end of a run, and compared */
#ifndef CMD_CHECKPOINT_H
#define CMD_CHECKPOINT_H

#include "cmd/session.h"
#include "policy/checkpoint.h"

/*
 * Writes state/checkpoints/EVENT-HASH.txt and its signature, durably. What goes wrong is
 * said, and is no more than that: partners have been told, the next run that sends
 * signs the same chain, and cron has nothing to try again.
 */
void checkpoint_keep(const struct session *session);

/* The checkpoint of a file, whose signature by the signer is in FILE.asc. False, with a message. */
bool checkpoint_read(
    struct checkpoint *checkpoint, const struct session *session, const char *file);

#endif
