#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "edge/pgp_ring.h"

enum { LARGEST_IMPORT = 1024 * 1024 };

/* What gpg sees in a file without importing it. */
static bool
look_into(gpgme_ctx_t context, const char *path, gpgme_data_t data, struct error *err)
{
	gpgme_error_t error = gpgme_op_keylist_from_data_start(context, data, 0);
	size_t count = 0;
	bool secret = false;
	gpgme_key_t key;

	while (!error && !(error = gpgme_op_keylist_next(context, &key))) {
		count++;
		secret = secret || key->secret;
		gpgme_key_unref(key);
	}
	if (gpgme_err_code(error) != GPG_ERR_EOF)
		return ring_error(err, path, "cannot be read as keys", error);
	if (secret)
		return error_set(
		    err, "%s: holds a secret key; ask for the public key alone", path);
	if (!count)
		return error_set(err,
		    "%s: holds no OpenPGP public key; ask for what gpg --export writes",
		    path);
	return true;
}

static void
add_fingerprint(struct imported *imported, const char *fingerprint)
{
	size_t n = imported->count;

	for (size_t i = 0; i < n; i++)
		if (strcmp(imported->fingerprints[i], fingerprint) == 0)
			return;
	imported->fingerprints =
	    mem_room(imported->fingerprints, n, sizeof *imported->fingerprints);
	snprintf(
	    imported->fingerprints[n], sizeof *imported->fingerprints, "%s", fingerprint);
	imported->count++;
}

static bool
take_import(
    gpgme_ctx_t context, const char *path, struct imported *imported, struct error *err)
{
	gpgme_import_result_t result = gpgme_op_import_result(context);

	for (gpgme_import_status_t i = result->imports; i; i = i->next) {
		if (i->result)
			return ring_error(
			    err, path, "a key of it was not imported", i->result);
		if (i->fpr && strlen(i->fpr) == FINGERPRINT)
			add_fingerprint(imported, i->fpr);
	}
	if (result->not_imported || !imported->count)
		return error_set(err,
		    "%s: a key of it was not imported: it has no valid user id; "
		    "ask for a new one",
		    path);
	return true;
}

static bool
import_data(gpgme_ctx_t context, const char *path, gpgme_data_t data,
    struct imported *imported, struct error *err)
{
	gpgme_error_t error;

	if (!look_into(context, path, data, err))
		return false;
	gpgme_data_seek(data, 0, SEEK_SET);
	error = gpgme_op_import(context, data);
	if (error)
		return ring_error(err, path, "cannot be imported", error);
	return take_import(context, path, imported, err);
}

bool
keyring_import(struct keyring *keyring, const char *path, struct imported *imported,
    struct error *err)
{
	struct text file = { 0 };
	gpgme_ctx_t context = NULL;
	gpgme_data_t data = NULL;
	gpgme_error_t error;
	bool ok = false;

	*imported = (struct imported){ 0 };
	if (!file_read(path, LARGEST_IMPORT, &file, err) ||
	    !ring_context(keyring->home, &context, err))
		goto out;
	error = gpgme_data_new_from_mem(&data, text_string(&file), file.size, 0);
	if (error)
		ring_error(err, path, "cannot be read", error);
	else
		ok = import_data(context, path, data, imported, err) &&
		    ring_list(keyring, context, err);
out:
	if (!ok) {
		free(imported->fingerprints);
		*imported = (struct imported){ 0 };
	}
	gpgme_data_release(data);
	gpgme_release(context);
	text_clear(&file);
	return ok;
}
