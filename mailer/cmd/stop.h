/* stop - what ends a sending command between two messages: a signal, the HOLD file, another run */
#ifndef CMD_STOP_H
#define CMD_STOP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct stop {
	int signals; /* a signalfd */
	int lock; /* the run lock, held for the whole run */
};

enum lock { LOCK_TAKEN, LOCK_BUSY, LOCK_FAILED };

/* From here on SIGTERM, SIGINT and SIGHUP wait to be asked for. */
enum lock stop_open(struct stop *stop, bool wait, struct error *err);
void stop_close(struct stop *stop);

/* Why nothing may be sent now, or NULL: go on. Static. */
const char *stop_reason(const struct stop *stop);

/* Waits so many nanoseconds, or until a signal comes. */
void stop_wait(const struct stop *stop, int64_t nanoseconds);

#endif
