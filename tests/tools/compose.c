/*
 * Writes what forewarn would seal, or what it would wrap that in, to stdout:
 *   compose payload SUBJECT TEXTFILE [ATTACHMENT...]
 *   compose head
 *   compose tail
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "edge/mime.h"

#define DATE INT64_C(1796752800) /* 2026-12-08T18:00:00Z */
#define MOST (64 << 20)

static const char name[] = "Example Active Protections Programme";
static const char from[] = "advisories@psirt.example";
static const char reply_to[] = "psirt@psirt.example";

static void
read_or_die(const char *path, struct text *text)
{
	struct error err;

	if (file_read(path, MOST, text, &err))
		return;
	fprintf(stderr, "compose: %s\n", err.message);
	exit(2);
}

static void
payload(struct text *out, char **files, size_t count, const char *subject)
{
	struct programme programme = { .name = name, .from = from, .reply_to = reply_to };
	struct edition edition = { .admitted = value_new(VALUE_MAP, NULL, NULL) };
	struct value *list = value_new(VALUE_LIST, "attachments", NULL);
	struct text *bytes = mem_array(count, sizeof *bytes);

	value_add(edition.admitted, list);
	text_adds(&edition.subject, subject);
	read_or_die(files[0], &edition.text);
	for (size_t i = 1; i < count; i++) {
		struct value *file = value_new(VALUE_FILE, NULL, "detection");

		read_or_die(files[i], &bytes[i]);
		file->bytes = text_string(&bytes[i]);
		file->size = bytes[i].size;
		value_add(file, value_string("file", NULL, files[i], strlen(files[i])));
		value_add(list, file);
	}
	digest_sha256(edition.digest, edition.text.data, edition.text.size);
	mime_payload(out, &edition, &programme, DATE);
	value_free(edition.admitted);
	for (size_t i = 1; i < count; i++)
		text_clear(&bytes[i]);
	free(bytes);
	text_clear(&edition.subject);
	text_clear(&edition.text);
}

static bool
wrap(struct text *head, struct text *tail)
{
	static const struct recipient to = { "acme/soc", "early-warning@acme.example",
		NULL };
	const struct envelope envelope = {
		.to = &to,
		.from_name = name,
		.from = from,
		.reply_to = reply_to,
		.message_id = "01348eba95caa55abcbd5d43795d42e9@psirt.example",
		.date = DATE,
	};
	struct error err;

	if (mime_wrap(head, tail, &envelope, &err))
		return true;
	fprintf(stderr, "compose: %s\n", err.message);
	return false;
}

int
main(int argc, char **argv)
{
	struct text head = { 0 }, tail = { 0 };
	const char *what = argc > 1 ? argv[1] : "";
	const struct text *out = strcmp(what, "tail") == 0 ? &tail : &head;

	if (argc > 3 && strcmp(what, "payload") == 0)
		payload(&head, argv + 3, (size_t)argc - 3, argv[2]);
	else if (!wrap(&head, &tail))
		return 2;
	fwrite(out->data, 1, out->size, stdout);
	text_clear(&head);
	text_clear(&tail);
	return fflush(stdout) == 0 ? 0 : 2;
}
