/* secret - a password from where the operator keeps it: a file, or a command that says it */
#ifndef EDGE_SECRET_H
#define EDGE_SECRET_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/*
 * Both give one line without its end, of at most 1000 bytes and without control
 * characters. On false the text is empty; no message quotes what was read.
 */

/* The file must be ours, and nobody else's to read or write. */
bool secret_from_file(const char *path, struct text *secret, struct error *err);

/*
 * What a program prints. The command is split at blanks, no shell reads it; its first
 * word is a full path. It gets no input and a small environment, and is killed
 * with its children when it has not ended after so many seconds.
 */
bool secret_from_command(
    const char *command, unsigned seconds, struct text *secret, struct error *err);

#endif
