#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/utf8.h"

static void
an_empty_text_is_a_string(void **state)
{
	struct text text = { 0 };

	(void)state;
	assert_string_equal(text_string(&text), "");
	text_add(&text, "", 0);
	assert_string_equal(text_string(&text), "");
	text_clear(&text);
	text_clear(&text);
}

static void
a_text_grows_and_keeps_nul_bytes(void **state)
{
	struct text text = { 0 };

	(void)state;
	for (int i = 0; i < 1000; i++)
		text_add(&text, "a\0b", 3);
	text_addf(&text, "%d-%s", 7, "x");
	assert_int_equal(text.size, 3003);
	assert_memory_equal(text.data + 2997, "a\0b7-x", 7);
	text_clear(&text);
}

static void
base64_is_as_rfc_4648_has_it(void **state)
{
	static const struct {
		const char *bytes, *encoded;
	} all[] = { { "", "" }, { "f", "Zg==" }, { "fo", "Zm8=" }, { "foo", "Zm9v" },
		{ "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" },
		{ "foobar", "Zm9vYmFy" } };

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct text text = { 0 };

		text_base64(&text, all[i].bytes, strlen(all[i].bytes), 0);
		assert_string_equal(text_string(&text), all[i].encoded);
		text_clear(&text);
	}
}

static void
base64_lines_end_with_crlf(void **state)
{
	struct text text = { 0 };

	(void)state;
	text_base64(&text, "abcdefghi", 9, 8);
	assert_string_equal(text_string(&text), "YWJjZGVm\r\nZ2hp\r\n");
	text_clear(&text);
}

static void
quoting_shows_what_is_not_clean(void **state)
{
	struct text text = { 0 };

	(void)state;
	text_quote(&text,
	    "a\r\nBcc: \x1b[2J\xe2\x80\xae\xff"
	    "g\xc3\xbcn");
	assert_string_equal(
	    text_string(&text), "a\\x0D\\x0ABcc: \\x1B[2J\\xE2\\x80\\xAE\\xFFg\xc3\xbcn");
	text_clear(&text);
}

static void
a_quote_is_cut(void **state)
{
	char long_name[400];
	struct text text = { 0 };

	(void)state;
	memset(long_name, 'x', sizeof long_name - 1);
	long_name[sizeof long_name - 1] = '\0';
	text_quote(&text, long_name);
	assert_true(text.size < 110);
	assert_string_equal(text.data + text.size - 3, "...");
	text_clear(&text);
}

static void
a_quote_of_what_is_not_clean_is_cut_as_short(void **state)
{
	char bad[400];
	struct text text = { 0 };

	(void)state;
	memset(bad, 0x80, sizeof bad - 1);
	bad[sizeof bad - 1] = '\0';
	text_quote(&text, bad);
	assert_true(text.size < 110);
	text_clear(&text);
}

static void
cleaning_is_quoting_within_a_bound(void **state)
{
	struct text text = { 0 };

	(void)state;
	text_adds(&text, "reply: ");
	text_clean(&text,
	    "a\xff"
	    "bc",
	    6);
	assert_string_equal(text_string(&text), "reply: a\\xFFb");
	text_clear(&text);
	text_clean(&text, "ab\xff", 5);
	assert_string_equal(text_string(&text), "ab");
	text_clear(&text);
	text_clean(&text, "abc\xc3\xbc", 4);
	assert_string_equal(text_string(&text), "abc");
	text_clear(&text);
}

static bool
line(const char *bytes)
{
	return utf8_line(bytes, strlen(bytes));
}

static void
only_clean_characters_make_a_line(void **state)
{
	static const char *const bad[] = { "\t", "a\nb", "a\rb", "\x7f", "\xc2\x80",
		"\xc2\x85", "\xc2\xad", "\xe2\x80\x8b", "\xe2\x80\x8e", "\xe2\x80\xa8",
		"\xe2\x80\xae", "\xe2\x81\xa6", "\xef\xbb\xbf", "\xef\xbf\xbe",
		"\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80",
		"\xf0\x80\x80\x80", "\xc3", "\xe2\x82", "\x80", "\xff",
		"\xf3\xa0\x80\x81" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (line(bad[i]))
			fail_msg("case %zu is taken for clean", i);
	assert_true(line("J\xc3\xb6rg \xed\x95\x9c\xea\xb5\xad \xf0\x9f\x94\x92"));
	assert_true(line(""));
}

static void
a_text_may_have_line_feeds_and_tabs_alone(void **state)
{
	(void)state;
	assert_true(utf8_text("a\n\tb\n", 5));
	assert_false(utf8_text("a\r\n", 3));
	assert_false(utf8_text("a\0b", 3));
}

static void
columns_count_wide_and_combining_characters(void **state)
{
	(void)state;
	assert_int_equal(utf8_columns("abc"), 3);
	assert_int_equal(utf8_columns("\xed\x95\x9c\xea\xb5\xad"), 4);
	assert_int_equal(utf8_columns("e\xcc\x81"), 1);
}

static void
a_map_finds_each_of_many_and_keeps_the_first(void **state)
{
	struct pool pool = { 0 };
	struct map map = { 0 };
	int things[5000];

	(void)state;
	assert_null(map_get(&map, "x"));
	for (size_t i = 0; i < 5000; i++)
		assert_null(map_put(&map, pool_format(&pool, "name-%zu", i), &things[i]));
	for (size_t i = 0; i < 5000; i++)
		assert_ptr_equal(
		    map_get(&map, pool_format(&pool, "name-%zu", i)), &things[i]);
	assert_ptr_equal(map_put(&map, "name-7", &things[9]), &things[7]);
	assert_ptr_equal(map_get(&map, "name-7"), &things[7]);
	assert_null(map_get(&map, "name-5000"));
	map_clear(&map);
	pool_clear(&pool);
}

static void
digests_are_the_published_ones(void **state)
{
	unsigned char out[DIGEST_SIZE];
	struct text hex = { 0 };

	(void)state;
	digest_sha256(out, "abc", 3); /* FIPS 180-4 */
	text_hex(&hex, out, sizeof out);
	assert_string_equal(text_string(&hex),
	    "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	text_clear(&hex);
	digest_hmac(
	    out, "Jefe", 4, "what do ya want for nothing?", 28); /* RFC 4231, 4.3 */
	text_hex(&hex, out, sizeof out);
	assert_string_equal(text_string(&hex),
	    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	text_clear(&hex);
}

static void
no_two_lists_of_fields_are_the_same_text(void **state)
{
	struct text one = { 0 }, two = { 0 };

	(void)state;
	digest_string(&one, "a");
	digest_string(&one, "b");
	digest_string(&two, "a\n1:b");
	assert_string_not_equal(text_string(&one), text_string(&two));
	text_clear(&one);
	text_clear(&two);
}

static void
mistakes_are_said_once_with_their_place(void **state)
{
	struct mistakes mistakes = { 0 };
	struct error err;

	(void)state;
	mistakes_add(&mistakes, (struct place){ "a.ini", 7 }, "x: is not a known key");
	mistakes_add(&mistakes, (struct place){ "a.ini", 7 }, "x: is not a known key");
	mistakes_warn(&mistakes, (struct place){ "b.ini", 0 }, "old");
	assert_int_equal(mistakes.count, 2);
	assert_string_equal(mistakes.all[0].message, "a.ini:7: x: is not a known key");
	assert_string_equal(mistakes.all[1].message, "b.ini: old");
	assert_true(mistakes.errors > 0);
	assert_false(error_at(&err, (struct place){ NULL, 0 }, "%s", "plain"));
	assert_string_equal(err.message, "plain");
	mistakes_clear(&mistakes);
}

static void
an_array_grows_zeroed(void **state)
{
	int *numbers = NULL;

	(void)state;
	for (size_t i = 0; i < 100; i++) {
		numbers = mem_room(numbers, i, sizeof *numbers);
		assert_int_equal(numbers[i], 0);
		numbers[i] = (int)i + 1;
	}
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(numbers[i], (int)i + 1);
	free(numbers);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_text_is_a_string),
		cmocka_unit_test(a_text_grows_and_keeps_nul_bytes),
		cmocka_unit_test(base64_is_as_rfc_4648_has_it),
		cmocka_unit_test(base64_lines_end_with_crlf),
		cmocka_unit_test(quoting_shows_what_is_not_clean),
		cmocka_unit_test(a_quote_is_cut),
		cmocka_unit_test(a_quote_of_what_is_not_clean_is_cut_as_short),
		cmocka_unit_test(cleaning_is_quoting_within_a_bound),
		cmocka_unit_test(only_clean_characters_make_a_line),
		cmocka_unit_test(a_text_may_have_line_feeds_and_tabs_alone),
		cmocka_unit_test(columns_count_wide_and_combining_characters),
		cmocka_unit_test(a_map_finds_each_of_many_and_keeps_the_first),
		cmocka_unit_test(digests_are_the_published_ones),
		cmocka_unit_test(no_two_lists_of_fields_are_the_same_text),
		cmocka_unit_test(mistakes_are_said_once_with_their_place),
		cmocka_unit_test(an_array_grows_zeroed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
