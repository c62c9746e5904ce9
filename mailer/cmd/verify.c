/* verify - the ledger against itself: its pages, its chain of events, its rows, its mark */
#include "cmd/checkpoint.h"
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

/* since: what the chain must contain; NULL: nothing in particular. */
static int
verify(struct ledger *ledger, const struct checkpoint *since, bool json)
{
	struct mistakes mistakes = { 0 };
	struct ledger_head head;
	struct error err;
	int code;
	bool read = (!since || ledger_since(ledger, since, &mistakes, &err)) &&
	    ledger_verify(ledger, &mistakes, &head, &err);

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

static int
open_and_verify(const struct checkpoint *since, bool json)
{
	struct ledger *ledger;
	struct error err;
	int code;

	ledger = ledger_open(&place_ledger, LEDGER_LOOK, &err);
	if (!ledger) {
		say_wrong("%s", err.message);
		return EXIT_REFUSED;
	}
	code = verify(ledger, since, json);
	ledger_close(ledger);
	return code;
}

/* Whose signature counts is in forewarn.ini, and the key in the home: no other file is read. */
static int
verify_since(const char *file, bool json)
{
	struct session session;
	struct checkpoint since;
	int code = EXIT_REFUSED;

	if (session_open_signer(&session, NULL) &&
	    checkpoint_read(&since, &session, file))
		code = open_and_verify(&since, json);
	session_close(&session);
	return code;
}

int
cmd_verify(const struct options *options)
{
	if (options->argument_count) {
		say_wrong("verify: takes no argument: it reads the whole ledger");
		return EXIT_REFUSED;
	}
	if (options->since)
		return verify_since(options->since, options->json);
	return open_and_verify(NULL, options->json);
}
