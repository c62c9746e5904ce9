/* set_up - what a programme has once and for all: its home, its secrets, its ledger */
#ifndef CMD_SET_UP_H
#define CMD_SET_UP_H

#include "base/error.h"

/*
 * Makes state/, secret/, the OpenPGP home, the keys of Message-IDs and of marks, and the
 * ledger in the working directory. What stands there is refused; after an error a part may be made.
 */
bool set_up(const char *home, struct error *err);

/* A new key of 32 random bytes, in secret/; refuses what stands there. */
bool set_up_key(const char *path, struct error *err);

/* What to back up, and why. */
void set_up_say(const char *home);

#endif
