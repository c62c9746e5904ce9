#include "cmd/archive.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "cmd/place.h"

bool
archive_check(const struct session *session, time_t now, struct error *err)
{
	const char *fingerprint = session->config.archive_key;
	const struct recipient *owner;
	struct error why;
	struct key key;

	if (!fingerprint)
		return true;
	owner = registry_owner(&session->partners.registry, fingerprint);
	if (owner)
		return error_set(err,
		    "archive_key %s: is that of %s, too; make one that nobody else has",
		    fingerprint, owner->id);
	return keyring_usable(session->keyring, fingerprint,
		   session_key_time(session, now), &key, &why) ||
	    error_set(err, "archive_key %s: %s", fingerprint, why.message);
}

static char *
name_of(const struct edition *edition, const struct advisory *advisory)
{
	struct text digest = { 0 };
	char *name;

	text_hex(&digest, edition->digest, DIGEST_SIZE);
	name = mem_format(
	    "%s.%u.%s.asc", advisory->id, advisory->revision, text_string(&digest));
	text_clear(&digest);
	return name;
}

static bool
write_sealed(int dir, const char *name, const struct sealed *sealed, struct error *err)
{
	struct text text = { 0 };
	char buffer[4096];
	size_t size;
	bool ok;

	while ((size = sealed_read(sealed, text.size, buffer, sizeof buffer)))
		text_add(&text, buffer, size);
	ok = file_write_new(dir, name, text.data, text.size, err);
	text_clear(&text);
	return ok;
}

static bool
seal_and_write(struct round *round, const struct payload *payload, int dir,
    const char *name, struct error *err)
{
	const struct recipient archive = { .id = "archive",
		.fingerprint = round->duty.session->config.archive_key };
	const struct recipient *to = &archive;
	char *part = mem_format(".%s.part", name);
	struct sealed *sealed = NULL;
	struct error bad;
	bool ok;

	/* Of a run that was killed while it wrote: we have the run's lock. */
	unlinkat(dir, part, 0);
	free(part);
	ok = seal(round->sealer, payload->mime.data, payload->mime.size, &to, 1, &sealed,
	    &bad, err);
	if (ok && !sealed)
		ok = error_set(err, "archive_key: %s", bad.message);
	ok = ok && write_sealed(dir, name, sealed, err);
	sealed_free(sealed);
	return ok;
}

bool
archive_keep(struct round *round, const struct payload *payload,
    const struct advisory *advisory, struct error *err)
{
	char *name;
	int dir;
	bool ok;

	if (!round->duty.session->config.archive_key)
		return true;
	if (!archive_check(round->duty.session, time(NULL), err) ||
	    !file_make_dir(PLACE_ARCHIVE, err))
		return false;
	dir = open(PLACE_ARCHIVE, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dir < 0)
		return error_set(err, PLACE_ARCHIVE ": cannot be opened");
	name = name_of(payload->edition, advisory);
	ok = faccessat(dir, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    seal_and_write(round, payload, dir, name, err);
	free(name);
	close(dir);
	return ok;
}
