#include "edge/pgp_speed.h"

#include "edge/pgp_fast.h"

enum { SLOW = 20 }; /* milliseconds a signature */

/* The one that gpg would sign with. */
static const struct _gpgme_subkey *
newest(gpgme_key_t key)
{
	const struct _gpgme_subkey *best = NULL;

	for (gpgme_subkey_t sub = key->subkeys; sub; sub = sub->next)
		if (sub->can_sign && sub->secret && sub->fpr && !sub->revoked &&
		    !sub->expired && !sub->disabled && !sub->invalid &&
		    (!best || sub->timestamp >= best->timestamp))
			best = sub;
	return best;
}

/* Thrice, since a machine that is busy elsewhere is slow now and then. */
bool
signer_is_slow(const struct keyring *keyring, const char *signer, struct error *why)
{
	const struct ring_key *key = ring_find(keyring, signer);
	const struct _gpgme_subkey *subkey =
	    key && key->secret ? newest(key->secret) : NULL;
	int took = -1;

	for (int i = 0; subkey && i < 3 && (i == 0 || took > SLOW); i++)
		took = fast_signature_time(keyring, key->secret, subkey->fpr);
	if (took <= SLOW)
		return false;
	error_set(why,
	    "signer %s: one signature takes %d ms, for each message that is sealed "
	    "alone; an Ed25519 key without a passphrase, or with a small s2k-count, is "
	    "faster",
	    signer, took);
	return true;
}
