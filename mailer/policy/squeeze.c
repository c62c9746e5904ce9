#include "policy/squeeze.h"

#include <stdbool.h>
#include <string.h>

enum { NUMBER_DIGITS_MOST = 6, MARKS_MOST = 16 };

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

static bool
is_alphanumeric(char byte)
{
	return is_digit(byte) || (byte >= 'a' && byte <= 'z') ||
	    (byte >= 'A' && byte <= 'Z');
}

static bool
is_space(char byte)
{
	return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* The length of "> 12: " at the start of a line, when such a number is there; else 0. */
static size_t
number(const char *bytes, size_t size)
{
	size_t marks = 0, end;

	while (marks < size && marks < MARKS_MOST && bytes[marks] != '\n' &&
	    (unsigned char)bytes[marks] < 0x80 && !is_alphanumeric(bytes[marks]))
		marks++;
	end = marks;
	while (end < size && is_digit(bytes[end]))
		end++;
	if (end == marks || end - marks > NUMBER_DIGITS_MOST)
		return 0;
	return end < size && is_alphanumeric(bytes[end]) ? 0 : end;
}

/* The length of what stands for one mark or blank in another notation; 0: none. */
static size_t
notation(const char *bytes, size_t size)
{
	static const char *const known[] = { "\\n", "\\r", "\\t", "&lt;", "&gt;", "&amp;",
		"&quot;", "&apos;", "&nbsp;", "&#39;", "&#34;", "&#x27;" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		size_t length = strlen(known[i]);

		if (length <= size && memcmp(bytes, known[i], length) == 0)
			return length;
	}
	/* U+00A0, and U+2000 to U+203F: blanks, dashes and curved quotation marks */
	if (size >= 2 && memcmp(bytes, "\xC2\xA0", 2) == 0)
		return 2;
	return size >= 3 && memcmp(bytes, "\xE2\x80", 2) == 0 ? 3 : 0;
}

/* How many bytes at the start leave no trace in the form; 0: the first one is kept. */
static size_t
dropped(const char *bytes, size_t size, enum squeeze form)
{
	char byte = bytes[0];
	size_t length;

	if (is_space(byte))
		return 1;
	if (form == SQUEEZE_DENSE || is_alphanumeric(byte))
		return 0;
	if (byte != '\\' && byte != '&' && byte != '\xC2' && byte != '\xE2')
		return (unsigned char)byte < 0x80;
	length = notation(bytes, size);
	return length ? length : (unsigned char)byte < 0x80;
}

/* Writes to `out` until it holds `most`; *read is how much that took. */
static size_t
put(char *out, size_t most, const char *bytes, size_t size, enum squeeze form,
    size_t *read)
{
	size_t count = 0, i = 0;

	while (i < size && count < most) {
		size_t length = 0;

		if (form == SQUEEZE_UNNUMBERED &&
		    (i == 0 || bytes[i - 1] == '\n' || bytes[i - 1] == '\r'))
			length = number(bytes + i, size - i);
		if (!length)
			length = dropped(bytes + i, size - i, form);
		if (!length) {
			char byte = bytes[i++];

			if (out)
				out[count] = byte >= 'A' && byte <= 'Z'
				    ? (char)(byte - 'A' + 'a')
				    : byte;
			count++;
		}
		i += length;
	}
	*read = i;
	return count;
}

size_t
squeeze(char *out, const char *bytes, size_t size, enum squeeze form)
{
	size_t read;

	return put(out, size, bytes, size, form, &read);
}

unsigned
squeeze_line(const char *bytes, size_t size, enum squeeze form, size_t offset)
{
	unsigned line = 1;
	size_t read;

	put(NULL, offset + 1, bytes, size, form, &read);
	for (size_t i = 0; i < read; i++)
		line += bytes[i] == '\n' && i + 1 < read;
	return line;
}
