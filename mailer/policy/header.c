#include "policy/header.h"

#include <stdint.h>
#include <string.h>

#include "base/utf8.h"

#define LINE 76 /* RFC 2047, 2: the most that a line with an encoded word may have */
#define WORD_FRAME 12 /* "=?utf-8?B?" and "?=" */

/* Each character that must not be in a header becomes one "?". */
static void
clean(struct text *text, const char *string)
{
	size_t size = strlen(string), length;
	uint32_t character;

	for (size_t i = 0; i < size; i += length) {
		length = utf8_clean(string + i, size - i);
		if (length) {
			text_add(text, string + i, length);
			continue;
		}
		text_addc(text, '?');
		length = utf8_decode(string + i, size - i, &character);
		if (length == 0)
			length = 1;
	}
}

/*
 * Printable ASCII that no reader takes for something else: "=?" could be an
 * encoded word, and blanks at an end or in a row do not survive a fold.
 */
static bool
is_plain(const char *string)
{
	size_t size = strlen(string);

	for (size_t i = 0; i < size; i++)
		if (string[i] < ' ' || string[i] > '~')
			return false;
	if (size && (string[0] == ' ' || string[size - 1] == ' '))
		return false;
	return !strstr(string, "=?") && !strstr(string, "  ");
}

/* Behind `column`, each of its words fits into a line, the first one into this one. */
static bool
words_fit(const char *string, size_t column)
{
	size_t room = column < LINE ? LINE - column : 0;

	for (;;) {
		size_t length = strcspn(string, " ");

		if (length > room)
			return false;
		if (string[length] == '\0')
			return true;
		string += length + 1;
		room = LINE - 1;
	}
}

/* Words that fit, with a fold in place of the blank where the line is full. */
static void
add_folded(struct text *text, const char *string, size_t column)
{
	for (;;) {
		size_t length = strcspn(string, " ");

		text_add(text, string, length);
		column += length;
		if (string[length] == '\0')
			return;
		string += length + 1;
		if (column + 1 + strcspn(string, " ") > LINE) {
			text_adds(text, "\r\n ");
			column = 1;
		} else {
			text_addc(text, ' ');
			column++;
		}
	}
}

/* How many bytes of whole characters fit into `room`; always at least one character. */
static size_t
characters_within(const char *string, size_t room)
{
	size_t size = strlen(string), fit = 0;

	while (fit < size) {
		size_t length = utf8_clean(string + fit, size - fit);

		if (fit && fit + length > room)
			break;
		fit += length;
	}
	return fit;
}

/*
 * The whole as base64 words of RFC 2047, cut between characters. Blanks between
 * encoded words do not count, so that the folds between them add nothing.
 */
static void
add_encoded(struct text *text, const char *string, size_t column)
{
	while (*string) {
		size_t room =
		    column + WORD_FRAME < LINE ? (LINE - column - WORD_FRAME) / 4 * 3 : 0;
		size_t size;

		if (room < 4) { /* the longest character */
			text_adds(text, "\r\n ");
			column = 1;
			continue;
		}
		size = characters_within(string, room);
		text_adds(text, "=?utf-8?B?");
		text_base64(text, string, size, 0);
		text_adds(text, "?=");
		string += size;
		column = LINE;
	}
}

void
header_words(struct text *text, const char *string, size_t column)
{
	struct text words = { 0 };

	clean(&words, string);
	string = text_string(&words);
	if (is_plain(string) && words_fit(string, column))
		add_folded(text, string, column);
	else
		add_encoded(text, string, column);
	text_clear(&words);
}

/* The atoms of RFC 5322, 3.2.3, with single blanks between them. */
static bool
is_atoms(const char *string)
{
	static const char atext[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789!#$%&'*+-/=?^_`{|}~ ";

	return *string && string[strspn(string, atext)] == '\0';
}

static void
add_quoted(struct text *text, const char *string)
{
	text_addc(text, '"');
	for (; *string; string++) {
		if (*string == '"' || *string == '\\')
			text_addc(text, '\\');
		text_addc(text, *string);
	}
	text_addc(text, '"');
}

void
header_phrase(struct text *text, const char *name, size_t column)
{
	struct text phrase = { 0 }, quoted = { 0 };
	bool plain;

	clean(&phrase, name);
	name = text_string(&phrase);
	add_quoted(&quoted, name);
	plain = is_plain(name) && words_fit(name, column);
	if (plain && is_atoms(name))
		add_folded(text, name, column);
	else if (plain && column + quoted.size <= LINE)
		text_adds(text, text_string(&quoted));
	else
		add_encoded(text, name, column);
	text_clear(&phrase);
	text_clear(&quoted);
}

/* RFC 2231: what is not certain to need no encoding is written as %NN. */
static void
add_percent(struct text *text, const char *bytes, size_t size)
{
	static const char itself[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";

	for (size_t i = 0; i < size; i++)
		if (strchr(itself, bytes[i]))
			text_addc(text, bytes[i]);
		else
			text_addf(text, "%%%02X", (unsigned char)bytes[i]);
}

/* NAME*0*=, NAME*1*= ..., a line each; no character is cut in two. */
static void
add_pieces(struct text *text, const char *name, const char *value)
{
	size_t size = strlen(value), length;
	struct text line = { 0 }, character = { 0 };

	for (size_t i = 0, piece = 0; i < size; i += length) {
		length = utf8_clean(value + i, size - i);
		add_percent(&character, value + i, length);
		if (line.size && line.size + character.size + 1 > LINE) {
			text_addf(text, ";\r\n%s", text_string(&line));
			text_clear(&line);
		}
		if (line.size == 0)
			text_addf(
			    &line, " %s*%zu*=%s", name, piece++, i == 0 ? "utf-8''" : "");
		text_adds(&line, text_string(&character));
		text_clear(&character);
	}
	text_addf(text, ";\r\n%s", text_string(&line));
	text_clear(&line);
}

/*
 * Quotes, backslashes and angle brackets are not left to a quoted string: readers
 * disagree on what of it they undo or take off, and RFC 2231 leaves no doubt.
 */
void
header_parameter(struct text *text, const char *name, const char *value)
{
	struct text whole = { 0 }, percent = { 0 };

	clean(&whole, value);
	value = text_string(&whole);
	add_percent(&percent, value, whole.size);
	if (is_plain(value) && !strpbrk(value, "\"\\<>") &&
	    strlen(name) + whole.size + sizeof " =\"\";" - 1 <= LINE)
		text_addf(text, ";\r\n %s=\"%s\"", name, value);
	else if (strlen(name) + percent.size + sizeof " *=utf-8'';" - 1 <= LINE)
		text_addf(text, ";\r\n %s*=utf-8''%s", name, text_string(&percent));
	else
		add_pieces(text, name, value);
	text_clear(&whole);
	text_clear(&percent);
}
