#include "edge/pgp_home.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* sun_path holds 107 bytes and the longest socket is "/S.gpg-agent.browser". */
#define LONGEST_HOME 87
#define LARGEST_CONF 65536
#define SYSTEM_CONF "/etc/gnupg/gpg.conf"

static const char banner[] = "# forewarn refuses to work with any other line in here\n";

/*
 * The two algorithms are fixed since gpg would else take what the recipient's key
 * prefers. Whom to trust is decided by the pinned fingerprints and not by the web
 * of trust, so gpg need not stop to work that out; "trust-model always" would say
 * so too, but under it gpg forgets that a key was disabled.
 */
static const char *const lines[] = {
	"cipher-algo AES256",
	"digest-algo SHA512",
	"no-auto-check-trustdb",
	"disable-dirmngr",
	"no-auto-key-locate",
	"no-auto-key-retrieve",
};
#define LINES (sizeof lines / sizeof *lines)

void
home_conf(struct text *conf)
{
	text_adds(conf, banner);
	for (size_t i = 0; i < LINES; i++)
		text_addf(conf, "%s\n", lines[i]);
}

static bool
write_conf(int dir, struct error *err)
{
	struct text conf = { 0 };
	bool ok;

	home_conf(&conf);
	ok = file_write_new(dir, "gpg.conf", conf.data, conf.size, err);
	text_clear(&conf);
	return ok;
}

static bool
short_enough(const char *path)
{
	return strlen(path) <= LONGEST_HOME;
}

bool
home_make(const char *home, struct error *err)
{
	char *path = NULL;
	int dir = -1;
	bool ok = false;

	if (mkdir(home, 0700) != 0)
		return error_set(err, "%s: cannot be made: %s", home, strerror(errno));
	path = realpath(home, NULL);
	if (path && !short_enough(path))
		error_set(err,
		    "%s: the path is longer than %d bytes, too long for "
		    "gpg-agent's sockets; choose a shorter one",
		    home, LONGEST_HOME);
	else if (!path ||
	    (dir = open(home, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)) < 0)
		error_set(err, "%s: %s", home, strerror(errno));
	else
		ok = write_conf(dir, err);
	if (dir >= 0)
		close(dir);
	if (!ok)
		rmdir(home);
	free(path);
	return ok;
}

/* Whether a line does anything; cuts the blanks around it. */
static bool
effective(char **line)
{
	char *end;

	*line += strspn(*line, " \t");
	end = *line + strlen(*line);
	while (end > *line && strchr(" \t", end[-1]))
		*--end = '\0';
	return **line && **line != '#';
}

static void
check_line(
    const char *line, struct place place, bool seen[LINES], struct mistakes *mistakes)
{
	struct text quoted = { 0 };

	for (size_t i = 0; i < LINES; i++)
		if (strcmp(line, lines[i]) == 0) {
			seen[i] = true;
			return;
		}
	text_quote(&quoted, line);
	mistakes_add(mistakes, place, "'%s': is not a line of ours; remove it",
	    text_string(&quoted));
	text_clear(&quoted);
}

/* gpg and we must see the same lines: a NUL or a CR could hide one from us. */
static bool
plain(const struct text *conf)
{
	for (size_t i = 0; i < conf->size; i++) {
		unsigned char byte = (unsigned char)conf->data[i];

		if (byte == 0x7f || (byte < ' ' && byte != '\n' && byte != '\t'))
			return false;
	}
	return true;
}

/* Which of our lines stand in it; every other effective line is a mistake. False: unreadable. */
static bool
check_lines(
    struct text *conf, const char *shown, bool seen[LINES], struct mistakes *mistakes)
{
	struct place place = { shown, 0 };
	char *rest = conf->data, *line;

	if (!plain(conf)) {
		mistakes_add(mistakes, place,
		    "holds a control character, such as a carriage return; remove it");
		return false;
	}
	while ((line = strsep(&rest, "\n"))) {
		place.line++;
		if (effective(&line))
			check_line(line, place, seen, mistakes);
	}
	return true;
}

static void
check_own_conf(int dir, const char *shown, struct mistakes *mistakes)
{
	struct text conf = { 0 };
	struct error err;
	bool seen[LINES] = { false }, readable;

	if (!file_read_below(dir, "gpg.conf", shown, LARGEST_CONF, &conf, &err)) {
		mistakes_error(mistakes, &err);
		return;
	}
	readable = check_lines(&conf, shown, seen, mistakes);
	for (size_t i = 0; readable && i < LINES; i++)
		if (!seen[i])
			mistakes_add(mistakes, (struct place){ shown, 0 },
			    "lacks a line of ours; add '%s'", lines[i]);
	text_clear(&conf);
}

/* gpg 2.2 reads the system's file besides; one of comments alone, or of our lines, is none. */
static void
check_system_conf(struct mistakes *mistakes)
{
	struct text conf = { 0 };
	struct error err;
	bool seen[LINES];

	if (access(SYSTEM_CONF, F_OK) != 0 && errno == ENOENT)
		return;
	if (!file_read(SYSTEM_CONF, LARGEST_CONF, &conf, &err))
		mistakes_error(mistakes, &err);
	else
		check_lines(&conf, SYSTEM_CONF, seen, mistakes);
	text_clear(&conf);
}

/* gpg takes the most exactly versioned of gpg.conf-2.2.40, gpg.conf-2.2, gpg.conf-2 first. */
static void
check_names(int dir, const char *home, struct mistakes *mistakes)
{
	int again = openat(dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *list = again < 0 ? NULL : fdopendir(again);
	struct place place = { home, 0 };
	const struct dirent *file;

	if (!list) {
		mistakes_add(mistakes, place, "cannot be listed: %s", strerror(errno));
		if (again >= 0)
			close(again);
		return;
	}
	while ((file = readdir(list))) {
		struct text name = { 0 };

		if (strncmp(file->d_name, "gpg.conf-", 9) != 0)
			continue;
		text_quote(&name, file->d_name);
		mistakes_add(mistakes, place,
		    "%s: gpg would read it instead of gpg.conf; remove it",
		    text_string(&name));
		text_clear(&name);
	}
	closedir(list);
}

static void
check_owner(int dir, const char *home, struct mistakes *mistakes)
{
	struct place place = { home, 0 };
	struct stat st;

	if (fstat(dir, &st) != 0)
		mistakes_add(mistakes, place, "%s", strerror(errno));
	else if (st.st_uid != geteuid())
		mistakes_add(mistakes, place,
		    "belongs to another user; chown it to the one who runs this");
	else if (st.st_mode & 077)
		mistakes_add(mistakes, place, "others may enter it; chmod 700 it");
}

static int
open_home(const char *home, struct mistakes *mistakes)
{
	int dir = open(home, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct place place = { home, 0 };
	struct stat st;

	if (dir >= 0)
		return dir;
	if (errno == ENOENT)
		mistakes_add(mistakes, place, "is missing; forewarn keys init makes it");
	else if (lstat(home, &st) == 0 && S_ISLNK(st.st_mode))
		mistakes_add(mistakes, place, "is a symbolic link; name the directory");
	else
		mistakes_add(mistakes, place, "%s", strerror(errno));
	return -1;
}

char *
home_check(const char *home, struct mistakes *mistakes)
{
	size_t before = mistakes->errors;
	int dir = open_home(home, mistakes);
	struct text conf = { 0 };
	char *path = NULL;

	if (dir < 0)
		return NULL;
	text_addf(&conf, "%s/gpg.conf", home);
	check_owner(dir, home, mistakes);
	check_own_conf(dir, text_string(&conf), mistakes);
	check_names(dir, home, mistakes);
	check_system_conf(mistakes);
	path = realpath(home, NULL);
	if (!path || !short_enough(path))
		mistakes_add(mistakes, (struct place){ home, 0 },
		    "the path is longer than %d bytes, too long for gpg-agent's sockets; "
		    "move it",
		    LONGEST_HOME);
	if (mistakes->errors != before) {
		free(path);
		path = NULL;
	}
	text_clear(&conf);
	close(dir);
	return path;
}
