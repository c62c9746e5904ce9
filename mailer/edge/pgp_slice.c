#include "edge/pgp_slice.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "edge/pgp_home.h"
#include "edge/pgp_keybox.h"

#define NAME "slice-"
enum { MOST_KEYS = 64 * 1024 * 1024 }; /* octets: a hundred thousand keys */

struct slice {
	char *home; /* owned: its path */
	int directory; /* locked as long as it is in use */
	struct text keys; /* the whole keyring */
	struct keybox keybox; /* in there */
	struct engine engine;
};

/* There are but files. */
static void
empty(int directory)
{
	int again = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = again < 0 ? NULL : fdopendir(again);
	const struct dirent *file;

	while (list && (file = readdir(list)))
		unlinkat(directory, file->d_name, 0);
	if (list)
		closedir(list);
	else if (again >= 0)
		close(again);
}

/* One whose lock is free is nobody's any more. */
static int
open_locked(int above, const char *name)
{
	int directory =
	    openat(above, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (directory >= 0 && flock(directory, LOCK_EX | LOCK_NB) == 0)
		return directory;
	if (directory >= 0)
		close(directory);
	return -1;
}

void
slice_sweep(const char *home)
{
	DIR *list = opendir(home);
	const struct dirent *file;
	int directory;

	while (list && (file = readdir(list))) {
		if (strncmp(file->d_name, NAME, strlen(NAME)) != 0)
			continue;
		directory = open_locked(dirfd(list), file->d_name);
		if (directory < 0)
			continue;
		empty(directory);
		unlinkat(dirfd(list), file->d_name, AT_REMOVEDIR);
		close(directory);
	}
	if (list)
		closedir(list);
}

/* Nothing that has to last: so it is not made durable. */
static bool
write_file(const struct slice *slice, const char *name, const struct text *bytes,
    struct error *err)
{
	int fd = openat(slice->directory, name,
	    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	size_t done = 0;
	ssize_t wrote = 1;

	while (fd >= 0 && done < bytes->size && wrote > 0) {
		wrote = write(fd, bytes->data + done, bytes->size - done);
		done += wrote > 0 ? (size_t)wrote : 0;
	}
	if (fd < 0 || close(fd) != 0 || done < bytes->size)
		return error_set(err, "%s/%s: cannot be written: %s", slice->home, name,
		    strerror(errno));
	return true;
}

/* Assuan follows such a file as it would a link, and an agent that gpg starts would, too. */
static bool
write_way(const struct slice *slice, const struct keyring *keyring, struct error *err)
{
	struct text conf = { 0 }, socket = { 0 }, way = { 0 };
	bool ok = ring_agent_socket(keyring, &socket, err);

	home_conf(&conf);
	text_adds(&conf, "no-autostart\nno-random-seed-file\n");
	text_addf(&way, "%%Assuan%%\nsocket=%s\n", text_string(&socket));
	ok = ok && write_file(slice, "gpg.conf", &conf, err) &&
	    write_file(slice, "S.gpg-agent", &way, err);
	text_clear(&way);
	text_clear(&socket);
	text_clear(&conf);
	return ok;
}

static bool
read_keys(struct slice *slice, const char *home, struct error *err)
{
	int directory = open(home, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = file_read_below(
	    directory, "pubring.kbx", "pubring.kbx", MOST_KEYS, &slice->keys, err);

	if (directory >= 0)
		close(directory);
	return ok && keybox_read(&slice->keybox, slice->keys.data, slice->keys.size, err);
}

static bool
make(struct slice *slice, const char *home, struct error *err)
{
	slice->home = mem_format("%s/" NAME "XXXXXX", home);
	if (!mkdtemp(slice->home)) {
		free(slice->home);
		slice->home = NULL;
		return error_set(
		    err, "%s: a slice cannot be made: %s", home, strerror(errno));
	}
	slice->directory = open_locked(AT_FDCWD, slice->home);
	return slice->directory >= 0 ||
	    error_set(err, "%s: cannot be opened", slice->home);
}

struct slice *
slice_open(const struct keyring *keyring, gpgme_key_t signer, struct error *err)
{
	struct slice *slice = mem_new(sizeof *slice);

	slice->directory = -1;
	if (read_keys(slice, keyring->home, err) && make(slice, keyring->home, err) &&
	    write_way(slice, keyring, err) &&
	    engine_open(&slice->engine, keyring, slice->home, signer, err))
		return slice;
	slice_close(slice);
	return NULL;
}

void
slice_close(struct slice *slice)
{
	if (!slice)
		return;
	engine_close(&slice->engine);
	if (slice->directory >= 0) {
		empty(slice->directory);
		close(slice->directory);
	}
	if (slice->home)
		rmdir(slice->home);
	keybox_clear(&slice->keybox);
	text_clear(&slice->keys);
	free(slice->home);
	free(slice);
}

struct engine *
slice_fill(struct slice *slice, const gpgme_key_t keys[], size_t n, struct error *err)
{
	const struct keybox *all = &slice->keybox;
	struct text few = { 0 };
	bool ok;

	keybox_begin(all, &few);
	ok = keybox_copy(all, slice->engine.signer->fpr, &few);
	for (size_t i = 0; i < n && ok; i++)
		ok = keybox_copy(all, keys[i]->fpr, &few);
	if (!ok)
		error_set(err, "pubring.kbx: lacks a key that is listed");
	else
		ok = write_file(slice, "pubring.kbx", &few, err);
	text_clear(&few);
	return ok ? &slice->engine : NULL;
}
