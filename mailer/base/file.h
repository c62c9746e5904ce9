/* file - whole files in, whole files out */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/*
 * Reads a regular file of at most `most` bytes below the directory `dir`
 * (AT_FDCWD: from here) into `text`. The path must not pass a symbolic link or a
 * directory that anybody may write, `dir` among them, leave `dir`, or name a file
 * with a second hard link, a FIFO or a device.
 * `shown` is the name for messages.
 */
bool file_read_below(int dir, const char *path, const char *shown, size_t most,
    struct text *text, struct error *err);

/* Reads an ordinary file that the operator named; symbolic links are followed. */
bool file_read(const char *path, size_t most, struct text *text, struct error *err);

/* Writes name in dir, 0600, durable and never over a file that stands there. */
bool file_write_new(
    int dir, const char *name, const void *bytes, size_t size, struct error *err);

/* Makes the directory (0700) or accepts it, if it is ours and nobody else's to write. */
bool file_make_dir(const char *path, struct error *err);

/* A directory, a file of ours that nobody else may open: looked at by name, not opened. */
bool file_own_dir(const char *path, struct error *err);
bool file_own(const char *path, struct error *err);
/* A file, or a directory with files to be replaced, that not just anybody may write. */
bool file_guarded(const char *path, struct error *err);
/* Nor may anybody but us and root put another in its place: each directory above, up to the root. */
bool file_guarded_above(const char *path, struct error *err);

#endif
