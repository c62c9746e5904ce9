#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/mem.h"
#include "edge/mime.h"

#define DATE INT64_C(1796752800) /* 2026-12-08T18:00:00Z */

static const struct programme programme = {
	.name = "Example Active Protections Programme",
	.from = "advisories@psirt.example",
	.reply_to = "psirt@psirt.example",
};

static const struct recipient acme = { "acme/soc", "early-warning@acme.example", "" };

static const struct envelope plain = {
	.sender = "bounces@psirt.example",
	.to = &acme,
	.from_name = "Example Active Protections Programme",
	.from = "advisories@psirt.example",
	.reply_to = "psirt@psirt.example",
	.message_id = "01348eba95caa55abcbd5d43795d42e9@psirt.example",
	.date = DATE,
};

static void
edition_make(struct edition *edition, const char *subject, const char *text)
{
	*edition = (struct edition){ 0 };
	text_adds(&edition->subject, subject);
	text_adds(&edition->text, text);
	memset(edition->digest, 7, sizeof edition->digest);
}

static void
edition_attach(struct edition *edition, const char *name, const char *bytes, size_t size)
{
	struct value *file = value_new(VALUE_FILE, NULL, "detection");

	if (!edition->admitted) {
		edition->admitted = value_new(VALUE_MAP, NULL, NULL);
		value_add(edition->admitted, value_new(VALUE_LIST, "attachments", NULL));
	}
	file->bytes = bytes;
	file->size = size;
	value_add(file, value_string("file", NULL, name, strlen(name)));
	value_add(value_child(edition->admitted, "attachments"), file);
}

static void
edition_clear(struct edition *edition)
{
	text_clear(&edition->subject);
	text_clear(&edition->text);
	value_free(edition->admitted);
}

/* What tests/mime_check.py says of the message; it must say yes. */
static void
python_reads(const struct text *message, struct text *outline)
{
	char path[] = "/tmp/fw-mime-XXXXXX", line[4096];
	FILE *file = fdopen(mkstemp(path), "w");
	char *command =
	    mem_format("/usr/bin/python3 tests/mime_check.py message %s", path);
	int status;

	assert_non_null(file);
	assert_int_equal(fwrite(message->data, 1, message->size, file), message->size);
	assert_int_equal(fclose(file), 0);
	file = popen(command, "r");
	assert_non_null(file);
	while (fgets(line, sizeof line, file))
		text_adds(outline, line);
	status = pclose(file);
	unlink(path);
	free(command);
	assert_int_equal(status, 0);
}

static void
assert_has(const struct text *text, const char *part)
{
	if (!strstr(text_string(text), part))
		fail_msg("'%s' is not in:\n%s", part, text_string(text));
}

static void
the_payload_is_this_message(void **state)
{
	struct text payload = { 0 };
	struct edition edition;

	(void)state;
	edition_make(&edition, "[TLP:AMBER] Document gateway", "TLP:AMBER\n\nUpdate.\n");
	edition_attach(&edition, "detection/gateway.yar", "rule x { }\n", 11);
	mime_payload(&payload, &edition, &programme, DATE);
	assert_string_equal(text_string(&payload),
	    "Date: Tue, 08 Dec 2026 18:00:00 +0000\r\n"
	    "From: Example Active Protections Programme\r\n"
	    " <advisories@psirt.example>\r\n"
	    "Reply-To: psirt@psirt.example\r\n"
	    "Subject: [TLP:AMBER] Document gateway\r\n"
	    "HP-Outer: Date: Tue, 08 Dec 2026 18:00:00 +0000\r\n"
	    "HP-Outer: From: Example Active Protections Programme\r\n"
	    " <advisories@psirt.example>\r\n"
	    "HP-Outer: Reply-To: psirt@psirt.example\r\n"
	    "HP-Outer: Subject: [...]\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/mixed;\r\n"
	    " boundary=\"=_fw-4bb06f8e4e3a7715d201d573d0aa4237\";\r\n"
	    " hp=\"cipher\";\r\n"
	    " protected-headers=\"v1\"\r\n"
	    "\r\n"
	    "--=_fw-4bb06f8e4e3a7715d201d573d0aa4237\r\n"
	    "Content-Type: text/plain; charset=\"utf-8\"\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n"
	    "\r\n"
	    "TLP:AMBER\r\n"
	    "\r\n"
	    "Update.\r\n"
	    "\r\n"
	    "--=_fw-4bb06f8e4e3a7715d201d573d0aa4237\r\n"
	    "Content-Type: application/octet-stream\r\n"
	    "Content-Transfer-Encoding: base64\r\n"
	    "Content-Disposition: attachment;\r\n"
	    " filename=\"gateway.yar\"\r\n"
	    "\r\n"
	    "cnVsZSB4IHsgfQo=\r\n"
	    "--=_fw-4bb06f8e4e3a7715d201d573d0aa4237--\r\n");
	text_clear(&payload);
	edition_clear(&edition);
}

static void
the_wrapping_is_this_message(void **state)
{
	struct text head = { 0 }, tail = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_true(mime_wrap(&head, &tail, &plain, &err));
	assert_string_equal(text_string(&head),
	    "Date: Tue, 08 Dec 2026 18:00:00 +0000\r\n"
	    "From: Example Active Protections Programme\r\n"
	    " <advisories@psirt.example>\r\n"
	    "Reply-To: psirt@psirt.example\r\n"
	    "To: early-warning@acme.example\r\n"
	    "Message-ID: <01348eba95caa55abcbd5d43795d42e9@psirt.example>\r\n"
	    "Subject: [...]\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "List-Id: <advisories.psirt.example>\r\n"
	    "MIME-Version: 1.0\r\n"
	    "Content-Type: multipart/encrypted;\r\n"
	    " protocol=\"application/pgp-encrypted\";\r\n"
	    " boundary=\"=_fw-670af47c10824417eba1d54fcf86b44d\"\r\n"
	    "\r\n"
	    "--=_fw-670af47c10824417eba1d54fcf86b44d\r\n"
	    "Content-Type: application/pgp-encrypted\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n"
	    "\r\n"
	    "Version: 1\r\n"
	    "--=_fw-670af47c10824417eba1d54fcf86b44d\r\n"
	    "Content-Type: application/octet-stream; name=\"encrypted.asc\"\r\n"
	    "Content-Transfer-Encoding: 7bit\r\n"
	    "Content-Disposition: inline;\r\n"
	    " filename=\"encrypted.asc\"\r\n"
	    "\r\n");
	assert_string_equal(
	    text_string(&tail), "\r\n--=_fw-670af47c10824417eba1d54fcf86b44d--\r\n");
	text_clear(&head);
	text_clear(&tail);
}

static void
a_follow_up_names_what_it_follows(void **state)
{
	struct text head = { 0 }, tail = { 0 };
	struct envelope envelope = plain;
	struct error err = { 0 };

	(void)state;
	envelope.in_reply_to = "00ff@psirt.example";
	assert_true(mime_wrap(&head, &tail, &envelope, &err));
	assert_has(&head,
	    "\r\nIn-Reply-To: <00ff@psirt.example>\r\n"
	    "References: <00ff@psirt.example>\r\n");
	text_clear(&head);
	text_clear(&tail);
}

static void
the_inner_fields_say_what_stands_outside(void **state)
{
	static const char name[] =
	    "\xec\x98\x88\xec\xa0\x9c \xed\x94\x84\xeb\xa1\x9c\xea\xb7\xb8\xeb\x9e\xa8, "
	    "the Programme of the Example, and of All Its Friends";
	struct programme long_named = programme;
	struct envelope envelope = plain;
	struct text head = { 0 }, tail = { 0 }, payload = { 0 };
	struct error err = { 0 };
	struct edition edition;
	const char *field = NULL;

	(void)state;
	long_named.name = envelope.from_name = name;
	edition_make(&edition, "s", "t\n");
	mime_payload(&payload, &edition, &long_named, DATE);
	assert_true(mime_wrap(&head, &tail, &envelope, &err));
	for (field = strstr(text_string(&payload), "HP-Outer: "); field;
	     field = strstr(field + 1, "HP-Outer: ")) {
		const char *value = field + strlen("HP-Outer: "), *end = value;
		char *line;

		do /* up to a line end that is no fold */
			end = strstr(end, "\r\n") + 2;
		while (*end == ' ');
		line = mem_format("%.*s", (int)(end - value), value);
		assert_has(&head, line);
		if (strncmp(line, "Subject:", 8) != 0)
			assert_ptr_not_equal(strstr(text_string(&payload), line), value);
		free(line);
	}
	edition_clear(&edition);
	text_clear(&payload);
	text_clear(&head);
	text_clear(&tail);
}

static void
what_must_not_stand_in_a_header_is_refused(void **state)
{
	static const char *const bad[] = { "", "a", "a@b", "a b@c.example",
		"a@c.example\r\nBcc: x@evil.example", "a@c.example>", "<a@c.example>",
		"a@c.example, b@c.example", "\"a\"@c.example", "\xc3\xa9@c.example",
		NULL };
	static const char *const fields[] = { "to", "from", "reply_to", "message_id",
		"in_reply_to" };
	struct error err = { 0 };
	struct text head = { 0 }, tail = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad * 5; i++) {
		const char *value = bad[i / 5];
		struct recipient to = { "acme/soc", value, "" };
		struct envelope envelope = plain;
		char *message = mem_format("envelope: %s: '", fields[i % 5]);

		switch (i % 5) {
		case 0:
			envelope.to = &to;
			break;
		case 1:
			envelope.from = value;
			break;
		case 2:
			envelope.reply_to = value;
			break;
		case 3:
			envelope.message_id = value;
			break;
		default:
			envelope.in_reply_to = value ? value : "";
		}
		if (mime_wrap(&head, &tail, &envelope, &err))
			fail_msg("%s: accepted: %s", fields[i % 5], value);
		assert_int_equal(strncmp(err.message, message, strlen(message)), 0);
		assert_null(strchr(err.message, '\n'));
		free(message);
	}
	assert_int_equal(head.size + tail.size, 0);
}

static void
a_name_that_is_not_a_clean_line_is_refused(void **state)
{
	static const char *const bad[] = { "a\r\nBcc: x@evil.example", "a\nb", "\xff",
		"a\xe2\x80\xae"
		"b",
		NULL };
	struct envelope envelope = plain;
	struct text head = { 0 }, tail = { 0 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		envelope.from_name = bad[i];
		assert_false(mime_wrap(&head, &tail, &envelope, &err));
		assert_string_equal(
		    err.message, "envelope: name: is not one line of clean UTF-8");
	}
	assert_int_equal(head.size + tail.size, 0);
}

/* Which encoding the text part has, and that it comes back whole. */
static void
expect_encoding(const char *string, const char *encoding)
{
	struct text payload = { 0 }, outline = { 0 }, wanted = { 0 }, crlf = { 0 };
	unsigned char digest[DIGEST_SIZE];
	struct edition edition;

	edition_make(&edition, "s", string);
	mime_payload(&payload, &edition, &programme, DATE);
	text_addf(&wanted, "Content-Transfer-Encoding: %s\r\n", encoding);
	assert_has(&payload, text_string(&wanted));
	text_clear(&wanted);
	for (; *string; string++)
		text_addf(&crlf, *string == '\n' ? "\r%c" : "%c", *string);
	digest_sha256(digest, text_string(&crlf), crlf.size);
	text_addf(&wanted, "text/plain - %zu ", crlf.size);
	text_hex(&wanted, digest, sizeof digest);
	python_reads(&payload, &outline);
	assert_has(&outline, text_string(&wanted));
	text_clear(&payload);
	text_clear(&outline);
	text_clear(&wanted);
	text_clear(&crlf);
	edition_clear(&edition);
}

#define X10 "xxxxxxxxxx"
#define X76 X10 X10 X10 X10 X10 X10 X10 "xxxxxx"

static void
text_that_survives_goes_as_it_is_and_all_other_as_base64(void **state)
{
	static const char *const as_it_is[] = { "", "\n", "a", "a\nb", "a\n\n\nb\n", X76,
		X76 "\n" X76 "\n", "Fromage\n", "a From b\n", "--\n", "a . b\n" };
	static const char *const base64[] = { X76 "x", "a\n" X76 "x\n", "From a\n",
		"a\nFrom a", ".\n", "a\n.b\n", "-- \n", "a ", " ", "a \nb", "\xc3\xa9\n",
		"a\tb\n", "--=_fw-07\n", "a\n--=_fw-07--\n" };

	(void)state;
	for (size_t i = 0; i < sizeof as_it_is / sizeof *as_it_is; i++)
		expect_encoding(as_it_is[i], "7bit");
	for (size_t i = 0; i < sizeof base64 / sizeof *base64; i++)
		expect_encoding(base64[i], "base64");
}

static void
python_reads_subject_names_and_bytes_of_every_attachment(void **state)
{
	static const char boundary_like[] = "\r\n--=_fw-07\r\n--\r\n\r\n.\r\nFrom x\r\n";
	static const struct {
		const char *path, *name, *type, *bytes;
		size_t size;
	} files[] = {
		{ "empty.yar", "empty.yar", "application/octet-stream", "", 0 },
		{ "poc/Trigger.py", "Trigger.py", "application/octet-stream", "\r\n", 2 },
		{ "iocs.JSON", "iocs.JSON", "application/json", "{}", 2 },
		{ "\xec\xa3\xbc\xec\x86\x8c.pdf", "\xec\xa3\xbc\xec\x86\x8c.pdf",
		    "application/pdf", boundary_like, sizeof boundary_like - 1 },
		{ "a \"b\" \\ c;d.zip", "a \"b\" \\ c;d.zip", "application/zip",
		    "\0\xff\0", 3 },
	};
	struct text payload = { 0 }, outline = { 0 }, wanted = { 0 };
	unsigned char digest[DIGEST_SIZE];
	struct edition edition;

	(void)state;
	edition_make(&edition,
	    "[TLP:AMBER+STRICT] \xeb\xac\xb8\xec\x84\x9c gateway: "
	    "\"remote\" code execution =?utf-8?B?eA==?=",
	    "\xea\xb8\xb4\xea\xb8\x89\n");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		edition_attach(&edition, files[i].path, files[i].bytes, files[i].size);
	mime_payload(&payload, &edition, &programme, DATE);
	python_reads(&payload, &outline);
	assert_has(&outline,
	    "\nSubject: [TLP:AMBER+STRICT] \xeb\xac\xb8\xec\x84\x9c gateway: "
	    "\"remote\" code execution =?utf-8?B?eA==?=\n");
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		text_addf(
		    &wanted, "\n%s %s %zu ", files[i].type, files[i].name, files[i].size);
		digest_sha256(digest, files[i].bytes, files[i].size);
		text_hex(&wanted, digest, sizeof digest);
		assert_has(&outline, text_string(&wanted));
		text_clear(&wanted);
	}
	text_clear(&payload);
	text_clear(&outline);
	edition_clear(&edition);
}

/* Any write to a file would end this process with SIGXFSZ. */
static void
no_file_is_written_for_a_large_attachment(void **state)
{
	static const size_t size = 10 << 20;
	struct rlimit before, none;
	struct text payload = { 0 };
	struct edition edition;
	char *bytes = mem_new(size);

	(void)state;
	digest_random(bytes, size);
	edition_make(&edition, "s", "t\n");
	edition_attach(&edition, "core.gz", bytes, size);
	assert_int_equal(getrlimit(RLIMIT_FSIZE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	mime_payload(&payload, &edition, &programme, DATE);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_true(payload.size > size / 3 * 4);
	edition_clear(&edition);
	text_clear(&payload);
	free(bytes);
}

static void
nothing_of_the_advisory_is_in_the_wrapping(void **state)
{
	struct envelope other = plain;
	struct text head = { 0 }, tail = { 0 }, again = { 0 }, rest = { 0 };
	struct error err = { 0 };

	(void)state;
	other.message_id = "11348eba95caa55abcbd5d43795d42e9@psirt.example";
	assert_true(mime_wrap(&head, &tail, &plain, &err));
	assert_true(mime_wrap(&again, &rest, &plain, &err));
	assert_string_equal(text_string(&head), text_string(&again));
	text_clear(&rest);
	assert_true(mime_wrap(&again, &rest, &other, &err));
	assert_string_not_equal(text_string(&tail), text_string(&rest));
	text_clear(&head);
	text_clear(&tail);
	text_clear(&again);
	text_clear(&rest);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_payload_is_this_message),
		cmocka_unit_test(the_wrapping_is_this_message),
		cmocka_unit_test(a_follow_up_names_what_it_follows),
		cmocka_unit_test(the_inner_fields_say_what_stands_outside),
		cmocka_unit_test(what_must_not_stand_in_a_header_is_refused),
		cmocka_unit_test(a_name_that_is_not_a_clean_line_is_refused),
		cmocka_unit_test(
		    text_that_survives_goes_as_it_is_and_all_other_as_base64),
		cmocka_unit_test(
		    python_reads_subject_names_and_bytes_of_every_attachment),
		cmocka_unit_test(no_file_is_written_for_a_large_attachment),
		cmocka_unit_test(nothing_of_the_advisory_is_in_the_wrapping),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
