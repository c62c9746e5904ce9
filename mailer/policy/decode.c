#include "policy/decode.h"

#include <stdbool.h>
#include <string.h>

enum { DECODED_LEAST = 24, TOKEN_LEAST = 16, GAP_MOST = 64, OFFSET_LEAST = 4 };

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

/* How long the mark at `at` is: a byte, or the "\n" of a string. */
static size_t
mark(const struct decoding *decoding, size_t at)
{
	const char *bytes = decoding->bytes;

	return bytes[at] == '\\' && at + 1 < decoding->size &&
		(bytes[at + 1] == 'n' || bytes[at + 1] == 'r')
	    ? 2
	    : 1;
}

/* Where the next line's token begins, behind marks of quoting; `at` when there is none. */
static size_t
next_token(const struct decoding *decoding, size_t at)
{
	bool line = false;

	for (size_t i = at; i < decoding->size && i - at < GAP_MOST;) {
		char byte = decoding->bytes[i];
		size_t length = mark(decoding, i);

		if (byte == '=')
			return at;
		if (sextet(byte) >= 0)
			return line ? i : at;
		line |= byte == '\n' || byte == '\r' || length > 1;
		i += length;
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

/* The mark of a diff in front of a line: no encoder makes lines of such a length. */
static bool
is_added(const struct decoding *decoding, size_t begin, size_t length)
{
	const char *bytes = decoding->bytes;

	if (bytes[begin] != '+' && bytes[begin] != '-')
		return false;
	for (size_t end = begin + length; end < decoding->size && bytes[end] == '=';
	     end++)
		length++;
	return length % 4 == 1;
}

/* Whether the line at `next` may belong to the stretch: all have the mark, or none. */
static bool
goes_on(const struct decoding *decoding, size_t begin, size_t width, size_t next)
{
	size_t length = token(decoding, next);

	if (is_added(decoding, begin, width))
		return decoding->bytes[next] == decoding->bytes[begin];
	return length != width || !is_added(decoding, next, length);
}

/*
 * Lines of one length, and a shorter one that ends them. Returns the end, or where the
 * last line begins if that may be another's first line: what follows goes on with it,
 * or by itself it would read otherwise.
 */
static size_t
read_base64(struct decoding *decoding, size_t begin, size_t width)
{
	struct text decoded = { 0 };
	unsigned bits = 0, held = 0, step;
	bool added = is_added(decoding, begin, width), follows;
	size_t at = begin, length = width;

	for (;;) {
		size_t next;

		step = held;
		add_sextets(
		    &decoded, &bits, &held, decoding->bytes + at + added, length - added);
		next = next_token(decoding, at + length);
		follows = next != at + length && token(decoding, next) <= length &&
		    goes_on(decoding, begin, width, next);
		if (length != width || !follows)
			break;
		at = next;
		length = token(decoding, at);
	}
	tell(decoding, begin, &decoded);
	if (length >= TOKEN_LEAST &&
	    (step || (length < width && follows) ||
		(added && !is_added(decoding, at, length))))
		return at;
	return at + length;
}

static void
decode_base64(struct decoding *decoding)
{
	size_t at = 0;

	while (at < decoding->size) {
		size_t length = token(decoding, at);

		if (length >= TOKEN_LEAST)
			at = read_base64(decoding, at, length);
		else
			at += length ? length : mark(decoding, at);
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

static bool
is_mark(char byte)
{
	return (unsigned char)byte < 0x80 && byte &&
	    (sextet(byte) < 0 || strchr("+-/_", byte));
}

/* What may stand between two pairs: nothing, or a few marks, and "x" or "0x". */
static size_t
pair_gap(const struct decoding *decoding, size_t at)
{
	const char *bytes = decoding->bytes;
	size_t end = at;

	while (end < decoding->size && end - at < GAP_MOST && is_mark(bytes[end]))
		end += mark(decoding, end);
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

static size_t
blanks(const char *line, size_t size)
{
	size_t count = 0;

	while (count < size && (line[count] == ' ' || line[count] == '\t'))
		count++;
	return count;
}

/* Where the bytes of a dump's row begin, "00000010: 6465 6164  dead"; 0: it is none. */
static size_t
row_begin(const char *line, size_t size)
{
	size_t at = 0, digits;

	while (at < size && at < GAP_MOST && is_mark(line[at]))
		at++;
	digits = at;
	while (at < size && nibble(line[at]) >= 0)
		at++;
	if (at - digits < OFFSET_LEAST)
		return 0;
	at += at < size && line[at] == ':';
	return blanks(line + at, size - at) ? at + blanks(line + at, size - at) : 0;
}

/* Two blanks end the bytes, but for those after eight of them. */
static void
add_row(struct text *rows, const char *line, size_t size)
{
	struct decoding row = { .bytes = line, .size = size };
	size_t at = row_begin(line, size), count = 0;

	if (!at)
		text_addc(rows, 'g'); /* not a digit: rows before and behind are apart */
	while (at && pair(&row, at) >= 0) {
		size_t gap = blanks(line + at + 2, size - at - 2);

		text_add(rows, line + at, 2);
		count++;
		if (gap > 1 && count != 8)
			break;
		at += 2 + gap;
	}
	text_addc(rows, '\n');
}

static void
decode_dumps(struct decoding *decoding)
{
	struct text rows = { 0 };
	struct decoding pairs = *decoding;

	for (size_t at = 0, size; at < decoding->size; at += size + 1) {
		const char *line = decoding->bytes + at, *end;

		end = memchr(line, '\n', decoding->size - at);
		size = end ? (size_t)(end - line) : decoding->size - at;
		add_row(&rows, line, size);
	}
	pairs.bytes = text_string(&rows);
	pairs.size = rows.size;
	decode_hex(&pairs);
	text_clear(&rows);
}

void
decode(const char *bytes, size_t size,
    void (*found)(void *ctx, unsigned line, struct text *decoded), void *ctx)
{
	struct decoding base64 = { bytes, size, 0, 1, found, ctx };
	struct decoding hex = base64, dumps = base64;

	decode_base64(&base64);
	decode_hex(&hex);
	decode_dumps(&dumps);
}
