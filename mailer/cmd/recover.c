/* recover - an older copy is all there is: what may have gone out since becomes unknown */
#include "cmd/clock.h"
#include "cmd/command.h"
#include "cmd/decide.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/stop.h"

static int
recover(struct ledger *ledger, const struct options *options)
{
	struct recovery recovery = {
		.reason = options->reason,
		.clock_ok = options->clock_ok,
		.dry_run = options->dry_run,
	};
	struct text by = { 0 };
	struct error err;
	size_t count;
	bool ok;

	decide_by(&by);
	recovery.by = text_string(&by);
	clock_read(&recovery.clock);
	ok = ledger_recover(ledger, &recovery, &count, &err);
	text_clear(&by);
	if (!ok) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	say("%zu deliveries %s unknown", count,
	    options->dry_run ? "would become" : "became");
	if (count && !options->dry_run)
		say("next: forewarn status names each Message-ID; look for it in the "
		    "relay's log, then forewarn settle");
	return EXIT_DONE;
}

/* Under the run lock: a run at work knows better. */
static int
recover_alone(const struct options *options)
{
	struct ledger *ledger = NULL;
	struct stop stop;
	struct error err;
	enum lock lock = stop_open(&stop, false, &err);
	int code = EXIT_AGAIN;

	if (lock == LOCK_TAKEN) {
		ledger = ledger_open(&place_ledger, LEDGER_MEND, &err);
		code = EXIT_REFUSED;
	}
	if (ledger)
		code = recover(ledger, options);
	else if (lock == LOCK_BUSY)
		say_wrong("recover: another run is at work; try again");
	else
		say_wrong("%s", err.message);
	ledger_close(ledger);
	stop_close(&stop);
	return code;
}

int
cmd_recover(const struct options *options)
{
	if (options->argument_count || !options->reason) {
		say_wrong("recover: takes no argument, and --reason must say why");
		return EXIT_REFUSED;
	}
	return recover_alone(options);
}
