/* forewarn - finds the command in a table and runs it */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/command.h"
#include "cmd/next.h"
#include "cmd/say.h"
#include "policy/name.h"

static const struct command commands[] = {
	{ "init", "DIR [ADDRESS]",
	    "make a programme to begin with, and say what comes next", "", cmd_init },
	{ "advisory", "new ID | revise ID",
	    "make an advisory to be filled in, or its next revision", "", cmd_advisory },
	{ "check", "", "read every file and key, report every mistake", "Aj", cmd_check },
	{ "preview", "ADVISORY",
	    "show who would be told what, and when; -o DIR: as files", "otfRAasj",
	    cmd_preview },
	{ "rehearse", "ADVISORY [--to operator/NAME...]",
	    "send each edition to the operators, marked as a rehearsal", "tRvnK",
	    cmd_rehearse },
	{ "arm", "ADVISORY", "look at the plan, then let its lines go out in their time",
	    "dRnj", cmd_arm },
	{ "run", "", "send what is armed and due; for cron", "vnKj", cmd_run },
	{ "send", "ADVISORY --to CONTACT...", "send armed, open lines now, by hand",
	    "tvnK", cmd_send },
	{ "status", "[ADVISORY]", "each delivery: state, last reply, next step", "Aj",
	    cmd_status },
	{ "report", "ADVISORY", "how it went out: waves, pace, failures; -o DIR: a page",
	    "oREAj", cmd_report },
	{ "retry", "ADVISORY CONTACT...",
	    "open refused, expired, held or blocked lines again", "rRn", cmd_retry },
	{ "settle", "ADVISORY CONTACT... accepted|resend|give-up",
	    "say what became of a delivery", "rRn", cmd_settle },
	{ "plan", "ADVISORY | --quorum", "the canonical lines, for approvers to sign",
	    "RQj", cmd_plan },
	{ "diff", "ADVISORY", "the plan of now against the armed one, line by line", "Rj",
	    cmd_diff },
	{ "approve", "ADVISORY FILE | --quorum FILE",
	    "take an approver's signature over what plan prints", "RQj", cmd_approve },
	{ "public", "ADVISORY", "it is out: everyone is told now, as the lowest tier is",
	    "dj", cmd_public },
	{ "withdraw", "ADVISORY --reason TEXT", "take it back from those who have had it",
	    "rdj", cmd_withdraw },
	{ "hold", "ADVISORY | --all",
	    "stop at once what has not gone out; a run in flight, too", "lrnj",
	    cmd_hold },
	{ "resume", "ADVISORY | --all", "let what is held go on", "lrnj", cmd_resume },
	{ "cancel", "ADVISORY", "take back what has not gone out; it must be armed again",
	    "wrnj", cmd_cancel },
	{ "partners", "list | due | suspend|restore|remove PARTNER --reason TEXT",
	    "who is vetted, and how they stand; stop one at once, a run in flight, too",
	    "WMrnj", cmd_partners },
	{ "exposed", "[ADVISORY]", "who had it, or may have, and since when", "CVHBxj",
	    cmd_exposed },
	{ "explain", "CONTACT ADVISORY",
	    "why this contact gets what it gets, when: each decision and its place",
	    "RAj", cmd_explain },
	{ "trace", "FILE...",
	    "whose copy leaked: each file is a leaked text, or a part of one", "DOj",
	    cmd_trace },
	{ "verify", "", "prove the ledger against its chain of events and its mark", "Sj",
	    cmd_verify },
	{ "recover", "--reason TEXT",
	    "go on from an older copy of the ledger: what may be sent becomes unknown",
	    "rnK", cmd_recover },
	{ "keys", "init | import FILE... | list | marks", "the programme's OpenPGP home",
	    "Aj", cmd_keys },
};
enum { COMMAND_COUNT = sizeof commands / sizeof *commands };

static void
usage(void)
{
	say("forewarn: early warning of vetted partners, sealed to their own OpenPGP "
	    "keys\n");
	say("usage: forewarn [-C DIR] COMMAND ...\n");
	for (size_t i = 0; i < COMMAND_COUNT; i++)
		say("  %s%s%s\n           %s", commands[i].name,
		    *commands[i].arguments ? " " : "", commands[i].arguments,
		    commands[i].summary);
	say("\nexit: 0 nothing due is left undone, 1 something is, 2 wrong use or "
	    "files,");
	say("      75 try again. More: forewarn COMMAND --help, man forewarn, man "
	    "forewarn.ini");
}

static const struct command *
find_command(const char *name)
{
	const char *names[COMMAND_COUNT], *nearest;

	for (size_t i = 0; i < COMMAND_COUNT; i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
		names[i] = commands[i].name;
	}
	nearest = name_nearest(name, names, COMMAND_COUNT);
	if (nearest)
		say_wrong("%s: is not a command; did you mean %s?", name, nearest);
	else
		say_wrong("%s: is not a command; see forewarn --help", name);
	return NULL;
}

/*
 * Only what is named here stays. Libraries obey variables that nobody can list: one of
 * GPGME's writes each text to a file. What lies behind PATH is for a password_command.
 */
static void
settle_environment(void)
{
	static const char *const kept[] = { "PATH", "TZ", "HOME", "USER", "LOGNAME",
		"XDG_RUNTIME_DIR", "CREDENTIALS_DIRECTORY", "TERM", "NO_COLOR" };
	enum { COUNT = sizeof kept / sizeof *kept };
	char *values[COUNT];

	for (size_t i = 0; i < COUNT; i++) {
		const char *value = getenv(kept[i]);

		values[i] = value ? mem_string(value) : NULL;
	}
	clearenv();
	for (size_t i = 0; i < COUNT; i++) {
		if (values[i])
			setenv(kept[i], values[i], 1);
		free(values[i]);
	}
}

/*
 * What we were started with must not decide anything: descriptors, file modes and
 * variables. A core would hold plaintext. A file that may not grow and a reader that
 * has gone are errors like others, and no reason to die.
 */
static void
settle_process(void)
{
	const struct rlimit none = { 0, 0 };
	int fd;

	do /* 0 to 2 are open, so that no file becomes one of them: in our children, too */
		fd = open("/dev/null", O_RDWR); /* NOLINT(android-cloexec-open) */
	while (fd >= 0 && fd <= STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	umask(077);
	signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is an error to be told */
	signal(SIGPIPE, SIG_IGN); /* who reads our words may leave; a mail goes on */
	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
	settle_environment();
}

/* Options before the command's name. Returns how many words they took; -1: stop. */
static int
global_options(int argc, char **argv, int *code)
{
	*code = EXIT_DONE;
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
		usage();
		return -1;
	}
	if (argc > 1 && strcmp(argv[1], "--version") == 0) {
		say("forewarn " FOREWARN_VERSION);
		return -1;
	}
	*code = EXIT_REFUSED;
	if (argc < 2 || argv[1][0] != '-')
		return 0;
	if (strcmp(argv[1], "-C") != 0 && strcmp(argv[1], "--directory") != 0)
		say_wrong(
		    "%s: before the command stand -C DIR, --help or --version", argv[1]);
	else if (argc == 2)
		say_wrong("%s: needs a directory", argv[1]);
	else if (chdir(argv[2]) == 0)
		return 2;
	else
		say_wrong("%s: cannot be entered: %s", argv[2], strerror(errno));
	return -1;
}

/* `forewarn help [COMMAND]` */
static int
help(int argc, char **argv)
{
	const struct command *command;

	if (argc > 1 && !(command = find_command(argv[1])))
		return EXIT_REFUSED;
	if (argc > 1)
		options_help(command);
	else
		usage();
	return EXIT_DONE;
}

int
main(int argc, char **argv)
{
	const struct command *command;
	struct options options;
	int skip, code;

	settle_process();
	skip = global_options(argc, argv, &code);
	if (skip >= 0 && argc <= 1 + skip) {
		code = next_say(time(NULL));
	} else if (skip >= 0 && strcmp(argv[1 + skip], "help") == 0) {
		code = help(argc - 1 - skip, argv + 1 + skip);
	} else if (skip >= 0 && (command = find_command(argv[1 + skip]))) {
		if (options_read(&options, command, argc - 1 - skip, argv + 1 + skip))
			code = command->run(&options);
		else if (options.helped)
			code = EXIT_DONE;
		options_clear(&options);
	}
	if (!say_flush() && code == EXIT_DONE)
		code = EXIT_UNDONE; /* what was to be read could not be written */
	return code;
}
