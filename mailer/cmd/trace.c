/* trace - whose copy leaked, as far as its marks tell, and how sure that is */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/leaks.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/table.h"
#include "policy/name.h"

enum { SHOWN = 10 }; /* suspects whose odds are worked out */

struct tracing {
	struct session session;
	struct scope scope;
	char *id; /* owned */
	struct leaks leaks;
	double odds;
};

/* "ADV-1/2" names a revision of it. */
static bool
read_scope(struct tracing *tracing, const char *string)
{
	char *slash;

	if (!string)
		return true;
	tracing->id = mem_string(string);
	slash = strchr(tracing->id, '/');
	if (slash) {
		size_t size = strspn(slash + 1, "0123456789");

		tracing->scope.revision = (unsigned)strtoul(slash + 1, NULL, 10);
		if (!tracing->scope.revision || size > 6 || slash[1 + size])
			return say_wrong(
			    "--advisory: what follows '/' is not a revision");
		*slash = '\0';
	}
	tracing->scope.id = tracing->id;
	return name_is_advisory(tracing->id) ||
	    say_wrong("--advisory: is not an advisory's name");
}

static size_t
named(const struct tracing *tracing)
{
	size_t count = 0;

	for (size_t i = 0; i < tracing->leaks.suspect_count; i++)
		count += tracing->leaks.suspects[i].odds < tracing->odds;
	return count;
}

static size_t
shown(const struct tracing *tracing)
{
	size_t count = tracing->leaks.suspect_count;

	return count < SHOWN ? count : SHOWN;
}

/* "3.1e-09": a number of its own kind, so that nobody rounds it to none. */
static const char *
write_odds(char *room, size_t size, double odds)
{
	snprintf(room, size, "%.1e", odds);
	return room;
}

static void
say_leak(const struct leak *leak)
{
	size_t read = findings_read(&leak->findings);

	if (!leak->advisory)
		say("%s: holds no mark of any advisory that was looked at", leak->file);
	else if (!leak->rival)
		say("%s: %s revision %u, %zu marks read, %zu more say two things",
		    leak->file, leak->advisory, leak->revisions[0], read,
		    leak->findings.count - read);
}

static void
say_rivals(const struct leaks *leaks)
{
	for (size_t i = 0; i < leaks->count; i++)
		if (leaks->all[i].rival)
			say_wrong("%s: may be of %s or %s, and is passed over; name one "
				  "with --advisory",
			    leaks->all[i].file, leaks->all[i].advisory,
			    leaks->all[i].rival);
}

static void
say_suspects(const struct tracing *tracing)
{
	static const struct column columns[] = {
		{ "CONTACT", COLUMN_PLAIN },
		{ "PARTNER", COLUMN_NAME },
		{ "AGREES", COLUMN_PLAIN },
		{ "ODDS", COLUMN_PLAIN },
	};
	struct table table = { .columns = columns,
		.column_count = sizeof columns / sizeof *columns };

	for (size_t i = 0; i < shown(tracing); i++) {
		const struct suspect *suspect = &tracing->leaks.suspects[i];
		char *agrees = mem_format("%zu of %zu", suspect->agrees, suspect->read);
		char odds[16];

		table_row(&table,
		    (const char *const[]){ suspect->contact, suspect->partner, agrees,
			write_odds(odds, sizeof odds, suspect->odds) });
		free(agrees);
	}
	table_print(&table);
	table_clear(&table);
}

static void
say_verdict(const struct tracing *tracing)
{
	const struct leaks *leaks = &tracing->leaks;
	char odds[16];

	if (!named(tracing)) {
		say("not enough marks: nobody is named, as chance explains each of these "
		    "as well, by odds of %s or more",
		    write_odds(odds, sizeof odds, tracing->odds));
		return;
	}
	for (size_t i = 0; i < leaks->suspect_count; i++)
		if (leaks->suspects[i].odds < tracing->odds)
			say("%s: it was a copy of theirs; odds that any of %zu contacts "
			    "agrees as well by chance: %s",
			    leaks->suspects[i].contact, leaks->suspect_count,
			    write_odds(odds, sizeof odds, leaks->suspects[i].odds));
}

static void
tell_table(const struct tracing *tracing)
{
	for (size_t i = 0; i < tracing->leaks.count; i++)
		say_leak(&tracing->leaks.all[i]);
	if (tracing->leaks.suspect_count)
		say_suspects(tracing);
	say_verdict(tracing);
}

static void
put_leak(struct json_t *list, const struct leak *leak)
{
	struct json_t *one = json_add(list);
	size_t read = findings_read(&leak->findings);

	json_put_text(one, "file", leak->file);
	if (leak->advisory && !leak->rival) {
		json_put_text(one, "advisory", leak->advisory);
		json_put_number(one, "revision", leak->revisions[0]);
	}
	json_put_number(one, "read", (long long)read);
	json_put_number(one, "mixed", (long long)(leak->findings.count - read));
}

static void
tell_json(const struct tracing *tracing)
{
	const struct leaks *leaks = &tracing->leaks;
	struct json_t *answer = json_answer("trace");
	struct json_t *list = json_put_list(answer, "leaks");
	char odds[16];

	for (size_t i = 0; i < leaks->count; i++)
		put_leak(list, &leaks->all[i]);
	list = json_put_list(answer, "suspects");
	for (size_t i = 0; i < shown(tracing); i++) {
		const struct suspect *suspect = &leaks->suspects[i];
		struct json_t *one = json_add(list);

		json_put_text(one, "contact", suspect->contact);
		json_put_text(one, "partner", suspect->partner);
		json_put_number(one, "agrees", (long long)suspect->agrees);
		json_put_number(one, "read", (long long)suspect->read);
		json_put_text(one, "odds", write_odds(odds, sizeof odds, suspect->odds));
		json_put_yes(one, "named", suspect->odds < tracing->odds);
	}
	json_put_number(answer, "contacts", (long long)leaks->suspect_count);
	json_say(answer);
}

static bool
trace(struct tracing *tracing, const struct options *options)
{
	struct session *session = &tracing->session;
	struct leaks *leaks = &tracing->leaks;
	struct error err;

	if (!session->mark_key.size)
		return say_wrong(
		    "%s: is not there: without it no mark can be read", PLACE_MARK_KEY);
	if (!leaks_open(leaks, options->arguments, options->argument_count, &err))
		return say_wrong("%s", err.message);
	leaks_place(leaks, session, &tracing->scope, &session->mistakes);
	if (tracing->scope.id && session->mistakes.errors) {
		say_mistakes(&session->mistakes);
		return false;
	}
	if (!leaks_suspect(leaks, session, &err))
		return say_wrong("%s", err.message);
	suspects_judge(leaks->suspects, leaks->suspect_count, SHOWN, leaks->trails,
	    leaks->trail_count);
	say_mistakes(&session->mistakes);
	say_rivals(leaks);
	if (options->json)
		tell_json(tracing);
	else
		tell_table(tracing);
	return true;
}

int
cmd_trace(const struct options *options)
{
	struct tracing tracing = { .odds = options->odds };
	int code = EXIT_REFUSED;

	if (!options->argument_count) {
		say_wrong("trace: name the files with what leaked");
		return EXIT_REFUSED;
	}
	if (read_scope(&tracing, options->advisory) &&
	    session_open(&tracing.session, LEDGER_LOOK) && trace(&tracing, options))
		code = named(&tracing) ? EXIT_DONE : EXIT_UNDONE;
	leaks_clear(&tracing.leaks);
	session_close(&tracing.session);
	free(tracing.id);
	return code;
}
