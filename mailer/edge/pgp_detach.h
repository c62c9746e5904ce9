/* pgp_detach - a detached, armoured signature of the signer over a text (GPGME, RFC 4880 5.2) */
#ifndef EDGE_PGP_DETACH_H
#define EDGE_PGP_DETACH_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "edge/pgp_keys.h"

/*
 * Adds the signature. The signer is the one that the keyring was opened for, judged as of
 * `at`; false when it is away. Takes the start of one gpg.
 */
bool keyring_sign(const struct keyring *keyring, const char *signer, time_t at,
    const struct text *signed_text, struct text *signature, struct error *err);

#endif
