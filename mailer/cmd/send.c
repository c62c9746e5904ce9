/* send - armed lines of named contacts, by hand: back-off and late limit do not count, all else does */
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "cmd/command.h"
#include "cmd/deliveries.h"
#include "cmd/say.h"
#include "cmd/sending.h"
#include "cmd/suggest.h"

struct wanted {
	const struct options *options;
	time_t now;
	unsigned revision; /* the newest armed one */
	size_t found, open, accepted;
	const char *sought; /* one of the named, and whether it is in the ledger */
	bool there;
};

static bool
is_wanted(const struct options *options, const char *contact)
{
	for (size_t i = 0; i < options->to_count; i++)
		if (strcmp(options->to[i], contact) == 0)
			return true;
	return false;
}

static bool
takes(void *ctx, const struct line *line)
{
	const struct wanted *wanted = ctx;

	return is_wanted(wanted->options, line->to->to.id);
}

static bool
newest_armed(void *ctx, const struct delivery *delivery)
{
	struct wanted *wanted = ctx;

	if (delivery->revision > wanted->revision)
		wanted->revision = delivery->revision;
	return true;
}

/* Says of each named contact why its line cannot go now. */
static bool
look(void *ctx, const struct delivery *delivery)
{
	struct wanted *wanted = ctx;
	struct text why = { 0 };

	if (delivery->revision != wanted->revision ||
	    !is_wanted(wanted->options, delivery->contact))
		return true;
	wanted->found++;
	if (deliveries_sendable(delivery, wanted->now, &why))
		wanted->open++;
	else
		say_wrong("%s %s: %s", delivery->advisory, delivery->contact,
		    text_string(&why));
	text_clear(&why);
	return true;
}

static bool
is_sought(void *ctx, const struct delivery *delivery)
{
	struct wanted *wanted = ctx;

	wanted->there = delivery->revision == wanted->revision &&
	    strcmp(delivery->contact, wanted->sought) == 0;
	return !wanted->there;
}

static bool
say_unarmed(struct ledger *ledger, const char *advisory, const char *contact)
{
	struct text next = { 0 };

	suggest_armed(&next, contact, advisory, ledger);
	say_wrong("%s %s: has no armed line%s", advisory, contact, text_string(&next));
	text_clear(&next);
	return false;
}

static bool
all_armed(struct wanted *wanted, struct ledger *ledger, const char *advisory)
{
	const struct options *options = wanted->options;
	struct error err;
	bool ok = true;

	for (size_t i = 0; i < options->to_count; i++) {
		wanted->sought = options->to[i];
		wanted->there = false;
		if (!ledger_each(ledger, advisory, is_sought, wanted, &err))
			return say_wrong("%s", err.message);
		if (!wanted->there)
			ok = say_unarmed(ledger, advisory, options->to[i]);
	}
	return ok;
}

/* All named contacts are armed and open, or nothing is sent. */
static bool
all_open(struct wanted *wanted, struct ledger *ledger, const char *advisory)
{
	struct error err;

	if (!ledger_each(ledger, advisory, newest_armed, wanted, &err) ||
	    !ledger_each(ledger, advisory, look, wanted, &err))
		return say_wrong("%s", err.message);
	return all_armed(wanted, ledger, advisory) && wanted->open == wanted->found;
}

static int
foretell(const struct options *options)
{
	struct wanted wanted = { .options = options, .now = options->now };
	struct session session;
	int code = EXIT_REFUSED;

	if (session_open(&session, LEDGER_READ) &&
	    all_open(&wanted, session.ledger, options->arguments[0])) {
		for (size_t i = 0; i < options->to_count; i++)
			say("would send %s revision %u to %s", options->arguments[0],
			    wanted.revision, options->to[i]);
		code = EXIT_DONE;
	}
	session_close(&session);
	return code;
}

/* What became of each named contact. */
static bool
tell(void *ctx, const struct delivery *delivery)
{
	struct wanted *wanted = ctx;
	bool accepted = strcmp(delivery->state, "accepted") == 0;

	if (delivery->revision != wanted->revision ||
	    !is_wanted(wanted->options, delivery->contact))
		return true;
	wanted->accepted += accepted;
	if (accepted)
		say("%s %s: accepted: %s", delivery->advisory, delivery->contact,
		    delivery->reply);
	else
		say_wrong("%s %s: %s: %s", delivery->advisory, delivery->contact,
		    delivery->state, delivery->reason);
	return true;
}

static int
send_named(struct sending *sending, struct wanted *wanted, const char *advisory)
{
	const struct selection named = { takes, wanted };
	struct error err;

	if (!all_open(wanted, sending->session.ledger, advisory))
		return EXIT_REFUSED;
	sending_advisory(sending, advisory, wanted->revision, &named);
	progress_end(&sending->round.duty.progress);
	if (!ledger_each(sending->session.ledger, advisory, tell, wanted, &err)) {
		say_wrong("%s", err.message);
		return EXIT_AGAIN;
	}
	return wanted->accepted == wanted->found ? EXIT_DONE : EXIT_UNDONE;
}

int
cmd_send(const struct options *options)
{
	struct wanted wanted = { .options = options };
	struct sending sending;
	int code;

	if (options->argument_count != 1 || options->to_count == 0) {
		say_wrong("send: name one advisory, and each contact with --to");
		return EXIT_REFUSED;
	}
	if (options->dry_run)
		return foretell(options);
	if (!sending_open(&sending, CLAIM_HAND, options, &code))
		return code;
	wanted.now = time(NULL);
	code = send_named(&sending, &wanted, options->arguments[0]);
	return sending_close(&sending, code);
}
