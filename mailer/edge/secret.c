#include "edge/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"

enum { LONGEST = 1000 };

/* Appends what one read gives. True: there may be more. */
static bool
read_some(int fd, struct text *secret)
{
	char buffer[512];
	ssize_t got = read(fd, buffer, sizeof buffer);

	if (got > 0)
		text_add(secret, buffer, (size_t)got);
	explicit_bzero(buffer, sizeof buffer);
	return got > 0 && secret->size <= LONGEST + 1;
}

static bool
is_one_line(const struct text *secret)
{
	for (size_t i = 0; i < secret->size; i++)
		if ((unsigned char)secret->data[i] < 0x20 || secret->data[i] == 0x7f)
			return false;
	return true;
}

/* Of what was read, the line; or why it is none. */
static bool
take_line(struct text *secret, const char *shown, struct error *err)
{
	if (secret->size && secret->data[secret->size - 1] == '\n')
		secret->data[--secret->size] = '\0';
	if (!secret->size)
		return error_set(
		    err, "%s: gives no password; its first line must be one", shown);
	if (secret->size > LONGEST)
		return error_set(
		    err, "%s: is longer than %d bytes, so no password", shown, LONGEST);
	if (!is_one_line(secret))
		return error_set(err,
		    "%s: more than one line, or a control character; give the password "
		    "alone",
		    shown);
	return true;
}

static bool
is_private(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) != 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return error_set(err, "%s: is not an ordinary file", path);
	if (st.st_uid != geteuid())
		return error_set(err,
		    "%s: belongs to another user; chown it to the one who runs this",
		    path);
	if (st.st_mode & 07177)
		return error_set(
		    err, "%s: is not for its owner alone; chmod 600 it", path);
	return true;
}

bool
secret_from_file(const char *path, struct text *secret, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	bool ok;

	*secret = (struct text){ 0 };
	if (fd < 0 && errno == ENOENT)
		return error_set(err,
		    "%s: is not there; write the password into it, alone, and chmod 600 "
		    "it",
		    path);
	if (fd < 0)
		return error_set(err, "%s: %s", path, strerror(errno));
	ok = is_private(fd, path, err);
	while (ok && read_some(fd, secret))
		;
	ok = ok && take_line(secret, path, err);
	close(fd);
	if (!ok)
		text_clear(secret);
	return ok;
}

/* Splits in place; the array is the caller's and ends with NULL. */
static char **
split_words(char *line)
{
	char **words = NULL, *rest = line, *word;
	size_t count = 0;

	do {
		word = strtok_r(rest, " \t", &rest);
		words = mem_room(words, count, sizeof *words);
		words[count++] = word;
	} while (word);
	return words;
}

/* What password keepers need to find their store, and nothing else of ours. */
static char **
small_environment(void)
{
	static const char *const kept[] = { "HOME", "USER", "LOGNAME", "XDG_RUNTIME_DIR",
		"CREDENTIALS_DIRECTORY" };
	char **environment = NULL;
	size_t count = 0;

	environment = mem_room(environment, count, sizeof *environment);
	environment[count++] = mem_string("PATH=/usr/local/bin:/usr/bin:/bin");
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++) {
		if (!getenv(kept[i]))
			continue;
		environment = mem_room(environment, count, sizeof *environment);
		environment[count++] = mem_format("%s=%s", kept[i], getenv(kept[i]));
	}
	environment = mem_room(environment, count, sizeof *environment);
	return environment;
}

static void
free_environment(char **environment)
{
	for (char **variable = environment; *variable; variable++)
		free(*variable);
	free(environment);
}

/* Starts the program with its output on fd; returns 0 or an errno. */
static int
start(char **words, int fd, pid_t *pid)
{
	char **environment = small_environment();
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	sigset_t none, all;
	int error;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(&attributes);
	posix_spawnattr_setflags(&attributes,
	    POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
	posix_spawnattr_setsigmask(&attributes, &none);
	posix_spawnattr_setsigdefault(&attributes, &all);
	posix_spawn_file_actions_init(&files);
	posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(&files, fd, 1);
	posix_spawn_file_actions_addclosefrom_np(&files, 3);
	error = posix_spawn(pid, words[0], &files, &attributes, words, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	free_environment(environment);
	return error;
}

static int
milliseconds_left(const struct timespec *end)
{
	struct timespec now;
	long long left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left =
	    (end->tv_sec - now.tv_sec) * 1000LL + (end->tv_nsec - now.tv_nsec) / 1000000;
	return left > 0 ? (int)left : 0;
}

static bool
wait_for(int fd, const struct timespec *end)
{
	struct pollfd ready = { .fd = fd, .events = POLLIN };
	int found;

	do
		found = poll(&ready, 1, milliseconds_left(end));
	while (found < 0 && errno == EINTR);
	return found > 0;
}

/* Reads until the program has closed its output and ended; false: out of time. */
static bool
listen_to(int fd, pid_t pid, unsigned seconds, struct text *secret)
{
	struct timespec end;
	int process = pidfd_open(pid, 0);
	bool in_time = true;

	clock_gettime(CLOCK_MONOTONIC, &end);
	end.tv_sec += (time_t)seconds;
	while ((in_time = wait_for(fd, &end)) && read_some(fd, secret))
		;
	/* One who says too much is not waited for: it may be stuck in a write. */
	if (in_time && secret->size <= LONGEST + 1)
		in_time = wait_for(process, &end);
	close(process);
	return in_time;
}

static bool
run(char **words, unsigned seconds, struct text *secret, struct error *err)
{
	int ends[2], error, status = 0;
	bool in_time;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) != 0)
		return error_set(err, "%s: %s", words[0], strerror(errno));
	error = start(words, ends[1], &pid);
	close(ends[1]);
	if (error) {
		close(ends[0]);
		return error_set(err, "%s: cannot be run: %s", words[0], strerror(error));
	}
	in_time = listen_to(ends[0], pid, seconds, secret);
	close(ends[0]);
	kill(-pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (!in_time)
		return error_set(err, "%s: has not ended within %u s", words[0], seconds);
	if (secret->size > LONGEST + 1)
		return take_line(secret, words[0], err);
	if (WIFSIGNALED(status))
		return error_set(
		    err, "%s: died of signal %d", words[0], WTERMSIG(status));
	if (WEXITSTATUS(status) != 0)
		return error_set(
		    err, "%s: failed with exit code %d", words[0], WEXITSTATUS(status));
	return take_line(secret, words[0], err);
}

bool
secret_from_command(
    const char *command, unsigned seconds, struct text *secret, struct error *err)
{
	char *line = mem_string(command);
	char **words = split_words(line);
	bool ok;

	*secret = (struct text){ 0 };
	if (!words[0] || words[0][0] != '/')
		ok = error_set(err,
		    "password_command: its first word must be the full path of "
		    "a program");
	else
		ok = run(words, seconds, secret, err);
	if (!ok)
		text_clear(secret);
	free(words);
	free(line);
	return ok;
}
