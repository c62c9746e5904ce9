/* options - the command line behind the command's name */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/digest.h"

struct command;

/* Strings are borrowed from the command line. */
struct options {
	const char **arguments; /* owned array: what is not an option */
	size_t argument_count;
	const char **to; /* owned array: -t CONTACT */
	size_t to_count;
	const char *output; /* -o DIR */
	const char *digest; /* -d DIGEST */
	const char *reviewer; /* -f FINGERPRINT */
	const char *reason; /* -r TEXT */
	const char *wave; /* -w WAVE */
	const char *since; /* --since FILE */
	const char *class, *value; /* --class, --value */
	unsigned char sha256[DIGEST_SIZE]; /* --sha256, when `hashed` */
	const char *advisory; /* --advisory ID[/REVISION] */
	double odds; /* --odds */
	time_t within; /* --within, in seconds; 0: not given */
	time_t before; /* --before; 0: not given */
	unsigned revision; /* -R N; 0: the newest */
	bool helped; /* --help was answered: nothing is left to do */
	bool dry_run, verbose, attachments, sealed, all, quorum, mail, json, csv,
	    evidence, hashed, clock_ok;
	time_t now; /* the clock, or --at */
	bool supposed; /* it is --at */
};

/*
 * Reads what the command accepts; false, with a message, at the first thing it does
 * not, or when it was asked for help.
 */
bool options_read(
    struct options *options, const struct command *command, int argc, char **argv);
/* What `forewarn COMMAND --help` says. */
void options_help(const struct command *command);
void options_clear(struct options *options);

#endif
