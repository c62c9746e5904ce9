#include "cmd/next.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/deliveries.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/screen.h"
#include "cmd/session.h"

enum {
	MOST = 5, /* lines */
	LATE = 600, /* seconds after which somebody should have sent what is due */
};

struct next {
	struct session session;
	time_t now;
	unsigned lines;
	int code;
};

static void __attribute__((format(printf, 3, 4)))
add(struct next *next, int code, const char *format, ...)
{
	char line[512];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(line, sizeof line, format, arguments);
	va_end(arguments);
	if (code > next->code)
		next->code = code;
	if (next->lines < MOST)
		screen_say(0, line, screen_width(STDOUT_FILENO));
	next->lines++;
}

/* What waits for a person, what nobody sends, and what opens next. */
struct ahead {
	time_t now;
	size_t blocked, held, refused, expired, unknown, due;
	time_t oldest; /* of what is due */
	struct text wave, advisory; /* of what opens first */
	time_t opens; /* 0: nothing does */
};

/* Whether the state is one that waits for a person. */
static bool
count_trouble(struct ahead *ahead, const char *state)
{
	const struct {
		const char *state;
		size_t *count;
	} all[] = {
		{ "blocked", &ahead->blocked },
		{ "held", &ahead->held },
		{ "refused", &ahead->refused },
		{ "expired", &ahead->expired },
		{ "unknown", &ahead->unknown },
	};

	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		if (strcmp(state, all[i].state) == 0) {
			++*all[i].count;
			return true;
		}
	return false;
}

static void
note_opening(struct ahead *ahead, const struct delivery *delivery)
{
	if (ahead->opens && delivery->due >= ahead->opens)
		return;
	ahead->opens = delivery->due;
	text_clear(&ahead->wave);
	text_clear(&ahead->advisory);
	text_adds(&ahead->wave, delivery->wave);
	text_adds(&ahead->advisory, delivery->advisory);
}

static bool
consider(void *ctx, const struct delivery *delivery)
{
	struct ahead *ahead = ctx;

	if (deliveries_barred(delivery)) {
		ahead->held++;
	} else if (count_trouble(ahead, delivery->state)) {
		return true;
	} else if (delivery->due > ahead->now) {
		note_opening(ahead, delivery);
	} else if (deliveries_open(delivery, CLAIM_RUN, ahead->now)) {
		if (!ahead->due++ || delivery->due < ahead->oldest)
			ahead->oldest = delivery->due;
	}
	return true;
}

static void
add_count(struct text *words, size_t count, const char *state)
{
	if (count)
		text_addf(words, "%s%zu %s", words->size ? ", " : "", count, state);
}

static void
say_troubles(struct next *next, const struct ahead *ahead)
{
	struct text words = { 0 };

	add_count(&words, ahead->unknown, "unknown");
	add_count(&words, ahead->refused, "refused");
	add_count(&words, ahead->blocked, "blocked");
	add_count(&words, ahead->held, "held");
	add_count(&words, ahead->expired, "expired");
	if (words.size)
		add(next, EXIT_UNDONE, "deliveries wait for you: %s: forewarn status",
		    text_string(&words));
	text_clear(&words);
}

static void
say_due(struct next *next, const struct ahead *ahead)
{
	struct text span = { 0 };

	if (!ahead->due)
		return;
	when_span(&span, next->now - ahead->oldest);
	if (next->now - ahead->oldest < LATE)
		add(next, EXIT_UNDONE, "%zu deliveries are due: forewarn run sends them",
		    ahead->due);
	else
		add(next, EXIT_UNDONE,
		    "%zu deliveries are due, the first for %s; does cron run?: forewarn "
		    "run",
		    ahead->due, text_string(&span));
	text_clear(&span);
}

/* Keys of that wave that will not do when it opens. */
struct expiry {
	const struct next *next;
	const struct ahead *ahead;
	size_t count;
};

static bool
count_expiring(void *ctx, const struct delivery *delivery)
{
	struct expiry *expiry = ctx;
	struct error why;
	struct key key;

	if (strcmp(delivery->advisory, text_string(&expiry->ahead->advisory)) == 0 &&
	    strcmp(delivery->wave, text_string(&expiry->ahead->wave)) == 0)
		expiry->count += !keyring_usable(expiry->next->session.keyring,
		    delivery->fingerprint, delivery->due, &key, &why);
	return true;
}

static void
say_opening(struct next *next, const struct ahead *ahead)
{
	struct expiry expiry = { next, ahead, 0 };
	struct text span = { 0 };
	struct error err;

	if (!ahead->opens)
		return;
	when_span(&span, ahead->opens - next->now);
	if (next->session.keyring)
		ledger_each_unsettled(
		    next->session.ledger, count_expiring, &expiry, &err);
	if (expiry.count)
		add(next, EXIT_DONE,
		    "wave %s of %s opens in %s; %zu of its keys cannot be used then: "
		    "forewarn keys list",
		    text_string(&ahead->wave), text_string(&ahead->advisory),
		    text_string(&span), expiry.count);
	else
		add(next, EXIT_DONE, "wave %s of %s opens in %s: forewarn status %s",
		    text_string(&ahead->wave), text_string(&ahead->advisory),
		    text_string(&span), text_string(&ahead->advisory));
	text_clear(&span);
}

static void
say_ledger(struct next *next)
{
	struct ahead ahead = { .now = next->now };
	struct error err;

	if (ledger_each_unsettled(next->session.ledger, consider, &ahead, &err)) {
		say_troubles(next, &ahead);
		say_due(next, &ahead);
		say_opening(next, &ahead);
	} else {
		add(next, EXIT_REFUSED, "%s", err.message);
	}
	text_clear(&ahead.wave);
	text_clear(&ahead.advisory);
}

/* Whether a revision is there that is newer than what was armed. */
static void
say_advisory(struct next *next, const char *id)
{
	struct error err;
	unsigned newest = intake_newest_revision(id, &err), armed = 0;

	if (!newest || !ledger_newest(next->session.ledger, id, &armed, &err) ||
	    newest <= armed)
		return;
	add(next, EXIT_DONE,
	    "%s revision %u is not armed: forewarn preview %s, then forewarn arm %s", id,
	    newest, id, id);
}

static void
say_advisories(struct next *next)
{
	struct mistakes mistakes = { 0 };
	char **ids = NULL;
	size_t count = 0;

	if (!intake_advisory_ids(&ids, &count, &mistakes) || count == 0)
		add(next, EXIT_DONE, "there is no advisory: forewarn advisory new ID");
	for (size_t i = 0; i < count; i++) {
		say_advisory(next, ids[i]);
		free(ids[i]);
	}
	free(ids);
	mistakes_clear(&mistakes);
}

static void
say_programme(struct next *next)
{
	const struct mistakes *mistakes = &next->session.mistakes;

	if (access(PLACE_HOLD, F_OK) == 0)
		add(next, EXIT_UNDONE,
		    "nothing is sent: " PLACE_HOLD " is there; rm " PLACE_HOLD
		    " lets it go on");
	if (access(PLACE_LEDGER, F_OK) != 0)
		add(next, EXIT_REFUSED,
		    "the programme has no keys and no ledger: forewarn keys init");
	else if (mistakes->errors)
		add(next, EXIT_REFUSED,
		    "the programme has mistakes, and sends nothing: forewarn check");
	if (next->session.ledger) {
		say_ledger(next);
		say_advisories(next);
	}
	if (next->lines == 0)
		say("all is well: nothing waits for you");
}

int
next_say(time_t now)
{
	struct next next = { .now = now };

	session_read(&next.session, LEDGER_LOOK, NULL);
	if (access(PLACE_CONFIG, F_OK) == 0)
		say_programme(&next);
	else
		add(&next, EXIT_REFUSED,
		    "no programme is in this directory: forewarn init DIR makes one, "
		    "forewarn -C DIR goes to one");
	if (next.lines > MOST)
		say("and %u more", next.lines - MOST);
	say("forewarn --help lists the commands");
	session_close(&next.session);
	return next.code;
}
