/* smtp - hands one sealed message to the relay; one connection a struct smtp */
#ifndef EDGE_SMTP_H
#define EDGE_SMTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "edge/keeper.h"
#include "edge/pgp_seal.h"
#include "policy/envelope.h"

struct smtp_settings {
	const char *url; /* smtps://HOST[:PORT] or smtp://HOST[:PORT] with STARTTLS */
	const char *ca_file; /* NULL: the system's */
	const char *user; /* NULL: no login */
	const char *password_file, *password_command; /* one of them with user */
	struct keeper *keeper; /* borrowed; runs the password_command */
	const char *bounce; /* MAIL FROM */
	const char *name; /* EHLO; NULL: the host's name */
	bool clear; /* tls = none: only a literal 127.0.0.1 or ::1 */
	size_t max_message; /* bytes of the whole message on the wire; 0: any */
	long timeout; /* seconds for connecting and each reply before the dot; 0: 30 */
	long timeout_dot; /* for the reply to the dot; 0: 600 (RFC 5321 4.5.3.2.6) */
	size_t connections; /* how many may be open at once */
	int64_t interval; /* nanoseconds from one message to the next; 0: none */
};

/* What the gate found. All but OPEN: no dot, so the relay throws the message away. */
enum gate { GATE_OPEN, GATE_HELD, GATE_CLOSED, GATE_LOST, GATE_ERROR };

enum outcome {
	ACCEPTED, /* the relay took responsibility: a complete 2xx behind the dot */
	DEFERRED, /* 4xx to this message */
	REFUSED, /* 5xx to this message */
	NOT_SENT, /* certainly no dot: gate shut, or connection lost behind MAIL FROM */
	UNKNOWN, /* the dot may have gone and no complete reply came */
	OUR_TROUBLE, /* relay away, TLS, login, our own sender: every contact would fare the same */
};

const char *outcome_word(enum outcome outcome);

/* text: the relay's reply with its code, or what failed; one clean line of at most 400 bytes. */
struct reply {
	int code; /* SMTP reply code; 0: none */
	char text[512];
};

struct smtp; /* opaque */

/* Reads the password; opens no connection yet. The settings are borrowed. */
struct smtp *smtp_open(const struct smtp_settings *settings, struct error *err);
/* Another connection of the same settings and password, which it borrows. */
struct smtp *smtp_another(const struct smtp *smtp);
void smtp_close(struct smtp *smtp); /* says QUIT; NULL is allowed */

/*
 * Sends the message. The envelope's recipient must be the sealed message's. The
 * gate is asked at most once, when the whole body is out and the dot is not. NOT_SENT
 * without an asked gate is the relay's doing: a run goes on, but not for long.
 */
enum outcome smtp_send(struct smtp *smtp, const struct envelope *envelope,
    const struct sealed *sealed, enum gate (*gate)(void *ctx), void *ctx,
    struct reply *reply);

#endif
