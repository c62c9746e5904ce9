/* duty - what a round and its couriers share: whom they serve, and whether to go on */
#ifndef CMD_DUTY_H
#define CMD_DUTY_H

#include <pthread.h>
#include <stdbool.h>

#include "cmd/pace.h"
#include "cmd/progress.h"
#include "cmd/session.h"
#include "cmd/stop.h"
#include "cmd/tally.h"

struct duty {
	const struct session *session; /* borrowed, like stop */
	const struct stop *stop;
	bool verbose;
	struct pace pace;
	struct progress progress;
	pthread_mutex_t mutex; /* of what follows */
	struct tally tally;
	int ended; /* 0: go on; else the exit code it ended with */
	bool held; /* the advisory at hand: what is left of it waits, the others go on */
};

void duty_open(struct duty *duty, const struct session *session, const struct stop *stop,
    bool verbose);
void duty_close(struct duty *duty);

/* Any thread may end it; the first one's reason is said and its code holds. */
void duty_end(struct duty *duty, int code, const char *why);
int duty_ended(struct duty *duty);
/* A hold was found on the advisory at hand: said once, and it lasts until the next one is taken up. */
void duty_hold(struct duty *duty, const char *advisory, const char *why);
void duty_take_up(struct duty *duty);
/* Ends it too when the operator wishes: a signal, the HOLD file. False while held, too. */
bool duty_goes_on(struct duty *duty);
/* Waits until the next message may go; false: it has ended or is held, which is seen within a second. */
bool duty_turn(struct duty *duty);

/* Counts an outcome, and ends the duty when the relay has failed too many. */
void duty_count(
    struct duty *duty, enum outcome outcome, const struct reply *reply, bool asked);
/* A message was accepted: the relay does its work. */
bool duty_proved(struct duty *duty);

#endif
