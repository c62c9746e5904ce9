/* tree - directories with all that is in them */
#ifndef BASE_TREE_H
#define BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/* Writes the file, 0600, durable and new; makes the directories on its way, 0700. */
bool tree_write(const char *path, const struct text *text, struct error *err);

/*
 * Copies the ordinary files below `from`, of at most `most` bytes each, into the directory
 * `to`. What begins with a dot is left out; a link or a device is an error. After an error
 * what was copied is still there.
 */
bool tree_copy(const char *from, const char *to, size_t most, struct error *err);

/* Removes what is in the directory, and it as well unless it is ".". Links are not followed. */
void tree_remove(const char *path);

/* Whether nothing at all is in the directory. */
bool tree_is_empty(const char *path, bool *empty, struct error *err);

#endif
