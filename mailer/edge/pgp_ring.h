/* pgp_ring - the inside of a keyring, for the files that speak to gpg (GPGME) */
#ifndef EDGE_PGP_RING_H
#define EDGE_PGP_RING_H

#include <gpgme.h>

#include "base/error.h"
#include "base/map.h"
#include "base/text.h"
#include "edge/pgp_keys.h"

#define FINGERPRINT 40 /* hexadecimal digits */

struct ring_key {
	gpgme_key_t key; /* owned reference */
	gpgme_key_t secret; /* owned reference, as the secret listing has it; NULL: none,
			       or not the signer's */
	char algorithm[64];
};

struct keyring {
	char *home; /* owned; absolute */
	char *signer; /* owned; the fingerprint of its key; NULL: none is looked for */
	int patience; /* seconds in which gpg must stir */
	struct ring_key *keys; /* owned */
	size_t count;
	struct map primaries; /* ring_key by primary fingerprint */
	struct map subkeys; /* ring_key by subkey fingerprint */
	struct map contested; /* subkeys that two keys claim */
};

/* A context of the home: no network, no prompt. The caller releases it. */
bool ring_context(const char *home, gpgme_ctx_t *context, struct error *err);
/* Says what failed and why; returns false. */
bool ring_error(
    struct error *err, const char *place, const char *what, gpgme_error_t error);

/* Lists the home's keys anew: what was borrowed from the keyring is gone. */
bool ring_list(struct keyring *keyring, gpgme_ctx_t context, struct error *err);

/* Where the home's agent listens. */
bool ring_agent_socket(
    const struct keyring *keyring, struct text *path, struct error *err);

/* By primary fingerprint alone, in either case of letters; NULL: not in the home. */
const struct ring_key *ring_find(const struct keyring *keyring, const char *fingerprint);
/* The fingerprint is of the key itself or of one of its subkeys. */
bool ring_key_owns(gpgme_key_t key, const char *fingerprint);

/* "Ed25519", "RSA-3072" */
void subkey_algorithm(struct text *text, const struct _gpgme_subkey *subkey);
/* The encryption subkey with the farthest end that is not revoked; NULL: none. */
const struct _gpgme_subkey *ring_encryption_subkey(gpgme_key_t key);

#endif
