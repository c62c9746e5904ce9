#include "edge/ledger_file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/mem.h"

bool
ledger_file_local(const char *path, struct error *err)
{
	static const unsigned long networks[] = {
		0x6969, /* NFS */
		0x517b, /* SMB */
		0xff534d42, /* CIFS */
		0xfe534d42, /* SMB 2 */
		0x01021997, /* 9p */
		0x00c36400, /* Ceph */
		0x5346414f, /* AFS */
		0x73757245, /* Coda */
		0x564c, /* NCP */
	};
	struct statfs st;

	if (statfs(path, &st) != 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	for (size_t i = 0; i < sizeof networks / sizeof *networks; i++)
		if ((unsigned long)st.f_type == networks[i])
			return error_set(err,
			    "%s: is on a network file system, whose locks do not hold;"
			    " move the programme to a local disk",
			    path);
	return true;
}

bool
ledger_file_there(const char *path, struct error *err)
{
	if (access(path, F_OK) == 0 || errno != ENOENT)
		return true;
	return error_set(err,
	    "%s: is not there; in the programme's directory (-C DIR) forewarn keys init "
	    "makes"
	    " it once, later it comes from a backup",
	    path);
}

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
