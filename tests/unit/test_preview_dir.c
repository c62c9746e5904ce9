#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "edge/preview_dir.h"

static char base[64], path[128];

static int
make_base(void **state)
{
	(void)state;
	strcpy(base, "/tmp/fw-preview-XXXXXX");
	assert_non_null(mkdtemp(base));
	snprintf(path, sizeof path, "%s/out", base);
	return 0;
}

static int
remove_base(void **state)
{
	char command[128];

	(void)state;
	snprintf(command, sizeof command, "rm -rf %s", base);
	return system(command);
}

static bool
put(struct preview_dir *dir, const char *name, const char *string, struct error *err)
{
	struct text text = { 0 };
	bool ok;

	text_adds(&text, string);
	ok = preview_dir_write(dir, name, &text, err);
	text_clear(&text);
	return ok;
}

static void
assert_file(const char *name, const char *content)
{
	char full[256];
	struct text text = { 0 };
	struct error err;
	struct stat st;

	snprintf(full, sizeof full, "%s/%s", path, name);
	assert_int_equal(lstat(full, &st), 0);
	assert_int_equal(st.st_mode, S_IFREG | 0600);
	assert_true(file_read(full, 1000, &text, &err));
	assert_string_equal(text_string(&text), content);
	text_clear(&text);
}

static void
files_are_ours_alone_in_a_directory_that_is_ours_alone(void **state)
{
	struct error err = { 0 };
	struct preview_dir *dir;
	mode_t before = umask(0);
	struct stat st;

	(void)state;
	dir = preview_dir_open(path, &err);
	assert_non_null(dir);
	assert_true(put(dir, "acme-soc.eml", "Subject: x\n", &err));
	assert_true(put(dir, "empty", "", &err));
	preview_dir_close(dir);
	umask(before);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_file("acme-soc.eml", "Subject: x\n");
	assert_file("empty", "");
}

static void
a_file_that_stands_is_never_written_over(void **state)
{
	struct error err = { 0 };
	struct preview_dir *dir = preview_dir_open(path, &err);
	char expected[256];

	(void)state;
	assert_true(put(dir, "a.eml", "first", &err));
	assert_false(put(dir, "a.eml", "second", &err));
	snprintf(
	    expected, sizeof expected, "%s/a.eml: cannot be written: File exists", path);
	assert_string_equal(err.message, expected);
	preview_dir_close(dir);
	dir = preview_dir_open(path, &err); /* a full directory is taken */
	assert_non_null(dir);
	assert_false(put(dir, "a.eml", "third", &err));
	assert_true(put(dir, "b.eml", "fourth", &err));
	preview_dir_close(dir);
	assert_file("a.eml", "first");
	assert_file("b.eml", "fourth");
}

static void
a_link_that_stands_is_not_followed(void **state)
{
	struct error err = { 0 };
	struct preview_dir *dir = preview_dir_open(path, &err);
	char link[256], elsewhere[128];

	(void)state;
	snprintf(link, sizeof link, "%s/a.eml", path);
	snprintf(elsewhere, sizeof elsewhere, "%s/elsewhere", base);
	assert_int_equal(symlink(elsewhere, link), 0);
	assert_false(put(dir, "a.eml", "x", &err));
	assert_int_not_equal(access(elsewhere, F_OK), 0);
	preview_dir_close(dir);
}

static void
a_name_is_one_visible_file_of_the_directory(void **state)
{
	static const char *const bad[] = { "", ".", "..", ".hidden", "a/b", "../a",
		"/tmp/a", "a\nb", "a\x1b[31m", "\xff" };
	struct error err = { 0 };
	struct preview_dir *dir = preview_dir_open(path, &err);
	char name[300];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (put(dir, bad[i], "x", &err) ||
		    !strstr(err.message, "' is no name for a preview"))
			fail_msg("%s: %s", bad[i], err.message);
	memset(name, 'a', sizeof name);
	name[201] = '\0';
	assert_false(put(dir, name, "x", &err));
	name[200] = '\0';
	assert_true(put(dir, name, "x", &err));
	preview_dir_close(dir);
}

static void
a_directory_that_others_may_enter_is_refused(void **state)
{
	struct error err = { 0 };
	char expected[256];

	(void)state;
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(chmod(path, 0750), 0);
	assert_null(preview_dir_open(path, &err));
	snprintf(
	    expected, sizeof expected, "%s: others may enter it; chmod 700 it", path);
	assert_string_equal(err.message, expected);
}

static void
a_link_or_a_file_is_no_directory(void **state)
{
	struct error err = { 0 };
	FILE *file;

	(void)state;
	assert_int_equal(symlink(base, path), 0);
	assert_null(preview_dir_open(path, &err));
	assert_int_equal(unlink(path), 0);
	file = fopen(path, "w");
	assert_non_null(file);
	fclose(file);
	assert_null(preview_dir_open(path, &err));
	strcat(path, "/below");
	assert_null(preview_dir_open(path, &err));
	preview_dir_close(NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_base, remove_base)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(files_are_ours_alone_in_a_directory_that_is_ours_alone),
		TEST(a_file_that_stands_is_never_written_over),
		TEST(a_link_that_stands_is_not_followed),
		TEST(a_name_is_one_visible_file_of_the_directory),
		TEST(a_directory_that_others_may_enter_is_refused),
		TEST(a_link_or_a_file_is_no_directory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
