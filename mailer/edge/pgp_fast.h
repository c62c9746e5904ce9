/*
 * pgp_fast - seals one message at a time without starting a gpg for each: the agent
 * signs, and one gpg that stays encrypts. A tenth of the time, by a mode of gpg's that
 * its manual leaves out: so it proves itself first, and is over at its first error.
 */
#ifndef EDGE_PGP_FAST_H
#define EDGE_PGP_FAST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "edge/pgp_ring.h"

struct fast; /* opaque; for one thread */

/*
 * `subkey` is the fingerprint of the subkey that gpg signs with. NULL when the signer is
 * of a kind that is not known here, or when gpg does not verify what was signed.
 */
struct fast *fast_open(const struct keyring *keyring, gpgme_key_t signer,
    const char *subkey, struct error *why);
void fast_close(struct fast *fast); /* kills its gpg; NULL is allowed */

/*
 * Signs the bytes and encrypts them to the key alone, into a file in memory. What is in
 * there is nothing before it was audited. After false, or an audit that is not content,
 * it is to be closed.
 */
bool fast_seal(struct fast *fast, const char *fingerprint, const void *bytes, size_t size,
    int into, struct error *why);

/* How many milliseconds the agent takes to sign; -1: it cannot be asked. */
int fast_signature_time(
    const struct keyring *keyring, gpgme_key_t signer, const char *subkey);

#endif
