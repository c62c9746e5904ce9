/* ledger_file - the file a ledger is kept in: whose it is, and how it comes to be */
#ifndef EDGE_LEDGER_FILE_H
#define EDGE_LEDGER_FILE_H

#include <stdbool.h>

#include "base/error.h"

/* Where locks hold: elsewhere two runs might send at once. */
bool ledger_file_local(const char *path, struct error *err);
/* False: nothing of that name is there. */
bool ledger_file_there(const char *path, struct error *err);
/* A new empty file, 0600. */
bool ledger_file_start(const char *path, struct error *err);
/* Gives a finished file its name, durably; what stands there stays. */
bool ledger_file_place(const char *part, const char *path, struct error *err);

#endif
