/* decide - retry and settle: what only a person can know about a delivery */
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "cmd/clock.h"
#include "cmd/command.h"
#include "cmd/decide.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/suggest.h"
#include "edge/ledger.h"

void
decide_by(struct text *by)
{
	const struct passwd *user = getpwuid(getuid());

	text_addf(by, "%s (uid %u)", user ? user->pw_name : "?", (unsigned)getuid());
}

void
decide_user(struct text *user)
{
	const struct passwd *entry = getpwuid(getuid());

	text_adds(user, entry ? entry->pw_name : "?");
}

struct newest {
	const char *contact;
	unsigned revision;
};

static bool
find_newest(void *ctx, const struct delivery *delivery)
{
	struct newest *newest = ctx;

	if (strcmp(delivery->contact, newest->contact) == 0 &&
	    delivery->revision > newest->revision)
		newest->revision = delivery->revision;
	return true;
}

static bool
say_unknown(struct ledger *ledger, const char *advisory, const char *contact)
{
	struct text next = { 0 };

	suggest_armed(&next, contact, advisory, ledger);
	say_wrong("%s %s: is not in the ledger%s", advisory, contact, text_string(&next));
	text_clear(&next);
	return false;
}

static bool
decide(struct ledger *ledger, enum decision decision, const char *contact,
    const struct options *options)
{
	const char *advisory = options->arguments[0];
	struct newest newest = { contact, options->revision };
	struct verdict verdict;
	struct text by = { 0 };
	struct error err;
	bool ok;

	if (!newest.revision &&
	    !ledger_each(ledger, advisory, find_newest, &newest, &err))
		return say_wrong("%s", err.message);
	if (!newest.revision)
		return say_unknown(ledger, advisory, contact);
	decide_by(&by);
	verdict = (struct verdict){
		.decision = decision,
		.advisory = advisory,
		.revision = newest.revision,
		.contact = contact,
		.by = text_string(&by),
		.reason = options->reason ? options->reason : "",
		.dry_run = options->dry_run,
	};
	clock_read(&verdict.clock);
	ok = ledger_decide(ledger, &verdict, &err);
	text_clear(&by);
	if (ok && options->dry_run)
		say("%s revision %u %s: it would be recorded", advisory, newest.revision,
		    contact);
	return ok || say_wrong("%s", err.message);
}

static int
with_ledger(enum decision decision, const char *const contacts[], size_t count,
    const struct options *options)
{
	struct ledger *ledger;
	struct error err;
	bool ok = true;

	ledger = ledger_open(&place_ledger, LEDGER_WRITE, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	for (size_t i = 0; i < count; i++)
		ok = decide(ledger, decision, contacts[i], options) && ok;
	ledger_close(ledger);
	if (ok && !options->dry_run)
		say_next(decision == DECIDE_RETRY || decision == DECIDE_RESEND
			? "forewarn run"
			: "forewarn status");
	return ok ? EXIT_DONE : EXIT_REFUSED;
}

int
cmd_retry(const struct options *options)
{
	if (options->argument_count < 2) {
		say_wrong("retry: name the advisory and its contacts");
		return EXIT_REFUSED;
	}
	return with_ledger(
	    DECIDE_RETRY, options->arguments + 1, options->argument_count - 1, options);
}

int
cmd_settle(const struct options *options)
{
	static const struct {
		const char *word;
		enum decision decision;
	} all[] = { { "accepted", DECIDE_ACCEPTED }, { "resend", DECIDE_RESEND },
		{ "give-up", DECIDE_GIVE_UP } };
	size_t last = options->argument_count - 1;

	for (size_t i = 0; i < sizeof all / sizeof *all && options->argument_count > 2;
	     i++)
		if (strcmp(options->arguments[last], all[i].word) == 0)
			return with_ledger(
			    all[i].decision, options->arguments + 1, last - 1, options);
	say_wrong("settle: name the advisory, its contacts, and accepted, resend or "
		  "give-up");
	return EXIT_REFUSED;
}
