/* pgp_home - the directory that gpg works in: ours alone, with a gpg.conf of our lines alone */
#ifndef EDGE_PGP_HOME_H
#define EDGE_PGP_HOME_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"

/* Makes the directory (0700) with its gpg.conf; refuses one that stands. */
bool home_make(const char *home, struct error *err);

/* The lines of that gpg.conf. */
void home_conf(struct text *conf);

/*
 * The absolute path of the home (the caller frees it), or NULL with mistakes. A
 * line of somebody's in a gpg.conf, wherever gpg looks for one, can send what we
 * encrypt to another key, so every such line is a mistake.
 */
char *home_check(const char *home, struct mistakes *mistakes);

#endif
