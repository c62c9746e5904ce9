#include "policy/decode.h"

#include <stdbool.h>
#include <string.h>

enum { DECODED_LEAST = 24, TOKEN_LEAST = 16, GAP_MOST = 64 };

struct decoding {
	const char *bytes;
	size_t size;
	size_t counted; /* lines are counted up to here */
	unsigned line;
	void (*found)(void *ctx, unsigned line, struct text *decoded);
	void *ctx;
};

/* Stretches come in ascending order. */
static void
tell(struct decoding *decoding, size_t begin, struct text *decoded)
{
	if (decoded->size >= DECODED_LEAST) {
		for (; decoding->counted < begin; decoding->counted++)
			decoding->line += decoding->bytes[decoding->counted] == '\n';
		decoding->found(decoding->ctx, decoding->line, decoded);
	}
	text_clear(decoded);
}

/* Six bits, or -1. */
static int
sextet(char byte)
{
	if (byte >= 'A' && byte <= 'Z')
		return byte - 'A';
	if (byte >= 'a' && byte <= 'z')
		return byte - 'a' + 26;
	if (byte >= '0' && byte <= '9')
		return byte - '0' + 52;
	if (byte == '+' || byte == '-')
		return 62;
	return byte == '/' || byte == '_' ? 63 : -1;
}

static size_t
token(const struct decoding *decoding, size_t at)
{
	size_t end = at;

	while (end < decoding->size && sextet(decoding->bytes[end]) >= 0)
		end++;
	return end - at;
}

/* Where the next line's token begins, behind marks of quoting; `at` when there is none. */
static size_t
next_token(const struct decoding *decoding, size_t at)
{
	bool line = false;

	for (size_t i = at; i < decoding->size && i - at < GAP_MOST; i++) {
		char byte = decoding->bytes[i];

		if (byte == '=')
			return at;
		if (sextet(byte) >= 0)
			return line ? i : at;
		line |= byte == '\n' || byte == '\r';
	}
	return at;
}

static void
add_sextets(
    struct text *decoded, unsigned *bits, unsigned *held, const char *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		*bits = (*bits << 6 | (unsigned)sextet(bytes[i])) & 0xFFFF;
		*held += 6;
		if (*held >= 8) {
			*held -= 8;
			text_addc(decoded, (char)(*bits >> *held & 0xFF));
		}
	}
}

/* Lines of one length, and a shorter one that ends them. Returns the end. */
static size_t
read_base64(struct decoding *decoding, size_t begin, size_t width)
{
	struct text decoded = { 0 };
	unsigned bits = 0, held = 0;
	size_t at = begin, length = width;

	for (;;) {
		size_t next;

		add_sextets(&decoded, &bits, &held, decoding->bytes + at, length);
		at += length;
		next = next_token(decoding, at);
		if (length != width || next == at || token(decoding, next) > width)
			break;
		at = next;
		length = token(decoding, at);
	}
	tell(decoding, begin, &decoded);
	return at;
}

static void
decode_base64(struct decoding *decoding)
{
	for (size_t at = 0; at < decoding->size; at++) {
		size_t length = token(decoding, at);

		if (length >= TOKEN_LEAST)
			at = read_base64(decoding, at, length);
		else
			at += length;
	}
}

static int
nibble(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	if (byte >= 'a' && byte <= 'f')
		return byte - 'a' + 10;
	return byte >= 'A' && byte <= 'F' ? byte - 'A' + 10 : -1;
}

/* What may stand between two pairs: nothing, or a few of these, and "x" or "0x". */
static size_t
pair_gap(const struct decoding *decoding, size_t at)
{
	const char *bytes = decoding->bytes;
	size_t end = at;

	while (end < decoding->size && end - at < GAP_MOST && bytes[end] &&
	    strchr(" \t\r\n,;:\\\"'{}%|>", bytes[end]))
		end++;
	if (end + 1 < decoding->size && bytes[end] == '0' &&
	    (bytes[end + 1] == 'x' || bytes[end + 1] == 'X'))
		return end + 2 - at;
	if (end > at && end < decoding->size &&
	    (bytes[end] == 'x' || bytes[end] == 'X') && bytes[end - 1] == '\\')
		end++;
	return end - at;
}

/* The byte that the pair of digits at `at` stands for; -1: there is no pair. */
static int
pair(const struct decoding *decoding, size_t at)
{
	int high, low;

	if (at + 1 >= decoding->size)
		return -1;
	high = nibble(decoding->bytes[at]);
	low = nibble(decoding->bytes[at + 1]);
	return high < 0 || low < 0 ? -1 : high * 16 + low;
}

static size_t
read_hex(struct decoding *decoding, size_t begin)
{
	struct text decoded = { 0 };
	size_t at = begin, next = begin;
	int byte;

	while ((byte = pair(decoding, next)) >= 0) {
		text_addc(&decoded, (char)byte);
		at = next + 2;
		next = at + pair_gap(decoding, at);
	}
	tell(decoding, begin, &decoded);
	return at;
}

static void
decode_hex(struct decoding *decoding)
{
	size_t at = 0;

	while (at < decoding->size) {
		if (decoding->bytes[at] == '0' && pair_gap(decoding, at) == 2)
			at += 2; /* "0x" is no digit */
		else if (pair(decoding, at) >= 0)
			at = read_hex(decoding, at);
		else
			at++;
	}
}

void
decode(const char *bytes, size_t size,
    void (*found)(void *ctx, unsigned line, struct text *decoded), void *ctx)
{
	struct decoding base64 = { bytes, size, 0, 1, found, ctx }, hex = base64;

	decode_base64(&base64);
	decode_hex(&hex);
}
