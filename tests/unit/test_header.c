#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/utf8.h"
#include "policy/header.h"

enum { WORDS, PHRASE, PARAMETER };

static const char *const kinds[] = { "words", "phrase", "parameter" };
static const size_t columns[] = { sizeof "Subject: " - 1, sizeof "From: " - 1, 0 };

static void
write_kind(struct text *text, unsigned kind, const char *string)
{
	if (kind == WORDS)
		header_words(text, string, columns[kind]);
	else if (kind == PHRASE)
		header_phrase(text, string, columns[kind]);
	else
		header_parameter(text, "filename", string);
}

static void
expect(unsigned kind, const char *string, const char *output)
{
	struct text text = { 0 };

	write_kind(&text, kind, string);
	assert_string_equal(text_string(&text), output);
	text_clear(&text);
}

static void
plain_words_stay_as_they_are(void **state)
{
	(void)state;
	expect(WORDS, "[TLP:AMBER] Gateway: remote code execution",
	    "[TLP:AMBER] Gateway: remote code execution");
	expect(WORDS, "", "");
	expect(PHRASE, "Example Programme", "Example Programme");
	expect(PARAMETER, "rules.yar", ";\r\n filename=\"rules.yar\"");
	expect(PARAMETER, "my rules (1).yar", ";\r\n filename=\"my rules (1).yar\"");
}

static void
long_words_are_folded_at_blanks(void **state)
{
	(void)state;
	expect(WORDS,
	    "one two three four five six seven eight nine ten eleven twelve "
	    "thirteen fourteen",
	    "one two three four five six seven eight nine ten eleven twelve\r\n "
	    "thirteen fourteen");
}

static void
other_alphabets_become_encoded_words(void **state)
{
	(void)state;
	expect(WORDS,
	    "Gr\xc3\xbc\xc3\x9f"
	    "e",
	    "=?utf-8?B?R3LDvMOfZQ==?=");
	expect(PHRASE, "J\xc3\xb6rg", "=?utf-8?B?SsO2cmc=?=");
	expect(PARAMETER, "\xec\xa3\xbc.txt", ";\r\n filename*=utf-8''%EC%A3%BC.txt");
}

static void
a_long_file_name_comes_in_pieces_of_whole_characters(void **state)
{
	(void)state;
	expect(PARAMETER,
	    "indicators-of-compromise-for-the-document-gateway-in-all-its-versions.json",
	    ";\r\n "
	    "filename*0*=utf-8''indicators-of-compromise-for-the-document-gateway-in-al"
	    ";\r\n filename*1*=l-its-versions.json");
	expect(PARAMETER,
	    "\xea\xb0\x80\xea\xb0\x80\xea\xb0\x80"
	    "\xea\xb0\x80\xea\xb0\x80\xea\xb0\x80\xea\xb0\x80",
	    ";\r\n "
	    "filename*0*=utf-8''%EA%B0%80%EA%B0%80%EA%B0%80%EA%B0%80%EA%B0%80%EA%B0%80"
	    ";\r\n filename*1*=%EA%B0%80");
}

static void
what_looks_encoded_is_encoded(void **state)
{
	(void)state;
	expect(WORDS, "=?utf-8?B?eA==?=", "=?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=");
	expect(PHRASE, "=?utf-8?B?eA==?=", "=?utf-8?B?PT91dGYtOD9CP2VBPT0/PQ==?=");
}

static void
specials_of_a_name_are_quoted(void **state)
{
	(void)state;
	expect(PHRASE, "Example, PSIRT", "\"Example, PSIRT\"");
	expect(PHRASE, "a@evil.example> <b", "\"a@evil.example> <b\"");
	expect(PHRASE, "The \"A\\B\" team", "\"The \\\"A\\\\B\\\" team\"");
	expect(PHRASE, "", "\"\"");
}

static void
quotes_and_backslashes_of_a_file_name_are_percent_encoded(void **state)
{
	(void)state;
	expect(PARAMETER, "a\"b\\c.txt", ";\r\n filename*=utf-8''a%22b%5Cc.txt");
}

static void
what_is_not_clean_becomes_a_question_mark(void **state)
{
	(void)state;
	expect(WORDS, "a\r\nBcc: x@evil.example", "a??Bcc: x@evil.example");
	expect(PHRASE, "a\nb", "a?b");
	expect(PARAMETER, "a\r\n\r\nb", ";\r\n filename=\"a????b\"");
	expect(WORDS, "\xff\xc3+", "??+");
	expect(WORDS,
	    "a\xe2\x80\xae"
	    "b",
	    "a?b"); /* right-to-left override */
}

/* A generator of its own, so that a failure comes again. */
static uint32_t
next(uint32_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 17;
	*seed ^= *seed << 5;
	return *seed;
}

static const char *const pieces[] = { "a", "B", "9", " ", " ", "  ", "\"", "\\", "=?",
	"?=", "=", "(", ")", "<", ">", "@", ",", ";", ":", "'", "%", "*", "%22", ".",
	"..", "_", "/", "utf-8''", "=?utf-8?B?", "=?utf-8?q?=41?=", "word ", "\xc3\xa9",
	"\xc3\x9f", "\xed\x95\x9c", "\xea\xb5\xad", "\xf0\x9f\x94\xa5",
	"a-rather-long-word-that-goes-on-and-on" };
static const char *const hostile[] = { "\r", "\n", "\r\n", "\r\n ", "\r\n\r\n",
	"\nBcc: x@evil.example\r\n", "\x01", "\x7f", "\xff", "\xc3", "\xe2\x80\xa8",
	"\xe2\x80\xae", "\xc0\x8a", "\xed\xa0\x80", "\xef\xbb\xbf", "\x1b[31m" };

/* Of clean pieces alone, or of hostile ones as well. */
static void
random_string(struct text *text, uint32_t *seed, bool clean)
{
	static const size_t clean_count = sizeof pieces / sizeof *pieces;
	static const size_t all = clean_count + sizeof hostile / sizeof *hostile;
	size_t most = next(seed) % 4 ? 12 : 120, length = next(seed) % most;

	text_clear(text);
	for (size_t i = 0; i < length; i++) {
		size_t pick = next(seed) % (clean ? clean_count : all);

		text_adds(text,
		    pick < clean_count ? pieces[pick] : hostile[pick - clean_count]);
	}
}

/* 7-bit, no CR or LF but in folds before a blank, no line over 76. */
static void
assert_safe(const struct text *text, size_t column, const char *input)
{
	for (size_t i = 0; i < text->size; i++, column++) {
		unsigned char c = (unsigned char)text->data[i];

		if (c == '\r' && text->size - i > 3 && text->data[i + 1] == '\n' &&
		    text->data[i + 2] == ' ' && text->data[i + 3] != ' ' &&
		    text->data[i + 3] != '\r') {
			i += 2;
			column = 0; /* of the blank */
			continue;
		}
		if (c < ' ' || c > '~' || column > 76)
			fail_msg("not safe at %zu: '%s' from '%s'", i, text->data, input);
	}
}

static void
nothing_breaks_out_of_a_header(void **state)
{
	struct text input = { 0 }, output = { 0 };
	uint32_t seed = 20261208;

	(void)state;
	for (unsigned i = 0; i < 6000; i++) {
		random_string(&input, &seed, false);
		write_kind(&output, i % 3, text_string(&input));
		assert_safe(&output, columns[i % 3], text_string(&input));
		text_clear(&output);
	}
	text_clear(&input);
}

static void
any_column_can_be_started_from(void **state)
{
	static const char fire[] = "\xf0\x9f\x94\xa5 Fire, Inc";
	struct text output = { 0 };

	(void)state;
	for (size_t column = 0; column < 77; column++) {
		header_words(&output, fire, column);
		assert_safe(&output, column, fire);
		text_clear(&output);
		header_words(&output, fire + 5, column);
		assert_safe(&output, column, fire);
		text_clear(&output);
		header_phrase(&output, fire + 5, column);
		assert_safe(&output, column, fire);
		text_clear(&output);
	}
}

static void
python_reads_back_what_was_written(void **state)
{
	char path[] = "/tmp/fw-header-XXXXXX";
	FILE *file = fdopen(mkstemp(path), "w");
	struct text input = { 0 }, output = { 0 }, line = { 0 };
	uint32_t seed = 7;
	char *command;
	int status;

	(void)state;
	assert_non_null(file);
	for (unsigned i = 0; i < 3000; i++) {
		random_string(&input, &seed, true);
		if (input.size == 0)
			continue;
		write_kind(&output, i % 3, text_string(&input));
		text_adds(&line, kinds[i % 3]);
		text_addc(&line, ' ');
		text_hex(&line, input.data, input.size);
		text_addc(&line, ' ');
		text_hex(&line, output.data, output.size);
		fprintf(file, "%s\n", text_string(&line));
		text_clear(&line);
		text_clear(&output);
	}
	text_clear(&input);
	assert_int_equal(fclose(file), 0);
	assert_true(
	    asprintf(&command,
		"/usr/bin/python3 tests/mime_check.py headers %s >/dev/null", path) > 0);
	status = system(command);
	free(command);
	unlink(path);
	assert_int_equal(status, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_words_stay_as_they_are),
		cmocka_unit_test(long_words_are_folded_at_blanks),
		cmocka_unit_test(other_alphabets_become_encoded_words),
		cmocka_unit_test(a_long_file_name_comes_in_pieces_of_whole_characters),
		cmocka_unit_test(what_looks_encoded_is_encoded),
		cmocka_unit_test(specials_of_a_name_are_quoted),
		cmocka_unit_test(
		    quotes_and_backslashes_of_a_file_name_are_percent_encoded),
		cmocka_unit_test(what_is_not_clean_becomes_a_question_mark),
		cmocka_unit_test(nothing_breaks_out_of_a_header),
		cmocka_unit_test(any_column_can_be_started_from),
		cmocka_unit_test(python_reads_back_what_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
