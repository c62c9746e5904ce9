/* mime_parts - the body of a multipart, put together by libetpan from parts that are encoded already */
#ifndef EDGE_MIME_PARTS_H
#define EDGE_MIME_PARTS_H

#include "base/text.h"

/*
 * Nothing is encoded or checked here. libetpan could not: it has no RFC 2047 or
 * RFC 2231, doubles blanks in quoted-printable, and writes a CR LF in a name as it
 * is, as one more header line.
 */
struct parts; /* opaque */

enum part_encoding { PART_7BIT, PART_BASE64 };

struct parts *parts_new(const char *boundary);
/*
 * The media type and the disposition (NULL: none) stand with their parameters; the
 * data is taken over: 7-bit, CRLF, no CRLF at the end that is not content.
 */
void parts_add(struct parts *parts, const char *type, enum part_encoding encoding,
    const char *disposition, struct text *data);
/* Appends from the first boundary line to the last one, and frees the parts. */
void parts_write(struct text *text, struct parts *parts);

#endif
