/* pgp_verify - whose detached signature it is (GPGME, RFC 4880 5.2) */
#ifndef EDGE_PGP_VERIFY_H
#define EDGE_PGP_VERIFY_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"
#include "edge/pgp_keys.h"

/*
 * Whether `signature`, armoured or not, is one good signature over the text, by a key of the
 * home; then its primary fingerprint. A key that is revoked or expired signs nothing.
 * That the key is one that is asked for is the caller's to say.
 */
bool keyring_verify(const struct keyring *keyring, const struct text *signature,
    const struct text *signed_text, time_t now, char fingerprint[41], struct error *err);

#endif
