#include "cmd/making.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/tree.h"

bool
making_begin(
    struct making *making, const char *above, const char *name, struct error *err)
{
	*making = (struct making){ mem_format("%s/.%s", above, name),
		mem_format("%s/%s", above, name) };
	if (access(making->path, F_OK) == 0)
		return error_set(err,
		    "%s: is there already; forewarn advisory revise %s makes its next "
		    "revision",
		    making->path, name);
	if (mkdir(above, 0700) != 0 && errno != EEXIST)
		return error_set(err, "%s: cannot be made: %s", above, strerror(errno));
	if (mkdir(making->part, 0700) == 0)
		return true;
	if (errno == EEXIST)
		return error_set(err,
		    "%s: is there: another makes it, or broke off; remove it then",
		    making->part);
	return error_set(err, "%s: cannot be made: %s", making->part, strerror(errno));
}

/* After an error nothing is left. */
bool
making_end(struct making *making, bool ok, struct error *err)
{
	if (ok &&
	    renameat2(AT_FDCWD, making->part, AT_FDCWD, making->path, RENAME_NOREPLACE) !=
		0)
		ok = error_set(
		    err, "%s: cannot be made: %s", making->path, strerror(errno));
	if (!ok)
		tree_remove(making->part);
	return ok;
}

void
making_clear(struct making *making)
{
	free(making->part);
	free(making->path);
}
