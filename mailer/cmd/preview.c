/* preview - what would be sent, to the terminal and to files; opens no connection, changes no ledger */
#include <string.h>

#include "base/file.h"
#include "cmd/command.h"
#include "cmd/plan_json.h"
#include "cmd/preview_files.h"
#include "cmd/say.h"
#include "cmd/suggest.h"

/* Each --to must name a contact of the plan: a typo would show less than is sent. */
static bool
all_known(const struct plan *plan, const struct options *options)
{
	bool ok = true;

	for (size_t i = 0; i < options->to_count; i++) {
		struct text next = { 0 };

		if (plan_line(plan, options->to[i]))
			continue;
		suggest_told(&next, options->to[i], plan);
		ok =
		    say_wrong("preview: %s: no contact of that name gets this advisory%s",
			options->to[i], text_string(&next));
		text_clear(&next);
	}
	return ok;
}

/* To people, or to a program. */
static bool
show(struct plan_view *view, const struct options *options, struct error *err)
{
	if (options->json)
		return plan_json_say(view, "preview", &view->session->mistakes, err);
	return plan_view_say(view, err);
}

static int
preview(struct session *session, const struct options *options, struct reading *reading)
{
	struct plan_view view = {
		.session = session,
		.plan = &reading->plan,
		.now = options->now,
		.supposed = options->supposed,
		.only = options->to,
		.only_count = options->to_count,
	};
	struct error err;

	if (!all_known(&reading->plan, options))
		return EXIT_REFUSED;
	if (!show(&view, options, &err) ||
	    (options->output && !preview_files_write(&view, options, &err))) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	if (!options->json)
		say_next("forewarn arm %s", reading->advisory->id);
	return EXIT_DONE;
}

int
cmd_preview(const struct options *options)
{
	struct session session;
	struct reading reading = { 0 };
	int code = EXIT_REFUSED;
	struct error err;

	if (options->argument_count != 1) {
		say_wrong("preview: name one advisory");
		return EXIT_REFUSED;
	}
	if (!options->output &&
	    (options->sealed || options->reviewer || options->attachments)) {
		say_wrong(
		    "preview: --sealed, --for and --attachments are about files: name a "
		    "directory with -o");
		return EXIT_REFUSED;
	}
	if (options->json && options->output) {
		say_wrong("preview: --json answers and -o writes files: one at a time");
		return EXIT_REFUSED;
	}
	/* Made before it is known what for: later there is no leave to make it. */
	if (options->output && !file_make_dir(options->output, &err)) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	if (session_read(&session, LEDGER_READ, options->output) &&
	    reading_open(&reading, &session, options->arguments[0], options->revision,
		&session.mistakes)) {
		say_mistakes(&session.mistakes);
		code = preview(&session, options, &reading);
	} else {
		say_mistakes(&session.mistakes);
	}
	reading_close(&reading);
	session_close(&session);
	return code;
}
