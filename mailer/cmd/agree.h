/* agree - who may agree to a plan today, and the arming of one that enough have agreed to */
#ifndef CMD_AGREE_H
#define CMD_AGREE_H

#include "cmd/session.h"
#include "policy/quorum.h"

/* The quorum in force, and those of its approvers whose keys stand. */
struct agreeing {
	struct quorum quorum;
	const char **valid; /* owned array of fingerprints */
	size_t count;
};
/* False, with a message. */
bool agreeing_open(struct agreeing *agreeing, const struct session *session);
void agreeing_close(struct agreeing *agreeing);

/* What the files ask for, as text. */
void agree_asked(struct text *text, const struct session *session);
/*
 * Whether that is the quorum in force. The first is adopted here; another waits for
 * those of the old one: false, with a message.
 */
bool agree_on_quorum(const struct session *session, const char *by);

/* Arms the plan, if enough have agreed; else it is proposed. */
struct armer {
	const char *by; /* for the record */
	const char *user; /* as the approvers name them; NULL: none of them */
};
bool agree_and_arm(const struct session *session, const struct plan *plan,
    const struct armer *armer, struct agreement *agreement);
/* What came of it, and what is next. */
void agree_say(const struct plan *plan, const struct agreement *agreement);

#endif
