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

/* --- one message for several --------------------------------------------------- */

enum { ADDRESSEES = 5 };

/* Each has two subkeys; for either of them there may be the session key. */
static void
name_addressees(struct addressee to[ADDRESSEES])
{
	for (size_t i = 0; i < ADDRESSEES; i++)
		to[i] = (struct addressee){ &soc, { ID + 2 * i, ID + 2 * i + 1 }, 2 };
}

static void
add_number(struct text *text, size_t octets, unsigned long long number)
{
	while (octets--)
		text_addc(text, (char)(number >> 8 * octets & 0xff));
}

static void
add_random(struct text *text, size_t octets)
{
	char bytes[1024];

	assert_true(octets <= sizeof bytes);
	digest_random(bytes, octets);
	text_add(text, bytes, octets);
}

/* For addressee i: a head in one of five forms, old and new, and a size of its own. */
static void
add_session_key(struct text *text, size_t i)
{
	static const struct {
		const char *head;
		size_t octets;
	} forms[ADDRESSEES] = { { "\x84", 1 }, { "\x85", 2 }, { "\x86", 4 },
		{ "\xc1", 1 }, { "\xc1\xff", 4 } };
	size_t rest = 5 + 17 * i;

	text_adds(text, forms[i].head);
	add_number(text, forms[i].octets, 9 + rest);
	text_addc(text, 3);
	add_number(text, 8, ID + 2 * i + i % 2);
	add_random(text, rest);
}

enum data { ONE_OCTET, TWO_OCTETS, FIVE_OCTETS, PIECES, AEAD, DATA_FORMS };

/* New format alone: tags above 15 have no other. */
static void
add_data(struct text *text, enum data form, size_t more)
{
	static const char *const heads[] = { "\xd2", "\xd2", "\xd2\xff", "\xd2\xe9\x01",
		"\xd4\xff" };
	size_t size = (form == TWO_OCTETS ? 200 : 60) + more;

	text_adds(text, heads[form]);
	if (form == PIECES) { /* of 512 and 1, and what is left */
		add_random(text, 511);
		text_adds(text, "\xe0?");
		add_number(text, 1, more);
		add_random(text, more);
		return;
	}
	if (form == ONE_OCTET)
		add_number(text, 1, size);
	else if (form == TWO_OCTETS)
		add_number(text, 2, 0xc000 + size - 192);
	else
		add_number(text, 4, size);
	text_addc(text, 1);
	add_random(text, size - 1);
}

/* One message for each: the session key at that place, the data, and nothing else. */
static void
expect_parts(struct sealed *out[], const struct text keys[], const struct text *data)
{
	for (size_t i = 0; i < ADDRESSEES; i++) {
		struct text whole = { 0 }, wanted = { 0 };
		char *got;

		text_add(&whole, keys[i].data, keys[i].size);
		text_add(&whole, data->data, data->size);
		armour(&wanted, whole.data, whole.size);
		assert_int_equal(sealed_size(out[i]), wanted.size);
		got = malloc(wanted.size);
		assert_int_equal(sealed_read(out[i], 0, got, wanted.size), wanted.size);
		assert_memory_equal(got, wanted.data, wanted.size);
		free(got);
		text_clear(&whole);
		text_clear(&wanted);
	}
}

static void
check_parts(enum data form, size_t more)
{
	struct addressee to[ADDRESSEES];
	struct sealed *out[ADDRESSEES];
	struct text keys[ADDRESSEES] = { 0 }, data = { 0 }, message = { 0 };
	struct error err;

	name_addressees(to);
	for (size_t i = 0; i < ADDRESSEES; i++)
		add_session_key(&keys[i], i);
	/* They need not stand in the order of the addressees. */
	for (size_t i = ADDRESSEES; i > 0; i--)
		text_add(&message, keys[i - 1].data, keys[i - 1].size);
	add_data(&data, form, more);
	text_add(&message, data.data, data.size);
	if (!sealed_split(out, to, ADDRESSEES, message.data, message.size, &err))
		fail_msg("form %d, %zu more: %s", (int)form, more, err.message);
	expect_parts(out, keys, &data);
	for (size_t i = 0; i < ADDRESSEES; i++) {
		sealed_free(out[i]);
		text_clear(&keys[i]);
	}
	text_clear(&data);
	text_clear(&message);
}

static void
each_gets_its_own_session_key_and_the_data(void **state)
{
	(void)state;
	for (int form = 0; form < DATA_FORMS; form++)
		for (size_t more = 0; more < 2 * ARMOUR_LINE; more++)
			check_parts((enum data)form, more);
}

/* A message with session keys for those in `keys`, asked for by all addressees. */
static void
expect_not_split(const char *keys, const char *refusal)
{
	struct addressee to[ADDRESSEES];
	struct sealed *out[ADDRESSEES];
	struct text message = { 0 };
	struct error err;

	name_addressees(to);
	memset(out, 0xff, sizeof out);
	for (; *keys; keys++)
		if (*keys == '?')
			add_pkesk(&message, 3, ID - 1);
		else if (*keys == '*')
			add_pkesk(&message, 3, 0);
		else if (*keys == '+') /* the other subkey of the first */
			add_pkesk(&message, 3, ID + 1);
		else
			add_session_key(&message, (size_t)(*keys - '0'));
	add_data(&message, ONE_OCTET, 0);
	assert_false(sealed_split(out, to, ADDRESSEES, message.data, message.size, &err));
	if (!strstr(err.message, refusal))
		fail_msg("'%s' lacks '%s'", err.message, refusal);
	for (size_t i = 0; i < ADDRESSEES; i++)
		assert_null(out[i]);
	text_clear(&message);
}

static void
one_too_many_or_too_few_is_nobodys(void **state)
{
	static const char another[] = "is for another key than the pinned one";

	(void)state;
	expect_not_split("0123", another);
	expect_not_split("1234", another);
	expect_not_split("01234?", "is for somebody else, too");
	expect_not_split("?01234", "is for somebody else, too");
	expect_not_split("0123?", another);
	expect_not_split("012344", another); /* two for one subkey */
	expect_not_split("01234+", another); /* two for one key */
	expect_not_split("0123*4", "is for nobody we know"); /* hidden */
	expect_not_split("", "does not begin with a session key");
}

/* Two contacts who read with one key: one session key, and each has it. */
static void
who_shares_a_key_shares_its_session_key(void **state)
{
	struct addressee to[] = { { &soc, { ID }, 1 }, { &soc, { 7, ID }, 2 } };
	struct sealed *out[2];
	struct text message = { 0 };
	char one[200], two[200];
	struct error err;
	size_t size;

	(void)state;
	add_pkesk(&message, 3, ID);
	add_seipd(&message);
	assert_true(sealed_split(out, to, 2, message.data, message.size, &err));
	size = sealed_read(out[0], 0, one, sizeof one);
	assert_true(size > 0 && size < sizeof one);
	sealed_free(out[0]); /* and the other one stays whole */
	assert_int_equal(sealed_read(out[1], 0, two, sizeof two), size);
	assert_memory_equal(one, two, size);
	sealed_free(out[1]);
	text_clear(&message);
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
		cmocka_unit_test(each_gets_its_own_session_key_and_the_data),
		cmocka_unit_test(one_too_many_or_too_few_is_nobodys),
		cmocka_unit_test(who_shares_a_key_shares_its_session_key),
		cmocka_unit_test(sums_join_wherever_they_are_cut),
		cmocka_unit_test(armour_has_the_checksum_of_the_standard),
		cmocka_unit_test(armour_is_what_gpg_would_write),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
