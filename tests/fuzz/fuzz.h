/* fuzz - what fuzzers share: their entry, promises, fields of the input, an eye for clean text */
#ifndef FUZZ_H
#define FUZZ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* A promise that does not hold ends the fuzzer, which then keeps the input. */
static inline void
must(bool holds, const char *promise)
{
	if (holds)
		return;
	fprintf(stderr, "fuzz: broken: %s\n", promise);
	abort();
}

/* What is left of the input. */
struct input {
	const uint8_t *bytes;
	size_t size;
};

static inline unsigned
input_byte(struct input *in)
{
	if (in->size == 0)
		return 0;
	in->size--;
	return *in->bytes++;
}

/* The bytes up to the next `end`, which is passed over, as a string that the caller frees. */
static inline char *
input_until(struct input *in, char end, size_t *size)
{
	const uint8_t *stop = in->size ? memchr(in->bytes, end, in->size) : NULL;
	char *string;

	*size = stop ? (size_t)(stop - in->bytes) : in->size;
	string = malloc(*size + 1);
	must(string, "there is memory");
	if (*size)
		memcpy(string, in->bytes, *size);
	string[*size] = '\0';
	in->bytes += *size + (stop != NULL);
	in->size -= *size + (stop != NULL);
	return string;
}

/* Any bytes but NUL, which ends it in the input, too. */
static inline char *
input_string(struct input *in)
{
	size_t size;

	return input_until(in, '\0', &size);
}

/* The length of the UTF-8 character by the table of RFC 3629, section 4; 0: none is there. */
static inline size_t
utf8_length(const unsigned char *s, size_t size)
{
	unsigned char first = size ? s[0] : 0xff, low = 0x80, high = 0xbf;
	size_t length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

	if (first > 0xf4 || (first >= 0x80 && first < 0xc2) || length > size)
		return 0;
	if (first == 0xe0)
		low = 0xa0;
	if (first == 0xed)
		high = 0x9f;
	if (first == 0xf0)
		low = 0x90;
	if (first == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i < length; i++) {
		if (s[i] < low || s[i] > high)
			return 0;
		low = 0x80;
		high = 0xbf;
	}
	return length;
}

/* What must never be in a line: controls, U+2028 and U+2029, bidirectional controls, a BOM. */
static inline bool
is_foul(const unsigned char *s, size_t length)
{
	static const char *const foul[] = { "\xe2\x80\xa8", "\xe2\x80\xa9",
		"\xe2\x80\xaa", "\xe2\x80\xab", "\xe2\x80\xac", "\xe2\x80\xad",
		"\xe2\x80\xae", "\xe2\x81\xa6", "\xe2\x81\xa7", "\xe2\x81\xa8",
		"\xe2\x81\xa9", "\xe2\x80\x8e", "\xe2\x80\x8f", "\xd8\x9c",
		"\xef\xbb\xbf" };

	if (length == 1)
		return s[0] < 0x20 || s[0] == 0x7f;
	if (length == 2 && s[0] == 0xc2 && s[1] < 0xa0)
		return true;
	for (size_t i = 0; i < sizeof foul / sizeof *foul; i++)
		if (strlen(foul[i]) == length && memcmp(s, foul[i], length) == 0)
			return true;
	return false;
}

/* One line of text that may be shown, by other code than the program's own. */
static inline bool
is_line(const char *string, size_t size)
{
	const unsigned char *s = (const unsigned char *)string;

	for (size_t i = 0, length; i < size; i += length) {
		length = utf8_length(s + i, size - i);
		if (length == 0 || is_foul(s + i, length))
			return false;
	}
	return true;
}

static inline void
must_be_lines(const struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++)
		must(is_line(mistakes->all[i].message, strlen(mistakes->all[i].message)),
		    "a message is one clean line");
}

#endif
