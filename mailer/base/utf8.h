/* utf8 - which bytes we dare show, store and send */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Decodes one character (RFC 3629: shortest form, no surrogates). Returns its
 * length in bytes, or 0 where there is none.
 */
size_t utf8_decode(const char *bytes, size_t size, uint32_t *character);

/*
 * The length of one character that may stand in a header, a name or a line of
 * a terminal; 0 where there is none. Not clean are control characters, line and
 * paragraph separators, bidirectional controls, invisible ones and the BOM.
 */
size_t utf8_clean(const char *bytes, size_t size);

/* Each character is clean: one line of text. */
bool utf8_line(const char *bytes, size_t size);
/* As utf8_line, with LF and tab allowed: the text of a notice. */
bool utf8_text(const char *bytes, size_t size);

/* Columns on a terminal, without asking the locale: wide East Asian blocks take two. */
size_t utf8_columns(const char *string);

#endif
