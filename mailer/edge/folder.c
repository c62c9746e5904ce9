#include "edge/folder.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"

static int
compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

bool
folder_read(struct names *names, const char *path, struct error *err)
{
	struct dirent *entry;
	DIR *folder;
	int error;

	*names = (struct names){ 0 };
	if (!file_guarded(path, err))
		return false;
	folder = opendir(path);
	if (!folder)
		return error_set(err, "%s: %s", path, strerror(errno));
	while (errno = 0, (entry = readdir(folder))) {
		if (entry->d_name[0] == '.')
			continue;
		names->all = mem_room(names->all, names->count, sizeof *names->all);
		names->all[names->count++] = mem_string(entry->d_name);
	}
	error = errno;
	closedir(folder);
	if (error) {
		names_clear(names);
		return error_set(err, "%s: %s", path, strerror(error));
	}
	if (names->count)
		qsort(names->all, names->count, sizeof *names->all, compare);
	return true;
}

void
names_clear(struct names *names)
{
	for (size_t i = 0; i < names->count; i++)
		free(names->all[i]);
	free(names->all);
	*names = (struct names){ 0 };
}
