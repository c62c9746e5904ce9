#include "edge/mime.h"

#include <string.h>

#include "base/digest.h"
#include "base/utf8.h"
#include "base/when.h"
#include "edge/mime_parts.h"
#include "policy/address.h"
#include "policy/header.h"
#include "policy/media.h"

#define LINE 76

/* "=_" cannot occur in base64, and what follows cannot be foreseen by who wrote the text. */
static void
boundary_make(struct text *boundary, const void *of, size_t size)
{
	unsigned char digest[DIGEST_SIZE];

	digest_sha256(digest, of, size);
	text_adds(boundary, "=_fw-");
	text_hex(boundary, digest, 16);
}

/* Who says it and when. The values stand inside, as HP-Outer, and outside: byte for byte the same. */
struct origin {
	struct text date, from, reply_to;
};

static void
origin_make(struct origin *origin, const char *name, const char *from,
    const char *reply_to, time_t date)
{
	static const size_t column = sizeof "HP-Outer: From: " - 1;
	const char *feed;
	size_t used;

	when_mail(&origin->date, date);
	header_phrase(&origin->from, name, column);
	feed = strrchr(text_string(&origin->from), '\n');
	used = feed ? strlen(feed + 1) : column + origin->from.size;
	text_adds(&origin->from, used + strlen(from) + 3 > LINE ? "\r\n <" : " <");
	text_addf(&origin->from, "%s>", from);
	text_adds(&origin->reply_to, reply_to);
}

static void
origin_write(struct text *text, const char *prefix, const struct origin *origin)
{
	text_addf(text, "%sDate: %s\r\n", prefix, text_string(&origin->date));
	text_addf(text, "%sFrom: %s\r\n", prefix, text_string(&origin->from));
	text_addf(text, "%sReply-To: %s\r\n", prefix, text_string(&origin->reply_to));
}

static void
origin_clear(struct origin *origin)
{
	text_clear(&origin->date);
	text_clear(&origin->from);
	text_clear(&origin->reply_to);
}

/*
 * Nothing that a relay, a gateway or a signature's canonical form may change:
 * long lines, blanks at the end of a line, "From " and a dot at its start. Nor a line
 * that could be a boundary: in base64 there is none.
 */
static bool
survives_as_is(const struct text *text)
{
	const char *line = text_string(text), *end = line + text->size;

	while (line < end) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		const char *stop = feed ? feed : end;

		if (stop - line > LINE || *line == '.' ||
		    (stop > line && stop[-1] == ' '))
			return false;
		if (strncmp(line, "From ", 5) == 0 || strncmp(line, "--=_", 4) == 0)
			return false;
		for (; line < stop; line++)
			if (*line < ' ' || *line > '~')
				return false;
		line = stop + 1;
	}
	return true;
}

/* The canonical form of text in mail (RFC 2045, 6.8). */
static void
add_crlf(struct text *out, const struct text *in)
{
	for (size_t i = 0; i < in->size; i++) {
		if (in->data[i] == '\n')
			text_addc(out, '\r');
		text_addc(out, in->data[i]);
	}
}

/* Without the last CRLF, which belongs to the boundary that follows. */
static void
add_base64(struct text *out, const void *bytes, size_t size)
{
	text_base64(out, bytes, size, LINE);
	if (out->size)
		out->data[out->size -= 2] = '\0';
}

static void
add_text(struct parts *parts, const struct text *text)
{
	static const char type[] = "text/plain; charset=\"utf-8\"";
	struct text lines = { 0 }, encoded = { 0 };

	add_crlf(&lines, text);
	if (survives_as_is(text)) {
		parts_add(parts, type, PART_7BIT, NULL, &lines);
		return;
	}
	add_base64(&encoded, lines.data, lines.size);
	parts_add(parts, type, PART_BASE64, NULL, &encoded);
	text_clear(&lines);
}

static void
add_file(struct parts *parts, const struct value *file)
{
	const struct value *path = value_child(file, "file");
	const char *slash = path ? strrchr(path->bytes, '/') : NULL;
	const char *name = slash ? slash + 1 : path ? path->bytes : "attachment";
	struct text disposition = { 0 }, encoded = { 0 };

	text_adds(&disposition, "attachment");
	header_parameter(&disposition, "filename", name);
	add_base64(&encoded, file->bytes, file->size);
	parts_add(
	    parts, media_type(name), PART_BASE64, text_string(&disposition), &encoded);
	text_clear(&disposition);
}

static void
add_parts(struct text *payload, const struct edition *edition, const char *boundary)
{
	const struct value *files =
	    edition->admitted ? value_child(edition->admitted, "attachments") : NULL;
	struct parts *parts = parts_new(boundary);

	add_text(parts, &edition->text);
	for (size_t i = 0; files && i < files->count; i++)
		if (files->children[i]->kind == VALUE_FILE)
			add_file(parts, files->children[i]);
	parts_write(payload, parts);
}

/*
 * RFC 9788: the payload is a whole message (RFC 5322 asks only for Date and
 * From), its hp parameter says that its header is the true one, and HP-Outer
 * fields say what stands outside of the fields that it has. To, Message-ID and the
 * rest are not in it: one payload serves all contacts of an edition, as that of a
 * list does, and naming one would need a plaintext for each. So a reader has the
 * word of the mail system alone for them; whom the notice is for, its text says.
 * Thunderbird and K-9 know only protected-headers="v1", and only on multipart/mixed.
 */
void
mime_payload(struct text *payload, const struct edition *edition,
    const struct programme *programme, time_t date)
{
	struct origin origin = { 0 };
	struct text boundary = { 0 };

	origin_make(&origin, programme->name, programme->from, programme->reply_to, date);
	origin_write(payload, "", &origin);
	text_adds(payload, "Subject: ");
	header_words(payload, text_string(&edition->subject), sizeof "Subject: " - 1);
	text_adds(payload, "\r\n");
	origin_write(payload, "HP-Outer: ", &origin);
	text_adds(payload, "HP-Outer: Subject: [...]\r\n");
	boundary_make(&boundary, edition->digest, sizeof edition->digest);
	text_adds(payload, "MIME-Version: 1.0\r\nContent-Type: multipart/mixed");
	header_parameter(payload, "boundary", text_string(&boundary));
	header_parameter(payload, "hp", "cipher");
	header_parameter(payload, "protected-headers", "v1");
	text_adds(payload, "\r\n\r\n");
	add_parts(payload, edition, text_string(&boundary));
	origin_clear(&origin);
	text_clear(&boundary);
}

static bool
check_address(const char *field, const char *address, struct error *err)
{
	struct text quoted = { 0 };

	if (address && address_ok(address))
		return true;
	text_quote(&quoted, address ? address : "");
	error_set(err, "envelope: %s: '%s' must not stand in a header", field,
	    text_string(&quoted));
	text_clear(&quoted);
	return false;
}

/* A Message-ID of ours has the form of an address, and no other is let out. */
static bool
check_envelope(const struct envelope *envelope, struct error *err)
{
	if (!envelope->from_name ||
	    !utf8_line(envelope->from_name, strlen(envelope->from_name)))
		return error_set(err, "envelope: name: is not one line of clean UTF-8");
	return check_address("to", envelope->to->mail, err) &&
	    check_address("from", envelope->from, err) &&
	    check_address("reply_to", envelope->reply_to, err) &&
	    check_address("message_id", envelope->message_id, err) &&
	    (!envelope->in_reply_to ||
		check_address("in_reply_to", envelope->in_reply_to, err));
}

/* RFC 2919: the programme's address with a dot for its "@". */
static void
add_list_id(struct text *head, const char *from)
{
	const char *domain = address_domain(from);

	text_adds(head, "List-Id: <");
	text_add(head, from, (size_t)(domain - from) - 1);
	text_addf(head, ".%s>\r\n", domain);
}

/* All that anybody on the way can read. */
static void
add_outer_header(struct text *head, const struct envelope *envelope)
{
	struct origin origin = { 0 };

	origin_make(&origin, envelope->from_name, envelope->from, envelope->reply_to,
	    envelope->date);
	origin_write(head, "", &origin);
	text_addf(head, "To: %s\r\n", envelope->to->mail);
	text_addf(head, "Message-ID: <%s>\r\n", envelope->message_id);
	if (envelope->in_reply_to)
		text_addf(head, "In-Reply-To: <%s>\r\nReferences: <%s>\r\n",
		    envelope->in_reply_to, envelope->in_reply_to);
	text_adds(head, "Subject: [...]\r\nAuto-Submitted: auto-generated\r\n");
	add_list_id(head, envelope->from);
	origin_clear(&origin);
}

/* RFC 3156, 4: a control part, and one part with the armour. */
static void
add_encrypted(struct text *body, const char *boundary, const char *armour)
{
	static const char type[] = "application/octet-stream; name=\"encrypted.asc\"";
	struct parts *parts = parts_new(boundary);
	struct text disposition = { 0 }, data = { 0 };

	text_adds(&data, "Version: 1");
	parts_add(parts, "application/pgp-encrypted", PART_7BIT, NULL, &data);
	text_adds(&disposition, "inline");
	header_parameter(&disposition, "filename", "encrypted.asc");
	text_adds(&data, armour);
	parts_add(parts, type, PART_7BIT, text_string(&disposition), &data);
	parts_write(body, parts);
	text_clear(&disposition);
}

/* The armour comes from elsewhere, so that a mark stands for it and is cut out. */
bool
mime_wrap(struct text *head, struct text *tail, const struct envelope *envelope,
    struct error *err)
{
	static const char mark[] = "@"; /* occurs nowhere else in the body */
	struct text boundary = { 0 }, body = { 0 };
	size_t cut;

	if (!check_envelope(envelope, err))
		return false;
	boundary_make(&boundary, envelope->message_id, strlen(envelope->message_id));
	add_encrypted(&body, text_string(&boundary), mark);
	cut = strcspn(text_string(&body), mark);
	add_outer_header(head, envelope);
	text_adds(head, "MIME-Version: 1.0\r\nContent-Type: multipart/encrypted");
	header_parameter(head, "protocol", "application/pgp-encrypted");
	header_parameter(head, "boundary", text_string(&boundary));
	text_adds(head, "\r\n\r\n");
	text_add(head, body.data, cut);
	text_adds(tail, body.data + cut + strlen(mark));
	text_clear(&boundary);
	text_clear(&body);
	return true;
}
