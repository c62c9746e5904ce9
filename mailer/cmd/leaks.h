/* leaks - leaked texts, the advisories that they are of, and who had copies of these */
#ifndef CMD_LEAKS_H
#define CMD_LEAKS_H

#include "cmd/session.h"
#include "policy/clue.h"
#include "policy/suspect.h"

struct leak {
	const char *file;
	struct leaked leaked;
	char *advisory; /* owned: what it is of; NULL: of none that has marks */
	char *rival; /* owned: another one that it may be of as well; NULL */
	unsigned *revisions; /* owned; newest first */
	size_t revision_count;
	size_t found; /* marks and the id of the advisory */
	struct findings findings;
};

struct leaks {
	struct leak *all; /* owned */
	size_t count;
	struct trail *trails; /* owned: one an advisory that leaked */
	size_t trail_count;
	struct suspect *suspects; /* owned */
	size_t suspect_count;
};

/* What was asked to be looked at; id NULL: all. revision 0: each. */
struct scope {
	const char *id;
	unsigned revision;
};

bool leaks_open(
    struct leaks *leaks, const char *const files[], size_t count, struct error *err);
/*
 * Compares each leak with the advisories whose files are there, and keeps the one that
 * it tells the most marks of. Mistakes of files that have some are added as they are.
 */
void leaks_place(struct leaks *leaks, const struct session *session,
    const struct scope *scope, struct mistakes *mistakes);
/* Reads from the ledger who had copies of what leaked, and what they carry. */
bool leaks_suspect(struct leaks *leaks, const struct session *session, struct error *err);
/* The words of a revision's copies, into a trail without any. */
bool leaks_words(struct trail *trail, struct ledger *ledger, const char *advisory,
    unsigned revision, struct error *err);
void leaks_clear(struct leaks *leaks);

#endif
