#include "base/utf8.h"

#include <string.h>

size_t
utf8_decode(const char *bytes, size_t size, uint32_t *character)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	const unsigned char *byte = (const unsigned char *)bytes;
	size_t length;
	uint32_t value;

	if (size == 0)
		return 0;
	if (byte[0] < 0x80)
		length = 1, value = byte[0];
	else if (byte[0] >> 5 == 6)
		length = 2, value = byte[0] & 0x1f;
	else if (byte[0] >> 4 == 14)
		length = 3, value = byte[0] & 0x0f;
	else if (byte[0] >> 3 == 30)
		length = 4, value = byte[0] & 0x07;
	else
		return 0;
	if (length > size)
		return 0;
	for (size_t i = 1; i < length; i++) {
		if (byte[i] >> 6 != 2)
			return 0;
		value = value << 6 | (byte[i] & 0x3f);
	}
	if (value < least[length] || value > 0x10ffff || (value >> 11) == 0x1b)
		return 0;
	*character = value;
	return length;
}

static bool
within(uint32_t c, uint32_t first, uint32_t last)
{
	return first <= c && c <= last;
}

size_t
utf8_clean(const char *bytes, size_t size)
{
	uint32_t c;
	size_t length = utf8_decode(bytes, size, &c);

	if (length == 0 || c < 0x20 || within(c, 0x7f, 0x9f))
		return 0;
	if (c == 0xad || c == 0x61c || c == 0x180e || c == 0xfeff)
		return 0;
	if (within(c, 0x200b, 0x200f) || within(c, 0x2028, 0x202e))
		return 0;
	if (within(c, 0x2060, 0x206f) || within(c, 0xfff9, 0xfffb))
		return 0;
	if ((c & 0xfffe) == 0xfffe || within(c, 0xfdd0, 0xfdef) ||
	    within(c, 0xe0000, 0xe0fff)) /* non-characters, tags */
		return 0;
	return length;
}

bool
utf8_line(const char *bytes, size_t size)
{
	for (size_t i = 0, length; i < size; i += length) {
		length = utf8_clean(bytes + i, size - i);
		if (length == 0)
			return false;
	}
	return true;
}

bool
utf8_text(const char *bytes, size_t size)
{
	for (size_t i = 0, length; i < size; i += length) {
		length = utf8_clean(bytes + i, size - i);
		if (bytes[i] == '\n' || bytes[i] == '\t')
			length = 1;
		if (length == 0)
			return false;
	}
	return true;
}

/* East Asian wide and full-width blocks, combining marks: good enough for tables. */
static size_t
columns(uint32_t c)
{
	if (within(c, 0x300, 0x36f) || within(c, 0xfe00, 0xfe0f))
		return 0;
	if (within(c, 0x1100, 0x115f) || within(c, 0x2e80, 0xa4cf) ||
	    within(c, 0xac00, 0xd7a3) || within(c, 0xf900, 0xfaff) ||
	    within(c, 0xfe30, 0xfe6f) || within(c, 0xff00, 0xff60) ||
	    within(c, 0xffe0, 0xffe6) || within(c, 0x1f300, 0x1faff) ||
	    within(c, 0x20000, 0x3fffd))
		return 2;
	return 1;
}

size_t
utf8_columns(const char *string)
{
	size_t size = strlen(string), total = 0, length;
	uint32_t c;

	for (size_t i = 0; i < size; i += length) {
		length = utf8_decode(string + i, size - i, &c);
		total += length ? columns(c) : 1;
		if (length == 0)
			length = 1;
	}
	return total;
}
