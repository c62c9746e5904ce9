#include "edge/pgp_fast.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "edge/memory_file.h"
#include "edge/pgp_server.h"
#include "edge/pgp_sign.h"
#include "edge/pgp_watch.h"

struct fast {
	const struct keyring *keyring; /* borrowed */
	const struct _gpgme_subkey *subkey; /* borrowed: the one that signs */
	struct agent *agent; /* owned */
	struct server *server; /* owned */
	struct signer signer;
};

static const char proof[] = "Is this signed?\r\n";

/* A card may want to be touched each time: that is for gpg to ask. */
static bool
known_kind(const struct _gpgme_subkey *subkey, struct signer *signer, struct error *why)
{
	if (!subkey->keygrip || subkey->is_cardkey)
		return error_set(why, "the signer's key is on a card");
	if (subkey->pubkey_algo == GPGME_PK_RSA)
		signer->kind = AGENT_RSA;
	else if (subkey->pubkey_algo == GPGME_PK_EDDSA && subkey->curve &&
	    strcmp(subkey->curve, "ed25519") == 0)
		signer->kind = AGENT_EDDSA;
	else
		return error_set(why, "the signer's key is neither Ed25519 nor RSA");
	return true;
}

static bool
read_fingerprint(struct signer *signer, const char *hex, struct error *why)
{
	char pair[3] = "";

	if (strlen(hex) != FINGERPRINT)
		return error_set(why, "the signer's key is not of version 4");
	for (size_t i = 0; i < SIGNER_OCTETS; i++) {
		memcpy(pair, hex + 2 * i, 2);
		signer->fingerprint[i] = (unsigned char)strtoul(pair, NULL, 16);
	}
	return true;
}

static bool
open_agent(struct fast *fast, struct error *why)
{
	const struct _gpgme_subkey *subkey = fast->subkey;
	struct text socket = { 0 };
	bool ok = known_kind(subkey, &fast->signer, why) &&
	    read_fingerprint(&fast->signer, subkey->fpr, why) &&
	    ring_agent_socket(fast->keyring, &socket, why);

	if (ok)
		fast->agent = agent_open(text_string(&socket), subkey->keygrip,
		    fast->signer.kind, fast->keyring->patience, why);
	fast->signer.agent = fast->agent;
	text_clear(&socket);
	return fast->agent;
}

static struct fast *
prepare(
    const struct keyring *keyring, gpgme_key_t key, const char *subkey, struct error *why)
{
	struct fast *fast = mem_new(sizeof *fast);

	fast->keyring = keyring;
	for (gpgme_subkey_t sub = key->subkeys; sub; sub = sub->next)
		if (sub->fpr && strcmp(sub->fpr, subkey) == 0)
			fast->subkey = sub;
	if (!fast->subkey)
		error_set(why, "the signer's subkey is not listed");
	else if (open_agent(fast, why))
		return fast;
	fast_close(fast);
	return NULL;
}

/* The listing stays, and the end of the key may come while it does. */
static bool
sign(struct fast *fast, struct text *message, const void *bytes, size_t size,
    struct error *why)
{
	time_t now = time(NULL);

	if (fast->subkey->expires && fast->subkey->expires <= now)
		return error_set(why, "the signer's key has expired");
	return sign_message(message, &fast->signer, bytes, size, now, why);
}

/* One good signature, by that subkey, over just that. */
static bool
is_proof(const struct fast *fast, gpgme_ctx_t context, gpgme_data_t plain)
{
	gpgme_verify_result_t result = gpgme_op_verify_result(context);
	gpgme_signature_t signature = result ? result->signatures : NULL;
	char read[sizeof proof + 1];
	ssize_t size;

	if (!signature || signature->next || signature->status || !signature->fpr ||
	    strcmp(signature->fpr, fast->subkey->fpr) != 0)
		return false;
	gpgme_data_seek(plain, 0, SEEK_SET);
	size = gpgme_data_read(plain, read, sizeof read);
	return size == sizeof proof - 1 && memcmp(read, proof, sizeof proof - 1) == 0;
}

static bool
verify(const struct fast *fast, const struct text *message, struct error *why)
{
	struct watch watch = { 0 };
	gpgme_data_t in = NULL, plain = NULL;
	gpgme_ctx_t context;
	gpgme_error_t error;
	bool ok = false;

	if (!ring_context(fast->keyring->home, &context, why))
		return false;
	watch_set(&watch, context);
	error = gpgme_data_new_from_mem(&in, message->data, message->size, 0);
	if (!error)
		error = gpgme_data_new(&plain);
	if (!error)
		error = watch_wait(&watch, context,
		    gpgme_op_verify_start(context, in, NULL, plain),
		    fast->keyring->patience);
	if (error)
		ring_error(why, "a signature", "is not verified", error);
	else if (is_proof(fast, context, plain))
		ok = true;
	else
		error_set(why, "gpg does not find the signature good");
	gpgme_data_release(in);
	gpgme_data_release(plain);
	gpgme_release(context);
	return ok;
}

static bool
proves_itself(struct fast *fast, struct error *why)
{
	struct text message = { 0 };
	bool ok = sign(fast, &message, proof, sizeof proof - 1, why) &&
	    verify(fast, &message, why);

	text_clear(&message);
	return ok;
}

struct fast *
fast_open(const struct keyring *keyring, gpgme_key_t signer, const char *subkey,
    struct error *why)
{
	struct fast *fast = prepare(keyring, signer, subkey, why);

	if (!fast)
		return NULL;
	if (proves_itself(fast, why))
		fast->server = server_open(
		    gpgme_get_dirinfo("gpg-name"), keyring->home, keyring->patience, why);
	if (fast->server)
		return fast;
	fast_close(fast);
	return NULL;
}

void
fast_close(struct fast *fast)
{
	if (!fast)
		return;
	agent_close(fast->agent);
	server_close(fast->server);
	free(fast);
}

bool
fast_seal(struct fast *fast, const char *fingerprint, const void *bytes, size_t size,
    int into, struct error *why)
{
	struct text message = { 0 };
	int from = -1;
	bool ok = sign(fast, &message, bytes, size, why);

	if (ok)
		from = memory_file(message.data, message.size, why);
	text_clear(&message);
	ok = from >= 0 && server_encrypt(fast->server, fingerprint, from, into, why);
	if (from >= 0)
		close(from);
	return ok;
}

int
fast_signature_time(const struct keyring *keyring, gpgme_key_t signer, const char *subkey)
{
	struct error why;
	struct fast *fast = prepare(keyring, signer, subkey, &why);
	struct text message = { 0 };
	struct timespec start, end;
	bool ok = false;

	if (fast) {
		clock_gettime(CLOCK_MONOTONIC, &start);
		ok = sign(fast, &message, proof, sizeof proof - 1, &why);
		clock_gettime(CLOCK_MONOTONIC, &end);
	}
	text_clear(&message);
	fast_close(fast);
	return ok ? (int)((end.tv_sec - start.tv_sec) * 1000 +
			(end.tv_nsec - start.tv_nsec) / 1000000)
		  : -1;
}
