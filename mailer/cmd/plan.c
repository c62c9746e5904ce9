/* plan - the lines of a plan, or the quorum that the files ask for, as approvers sign them */
#include "cmd/agree.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/say.h"

static void
say_plan(const struct plan *plan)
{
	struct text text = { 0 };

	for (size_t i = 0; i < plan->line_count; i++) {
		line_write(&text, &plan->lines[i]);
		say("%s", text_string(&text));
		text_clear(&text);
	}
}

static void
answer_plan(const struct plan *plan)
{
	struct json_t *object = json_answer("plan"), *lines;

	json_put_text(object, "advisory", plan->advisory->id);
	json_put_number(object, "revision", plan->advisory->revision);
	json_put_bytes(object, "digest", plan->digest, DIGEST_SIZE);
	lines = json_put_list(object, "lines");
	for (size_t i = 0; i < plan->line_count; i++) {
		struct text text = { 0 };

		line_write(&text, &plan->lines[i]);
		json_put_text(json_add(lines), "text", text_string(&text));
		text_clear(&text);
	}
	json_say(object);
}

int
cmd_plan(const struct options *options)
{
	struct session session;
	struct reading reading = { 0 };
	struct text quorum = { 0 };
	int code = EXIT_REFUSED;

	if (options->argument_count + options->quorum != 1) {
		say_wrong("plan: name one advisory, or --quorum");
		return EXIT_REFUSED;
	}
	if (options->quorum && options->json) {
		say_wrong("plan: --quorum is a text to be signed, and has no --json");
		return EXIT_REFUSED;
	}
	if (!session_open(&session, LEDGER_READ)) {
		session_close(&session);
		return EXIT_REFUSED;
	}
	if (options->quorum) {
		agree_asked(&quorum, &session);
		say("%.*s", (int)quorum.size - 1,
		    text_string(&quorum)); /* say ends the last */
		code = EXIT_DONE;
	} else if (reading_open(&reading, &session, options->arguments[0],
		       options->revision, &session.mistakes)) {
		if (options->json)
			answer_plan(&reading.plan);
		else
			say_plan(&reading.plan);
		code = EXIT_DONE;
	} else {
		say_mistakes(&session.mistakes);
	}
	text_clear(&quorum);
	reading_close(&reading);
	session_close(&session);
	return code;
}
