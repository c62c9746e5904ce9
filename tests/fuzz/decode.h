/* decode - reads back what mail is written in, by other code than the program's own */
#ifndef FUZZ_DECODE_H
#define FUZZ_DECODE_H

#include "base/text.h"
#include "fuzz.h"

static inline int
base64_digit(char c)
{
	static const char digits[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const char *found = c ? strchr(digits, c) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* Strict: whole groups, padding at the end alone and its bits zero; line ends are skipped. */
static inline bool
decode_base64(struct text *out, const char *in, size_t size)
{
	unsigned bits = 0;
	size_t digits = 0, pads = 0;

	for (size_t i = 0; i < size; i++) {
		int digit = base64_digit(in[i]);

		if (in[i] == '\r' || in[i] == '\n')
			continue;
		if (in[i] == '=')
			pads++;
		else if (digit < 0 || pads)
			return false;
		else
			digits++;
		bits = bits << 6 | (digit < 0 ? 0 : (unsigned)digit);
		if ((digits + pads) % 4)
			continue;
		text_addc(out, (char)(bits >> 16));
		if (pads < 2)
			text_addc(out, (char)(bits >> 8));
		if (pads < 1)
			text_addc(out, (char)bits);
		if (pads && bits << (8 * (3 - pads)) & 0xffffff)
			return false;
		bits = 0;
	}
	return (digits + pads) % 4 == 0 && pads <= 2;
}

/* RFC 4880, 6.1, as it stands there. */
static inline uint32_t
crc24(const uint8_t *bytes, size_t size)
{
	uint32_t crc = 0xb704ce;

	while (size--) {
		crc ^= (uint32_t)*bytes++ << 16;
		for (int i = 0; i < 8; i++) {
			crc <<= 1;
			if (crc & 0x1000000)
				crc ^= 0x1864cfb;
		}
	}
	return crc & 0xffffff;
}

/* RFC 5322, 2.2.3: the CRLF of a fold goes, its blank stays. False: another CR or LF. */
static inline bool
unfold(struct text *out, const char *in, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (in[i] != '\r' && in[i] != '\n') {
			text_addc(out, in[i]);
			continue;
		}
		if (size - i < 3 || in[i] != '\r' || in[i + 1] != '\n' ||
		    (in[i + 2] != ' ' && in[i + 2] != '\t'))
			return false;
		i++;
	}
	return true;
}

/* An encoded word at the start; its length, or 0. */
static inline size_t
decode_word(struct text *out, const char *in)
{
	static const char start[] = "=?utf-8?B?";
	const char *end;
	struct text word = { 0 };

	if (strncmp(in, start, strlen(start)) != 0)
		return 0;
	in += strlen(start);
	end = strstr(in, "?=");
	must(end && end - in + 12 <= 75, "an encoded word has at most 75 characters");
	must(decode_base64(&word, in, (size_t)(end - in)), "an encoded word is base64");
	must(is_line(text_string(&word), word.size),
	    "an encoded word has whole characters");
	text_add(out, text_string(&word), word.size);
	text_clear(&word);
	return (size_t)(end - in) + 12;
}

/* RFC 2047: an unfolded text; the blanks between two encoded words are not part of it. */
static inline void
decode_words(struct text *out, const char *in)
{
	size_t length;

	while (*in) {
		const char *next = in + strspn(in, " ");

		length = decode_word(out, in);
		if (!length) {
			text_addc(out, *in++);
			continue;
		}
		in += length;
		next = in + strspn(in, " ");
		must(!*in || *in == ' ', "an encoded word ends at a blank");
		if (strncmp(next, "=?utf-8?B?", 10) == 0)
			in = next;
	}
}

/* A display name: words, or one quoted string. */
static inline void
decode_phrase(struct text *out, const char *in)
{
	if (*in != '"') {
		decode_words(out, in);
		return;
	}
	for (in++; *in && *in != '"'; in++) {
		if (*in == '\\')
			in++;
		must(*in, "a quoted pair is whole");
		text_addc(out, *in);
	}
	must(strcmp(in, "\"") == 0, "a quoted string ends with its quote");
}

static inline void
decode_percent(struct text *out, const char *in, size_t size)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < size; i++) {
		if (in[i] != '%') {
			must(!strchr(" \"'()*;<=>@\\", in[i]), "the rest is encoded");
			text_addc(out, in[i]);
			continue;
		}
		must(size - i > 2 && strchr(hex, in[i + 1]) && strchr(hex, in[i + 2]),
		    "an octet is encoded in two digits");
		text_addc(out,
		    (char)((strchr(hex, in[i + 1]) - hex) * 16 +
			(strchr(hex, in[i + 2]) - hex)));
		i += 2;
	}
}

/* One `NAME="value"`, `NAME*=utf-8''value` or piece `NAME*N*=value` of an unfolded list. */
static inline void
decode_piece(
    struct text *out, const char *name, size_t count, const char *in, size_t size)
{
	char number[32];
	const char *end = in + size;

	must(size > strlen(name) && strncmp(in, name, strlen(name)) == 0,
	    "no other parameter than the one asked for");
	in += strlen(name);
	if (*in == '=') {
		must(count == 0 && end - in > 2 && in[1] == '"' && end[-1] == '"',
		    "a plain parameter is quoted");
		must(!memchr(in + 2, '"', (size_t)(end - in) - 3) &&
			!memchr(in + 2, '\\', (size_t)(end - in) - 3),
		    "what is quoted holds no quote");
		text_add(out, in + 2, (size_t)(end - in) - 3);
		return;
	}
	snprintf(number, sizeof number, "*%zu", count);
	if (strncmp(in, number, strlen(number)) == 0)
		in += strlen(number);
	else
		must(count == 0, "pieces are numbered from 0 on");
	must(strncmp(in, "*=", 2) == 0, "a piece is encoded");
	in += 2;
	if (count == 0) {
		must(strncmp(in, "utf-8''", 7) == 0, "it names its character set");
		in += 7;
	}
	decode_percent(out, in, (size_t)(end - in));
}

/* RFC 2231: the value of a parameter that stands alone, "; name=..." and pieces. */
static inline void
decode_parameter(struct text *out, const char *name, const char *unfolded)
{
	for (size_t count = 0; *unfolded; count++) {
		const char *end;
		bool quoted = false;

		must(strncmp(unfolded, "; ", 2) == 0, "a parameter follows a semicolon");
		unfolded += 2;
		for (end = unfolded; *end && (quoted || *end != ';'); end++)
			quoted ^= *end == '"';
		decode_piece(out, name, count, unfolded, (size_t)(end - unfolded));
		unfolded = end;
	}
}

#endif
