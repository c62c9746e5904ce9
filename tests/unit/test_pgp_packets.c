#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/text.h"
#include "edge/pgp_armour.h"
#include "edge/pgp_sealed.h"
#include "gpg_home.h"

#define ID 0x1122334455667788ull

static const unsigned long long ids[] = { 0xaaaabbbbccccddddull, ID };
static const struct recipient soc = { "acme/soc", "soc@acme.example", "" };

static bool
is_for(const void *bytes, size_t size, const unsigned long long id[], size_t count,
    struct error *err)
{
	struct addressee to = { .to = &soc, .id_count = count };
	struct sealed *sealed;
	bool ok;

	memcpy(to.ids, id, count * sizeof *id);
	ok = sealed_split(&sealed, &to, 1, bytes, size, err);
	assert_true(ok == (sealed != NULL));
	sealed_free(sealed);
	return ok;
}

static void
armour(struct text *text, const void *bytes, size_t size)
{
	armour_begin(text);
	armour_lines(text, bytes, size);
	armour_end(text, armour_sum(bytes, size));
}

/* Fourteen octets: version, key id, ECDH, and a number. */
static void
add_pkesk_body(struct text *text, unsigned version, unsigned long long id)
{
	text_addc(text, (char)version);
	for (int shift = 56; shift >= 0; shift -= 8)
		text_addc(text, (char)(id >> shift & 0xff));
	text_add(text, "\x12\x00\x08\xff\x00", 5);
}

static void
add_pkesk(struct text *text, unsigned version, unsigned long long id)
{
	text_add(text, "\x84\x0e", 2);
	add_pkesk_body(text, version, id);
}

static void
add_zeroes(struct text *text, size_t count)
{
	while (count--)
		text_addc(text, 0);
}

static void
add_seipd(struct text *text)
{
	text_addc(text, (char)0xd2);
	text_addc(text, 60);
	text_addc(text, 1);
	add_zeroes(text, 59);
}

/* The bytes in memory of their exact size, so that a read behind them is seen. */
static bool
audit(const struct text *message, size_t size, struct error *err)
{
	unsigned char *bytes = malloc(size ? size : 1);
	bool ok;

	assert_non_null(bytes);
	if (size)
		memcpy(bytes, message->data, size);
	ok = is_for(bytes, size, ids, 2, err);
	free(bytes);
	return ok;
}

static void
expect(struct text *message, const char *refusal)
{
	struct error err = { 0 };

	if (audit(message, message->size, &err) != !refusal)
		fail_msg("%s", refusal ? "accepted" : err.message);
	if (refusal && !strstr(err.message, refusal))
		fail_msg("'%s' lacks '%s'", err.message, refusal);
	text_clear(message);
}

static void
one_recipient_and_its_data_are_accepted(void **state)
{
	struct text message = { 0 };

	(void)state;
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	expect(&message, NULL);
	add_pkesk(&message, 3, ids[0]);
	add_seipd(&message);
	message.data[16] = (char)0xd4; /* AEAD */
	expect(&message, NULL);
}

static void
every_shorter_message_is_refused(void **state)
{
	struct text message = { 0 };
	struct error err;

	(void)state;
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	for (size_t size = 0; size < message.size; size++)
		assert_false(audit(&message, size, &err));
	text_clear(&message);
}

static void
another_recipient_is_refused(void **state)
{
	struct text message = { 0 };

	(void)state;
	add_pkesk(&message, 3, ID + 1);
	add_seipd(&message);
	expect(&message, "another key than the pinned one");
	add_pkesk(&message, 3, ID);
	add_pkesk(&message, 3, ids[0]);
	add_seipd(&message);
	expect(&message, "another key than the pinned one");
	add_pkesk(&message, 3, ID);
	add_pkesk(&message, 3, ID + 1);
	add_seipd(&message);
	expect(&message, "is for somebody else, too");
	add_pkesk(&message, 3, ID);
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	expect(&message, "another key than the pinned one");
	add_seipd(&message);
	expect(&message, "does not begin with a session key");
}

static void
a_hidden_recipient_is_refused_even_if_zero_is_expected(void **state)
{
	static const unsigned long long zero = 0;
	struct text message = { 0 };
	struct error err;

	(void)state;
	add_pkesk(&message, 3, 0);
	add_seipd(&message);
	assert_false(is_for(message.data, message.size, &zero, 1, &err));
	assert_false(is_for(message.data, message.size, &zero, 0, &err));
	text_clear(&message);
}

static void
other_versions_are_refused(void **state)
{
	struct text message = { 0 };

	(void)state;
	add_pkesk(&message, 2, ID);
	add_seipd(&message);
	expect(&message, "for nobody we know");
	add_pkesk(&message, 6, ID);
	add_seipd(&message);
	expect(&message, "for nobody we know");
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	message.data[18] = 2;
	expect(&message, "cut short");
}

static void
passphrases_markers_and_bare_data_are_refused(void **state)
{
	static const char skesk[] = "\x8c\x0d\x04\x09\x03\x08saltsalt\x60";
	static const char marker[] = "\xca\x03PGP";
	struct text message = { 0 };

	(void)state;
	text_add(&message, skesk, sizeof skesk - 1);
	add_seipd(&message);
	expect(&message, "does not begin");
	add_pkesk(&message, 3, ID);
	text_add(&message, skesk, sizeof skesk - 1);
	add_seipd(&message);
	expect(&message, "has not its recipients");
	text_add(&message, marker, sizeof marker - 1);
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	expect(&message, "does not begin");
	/* Tag 9: encrypted without integrity protection. */
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	message.data[16] = (char)0xc9;
	expect(&message, "has not its recipients");
	/* Tag 11: not encrypted at all. */
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	message.data[16] = (char)0xcb;
	expect(&message, "has not its recipients");
}

static void
whatever_follows_is_refused(void **state)
{
	struct text message = { 0 };

	(void)state;
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	text_addc(&message, 0);
	expect(&message, "something follows");
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	add_seipd(&message);
	expect(&message, "something follows");
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	add_pkesk(&message, 3, ID);
	expect(&message, "something follows");
}

static void
lengths_come_in_every_form(void **state)
{
	struct text message = { 0 };

	(void)state;
	/* New format: PKESK by five octets, data by two. */
	text_add(&message, "\xc1\xff\x00\x00\x00\x0e", 6);
	add_pkesk_body(&message, 3, ID);
	text_add(&message, "\xd2\xc0\x08\x01", 4); /* 200 */
	add_zeroes(&message, 199);
	expect(&message, NULL);
	/* Old format, two octets; data in pieces of 512, 1 and 0. */
	text_add(&message, "\x85\x00\x0e", 3);
	add_pkesk_body(&message, 3, ID);
	text_add(&message, "\xd2\xe9\x01", 3);
	add_zeroes(&message, 511);
	text_add(&message, "\xe0\x00\x00", 3);
	expect(&message, NULL);
}

static void
odd_lengths_are_refused(void **state)
{
	struct text message = { 0 };

	(void)state;
	/* Indeterminate: it would hide what follows. */
	add_pkesk(&message, 3, ID);
	message.data[0] = (char)0x87;
	add_seipd(&message);
	expect(&message, "does not begin");
	/* A first piece below 512 octets. */
	add_pkesk(&message, 3, ID);
	text_add(&message, "\xd2\xe8\x01", 3);
	add_zeroes(&message, 255);
	text_addc(&message, 0);
	expect(&message, "has not its recipients");
	/* A chain of pieces that has no end. */
	add_pkesk(&message, 3, ID);
	text_add(&message, "\xd2\xe9\x01", 3);
	add_zeroes(&message, 511);
	expect(&message, "has not its recipients");
	/* A session key in pieces. */
	text_add(&message, "\xc1\xe9\x03", 3);
	add_zeroes(&message, 511);
	text_addc(&message, 0);
	add_seipd(&message);
	expect(&message, "does not begin");
	/* Four gigabytes in eighty bytes. */
	add_pkesk(&message, 3, ID);
	text_add(&message, "\xd2\xff\xff\xff\xff\xff\x01", 7);
	add_zeroes(&message, 80);
	expect(&message, "has not its recipients");
	add_pkesk(&message, 3, ID);
	text_add(&message, "\xd2\x00", 2);
	expect(&message, "cut short");
}

/* Any bytes: an answer, and no read behind the end (seen by the sanitizer). */
static void
noise_is_refused_without_a_read_behind_its_end(void **state)
{
	struct text message = { 0 };
	struct error err;

	(void)state;
	srandom(1);
	for (int round = 0; round < 20000; round++) {
		add_pkesk(&message, 3, ID);
		add_seipd(&message);
		for (int i = 0; i < 4; i++)
			message.data[random() % (long)message.size] = (char)random();
		audit(&message, (size_t)random() % (message.size + 1), &err);
		text_clear(&message);
	}
}

/* As messages share their ends: the sum of the whole from the sums of its pieces. */
static void
sums_join_wherever_they_are_cut(void **state)
{
	unsigned char bytes[2000];

	(void)state;
	digest_random(bytes, sizeof bytes);
	for (size_t cut = 0; cut <= sizeof bytes; cut++)
		assert_int_equal(armour_sum(bytes, sizeof bytes),
		    armour_sum_joined(armour_sum(bytes, cut),
			armour_sum(bytes + cut, sizeof bytes - cut), sizeof bytes - cut));
}

static void
armour_has_the_checksum_of_the_standard(void **state)
{
	struct text text = { 0 };

	(void)state;
	armour(&text, "", 0);
	assert_string_equal(text_string(&text),
	    "-----BEGIN PGP MESSAGE-----\r\n\r\n=twTO\r\n-----END PGP MESSAGE-----\r\n");
	text_clear(&text);
	armour(&text, "123456789", 9); /* CRC-24/OPENPGP check value 21CF02 */
	assert_string_equal(text_string(&text),
	    "-----BEGIN PGP MESSAGE-----\r\n\r\nMTIzNDU2Nzg5\r\n=Ic8C\r\n"
	    "-----END PGP MESSAGE-----\r\n");
	text_clear(&text);
}

/* gpg --enarmor writes the same lines under another title, and with LF. */
static void
armour_is_what_gpg_would_write(void **state)
{
	static const size_t sizes[] = { 1, 2, 3, 47, 48, 49, 96, 1000, 100000 };
	struct gpg_home home = gpg_home_new();
	unsigned char *bytes = malloc(100000);
	char path[64];

	(void)state;
	digest_random(bytes, 100000);
	snprintf(path, sizeof path, "%s/ours", home.path);
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct text text = { 0 };
		FILE *file = fopen(path, "w");

		armour(&text, bytes, sizes[i]);
		fwrite(bytes, 1, sizes[i], file);
		fclose(file);
		shell("gpg --homedir %s --enarmor <%s | grep -v -e ^Comment -e ^---- "
		      "| sed 's/$/\\r/' >%s/theirs",
		    home.path, path, home.path);
		file = fopen(path, "w");
		fwrite(text.data, 1, text.size, file);
		fclose(file);
		assert_true(shell("grep -v ^---- %s | cmp - %s/theirs", path, home.path));
		text_clear(&text);
	}
	free(bytes);
	gpg_home_end(&home);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_recipient_and_its_data_are_accepted),
		cmocka_unit_test(every_shorter_message_is_refused),
		cmocka_unit_test(another_recipient_is_refused),
		cmocka_unit_test(a_hidden_recipient_is_refused_even_if_zero_is_expected),
		cmocka_unit_test(other_versions_are_refused),
		cmocka_unit_test(passphrases_markers_and_bare_data_are_refused),
		cmocka_unit_test(whatever_follows_is_refused),
		cmocka_unit_test(lengths_come_in_every_form),
		cmocka_unit_test(odd_lengths_are_refused),
		cmocka_unit_test(noise_is_refused_without_a_read_behind_its_end),
		cmocka_unit_test(sums_join_wherever_they_are_cut),
		cmocka_unit_test(armour_has_the_checksum_of_the_standard),
		cmocka_unit_test(armour_is_what_gpg_would_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
