/* text - a growing string of bytes, wiped when it is let go */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * { 0 } is an empty text. data is NULL or NUL-ended at data[size]; the bytes
 * before may hold NUL. Old memory is wiped, since a text may be embargoed.
 */
struct text {
	char *data; /* owned */
	size_t size, room;
};

void text_clear(struct text *text);
const char *text_string(const struct text *text); /* never NULL; borrowed */

void text_add(struct text *text, const void *bytes, size_t size);
void text_adds(struct text *text, const char *string);
void text_addc(struct text *text, char byte);
void text_addf(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

void text_hex(struct text *text, const void *bytes, size_t size);
/* The other way: false unless the string is just that many bytes, in either case of digits. */
bool text_unhex(void *bytes, size_t size, const char *string);
/* RFC 4648 base64 in CRLF lines of at most `width` characters; 0: one line. */
void text_base64(struct text *text, const void *bytes, size_t size, size_t width);

/*
 * The string with everything that is not printable ASCII or clean UTF-8 as \xNN, cut
 * before a character with which it would be more than `most` bytes; false: it was cut.
 */
bool text_clean(struct text *text, const char *string, size_t most);
/* For messages: the same, cut at some 100 bytes, which "..." then shows. */
void text_quote(struct text *text, const char *string);

#endif
