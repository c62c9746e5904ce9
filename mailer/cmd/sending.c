#include "cmd/sending.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/checkpoint.h"
#include "cmd/clock.h"
#include "cmd/command.h"
#include "cmd/decide.h"
#include "cmd/deliveries.h"
#include "cmd/say.h"

static bool
take_lock(struct sending *sending, bool wait, int *code)
{
	struct error err;

	*code = EXIT_AGAIN;
	switch (stop_open(&sending->stop, wait, &err)) {
	case LOCK_TAKEN:
		return true;
	case LOCK_BUSY: /* silently: the other run does the work */
		return false;
	case LOCK_FAILED:
		break;
	}
	return say_wrong("%s", err.message);
}

static bool
begin(struct ledger *ledger, const struct options *options, struct error *err)
{
	struct start start = {
		.since_boot = clock_since_boot,
		.version = FOREWARN_VERSION,
	};
	struct text by = { 0 };
	bool ok;

	clock_read(&start.clock);
	decide_by(&by);
	if (options->clock_ok)
		start.clock_by = text_string(&by);
	ok = ledger_begin(ledger, &start, err);
	text_clear(&by);
	return ok;
}

bool
sending_open(
    struct sending *sending, enum claim_by by, const struct options *options, int *code)
{
	struct error err;

	*sending = (struct sending){ .stop = { -1, -1 } };
	if (!session_open(&sending->session, LEDGER_WRITE)) {
		*code = session_code(&sending->session);
		session_close(&sending->session);
		return false;
	}
	if (!take_lock(sending, by == CLAIM_HAND, code)) {
		session_close(&sending->session);
		return false;
	}
	if (!begin(sending->session.ledger, options, &err)) {
		say_wrong("%s", err.message);
		stop_close(&sending->stop);
		session_close(&sending->session);
		*code = EXIT_AGAIN;
		return false;
	}
	round_open(
	    &sending->round, &sending->session, &sending->stop, by, options->verbose);
	return true;
}

int
sending_close(struct sending *sending, int code)
{
	int ended = duty_ended(&sending->round.duty);

	struct error err;

	if (ended)
		code = ended;
	round_close(&sending->round);
	if (!ledger_end(sending->session.ledger, time(NULL), code, &err)) {
		say_wrong("%s", err.message);
		code = EXIT_AGAIN;
	} else if (ledger_changed(sending->session.ledger)) {
		checkpoint_keep(&sending->session);
	}
	stop_close(&sending->stop);
	session_close(&sending->session);
	return code;
}

static const char *
first_error(const struct mistakes *mistakes)
{
	size_t i = 0;

	while (mistakes->all[i].warning)
		i++;
	return mistakes->all[i].message;
}

/* A fault in one advisory is that advisory's: its lines wait, the others go. */
static void
set_aside(struct sending *sending, const char *advisory, unsigned revision,
    const struct mistakes *mistakes)
{
	struct error err;

	if (ledger_block_advisory(sending->session.ledger, advisory, revision,
		first_error(mistakes), time(NULL), &err))
		return;
	duty_end(&sending->round.duty, EXIT_AGAIN, err.message);
}

static int
by_edition(const void *a, const void *b)
{
	const struct line *one = *(const struct line *const *)a;
	const struct line *two = *(const struct line *const *)b;
	int order = memcmp(one->edition->digest, two->edition->digest, DIGEST_SIZE);

	if (!order)
		order = line_sealed_alone(one) - line_sealed_alone(two);
	return order ? order : strcmp(one->to->to.id, two->to->to.id);
}

/* Contacts of one edition follow each other: its mail is made once, and sealed to many. */
static void
send_selected(
    struct sending *sending, const struct plan *plan, const struct selection *selection)
{
	const struct line **lines = mem_array(plan->line_count, sizeof *lines);
	time_t now = time(NULL);
	size_t count = 0;

	/* What compare has blocked for it, a claim would take: blocked lines are tried anew. */
	for (size_t i = 0; i < plan->line_count; i++)
		if (!partner_lapsed(plan->lines[i].to->partner, now, NULL) &&
		    (!selection->takes ||
			selection->takes(selection->ctx, &plan->lines[i])))
			lines[count++] = &plan->lines[i];
	qsort(lines, count, sizeof *lines, by_edition);
	round_send(&sending->round, lines, count);
	free(lines);
}

/* For the progress alone: what the ledger will let us claim. */
struct forecast {
	const struct plan *plan;
	const struct selection *selection;
	enum claim_by by;
	time_t now;
	size_t count;
};

static bool
count_one(void *ctx, const struct delivery *delivery)
{
	struct forecast *forecast = ctx;
	const struct selection *selection = forecast->selection;

	forecast->count += deliveries_open(delivery, forecast->by, forecast->now) &&
	    !deliveries_barred(delivery) && deliveries_same(delivery, forecast->plan) &&
	    (!selection->takes ||
		selection->takes(
		    selection->ctx, plan_line(forecast->plan, delivery->contact)));
	return true;
}

static void
expect(
    struct sending *sending, const struct plan *plan, const struct selection *selection)
{
	struct progress *progress = &sending->round.duty.progress;
	struct forecast forecast = { plan, selection, sending->round.by, time(NULL), 0 };
	struct error err;

	/* An error shows again where it matters. */
	if (progress->shown &&
	    ledger_each(
		sending->session.ledger, plan->advisory->id, count_one, &forecast, &err))
		progress_expect(progress, forecast.count);
}

void
sending_advisory(struct sending *sending, const char *advisory, unsigned revision,
    const struct selection *selection)
{
	struct session *session = &sending->session;
	/* By hand no wave is too late. */
	time_t late_limit =
	    sending->round.by == CLAIM_HAND ? -1 : session->config.programme.late_limit;
	struct mistakes mistakes = { 0 };
	struct reading reading;
	struct error err;

	if (!reading_open(&reading, session, advisory, revision, &mistakes)) {
		set_aside(sending, advisory, revision, &mistakes);
	} else if (!ledger_compare(
		       session->ledger, &reading.plan, time(NULL), late_limit, &err)) {
		duty_end(&sending->round.duty, EXIT_AGAIN, err.message);
	} else {
		expect(sending, &reading.plan, selection);
		send_selected(sending, &reading.plan, selection);
	}
	reading_close(&reading);
	mistakes_clear(&mistakes);
}
