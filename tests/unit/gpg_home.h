/* gpg_home - throw-away GnuPG homes with keys made afresh; include behind cmocka.h */
#ifndef TESTS_GPG_HOME_H
#define TESTS_GPG_HOME_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Runs a shell command silently; returns whether it ended with 0. */
static inline bool __attribute__((format(printf, 1, 2))) shell(const char *format, ...)
{
	char command[2048], quiet[2200];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	snprintf(quiet, sizeof quiet, "{ %s; } >/dev/null 2>&1", command);
	return system(quiet) == 0;
}

/* What a command says on stdout, cut at the size of the buffer. */
static inline void __attribute__((format(printf, 3, 4)))
says(char *buffer, size_t size, const char *format, ...)
{
	char command[2048];
	va_list arguments;
	FILE *pipe;

	va_start(arguments, format);
	vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	buffer[fread(buffer, 1, size - 1, pipe)] = '\0';
	pclose(pipe);
}

struct gpg_home {
	char path[32];
};

static inline struct gpg_home
gpg_home_new(void)
{
	struct gpg_home home = { "/tmp/fwXXXXXX" };

	assert_non_null(mkdtemp(home.path));
	return home;
}

/* Ends the agent of the home, and the home. */
static inline void
gpg_home_end(const struct gpg_home *home)
{
	shell("gpgconf --homedir %s --kill all", home->path);
	shell("rm -rf %s", home->path);
}

/* gpg in the home, with more options and a command. */
static inline bool
gpg(const struct gpg_home *home, const char *rest)
{
	return shell("gpg --homedir %s --batch --no-tty --passphrase '' --quiet --yes %s",
	    home->path, rest);
}

struct made_key {
	char fingerprint[41];
};

static inline struct made_key
gpg_fingerprint(const struct gpg_home *home, const char *user)
{
	struct made_key key = { "" };

	says(key.fingerprint, sizeof key.fingerprint,
	    "gpg --homedir %s --batch --with-colons -k '=%s' 2>/dev/null |"
	    " awk -F: '/^fpr/ { print $10; exit }'",
	    home->path, user);
	if (strlen(key.fingerprint) != 40)
		fail_msg("no key was made for %s", user);
	return key;
}

/* `kind` is algorithm, usage and end as gpg --quick-generate-key takes them. */
static inline struct made_key
gpg_make(
    const struct gpg_home *home, const char *options, const char *user, const char *kind)
{
	char rest[512];

	snprintf(
	    rest, sizeof rest, "%s --quick-generate-key '%s' %s", options, user, kind);
	if (!gpg(home, rest))
		fail_msg("gpg made no key for %s", user);
	return gpg_fingerprint(home, user);
}

static inline void
gpg_add_subkey(const struct gpg_home *home, const char *options,
    const struct made_key *key, const char *kind)
{
	char rest[512];

	snprintf(rest, sizeof rest, "%s --quick-add-key %s %s", options, key->fingerprint,
	    kind);
	if (!gpg(home, rest))
		fail_msg("gpg added no subkey: %s", kind);
}

#endif
