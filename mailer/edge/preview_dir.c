#include "edge/preview_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"

struct preview_dir {
	char *path; /* owned */
	int fd;
};

/*
 * file_make_dir looked at a name; this looks at what is open, so that clear
 * text never lands in a directory that was put in its place.
 */
static bool
is_private(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && st.st_uid == geteuid() && !(st.st_mode & 077);
}

/* A directory that stands is taken, full or not: its files are never written over. */
struct preview_dir *
preview_dir_open(const char *path, struct error *err)
{
	struct preview_dir *dir;
	int fd;

	if (!file_make_dir(path, err))
		return NULL;
	fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0) {
		error_set(err, "%s: %s", path, strerror(errno));
		return NULL;
	}
	if (!is_private(fd)) {
		error_set(err, "%s: was replaced while it was opened", path);
		close(fd);
		return NULL;
	}
	dir = mem_new(sizeof *dir);
	dir->path = mem_string(path);
	dir->fd = fd;
	return dir;
}

/* One visible file of this directory; the limit leaves room for ".NAME.part". */
static bool
name_ok(const char *name)
{
	size_t size = strlen(name);

	return 0 < size && size <= 200 && name[0] != '.' && !strchr(name, '/') &&
	    utf8_line(name, size);
}

bool
preview_dir_write(
    struct preview_dir *dir, const char *name, const struct text *text, struct error *err)
{
	struct text quoted = { 0 };
	struct error why = { 0 };
	bool ok = false;

	if (!name_ok(name)) {
		text_quote(&quoted, name);
		error_set(err, "%s: '%s' is no name for a preview", dir->path,
		    text_string(&quoted));
	} else if (!file_write_new(dir->fd, name, text->data, text->size, &why)) {
		error_set(err, "%s/%s", dir->path, why.message);
	} else {
		ok = true;
	}
	text_clear(&quoted);
	return ok;
}

void
preview_dir_close(struct preview_dir *dir)
{
	if (!dir)
		return;
	close(dir->fd);
	free(dir->path);
	free(dir);
}
