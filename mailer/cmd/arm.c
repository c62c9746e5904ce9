/* arm - a person looks at a plan and says: these lines may go out */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cmd/agree.h"
#include "cmd/command.h"
#include "cmd/decide.h"
#include "cmd/json.h"
#include "cmd/plan_json.h"
#include "cmd/say.h"

/* Whoever types the count has looked at what is new. */
static bool
confirmed(const struct plan_view *view)
{
	char answer[32], wanted[32];

	if (!isatty(STDIN_FILENO))
		return say_wrong("arm: no terminal to ask at; give --digest as preview "
				 "printed it");
	printf("How many contacts are NEW or CHANGED? Type the number to arm: ");
	if (!say_flush() || !fgets(answer, sizeof answer, stdin))
		return say_wrong("arm: no number was typed; nothing was armed");
	answer[strcspn(answer, "\n")] = '\0';
	snprintf(wanted, sizeof wanted, "%zu", view->news);
	return strcmp(answer, wanted) == 0 ||
	    say_wrong("arm: that is not the number; nothing was armed; count what is "
		      "NEW or CHANGED above");
}

static bool
agreed(const struct plan_view *view, const char *wanted)
{
	struct text digest = { 0 };
	bool same;

	if (!wanted)
		return confirmed(view);
	text_hex(&digest, view->plan->digest, DIGEST_SIZE);
	same = strcmp(text_string(&digest), wanted) == 0;
	text_clear(&digest);
	return same ||
	    say_wrong("arm: --digest is not this plan's: something changed since it was "
		      "shown; look at it with preview again");
}

static void
tell_done(const struct plan *plan, const struct agreement *agreement)
{
	struct json_t *object = json_answer("arm");

	json_put_text(object, "advisory", plan->advisory->id);
	json_put_number(object, "revision", plan->advisory->revision);
	json_put_bytes(object, "digest", plan->digest, DIGEST_SIZE);
	json_put_number(object, "contacts", (long long)plan->line_count);
	json_put_number(object, "needed", agreement->needed);
	json_put_number(object, "given", agreement->given);
	json_put_yes(object, "armed", agreement->given >= agreement->needed);
	json_say(object);
}

static bool
arm_plan(const struct session *session, const struct plan *plan, bool json)
{
	struct text by = { 0 }, user = { 0 };
	struct agreement agreement;
	struct armer armer;
	bool ok;

	decide_by(&by);
	decide_user(&user);
	armer = (struct armer){ text_string(&by), text_string(&user) };
	ok = agree_and_arm(session, plan, &armer, &agreement);
	if (ok && json)
		tell_done(plan, &agreement);
	else if (ok)
		agree_say(plan, &agreement);
	text_clear(&by);
	text_clear(&user);
	return ok;
}

static int
arm(struct session *session, const struct options *options, struct reading *reading)
{
	struct plan_view view = {
		.session = session, .plan = &reading->plan, .now = options->now
	};
	struct error err;
	bool shown = true;

	if (!options->json)
		shown = plan_view_say(&view, &err);
	else if (options->dry_run)
		shown = plan_json_say(&view, "arm", &session->mistakes, &err);

	if (!shown) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	if (options->dry_run && !options->json)
		say_next("forewarn arm %s", reading->advisory->id);
	if (options->dry_run)
		return EXIT_DONE;
	return agreed(&view, options->digest) &&
		arm_plan(session, &reading->plan, options->json)
	    ? EXIT_DONE
	    : EXIT_REFUSED;
}

int
cmd_arm(const struct options *options)
{
	struct session session;
	struct reading reading = { 0 };
	int code = EXIT_REFUSED;

	if (options->argument_count != 1) {
		say_wrong("arm: name one advisory");
		return EXIT_REFUSED;
	}
	if (options->json && !options->dry_run && !options->digest) {
		say_wrong("arm: --json shows what would be armed with -n, and arms what "
			  "--digest names");
		return EXIT_REFUSED;
	}
	if (session_read(&session, options->dry_run ? LEDGER_READ : LEDGER_WRITE, NULL) &&
	    reading_open(&reading, &session, options->arguments[0], options->revision,
		&session.mistakes)) {
		say_mistakes(&session.mistakes);
		code = arm(&session, options, &reading);
	} else {
		say_mistakes(&session.mistakes);
	}
	reading_close(&reading);
	session_close(&session);
	return code;
}
