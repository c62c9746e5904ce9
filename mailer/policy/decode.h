/* decode - finds what stands in a text as base64 or as hexadecimal digits */
#ifndef POLICY_DECODE_H
#define POLICY_DECODE_H

#include <stddef.h>

#include "base/text.h"

/*
 * Calls `found` for each stretch that decodes to at least 24 bytes, with the line that
 * it begins in. base64 (RFC 4648, also URL-safe) may be wrapped, indented and quoted, in
 * a string or a diff; hex may be split into pairs by marks and blanks, as in "de:ad",
 * "\xde\xad" or "0xde, 0xad", or stand in the rows of a dump. Whatever could be encoded
 * is decoded: prose may give rubbish.
 */
void decode(const char *bytes, size_t size,
    void (*found)(void *ctx, unsigned line, struct text *decoded), void *ctx);

#endif
