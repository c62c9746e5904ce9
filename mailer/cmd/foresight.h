/* foresight - what a run would do, without doing any of it */
#ifndef CMD_FORESIGHT_H
#define CMD_FORESIGHT_H

#include "cmd/session.h"

/* On stdout, in words or as JSON; the exit code. */
int foresight_say(const struct session *session, time_t now, bool json);

#endif
