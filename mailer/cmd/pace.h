/* pace - how fast messages may follow each other, over all connections together */
#ifndef CMD_PACE_H
#define CMD_PACE_H

#include <pthread.h>
#include <stdint.h>

#include "cmd/stop.h"

struct pace {
	pthread_mutex_t mutex;
	int64_t interval; /* nanoseconds from one to the next; 0: none */
	int64_t next; /* CLOCK_MONOTONIC */
};

void pace_open(struct pace *pace, int64_t interval);
void pace_close(struct pace *pace);
/* Waits for the next turn, or until there is a reason to stop. */
void pace_wait(struct pace *pace, const struct stop *stop);

#endif
