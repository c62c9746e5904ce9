/* evidence - what proves an advisory's course to somebody who has gpg and sha256sum, and not us */
#ifndef CMD_EVIDENCE_H
#define CMD_EVIDENCE_H

#include "cmd/options.h"

/* Writes the files of one revision into the directory; returns the exit code. */
int evidence_write(const struct options *options);

#endif
