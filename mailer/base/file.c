#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/mem.h"

/* At most `most` bytes of an open file, or why not. Closes fd. */
static bool
read_open(int fd, const char *shown, size_t most, bool single, struct text *text,
    struct error *err)
{
	struct stat st;
	char buffer[8192];
	ssize_t got = -1;
	bool ok = false;

	if (fstat(fd, &st) != 0)
		error_set(err, "%s: %s", shown, strerror(errno));
	else if (!S_ISREG(st.st_mode))
		error_set(err, "%s: is not an ordinary file", shown);
	else if (st.st_mode & S_IWOTH)
		error_set(err, "%s: anybody may write it; chmod o-w it", shown);
	else if (single && st.st_nlink != 1)
		error_set(
		    err, "%s: has a second name (hard link); copy it instead", shown);
	else
		ok = true;
	while (ok && (got = read(fd, buffer, sizeof buffer)) > 0) {
		text_add(text, buffer, (size_t)got);
		if (text->size > most)
			ok = error_set(err, "%s: is larger than %zu bytes", shown, most);
	}
	if (ok && got < 0)
		ok = error_set(err, "%s: %s", shown, strerror(errno));
	explicit_bzero(buffer, sizeof buffer);
	close(fd);
	if (!ok)
		text_clear(text);
	return ok;
}

static const char *
why_not_below(int error)
{
	switch (error) {
	case ELOOP:
		return "is or passes a symbolic link";
	case EXDEV:
		return "leads out of its directory";
	default:
		return strerror(error);
	}
}

/* Of `shown`, which ends as the path does, as much as is before its last `rest` bytes. */
static bool
refuse_folder(const char *shown, size_t rest, struct error *err)
{
	size_t size = strlen(shown);
	int kept = size > rest ? (int)(size - rest) : 0;

	while (kept > 0 && shown[kept - 1] == '/')
		kept--;
	return error_set(err, "%.*s: anybody may write it; chmod o-w it", kept ? kept : 1,
	    kept ? shown : ".");
}

/* The directory, and each on the way from it: there anybody could replace the file. */
static bool
way_is_guarded(int dir, const char *path, const char *shown, struct error *err)
{
	const char *rest = path;

	while (1) {
		char *folder = mem_format("./%.*s", (int)(rest - path), path);
		struct stat st = { 0 };
		int failed = fstatat(dir, folder, &st, 0);

		free(folder);
		if (failed)
			return error_set(err, "%s: %s", shown, strerror(errno));
		if (st.st_mode & S_IWOTH)
			return refuse_folder(shown, strlen(rest), err);
		rest = strchr(rest, '/');
		if (!rest)
			return true;
		rest++;
	}
}

bool
file_read_below(int dir, const char *path, const char *shown, size_t most,
    struct text *text, struct error *err)
{
	/* O_NONBLOCK: a FIFO must not hang us before fstat can refuse it. */
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS,
	};
	long fd = syscall(SYS_openat2, dir, path, &how, sizeof how);

	if (fd < 0)
		return error_set(err, "%s: %s", shown, why_not_below(errno));
	if (!way_is_guarded(dir, path, shown, err)) {
		close((int)fd);
		return false;
	}
	return read_open((int)fd, shown, most, true, text, err);
}

bool
file_read(const char *path, size_t most, struct text *text, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

	if (fd < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	return read_open(fd, path, most, false, text, err);
}

static bool
write_all(int fd, const char *bytes, size_t size)
{
	while (size) {
		ssize_t put = write(fd, bytes, size);

		if (put < 0 && errno == EINTR)
			continue;
		if (put < 0)
			return false;
		bytes += put;
		size -= (size_t)put;
	}
	return fsync(fd) == 0;
}

/* Whole and durable, or not there. What stands there is somebody's and stays. */
bool
file_write_new(
    int dir, const char *name, const void *bytes, size_t size, struct error *err)
{
	char *part = mem_format(".%s.part", name);
	int fd =
	    openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
	bool ok = fd >= 0 && write_all(fd, bytes, size);

	if (fd >= 0 && close(fd) != 0)
		ok = false;
	if (ok && renameat2(dir, part, dir, name, RENAME_NOREPLACE) != 0)
		ok = false;
	if (ok && fsync(dir) != 0)
		ok = false;
	if (!ok) {
		error_set(err, "%s: cannot be written: %s", name, strerror(errno));
		if (fd >= 0)
			unlinkat(dir, part, 0);
	}
	free(part);
	return ok;
}

bool
file_make_dir(const char *path, struct error *err)
{
	if (mkdir(path, 0700) != 0 && errno != EEXIST)
		return error_set(err, "%s: cannot be made: %s", path, strerror(errno));
	return file_own_dir(path, err);
}

bool
file_own_dir(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (!S_ISDIR(st.st_mode))
		return error_set(err, "%s: is not a directory", path);
	if (st.st_uid != geteuid())
		return error_set(
		    err, "%s: belongs to another user; run as that one", path);
	if (st.st_mode & 077)
		return error_set(err, "%s: others may enter it; chmod 700 it", path);
	return true;
}

bool
file_own(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return error_set(err, "%s: is not an ordinary file", path);
	if (st.st_uid != geteuid())
		return error_set(
		    err, "%s: belongs to another user; run as that one", path);
	if (st.st_mode & 077)
		return error_set(err, "%s: others may open it; chmod 600 it", path);
	return true;
}

bool
file_guarded(const char *path, struct error *err)
{
	struct stat st;

	if (stat(path, &st) != 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (st.st_mode & S_IWOTH)
		return error_set(err, "%s: anybody may write it; chmod o-w it", path);
	return true;
}

static bool
guards_its_entries(const char *path, struct error *err)
{
	struct stat st;

	if (lstat(path, &st) != 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return error_set(err,
		    "%s: belongs to another user, who could put another directory in the "
		    "place of this one",
		    path);
	if (st.st_mode & S_IWOTH && !(st.st_mode & S_ISVTX))
		return error_set(err, "%s: anybody may write it; chmod o-w it", path);
	return true;
}

bool
file_guarded_above(const char *path, struct error *err)
{
	char *above = realpath(path, NULL), *slash;
	bool ok = above != NULL;

	if (!above)
		error_set(err, "%s: %s", path, strerror(errno));
	while (ok && (slash = strrchr(above, '/'))) {
		*slash = '\0';
		ok = guards_its_entries(*above ? above : "/", err);
	}
	free(above);
	return ok;
}
