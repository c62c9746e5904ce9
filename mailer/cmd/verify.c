/* verify - the ledger against itself: its pages, its chain of events, its rows, its mark */
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "edge/ledger.h"

static void
say_head(const struct ledger_head *head, bool sound)
{
	struct text hash = { 0 };

	text_hex(&hash, head->hash, sizeof head->hash);
	say("%s %lld %s", sound ? "head: event" : "sound up to event",
	    (long long)head->event, text_string(&hash));
	text_clear(&hash);
}

static void
answer(const struct ledger_head *head, const struct mistakes *mistakes)
{
	struct json_t *answer = json_answer("verify");

	json_put_yes(answer, "sound", mistakes->errors == 0);
	json_put_number(answer, "event", head->event);
	json_put_bytes(answer, "hash", head->hash, sizeof head->hash);
	json_put_mistakes(answer, "mistakes", mistakes);
	json_say(answer);
}

static int
verify(struct ledger *ledger, bool json)
{
	struct mistakes mistakes = { 0 };
	struct ledger_head head;
	struct error err;
	int code;
	bool read = ledger_verify(ledger, &mistakes, &head, &err);

	say_mistakes(&mistakes);
	if (!read)
		say_wrong("%s", err.message);
	else if (json)
		answer(&head, &mistakes);
	else
		say_head(&head, mistakes.errors == 0);
	code = !read ? EXIT_REFUSED : mistakes.errors ? EXIT_UNDONE : EXIT_DONE;
	mistakes_clear(&mistakes);
	return code;
}

int
cmd_verify(const struct options *options)
{
	struct ledger *ledger;
	struct error err;
	int code;

	if (options->argument_count) {
		say_wrong("verify: takes no argument: it reads the whole ledger");
		return EXIT_REFUSED;
	}
	ledger = ledger_open(&place_ledger, LEDGER_LOOK, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	code = verify(ledger, options->json);
	ledger_close(ledger);
	return code;
}
