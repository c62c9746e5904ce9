/* report - how a notice went out, during a wave and years after it; the ledger is all it reads */
#include "cmd/report.h"

#include "cmd/command.h"
#include "cmd/evidence.h"
#include "cmd/place.h"
#include "cmd/report_write.h"
#include "cmd/say.h"

static int
answer(struct report *report, const struct options *options)
{
	struct error err;

	if (options->output && !report_page_write(report, options->output, &err)) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	if (options->json)
		report_json_say(report);
	else if (options->output)
		say("%s/index.html: for a browser; it names who was told",
		    options->output);
	else
		report_table_say(report);
	return report->undone ? EXIT_UNDONE : EXIT_DONE;
}

int
cmd_report(const struct options *options)
{
	struct ledger *ledger;
	struct report report;
	struct error err;
	int code = EXIT_REFUSED;
	bool ok;

	if (options->argument_count != 1) {
		say_wrong("report: name one advisory; forewarn status shows all");
		return EXIT_REFUSED;
	}
	if (options->evidence)
		return evidence_write(options);
	ledger = ledger_open(&place_ledger, LEDGER_LOOK, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	ok = report_make(&report, ledger, options->arguments[0], options->revision,
	    options->now, &err);
	/* A writer may go on: what is shown is in memory by now. */
	ledger_close(ledger);
	if (ok)
		code = answer(&report, options);
	else
		say_wrong("%s", err.message);
	if (ok)
		report_clear(&report);
	return code;
}
