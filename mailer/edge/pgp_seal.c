#include "edge/pgp_seal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "edge/memory_file.h"
#include "edge/pgp_fast.h"
#include "edge/pgp_ring.h"
#include "edge/pgp_watch.h"

struct sealer {
	const struct keyring *keyring; /* borrowed */
	gpgme_ctx_t context; /* owned */
	struct watch *watch; /* owned: gpgme calls back into it */
	gpgme_key_t signer; /* owned reference; of the secret listing */
	char subkey[FINGERPRINT + 1]; /* that gpg signs with */
	time_t at;
	bool hurries; /* the fast way is wanted, and has not failed */
	struct fast *fast; /* owned; NULL: not begun */
	struct error note; /* why it was left; "": nothing to tell */
};

enum verdict { SEALED, BLOCKED, TROUBLE };

/* Few large reads: gpgme's own 4 KiB buffers cost more than the encryption. */
static gpgme_error_t
wide(gpgme_data_t data)
{
	return gpgme_data_set_flag(data, "io-buffer-size", "65536");
}

/* Into a file in memory: gpgme's own memory is moved and cleared each time it grows. */
static gpgme_error_t
open_data(const void *bytes, size_t size, int made, gpgme_data_t *in, gpgme_data_t *out)
{
	gpgme_error_t error = gpgme_data_new_from_mem(in, bytes, size, 0);

	if (!error)
		error = gpgme_data_new_from_fd(out, made);
	if (!error)
		error = wide(*in);
	return error ? error : wide(*out);
}

static gpgme_error_t
wait_for(const struct sealer *sealer, gpgme_error_t started)
{
	return watch_wait(
	    sealer->watch, sealer->context, started, sealer->keyring->patience);
}

/* gpg names the subkey that signed; the pin names the primary it belongs to. */
static bool
signed_by(const struct sealer *sealer, gpgme_sig_mode_t mode)
{
	gpgme_sign_result_t result = gpgme_op_sign_result(sealer->context);
	gpgme_new_signature_t signature = result ? result->signatures : NULL;

	return signature && !signature->next && !result->invalid_signers &&
	    signature->type == mode && signature->fpr &&
	    ring_key_owns(sealer->signer, signature->fpr);
}

static bool
probe(struct sealer *sealer, struct error *err)
{
	gpgme_data_t in = NULL, out = NULL;
	gpgme_error_t error = gpgme_data_new_from_mem(&in, "?", 1, 0);
	bool ok = false;

	if (!error)
		error = gpgme_data_new(&out);
	if (!error)
		error = wait_for(sealer,
		    gpgme_op_sign_start(sealer->context, in, out, GPGME_SIG_MODE_DETACH));
	if (error)
		ring_error(err, sealer->signer->fpr, "the signer cannot sign", error);
	else if (!signed_by(sealer, GPGME_SIG_MODE_DETACH))
		error_set(err, "%s: gpg signed with another key", sealer->signer->fpr);
	else
		ok = true;
	if (ok)
		snprintf(sealer->subkey, sizeof sealer->subkey, "%s",
		    gpgme_op_sign_result(sealer->context)->signatures->fpr);
	gpgme_data_release(in);
	gpgme_data_release(out);
	return ok;
}

/* Exactly one signer, binary output. */
static bool
set_context(struct sealer *sealer, struct error *err)
{
	gpgme_error_t error;

	gpgme_set_armor(sealer->context, 0);
	gpgme_set_textmode(sealer->context, 0);
	watch_set(sealer->watch, sealer->context);
	gpgme_signers_clear(sealer->context);
	error = gpgme_signers_add(sealer->context, sealer->signer);
	if (error)
		return ring_error(
		    err, sealer->signer->fpr, "the signer cannot be set", error);
	return true;
}

struct sealer *
sealer_open(
    const struct keyring *keyring, const char *signer, time_t at, struct error *err)
{
	struct sealer *sealer;
	struct error why;

	if (!keyring_can_sign(keyring, signer, at, &why)) {
		error_set(err, "signer %s: %s", signer, why.message);
		return NULL;
	}
	sealer = mem_new(sizeof *sealer);
	sealer->keyring = keyring;
	sealer->at = at;
	sealer->watch = mem_new(sizeof *sealer->watch);
	sealer->signer = ring_find(keyring, signer)->secret;
	gpgme_key_ref(sealer->signer);
	if (ring_context(keyring->home, &sealer->context, err) &&
	    set_context(sealer, err) && probe(sealer, err))
		return sealer;
	sealer_close(sealer);
	return NULL;
}

void
sealer_close(struct sealer *sealer)
{
	if (!sealer)
		return;
	fast_close(sealer->fast);
	gpgme_release(sealer->context);
	gpgme_key_unref(sealer->signer);
	free(sealer->watch);
	free(sealer);
}

void
sealer_hurry(struct sealer *sealer)
{
	sealer->hurries = true;
}

bool
sealer_note(struct sealer *sealer, struct error *note)
{
	*note = sealer->note;
	sealer->note.message[0] = '\0';
	return note->message[0];
}

/* An error that this recipient's key alone made; anything else is our trouble. */
static enum verdict
why_not(struct sealer *sealer, gpgme_error_t error, struct error *bad, struct error *err)
{
	gpgme_encrypt_result_t result = gpgme_op_encrypt_result(sealer->context);
	bool invalid = result && result->invalid_recipients;

	if (invalid)
		error = result->invalid_recipients->reason;
	if (invalid || gpgme_err_code(error) == GPG_ERR_UNUSABLE_PUBKEY) {
		ring_error(bad, "key", "cannot be encrypted to", error);
		return BLOCKED;
	}
	ring_error(err, sealer->keyring->home, "nothing can be sealed", error);
	return TROUBLE;
}

/* Who is sealed to together. */
struct group {
	const struct addressee *to;
	gpgme_key_t
	    *keys; /* ends with NULL: without any it would be a symmetric message */
	size_t n;
};

/* The message as gpg made it; nothing of it is looked at unless it says that all went well. */
static enum verdict
encrypt(struct sealer *sealer, const struct group *group, gpgme_data_t in,
    gpgme_data_t out, struct error *bad, struct error *err)
{
	gpgme_encrypt_result_t result;
	gpgme_error_t error = wait_for(sealer,
	    gpgme_op_encrypt_sign_start(sealer->context, group->keys,
		GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO |
		    GPGME_ENCRYPT_NO_COMPRESS,
		in, out));

	result = gpgme_op_encrypt_result(sealer->context);
	if (error || !result || result->invalid_recipients)
		return why_not(sealer, error, bad, err);
	if (signed_by(sealer, GPGME_SIG_MODE_NORMAL))
		return SEALED;
	error_set(err, "%s: gpg did not sign with the signer alone", sealer->signer->fpr);
	return TROUBLE;
}

/* Output of an operation that failed is let go unseen. */
static enum verdict
audit(const struct group *group, size_t plain, int made, struct sealed *out[],
    struct error *bad, struct error *err)
{
	enum verdict verdict = BLOCKED;
	struct memory memory;

	if (!memory_map(&memory, made, err))
		return TROUBLE;
	if (memory.size <= plain)
		error_set(bad, "encrypted message: is smaller than what went in");
	else if (sealed_split(out, group->to, group->n, memory.bytes, memory.size, bad))
		verdict = SEALED;
	memory_unmap(&memory);
	return verdict;
}

/* BLOCKED is said of all of them: one of the group, or the group, is at fault. */
static enum verdict
seal_together(struct sealer *sealer, const struct group *group, const void *mime,
    size_t size, struct sealed *out[], struct error *bad, struct error *err)
{
	gpgme_data_t in = NULL, data = NULL;
	int made = memory_file("", 0, err);
	enum verdict verdict = TROUBLE;
	gpgme_error_t error;

	if (made < 0)
		return TROUBLE;
	error = open_data(mime, size, made, &in, &data);
	if (error)
		ring_error(err, sealer->keyring->home, "nothing can be sealed", error);
	else
		verdict = encrypt(sealer, group, in, data, bad, err);
	gpgme_data_release(data);
	gpgme_data_release(in);
	if (verdict == SEALED)
		verdict = audit(group, size, made, out, bad, err);
	close(made);
	return verdict;
}

static bool
seal_fast(struct sealer *sealer, const struct group *one, const void *mime, size_t size,
    struct sealed *out[], struct error *why)
{
	int made = memory_file("", 0, why);
	bool ok;

	if (made < 0)
		return false;
	ok = fast_seal(sealer->fast, one->keys[0]->fpr, mime, size, made, why) &&
	    audit(one, size, made, out, why, why) == SEALED;
	close(made);
	return ok;
}

/* With a first message that goes nowhere. */
static bool
begin_fast(struct sealer *sealer, const struct group *one, struct error *why)
{
	struct sealed *nothing = NULL;
	bool ok;

	sealer->fast = fast_open(sealer->keyring, sealer->signer, sealer->subkey, why);
	ok = sealer->fast && seal_fast(sealer, one, "?", 1, &nothing, why);
	sealed_free(nothing);
	return ok;
}

/* False: the reference way is to be gone, now and from now on. */
static bool
hurry(struct sealer *sealer, const struct group *one, const void *mime, size_t size,
    struct sealed *out[])
{
	struct error why;

	if (!sealer->hurries)
		return false;
	if ((sealer->fast || begin_fast(sealer, one, &why)) &&
	    seal_fast(sealer, one, mime, size, out, &why))
		return true;
	fast_close(sealer->fast);
	sealer->fast = NULL;
	sealer->hurries = false;
	error_set(&sealer->note,
	    "the fast way is left, and each message takes a gpg of its own: %s",
	    why.message);
	return false;
}

static enum verdict
seal_each(struct sealer *sealer, const struct group *group, const void *mime, size_t size,
    struct sealed *out[], struct error bad[], struct error *err)
{
	enum verdict verdict = SEALED;

	for (size_t i = 0; i < group->n && verdict != TROUBLE; i++) {
		gpgme_key_t key[] = { group->keys[i], NULL };
		const struct group alone = { &group->to[i], key, 1 };

		verdict =
		    seal_together(sealer, &alone, mime, size, &out[i], &bad[i], err);
	}
	return verdict;
}

static enum verdict
seal_group(struct sealer *sealer, const struct group *group, const void *mime,
    size_t size, struct sealed *out[], struct error bad[], struct error *err)
{
	struct error why;
	enum verdict verdict = BLOCKED;

	if (group->n == 1 && hurry(sealer, group, mime, size, out))
		return SEALED;
	if (group->n > 1)
		verdict = seal_together(sealer, group, mime, size, out, &why, err);
	if (verdict == BLOCKED)
		verdict = seal_each(sealer, group, mime, size, out, bad, err);
	return verdict;
}

/* Those with a usable key, each with its place in `to`. */
static void
gather(struct sealer *sealer, struct group *group, const struct recipient *const to[],
    size_t n, struct addressee *addressees, size_t places[], struct error bad[])
{
	struct key shown;

	for (size_t i = 0; i < n; i++) {
		struct addressee *one = &addressees[group->n];
		const char *fingerprint = to[i]->fingerprint;

		bad[i].message[0] = '\0';
		if (!keyring_usable(
			sealer->keyring, fingerprint, sealer->at, &shown, &bad[i]))
			continue;
		one->to = to[i];
		one->id_count = keyring_encryption_ids(
		    sealer->keyring, fingerprint, sealer->at, one->ids, MOST_SUBKEYS);
		group->keys[group->n] = ring_find(sealer->keyring, fingerprint)->key;
		places[group->n++] = i;
	}
	group->to = addressees;
}

/* Puts what was made for the group where its recipients stand; of trouble nothing is left. */
static void
hand_out(const struct group *group, const size_t places[], struct sealed *made[],
    const struct error refused[], enum verdict verdict, struct sealed *out[],
    struct error bad[])
{
	for (size_t i = 0; i < group->n; i++) {
		if (verdict == TROUBLE) {
			sealed_free(made[i]);
			continue;
		}
		out[places[i]] = made[i];
		if (!made[i])
			bad[places[i]] = refused[i];
	}
}

bool
seal(struct sealer *sealer, const void *mime, size_t size,
    const struct recipient *const to[], size_t n, struct sealed *out[],
    struct error bad[], struct error *err)
{
	struct addressee *addressees = mem_array(n, sizeof *addressees);
	struct sealed **made = mem_array(n, sizeof *made);
	struct error *refused = mem_array(n, sizeof *refused);
	size_t *places = mem_array(n, sizeof *places);
	struct group group = { .keys = mem_array(n + 1, sizeof *group.keys) };
	enum verdict verdict = SEALED;

	memset(out, 0, n * sizeof *out);
	gather(sealer, &group, to, n, addressees, places, bad);
	if (!size) {
		error_set(err, "sealer: there is nothing to seal");
		verdict = TROUBLE;
	} else if (group.n) {
		verdict = seal_group(sealer, &group, mime, size, made, refused, err);
	}
	hand_out(&group, places, made, refused, verdict, out, bad);
	free(group.keys);
	free(places);
	free(refused);
	free(made);
	free(addressees);
	return verdict != TROUBLE;
}
