#include "edge/pgp_ring.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "edge/pgp_home.h"
#include "edge/pgp_watch.h"

bool
ring_error(struct error *err, const char *place, const char *what, gpgme_error_t error)
{
	char why[128];

	if (gpgme_err_code(error) == GPG_ERR_TIMEOUT)
		return error_set(err,
		    "%s: %s: gpg did not stir; does its agent hang, or a card? (timeout "
		    "in "
		    "[openpgp])",
		    place, what);
	gpgme_strerror_r(error, why, sizeof why);
	return error_set(err, "%s: %s: gpg says: %s", place, what, why);
}

/* PINENTRY_MODE_ERROR: a locked key is an error at once, never a prompt under cron. */
bool
ring_context(const char *home, gpgme_ctx_t *context, struct error *err)
{
	gpgme_error_t error;

	*context = NULL;
	gpgme_check_version(NULL);
	error = gpgme_new(context);
	if (!error)
		error = gpgme_ctx_set_engine_info(
		    *context, GPGME_PROTOCOL_OpenPGP, NULL, home);
	if (!error)
		error = gpgme_set_pinentry_mode(*context, GPGME_PINENTRY_MODE_ERROR);
	if (!error) {
		gpgme_set_offline(*context, 1);
		return true;
	}
	gpgme_release(*context);
	*context = NULL;
	return ring_error(err, home, "gpg cannot be used; install gnupg", error);
}

static bool
check_version(gpgme_ctx_t context, const char *home, struct error *err)
{
	gpgme_engine_info_t engine = gpgme_ctx_get_engine_info(context);

	if (engine && engine->version && strverscmp(engine->version, "2.2") >= 0)
		return true;
	return error_set(err, "%s: gpg is older than 2.2; install a newer gnupg", home);
}

static const char *
primary_of(const struct ring_key *key)
{
	return key->key->fpr;
}

/* One listing of gpg's, one step a key: of all public keys, or of a secret one. */
static bool
each_key(struct keyring *keyring, gpgme_ctx_t context, const char *secret,
    void (*take)(void *keyring, gpgme_key_t key), struct error *err)
{
	struct watch watch = { .take = take, .ctx = keyring };
	gpgme_error_t error;

	watch_set(&watch, context);
	error = watch_wait(&watch, context,
	    gpgme_op_keylist_start(context, secret, secret != NULL), keyring->patience);
	if (error || gpgme_op_keylist_result(context)->truncated)
		return ring_error(err, keyring->home, "its keys cannot be listed", error);
	return true;
}

static void
write_algorithm(struct ring_key *key)
{
	const struct _gpgme_subkey *primary = key->key->subkeys,
				   *other = ring_encryption_subkey(key->key);
	struct text first = { 0 }, second = { 0 };

	subkey_algorithm(&first, primary);
	if (other)
		subkey_algorithm(&second, other);
	if (!other || strcmp(text_string(&first), text_string(&second)) == 0)
		snprintf(
		    key->algorithm, sizeof key->algorithm, "%s", text_string(&first));
	else
		snprintf(key->algorithm, sizeof key->algorithm, "%s/%s",
		    text_string(&first), text_string(&second));
	text_clear(&first);
	text_clear(&second);
}

/* A key without the fingerprint we pin by cannot be used: gpg 2.2 lists no such key. */
static void
take_key(void *ctx, gpgme_key_t key)
{
	struct keyring *keyring = ctx;

	if (!key->fpr || strlen(key->fpr) != FINGERPRINT || !key->subkeys) {
		gpgme_key_unref(key);
		return;
	}
	keyring->keys = mem_room(keyring->keys, keyring->count, sizeof *keyring->keys);
	keyring->keys[keyring->count] = (struct ring_key){ .key = key };
	write_algorithm(&keyring->keys[keyring->count++]);
}

static void
take_secret(void *ctx, gpgme_key_t key)
{
	const struct keyring *keyring = ctx;
	struct ring_key *known = key->fpr ? map_get(&keyring->primaries, key->fpr) : NULL;

	if (known && !known->secret)
		known->secret = key;
	else
		gpgme_key_unref(key);
}

/* Only when all are listed: the array moves while it grows. */
static void
map_keys(struct keyring *keyring)
{
	for (size_t i = 0; i < keyring->count; i++) {
		struct ring_key *key = &keyring->keys[i], *other;

		map_put(&keyring->primaries, primary_of(key), key);
		for (gpgme_subkey_t sub = key->key->subkeys->next; sub; sub = sub->next) {
			if (!sub->fpr)
				continue;
			other = map_put(&keyring->subkeys, sub->fpr, key);
			if (other && other != key)
				map_put(&keyring->contested, sub->fpr, key);
		}
	}
}

static void
forget_keys(struct keyring *keyring)
{
	map_clear(&keyring->primaries);
	map_clear(&keyring->subkeys);
	map_clear(&keyring->contested);
	for (size_t i = 0; i < keyring->count; i++) {
		gpgme_key_unref(keyring->keys[i].key);
		if (keyring->keys[i].secret)
			gpgme_key_unref(keyring->keys[i].secret);
	}
	free(keyring->keys);
	keyring->keys = NULL;
	keyring->count = 0;
}

static bool
signer_is_here(const struct keyring *keyring)
{
	return keyring->signer && ring_find(keyring, keyring->signer);
}

/* gpg asks its agent about each secret key that it may list, so only for the signer's. */
bool
ring_list(struct keyring *keyring, gpgme_ctx_t context, struct error *err)
{
	forget_keys(keyring);
	if (!each_key(keyring, context, NULL, take_key, err))
		return false;
	map_keys(keyring);
	return !signer_is_here(keyring) ||
	    each_key(keyring, context, keyring->signer, take_secret, err);
}

bool
keyring_init(const char *home, struct error *err)
{
	return home_make(home, err);
}

/* Has gpgconf do something in the home; what it says is a string, cut at the room. */
static bool
gpgconf(const struct keyring *keyring, const char *option, const char *of, char *says,
    size_t room, struct error *err)
{
	const char *arguments[] = { "", "--homedir", keyring->home, option, of, NULL };
	struct watch watch = { 0 };
	gpgme_data_t out = NULL;
	gpgme_ctx_t context = NULL;
	gpgme_error_t error = gpgme_new(&context);
	ssize_t size = 0;

	if (!error)
		error = gpgme_set_protocol(context, GPGME_PROTOCOL_SPAWN);
	if (!error)
		error = gpgme_data_new(&out);
	if (!error) {
		watch_set(&watch, context);
		error = watch_wait(&watch, context,
		    gpgme_op_spawn_start(context, gpgme_get_dirinfo("gpgconf-name"),
			arguments, NULL, out, NULL, 0),
		    keyring->patience);
	}
	if (!error && gpgme_data_seek(out, 0, SEEK_SET) == 0)
		size = gpgme_data_read(out, says, room - 1);
	says[size > 0 ? size : 0] = '\0';
	gpgme_data_release(out);
	gpgme_release(context);
	return !error || ring_error(err, keyring->home, "gpgconf", error);
}

/* With a signer to look for, gpg has started it already. */
static bool
start_agent(const struct keyring *keyring, struct error *err)
{
	char says[256];

	return gpgconf(keyring, "--launch", "gpg-agent", says, sizeof says, err);
}

bool
ring_agent_socket(const struct keyring *keyring, struct text *path, struct error *err)
{
	char says[256];

	if (!gpgconf(keyring, "--list-dirs", "agent-socket", says, sizeof says, err))
		return false;
	says[strcspn(says, "\n")] = '\0';
	if (*says != '/')
		return error_set(
		    err, "%s: gpgconf does not say where its agent is", keyring->home);
	text_adds(path, says);
	return true;
}

struct keyring *
keyring_open(
    const char *home, const char *signer, int patience, struct mistakes *mistakes)
{
	struct keyring *keyring;
	struct error err;
	gpgme_ctx_t context;
	char *path = home_check(home, mistakes);

	if (!path)
		return NULL;
	keyring = mem_new(sizeof *keyring);
	keyring->home = path;
	keyring->signer = signer ? mem_string(signer) : NULL;
	keyring->patience = patience;
	if (!ring_context(path, &context, &err) || !check_version(context, path, &err) ||
	    !ring_list(keyring, context, &err) ||
	    (!signer_is_here(keyring) && !start_agent(keyring, &err))) {
		mistakes_error(mistakes, &err);
		keyring_close(keyring);
		keyring = NULL;
	}
	gpgme_release(context);
	return keyring;
}

void
keyring_close(struct keyring *keyring)
{
	if (!keyring)
		return;
	forget_keys(keyring);
	free(keyring->signer);
	free(keyring->home);
	free(keyring);
}

const struct ring_key *
ring_find(const struct keyring *keyring, const char *fingerprint)
{
	char upper[FINGERPRINT + 1] = "";

	if (strlen(fingerprint) != FINGERPRINT)
		return NULL;
	for (size_t i = 0; i < FINGERPRINT; i++)
		upper[i] = (char)toupper((unsigned char)fingerprint[i]);
	return map_get(&keyring->primaries, upper);
}

bool
ring_key_owns(gpgme_key_t key, const char *fingerprint)
{
	for (gpgme_subkey_t sub = key->subkeys; sub; sub = sub->next)
		if (sub->fpr && strcmp(sub->fpr, fingerprint) == 0)
			return true;
	return false;
}

/* A subkey that two keys claim says nothing about who signed. */
const char *
keyring_primary(const struct keyring *keyring, const char *fingerprint)
{
	const struct ring_key *key = ring_find(keyring, fingerprint);

	if (!key && !map_get(&keyring->contested, fingerprint))
		key = map_get(&keyring->subkeys, fingerprint);
	return key ? primary_of(key) : NULL;
}
