#include "policy/checkpoint.h"

#include <stdio.h>
#include <string.h>

#include "base/when.h"

void
checkpoint_write(struct text *text, const struct checkpoint *checkpoint)
{
	text_addf(text, "forewarn-checkpoint-1\nledger %s\nevent %lld\nhash ",
	    checkpoint->ledger, (long long)checkpoint->event);
	text_hex(text, checkpoint->hash, sizeof checkpoint->hash);
	text_adds(text, "\nat ");
	when_write(text, checkpoint->at);
	text_addf(text, "\nprogramme %s\n", checkpoint->programme);
}

/* What was read must be the whole of it: it is written again, and compared. */
bool
checkpoint_parse(struct checkpoint *checkpoint, const char *string)
{
	char hash[2 * DIGEST_SIZE + 1] = "", at[32] = "", programme[512] = "";
	long long event = 0;
	struct text again = { 0 };
	bool same;

	*checkpoint = (struct checkpoint){ .programme = programme };
	/* NOLINTNEXTLINE(cert-err34-c): 18 digits fit, and all is compared below */
	sscanf(string,
	    "forewarn-checkpoint-1 ledger %32[0-9a-f] event %18lld hash %64[0-9a-f]"
	    " at %31[0-9TZ:-] programme %511[^\n]",
	    checkpoint->ledger, &event, hash, at, programme);
	checkpoint->event = event;
	same = event > 0 && text_unhex(checkpoint->hash, DIGEST_SIZE, hash) &&
	    when_parse(at, &checkpoint->at);
	if (same) {
		checkpoint_write(&again, checkpoint);
		same = strcmp(text_string(&again), string) == 0;
	}
	text_clear(&again);
	checkpoint->programme = NULL;
	return same;
}
