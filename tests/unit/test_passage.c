#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "policy/passage.h"

static const char poc[] =
    "#!/usr/bin/env python3\n"
    "import socket, struct\n"
    "\n"
    "def document():\n"
    "\ttable = b\"PTBL\" + struct.pack(\"<HH\", 1, 0xFFFF)\n"
    "\treturn b\"EXDOC4\" + table.ljust(64, b\"\\0\")\n"
    "\n"
    "with socket.create_connection((\"gateway.example\", 8089)) as s:\n"
    "\ts.sendall(document())\n"
    "\tprint(s.recv(4096).hex(\" \", 8))\n";

struct best {
	size_t count, longest, text;
};

static void
see(void *ctx, const struct passage *passage)
{
	struct best *best = ctx;

	best->count++;
	if (passage->to - passage->from > best->longest)
		best->longest = passage->to - passage->from;
	best->text = passage->text;
}

static struct best
find_bytes(const char *text, size_t text_size, const char *in, size_t in_size)
{
	struct passages *passages = passages_new();
	struct best best = { 0 };

	passages_add(passages, text, text_size);
	passages_find(passages, in, in_size, see, &best);
	passages_free(passages);
	return best;
}

static struct best
find(const char *text, const char *in)
{
	return find_bytes(text, strlen(text), in, strlen(in));
}

/* --- what copying does ------------------------------------------------------------ */

static void
as_it_is(struct text *out, const char *text)
{
	text_adds(out, text);
}

/* "#" in `before` is the line's number. */
static void
add_before(struct text *out, const char *before, unsigned number)
{
	for (; *before; before++)
		if (*before == '#')
			text_addf(out, "%u", number);
		else
			text_addc(out, *before);
}

static void
each_line(struct text *out, const char *text, const char *before, const char *after)
{
	unsigned number = 1;

	while (*text) {
		size_t length = strcspn(text, "\n");

		add_before(out, before, number++);
		text_add(out, text, length);
		text_adds(out, after);
		text += length + (text[length] == '\n');
	}
}

static void
quoted(struct text *out, const char *text)
{
	each_line(out, text, "> ", "\n");
}

static void
quoted_twice_with_crlf(struct text *out, const char *text)
{
	each_line(out, text, ">> > ", "\r\n");
}

static void
indented(struct text *out, const char *text)
{
	each_line(out, text, "\t        ", "  \n");
}

static void
numbered(struct text *out, const char *text)
{
	each_line(out, text, "     #\t", "\n");
}

static void
numbered_and_quoted(struct text *out, const char *text)
{
	each_line(out, text, "| #: ", "\r\n");
}

static void
commented(struct text *out, const char *text)
{
	each_line(out, text, " * ", "\n");
}

static void
as_a_diff(struct text *out, const char *text)
{
	each_line(out, text, "+", "\n");
}

static void
on_one_line(struct text *out, const char *text)
{
	for (; *text; text++)
		text_addc(out, *text == '\n' ? ' ' : *text);
}

static void
rewrapped_and_quoted(struct text *out, const char *text)
{
	for (size_t column = 0; *text; text++, column++) {
		if (column % 23 == 0)
			text_adds(out, "\n> ");
		text_addc(out, *text == '\n' ? ' ' : *text);
	}
}

static void
in_capitals(struct text *out, const char *text)
{
	for (; *text; text++)
		text_addc(out, *text >= 'a' && *text <= 'z' ? (char)(*text - 32) : *text);
}

static void
as_a_string(struct text *out, const char *text)
{
	text_addc(out, '"');
	for (; *text; text++)
		if (*text == '\n')
			text_adds(out, "\\n");
		else if (*text == '\t')
			text_adds(out, "\\t");
		else
			text_addf(
			    out, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
	text_addc(out, '"');
}

static void
as_html(struct text *out, const char *text)
{
	for (; *text; text++)
		if (*text == '<')
			text_adds(out, "&lt;");
		else if (*text == '"')
			text_adds(out, "&quot;");
		else
			text_addc(out, *text);
}

static void
as_utf16(struct text *out, const char *text)
{
	for (; *text; text++) {
		text_addc(out, *text);
		text_addc(out, '\0');
	}
}

static const struct {
	const char *name;
	void (*copy)(struct text *out, const char *text);
} copies[] = { { "as it is", as_it_is }, { "quoted", quoted },
	{ "quoted twice with CRLF", quoted_twice_with_crlf }, { "indented", indented },
	{ "numbered", numbered }, { "numbered and quoted", numbered_and_quoted },
	{ "commented", commented }, { "as a diff", as_a_diff },
	{ "on one line", on_one_line }, { "rewrapped and quoted", rewrapped_and_quoted },
	{ "in capitals", in_capitals }, { "as a string", as_a_string },
	{ "as HTML", as_html }, { "as UTF-16", as_utf16 } };

enum { COPIES = sizeof copies / sizeof *copies };

static void
a_copy_is_found_whole_whatever_was_done_to_it(void **state)
{
	(void)state;
	for (size_t i = 0; i < COPIES; i++) {
		struct text in = { 0 };
		struct best best;

		text_adds(&in, "The rules were tried with this:\n");
		copies[i].copy(&in, poc);
		text_adds(&in, "\nand found nothing else.");
		best = find_bytes(poc, strlen(poc), in.data, in.size);
		if (best.longest < 170)
			fail_msg("%s: found %zu bytes", copies[i].name, best.longest);
		text_clear(&in);
	}
}

static void
a_listing_with_numbers_is_found_without_them(void **state)
{
	struct text listing = { 0 };

	(void)state;
	numbered(&listing, poc);
	assert_true(find(text_string(&listing), poc).longest > 170);
	text_clear(&listing);
}

static void
each_run_of_48_bytes_is_found_and_none_of_47(void **state)
{
	/* No byte stands where it stands in the other. */
	static const char text[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				   "9876543210zyxwvutsrqponmlkjihgfedcba"
				   "a1b2c3d4e5f6g7h8i9j0k9l8m7n6o5p4q3r2s1t0u1v2w3x4";

	(void)state;
	for (size_t from = 0; from + PASSAGE_LEAST <= strlen(text); from++)
		for (size_t lead = 0; lead < 3; lead++) {
			char *in = mem_format(
			    "%.*s%.*s!", (int)lead, "!!!", PASSAGE_LEAST, text + from);

			assert_int_equal(find(text, in).longest, PASSAGE_LEAST);
			free(in);
			in = mem_format("%.*s%.*s!", (int)lead, "!!!", PASSAGE_LEAST - 1,
			    text + from);
			if (find(text, in).count)
				fail_msg("47 bytes from %zu were found", from);
			free(in);
		}
}

static void
punctuation_alone_is_compared_too(void **state)
{
	static const char text[] =
	    "[][(![]+[])[+!+[]]+(!![]+[])[+[]]]{}$$%^&*()_-~`|<>?/.,;:'([]+{})[+!![]]";
	char *in = mem_format("Try %s there", text);

	(void)state;
	assert_true(find(text, in).longest >= strlen(text));
	free(in);
}

static void
a_short_text_is_found_whole(void **state)
{
	(void)state;
	assert_int_equal(find("curl http://gateway.example/${x}",
			     "Try curl\n"
			     "HTTP://gateway.example/${x}")
			     .count,
	    2); /* DENSE and BARE */
	assert_int_equal(
	    find("curl http://gateway.example/${x}", "curl http://gateway.example").count,
	    0);
	assert_true(find("CVE-2026-1234", "See CVE-2026-1234.").count > 0);
	assert_true(find("192.0.2.44", "from 192.0.2.44 port 80").count > 0);
	assert_int_equal(find("192.0.2.4", "from 192.0.2.44").count, 0);
	assert_int_equal(find("CVE-2026-1234", "See CVE-2026-12345.").count, 0);
	assert_int_equal(find("26.1.3.45", "from 126.1.3.45").count, 0);
}

static void
words_rulers_and_padding_are_no_passage(void **state)
{
	char zeros[400] = { 0 };

	(void)state;
	assert_int_equal(find("critical", "a critical flaw").count, 0);
	assert_int_equal(find("0000000000", "0000000000").count, 0);
	memset(zeros, '=', sizeof zeros - 1);
	assert_int_equal(find(zeros, zeros).count, 0);
	memset(zeros, 0, sizeof zeros);
	assert_int_equal(find_bytes(zeros, sizeof zeros, zeros, sizeof zeros).count, 0);
	assert_int_equal(find("----+----+----+----+----+----+----+----+----+----+",
			     "----+----+----+----+----+----+----+----+----+----+")
			     .count,
	    0);
}

static void
what_they_share_by_nature_is_no_passage(void **state)
{
	static const char *const pairs[][2] = {
		/* an identifier, a product and a line of a licence */
		{ "Exploits CVE-2026-1234 in the Example Document Gateway 5.1.0, error "
		  "4113.",
		    "Example Document Gateway 5.1.0 has CVE-2026-1234; look for error "
		    "4113." },
		{ "# SPDX-License-Identifier: ISC\nimport socket\nsocket.socket()",
		    "# SPDX-License-Identifier: ISC\nrule gateway { condition: false }" },
		/* one signature */
		{ "The file begins with { 50 54 42 4C ?? ?? FF FF }, and so the worker "
		  "stops.",
		    "strings:\n\t$table = { 50 54 42 4C ?? ?? FF FF "
		    "}\ncondition:\n\t$table" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		assert_int_equal(find(pairs[i][0], pairs[i][1]).count, 0);
		assert_int_equal(find(pairs[i][1], pairs[i][0]).count, 0);
	}
}

static void
each_of_many_texts_is_told_apart(void **state)
{
	struct passages *passages = passages_new();
	char *texts[50];
	struct best best;

	(void)state;
	for (size_t i = 0; i < 50; i++) {
		texts[i] = mem_format("%zu of many texts, each of which is longer than a "
				      "passage must be: number %zu",
		    i * 7919 + 100, i * 104729);
		passages_add(passages, texts[i], strlen(texts[i]));
	}
	best = (struct best){ 0 };
	passages_find(passages, texts[31], strlen(texts[31]), see, &best);
	assert_true(best.count >= 50); /* what they share, too */
	passages_free(passages);
	for (size_t i = 0; i < 50; i++)
		free(texts[i]);
}

static void
periodic_data_cost_no_more(void **state)
{
	size_t size = 1000000;
	char *data = mem_new(size);
	struct best best;

	(void)state;
	for (size_t i = 0; i < size; i++)
		data[i] = "abcdefghijklmnop"[i % 16];
	best = find_bytes(data, size, data + 5, size - 5);
	assert_true(best.longest > size / 2);
	assert_true(best.count < 10);
	free(data);
}

/* --- at random ---------------------------------------------------------------------- */

static unsigned
draw(uint64_t *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)(*seed >> 33) % below;
}

/* Something like a program: words, marks and numbers, in lines. */
static void
draw_text(struct text *out, uint64_t *seed, size_t size)
{
	static const char marks[] = "(){}[]<>=+-*/;:,.\"'|$%";
	size_t end = out->size + size;

	while (out->size < end) {
		unsigned length = 1 + draw(seed, 9);

		while (length--)
			text_addc(out, (char)('a' + draw(seed, 26)));
		if (draw(seed, 3) == 0)
			text_addc(out, marks[draw(seed, sizeof marks - 1)]);
		if (draw(seed, 6) == 0)
			text_addf(out, "%u", draw(seed, 70000));
		text_addc(out, draw(seed, 6) ? ' ' : '\n');
	}
}

static void
a_random_copy_is_always_found_and_another_text_never(void **state)
{
	uint64_t seed = 0x5DEECE66D;

	(void)state;
	for (unsigned round = 0; round < 600; round++) {
		struct text text = { 0 }, in = { 0 }, other = { 0 };
		unsigned copy = draw(&seed, COPIES);

		draw_text(&text, &seed, 120 + draw(&seed, 3000));
		draw_text(&other, &seed, draw(&seed, 5000));
		text_add(&in, other.data, other.size);
		if (find_bytes(text.data, text.size, in.data, in.size).count)
			fail_msg("round %u: found in another text", round);
		text_addc(&in, '\n');
		copies[copy].copy(&in, text_string(&text));
		text_adds(&in, "\n");
		draw_text(&in, &seed, draw(&seed, 5000));
		if (!find_bytes(text.data, text.size, in.data, in.size).count)
			fail_msg("round %u: %s: not found", round, copies[copy].name);
		text_clear(&text);
		text_clear(&in);
		text_clear(&other);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_is_found_whole_whatever_was_done_to_it),
		cmocka_unit_test(a_listing_with_numbers_is_found_without_them),
		cmocka_unit_test(each_run_of_48_bytes_is_found_and_none_of_47),
		cmocka_unit_test(punctuation_alone_is_compared_too),
		cmocka_unit_test(a_short_text_is_found_whole),
		cmocka_unit_test(words_rulers_and_padding_are_no_passage),
		cmocka_unit_test(what_they_share_by_nature_is_no_passage),
		cmocka_unit_test(each_of_many_texts_is_told_apart),
		cmocka_unit_test(periodic_data_cost_no_more),
		cmocka_unit_test(a_random_copy_is_always_found_and_another_text_never),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
