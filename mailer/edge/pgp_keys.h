/* pgp_keys - the programme's own GnuPG home: the signer's key and the contacts' pinned keys */
#ifndef EDGE_PGP_KEYS_H
#define EDGE_PGP_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"

struct keyring; /* opaque: the home and one listing of its keys */

/* Makes the home (0700) with its gpg.conf; refuses one that stands. */
bool keyring_init(const char *home, struct error *err);

/*
 * Opens the home and lists its keys once; of the secret ones that of the signer, a
 * fingerprint or NULL, is looked for. Refuses a missing home, one that
 * others may enter, a path the agent's sockets do not fit, a gpg.conf that holds
 * anything but our lines, an old gpg. A gpg that does not stir for `patience` seconds,
 * then or whenever something is sealed or signed, is in error. Afterwards a gpg-agent of
 * the home is at work.
 */
struct keyring *keyring_open(
    const char *home, const char *signer, int patience, struct mistakes *mistakes);
void keyring_close(struct keyring *keyring); /* NULL is allowed */

struct key {
	char fingerprint[41]; /* of the primary key */
	const char *user; /* first user id; borrowed from the keyring; untrusted text */
	time_t created,
	    expires; /* expires 0: never; the earlier of primary and encryption subkey */
	const char *algorithm; /* "Ed25519/Cv25519", "RSA-3072" */
	bool secret; /* the signer's, and its secret part is here (or on a card) */
};

size_t keyring_count(const struct keyring *keyring);
void keyring_key(const struct keyring *keyring, size_t i, struct key *key);

/*
 * Whether a message may be sealed to the pinned key at that time: present, not
 * expired, revoked, disabled, not yet valid, weak (RSA below 3072 bits, DSA,
 * ElGamal), and with a usable encryption subkey. Else *why says it in one phrase
 * ("key expired on 2026-11-01") and the next step.
 */
bool keyring_usable(const struct keyring *keyring, const char *fingerprint, time_t at,
    struct key *key, struct error *why);
/* Whether what its owner signs counts at that time: the primary key alone is looked at. */
bool keyring_stands(
    const struct keyring *keyring, const char *fingerprint, time_t at, struct error *why);
/* Likewise for the signer that the home was opened for: the secret part present, able to sign. */
bool keyring_can_sign(
    const struct keyring *keyring, const char *fingerprint, time_t at, struct error *why);

/* The 64-bit ids of the usable encryption subkeys of a key; returns how many. */
size_t keyring_encryption_ids(const struct keyring *keyring, const char *fingerprint,
    time_t at, unsigned long long ids[], size_t most);
/* The primary fingerprint that a subkey or primary fingerprint belongs to; NULL: unknown. */
const char *keyring_primary(const struct keyring *keyring, const char *fingerprint);

/*
 * Imports one armoured or binary file of public keys and lists the home anew: what
 * was borrowed from the keyring is gone. A file with a secret key is refused.
 */
struct imported {
	char (*fingerprints)[41]; /* owned; of primary keys, each once */
	size_t count;
};
bool keyring_import(struct keyring *keyring, const char *path, struct imported *imported,
    struct error *err);

#endif
