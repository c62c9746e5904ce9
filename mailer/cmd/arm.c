/* arm - a person looks at a plan and says: these lines may go out */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/pool.h"
#include "cmd/clock.h"
#include "cmd/command.h"
#include "cmd/decide.h"
#include "cmd/plan_json.h"
#include "cmd/say.h"
#include "policy/envelope.h"

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
		return say_wrong("arm: nothing was armed");
	answer[strcspn(answer, "\n")] = '\0';
	snprintf(wanted, sizeof wanted, "%zu", view->news);
	return strcmp(answer, wanted) == 0 ||
	    say_wrong("arm: that is not the number; nothing was armed");
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

/* The Message-ID of each line, stable over all its attempts. */
static const char **
make_ids(struct pool *pool, const struct session *session, const struct plan *plan)
{
	const char **ids = mem_array(plan->line_count, sizeof *ids);

	for (size_t i = 0; i < plan->line_count; i++) {
		struct text id = { 0 };

		envelope_message_id(&id, session->message_key.data,
		    session->message_key.size, plan->advisory->id,
		    plan->advisory->revision, plan->lines[i].to->to.id,
		    session->config.programme.from);
		ids[i] = pool_keep(pool, id.data, id.size);
		text_clear(&id);
	}
	return ids;
}

static bool
store(const struct session *session, const struct plan *plan)
{
	struct pool pool = { 0 };
	struct text by = { 0 };
	const char **ids = make_ids(&pool, session, plan);
	struct arming arming = { .plan = plan, .message_ids = ids };
	struct error err;
	bool ok;

	decide_by(&by);
	arming.by = text_string(&by);
	clock_read(&arming.clock);
	ok = ledger_arm(session->ledger, &arming, &err);
	text_clear(&by);
	pool_clear(&pool);
	free(ids);
	return ok || say_wrong("%s", err.message);
}

static int
arm(struct session *session, const struct options *options, struct reading *reading)
{
	struct plan_view view = {
		.session = session, .plan = &reading->plan, .now = options->now
	};
	struct error err;
	bool shown = options->json ? plan_json_say(&view, "arm", &session->mistakes, &err)
				   : plan_view_say(&view, &err);

	if (!shown) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	if (options->dry_run)
		return EXIT_DONE;
	if (!agreed(&view, options->digest) || !store(session, &reading->plan))
		return EXIT_REFUSED;
	say("armed: %s revision %u, %zu contacts; forewarn run sends each when its wave "
	    "opens",
	    reading->advisory->id, reading->advisory->revision, reading->plan.line_count);
	return EXIT_DONE;
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
	if (options->json && !options->dry_run) {
		say_wrong("arm: --json shows what would be armed: give -n, too");
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
