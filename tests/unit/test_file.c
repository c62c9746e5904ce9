#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

/* A directory with one good file, and the ways around it. */
struct fixture {
	char path[32];
	int dir;
};

static void
put(int dir, const char *name, const char *bytes)
{
	int fd = openat(dir, name, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, strlen(bytes)), (ssize_t)strlen(bytes));
	close(fd);
}

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	strcpy(fixture->path, "/tmp/fw.XXXXXX");
	assert_non_null(mkdtemp(fixture->path));
	fixture->dir = open(fixture->path, O_RDONLY | O_DIRECTORY);
	mkdirat(fixture->dir, "in", 0700);
	put(fixture->dir, "secret", "not for partners");
	put(fixture->dir, "in/good", "content");
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;
	char *command;

	assert_true(asprintf(&command, "rm -rf %s", fixture->path) > 0);
	assert_int_equal(system(command), 0);
	free(command);
	close(fixture->dir);
	free(fixture);
	return 0;
}

static void
refused(int dir, const char *path, const char *why)
{
	struct text text = { 0 };
	struct error err = { 0 };

	assert_false(file_read_below(dir, path, "shown", 100, &text, &err));
	assert_int_equal(text.size, 0);
	assert_string_equal(err.message, why);
}

static int
below(const struct fixture *fixture)
{
	return openat(fixture->dir, "in", O_RDONLY | O_DIRECTORY);
}

static void
an_ordinary_file_is_read_whole(void **state)
{
	int dir = below(*state);
	struct text text = { 0 };
	struct error err;

	assert_true(file_read_below(dir, "good", "good", 100, &text, &err));
	assert_string_equal(text_string(&text), "content");
	text_clear(&text);
	close(dir);
}

static void
nothing_outside_of_the_directory_is_read(void **state)
{
	int dir = below(*state);

	refused(dir, "../secret", "shown: leads out of its directory");
	refused(dir, "/etc/passwd", "shown: leads out of its directory");
	refused(dir, "absent", "shown: No such file or directory");
	close(dir);
}

static void
links_fifos_and_directories_are_not_files(void **state)
{
	int dir = below(*state);

	assert_int_equal(symlinkat("good", dir, "link"), 0);
	assert_int_equal(symlinkat("..", dir, "up"), 0);
	assert_int_equal(mkfifoat(dir, "fifo", 0600), 0);
	assert_int_equal(linkat(dir, "good", dir, "twin", 0), 0);
	refused(dir, "link", "shown: is or passes a symbolic link");
	refused(dir, "up/secret", "shown: is or passes a symbolic link");
	refused(dir, "fifo", "shown: is not an ordinary file");
	refused(dir, ".", "shown: is not an ordinary file");
	refused(dir, "twin", "shown: has a second name (hard link); copy it instead");
	close(dir);
}

static void
a_file_over_the_limit_is_refused(void **state)
{
	int dir = below(*state);
	struct text text = { 0 };
	struct error err;

	assert_true(file_read_below(dir, "good", "good", 7, &text, &err));
	text_clear(&text);
	assert_false(file_read_below(dir, "good", "good", 6, &text, &err));
	assert_string_equal(err.message, "good: is larger than 6 bytes");
	close(dir);
}

static void
a_new_file_is_private_and_never_replaces_one(void **state)
{
	struct fixture *fixture = *state;
	struct error err;
	struct stat st;

	assert_true(file_write_new(fixture->dir, "new", "one", 3, &err));
	assert_int_equal(fstatat(fixture->dir, "new", &st, 0), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_false(file_write_new(fixture->dir, "new", "two", 3, &err));
	assert_int_equal(fstatat(fixture->dir, "new", &st, 0), 0);
	assert_int_equal(st.st_size, 3);
	assert_int_equal(faccessat(fixture->dir, ".new.part", F_OK, 0), -1);
}

static void
a_directory_must_be_ours_alone(void **state)
{
	struct fixture *fixture = *state;
	struct error err;

	assert_int_equal(fchdir(fixture->dir), 0);
	assert_true(file_make_dir("made", &err));
	assert_true(file_make_dir("made", &err));
	assert_int_equal(chmod("made", 0750), 0);
	assert_false(file_make_dir("made", &err));
	assert_false(file_make_dir("secret", &err));
	assert_int_equal(symlink("in", "link"), 0);
	assert_false(file_make_dir("link", &err));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    an_ordinary_file_is_read_whole, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    nothing_outside_of_the_directory_is_read, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    links_fifos_and_directories_are_not_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_file_over_the_limit_is_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_new_file_is_private_and_never_replaces_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_directory_must_be_ours_alone, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
