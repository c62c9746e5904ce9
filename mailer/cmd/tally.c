#include "cmd/tally.h"

#include <stddef.h>

enum {
	MOST_REFUSED = 3, /* with nothing accepted */
	MOST_LOST = 2, /* in a row */
};

void
tally_add(
    struct tally *tally, enum outcome outcome, const struct reply *reply, bool asked)
{
	bool lost = outcome == NOT_SENT && !asked;
	/* Without a code it is our own limit, not the relay. */
	bool refused = outcome == REFUSED && reply->code;

	tally->lost_in_row = lost ? tally->lost_in_row + 1 : 0;
	tally->unknown_in_row = outcome == UNKNOWN ? tally->unknown_in_row + 1 : 0;
	tally->accepted += outcome == ACCEPTED;
	tally->refused += refused;
}

/* A relay that fails one contact after another is in trouble itself. */
const char *
tally_suspicion(const struct tally *tally)
{
	if (tally->lost_in_row >= MOST_LOST)
		return "the relay hung up on two messages in a row: the run ends here; "
		       "see its log, then forewarn run";
	if (tally->unknown_in_row >= MOST_LOST)
		return "the relay took two messages and answered neither: the run ends "
		       "here; see its log, then forewarn run";
	if (tally->refused >= MOST_REFUSED && !tally->accepted)
		return "the relay refused three contacts and accepted none: the run ends "
		       "here; see its log, then forewarn run";
	return NULL;
}
