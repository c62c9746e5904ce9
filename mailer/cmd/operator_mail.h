/*
 * operator_mail - mail to the programme's own people. It goes the way of a notice: MIME,
 * seal, gate, relay. But it is no delivery: what is recorded of it are events, on which
 * nothing depends that a run does for partners.
 */
#ifndef CMD_OPERATOR_MAIL_H
#define CMD_OPERATOR_MAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "cmd/duty.h"
#include "edge/pgp_seal.h"
#include "edge/smtp.h"
#include "policy/edition.h"

struct operator_mail {
	struct duty *duty; /* borrowed: ended by what ends a run */
	struct sealer *sealer; /* borrowed */
	struct smtp *smtp; /* owned */
	struct tally tally;
};

/* Reads the relay's password. The settings are borrowed. */
bool operator_mail_open(struct operator_mail *mail, struct duty *duty,
    struct sealer *sealer, const struct smtp_settings *settings, struct error *err);
void operator_mail_close(struct operator_mail *mail);

/* What is sent, and how the ledger tells of it. */
struct bulletin {
	const struct edition *edition; /* subject, text, files */
	const char *advisory; /* that it is about: a hold on it keeps it here */
	const char *what; /* in messages: "report" */
	const char *before, *after; /* kinds of events: at the gate; with the outcome */
	const char *about; /* for the record: "advisory=ADV-1 revision=1 ..." */
};

/*
 * One message to each, sealed in one operation. Nobody but an operator can be named here.
 * Returns how many the relay accepted; says who has not got it, and why.
 */
size_t operator_mail_send(struct operator_mail *mail, const struct bulletin *bulletin,
    const struct operator* const to[], size_t count);

#endif
