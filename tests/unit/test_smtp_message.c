/* What may go over the wire: seven bits, and CR and LF as pairs alone, wherever they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "edge/smtp_message.h"

static const struct recipient soc = { "acme/soc", "soc@acme.example", "" };

/* The smallest message there is: a session key for 1, and encrypted data. */
static struct sealed *
seal_nothing(void)
{
	static const char key[] = "\x84\x0e\x03\0\0\0\0\0\0\0\x01\x12\0\x08\xff";
	const struct addressee to = { &soc, { 1 }, 1 };
	char bytes[sizeof key + 62] = { 0 };
	struct sealed *sealed;
	struct error err = { 0 };

	memcpy(bytes, key, sizeof key);
	memcpy(bytes + sizeof key, "\xd2\x3c\x01", 3);
	if (!sealed_split(&sealed, &to, 1, bytes, sizeof bytes, &err))
		fail_msg("%s", err.message);
	return sealed;
}

/* Reads it all in pieces of that size; false when it was stopped. */
static bool
passes(struct message *message, size_t piece)
{
	char buffer[4096];
	size_t size;

	message_rewind(message);
	do
		if (!message_read(message, buffer, piece, &size))
			return false;
	while (size);
	return message_is_whole(message);
}

static void
a_byte_that_may_not_be_sent_is_found_wherever_it_is(void **state)
{
	static const char bad[] = { '\0', '\r', '\n', 0x7f, (char)0x80, (char)0xff };
	static const size_t pieces[] = { 1, 2, 3, 7, 8, 9, 64, 4096 };
	struct message message = { .sealed = seal_nothing() };

	(void)state;
	text_adds(&message.head, "From: a\r\nSubject: [...]\r\n\r\nfour and twenty\r\n");
	text_adds(&message.tail, "--end\r\n");
	for (size_t p = 0; p < sizeof pieces / sizeof *pieces; p++) {
		assert_true(passes(&message, pieces[p]));
		for (size_t at = 0; at < message.head.size; at++)
			for (size_t b = 0; b < sizeof bad; b++) {
				char good = message.head.data[at];

				if (good == bad[b])
					continue;
				message.head.data[at] = bad[b];
				assert_false(passes(&message, pieces[p]));
				message.head.data[at] = good;
			}
	}
	sealed_free((struct sealed *)(uintptr_t)message.sealed);
	message_clear(&message);
}

static void
every_other_byte_is_sent(void **state)
{
	struct message message = { .sealed = seal_nothing() };

	(void)state;
	for (char byte = 1; byte < 0x7f; byte++)
		if (byte != '\r' && byte != '\n')
			text_addc(&message.head, byte);
	text_adds(&message.head, "\r\n");
	text_adds(&message.tail, "\r\n");
	for (size_t piece = 1; piece < 200; piece++)
		assert_true(passes(&message, piece));
	sealed_free((struct sealed *)(uintptr_t)message.sealed);
	message_clear(&message);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_byte_that_may_not_be_sent_is_found_wherever_it_is),
		cmocka_unit_test(every_other_byte_is_sent),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
