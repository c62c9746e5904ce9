/*
 * Any string as a mail address, as words of a header, as a display name and as a file
 * name: what comes out is 7-bit lines and nothing but folds, and reads back as what
 * went in.
 */
#include "base/utf8.h"
#include "policy/address.h"
#include "policy/header.h"
#include "decode.h"

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* The address that we dare use, letter by letter. */
static bool
is_address(const char *address)
{
	size_t local = 0, label = 0, dots = 0;
	bool number = true;
	char last = '.';

	if (strlen(address) > 254 || strstr(address, "=?"))
		return false;
	for (; *address && *address != '@'; last = *address++, local++)
		if (*address == '.'
			? last == '.'
			: !is_alnum(*address) && !strchr("!#$%&'*+-/=?^_`{|}~", *address))
			return false;
	if (!*address || last == '.' || local > 64)
		return false;
	for (address++, last = '.';; last = *address++) {
		if (*address == '.' || !*address) {
			if (label == 0 || label > 63 || last == '-')
				return false;
			if (!*address)
				return dots > 0 && !number;
			label = 0;
			number = true;
			dots++;
			continue;
		}
		if (!is_alnum(*address) && (*address != '-' || label == 0))
			return false;
		number = number && *address >= '0' && *address <= '9';
		label++;
	}
}

/* One line of a header: its width, and that a fold is not all there is of it. */
static void
check_line(const char *line, size_t size, size_t column, bool folded)
{
	must(column + size <= 77, "a line is short");
	must(!folded || size > strspn(line, " "), "a folded line is not blank");
	for (size_t i = 0; i < size; i++)
		must(line[i] >= ' ' && line[i] <= '~', "printable ASCII and folds alone");
}

static void
check_lines(const struct text *out, size_t column)
{
	const char *line = text_string(out), *end;

	must(strlen(line) == out->size, "no NUL");
	for (; (end = strstr(line, "\r\n")); line = end + 2, column = 0) {
		check_line(line, (size_t)(end - line), column, line != out->data);
		must(end[2] == ' ', "a line end is that of a fold");
	}
	check_line(line, strlen(line), column, out->data && line != out->data);
}

/* The string itself if it is clean, else one that is. */
static void
check_same(const struct text *decoded, const char *string)
{
	must(is_line(text_string(decoded), decoded->size),
	    "what is read is one clean line");
	if (utf8_line(string, strlen(string)))
		must(strcmp(text_string(decoded), string) == 0,
		    "what is read is what was written");
}

static void
check_words(const char *string, size_t column,
    void (*write)(struct text *, const char *, size_t),
    void (*decode)(struct text *, const char *))
{
	struct text out = { 0 }, unfolded = { 0 }, decoded = { 0 };

	write(&out, string, column);
	check_lines(&out, column);
	must(unfold(&unfolded, text_string(&out), out.size), "it unfolds");
	decode(&decoded, text_string(&unfolded));
	check_same(&decoded, string);
	text_clear(&out);
	text_clear(&unfolded);
	text_clear(&decoded);
}

static void
check_parameter(const char *string)
{
	struct text out = { 0 }, unfolded = { 0 }, decoded = { 0 };

	header_parameter(&out, "filename", string);
	must(strncmp(text_string(&out), ";\r\n ", 4) == 0, "each on a line of its own");
	check_lines(&out, 0);
	must(unfold(&unfolded, text_string(&out), out.size), "it unfolds");
	decode_parameter(&decoded, "filename", text_string(&unfolded));
	check_same(&decoded, string);
	text_clear(&out);
	text_clear(&unfolded);
	text_clear(&decoded);
}

/* The column that the header's name took, and a string. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	size_t column = 2 + input_byte(&in) % 30;
	char *string = input_string(&in);

	must(address_ok(string) == is_address(string), "an address is an address");
	check_words(string, column, header_words, decode_words);
	check_words(string, column, header_phrase, decode_phrase);
	check_parameter(string);
	free(string);
	return 0;
}
