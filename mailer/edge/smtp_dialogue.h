/* smtp_dialogue - how far we have come with the relay, and what it said to that */
#ifndef EDGE_SMTP_DIALOGUE_H
#define EDGE_SMTP_DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>

#include "edge/smtp.h"

enum stage {
	STAGE_CONNECT, /* until the greeting */
	STAGE_HELLO,
	STAGE_TLS,
	STAGE_LOGIN,
	STAGE_SENDER,
	STAGE_RECIPIENT,
	STAGE_DATA,
	STAGE_BODY, /* behind 354 */
	STAGE_DOT, /* the gate was open: the dot may be on its way */
};

/* { 0 } is a connection that has not begun. */
struct dialogue {
	enum stage stage;
	bool encrypted, logged_in; /* the relay agreed to STARTTLS, to AUTH */
	bool quitting; /* from here on nothing counts */
	int code; /* of the complete reply to this stage; 0: none */
	struct text reply; /* its lines as they came, joined by blanks */
};

void dialogue_clear(struct dialogue *dialogue);
void dialogue_enter(struct dialogue *dialogue, enum stage stage);
/* One line each, with its end. Of what is sent the verb alone is looked at, nothing kept. */
void dialogue_sent(struct dialogue *dialogue, const char *line, size_t size);
void dialogue_heard(struct dialogue *dialogue, const char *line, size_t size);

/* "at RCPT TO" */
const char *dialogue_place(const struct dialogue *dialogue);
/* The stage has a complete reply that ends the message: an error, or any to the dot. */
bool dialogue_decided(const struct dialogue *dialogue);
/*
 * What has become of the message when it ends here. RFC 5321 4.2.1, but: what the relay
 * has against us, and all up to MAIL FROM, would meet every contact; a relay that
 * leaves (421, or without a word) behind MAIL FROM may do so because of this message.
 */
enum outcome dialogue_outcome(const struct dialogue *dialogue);

#endif
