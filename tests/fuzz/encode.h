/* encode - bytes as people write them down in a text, by other code than the program's own */
#ifndef FUZZ_ENCODE_H
#define FUZZ_ENCODE_H

#include "base/text.h"
#include "fuzz.h"

enum { DIGIT_GROUP = 4, NARROW = 16, WIDE = 76, PAIRS_MOST = 32 };

/* What stands around each line: indentation, marks of quoting, of strings, of comments. */
struct around {
	const char *before, *after;
};

static inline const struct around *
input_around(struct input *in)
{
	static const struct around all[] = { { "", "\n" }, { "", "\r\n" }, { "", "\r" },
		{ "    ", "\n" }, { "\t", "  \r\n" }, { "", "\n\n" }, { "> > ", "\r\n" },
		{ "  \"", "\"\n" }, { "'", "',\n" }, { "# ", "\n" }, { "\t| ", " |\n" },
		{ " * ", "\n" }, { ";; ", "\n" }, { "", " \\\n" }, { "\"", "\\n\"\n" },
		{ "", "\\n" }, { "", "\\r\\n" }, { "+", "\n" } };

	return &all[input_byte(in) % (sizeof all / sizeof *all)];
}

/* Lines of so many characters; 0: one line. */
static inline void
add_lines(
    struct text *out, const struct text *flat, size_t width, const struct around *around)
{
	for (size_t at = 0, size; at < flat->size; at += size) {
		size = flat->size - at;
		size = width && size > width ? width : size;
		text_adds(out, around->before);
		text_add(out, flat->data + at, size);
		text_adds(out, around->after);
	}
}

/* RFC 4648, sections 4 and 5. */
static inline void
add_base64(struct text *out, const void *bytes, size_t size, bool for_url, bool padded)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_";
	const unsigned char *from = bytes;

	for (size_t i = 0; i < size; i += 3) {
		size_t some = size - i < 3 ? size - i : 3;
		unsigned group = (unsigned)from[i] << 16 |
		    (some > 1 ? (unsigned)from[i + 1] << 8 : 0) |
		    (some > 2 ? from[i + 2] : 0);

		for (size_t j = 0; j < DIGIT_GROUP; j++) {
			unsigned digit = group >> (6 * (3 - j)) & 63;

			if (j <= some)
				text_addc(out,
				    digits[for_url && digit > 61 ? digit + 2 : digit]);
			else if (padded)
				text_addc(out, '=');
		}
	}
}

/* As a mail, a key file or a script has it; what is one line shows its end by padding. */
static inline void
write_base64(struct text *out, struct input *in, const void *bytes, size_t size)
{
	const struct around *around = input_around(in);
	unsigned form = input_byte(in), width = input_byte(in) % (WIDE + 1) & ~3u;
	struct text flat = { 0 };

	width = width < NARROW ? 0 : width;
	add_base64(
	    &flat, bytes, size, form & 1, form & 2 || !width || size <= width / 4 * 3);
	add_lines(out, &flat, width, around);
	text_clear(&flat);
}

/* As a dump, an array or a string has it. */
static inline void
write_hex(struct text *out, struct input *in, const void *bytes, size_t size)
{
	static const struct around pairs[] = { { "", "" }, { "", " " }, { "", ":" },
		{ "\\x", "" }, { "0x", ", " }, { "0X", "," }, { "%", "" }, { "", "|" } };
	const struct around *around = input_around(in);
	const struct around *pair =
	    &pairs[input_byte(in) % (sizeof pairs / sizeof *pairs)];
	unsigned form = input_byte(in), width = input_byte(in) % PAIRS_MOST;

	for (size_t i = 0; i < size; i++) {
		if (i == 0 || (width && i % width == 0))
			text_adds(out, around->before);
		text_adds(out, pair->before);
		text_addf(
		    out, form & 1 ? "%02X" : "%02x", ((const unsigned char *)bytes)[i]);
		text_adds(out, pair->after);
		if (i + 1 == size || (width && (i + 1) % width == 0))
			text_adds(out, around->after);
	}
}

/* A row of a dump: its offset, its pairs, and in some its characters. */
static inline void
add_row(struct text *out, unsigned form, size_t at, const unsigned char *row, size_t size)
{
	text_addf(out, form == 0 ? "%08zx  " : form == 1 ? "%08zx: " : "%06zx ", at);
	for (size_t i = 0; i < 16; i++) {
		if (i < size)
			text_addf(out, "%02x", row[i]);
		else
			text_adds(out, "  ");
		if (form != 1 || i % 2)
			text_adds(out, form == 0 && i == 7 ? "  " : " ");
	}
	if (form == 2)
		return;
	text_adds(out, form == 0 ? " |" : " ");
	for (size_t i = 0; i < size; i++)
		text_addc(out, (char)(row[i] > ' ' && row[i] <= '~' ? row[i] : '.'));
	if (form == 0)
		text_addc(out, '|');
}

/* As hexdump -C, xxd or od -A x -t x1 show it, perhaps quoted. */
static inline void
write_dump(struct text *out, struct input *in, const void *bytes, size_t size)
{
	static const char *const marks[] = { "", "    ", "> ", "# ", "\t", " * ", "// ",
		"| " };
	const char *before = marks[input_byte(in) % 8];
	unsigned form = input_byte(in) % 3;

	for (size_t at = 0; at < size; at += 16) {
		text_adds(out, before);
		add_row(out, form, at, (const unsigned char *)bytes + at,
		    size - at < 16 ? size - at : 16);
		text_addc(out, '\n');
	}
}

#endif
