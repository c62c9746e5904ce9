/*
 * pgp_slice - a home with few keys, for one operation of gpg. gpg looks for each recipient
 * from the start of its keyring on, and among thousands that takes longer than to encrypt.
 *
 * It lies in the true home: copies of public keys, as they stand there, and the way to
 * the true home's agent. Whom to seal to, and whether what came out is for them, is
 * decided by the listing of the true home; so a slice can fail, and do no other harm.
 */
#ifndef EDGE_PGP_SLICE_H
#define EDGE_PGP_SLICE_H

#include "edge/pgp_engine.h"

struct slice; /* opaque; for one thread */

/* Reads the keyring's keys; NULL when they are not where they can be copied from. */
struct slice *slice_open(
    const struct keyring *keyring, gpgme_key_t signer, struct error *err);
/* Removes it. NULL is allowed. */
void slice_close(struct slice *slice);

/*
 * gpg with the signer and the n keys alone, until the slice is filled anew or closed;
 * NULL: it cannot be had.
 */
struct engine *slice_fill(
    struct slice *slice, const gpgme_key_t keys[], size_t n, struct error *err);

/* Removes those that killed runs have left in a home, and none that is in use. */
void slice_sweep(const char *home);

#endif
