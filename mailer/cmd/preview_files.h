/* preview_files - editions and sealed mails as .eml files */
#ifndef CMD_PREVIEW_FILES_H
#define CMD_PREVIEW_FILES_H

#include "cmd/options.h"
#include "cmd/plan_view.h"

/*
 * Writes into options->output: each edition that the view shows, in clear or sealed to
 * the reviewer; with `sealed`, each contact's mail as it would get it.
 */
bool preview_files_write(
    const struct plan_view *view, const struct options *options, struct error *err);

#endif
