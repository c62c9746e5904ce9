/* pgp_speed - how long the agent takes for a signature, before a broadcast waits for thousands */
#ifndef EDGE_PGP_SPEED_H
#define EDGE_PGP_SPEED_H

#include <stdbool.h>

#include "base/error.h"
#include "edge/pgp_keys.h"

/*
 * Has the agent sign with the signer's newest usable subkey: more than 20 ms are slow, and
 * *why says how many. False of a key that cannot be asked: a locked one, one of a kind
 * that gpg alone signs with, or one on a card, which a person may have to touch.
 */
bool signer_is_slow(const struct keyring *keyring, const char *signer, struct error *why);

#endif
