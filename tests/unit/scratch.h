/* scratch - a directory of real files that a test works in */
#ifndef TESTS_SCRATCH_H
#define TESTS_SCRATCH_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* Makes a directory and goes there; *state is its name. A cmocka set-up. */
static inline int
scratch_enter(void **state)
{
	char *path = mem_string("/tmp/fw.XXXXXX");

	*state = path;
	return mkdtemp(path) && chdir(path) == 0 ? 0 : -1;
}

static inline int
scratch_remove(const char *path, const struct stat *st, int type, struct FTW *where)
{
	(void)st, (void)type, (void)where;
	return remove(path);
}

static inline int
scratch_leave(void **state)
{
	int status = chdir("/");

	if (nftw(*state, scratch_remove, 16, FTW_DEPTH | FTW_PHYS) != 0)
		status = -1;
	free(*state);
	return status;
}

/* Writes a file and the directories that it is in. */
static inline void
put_bytes(const char *path, const void *bytes, size_t size)
{
	char *copy = mem_string(path);
	FILE *file;

	for (char *slash = strchr(copy, '/'); slash; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(copy, 0700);
		*slash = '/';
	}
	free(copy);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static inline void
put_file(const char *path, const char *content)
{
	put_bytes(path, content, strlen(content));
}

#endif
