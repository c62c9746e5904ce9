/* smtp_transfer - one message on its way through libcurl: what it takes, hears and waits for */
#ifndef EDGE_SMTP_TRANSFER_H
#define EDGE_SMTP_TRANSFER_H

#include <stdbool.h>
#include <time.h>

#include "edge/smtp.h"
#include "edge/smtp_dialogue.h"
#include "edge/smtp_handle.h"
#include "edge/smtp_message.h"

struct transfer {
	const struct smtp_settings *settings; /* borrowed */
	int socket; /* libcurl's, while connected */
	bool connected;
	struct dialogue dialogue; /* lasts as long as the connection */
	struct message message;
	enum gate (*gate)(void *ctx);
	void *ctx;
	bool asked;
	enum gate found;
	const char *why; /* it was ours to stop it, before the gate; NULL: it was not */
	enum outcome stopped; /* with why: as what */
	time_t began, moved; /* this attempt; the last sign of life */
};

/* Makes libcurl call on the transfer; false when this libcurl lacks something. */
bool transfer_attach(struct transfer *transfer, CURL *curl);
/* Before each attempt: from the first byte, on the connection that is there or a new one. */
void transfer_start(struct transfer *transfer);
/* The gate was asked and did not open. */
bool transfer_is_shut(const struct transfer *transfer);

#endif
