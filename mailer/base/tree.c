#include "base/tree.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"

static bool
make_way(const char *path, struct error *err)
{
	const char *slash = path;
	bool ok = true;

	while (ok && (slash = strchr(slash + 1, '/'))) {
		char *folder = mem_format("%.*s", (int)(slash - path), path);

		if (mkdir(folder, 0700) != 0 && errno != EEXIST)
			ok = error_set(
			    err, "%s: cannot be made: %s", folder, strerror(errno));
		free(folder);
	}
	return ok;
}

bool
tree_write(const char *path, const struct text *text, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder =
	    slash ? mem_format("%.*s", (int)(slash - path), path) : mem_string(".");
	struct error why = { 0 };
	bool ok = make_way(path, err);
	int dir = ok ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

	if (ok && dir < 0)
		ok = error_set(err, "%s: %s", folder, strerror(errno));
	else if (ok &&
	    !file_write_new(
		dir, slash ? slash + 1 : path, text_string(text), text->size, &why))
		ok = error_set(err, "%s/%s", folder, why.message);
	if (dir >= 0)
		close(dir);
	free(folder);
	return ok;
}

/* Without FTS_PHYSICAL a link would be walked through; with FTS_NOCHDIR we stay here. */
static FTS *
walk(const char *path)
{
	char *copy = mem_string(path), *roots[] = { copy, NULL };
	FTS *fts = fts_open(roots, FTS_PHYSICAL | FTS_NOCHDIR, NULL);

	free(copy);
	return fts;
}

static bool
copy_file(
    const FTSENT *entry, const char *from, const char *to, size_t most, struct error *err)
{
	const char *rest = entry->fts_path + strlen(from);
	char *path = mem_format("%s%s", to, rest);
	struct text text = { 0 };
	bool ok = file_read_below(
		      AT_FDCWD, entry->fts_path, entry->fts_path, most, &text, err) &&
	    tree_write(path, &text, err);

	text_clear(&text);
	free(path);
	return ok;
}

static bool
copy_entry(FTS *fts, FTSENT *entry, const char *from, const char *to, size_t most,
    struct error *err)
{
	if (entry->fts_level > 0 && entry->fts_name[0] == '.') {
		fts_set(fts, entry, FTS_SKIP);
		return true;
	}
	switch (entry->fts_info) {
	case FTS_D:
	case FTS_DP:
		return true; /* made for what is in it */
	case FTS_F:
		return copy_file(entry, from, to, most, err);
	case FTS_DNR:
	case FTS_ERR:
	case FTS_NS:
		return error_set(
		    err, "%s: %s", entry->fts_path, strerror(entry->fts_errno));
	default:
		return error_set(err, "%s: is neither a file nor a directory; move it",
		    entry->fts_path);
	}
}

bool
tree_copy(const char *from, const char *to, size_t most, struct error *err)
{
	FTS *fts = walk(from);
	FTSENT *entry;
	bool ok = true;

	if (!fts)
		return error_set(err, "%s: %s", from, strerror(errno));
	while (ok && (errno = 0, entry = fts_read(fts)))
		ok = copy_entry(fts, entry, from, to, most, err);
	if (ok && errno)
		ok = error_set(err, "%s: %s", from, strerror(errno));
	fts_close(fts);
	return ok;
}

void
tree_remove(const char *path)
{
	FTS *fts = walk(path);
	FTSENT *entry;

	while (fts && (entry = fts_read(fts)))
		if (entry->fts_info == FTS_DP)
			rmdir(entry->fts_path); /* "." stays, and says so */
		else if (entry->fts_info != FTS_D)
			unlink(entry->fts_path);
	if (fts)
		fts_close(fts);
}

bool
tree_is_empty(const char *path, bool *empty, struct error *err)
{
	DIR *folder = opendir(path);
	const struct dirent *entry;

	if (!folder)
		return error_set(err, "%s: %s", path, strerror(errno));
	*empty = true;
	while ((entry = readdir(folder)))
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			*empty = false;
	closedir(folder);
	return true;
}
