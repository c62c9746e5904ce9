#include "edge/pgp_keys.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "base/when.h"
#include "edge/pgp_ring.h"

/* The curves whose keys we take; a name that is missing here is weak to us. */
static const struct {
	const char *curve, *name;
} curves[] = {
	{ "ed25519", "Ed25519" },
	{ "cv25519", "Cv25519" },
	{ "nistp256", "NIST P-256" },
	{ "nistp384", "NIST P-384" },
	{ "nistp521", "NIST P-521" },
	{ "brainpoolP256r1", "brainpoolP256r1" },
	{ "brainpoolP384r1", "brainpoolP384r1" },
	{ "brainpoolP512r1", "brainpoolP512r1" },
};

static bool
has_curve(const struct _gpgme_subkey *subkey)
{
	return subkey->pubkey_algo == GPGME_PK_ECDH ||
	    subkey->pubkey_algo == GPGME_PK_ECDSA ||
	    subkey->pubkey_algo == GPGME_PK_EDDSA;
}

static const char *
curve_name(const struct _gpgme_subkey *subkey)
{
	if (!has_curve(subkey) || !subkey->curve)
		return NULL;
	for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
		if (strcmp(subkey->curve, curves[i].curve) == 0)
			return curves[i].name;
	return NULL;
}

static bool
strong(const struct _gpgme_subkey *subkey)
{
	if (subkey->pubkey_algo == GPGME_PK_RSA)
		return subkey->length >= 3072;
	return curve_name(subkey) != NULL;
}

void
subkey_algorithm(struct text *text, const struct _gpgme_subkey *subkey)
{
	const char *name = curve_name(subkey);

	if (!name && has_curve(subkey))
		name = subkey->curve;
	if (name) {
		text_adds(text, name);
		return;
	}
	name = gpgme_pubkey_algo_name(subkey->pubkey_algo);
	text_addf(text, "%s-%u", name ? name : "unknown", subkey->length);
}

static bool
begun(const struct _gpgme_subkey *subkey, time_t at)
{
	return subkey->timestamp > 0 && subkey->timestamp <= at;
}

/*
 * Our own comparison beside gpg's flag: a clock that was set back would
 * revive the key for gpg, and `at` never goes back.
 */
static bool
ended(const struct _gpgme_subkey *subkey, time_t at)
{
	return subkey->expired || (subkey->expires && subkey->expires <= at);
}

static bool
withdrawn(const struct _gpgme_subkey *subkey)
{
	return subkey->revoked || subkey->disabled || subkey->invalid;
}

static bool
alive(const struct _gpgme_subkey *subkey, time_t at)
{
	return !withdrawn(subkey) && begun(subkey, at) && !ended(subkey, at);
}

/* The time by which an ending key ends: later than all others for 0. */
static bool
outlasts(const struct _gpgme_subkey *subkey, const struct _gpgme_subkey *other)
{
	return other->expires && (!subkey->expires || subkey->expires > other->expires);
}

const struct _gpgme_subkey *
ring_encryption_subkey(gpgme_key_t key)
{
	const struct _gpgme_subkey *best = NULL;

	for (gpgme_subkey_t sub = key->subkeys; sub; sub = sub->next)
		if (sub->can_encrypt && !withdrawn(sub) && (!best || outlasts(sub, best)))
			best = sub;
	return best;
}

static void
describe(const struct ring_key *from, struct key *key)
{
	const struct _gpgme_subkey *primary = from->key->subkeys,
				   *other = ring_encryption_subkey(from->key);

	*key = (struct key){
		.user =
		    from->key->uids && from->key->uids->uid ? from->key->uids->uid : "",
		.created = primary->timestamp,
		.expires = primary->expires,
		.algorithm = from->algorithm,
		.secret = from->secret != NULL,
	};
	snprintf(key->fingerprint, sizeof key->fingerprint, "%s", from->key->fpr);
	if (other && outlasts(primary, other))
		key->expires = other->expires;
}

size_t
keyring_count(const struct keyring *keyring)
{
	return keyring->count;
}

void
keyring_key(const struct keyring *keyring, size_t i, struct key *key)
{
	describe(&keyring->keys[i], key);
}

/* "key expired on 2026-11-01; next step" */
static bool
dated(struct error *why, const char *fact, time_t when, const char *next)
{
	struct text day = { 0 };

	when_write(&day, when);
	error_set(why, "%s %.10s; %s", fact, text_string(&day), next);
	text_clear(&day);
	return false;
}

static bool
weak(struct error *why, const char *what, const struct _gpgme_subkey *subkey)
{
	struct text name = { 0 };

	subkey_algorithm(&name, subkey);
	error_set(why, "%s is weak (%s); ask for RSA-3072 or better, or Ed25519", what,
	    text_string(&name));
	text_clear(&name);
	return false;
}

static const struct ring_key *
find(const struct keyring *keyring, const char *fingerprint, struct error *why)
{
	const struct ring_key *key = ring_find(keyring, fingerprint);

	if (!key && keyring_primary(keyring, fingerprint))
		error_set(why, "fingerprint is that of a subkey; pin %s",
		    keyring_primary(keyring, fingerprint));
	else if (!key)
		error_set(why, "key is not in the home; forewarn keys import FILE");
	return key;
}

static bool
primary_stands(gpgme_key_t key, time_t at, struct error *why)
{
	const struct _gpgme_subkey *primary = key->subkeys;

	if (key->revoked || primary->revoked)
		return error_set(why, "key is revoked; import and pin a new one");
	if (key->disabled || primary->disabled)
		return error_set(why, "key is disabled in the home; enable it with gpg");
	if (!begun(primary, at))
		return dated(
		    why, "key is not valid before", primary->timestamp, "mind the clock");
	if (key->invalid || primary->invalid)
		return error_set(why, "key is invalid; import it anew");
	if (ended(primary, at))
		return dated(why, "key expired on", primary->expires,
		    "import it anew with a later end");
	if (!strong(primary))
		return weak(why, "key", primary);
	return true;
}

/* Why none of the encryption subkeys is usable. */
static bool
no_encryption(gpgme_key_t key, time_t at, struct error *why)
{
	const struct _gpgme_subkey *best = ring_encryption_subkey(key);
	bool any = false;

	for (gpgme_subkey_t sub = key->subkeys; sub; sub = sub->next)
		any = any || sub->can_encrypt;
	if (!any)
		return error_set(
		    why, "key cannot encrypt: it has no encryption subkey; ask for one");
	if (!best)
		return error_set(why,
		    "encryption subkey is revoked; import the key anew "
		    "with another");
	if (!begun(best, at))
		return dated(why, "encryption subkey is not valid before",
		    best->timestamp, "mind the clock");
	return dated(why, "encryption subkey expired on", best->expires,
	    "import the key anew with a later end");
}

/* gpg chooses among the usable subkeys, so a weak one spoils the others. */
static bool
can_encrypt(gpgme_key_t key, time_t at, struct error *why)
{
	bool any = false;

	for (gpgme_subkey_t sub = key->subkeys; sub; sub = sub->next) {
		if (!sub->can_encrypt || !alive(sub, at))
			continue;
		if (!strong(sub))
			return weak(why, "encryption subkey", sub);
		any = true;
	}
	return any || no_encryption(key, at, why);
}

bool
keyring_usable(const struct keyring *keyring, const char *fingerprint, time_t at,
    struct key *key, struct error *why)
{
	const struct ring_key *found = find(keyring, fingerprint, why);

	*key = (struct key){ .user = "", .algorithm = "" };
	if (!found)
		return false;
	describe(found, key);
	return primary_stands(found->key, at, why) && can_encrypt(found->key, at, why);
}

bool
keyring_stands(
    const struct keyring *keyring, const char *fingerprint, time_t at, struct error *why)
{
	const struct ring_key *found = find(keyring, fingerprint, why);

	return found && primary_stands(found->key, at, why);
}

bool
keyring_can_sign(
    const struct keyring *keyring, const char *fingerprint, time_t at, struct error *why)
{
	const struct ring_key *found = find(keyring, fingerprint, why);
	bool any = false;

	if (!found || !primary_stands(found->key, at, why))
		return false;
	if (!found->secret)
		return error_set(
		    why, "key has no secret part in the home; import it with gpg");
	for (gpgme_subkey_t sub = found->secret->subkeys; sub; sub = sub->next) {
		if (!sub->can_sign || !sub->secret || !alive(sub, at))
			continue;
		if (!strong(sub))
			return weak(why, "signing subkey", sub);
		any = true;
	}
	return any ||
	    error_set(why, "key cannot sign: no secret signing subkey is usable");
}

size_t
keyring_encryption_ids(const struct keyring *keyring, const char *fingerprint, time_t at,
    unsigned long long ids[], size_t most)
{
	const struct ring_key *found = ring_find(keyring, fingerprint);
	gpgme_subkey_t sub = found ? found->key->subkeys : NULL;
	size_t count = 0;

	for (; sub && count < most; sub = sub->next)
		if (sub->can_encrypt && alive(sub, at))
			ids[count++] = strtoull(sub->keyid, NULL, 16);
	return count;
}
