/* session - what a command works with: opened together, closed together */
#ifndef CMD_SESSION_H
#define CMD_SESSION_H

#include "base/error.h"
#include "cmd/options.h"
#include "edge/config.h"
#include "edge/intake.h"
#include "edge/ledger.h"
#include "edge/pgp_keys.h"
#include "policy/plan.h"

struct session {
	struct config config;
	struct partner_files partners;
	struct template_files templates;
	struct keyring *keyring;
	struct ledger *ledger;
	time_t seen; /* the latest instant that the ledger has seen */
	struct text message_key; /* of secret/message-id.key */
	struct text mark_key; /* of secret/mark.key; empty: there is none */
	struct mistakes mistakes;
};

/* Whether this is a programme's directory at all; everything else would be noise. */
bool session_here(struct mistakes *mistakes);
/*
 * Opens the keyring, once the config is read. From then on this process writes in
 * state/, secret/, the home and the directory `output` alone (NULL: none). Before
 * anything is read that somebody else may have written.
 */
void session_open_home(struct session *session, const char *output);
/* Reads forewarn.ini and opens the home, for the signer alone; false, and says the mistakes. */
bool session_open_signer(struct session *session, const char *output);
/*
 * Reads all programme files, the keys and the ledger of the working directory.
 * False when there was a mistake; all of them are then in session->mistakes.
 */
bool session_read(struct session *session, enum ledger_use use, const char *output);
/* The same, and says the mistakes. */
bool session_open(struct session *session, enum ledger_use use);
/* The exit code when that failed: whether anybody has to mend something. */
int session_code(const struct session *session);
void session_close(struct session *session);

/* What an advisory's copies are made from; borrowed from both. */
struct brief session_brief(
    const struct session *session, const struct advisory *advisory);

/* One advisory revision and its plan. */
struct reading {
	struct advisory *advisory;
	struct history history; /* of its earlier revisions */
	struct plan plan;
};

/* revision 0: the newest. False when there was a mistake; all are added. */
bool reading_open(struct reading *reading, const struct session *session, const char *id,
    unsigned revision, struct mistakes *mistakes);
void reading_close(struct reading *reading);

/* The stable Message-ID of a delivery (policy/envelope.h). */
void session_message_id(struct text *id, const struct session *session,
    const char *advisory, unsigned revision, const char *contact);

/* The instant for judging keys: a clock stepped back must not revive one. */
time_t session_key_time(const struct session *session, time_t now);

#endif
