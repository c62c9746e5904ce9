#include "edge/pgp_verify.h"

#include <stdio.h>

#include "edge/pgp_ring.h"

static bool
refuse(struct error *err, const char *why)
{
	return error_set(err, "%s", why);
}

/* What gpg says of a signature is one word; a key's own flags are looked at besides. */
static bool
judge(const struct keyring *keyring, gpgme_signature_t signature, time_t now,
    char fingerprint[41], struct error *err)
{
	const char *primary;

	if (!signature || signature->next)
		return refuse(err, "does not hold just one signature");
	if (signature->status != GPG_ERR_NO_ERROR || signature->wrong_key_usage)
		return error_set(err, "the signature does not hold: %s",
		    gpgme_strerror(signature->status));
	primary = keyring_primary(keyring, signature->fpr);
	if (!primary)
		return error_set(err,
		    "is signed by %s, which is not in the home; forewarn keys import",
		    signature->fpr);
	if ((time_t)signature->timestamp > now + 86400)
		return refuse(err, "was signed in the future; mind the clock");
	snprintf(fingerprint, 41, "%s", primary);
	return true;
}

bool
keyring_verify(const struct keyring *keyring, const struct text *signature,
    const struct text *signed_text, time_t now, char fingerprint[41], struct error *err)
{
	gpgme_data_t detached = NULL, text = NULL;
	gpgme_ctx_t context = NULL;
	gpgme_error_t error;
	bool ok = false;

	if (!ring_context(keyring->home, &context, err))
		return false;
	error = gpgme_data_new_from_mem(&detached, signature->data, signature->size, 0);
	if (!error)
		error = gpgme_data_new_from_mem(
		    &text, signed_text->data, signed_text->size, 0);
	if (!error)
		error = gpgme_op_verify(context, detached, text, NULL);
	if (error)
		error_set(err, "is not a signature that gpg can read: %s",
		    gpgme_strerror(error));
	else
		ok = judge(keyring, gpgme_op_verify_result(context)->signatures, now,
		    fingerprint, err);
	gpgme_data_release(detached);
	gpgme_data_release(text);
	gpgme_release(context);
	return ok;
}
