/* pgp_engine - gpg of one home, with one signer: what of it takes an operation of GPGME */
#ifndef EDGE_PGP_ENGINE_H
#define EDGE_PGP_ENGINE_H

#include "edge/pgp_ring.h"
#include "edge/pgp_watch.h"

struct engine {
	gpgme_ctx_t context; /* owned */
	struct watch watch; /* gpgme calls back into it: an engine stays where it is */
	const char *home; /* borrowed */
	gpgme_key_t signer; /* owned reference; of the secret listing */
	int patience;
};

/* To be closed either way. The home may be another than the keyring's. */
bool engine_open(struct engine *engine, const struct keyring *keyring, const char *home,
    gpgme_key_t signer, struct error *err);
void engine_close(struct engine *engine); /* { 0 } is allowed */

/* Makes a signature that goes nowhere; `subkey` is what gpg signs with. */
bool engine_probe(struct engine *engine, char subkey[FINGERPRINT + 1], struct error *err);

/* Adds a detached signature over the text, armoured. */
bool engine_sign(struct engine *engine, const struct text *signed_text,
    struct text *signature, struct error *err);

enum verdict {
	SEALED,
	BLOCKED, /* by a recipient's key */
	TROUBLE, /* of ours */
};

/*
 * Signs, and encrypts to all the keys (which end with NULL: without any it would be a
 * symmetric message), into a file in memory. Only after SEALED is what is in there
 * anything, and then it was signed by the signer alone; it is to be audited.
 */
enum verdict engine_seal(struct engine *engine, gpgme_key_t keys[], const void *mime,
    size_t size, int into, struct error *bad, struct error *err);

#endif
