#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "policy/leak.h"
#include "said.h"

#define POC \
	"import socket\ns = socket.create_connection((\"gateway.example\", 8089))\n" \
	"s.sendall(b\"EXDOC4\" + b\"PTBL\".ljust(64, b\"\\0\"))\nprint(s.recv(4096))\n"
#define TITLE "Remote code execution in the converter of the Example Document Gateway"

/* Two tiers: entry has guidance alone, validate has all. An edition of each. */
struct fixture {
	struct tier tiers[2];
	struct advisory advisory;
	struct edition editions[2];
	struct edition *all[2];
	struct mistakes mistakes;
};

static int
set_up(void **state)
{
	struct fixture *fixture = mem_new(sizeof *fixture);

	fixture->tiers[0] = (struct tier){ .id = "entry", .template = "notice" };
	fixture->tiers[1] = (struct tier){ .id = "validate", .template = "notice" };
	classes_add(&fixture->tiers[0].admits, "guidance");
	classes_add(&fixture->tiers[1].admits, "guidance");
	classes_add(&fixture->tiers[1].admits, "poc");
	fixture->advisory.values = value_new(VALUE_MAP, NULL, NULL);
	for (size_t i = 0; i < 2; i++) {
		fixture->editions[i].tier = &fixture->tiers[i];
		fixture->editions[i].language = "en";
		fixture->all[i] = &fixture->editions[i];
	}
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < 2; i++) {
		classes_clear(&fixture->tiers[i].admits);
		text_clear(&fixture->editions[i].subject);
		text_clear(&fixture->editions[i].text);
		pool_clear(&fixture->editions[i].strings);
		free(fixture->editions[i].items);
	}
	for (size_t i = 0; i < fixture->advisory.view_count; i++)
		text_clear(&fixture->advisory.views[i].bytes);
	free(fixture->advisory.views);
	value_free(fixture->advisory.values);
	mistakes_clear(&fixture->mistakes);
	free(fixture);
	return 0;
}

static unsigned
next_line(const struct fixture *fixture)
{
	return (unsigned)fixture->advisory.values->count + 1;
}

static void
add_fact(struct fixture *fixture, const char *name, const char *class, const char *bytes)
{
	struct value *value = value_string(name, class, bytes, strlen(bytes));

	value->place = (struct place){ "a.ini", next_line(fixture) };
	value_add(fixture->advisory.values, value);
}

static struct value *
add_text(struct fixture *fixture, const char *name, const char *class, const char *bytes)
{
	struct value *text = value_new(VALUE_TEXT, name, class);
	struct value *spoken = value_string("", NULL, bytes, strlen(bytes));

	spoken->place = text->place = (struct place){ "a.ini", next_line(fixture) };
	value_add(text, spoken);
	value_add(fixture->advisory.values, text);
	return text;
}

static struct value *
add_file(struct fixture *fixture, const char *name, const char *class, const char *bytes,
    size_t size)
{
	struct value *file = value_new(VALUE_FILE, name, class);

	file->bytes = bytes;
	file->size = size;
	file->place = (struct place){ "a.ini", next_line(fixture) };
	value_add(file, value_string("file", NULL, name, strlen(name)));
	value_add(fixture->advisory.values, file);
	return file;
}

static void
add_list(struct fixture *fixture, const char *name, const char *class,
    const char *const elements[], size_t count)
{
	struct value *list = value_new(VALUE_LIST, name, class);

	list->place = (struct place){ "a.ini", next_line(fixture) };
	for (size_t i = 0; i < count; i++)
		value_add(
		    list, value_string(NULL, NULL, elements[i], strlen(elements[i])));
	value_add(fixture->advisory.values, list);
}

static void
list_item(void *ctx, const char *path, const struct value *leaf)
{
	struct edition *edition = ctx;

	edition->items =
	    mem_room(edition->items, edition->item_count, sizeof *edition->items);
	edition->items[edition->item_count++] =
	    (struct item){ pool_keep(&edition->strings, path, strlen(path)), leaf->class,
		    classes_have(&edition->tier->admits, leaf->class), { 0 } };
}

static void
check(struct fixture *fixture)
{
	mistakes_clear(&fixture->mistakes);
	for (size_t i = 0; i < 2; i++) {
		free(fixture->editions[i].items);
		fixture->editions[i].items = NULL;
		fixture->editions[i].item_count = 0;
		value_leaves(fixture->advisory.values, list_item, &fixture->editions[i]);
	}
	leak_check(&fixture->advisory, fixture->all, 2, &fixture->mistakes);
}

static void
nothing_is_said_where_nothing_is_shared(void **state)
{
	struct fixture *fixture = *state;

	check(fixture); /* no value at all */
	add_text(fixture, "summary", "guidance", "Update to 4.2 before anything else.");
	add_file(fixture, "poc.py", "poc", POC, strlen(POC));
	check(fixture);
	assert_nothing_said(&fixture->mistakes);
}

static void
a_passage_in_a_text_is_a_mistake_of_those_who_may_not_have_it(void **state)
{
	struct fixture *fixture = *state;

	add_text(fixture, "summary", "guidance", "Update to 4.2.\n\nTo see it:\n" POC);
	add_file(fixture, "poc.py", "poc", POC, strlen(POC));
	check(fixture);
	assert_said_only(&fixture->mistakes,
	    "a.ini:1: summary: holds 127 bytes of poc.py (class poc) at line 4; tier "
	    "entry "
	    "may not have them");
}

static void
those_who_may_have_all_may_have_it_twice(void **state)
{
	struct fixture *fixture = *state;

	add_text(fixture, "summary", "guidance", POC);
	add_file(fixture, "poc.py", "poc", POC, strlen(POC));
	fixture->all[0] = fixture->all[1];
	check(fixture);
	assert_nothing_said(&fixture->mistakes);
}

static void
a_class_that_quotes_what_it_is_given_with_is_no_leak(void **state)
{
	struct fixture *fixture = *state;

	add_text(fixture, "analysis", "poc", POC);
	add_file(fixture, "poc.py", "poc", POC, strlen(POC));
	add_text(fixture, "summary", "guidance", "Update to 4.2.");
	check(fixture);
	assert_nothing_said(&fixture->mistakes);
}

static void
views_are_compared_on_both_sides(void **state)
{
	struct fixture *fixture = *state;
	const struct value *summary, *pack;
	struct advisory *advisory = &fixture->advisory;

	summary = add_file(fixture, "rules.zip", "guidance", "PK1", 3);
	pack = add_file(fixture, "poc.zip", "poc", "PK2", 3);
	advisory->views = mem_room(advisory->views, 0, sizeof *advisory->views);
	advisory->views[0] = (struct view){ summary->bytes, "rules.zip/a.txt", { 0 } };
	advisory->views = mem_room(advisory->views, 1, sizeof *advisory->views);
	advisory->views[1] = (struct view){ pack->bytes, "poc.zip/poc.py", { 0 } };
	advisory->view_count = 2;
	text_adds(&advisory->views[0].bytes, "Try\n> " POC);
	text_adds(&advisory->views[1].bytes, POC);
	check(fixture);
	assert_said_only(&fixture->mistakes,
	    "a.ini:1: rules.zip: holds 127 bytes of poc.zip (class poc) at line 2 of "
	    "rules.zip/a.txt; tier entry may not have them");
}

static void
a_short_text_or_file_is_a_mistake_as_a_whole(void **state)
{
	struct fixture *fixture = *state;

	add_text(
	    fixture, "summary", "guidance", "Who sends GET /a?x=../../etc/passwd wins.");
	add_file(fixture, "poc.txt", "poc", "GET /a?x=../../etc/passwd\n", 26);
	check(fixture);
	assert_said_only(&fixture->mistakes,
	    "a.ini:1: summary: holds 24 bytes of poc.txt (class poc) at line 1; tier "
	    "entry "
	    "may not have them");
}

static void
a_withheld_fact_that_is_named_is_a_warning(void **state)
{
	static const char *const cves[] = { "CVE-2026-1234", "CVE-2026-1235" };
	struct fixture *fixture = *state;

	add_text(fixture, "summary", "guidance", "Mends CVE-2026-1235, too.");
	add_list(fixture, "cves", "poc", cves, 2);
	check(fixture);
	assert_int_equal(fixture->mistakes.errors, 0);
	assert_said_only(&fixture->mistakes,
	    "a.ini:1: summary: holds 13 bytes of cves (class poc) at line 1, too; see "
	    "that "
	    "they give nothing away to tier entry");
}

static void
a_title_may_be_quoted_by_what_is_withheld(void **state)
{
	struct fixture *fixture = *state;

	add_fact(fixture, "title", "guidance", TITLE);
	add_text(fixture, "summary", "guidance", TITLE ". Update to 4.2.");
	add_file(fixture, "poc.py", "poc", "\"\"\"" TITLE "\"\"\"\n" POC,
	    strlen("\"\"\"" TITLE "\"\"\"\n" POC));
	text_adds(&fixture->editions[0].subject, TITLE);
	text_adds(&fixture->editions[0].text, "A flaw: " TITLE "\n");
	check(fixture);
	assert_int_equal(fixture->mistakes.errors, 0);
	assert_int_equal(fixture->mistakes.count, 2);
	assert_true(fixture->mistakes.all[0].warning && fixture->mistakes.all[1].warning);
}

static void
a_fact_is_no_way_around(void **state)
{
	static const char line[] = "curl -H 'X-Part: ${part:-1}' "
				   "'http://gateway.example/convert?job=../../etc'";
	struct fixture *fixture = *state;

	add_fact(fixture, "workaround", "guidance", line);
	add_file(fixture, "poc.sh", "poc", line, strlen(line));
	check(fixture);
	assert_int_equal(fixture->mistakes.errors, 1);
	assert_said_only(&fixture->mistakes,
	    "a.ini:1: workaround: holds 71 bytes of poc.sh (class poc); tier entry may "
	    "not "
	    "have them");
}

static void
lines_that_came_as_a_list_are_one_passage(void **state)
{
	static const char *const lines[] = { "import socket",
		"s = socket.create_connection((\"gateway.example\", 8089))",
		"s.sendall(b\"EXDOC4\" + b\"PTBL\".ljust(64, b\"\\0\"))",
		"print(s.recv(4096))" };
	struct fixture *fixture = *state;

	add_list(fixture, "steps", "guidance", lines, 4);
	add_file(fixture, "poc.py", "poc", POC, strlen(POC));
	check(fixture);
	assert_int_equal(fixture->mistakes.errors, 1);
}

static void
files_of_one_kind_may_have_a_head_in_common(void **state)
{
	struct fixture *fixture = *state;
	char rules[600] = { 0 }, poc[600] = { 0 };

	for (size_t i = 0; i < sizeof poc; i++) {
		poc[i] = (char)(i * i + i / 7);
		rules[i] = (char)(i * 3 + i / 5);
	}
	memcpy(poc, "\0head", 5);
	memcpy(rules, poc, 200);
	add_file(fixture, "rules.bin", "guidance", rules, sizeof rules);
	add_file(fixture, "poc.bin", "poc", poc, sizeof poc);
	check(fixture);
	assert_int_equal(fixture->mistakes.errors, 0);
	assert_int_equal(fixture->mistakes.count, 1);
	memcpy(rules, poc, 400);
	check(fixture);
	assert_int_equal(fixture->mistakes.errors, 1);
}

static void
what_the_template_itself_holds_is_found(void **state)
{
	struct fixture *fixture = *state;

	add_text(fixture, "summary", "guidance", "Update to 4.2.");
	add_file(fixture, "poc.py", "poc", POC, strlen(POC));
	text_adds(&fixture->editions[0].text, "TLP:AMBER\n\n" POC);
	text_adds(&fixture->editions[1].text, "TLP:AMBER\n\n" POC);
	check(fixture);
	assert_said_only(&fixture->mistakes,
	    "notice: renders to 127 bytes of poc.py (class poc) at line 3 in language "
	    "'en'; "
	    "tier entry may not have them");
	text_clear(&fixture->editions[0].text);
	text_adds(&fixture->editions[0].text, "TLP:AMBER\n\n\nAs follows: ");
	text_base64(&fixture->editions[0].text, POC, strlen(POC), 0);
	check(fixture);
	assert_int_equal(fixture->mistakes.errors, 1);
	assert_non_null(strstr(fixture->mistakes.all[0].message, "at line 4 in"));
}

static void
a_failed_edition_is_not_looked_at(void **state)
{
	struct fixture *fixture = *state;

	add_text(fixture, "summary", "guidance", POC);
	add_file(fixture, "poc.py", "poc", POC, strlen(POC));
	fixture->editions[0].failed = true;
	check(fixture);
	assert_nothing_said(&fixture->mistakes);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(nothing_is_said_where_nothing_is_shared),
		TEST(a_passage_in_a_text_is_a_mistake_of_those_who_may_not_have_it),
		TEST(those_who_may_have_all_may_have_it_twice),
		TEST(a_class_that_quotes_what_it_is_given_with_is_no_leak),
		TEST(views_are_compared_on_both_sides),
		TEST(a_short_text_or_file_is_a_mistake_as_a_whole),
		TEST(a_withheld_fact_that_is_named_is_a_warning),
		TEST(a_title_may_be_quoted_by_what_is_withheld),
		TEST(a_fact_is_no_way_around),
		TEST(lines_that_came_as_a_list_are_one_passage),
		TEST(files_of_one_kind_may_have_a_head_in_common),
		TEST(what_the_template_itself_holds_is_found),
		TEST(a_failed_edition_is_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
