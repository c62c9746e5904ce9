/* recall - public and withdraw: a revision that is made and armed in one step */
#include "cmd/command.h"
#include "cmd/place.h"
#include "cmd/revision.h"
#include "cmd/say.h"
#include "cmd/session.h"
#include "policy/name.h"

static bool
make(const struct options *options, enum revision what)
{
	const char *id = options->arguments[0];
	struct mistakes mistakes = { 0 };
	struct config config = { 0 };
	unsigned number;
	struct error err;
	bool ok;

	ok = session_here(&mistakes) && config_read(&config, &mistakes);
	if (!ok)
		say_mistakes(&mistakes);
	else
		ok = revision_make(&config, id, what, options->reason, &number, &err) ||
		    say_wrong("%s", err.message);
	if (ok && !options->json)
		say("%s/%s/%u %s\n", PLACE_ADVISORIES, id, number,
		    what == REVISION_PUBLIC
			? "tells everyone, from now on, what the lowest tier may have"
			: "takes back what those had who had it");
	config_clear(&config);
	mistakes_clear(&mistakes);
	return ok;
}

/* What then happens is what happens to every plan: it is shown, and a person agrees to it. */
static int
make_and_arm(const struct options *options, const char *command, enum revision what)
{
	if (options->argument_count != 1 || !name_is_advisory(options->arguments[0])) {
		say_wrong("%s: name one advisory", command);
		return EXIT_REFUSED;
	}
	if (what == REVISION_WITHDRAWAL && !options->reason) {
		say_wrong(
		    "%s: say why with --reason TEXT; those who had it read it", command);
		return EXIT_REFUSED;
	}
	return make(options, what) ? cmd_arm(options) : EXIT_REFUSED;
}

int
cmd_public(const struct options *options)
{
	return make_and_arm(options, "public", REVISION_PUBLIC);
}

int
cmd_withdraw(const struct options *options)
{
	return make_and_arm(options, "withdraw", REVISION_WITHDRAWAL);
}
