/* verify - the ledger against itself: its pages, its chain of events, its rows, its mark */
#include "cmd/command.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "edge/ledger.h"

static int
verify(struct ledger *ledger)
{
	struct mistakes mistakes = { 0 };
	struct ledger_head head;
	struct text hash = { 0 };
	struct error err;
	int code = EXIT_DONE;

	if (ledger_verify(ledger, &mistakes, &head, &err)) {
		say_mistakes(&mistakes);
		text_hex(&hash, head.hash, sizeof head.hash);
		say("%s %lld %s", mistakes.errors ? "sound up to event" : "head: event",
		    (long long)head.event, text_string(&hash));
		if (mistakes.errors)
			code = EXIT_UNDONE;
	} else {
		say_mistakes(&mistakes);
		say_wrong("%s", err.message);
		code = EXIT_REFUSED;
	}
	text_clear(&hash);
	mistakes_clear(&mistakes);
	return code;
}

int
cmd_verify(const struct options *options)
{
	struct ledger *ledger;
	struct error err;
	int code;

	if (options->argument_count) {
		say_wrong("verify: takes no argument");
		return EXIT_REFUSED;
	}
	ledger = ledger_open(&place_ledger, LEDGER_LOOK, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	code = verify(ledger);
	ledger_close(ledger);
	return code;
}
