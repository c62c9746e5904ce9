/* Directories with all that is in them; in a directory of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/tree.h"

static char top[32];

static int
set_up(void **state)
{
	(void)state;
	strcpy(top, "/tmp/fw.XXXXXX");
	return mkdtemp(top) && chdir(top) == 0 ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	tree_remove(top);
	return access(top, F_OK) == 0 || chdir("/") != 0;
}

static void
put(const char *path, const char *string)
{
	struct text text = { 0 };
	struct error err;

	text_adds(&text, string);
	assert_true(tree_write(path, &text, &err));
	text_clear(&text);
}

static void
a_file_is_written_with_its_way_and_once(void **state)
{
	struct text text = { 0 };
	struct error err;
	struct stat st;

	(void)state;
	put("a/b/file", "word");
	assert_int_equal(stat("a/b/file", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	assert_int_equal(st.st_size, 4);
	assert_int_equal(stat("a/b", &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_false(tree_write("a/b/file", &text, &err));
	assert_string_equal(err.message, "a/b/file: cannot be written: File exists");
	assert_false(tree_write("a/b/file/more", &text, &err));
	put("empty", "");
	assert_int_equal(stat("empty", &st), 0);
	assert_int_equal(st.st_size, 0);
}

static void
a_copy_has_the_files_but_no_hidden_ones(void **state)
{
	struct text text = { 0 };
	struct error err;

	(void)state;
	put("a/one", "1");
	put("a/b/two", "2");
	put("a/.three", "3");
	put("a/.git/four", "4");
	assert_int_equal(mkdir("copy", 0700), 0);
	assert_true(tree_copy("a", "copy", 1, &err));
	assert_true(file_read("copy/b/two", 10, &text, &err));
	assert_string_equal(text_string(&text), "2");
	assert_int_equal(access("copy/one", F_OK), 0);
	assert_int_not_equal(access("copy/.three", F_OK), 0);
	assert_int_not_equal(access("copy/.git", F_OK), 0);
	text_clear(&text);
}

static void
what_is_no_file_or_too_large_is_not_copied(void **state)
{
	struct error err;

	(void)state;
	put("a/one", "12");
	assert_int_equal(mkdir("copy", 0700), 0);
	assert_false(tree_copy("a", "copy", 1, &err));
	assert_string_equal(err.message, "a/one: is larger than 1 bytes");
	assert_int_equal(unlink("a/one"), 0);
	assert_int_equal(symlink("/etc", "a/link"), 0);
	assert_false(tree_copy("a", "copy", 1, &err));
	assert_string_equal(
	    err.message, "a/link: is neither a file nor a directory; move it");
	assert_false(tree_copy("none", "copy", 1, &err));
	assert_string_equal(err.message, "none: No such file or directory");
}

static void
removing_follows_no_link(void **state)
{
	struct error err;
	bool empty;

	(void)state;
	put("kept/file", "");
	put("gone/a/file", "");
	assert_int_equal(symlink("../kept", "gone/link"), 0);
	tree_remove("gone");
	assert_int_not_equal(access("gone", F_OK), 0);
	assert_int_equal(access("kept/file", F_OK), 0);
	assert_true(tree_is_empty("kept", &empty, &err));
	assert_false(empty);
	assert_int_equal(chdir("kept"), 0);
	tree_remove(".");
	assert_true(tree_is_empty(".", &empty, &err));
	assert_true(empty);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
		    a_file_is_written_with_its_way_and_once, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    a_copy_has_the_files_but_no_hidden_ones, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    what_is_no_file_or_too_large_is_not_copied, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
		    removing_follows_no_link, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
