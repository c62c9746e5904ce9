#include "edge/ledger_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

bool
ledger_file_start(const char *path, struct error *err)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd < 0)
		return error_set(err, "%s: cannot be made: %s", path, strerror(errno));
	close(fd);
	return true;
}

bool
ledger_file_place(const char *part, const char *path, struct error *err)
{
	char *copy = mem_string(path);
	int dir = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = dir >= 0 &&
	    renameat2(AT_FDCWD, part, AT_FDCWD, path, RENAME_NOREPLACE) == 0 &&
	    fsync(dir) == 0;

	if (!ok)
		error_set(err, "%s: cannot be made: %s", path, strerror(errno));
	if (dir >= 0)
		close(dir);
	free(copy);
	return ok;
}
