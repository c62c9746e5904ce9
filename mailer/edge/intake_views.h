/* intake_views - what the texts and files of an advisory hold unpacked and decoded */
#ifndef EDGE_INTAKE_VIEWS_H
#define EDGE_INTAKE_VIEWS_H

#include "base/error.h"
#include "policy/advisory.h"
#include "policy/programme.h"

/*
 * Fills advisory->views, where some tier may have one class of the advisory and not
 * another: nobody else has use for them. A file that cannot be looked into is a
 * warning, if it could carry one class to those who may not have it.
 */
void views_read(struct advisory *advisory, const struct programme *programme,
    struct mistakes *mistakes);

#endif
