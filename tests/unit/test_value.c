#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/tier.h"
#include "policy/value.h"

static struct value *
put_string(struct value *parent, const char *name, const char *class, const char *bytes)
{
	struct value *value = value_string(name, class, bytes, strlen(bytes));

	value_add(parent, value);
	return value;
}

static struct value *
put_new(struct value *parent, enum value_kind kind, const char *name, const char *class)
{
	struct value *value = value_new(kind, name, class);

	value_add(parent, value);
	return value;
}

static void
put_file(struct value *list, const char *name, const char *class, const char *bytes)
{
	struct value *file = put_new(list, VALUE_FILE, name, class);

	file->bytes = bytes;
	file->size = strlen(bytes);
	put_string(file, "file", NULL, "example.bin");
	put_string(file, "size", NULL, "7");
}

/* One of everything that an advisory can hold. */
static struct value *
advisory(void)
{
	struct value *root = value_new(VALUE_MAP, NULL, NULL), *text, *list;

	put_string(root, "title", "guidance", "Flaw in the gateway");
	put_string(root, "slip", NULL, "nobody gave it a class");
	list = put_new(value_map(root, "list"), VALUE_LIST, "cves", "detection");
	put_string(list, NULL, NULL, "CVE-2026-1234");
	put_string(list, NULL, NULL, "CVE-2026-1235");
	text = put_new(value_map(root, "text"), VALUE_TEXT, "summary", "guidance");
	text->place = (struct place){ "advisory.ini", 9 };
	put_string(
	    text, "", "guidance", "A summary."); /* a language is no leaf of its own */
	put_string(text, "ko", "guidance", "요약.");
	text = put_new(value_map(root, "text"), VALUE_TEXT, "analysis", "reproduction");
	text->place = (struct place){ "advisory.ini", 15 };
	put_string(text, "", NULL, "An analysis.");
	list = put_new(root, VALUE_LIST, "attachments", NULL);
	put_file(list, "rules", "detection", "rule {}");
	put_file(list, "trigger", "proof-of-concept", "boom();");
	return root;
}

static void
write_path(void *ctx, const char *path, const struct value *leaf)
{
	text_addf(ctx, "%s:%s ", path, leaf->class);
}

static void
assert_leaves(const struct value *value, const char *expected)
{
	struct text seen = { 0 };

	if (value)
		value_leaves(value, write_path, &seen);
	assert_string_equal(text_string(&seen), expected);
	text_clear(&seen);
}

static void
classes_are_a_set(void **state)
{
	struct classes few = { 0 }, many = { 0 };

	(void)state;
	assert_false(classes_have(&few, "guidance"));
	assert_true(classes_within(&few, &many));
	classes_add(&few, "guidance");
	classes_add(&few, "guidance");
	assert_int_equal(few.count, 1);
	assert_true(classes_have(&few, "guidance"));
	assert_false(classes_have(&few, "guidanc"));
	assert_false(classes_within(&few, &many));
	classes_add(&many, "detection");
	classes_add(&many, "guidance");
	assert_true(classes_within(&few, &many));
	assert_false(classes_within(&many, &few));
	classes_clear(&few);
	classes_clear(&many);
	assert_int_equal(few.count, 0);
}

static void
leaves_are_named_as_the_operator_named_them(void **state)
{
	struct value *all = advisory();

	(void)state;
	assert_leaves(all,
	    "title:guidance list.cves:detection text.summary:guidance "
	    "text.analysis:reproduction attach.rules:detection "
	    "attach.trigger:proof-of-concept ");
	value_free(all);
}

static void
only_what_is_admitted_is_left(void **state)
{
	struct value *all = advisory(), *left;
	struct classes admits = { 0 };

	(void)state;
	assert_null(value_admit(all, &admits));
	classes_add(&admits, "guidance");
	left = value_admit(all, &admits);
	assert_leaves(left, "title:guidance text.summary:guidance ");
	assert_null(value_child(left, "slip"));
	assert_null(value_child(left, "list")); /* even its name would tell */
	assert_null(value_child(left, "attachments"));
	value_free(left);

	classes_add(&admits, "detection");
	left = value_admit(all, &admits);
	assert_leaves(left,
	    "title:guidance list.cves:detection text.summary:guidance "
	    "attach.rules:detection ");
	value_free(left);
	value_free(all);
	classes_clear(&admits);
}

static void
what_is_admitted_comes_whole(void **state)
{
	struct value *all = advisory(), *left, *file;
	struct classes admits = { 0 };

	(void)state;
	classes_add(&admits, "detection");
	left = value_admit(all, &admits);
	file = value_child(left, "attachments")->children[0];
	assert_int_equal(file->kind, VALUE_FILE);
	assert_string_equal(file->bytes, "rule {}");
	assert_int_equal(file->size, 7);
	assert_string_equal(value_child(file, "file")->bytes, "example.bin");
	assert_int_equal(value_child(value_child(left, "list"), "cves")->count, 2);
	value_free(left);
	value_free(all);
	classes_clear(&admits);
}

static void
a_denied_node_takes_all_below_it_along(void **state)
{
	struct value *root = value_new(VALUE_MAP, NULL, NULL), *node;
	struct classes admits = { 0 };

	(void)state;
	node = put_new(root, VALUE_MAP, "details", "reproduction");
	put_string(node, "hint", "guidance", "for all, but within what is not");
	classes_add(&admits, "guidance");
	assert_null(value_admit(root, &admits));
	value_free(root);
	classes_clear(&admits);
}

static void
an_admitted_node_does_not_admit_another_class_below_it(void **state)
{
	struct value *root = value_new(VALUE_MAP, NULL, NULL), *node, *left;
	struct classes admits = { 0 };

	(void)state;
	node = put_new(root, VALUE_MAP, "details", "guidance");
	put_string(node, "hint", NULL, "covered");
	put_string(node, "exploit", "proof-of-concept", "not covered");
	classes_add(&admits, "guidance");
	left = value_admit(root, &admits);
	assert_non_null(value_child(value_child(left, "details"), "hint"));
	assert_null(value_child(value_child(left, "details"), "exploit"));
	value_free(left);
	value_free(root);
	classes_clear(&admits);
}

static void
a_file_without_a_class_is_not_saved_by_its_children(void **state)
{
	struct value *root = value_new(VALUE_LIST, NULL, NULL), *file;
	struct classes admits = { 0 };

	(void)state;
	file = put_new(root, VALUE_FILE, "trigger", NULL);
	file->bytes = "boom();";
	file->size = 7;
	put_string(file, "file", "guidance", "trigger.bin");
	classes_add(&admits, "guidance");
	assert_null(value_admit(root, &admits));
	value_free(root);
	classes_clear(&admits);
}

/* Structure has no bytes and no digest of what may be withheld below it. */
static void
structure_is_copied_bare(void **state)
{
	static const unsigned char zero[DIGEST_SIZE];
	struct value *root = value_new(VALUE_MAP, NULL, NULL), *left;
	struct classes admits = { 0 };

	(void)state;
	root->bytes = "secret";
	root->size = 6;
	memset(root->sha256, 1, sizeof root->sha256);
	put_string(root, "title", "guidance", "for all");
	classes_add(&admits, "guidance");
	left = value_admit(root, &admits);
	assert_int_equal(left->size, 0);
	assert_string_equal(left->bytes, "");
	assert_memory_equal(left->sha256, zero, sizeof zero);
	value_free(left);
	value_free(root);
	classes_clear(&admits);
}

static void
a_text_speaks_the_language_asked_for(void **state)
{
	struct value *all = advisory();
	struct mistakes mistakes = { 0 };
	struct value *summary;
	struct value *same = value_string(NULL, NULL, "요약.", strlen("요약."));
	bool fell_back = false;

	(void)state;
	assert_true(value_speak(all, "ko", true, &fell_back, &mistakes));
	summary = value_child(value_child(all, "text"), "summary");
	assert_int_equal(summary->kind, VALUE_STRING);
	assert_string_equal(summary->bytes, "요약.");
	assert_int_equal(summary->count, 0);
	assert_string_equal(summary->class, "guidance");
	assert_memory_equal(summary->sha256, same->sha256, DIGEST_SIZE);
	assert_true(fell_back); /* the analysis did */
	assert_int_equal(mistakes.count, 0);
	value_free(same);
	value_free(all);
}

static void
the_unsuffixed_text_serves_only_where_it_may(void **state)
{
	struct value *all = advisory();
	struct mistakes mistakes = { 0 };
	bool fell_back = false;

	(void)state;
	assert_false(value_speak(all, "fr", false, &fell_back, &mistakes));
	assert_false(fell_back);
	assert_int_equal(mistakes.errors, 2);
	assert_string_equal(mistakes.all[0].message,
	    "advisory.ini:9: text 'summary' is not there in the language 'fr'; add "
	    "text.summary.fr, or let the language fall back");
	assert_string_equal(mistakes.all[1].message,
	    "advisory.ini:15: text 'analysis' is not there in the language 'fr'; add "
	    "text.analysis.fr, or let the language fall back");
	assert_true(value_speak(all, "fr", true, NULL, &mistakes));
	assert_string_equal(
	    value_child(value_child(all, "text"), "summary")->bytes, "A summary.");
	mistakes_clear(&mistakes);
	value_free(all);
}

static void
nothing_falls_back_where_all_speak_the_language(void **state)
{
	struct value *text = value_new(VALUE_TEXT, "summary", "guidance");
	struct mistakes mistakes = { 0 };
	bool fell_back = false;

	(void)state;
	put_string(
	    text, "", "guidance", "A summary."); /* a language is no leaf of its own */
	put_string(text, "ko", "guidance", "요약.");
	assert_true(value_speak(text, "ko", true, &fell_back, &mistakes));
	assert_false(fell_back);
	value_free(text);
}

static void
a_map_is_made_once(void **state)
{
	struct value *root = value_new(VALUE_MAP, NULL, NULL);
	struct value *list = value_map(root, "list");

	(void)state;
	assert_ptr_equal(value_map(root, "list"), list);
	assert_ptr_equal(value_child(root, "list"), list);
	assert_null(value_child(root, "lis"));
	assert_int_equal(root->count, 1);
	value_free(root);
	value_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(classes_are_a_set),
		cmocka_unit_test(leaves_are_named_as_the_operator_named_them),
		cmocka_unit_test(only_what_is_admitted_is_left),
		cmocka_unit_test(what_is_admitted_comes_whole),
		cmocka_unit_test(a_denied_node_takes_all_below_it_along),
		cmocka_unit_test(an_admitted_node_does_not_admit_another_class_below_it),
		cmocka_unit_test(a_file_without_a_class_is_not_saved_by_its_children),
		cmocka_unit_test(structure_is_copied_bare),
		cmocka_unit_test(a_text_speaks_the_language_asked_for),
		cmocka_unit_test(the_unsuffixed_text_serves_only_where_it_may),
		cmocka_unit_test(nothing_falls_back_where_all_speak_the_language),
		cmocka_unit_test(a_map_is_made_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
