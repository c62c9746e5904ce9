/* pace - how fast messages may follow each other, over all connections together */
#ifndef CMD_PACE_H
#define CMD_PACE_H

#include <pthread.h>
#include <stdint.h>

/* Instants are nanoseconds of CLOCK_MONOTONIC. */
struct pace {
	pthread_mutex_t mutex;
	int64_t interval; /* from one message to the next; 0: none */
	int64_t next; /* the first turn that nobody has */
};

void pace_open(struct pace *pace, int64_t interval);
void pace_close(struct pace *pace);
int64_t pace_now(void);
/* When the one who asks may go; from now on that turn is his. */
int64_t pace_turn(struct pace *pace, int64_t now);

#endif
