/* clock - the one reading of the machine's clock that the ledger judges */
#ifndef CMD_CLOCK_H
#define CMD_CLOCK_H

#include <time.h>

#include "edge/ledger.h"

void clock_read(struct clock *clock);
/* Seconds since boot, asleep or not. */
time_t clock_since_boot(void);

#endif
