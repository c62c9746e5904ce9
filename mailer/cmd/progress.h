/* progress - how far a sending command has come: one line on the terminal of stderr, drawn anew */
#ifndef CMD_PROGRESS_H
#define CMD_PROGRESS_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where stderr is no terminal that can redraw a line, nothing is counted or drawn. */
struct progress {
	bool shown;
	int64_t began; /* nanoseconds of CLOCK_MONOTONIC */
	pthread_mutex_t mutex; /* of what follows */
	size_t expected, accepted, trouble;
	int64_t drawn; /* when it was drawn last; 0: never */
};

void progress_open(struct progress *progress);
void progress_close(struct progress *progress);

/* So many more deliveries are to be tried. */
void progress_expect(struct progress *progress, size_t more);
/* One of them was accepted, or was not. Any thread; never waits for the terminal. */
void progress_step(struct progress *progress, bool accepted);
/* Takes the line away, and says in one that stays what it came to. */
void progress_end(struct progress *progress);

#endif
