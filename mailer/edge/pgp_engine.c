#include "edge/pgp_engine.h"

#include <stdio.h>

/* Few large reads: gpgme's own 4 KiB buffers cost more than the encryption. */
static gpgme_error_t
wide(gpgme_data_t data)
{
	return gpgme_data_set_flag(data, "io-buffer-size", "65536");
}

/* Into a file in memory: gpgme's own memory is moved and cleared each time it grows. */
static gpgme_error_t
open_data(const void *bytes, size_t size, int into, gpgme_data_t *in, gpgme_data_t *out)
{
	gpgme_error_t error = gpgme_data_new_from_mem(in, bytes, size, 0);

	if (!error)
		error = gpgme_data_new_from_fd(out, into);
	if (!error)
		error = wide(*in);
	return error ? error : wide(*out);
}

static gpgme_error_t
wait_for(struct engine *engine, gpgme_error_t started)
{
	return watch_wait(&engine->watch, engine->context, started, engine->patience);
}

/* gpg names the subkey that signed; the pin names the primary it belongs to. */
static bool
signed_by(const struct engine *engine, gpgme_sig_mode_t mode)
{
	gpgme_sign_result_t result = gpgme_op_sign_result(engine->context);
	gpgme_new_signature_t signature = result ? result->signatures : NULL;

	return signature && !signature->next && !result->invalid_signers &&
	    signature->type == mode && signature->fpr &&
	    ring_key_owns(engine->signer, signature->fpr);
}

static bool
sign(struct engine *engine, const void *bytes, size_t size, gpgme_data_t out,
    struct error *err)
{
	gpgme_data_t in = NULL;
	gpgme_error_t error = gpgme_data_new_from_mem(&in, bytes, size, 0);
	bool ok = false;

	if (!error)
		error = wait_for(engine,
		    gpgme_op_sign_start(engine->context, in, out, GPGME_SIG_MODE_DETACH));
	if (error)
		ring_error(err, engine->signer->fpr, "the signer cannot sign", error);
	else if (!signed_by(engine, GPGME_SIG_MODE_DETACH))
		error_set(err, "%s: gpg signed with another key", engine->signer->fpr);
	else
		ok = true;
	gpgme_data_release(in);
	return ok;
}

bool
engine_probe(struct engine *engine, char subkey[FINGERPRINT + 1], struct error *err)
{
	gpgme_data_t out = NULL;
	gpgme_error_t error = gpgme_data_new(&out);
	bool ok;

	ok = !error || ring_error(err, engine->home, "nothing can be signed", error);
	ok = ok && sign(engine, "?", 1, out, err);
	if (ok)
		snprintf(subkey, FINGERPRINT + 1, "%s",
		    gpgme_op_sign_result(engine->context)->signatures->fpr);
	gpgme_data_release(out);
	return ok;
}

bool
engine_sign(struct engine *engine, const struct text *signed_text, struct text *signature,
    struct error *err)
{
	gpgme_data_t out = NULL;
	gpgme_error_t error = gpgme_data_new(&out);
	size_t size = 0;
	char *made;
	bool ok;

	ok = !error || ring_error(err, engine->home, "nothing can be signed", error);
	gpgme_set_armor(engine->context, 1);
	ok = ok && sign(engine, signed_text->data, signed_text->size, out, err);
	gpgme_set_armor(engine->context, 0);
	if (!ok) {
		gpgme_data_release(out);
		return false;
	}
	made = gpgme_data_release_and_get_mem(out, &size);
	text_add(signature, made, size);
	gpgme_free(made);
	return true;
}

/* Exactly one signer, binary output. */
bool
engine_open(struct engine *engine, const struct keyring *keyring, const char *home,
    gpgme_key_t signer, struct error *err)
{
	gpgme_error_t error;

	*engine = (struct engine){
		.home = home,
		.signer = signer,
		.patience = keyring->patience,
	};
	gpgme_key_ref(signer);
	if (!ring_context(home, &engine->context, err))
		return false;
	gpgme_set_armor(engine->context, 0);
	gpgme_set_textmode(engine->context, 0);
	watch_set(&engine->watch, engine->context);
	gpgme_signers_clear(engine->context);
	error = gpgme_signers_add(engine->context, signer);
	return !error || ring_error(err, signer->fpr, "the signer cannot be set", error);
}

void
engine_close(struct engine *engine)
{
	gpgme_release(engine->context);
	if (engine->signer)
		gpgme_key_unref(engine->signer);
	*engine = (struct engine){ 0 };
}

/* An error that this recipient's key alone made; anything else is our trouble. */
static enum verdict
why_not(struct engine *engine, gpgme_error_t error, struct error *bad, struct error *err)
{
	gpgme_encrypt_result_t result = gpgme_op_encrypt_result(engine->context);
	bool invalid = result && result->invalid_recipients;

	if (invalid)
		error = result->invalid_recipients->reason;
	if (invalid || gpgme_err_code(error) == GPG_ERR_UNUSABLE_PUBKEY) {
		ring_error(bad, "key", "cannot be encrypted to", error);
		return BLOCKED;
	}
	ring_error(err, engine->home, "nothing can be sealed", error);
	return TROUBLE;
}

static enum verdict
encrypt(struct engine *engine, gpgme_key_t keys[], gpgme_data_t in, gpgme_data_t out,
    struct error *bad, struct error *err)
{
	gpgme_encrypt_result_t result;
	gpgme_error_t error = wait_for(engine,
	    gpgme_op_encrypt_sign_start(engine->context, keys,
		GPGME_ENCRYPT_ALWAYS_TRUST | GPGME_ENCRYPT_NO_ENCRYPT_TO |
		    GPGME_ENCRYPT_NO_COMPRESS,
		in, out));

	result = gpgme_op_encrypt_result(engine->context);
	if (error || !result || result->invalid_recipients)
		return why_not(engine, error, bad, err);
	if (signed_by(engine, GPGME_SIG_MODE_NORMAL))
		return SEALED;
	error_set(err, "%s: gpg did not sign with the signer alone", engine->signer->fpr);
	return TROUBLE;
}

enum verdict
engine_seal(struct engine *engine, gpgme_key_t keys[], const void *mime, size_t size,
    int into, struct error *bad, struct error *err)
{
	gpgme_data_t in = NULL, out = NULL;
	gpgme_error_t error = open_data(mime, size, into, &in, &out);
	enum verdict verdict = TROUBLE;

	if (error)
		ring_error(err, engine->home, "nothing can be sealed", error);
	else
		verdict = encrypt(engine, keys, in, out, bad, err);
	gpgme_data_release(out);
	gpgme_data_release(in);
	return verdict;
}
