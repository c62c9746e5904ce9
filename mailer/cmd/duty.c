#include "cmd/duty.h"

#include "cmd/command.h"
#include "cmd/say.h"

/* How long nobody looks for the HOLD file, or at the other couriers: nanoseconds. */
enum { GLANCE = 1000000000 };

void
duty_open(struct duty *duty, const struct session *session, const struct stop *stop,
    bool verbose)
{
	*duty = (struct duty){ .session = session, .stop = stop, .verbose = verbose };
	pthread_mutex_init(&duty->mutex, NULL);
	pace_open(&duty->pace, session->config.smtp.interval);
	progress_open(&duty->progress);
}

void
duty_close(struct duty *duty)
{
	progress_close(&duty->progress);
	pace_close(&duty->pace);
	pthread_mutex_destroy(&duty->mutex);
}

void
duty_end(struct duty *duty, int code, const char *why)
{
	bool first;

	pthread_mutex_lock(&duty->mutex);
	first = !duty->ended;
	if (first)
		duty->ended = code;
	pthread_mutex_unlock(&duty->mutex);
	if (first)
		say_wrong("%s", why);
}

int
duty_ended(struct duty *duty)
{
	int ended;

	pthread_mutex_lock(&duty->mutex);
	ended = duty->ended;
	pthread_mutex_unlock(&duty->mutex);
	return ended;
}

void
duty_hold(struct duty *duty, const char *advisory, const char *why)
{
	bool first;

	pthread_mutex_lock(&duty->mutex);
	first = !duty->held && !duty->ended;
	duty->held = true;
	pthread_mutex_unlock(&duty->mutex);
	if (first)
		say_wrong("%s: %s", advisory, why);
}

void
duty_take_up(struct duty *duty)
{
	pthread_mutex_lock(&duty->mutex);
	duty->held = false;
	pthread_mutex_unlock(&duty->mutex);
}

bool
duty_goes_on(struct duty *duty)
{
	const char *stopped = stop_reason(duty->stop);
	bool on;

	if (stopped)
		duty_end(duty, EXIT_UNDONE, stopped);
	pthread_mutex_lock(&duty->mutex);
	on = !duty->ended && !duty->held;
	pthread_mutex_unlock(&duty->mutex);
	return on;
}

bool
duty_turn(struct duty *duty)
{
	int64_t now = pace_now(), turn = pace_turn(&duty->pace, now);

	for (; turn > now && duty_goes_on(duty); now = pace_now())
		stop_wait(duty->stop, turn - now < GLANCE ? turn - now : GLANCE);
	return duty_goes_on(duty);
}

/* What the relay refused counts as deferred when it accepted nothing at all. */
static void
soften(struct duty *duty)
{
	struct error err;

	if (!ledger_soften(duty->session->ledger, time(NULL), &err))
		say_wrong("%s", err.message);
}

void
duty_count(struct duty *duty, enum outcome outcome, const struct reply *reply, bool asked)
{
	const char *suspicion;
	bool all_refused;

	progress_step(&duty->progress, outcome == ACCEPTED);
	pthread_mutex_lock(&duty->mutex);
	tally_add(&duty->tally, outcome, reply, asked);
	suspicion = tally_suspicion(&duty->tally);
	all_refused = duty->tally.refused && !duty->tally.accepted;
	pthread_mutex_unlock(&duty->mutex);
	if (outcome == OUR_TROUBLE)
		suspicion =
		    "the relay is in trouble: the run ends here; mend [smtp] or the "
		    "relay, then forewarn run";
	if (suspicion)
		duty_end(duty, EXIT_AGAIN, suspicion);
	if (duty_ended(duty) == EXIT_AGAIN && all_refused)
		soften(duty);
}

bool
duty_proved(struct duty *duty)
{
	bool proved;

	pthread_mutex_lock(&duty->mutex);
	proved = duty->tally.accepted > 0;
	pthread_mutex_unlock(&duty->mutex);
	return proved;
}
