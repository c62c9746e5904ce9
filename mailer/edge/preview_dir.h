/* preview_dir - previews as files: 0600 in a 0700 directory, never over a file that stands */
#ifndef EDGE_PREVIEW_DIR_H
#define EDGE_PREVIEW_DIR_H

#include "base/error.h"
#include "base/text.h"

struct preview_dir; /* opaque */

struct preview_dir *preview_dir_open(const char *path, struct error *err);
bool preview_dir_write(struct preview_dir *dir, const char *name, const struct text *text,
    struct error *err);
void preview_dir_close(struct preview_dir *dir);

#endif
