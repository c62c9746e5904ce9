/* partners_due - what ends soon: reviews, agreements and keys of partners */
#ifndef CMD_PARTNERS_DUE_H
#define CMD_PARTNERS_DUE_H

#include "cmd/options.h"

/* `partners due`: the exit code, EXIT_UNDONE when something is over already. */
int partners_due(const struct options *options);

#endif
