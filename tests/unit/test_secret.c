#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "edge/keeper.h"
#include "edge/secret.h"

struct place_for_files {
	char dir[32];
};

static int
make_dir(void **state)
{
	struct place_for_files *place = mem_new(sizeof *place);

	strcpy(place->dir, "/tmp/secret.XXXXXX");
	*state = place;
	return mkdtemp(place->dir) && chdir(place->dir) == 0 ? 0 : -1;
}

static int
remove_dir(void **state)
{
	struct place_for_files *place = *state;

	unlink("file");
	unlink("link");
	unlink("child");
	if (chdir("/") != 0 || rmdir(place->dir) != 0)
		return -1;
	free(place);
	return 0;
}

static void
write_file(const char *name, const void *bytes, size_t size, mode_t mode)
{
	int fd;

	unlink(name);
	fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), (ssize_t)size);
	close(fd);
	assert_int_equal(chmod(name, mode), 0);
}

static void
assert_refused(
    bool ok, const struct text *secret, const struct error *err, const char *because)
{
	assert_false(ok);
	assert_null(secret->data);
	if (!strstr(err->message, because))
		fail_msg("\"%s\" does not say \"%s\"", err->message, because);
	if (strstr(err->message, "hunter2"))
		fail_msg("quotes the password: %s", err->message);
}

static void
the_line_of_a_private_file_is_the_password(void **state)
{
	static const char *const good[] = { "hunter2 \"x\" ", "hunter2 \"x\" \n" };
	struct text secret;
	struct error err;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		write_file("file", good[i], strlen(good[i]), i ? 0400 : 0600);
		assert_true(secret_from_file("file", &secret, &err));
		assert_string_equal(text_string(&secret), "hunter2 \"x\" ");
		text_clear(&secret);
	}
}

static void
a_file_that_others_may_read_is_refused(void **state)
{
	static const mode_t bad[] = { 0640, 0604, 0660, 0700, 0620, 04600 };
	struct text secret;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_file("file", "hunter2", 7, bad[i]);
		assert_refused(secret_from_file("file", &secret, &err), &secret, &err,
		    "file: is not for its owner alone; chmod 600 it");
	}
	assert_refused(secret_from_file("absent", &secret, &err), &secret, &err,
	    "absent: is not there; write the password into it");
	assert_refused(
	    secret_from_file(".", &secret, &err), &secret, &err, "not an ordinary file");
}

static void
a_file_of_another_user_is_refused(void **state)
{
	struct text secret;
	struct error err;

	(void)state;
	write_file("file", "hunter2", 7, 0600);
	if (geteuid() != 0) {
		print_message("# only root can make such a file\n");
		return; /* prove takes the skip() of cmocka for a failure */
	}
	assert_int_equal(chown("file", 65534, 65534), 0);
	assert_refused(secret_from_file("file", &secret, &err), &secret, &err,
	    "file: belongs to another user");
}

static void
what_is_not_one_clean_line_is_no_password(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} bad[] = { { "hunter2\r\n", 9 }, { "hunter2\n\n", 9 }, { "hunter2\nx", 9 },
		{ "hun\0ter", 7 }, { "hunter2\t", 8 }, { "hunter2\x7f", 8 } };
	struct text secret;
	struct error err;
	char *long_line = mem_new(2000);

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		write_file("file", bad[i].bytes, bad[i].size, 0600);
		assert_refused(secret_from_file("file", &secret, &err), &secret, &err,
		    "give the password alone");
	}
	write_file("file", "\n", 1, 0600);
	assert_refused(
	    secret_from_file("file", &secret, &err), &secret, &err, "gives no password");
	memset(long_line, 'x', 2000);
	write_file("file", long_line, 2000, 0600);
	assert_refused(
	    secret_from_file("file", &secret, &err), &secret, &err, "longer than 1000");
	write_file("file", long_line, 1000, 0600);
	assert_true(secret_from_file("file", &secret, &err));
	assert_int_equal(secret.size, 1000);
	text_clear(&secret);
	free(long_line);
}

static void
assert_says(const char *command, const char *expected)
{
	struct text secret;
	struct error err;

	if (!secret_from_command(command, 10, &secret, &err))
		fail_msg("%s: %s", command, err.message);
	assert_string_equal(text_string(&secret), expected);
	text_clear(&secret);
}

static void
a_command_says_the_password_and_no_shell_reads_it(void **state)
{
	(void)state;
	assert_says("/bin/echo hunter2", "hunter2");
	assert_says("  /bin/echo\t $HOME `id` ;  false", "$HOME `id` ; false");
	assert_says("/usr/bin/printf hunter2", "hunter2");
}

static void
a_command_gets_a_small_environment_and_no_input(void **state)
{
	static const char script[] = "#!/bin/sh\n"
				     "read -r line && exit 3\n"
				     "[ -z \"$GNUPGHOME$LD_PRELOAD\" ] || exit 4\n"
				     "[ -e /proc/self/fd/99 ] && exit 5\n"
				     "echo \"$HOME\"\n";
	char *command = mem_format("%s/file", ((struct place_for_files *)*state)->dir);
	int kept = fcntl(0, F_DUPFD, 99);

	write_file("file", script, sizeof script - 1, 0700);
	setenv("GNUPGHOME", "/nowhere", 1);
	assert_says(command, getenv("HOME"));
	unsetenv("GNUPGHOME");
	close(kept);
	free(command);
}

static void
a_command_that_fails_gives_none(void **state)
{
	static const struct {
		const char *command, *because;
	} bad[] = {
		{ "", "full path of a program" },
		{ "  ", "full path of a program" },
		{ "echo hunter2", "full path of a program" },
		{ "/no/such/program", "cannot be run: No such file" },
		{ "/bin/false", "failed with exit code 1" },
		{ "/bin/true", "gives no password" },
		{ "/usr/bin/printf hunter2\\nx", "give the password alone" },
		{ "/usr/bin/printf hunter2\\r\\n", "give the password alone" },
		{ "/usr/bin/yes hunter2", "longer than 1000" },
	};
	struct text secret;
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_refused(secret_from_command(bad[i].command, 10, &secret, &err),
		    &secret, &err, bad[i].because);
}

/* A child of the command holds its output open, as a daemon that it started would. */
static void
a_command_that_does_not_end_is_killed_with_its_children(void **state)
{
	static const char script[] = "#!/bin/sh\nsleep 1000 &\necho $! >child\nwait\n";
	struct text secret;
	struct error err;
	char *command = mem_format("%s/file", ((struct place_for_files *)*state)->dir);
	FILE *file;
	int child = 0, status;

	/* Orphans come to us, so that we can wait for this one. */
	assert_int_equal(prctl(PR_SET_CHILD_SUBREAPER, 1), 0);
	write_file("file", script, sizeof script - 1, 0700);
	assert_refused(secret_from_command(command, 1, &secret, &err), &secret, &err,
	    "has not ended within 1 s");
	file = fopen("child", "r");
	assert_non_null(file);
	assert_int_equal(fscanf(file, "%d", &child), 1);
	fclose(file);
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
	free(command);
}

static void
a_keeper_says_what_the_command_says(void **state)
{
	static const char script[] = "#!/bin/sh\n[ -e child ] || exec echo hunter2\n"
				     "kill -9 $PPID\n";
	char *command = mem_format("%s/file", ((struct place_for_files *)*state)->dir);
	struct error err;
	struct keeper *keeper = keeper_start(command, &err);
	struct text secret;

	assert_non_null(keeper);
	unlink("file");
	unlink("child");
	assert_refused(keeper_ask(keeper, &secret, &err), &secret, &err, "cannot be run");
	write_file("file", script, sizeof script - 1, 0700);
	assert_true(keeper_ask(keeper, &secret, &err));
	assert_string_equal(text_string(&secret), "hunter2");
	text_clear(&secret);
	write_file("child", "", 0, 0600);
	assert_refused(keeper_ask(keeper, &secret, &err), &secret, &err, "has gone");
	assert_refused(keeper_ask(keeper, &secret, &err), &secret, &err, "has gone");
	keeper_stop(keeper);
	keeper_stop(NULL);
	free(command);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_line_of_a_private_file_is_the_password),
		cmocka_unit_test(a_file_that_others_may_read_is_refused),
		cmocka_unit_test(a_file_of_another_user_is_refused),
		cmocka_unit_test(what_is_not_one_clean_line_is_no_password),
		cmocka_unit_test(a_command_says_the_password_and_no_shell_reads_it),
		cmocka_unit_test(a_command_gets_a_small_environment_and_no_input),
		cmocka_unit_test(a_command_that_fails_gives_none),
		cmocka_unit_test(a_command_that_does_not_end_is_killed_with_its_children),
		cmocka_unit_test(a_keeper_says_what_the_command_says),
	};

	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
