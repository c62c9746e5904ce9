/* hold - the stop button: hold, resume and cancel an advisory, or all, with a reason */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "cmd/clock.h"
#include "cmd/command.h"
#include "cmd/decide.h"
#include "cmd/json.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "edge/ledger.h"
#include "policy/name.h"

static bool
found(void *ctx, const struct delivery *delivery)
{
	(void)delivery;
	*(bool *)ctx = true;
	return false;
}

/* A hold on a name that is nobody's would hold nothing, and look as if it did. */
static bool
is_known(struct ledger *ledger, const char *advisory)
{
	bool known = false;
	struct stat st;
	struct error err;
	char *folder;

	if (!name_is_advisory(advisory))
		return say_wrong("%s: is not an advisory's name", advisory);
	folder = mem_format("advisories/%s", advisory);
	known = stat(folder, &st) == 0;
	free(folder);
	if (!known && !ledger_each(ledger, advisory, found, &known, &err))
		return say_wrong("%s", err.message);
	return known ||
	    say_wrong("%s: there is no such advisory; forewarn status lists those that "
		      "are armed",
		advisory);
}

struct count {
	size_t out, doubt; /* delivered, and those of which nobody can know */
};

static bool
count_gone(void *ctx, const struct delivery *delivery)
{
	struct count *count = ctx;

	count->out += strcmp(delivery->state, "accepted") == 0;
	count->doubt += strcmp(delivery->state, "committed") == 0 ||
	    strcmp(delivery->state, "unknown") == 0;
	return true;
}

/* What was done, to a program; cancelled: how many lines, where it is about that. */
static void
answer(const char *command, const char *advisory, const size_t *cancelled,
    const struct count *count, const struct options *options)
{
	struct json_t *object = json_answer(command);

	json_put_text(object, "advisory", advisory);
	json_put_yes(object, "all", options->all);
	json_put_yes(object, "dry_run", options->dry_run);
	if (cancelled)
		json_put_number(object, "cancelled", (long long)*cancelled);
	json_put_number(object, "accepted", (long long)count->out);
	json_put_number(object, "perhaps", (long long)count->doubt);
	json_say(object);
}

/* Nothing is called back: how much is out is what its author asks next. */
static bool
say_gone(struct ledger *ledger, const char *command, const char *advisory,
    const size_t *cancelled, const struct options *options)
{
	struct count count = { 0, 0 };
	struct error err;

	if (!ledger_each(ledger, advisory, count_gone, &count, &err))
		return say_wrong("%s", err.message);
	if (options->json)
		answer(command, advisory, cancelled, &count, options);
	else
		say("%zu have it already, %zu may have", count.out, count.doubt);
	return true;
}

static bool
set(struct ledger *ledger, const char *advisory, const char *word,
    const struct options *options)
{
	struct barring barring = {
		.bar = { advisory ? BAR_ADVISORY : BAR_ALL, advisory ? advisory : "",
		    word, options->reason ? options->reason : "", 0 },
		.dry_run = options->dry_run,
	};
	struct text by = { 0 };
	struct error err;
	bool ok;

	decide_by(&by);
	barring.by = text_string(&by);
	clock_read(&barring.clock);
	ok = ledger_bar(ledger, &barring, &err);
	text_clear(&by);
	return ok || say_wrong("%s", err.message);
}

static bool
hold(struct ledger *ledger, const char *advisory, const struct options *options)
{
	if (!set(ledger, advisory, "held", options))
		return false;
	if (!options->dry_run && !options->json) {
		say("held: nothing%s%s goes out from here on, also of a run in flight",
		    advisory ? " of " : "", advisory ? advisory : "");
		say("next: forewarn resume %s --reason TEXT, or forewarn cancel %s "
		    "--reason TEXT",
		    advisory ? advisory : "--all", advisory ? advisory : "ADVISORY");
	}
	return say_gone(ledger, "hold", advisory, NULL, options);
}

static bool
resume(struct ledger *ledger, const char *advisory, const struct options *options)
{
	if (!set(ledger, advisory, NULL, options))
		return false;
	if (!options->dry_run && !options->json)
		say("next: forewarn run sends what is left and still open; what closed "
		    "meanwhile is expired, and waits for forewarn retry");
	return say_gone(ledger, "resume", advisory, NULL, options);
}

static bool
cancel(struct ledger *ledger, const char *advisory, const struct options *options)
{
	struct cancelling cancelling = {
		.advisory = advisory,
		.wave = options->wave,
		.reason = options->reason,
		.dry_run = options->dry_run,
	};
	struct text by = { 0 };
	struct error err;
	size_t count;
	bool ok;

	decide_by(&by);
	cancelling.by = text_string(&by);
	clock_read(&cancelling.clock);
	ok = ledger_cancel(ledger, &cancelling, &count, &err);
	text_clear(&by);
	if (!ok)
		return say_wrong("%s", err.message);
	if (!options->json)
		say("%zu lines of %s%s%s %s cancelled", count, advisory,
		    options->wave ? ", wave " : "", options->wave ? options->wave : "",
		    options->dry_run ? "would be" : "are");
	return say_gone(ledger, "cancel", advisory, &count, options);
}

static int
with_ledger(bool (*act)(struct ledger *, const char *, const struct options *),
    const struct options *options)
{
	const char *advisory = options->all ? NULL : options->arguments[0];
	struct ledger *ledger;
	struct error err;
	bool ok;

	ledger = ledger_open(&place_ledger, LEDGER_WRITE, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	ok = (!advisory || is_known(ledger, advisory)) && act(ledger, advisory, options);
	ledger_close(ledger);
	return ok ? EXIT_DONE : EXIT_REFUSED;
}

/* One advisory, or all: never both, and all must be said. */
static bool
names_one(const struct options *options, const char *command)
{
	if (options->argument_count + options->all == 1)
		return true;
	return say_wrong("%s: name one advisory, or --all", command);
}

static bool
gives_reason(const struct options *options, const char *command)
{
	return options->reason || say_wrong("%s: say why with --reason TEXT", command);
}

/* The reason may wait: whoever presses this has no time to lose. */
int
cmd_hold(const struct options *options)
{
	return names_one(options, "hold") ? with_ledger(hold, options) : EXIT_REFUSED;
}

int
cmd_resume(const struct options *options)
{
	if (!names_one(options, "resume") || !gives_reason(options, "resume"))
		return EXIT_REFUSED;
	return with_ledger(resume, options);
}

int
cmd_cancel(const struct options *options)
{
	if (!names_one(options, "cancel") || !gives_reason(options, "cancel"))
		return EXIT_REFUSED;
	return with_ledger(cancel, options);
}
