#include "edge/mime_parts.h"

#include <stdlib.h>
#include <string.h>

#include <libetpan/mailmime.h>
#include <libetpan/mailmime_types_helper.h>
#include <libetpan/mailmime_write_generic.h>

#include "base/mem.h"

/* libetpan's only reason for NULL, and for an error, is that memory is out. */
struct parts {
	struct mailmime *root; /* owned */
	struct text *data; /* owned; the tree borrows the bytes */
	size_t count;
	char *end; /* owned; the last delimiter */
};

/* By hand, since mailmime_new_empty would add a boundary of its own invention. */
struct parts *
parts_new(const char *boundary)
{
	struct parts *parts = mem_new(sizeof *parts);
	char *type = mem_format("multipart/mixed; boundary=\"%s\"", boundary);
	struct mailmime_content *content = mem_made(mailmime_content_new_with_str(type));

	free(type);
	parts->end = mem_format("--%s--", boundary);
	parts->root = mem_made(mailmime_new(MAILMIME_MULTIPLE, NULL, 0,
	    mem_made(mailmime_fields_new_empty()), content, NULL, NULL, NULL,
	    mem_made(clist_new()), NULL, NULL));
	return parts;
}

/*
 * libetpan quotes the value of every parameter, which RFC 2231 forbids; a
 * disposition of its "extension" kind is written as it is.
 */
static struct mailmime_disposition *
disposition_new(const char *disposition)
{
	char *verbatim = mem_string(disposition); /* libetpan frees it */

	return mem_made(
	    mailmime_disposition_new(mem_made(mailmime_disposition_type_new(
					 MAILMIME_DISPOSITION_TYPE_EXTENSION, verbatim)),
		mem_made(clist_new())));
}

void
parts_add(struct parts *parts, const char *type, enum part_encoding encoding,
    const char *disposition, struct text *data)
{
	int mechanism =
	    encoding == PART_BASE64 ? MAILMIME_MECHANISM_BASE64 : MAILMIME_MECHANISM_7BIT;
	struct mailmime_fields *fields = mem_made(mailmime_fields_new_with_data(
	    mem_made(mailmime_mechanism_new(mechanism, NULL)), NULL, NULL,
	    disposition ? disposition_new(disposition) : NULL, NULL));
	struct mailmime *part = mem_made(
	    mailmime_new_empty(mem_made(mailmime_content_new_with_str(type)), fields));

	part->mm_data.mm_single =
	    mem_made(mailmime_data_new_data(mechanism, 1, text_string(data), data->size));
	if (mailmime_add_part(parts->root, part) != MAILIMF_NO_ERROR)
		mem_out();
	parts->data = mem_room(parts->data, parts->count, sizeof *parts->data);
	parts->data[parts->count++] = *data;
	*data = (struct text){ 0 };
}

static int
add_bytes(void *text, const char *bytes, size_t size)
{
	text_add(text, bytes, size);
	return (int)size;
}

/*
 * Through the driver, straight into the text: the string of mailmime_write_mem is
 * never wiped, and a libetpan built with mmap moves it, above 8 MB, into a file in /tmp.
 */
void
parts_write(struct text *text, struct parts *parts)
{
	int column = 0;

	if (mailmime_write_driver(add_bytes, text, &column, parts->root) !=
	    MAILIMF_NO_ERROR)
		mem_out();
	/* Without memory for the boundary it takes one of its own, and says nothing. */
	if (!memmem(text->data, text->size, parts->end, strlen(parts->end)))
		mem_out();
	/* Some versions of libetpan end the last boundary's line, 1.9.4 does not. */
	if (memcmp(text->data + text->size - 2, "\r\n", 2) != 0)
		text_adds(text, "\r\n");
	mailmime_free(parts->root);
	for (size_t i = 0; i < parts->count; i++)
		text_clear(&parts->data[i]);
	free(parts->data);
	free(parts->end);
	free(parts);
}
