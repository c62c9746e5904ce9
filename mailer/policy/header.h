/* header - words of a mail header: RFC 5322 folding, RFC 2047 words, RFC 2231 parameters */
#ifndef POLICY_HEADER_H
#define POLICY_HEADER_H

#include <stdbool.h>

#include "base/text.h"

/*
 * All of these append 7-bit text without CR, LF or NUL other than folds
 * (CRLF, space) of their own making, in lines under 78 characters where words allow.
 * Input must be utf8_line; what is not is written as "?".
 */

/* Unstructured text (a Subject), behind a header name that took `column` columns. */
void header_words(struct text *text, const char *string, size_t column);
/* A display name: an atom, a quoted string or encoded words. */
void header_phrase(struct text *text, const char *name, size_t column);
/* A MIME parameter: `; name="value"`, or RFC 2231 `; name*=utf-8''...` in pieces. */
void header_parameter(struct text *text, const char *name, const char *value);

#endif
