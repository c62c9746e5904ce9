/* copy - a text as people copy it into another one, and whether it must be found there */
#ifndef FUZZ_COPY_H
#define FUZZ_COPY_H

#include "base/text.h"
#include "policy/passage.h"
#include "fuzz.h"

enum { REPEATS_MOST = 16, SURE = 32 };

enum copying {
	COPY_WRAPPED, /* blanks and line ends */
	COPY_QUOTED, /* and marks before each line */
	COPY_NUMBERED, /* and a number */
	COPY_SHOUTED, /* upper case */
	COPY_HTML,
	COPY_STRING, /* of C, Python or JSON */
	COPY_UTF16,
	COPIES
};

/* What has no escapes that copying would make into others. */
static inline bool
is_unescaped(const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if ((unsigned char)bytes[i] >= 0x80 || bytes[i] == '\\' ||
		    bytes[i] == '&')
			return false;
	return true;
}

/* The kind that the input asks for and the text allows. */
static inline enum copying
input_copy(struct input *in, const char *bytes, size_t size)
{
	enum copying copy = input_byte(in) % COPIES;

	if (copy > COPY_NUMBERED && !is_unescaped(bytes, size))
		return COPY_QUOTED;
	if (copy == COPY_NUMBERED && size && memchr(bytes, '\r', size))
		return COPY_QUOTED;
	return copy;
}

static inline void
copy_line_start(struct text *out, enum copying copy, unsigned form, unsigned line)
{
	static const char *const blanks[] = { "", "  ", "\t", "        " };
	static const char *const marks[] = { "> ", "# ", "//", " * ", "| > ", "+", "-- ",
		"%" };
	static const char *const numbers[][2] = { { "", ": " }, { "    ", "  " },
		{ "", "\t" }, { "", ") " }, { "> ", " | " }, { "[", "] " }, { "00", ":" },
		{ "#", ". " } };

	if (copy == COPY_WRAPPED)
		text_adds(out, blanks[form % 4]);
	if (copy == COPY_QUOTED)
		text_adds(out, marks[form % 8]);
	if (copy == COPY_NUMBERED)
		text_addf(
		    out, "%s%u%s", numbers[form % 8][0], line, numbers[form % 8][1]);
}

static inline void
copy_html(struct text *out, char byte)
{
	static const char special[] = "<>&\"'";
	static const char *const entities[] = { "&lt;", "&gt;", "&amp;", "&quot;",
		"&#39;" };
	const char *found = byte ? strchr(special, byte) : NULL;

	if (found)
		text_adds(out, entities[found - special]);
	else
		text_addc(out, byte);
}

/* A line of the source for each line of the text, or one for all. */
static inline void
copy_string(struct text *out, char byte, bool lines)
{
	if (byte == '\n')
		text_adds(out, lines ? "\\n\"\n\t\"" : "\\n");
	else if (byte == '\t')
		text_adds(out, "\\t");
	else if (byte == '"' || byte == '\'')
		text_addf(out, "\\%c", byte);
	else
		text_addc(out, byte);
}

static inline void
copy_byte(struct text *out, enum copying copy, unsigned form, char byte)
{
	if (copy == COPY_HTML) {
		copy_html(out, byte);
	} else if (copy == COPY_STRING) {
		copy_string(out, byte, form & 1);
	} else if (copy == COPY_SHOUTED && byte >= 'a' && byte <= 'z') {
		text_addc(out, (char)(byte - 'a' + 'A'));
	} else {
		text_addc(out, byte);
		if (copy == COPY_UTF16)
			text_addc(out, '\0');
	}
}

/* `form` chooses the marks, and whether and where blanks become line ends. */
static inline void
copy_text(
    struct text *out, enum copying copy, unsigned form, const char *bytes, size_t size)
{
	unsigned line = 1, width = form / 8;

	copy_line_start(out, copy, form, line);
	for (size_t i = 0, column = 0; i < size; i++) {
		bool ends = bytes[i] == '\n';

		if (copy == COPY_WRAPPED && width) {
			ends = column >= width && (ends || bytes[i] == ' ');
			column = ends ? 0 : column + 1;
			copy_byte(out, copy, form,
			    (char)(ends                ? '\n'
				    : bytes[i] == '\n' ? ' '
						       : bytes[i]));
		} else {
			copy_byte(out, copy, form, bytes[i]);
		}
		if (ends)
			copy_line_start(out, copy, form, ++line);
	}
}

static inline unsigned
distinct(const char *bytes, size_t size)
{
	unsigned count = 0;

	for (size_t i = 0; i < size; i++)
		count += !memchr(bytes, bytes[i], i);
	return count;
}

/* A short text that is found as a whole. */
static inline bool
is_telling(const struct text *form)
{
	bool word = form->size < 16;

	for (size_t i = 0; i < form->size; i++)
		word = word &&
		    (form->data[i] < 0 || (form->data[i] >= 'a' && form->data[i] <= 'z'));
	return form->size >= 8 && distinct(form->data, form->size) >= 5 && !word;
}

/* How often the piece with the most repeats stands in the text; dull ones are everywhere. */
static inline size_t
repeats(const struct text *form, size_t from, size_t size)
{
	size_t most = 0;

	for (size_t at = from; at + SURE <= from + size; at++) {
		size_t count = 0;

		if (distinct(form->data + at, SURE) < PASSAGE_DISTINCT)
			return SIZE_MAX;
		for (size_t i = 0; i + SURE <= form->size; i++)
			count += memcmp(form->data + i, form->data + at, SURE) == 0;
		most = count > most ? count : most;
	}
	return most;
}

#endif
