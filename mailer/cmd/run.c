/*
 * run - what is armed and due goes out; for cron. The way of the data:
 *
 *   forewarn.ini, partners, templates      session_open
 *   the run lock, a clock that goes on     sending_open, ledger_begin
 *   what was armed and is open             ledger_open_advisories
 *   advisory -> editions -> plan           sending_advisory: reading_open, plan_make
 *   the plan against what was armed        ledger_compare
 *   claim, key, mail, seal                 round_send
 *   gate, relay, record                    courier_serve, on each connection
 *   what is left undone                    deliveries_tell_troubles
 *   a summary for the operators            wave_report_send
 */
#include "cmd/command.h"
#include "cmd/deliveries.h"
#include "cmd/foresight.h"
#include "cmd/say.h"
#include "cmd/sending.h"
#include "cmd/wave_report.h"

/* Returns the exit code of what was sent to partners, whatever comes of reports on it. */
static int
send_open(struct sending *sending, bool verbose)
{
	const struct selection all = { NULL, NULL };
	struct armed *armed = NULL;
	time_t began = time(NULL);
	size_t count = 0;
	struct error err;
	int code;

	if (!ledger_open_advisories(
		sending->session.ledger, began, &armed, &count, &err)) {
		duty_end(&sending->round.duty, EXIT_AGAIN, err.message);
	}
	for (size_t i = 0; i < count && !duty_ended(&sending->round.duty); i++)
		sending_advisory(sending, armed[i].advisory, armed[i].revision, &all);
	progress_end(&sending->round.duty.progress);
	code = deliveries_tell_troubles(sending->session.ledger, verbose);
	wave_report_send(sending, armed, count, began);
	armed_free(armed, count);
	return code;
}

/* What a run would do now. Nothing is locked, recorded or sent. */
static int
foretell(const struct options *options)
{
	struct session session;
	int code = EXIT_REFUSED;

	if (session_open(&session, LEDGER_READ))
		code = foresight_say(&session, options->now, options->json);
	session_close(&session);
	return code;
}

int
cmd_run(const struct options *options)
{
	struct sending sending;
	int code;

	if (options->argument_count) {
		say_wrong("run: takes no advisory: it sends all that is armed and due");
		return EXIT_REFUSED;
	}
	if (options->dry_run)
		return foretell(options);
	if (options->json) {
		say_wrong("run: --json tells what would be sent: give -n, too");
		return EXIT_REFUSED;
	}
	if (!sending_open(&sending, CLAIM_RUN, options, &code))
		return code;
	code = send_open(&sending, options->verbose);
	code = sending_close(&sending, code);
	say_next("forewarn status");
	return code;
}
