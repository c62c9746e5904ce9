/* archive - what went out, kept sealed to a key of its own */
#ifndef CMD_ARCHIVE_H
#define CMD_ARCHIVE_H

#include "cmd/round.h"

/*
 * Whether [openpgp] archive_key may be sealed to at `now`, and is nobody's who is told. No
 * key is asked for: true.
 */
bool archive_check(const struct session *session, time_t now, struct error *err);

/*
 * Before an edition is sealed to anybody else: writes the payload as it is, sealed to the
 * archive's key alone, to state/archive/ADVISORY.REVISION.EDITION.asc, durably; one that
 * stands is that edition's, and stays. False: it could not be kept, so nobody is to be told.
 */
bool archive_keep(struct round *round, const struct payload *payload,
    const struct advisory *advisory, struct error *err);

#endif
