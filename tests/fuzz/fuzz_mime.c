/*
 * Hostile strings as all that a message is made of: subject, names, texts, file names,
 * addresses and message ids. The message is taken apart again here: it has the header
 * fields that were asked for and no other, and its parts are what was put in.
 */
#include "base/digest.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/when.h"
#include "edge/mime.h"
#include "policy/address.h"
#include "decode.h"

enum { FILES = 3, FIELDS = 16 };

struct field {
	char *name; /* owned */
	struct text value; /* unfolded */
};

struct head {
	struct field fields[FIELDS];
	size_t count;
};

/* Seven bits, CRLF, no long line: what any relay passes on as it is. */
static void
check_wire(const char *bytes, size_t size)
{
	size_t column = 0;

	for (size_t i = 0; i < size; i++, column++) {
		if (bytes[i] == '\r') {
			must(i + 1 < size && bytes[i + 1] == '\n', "no CR alone");
			i++;
			column = 0;
			continue;
		}
		must(bytes[i] == '\t' || (bytes[i] >= ' ' && bytes[i] <= '~'),
		    "seven bits, no control, no LF alone");
		must(column < 998, "no line is too long");
	}
}

static void
take_field(struct head *head, const char *line, size_t size)
{
	const char *colon = memchr(line, ':', size);
	struct field *field = &head->fields[head->count++];

	must(head->count < FIELDS, "not more fields than there can be");
	must(colon && colon + 1 < line + size && colon[1] == ' ', "a field has a name");
	field->name = mem_format("%.*s", (int)(colon - line), line);
	must(unfold(&field->value, colon + 2, (size_t)(line + size - colon) - 2),
	    "a field unfolds");
}

/* The fields up to the empty line; returns what is behind it. */
static const char *
take_head(struct head *head, const char *message)
{
	const char *line = message, *end;

	*head = (struct head){ 0 };
	while (strncmp(message, "\r\n", 2) != 0) {
		end = strstr(message, "\r\n");
		must(end, "a header ends with an empty line");
		message = end + 2;
		if (*message == ' ' || *message == '\t')
			continue;
		take_field(head, line, (size_t)(end - line));
		line = message;
	}
	return message + 2;
}

static void
head_clear(struct head *head)
{
	for (size_t i = 0; i < head->count; i++) {
		free(head->fields[i].name);
		text_clear(&head->fields[i].value);
	}
}

/* The names of all fields in order, "Date From ...". */
static void
check_names(const struct head *head, const char *expected)
{
	struct text names = { 0 };

	for (size_t i = 0; i < head->count; i++)
		text_addf(&names, "%s%s", i ? " " : "", head->fields[i].name);
	must(strcmp(text_string(&names), expected) == 0,
	    "the fields that were asked for, and no other");
	text_clear(&names);
}

static const char *
value_of(const struct head *head, const char *name)
{
	for (size_t i = 0; i < head->count; i++)
		if (strcmp(head->fields[i].name, name) == 0)
			return text_string(&head->fields[i].value);
	return "";
}

static void
check_value(const struct head *head, const char *name, const char *before,
    const char *string, const char *after)
{
	char *expected = mem_format("%s%s%s", before, string, after);

	must(strcmp(value_of(head, name), expected) == 0, "a field is what it must be");
	free(expected);
}

/* Words as they were, where they can be. */
static void
check_words(
    const char *value, const char *string, void (*decode)(struct text *, const char *))
{
	struct text decoded = { 0 };

	decode(&decoded, value);
	must(is_line(text_string(&decoded), decoded.size),
	    "a field reads as a clean line");
	must(!utf8_line(string, strlen(string)) ||
		strcmp(text_string(&decoded), string) == 0,
	    "and as the one that was written");
	text_clear(&decoded);
}

/* `phrase <address>` */
static void
check_from(const char *value, const char *name, const char *address)
{
	char *end = mem_format(" <%s>", address), *phrase;
	size_t size = strlen(value), length = strlen(end);

	must(size >= length && strcmp(value + size - length, end) == 0,
	    "From ends with its address");
	phrase = mem_format("%.*s", (int)(size - length), value);
	check_words(phrase, name, decode_phrase);
	free(phrase);
	free(end);
}

/* The parts between the boundaries that the field names; returns how many. */
static size_t
take_parts(const char *content_type, const char *body, struct text parts[FILES + 1])
{
	const char *start = strstr(content_type, "boundary=\""), *end;
	char *mark;
	size_t count = 0;

	must(start, "there is a boundary");
	start += strlen("boundary=\"");
	mark = mem_format("\r\n--%.*s", (int)strcspn(start, "\""), start);
	must(strncmp(body, mark + 2, strlen(mark + 2)) == 0, "the first part is at once");
	body += strlen(mark + 2);
	while (strncmp(body, "--", 2) != 0) {
		must(strncmp(body, "\r\n", 2) == 0, "a boundary has its line");
		body += 2;
		end = strstr(body, mark);
		must(end && count < FILES + 1, "a boundary ends each part");
		text_add(&parts[count++], body, (size_t)(end - body));
		body = end + strlen(mark);
	}
	must(strcmp(body, "--\r\n") == 0, "nothing follows the last boundary");
	free(mark);
	return count;
}

struct world {
	struct programme programme;
	struct edition edition;
	struct envelope envelope;
	struct recipient to;
	char *strings[8 + 2 * FILES]; /* owned */
	const char *names[FILES], *contents[FILES];
	size_t file_count;
};

static const char *
next_string(struct world *world, struct input *in, size_t i)
{
	return world->strings[i] = input_string(in);
}

static void
add_file(struct world *world, const char *name, const char *content)
{
	struct edition *edition = &world->edition;
	struct value *file = value_new(VALUE_FILE, NULL, "detection");

	if (!edition->admitted) {
		edition->admitted = value_new(VALUE_MAP, NULL, NULL);
		value_add(edition->admitted, value_new(VALUE_LIST, "attachments", NULL));
	}
	file->bytes = content;
	file->size = strlen(content);
	value_add(file, value_string("file", NULL, name, strlen(name)));
	value_add(value_child(edition->admitted, "attachments"), file);
	world->names[world->file_count] = name;
	world->contents[world->file_count++] = content;
}

static void
world_make(struct world *world, struct input *in)
{
	struct envelope *envelope = &world->envelope;
	unsigned flags = input_byte(in);

	*world = (struct world){ 0 };
	envelope->date = (time_t)(input_byte(in) * 0x1000000u);
	text_adds(&world->edition.subject, next_string(world, in, 0));
	text_adds(&world->edition.text, next_string(world, in, 1));
	envelope->from_name = next_string(world, in, 2);
	envelope->from = next_string(world, in, 3);
	envelope->reply_to = next_string(world, in, 4);
	envelope->message_id = next_string(world, in, 5);
	envelope->in_reply_to = next_string(world, in, 6);
	if (flags & 1)
		envelope->in_reply_to = NULL;
	world->to.mail = next_string(world, in, 7);
	envelope->to = &world->to;
	for (size_t i = 0; i < (flags >> 1) % (FILES + 1); i++)
		add_file(world, next_string(world, in, 8 + 2 * i),
		    next_string(world, in, 9 + 2 * i));
	memset(world->edition.digest, (int)flags, DIGEST_SIZE);
	world->programme.name = envelope->from_name;
	/* The addresses of a programme were looked at when it was read. */
	world->programme.from =
	    address_ok(envelope->from) ? envelope->from : "advisories@psirt.example";
	world->programme.reply_to =
	    address_ok(envelope->reply_to) ? envelope->reply_to : "psirt@psirt.example";
}

static void
world_clear(struct world *world)
{
	for (size_t i = 0; i < sizeof world->strings / sizeof *world->strings; i++)
		free(world->strings[i]);
	text_clear(&world->edition.subject);
	text_clear(&world->edition.text);
	value_free(world->edition.admitted);
}

/* Nothing that anybody on the way changes: a dot or "From " first, a blank last, a long line. */
static void
check_plain(const char *line)
{
	while (*line) {
		size_t size = strcspn(line, "\r\n");

		must(size <= 76 && line[0] != '.' && strncmp(line, "From ", 5) != 0,
		    "what is not encoded arrives as it is");
		must(size == 0 || line[size - 1] != ' ', "also the end of its lines");
		line += size + strspn(line + size, "\r\n");
	}
}

/* The content of a part, decoded. */
static void
take_content(struct text *out, const struct head *head, const char *body)
{
	if (strcmp(value_of(head, "Content-Transfer-Encoding"), "base64") == 0) {
		must(decode_base64(out, body, strlen(body)), "base64 is base64");
		return;
	}
	check_plain(body);
	text_adds(out, body);
}

static void
check_text(const struct world *world, const struct text *part)
{
	const struct text *text = &world->edition.text;
	struct text content = { 0 }, expected = { 0 };
	struct head head;
	const char *body = take_head(&head, text_string(part));

	check_names(&head, "Content-Type Content-Transfer-Encoding");
	check_value(&head, "Content-Type", "text/plain; charset=\"utf-8\"", "", "");
	take_content(&content, &head, body);
	for (size_t i = 0; i < text->size; i++)
		text_addf(
		    &expected, text->data[i] == '\n' ? "\r%c" : "%c", text->data[i]);
	must(content.size == expected.size &&
		strcmp(text_string(&content), text_string(&expected)) == 0,
	    "the text is the text");
	head_clear(&head);
	text_clear(&content);
	text_clear(&expected);
}

static void
check_file(const char *name, const char *bytes, const struct text *part)
{
	static const char attachment[] = "attachment";
	struct text content = { 0 }, decoded = { 0 };
	const char *slash = strrchr(name, '/'), *value;
	struct head head;
	const char *body = take_head(&head, text_string(part));

	check_names(&head, "Content-Type Content-Transfer-Encoding Content-Disposition");
	take_content(&content, &head, body);
	must(strcmp(text_string(&content), bytes) == 0, "a file is the file");
	value = value_of(&head, "Content-Disposition");
	must(strncmp(value, attachment, strlen(attachment)) == 0, "it is attached");
	decode_parameter(&decoded, "filename", value + strlen(attachment));
	name = slash ? slash + 1 : name;
	must(is_line(text_string(&decoded), decoded.size) &&
		!strchr(text_string(&decoded), '/'),
	    "a file's name is a clean one");
	must(!utf8_line(name, strlen(name)) || strcmp(text_string(&decoded), name) == 0,
	    "and the file's");
	head_clear(&head);
	text_clear(&content);
	text_clear(&decoded);
}

static void
check_payload(const struct world *world)
{
	const struct programme *programme = &world->programme;
	struct text payload = { 0 }, parts[FILES + 1] = { 0 };
	struct head head;
	const char *body;
	size_t count;

	mime_payload(&payload, &world->edition, programme, world->envelope.date);
	check_wire(text_string(&payload), payload.size);
	body = take_head(&head, text_string(&payload));
	check_names(&head,
	    "Date From Reply-To Subject HP-Outer HP-Outer HP-Outer HP-Outer MIME-Version "
	    "Content-Type");
	check_words(value_of(&head, "Subject"), text_string(&world->edition.subject),
	    decode_words);
	check_from(value_of(&head, "From"), programme->name, programme->from);
	check_value(&head, "Reply-To", programme->reply_to, "", "");
	must(strcmp(text_string(&head.fields[7].value), "Subject: [...]") == 0,
	    "the Subject outside says nothing");
	count = take_parts(value_of(&head, "Content-Type"), body, parts);
	must(count == 1 + world->file_count, "a part for the text and one a file");
	check_text(world, &parts[0]);
	for (size_t i = 1; i < count; i++)
		check_file(world->names[i - 1], world->contents[i - 1], &parts[i]);
	head_clear(&head);
	for (size_t i = 0; i < count; i++)
		text_clear(&parts[i]);
	text_clear(&payload);
}

static void
check_outer_head(const struct head *head, const struct envelope *envelope)
{
	check_names(head,
	    envelope->in_reply_to
		? "Date From Reply-To To Message-ID In-Reply-To References Subject "
		  "Auto-Submitted List-Id MIME-Version Content-Type"
		: "Date From Reply-To To Message-ID Subject Auto-Submitted List-Id "
		  "MIME-Version Content-Type");
	check_from(value_of(head, "From"), envelope->from_name, envelope->from);
	check_value(head, "Reply-To", "", envelope->reply_to, "");
	check_value(head, "To", "", envelope->to->mail, "");
	check_value(head, "Message-ID", "<", envelope->message_id, ">");
	if (envelope->in_reply_to)
		check_value(head, "In-Reply-To", "<", envelope->in_reply_to, ">");
	check_value(head, "Subject", "[...]", "", "");
}

static void
check_whole(const struct text *message, const struct envelope *envelope)
{
	static const char armour[] = "-----BEGIN PGP MESSAGE-----";
	struct text parts[FILES + 1] = { 0 };
	struct head outer, part;
	const char *body = take_head(&outer, text_string(message));

	check_wire(text_string(message), message->size);
	check_outer_head(&outer, envelope);
	must(take_parts(value_of(&outer, "Content-Type"), body, parts) == 2,
	    "a control part and the armour");
	body = take_head(&part, text_string(&parts[0]));
	must(strcmp(body, "Version: 1") == 0, "the control part");
	head_clear(&part);
	body = take_head(&part, text_string(&parts[1]));
	must(strcmp(body, armour) == 0, "the armour alone");
	head_clear(&part);
	head_clear(&outer);
	text_clear(&parts[0]);
	text_clear(&parts[1]);
}

static void
check_wrap(const struct envelope *envelope)
{
	struct text head = { 0 }, tail = { 0 };
	struct error err = { 0 };

	if (mime_wrap(&head, &tail, envelope, &err)) {
		must(address_ok(envelope->to->mail), "nobody else than one mailbox");
		text_adds(&head, "-----BEGIN PGP MESSAGE-----");
		text_add(&head, tail.data, tail.size);
		check_whole(&head, envelope);
	} else {
		must(!head.size && !tail.size, "what is refused writes nothing");
		must(err.message[0] && is_line(err.message, strlen(err.message)),
		    "and says why in one clean line");
	}
	text_clear(&head);
	text_clear(&tail);
}

/* Two bytes: flags, date. Then strings, each ended by NUL, in the order of world_make. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	struct world world;

	world_make(&world, &in);
	check_payload(&world);
	check_wrap(&world.envelope);
	world_clear(&world);
	return 0;
}
