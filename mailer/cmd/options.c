#include "cmd/options.h"

#include <assert.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/say.h"
#include "policy/name.h"

static const struct option known[] = {
	{ "help", no_argument, NULL, 'h' },
	{ "to", required_argument, NULL, 't' },
	{ "output", required_argument, NULL, 'o' },
	{ "digest", required_argument, NULL, 'd' },
	{ "for", required_argument, NULL, 'f' },
	{ "reason", required_argument, NULL, 'r' },
	{ "revision", required_argument, NULL, 'R' },
	{ "wave", required_argument, NULL, 'w' },
	{ "at", required_argument, NULL, 'A' },
	{ "dry-run", no_argument, NULL, 'n' },
	{ "verbose", no_argument, NULL, 'v' },
	{ "attachments", no_argument, NULL, 'a' },
	{ "sealed", no_argument, NULL, 's' },
	{ "json", no_argument, NULL, 'j' },
	{ "all", no_argument, NULL, 'l' },
	{ "class", required_argument, NULL, 'C' },
	{ "value", required_argument, NULL, 'V' },
	{ "sha256", required_argument, NULL, 'H' },
	{ "before", required_argument, NULL, 'B' },
	{ "within", required_argument, NULL, 'W' },
	{ "mail", no_argument, NULL, 'M' },
	{ "since", required_argument, NULL, 'S' },
	{ "evidence", no_argument, NULL, 'E' },
	{ "csv", no_argument, NULL, 'x' },
	{ "quorum", no_argument, NULL, 'Q' },
	{ "advisory", required_argument, NULL, 'D' },
	{ "odds", required_argument, NULL, 'O' },
	{ "clock-ok", no_argument, NULL, 'K' }, /* too grave for a short form */
	{ NULL, 0, NULL, 0 },
};
static const char short_forms[] = ":ht:o:d:f:r:R:w:A:nvaslj";

/* In the order of the table. */
static const char *const meanings[] = {
	"this help",
	"CONTACT: this one only; may be given more than once",
	"DIR: write files there",
	"DIGEST: of the plan, as preview printed it",
	"FINGERPRINT: encrypt what is written to this key",
	"TEXT: why, for the record",
	"N: this revision; the newest unless given",
	"WAVE: this one only",
	"TIME: as if it were 2026-12-08T18:00:00Z",
	"say what would be done; change nothing",
	"one line an event",
	"attached files, too",
	"each contact's mail as it would be sent",
	"the answer as one JSON object, see man forewarn-json",
	"every advisory",
	"CLASS: only if something of it was given",
	"NAME: only if this was given: text.analysis",
	"DIGEST: only if a text or file of this SHA-256 was given",
	"TIME: only what had left by then",
	"SPAN: what ends within it: 30d",
	"to the operators, sealed, if there is anything",
	"FILE: a checkpoint, signed in FILE.asc, that the ledger must contain",
	"what proves it with gpg and sha256sum alone, into -o DIR",
	"comma-separated values",
	"who must agree, instead of a plan",
	"ADVISORY: what the leak is of, or ADVISORY/REVISION; else it is found out",
	"NUMBER: name nobody whom chance explains as well; 1e-6 unless given",
	"the clock is right, whatever it looks like; for the record",
};
static_assert(sizeof meanings / sizeof *meanings == sizeof known / sizeof *known - 1,
    "each option has a meaning");

void
options_help(const struct command *command)
{
	say("usage: forewarn [-C DIR] %s [OPTION...]%s%s", command->name,
	    *command->arguments ? " " : "", command->arguments);
	say("  %s\n", command->summary);
	for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++) {
		char form[] = { '-', (char)known[i].val, ',', '\0' };

		if (known[i].val != 'h' && !strchr(command->accepts, known[i].val))
			continue;
		say("  %3s --%-12s %s", strchr(short_forms, known[i].val) ? form : "",
		    known[i].name, meanings[i]);
	}
}

/* The long option of the command that may have been meant: "--foo=1"; or NULL. */
static const char *
nearest(const struct command *command, const char *word)
{
	const char *names[sizeof known / sizeof *known], *found;
	size_t count = 0;
	char *name;

	if (strncmp(word, "--", 2) != 0)
		return NULL;
	for (size_t i = 0; known[i].name; i++)
		if (known[i].val == 'h' || strchr(command->accepts, known[i].val))
			names[count++] = known[i].name;
	name = mem_format("%.*s", (int)strcspn(word + 2, "="), word + 2);
	found = name_nearest(name, names, count);
	free(name);
	return found;
}

/* What getopt stopped at, as it was written; `index` is of a long option, or -1. */
static bool
refuse(const struct command *command, int letter, int index, const char *word)
{
	char form[] = { '-', (char)letter, '\0' };
	char *name = index >= 0 ? mem_format("--%s", known[index].name)
	    : letter            ? mem_string(form)
				: mem_string(word);
	const char *meant = nearest(command, name);

	if (meant)
		say_wrong("%s: %s is not an option of it; did you mean --%s?",
		    command->name, name, meant);
	else
		say_wrong("%s: %s is not an option of it; see forewarn %s --help",
		    command->name, name, command->name);
	free(name);
	return false;
}

static void
keep(const char ***array, size_t *count, const char *string)
{
	*array = mem_room(*array, *count, sizeof **array);
	(*array)[(*count)++] = string;
}

static bool
read_revision(const char *string, unsigned *revision)
{
	char *end;
	unsigned long value = strtoul(string, &end, 10);

	if (string[0] < '1' || string[0] > '9' || *end || value > 1000000)
		return say_wrong(
		    "--revision %s: is not a revision; give its number", string);
	*revision = (unsigned)value;
	return true;
}

static bool
read_reason(const char *string, const char **reason)
{
	if (!utf8_line(string, strlen(string)) || strlen(string) > 400)
		return say_wrong("--reason: is not one clean line of at most 400 bytes");
	*reason = string;
	return true;
}

static bool
read_sha256(struct options *options, const char *string)
{
	options->hashed = text_unhex(options->sha256, DIGEST_SIZE, string);
	return options->hashed || say_wrong("--sha256: is not 64 hexadecimal digits");
}

/* What an option without a value sets; NULL: it has one. */
static bool *
flag_of(struct options *options, int letter)
{
	switch (letter) {
	case 'n':
		return &options->dry_run;
	case 'v':
		return &options->verbose;
	case 'a':
		return &options->attachments;
	case 's':
		return &options->sealed;
	case 'j':
		return &options->json;
	case 'Q':
		return &options->quorum;
	case 'M':
		return &options->mail;
	case 'E':
		return &options->evidence;
	case 'x':
		return &options->csv;
	case 'l':
		return &options->all;
	case 'K':
		return &options->clock_ok;
	default:
		return NULL;
	}
}

static bool
read_odds(const char *string, double *odds)
{
	char *end;

	*odds = strtod(string, &end);
	return (end != string && !*end && *odds > 0 && *odds <= 0.05) ||
	    say_wrong("--odds: is not a number above 0, and at most 0.05");
}

static bool
read_option(struct options *options, int letter, const char *value)
{
	bool *flag = flag_of(options, letter);

	if (flag)
		return *flag = true;
	switch (letter) {
	case 't':
		keep(&options->to, &options->to_count, value);
		return true;
	case 'o':
		options->output = value;
		return true;
	case 'd':
		options->digest = value;
		return true;
	case 'f':
		options->reviewer = value;
		return name_is_fingerprint(value) ||
		    say_wrong("--for: is not a full 40-digit fingerprint; forewarn keys "
			      "list has those of the home");
	case 'r':
		return read_reason(value, &options->reason);
	case 'R':
		return read_revision(value, &options->revision);
	case 'w':
		options->wave = value;
		return name_is_id(value) || say_wrong("--wave: is not a wave's name");
	case 'A':
		options->supposed = true;
		return when_parse(value, &options->now) ||
		    say_wrong("--at: is not a time like 2026-12-08T18:00:00Z");
	case 'C':
		options->class = value;
		return name_is_id(value) || say_wrong("--class: is not a class's name");
	case 'S':
		options->since = value;
		return true;
	case 'V':
		options->value = value;
		return true;
	case 'H':
		return read_sha256(options, value);
	case 'W':
		return when_parse_span(value, &options->within) ||
		    say_wrong("--within: is not a span like 30d or 48h");
	case 'B':
		return when_parse(value, &options->before) ||
		    say_wrong("--before: is not a time like 2026-12-08T18:00:00Z");
	case 'D':
		options->advisory = value;
		return true;
	case 'O':
		return read_odds(value, &options->odds);
	default:
		return false;
	}
}

bool
options_read(
    struct options *options, const struct command *command, int argc, char **argv)
{
	int letter, index = -1;

	*options = (struct options){ .now = time(NULL), .odds = 1e-6 };
	opterr = 0;
	optind = 1;
	while ((letter = getopt_long(argc, argv, short_forms, known, &index)) != -1) {
		if (letter == 'h') {
			options_help(command);
			options->helped = true;
			return false;
		}
		if (letter == ':')
			return say_wrong(
			    "%s: %s needs a value", command->name, argv[optind - 1]);
		if (letter == '?')
			return refuse(command, optopt, -1, argv[optind - 1]);
		if (!strchr(command->accepts, letter))
			return refuse(command, letter, index, argv[optind - 1]);
		if (!read_option(options, letter, optarg))
			return false;
		index = -1;
	}
	for (; optind < argc; optind++)
		keep(&options->arguments, &options->argument_count, argv[optind]);
	return true;
}

void
options_clear(struct options *options)
{
	free(options->arguments);
	free(options->to);
	*options = (struct options){ 0 };
}
