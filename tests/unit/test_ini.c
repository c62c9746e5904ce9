#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "edge/ini.h"
#include "said.h"
#include "scratch.h"

#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
#define THOUSAND \
	HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED

static struct ini *
parse(const char *content, struct mistakes *mistakes)
{
	return ini_parse("f.ini", content, strlen(content), mistakes);
}

static void
assert_value(struct ini *ini, const char *section, const char *key, const char *value,
    unsigned line)
{
	struct place place = { 0 };

	assert_non_null(ini_section(ini, section));
	assert_string_equal(ini_get(ini_section(ini, section), key, &place), value);
	assert_string_equal(place.file, "f.ini");
	assert_int_equal(place.line, line);
}

static void
values_come_with_their_lines(void **state)
{
	struct mistakes mistakes = { 0 };
	struct ini *ini = parse("# a comment; with = all [kinds] of \"signs\"\n"
				"; another\n"
				"\n"
				"[acme]\n"
				"organisation = Acme & Söhne, it's \"here\"\n"
				"url=https://x.example/?a=b\n"
				"\tindented\t=\tyes\t \n"
				"[ acme/soc ]\n"
				"one = \"a; b # c\"\n"
				"two = 'say \"hi\"'\n"
				"three = \"it's\"\n"
				"empty =\n"
				"quoted = \"\"\n"
				"single = ''\n"
				"zero = 08\n"
				"last = no line end",
	    &mistakes);

	(void)state;
	assert_nothing_said(&mistakes);
	assert_non_null(ini);
	assert_int_equal(ini->count, 2);
	assert_value(ini, "acme", "organisation", "Acme & Söhne, it's \"here\"", 5);
	assert_value(ini, "acme", "url", "https://x.example/?a=b", 6);
	assert_value(ini, "acme", "indented", "yes", 7);
	assert_value(ini, "acme/soc", "one", "a; b # c", 9);
	assert_value(ini, "acme/soc", "two", "say \"hi\"", 10);
	assert_value(ini, "acme/soc", "three", "it's", 11);
	assert_value(ini, "acme/soc", "empty", "", 12);
	assert_value(ini, "acme/soc", "quoted", "", 13);
	assert_value(ini, "acme/soc", "single", "", 14);
	assert_value(ini, "acme/soc", "zero", "08", 15);
	assert_value(ini, "acme/soc", "last", "no line end", 16);
	assert_null(ini_section(ini, "soc"));
	assert_null(ini_get(ini_section(ini, "acme"), "one", NULL));
	ini_free(ini);
}

static void
a_file_without_sections_is_empty(void **state)
{
	static const char *const all[] = { "", "\n", "# only this\n", "\n\n;\n#" };
	struct mistakes mistakes = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct ini *ini = parse(all[i], &mistakes);

		assert_nothing_said(&mistakes);
		assert_int_equal(ini->count, 0);
		ini_free(ini);
	}
}

/* Each file is refused with this message alone. */
static void
whatever_iniparser_would_swallow_is_refused(void **state)
{
	static const char cut[] = "';' or '#' would begin a comment here; quote the "
				  "value, or put the comment on "
				  "a line of its own";
	static const char unclean[] =
	    "holds a control, invisible or bidirectional character, or is not UTF-8";
	static const char spelling[] =
	    "a name is made of a-z, 0-9, '.', '_', '-' and '/' alone";
	static const struct {
		const char *content, *where, *fact;
	} all[] = {
		{ "[s]\nhash = pass#word\n", "f.ini:2: 'hash': ", cut },
		{ "[s]\nk = a ; comment\n", "f.ini:2: 'k': ", cut },
		{ "[s]\nk = ; comment\n", "f.ini:2: 'k': ", cut },
		{ "[s]\nk = #\n", "f.ini:2: 'k': ", cut },
		{ "[s]\nk = \"open\n", "f.ini:2: 'k': ",
		    "the value begins with a quote but has none at its end" },
		{ "[s]\nk = \"\n", "f.ini:2: 'k': ",
		    "the value begins with a quote but has none at its end" },
		{ "[s]\nk = \"a\" ; b\n", "f.ini:2: 'k': ",
		    "the value begins with a quote but has none at its end" },
		{ "[s]\nk = 'a\"\n", "f.ini:2: 'k': ",
		    "the value begins with a quote but has none at its end" },
		{ "[s]\nk = \"say \"hi\" there\"\n", "f.ini:2: 'k': ",
		    "the value holds a quote of the kind around it; use the other kind" },
		{ "[s]\nk = 'it''s'\n", "f.ini:2: 'k': ",
		    "the value holds a quote of the kind around it; use the other kind" },
		{ "[s]\nk = \"\"\"\n", "f.ini:2: 'k': ",
		    "the value holds a quote of the kind around it; use the other kind" },
		{ "[s]\nk = \" a\"\n",
		    "f.ini:2: 'k': ", "the value begins or ends with a blank" },
		{ "[s]\nk = a\tb\n", "f.ini:2: 'k': ", "the value holds a tab" },
		{ "[s]\nk = a\\\n", "f.ini:2: ",
		    "ends with a backslash, which would join the next line to it" },
		{ "[s]\nk = a\\  \nx = y\n", "f.ini:2: ",
		    "ends with a backslash, which would join the next line to it" },
		{ "# swallows the next line \\\n[s]\nk = a\n", "f.ini:1: ",
		    "ends with a backslash, which would join the next line to it" },
		{ "[s]\nk = a\n[s]\nj = b\n",
		    "f.ini:3: [s]: ", "is there already, at line 1; merge the two" },
		{ "[s]\nk = a\nj = b\nk = a\n", "f.ini:4: [s]: 'k' ",
		    "is there already, at line 2; remove one" },
		{ "[S]\nk = a\n", "f.ini:1: 'S': ", "names are written in lower case" },
		{ "[s]\nKey = a\n",
		    "f.ini:2: 'Key': ", "names are written in lower case" },
		{ "[a:b]\nk = a\n", "f.ini:1: 'a:b': ", "a name cannot hold ':'" },
		{ "[a]\nb:k = a\n", "f.ini:2: 'b:k': ", "a name cannot hold ':'" },
		{ "[s]\nk k = a\n", "f.ini:2: 'k k': ", spelling },
		{ "[ü]\nk = a\n", "f.ini:1: 'ü': ", spelling },
		{ "[alpha]\n[]\nk = a\n", "f.ini:2: ", "[]: a section needs a name" },
		{ "[ ]\n", "f.ini:1: ", "[]: a section needs a name" },
		{ "[s = a\n", "f.ini:1: ", "the section's name has no ']' at its end" },
		{ "[s] # main\nk = a\n",
		    "f.ini:1: ", "there is text after ']'; put it on a line of its own" },
		{ "[s] t]\nk = a\n",
		    "f.ini:1: ", "there is text after ']'; put it on a line of its own" },
		{ "k = a\n[s]\n", "f.ini:1: 'k': ", "stands before any [section]" },
		{ "[s]\njust words\n",
		    "f.ini:2: ", "is neither [section], 'key = value' nor a comment" },
		{ "[s]\n= a\n", "f.ini:2: ", "there is no key before '='" },
		{ "[s]\n  # indented\n",
		    "f.ini:2: ", "a comment begins at the start of its line" },
		{ "\xef\xbb\xbf[s]\nk = a\n", "f.ini:1: ",
		    "begins with a byte order mark; save the file without it" },
		{ "[s]\r\nk = a\r\n", "f.ini:1: ",
		    "holds a carriage return; save the file with Unix line ends" },
		{ "[s]\nk = a\nj = b\rc\n", "f.ini:3: ",
		    "holds a carriage return; save the file with Unix line ends" },
		{ "[s]\nk = \xe4\n", "f.ini:2: ", unclean },
		{ "[s]\nk = \xc0\xaf\n", "f.ini:2: ", unclean },
		{ "[s]\nk = a\x1b[31m\n", "f.ini:2: ", unclean },
		{ "[s]\nk = a\v\n", "f.ini:2: ", unclean },
		{ "[s]\nk = a\xe2\x80\xae b\n", "f.ini:2: ", unclean }, /* RLO */
		{ "[s]\nk = a\xe2\x80\x8b b\n", "f.ini:2: ", unclean }, /* ZWSP */
		{ "[s]\n# \xe2\x81\xa6\n", "f.ini:2: ", unclean },
		{ "[s]\nk = " THOUSAND TEN TEN "\n", "f.ini:2: ",
		    "the line is longer than 1,022 bytes; use a file for long text" },
		{ "[s]\n#" THOUSAND TEN TEN "12\n", "f.ini:2: ",
		    "the line is longer than 1,022 bytes; use a file for long text" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct mistakes mistakes = { 0 };
		struct text message = { 0 };

		if (parse(all[i].content, &mistakes))
			fail_msg("accepted: %s", all[i].content);
		text_addf(&message, "%s%s", all[i].where, all[i].fact);
		assert_said_only(&mistakes, text_string(&message));
		text_clear(&message);
	}
}

/* 1,022 bytes are the most that iniparser's buffer holds with the line end. */
static void
the_longest_line_is_read_whole(void **state)
{
	static const char content[] = "[s]\nk = " THOUSAND TEN "12345678\nj = b";
	struct mistakes mistakes = { 0 };
	struct ini *ini = parse(content, &mistakes);

	(void)state;
	assert_nothing_said(&mistakes);
	assert_int_equal(strlen(ini_get(ini_section(ini, "s"), "k", NULL)), 1018);
	ini_free(ini);
}

static void
a_nul_byte_is_found_in_its_line(void **state)
{
	static const char content[] = "[s]\nk = a\0b\n";
	struct mistakes mistakes = { 0 };

	(void)state;
	assert_null(ini_parse("f.ini", content, sizeof content - 1, &mistakes));
	assert_said_only(&mistakes, "f.ini:2: holds a NUL byte: not a text file");
}

static void
all_mistakes_are_said_at_once(void **state)
{
	struct mistakes mistakes = { 0 };

	(void)state;
	assert_null(parse("k = early\n"
			  "[S]\n"
			  "a = x;y\n"
			  "a = \"\n"
			  "words\n"
			  "[s]\n"
			  "B = c\n"
			  "[s]\n",
	    &mistakes));
	assert_int_equal(mistakes.errors, 8);
	mistakes_clear(&mistakes);
}

static void
what_is_no_ini_file_at_all_is_soon_given_up(void **state)
{
	struct text content = { 0 };
	struct mistakes mistakes = { 0 };

	(void)state;
	for (unsigned i = 0; i < 100000; i++)
		text_addf(&content, "line %u\n", i);
	assert_null(parse(text_string(&content), &mistakes));
	assert_int_equal(mistakes.count, 101);
	assert_said(
	    &mistakes, "f.ini:101: here reading ends: correct the mistakes before first");
	mistakes_clear(&mistakes);
	text_clear(&content);
}

static void
too_many_sections_are_told_of_partners_d(void **state)
{
	struct text content = { 0 };
	struct mistakes mistakes = { 0 };

	(void)state;
	for (unsigned i = 0; i <= 20000; i++)
		text_addf(&content, "[p%u]\n", i);
	assert_null(parse(text_string(&content), &mistakes));
	assert_said_only(&mistakes,
	    "f.ini:20001: holds over 20000 sections; use one file a partner in "
	    "partners.d");
	text_clear(&content);
}

static void
what_is_no_ordinary_file_is_refused(void **state)
{
	struct mistakes mistakes = { 0 };
	struct text huge = { 0 };

	(void)state;
	assert_null(ini_read("none.ini", &mistakes));
	assert_said_only(&mistakes, "none.ini: No such file or directory");
	assert_int_equal(mkdir("dir.ini", 0700), 0);
	assert_null(ini_read("dir.ini", &mistakes));
	assert_said_only(&mistakes, "dir.ini: is not an ordinary file");
	assert_int_equal(mkfifo("fifo.ini", 0600), 0);
	assert_null(ini_read("fifo.ini", &mistakes));
	assert_said_only(&mistakes, "fifo.ini: is not an ordinary file");
	while (huge.size <= 4 * 1024 * 1024)
		text_adds(&huge, "# " HUNDRED "\n");
	put_bytes("huge.ini", huge.data, huge.size);
	assert_null(ini_read("huge.ini", &mistakes));
	assert_said_only(&mistakes, "huge.ini: is larger than 4194304 bytes");
	text_clear(&huge);
}

static void
what_nobody_asked_for_is_a_mistake_with_a_hint(void **state)
{
	static const char *const sections[] = { "programme", "tier" };
	static const char *const keys[] = { "rank", "admits" };
	static const struct ini_names known = { sections, keys, 2, 2 };
	struct mistakes mistakes = { 0 };
	struct ini *ini = parse("[programme]\nname = x\n"
				"[tier.a]\nramk = 1\nadmits = b\n"
				"[teir.b]\nx = y\n"
				"[other]\n",
	    &mistakes);

	(void)state;
	assert_non_null(ini);
	ini_get(ini_section(ini, "programme"), "name", NULL);
	assert_null(ini_get(ini_section(ini, "tier.a"), "rank", NULL));
	assert_string_equal(
	    ini_need(ini_section(ini, "tier.a"), "admits", NULL, &mistakes), "b");
	ini_unused(ini, &known, &mistakes);
	assert_int_equal(mistakes.errors, 3);
	assert_said(&mistakes,
	    "f.ini:4: [tier.a]: 'ramk' is not a known key here; did you mean 'rank'?");
	assert_said(&mistakes,
	    "f.ini:6: [teir.b]: is not a known section; did you mean [tier.b]?");
	assert_said(&mistakes, "f.ini:8: [other]: is not a known section");
	mistakes_clear(&mistakes);
	ini_free(ini);
}

static void
a_needed_value_is_there_and_not_empty(void **state)
{
	struct mistakes mistakes = { 0 };
	struct ini *ini = parse("[s]\nempty =\n", &mistakes);

	(void)state;
	assert_null(ini_need(ini_section(ini, "s"), "empty", NULL, &mistakes));
	assert_said_only(&mistakes, "f.ini:2: [s]: 'empty' is empty");
	assert_null(ini_need(ini_section(ini, "s"), "gone", NULL, &mistakes));
	assert_said_only(&mistakes, "f.ini:1: [s]: 'gone' is missing");
	ini_free(ini);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(values_come_with_their_lines),
		cmocka_unit_test(a_file_without_sections_is_empty),
		cmocka_unit_test(whatever_iniparser_would_swallow_is_refused),
		cmocka_unit_test(the_longest_line_is_read_whole),
		cmocka_unit_test(a_nul_byte_is_found_in_its_line),
		cmocka_unit_test(all_mistakes_are_said_at_once),
		cmocka_unit_test(what_is_no_ini_file_at_all_is_soon_given_up),
		cmocka_unit_test(too_many_sections_are_told_of_partners_d),
		cmocka_unit_test_setup_teardown(
		    what_is_no_ordinary_file_is_refused, scratch_enter, scratch_leave),
		cmocka_unit_test(what_nobody_asked_for_is_a_mistake_with_a_hint),
		cmocka_unit_test(a_needed_value_is_there_and_not_empty),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
