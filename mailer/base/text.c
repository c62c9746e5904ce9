#include "base/text.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

static void
make_room(struct text *text, size_t more)
{
	size_t room = text->room ? text->room : 64;
	char *data;

	if (text->size + more < text->room)
		return;
	while (room <= text->size + more)
		room *= 2;
	data = mem_new(room);
	if (text->data) {
		memcpy(data, text->data, text->size);
		explicit_bzero(text->data, text->size);
		free(text->data);
	}
	text->data = data;
	text->room = room;
}

void
text_clear(struct text *text)
{
	if (text->data)
		explicit_bzero(text->data, text->size);
	free(text->data);
	*text = (struct text){ 0 };
}

const char *
text_string(const struct text *text)
{
	return text->data ? text->data : "";
}

void
text_add(struct text *text, const void *bytes, size_t size)
{
	make_room(text, size);
	if (size)
		memcpy(text->data + text->size, bytes, size);
	text->size += size;
	text->data[text->size] = '\0';
}

void
text_adds(struct text *text, const char *string)
{
	text_add(text, string, strlen(string));
}

void
text_addc(struct text *text, char byte)
{
	text_add(text, &byte, 1);
}

void
text_addf(struct text *text, const char *format, ...)
{
	va_list arguments;
	int size;

	va_start(arguments, format);
	size = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (size <= 0)
		return;
	make_room(text, (size_t)size);
	va_start(arguments, format);
	vsnprintf(text->data + text->size, (size_t)size + 1, format, arguments);
	va_end(arguments);
	text->size += (size_t)size;
}

void
text_hex(struct text *text, const void *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *byte = bytes;

	for (size_t i = 0; i < size; i++) {
		text_addc(text, digits[byte[i] >> 4]);
		text_addc(text, digits[byte[i] & 15]);
	}
}

bool
text_unhex(void *bytes, size_t size, const char *string)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char *out = bytes;

	if (strlen(string) != 2 * size)
		return false;
	for (size_t i = 0; i < 2 * size; i++) {
		const char *digit = strchr(digits, tolower((unsigned char)string[i]));

		if (!digit)
			return false;
		out[i / 2] = (unsigned char)(out[i / 2] << 4 | (digit - digits));
	}
	return true;
}

static void
base64_group(char out[4], const unsigned char *in, size_t size)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz0123456789+/";
	unsigned bits = (unsigned)in[0] << 16;

	if (size > 1)
		bits |= (unsigned)in[1] << 8;
	if (size > 2)
		bits |= in[2];
	out[0] = digits[bits >> 18 & 63];
	out[1] = digits[bits >> 12 & 63];
	out[2] = size > 1 ? digits[bits >> 6 & 63] : '=';
	out[3] = size > 2 ? digits[bits & 63] : '=';
}

/* Line by line into room that is there already: an attachment has megabytes. */
void
text_base64(struct text *text, const void *bytes, size_t size, size_t width)
{
	const unsigned char *in = bytes;
	size_t line = width ? width / 4 * 3 : size, n;
	char *out;

	make_room(text, (size + 2) / 3 * 4 + (width ? size / line * 2 + 2 : 0));
	out = text->data + text->size;
	for (size_t i = 0; i < size; i += n) {
		n = size - i < line ? size - i : line;
		for (size_t j = 0; j < n; j += 3, out += 4)
			base64_group(out, in + i + j, n - j < 3 ? n - j : 3);
		if (width) {
			*out++ = '\r';
			*out++ = '\n';
		}
	}
	*out = '\0';
	text->size = (size_t)(out - text->data);
}

bool
text_clean(struct text *text, const char *string, size_t most)
{
	size_t length = strlen(string), start = text->size, size;

	for (size_t i = 0; i < length; i += size) {
		size = utf8_clean(string + i, length - i);
		if (text->size - start + (size ? size : 4) > most)
			return false;
		if (size) {
			text_add(text, string + i, size);
		} else {
			text_addf(text, "\\x%02X", (unsigned char)string[i]);
			size = 1;
		}
	}
	return true;
}

void
text_quote(struct text *text, const char *string)
{
	if (!text_clean(text, string, 100))
		text_adds(text, "...");
}
