#include "cmd/checkpoint.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "edge/pgp_detach.h"
#include "edge/pgp_verify.h"

enum { TEXT_MOST = 4096, SIGNATURE_MOST = 64 * 1024 };

/* After a recovery the numbers of events come again, and older checkpoints stand. */
static char *
name_of(const struct checkpoint *checkpoint)
{
	return mem_format("%lld-%02x%02x%02x%02x.txt", (long long)checkpoint->event,
	    checkpoint->hash[0], checkpoint->hash[1], checkpoint->hash[2],
	    checkpoint->hash[3]);
}

/* The signature first: where there is a text, it is signed. */
static bool
write_both(int dir, const char *name, const struct text *text,
    const struct text *signature, struct error *err)
{
	char *beside = mem_format("%s.asc", name);
	bool ok;

	/* Of a run that was killed between the two. */
	unlinkat(dir, beside, 0);
	ok = file_write_new(dir, beside, signature->data, signature->size, err) &&
	    file_write_new(dir, name, text->data, text->size, err);
	free(beside);
	return ok;
}

static bool
sign_and_write(const struct session *session, const struct checkpoint *checkpoint,
    int dir, struct error *err)
{
	struct text text = { 0 }, signature = { 0 };
	char *name = name_of(checkpoint);
	bool ok = faccessat(dir, name, F_OK, 0) == 0; /* an attempt alone adds no event */

	if (!ok) {
		checkpoint_write(&text, checkpoint);
		ok = keyring_sign(session->keyring, session->config.signer,
			 session_key_time(session, checkpoint->at), &text, &signature,
			 err) &&
		    write_both(dir, name, &text, &signature, err);
	}
	text_clear(&text);
	text_clear(&signature);
	free(name);
	return ok;
}

void
checkpoint_keep(const struct session *session)
{
	struct checkpoint checkpoint;
	struct error err;
	int dir = -1;
	bool ok;

	ok = ledger_head(session->ledger, &checkpoint, &err) &&
	    file_make_dir(PLACE_CHECKPOINTS, &err);
	if (ok) {
		dir = open(
		    PLACE_CHECKPOINTS, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
		ok = dir >= 0 ||
		    error_set(&err, "%s: cannot be opened", PLACE_CHECKPOINTS);
	}
	checkpoint.at = time(NULL);
	checkpoint.programme = session->config.programme.name;
	ok = ok && sign_and_write(session, &checkpoint, dir, &err);
	if (dir >= 0)
		close(dir);
	if (!ok)
		say_wrong("checkpoint: %s; what was sent is recorded, and the next run "
			  "that sends makes one",
		    err.message);
}

/* By the signer, and nobody else whose key is in the home. */
static bool
is_signed(const struct session *session, const char *file, const struct text *text,
    const struct text *signature)
{
	const char *signer = keyring_primary(session->keyring, session->config.signer);
	char fingerprint[41];
	struct error err;

	if (!keyring_verify(session->keyring, signature, text,
		session_key_time(session, time(NULL)), fingerprint, &err))
		return say_wrong("%s.asc: %s", file, err.message);
	return (signer && strcmp(fingerprint, signer) == 0) ||
	    say_wrong("%s.asc: is signed by %s, which is not the signer of forewarn.ini",
		file, fingerprint);
}

bool
checkpoint_read(
    struct checkpoint *checkpoint, const struct session *session, const char *file)
{
	struct text text = { 0 }, signature = { 0 };
	char *beside = mem_format("%s.asc", file);
	struct error err;
	bool ok;

	ok = (file_read(file, TEXT_MOST, &text, &err) &&
		 file_read(beside, SIGNATURE_MOST, &signature, &err)) ||
	    say_wrong("%s", err.message);
	ok = ok && is_signed(session, file, &text, &signature) &&
	    (checkpoint_parse(checkpoint, text_string(&text)) ||
		say_wrong("%s: is not a checkpoint", file));
	text_clear(&text);
	text_clear(&signature);
	free(beside);
	return ok;
}
