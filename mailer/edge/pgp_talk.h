/*
 * pgp_talk - a talk with a part of GnuPG, a line and its answer at a time (Assuan). It
 * waits as long as the other side stirs, and no longer. After any error it is over: the
 * caller ends it.
 */
#ifndef EDGE_PGP_TALK_H
#define EDGE_PGP_TALK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct talk; /* opaque; for one thread */

/* Starts a program of ours, which descriptors may be passed to. arguments end with NULL. */
struct talk *talk_start(
    const char *program, const char *arguments[], int patience, struct error *err);
/* With a server that listens there; on a descriptor that is connected, which is taken. */
struct talk *talk_connect(const char *socket, int patience, struct error *err);
struct talk *talk_on(int fd, int patience, struct error *err);
/* Kills the program, if one was started. NULL is allowed. */
void talk_end(struct talk *talk);

/* The bytes that come as an answer, up to a limit. */
struct answer {
	unsigned char bytes[4096];
	size_t size;
};

/* True when the other side said OK. An answer is expected only where there is room for it. */
bool talk_say(
    struct talk *talk, const char *command, struct answer *answer, struct error *err);
/* Passes a descriptor, which the next command is about. */
bool talk_pass(struct talk *talk, int fd, struct error *err);

#endif
