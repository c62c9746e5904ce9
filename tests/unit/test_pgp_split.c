/* One operation of a real gpg for several contacts, and what becomes of it: a message for each. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/text.h"
#include "edge/pgp_armour.h"
#include "edge/pgp_keys.h"
#include "edge/pgp_packets.h"
#include "edge/pgp_seal.h"
#include "gpg_home.h"

#define LONG_AGO "--faked-system-time '20200101T000000!'"

/* Their session keys differ in size, and so does where the data begins in a line of armour. */
enum { CURVE, RSA, SUBKEYS, OLD_CIPHER, PEOPLE };

static const char *const kinds[PEOPLE] = { "future-default default never",
	"rsa3072 sign,encr never", "nistp384 sign never",
	"future-default default never" };

/* Our home, and one for each contact, with one secret in it. */
struct world {
	struct gpg_home above, people[PEOPLE], bad;
	struct gpg_home home; /* below `above` */
	struct made_key signer, keys[PEOPLE];
	struct recipient contacts[PEOPLE];
	struct keyring *keyring;
	struct sealer *sealer;
};

static void
hand_over(struct world *world, const struct gpg_home *from, const struct made_key *key)
{
	assert_true(shell("gpg --homedir %s --export %s | gpg --homedir %s --import",
	    from->path, key->fingerprint, world->home.path));
}

static void
open_sealer(struct world *world)
{
	struct mistakes mistakes = { 0 };
	struct error err;

	world->keyring =
	    keyring_open(world->home.path, world->signer.fingerprint, 60, &mistakes);
	if (!world->keyring)
		fail_msg("%s", mistakes.all[0].message);
	world->sealer =
	    sealer_open(world->keyring, world->signer.fingerprint, time(NULL), &err);
	if (!world->sealer)
		fail_msg("%s", err.message);
}

static void
close_sealer(struct world *world)
{
	sealer_close(world->sealer);
	keyring_close(world->keyring);
	world->sealer = NULL;
	world->keyring = NULL;
}

static void
reopen(struct world *world)
{
	close_sealer(world);
	open_sealer(world);
}

/* A home with one key, which ours has, too, and the secret in a file for other programs. */
static void
make_person(struct world *world, size_t i)
{
	static const char *const names[PEOPLE] = { "a@a.example", "b@b.example",
		"c@c.example", "d@d.example" };
	const char *options =
	    i == OLD_CIPHER ? "--default-preference-list '3DES SHA256 Uncompressed'" : "";
	struct gpg_home *home = &world->people[i];

	*home = gpg_home_new();
	world->keys[i] = gpg_make(home, options, names[i], kinds[i]);
	if (i == SUBKEYS) {
		gpg_add_subkey(home, "", &world->keys[i], "nistp384 encr never");
		gpg_add_subkey(home, "", &world->keys[i], "rsa3072 encr never");
		gpg_add_subkey(home, "", &world->keys[i], "cv25519 encr never");
	}
	hand_over(world, home, &world->keys[i]);
	assert_true(shell("gpg --homedir %s --batch --passphrase '' --export-secret-keys "
			  ">%s/%zu",
	    home->path, world->above.path, i));
	assert_true(
	    shell("gpg --homedir %s --import %s/signer", home->path, world->above.path));
	world->contacts[i] =
	    (struct recipient){ "acme/soc", names[i], world->keys[i].fingerprint };
}

static int
open_world(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	struct error err;

	assert_non_null(world);
	*state = world;
	world->above = gpg_home_new();
	world->bad = gpg_home_new();
	snprintf(
	    world->home.path, sizeof world->home.path, "%.16s/gnupg", world->above.path);
	if (!keyring_init(world->home.path, &err))
		fail_msg("%s", err.message);
	world->signer =
	    gpg_make(&world->home, "", "psirt@v.example", "ed25519 sign never");
	assert_true(shell("gpg --homedir %s --export %s >%s/signer", world->home.path,
	    world->signer.fingerprint, world->above.path));
	for (size_t i = 0; i < PEOPLE; i++)
		make_person(world, i);
	open_sealer(world);
	return 0;
}

static int
close_world(void **state)
{
	struct world *world = *state;

	close_sealer(world);
	for (size_t i = 0; i < PEOPLE; i++)
		gpg_home_end(&world->people[i]);
	gpg_home_end(&world->bad);
	gpg_home_end(&world->home);
	gpg_home_end(&world->above);
	free(world);
	return 0;
}

static void
seal_to(struct world *world, const struct text *mime, const struct recipient *const to[],
    size_t n, struct sealed *out[], struct error bad[])
{
	struct error err;

	if (!seal(world->sealer, mime->data, mime->size, to, n, out, bad, &err))
		fail_msg("our trouble: %s", err.message);
}

static void
free_all(struct sealed *out[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		sealed_free(out[i]);
}

static void
seal_to_all(struct world *world, const struct text *mime, struct sealed *out[PEOPLE])
{
	const struct recipient *to[PEOPLE];
	struct error bad[PEOPLE];

	for (size_t i = 0; i < PEOPLE; i++)
		to[i] = &world->contacts[i];
	seal_to(world, mime, to, PEOPLE, out, bad);
	for (size_t i = 0; i < PEOPLE; i++) {
		if (!out[i])
			fail_msg("blocked: %s", bad[i].message);
		assert_ptr_equal(sealed_to(out[i]), &world->contacts[i]);
	}
}

static void
make_text(struct text *mime, size_t size)
{
	text_adds(mime, "Content-Type: text/plain\r\n\r\n");
	while (mime->size < size)
		text_addc(mime, (char)('a' + mime->size * mime->size % 23));
}

static void
read_sealed(struct text *armour, const struct sealed *sealed)
{
	char piece[4096];
	size_t got;

	while ((got = sealed_read(sealed, armour->size, piece, sizeof piece)) > 0)
		text_add(armour, piece, got);
}

static void
put(const struct world *world, const char *name, const struct text *text)
{
	char path[64];
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", world->above.path, name);
	file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text->data, 1, text->size, file), text->size);
	fclose(file);
}

static void
get(const struct world *world, const char *name, struct text *text)
{
	char path[64], piece[4096];
	size_t got;
	FILE *file;

	snprintf(path, sizeof path, "%s/%s", world->above.path, name);
	file = fopen(path, "r");
	assert_non_null(file);
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		text_add(text, piece, got);
	fclose(file);
}

static void
put_sealed(const struct world *world, const struct sealed *sealed)
{
	struct text armour = { 0 };

	read_sealed(&armour, sealed);
	put(world, "asc", &armour);
	text_clear(&armour);
}

/* The packets of a message, as gpg reads its armour. */
static void
get_packets(const struct world *world, const struct sealed *sealed, struct text *bytes)
{
	put_sealed(world, sealed);
	assert_true(shell(
	    "cd %s && gpg --homedir gnupg --dearmor <asc >packets", world->above.path));
	get(world, "packets", bytes);
}

/* Decrypts the file "asc" with the only secret of a home. */
static bool
opens(const struct world *world, size_t person)
{
	return shell("cd %s && gpg --homedir %s --batch --yes --status-file status "
		     "--output plain --decrypt asc",
	    world->above.path, world->people[person].path);
}

static void
expect_plain(const struct world *world, const struct text *mime)
{
	struct text plain = { 0 };

	get(world, "plain", &plain);
	assert_int_equal(plain.size, mime->size);
	assert_memory_equal(plain.data, mime->data, mime->size);
	text_clear(&plain);
}

static void
expect_status(const struct world *world)
{
	assert_true(
	    shell("cd %s && grep -q 'VALIDSIG %s' status && grep -q GOODSIG status "
		  "&& grep -q 'DECRYPTION_INFO 2 9' status && "
		  "test $(grep -c ENC_TO status) = 1",
		world->above.path, world->signer.fingerprint));
}

static void
each_opens_its_own_with_the_signature_and_no_other(void **state)
{
	struct world *world = *state;
	struct sealed *out[PEOPLE];
	struct text mime = { 0 };

	make_text(&mime, 70000);
	seal_to_all(world, &mime, out);
	for (size_t i = 0; i < PEOPLE; i++) {
		put_sealed(world, out[i]);
		for (size_t j = 0; j < PEOPLE; j++)
			assert_int_equal(opens(world, j), i == j);
		assert_false(shell("cd %s && gpg --homedir gnupg --batch --decrypt asc",
		    world->above.path)); /* nor we ourselves */
		assert_true(opens(world, i));
		expect_plain(world, &mime);
		expect_status(world);
	}
	free_all(out, PEOPLE);
	text_clear(&mime);
}

static bool
sequoia_opens(const struct world *world, size_t person)
{
	return shell("cd %s && sq --force decrypt --signatures 1 --signer-cert signer "
		     "--recipient-key %zu --output plain asc",
	    world->above.path, person);
}

static bool
rnp_opens(const struct world *world, size_t person)
{
	return shell("cd %s && rm -rf rnp && mkdir rnp && for f in signer %zu; do "
		     "rnpkeys --homedir rnp --import $f; done; rnp --homedir rnp "
		     "--password '' --overwrite --output plain --decrypt asc",
	    world->above.path, person);
}

static void
other_programs_open_it_with_the_right_key_alone(void **state)
{
	struct world *world = *state;
	struct sealed *out[PEOPLE];
	struct text mime = { 0 };

	make_text(&mime, 3000);
	seal_to_all(world, &mime, out);
	for (size_t i = 0; i < PEOPLE; i++) {
		put_sealed(world, out[i]);
		assert_true(sequoia_opens(world, i));
		expect_plain(world, &mime);
		assert_false(sequoia_opens(world, (i + 1) % PEOPLE));
		assert_true(rnp_opens(world, i));
		expect_plain(world, &mime);
		assert_false(rnp_opens(world, (i + 1) % PEOPLE));
	}
	free_all(out, PEOPLE);
	text_clear(&mime);
}

static void
expect_one_armour(
    const struct world *world, const struct sealed *sealed, struct text *data)
{
	struct text armour = { 0 }, bytes = { 0 }, whole = { 0 };
	struct packets packets;
	struct error err;

	get_packets(world, sealed, &bytes);
	armour_begin(&whole);
	armour_lines(&whole, bytes.data, bytes.size);
	armour_end(&whole, armour_sum(bytes.data, bytes.size));
	read_sealed(&armour, sealed);
	assert_int_equal(armour.size, whole.size);
	assert_memory_equal(armour.data, whole.data, whole.size);
	assert_true(packets_read(&packets, bytes.data, bytes.size, &err));
	assert_int_equal(packets.key_count, 1);
	text_add(data, packets.data, packets.data_size);
	packets_clear(&packets);
	text_clear(&whole);
	text_clear(&armour);
	text_clear(&bytes);
}

static bool
same(const struct text *a, const struct text *b)
{
	return a->size == b->size && memcmp(a->data, b->data, a->size) == 0;
}

/* Whatever the size, and from some 8 KB on gpg writes partial lengths. */
static void
the_armour_of_each_is_as_if_it_were_made_alone(void **state)
{
	static const size_t sizes[] = { 29, 30, 31, 47, 200, 8192, 20000, 300001 };
	struct world *world = *state;

	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct text mime = { 0 }, data[PEOPLE] = { { 0 } };
		struct sealed *out[PEOPLE];

		make_text(&mime, sizes[i]);
		seal_to_all(world, &mime, out);
		for (size_t j = 0; j < PEOPLE; j++)
			expect_one_armour(world, out[j], &data[j]);
		for (size_t j = 1; j < PEOPLE; j++)
			assert_true(same(&data[0], &data[j]));
		free_all(out, PEOPLE);
		for (size_t j = 0; j < PEOPLE; j++)
			text_clear(&data[j]);
		text_clear(&mime);
	}
}

/* Whether two messages have the same encrypted data: were they sealed together? */
static bool
share(const struct world *world, const struct sealed *one, const struct sealed *two)
{
	struct text a = { 0 }, b = { 0 };
	bool shared;

	expect_one_armour(world, one, &a);
	expect_one_armour(world, two, &b);
	shared = same(&a, &b);
	text_clear(&a);
	text_clear(&b);
	return shared;
}

/* Between two good ones: these are sealed together, and the bad one is not sealed to. */
static void
expect_blocked_alone(struct world *world, const char *fingerprint, const char *fact)
{
	struct recipient none = { "bad/soc", "soc@bad.example", fingerprint };
	const struct recipient *const to[] = { &world->contacts[CURVE], &none,
		&world->contacts[RSA] };
	struct sealed *out[3];
	struct error bad[3];
	struct text mime = { 0 };

	make_text(&mime, 100);
	seal_to(world, &mime, to, 3, out, bad);
	assert_null(out[1]);
	if (!strstr(bad[1].message, fact))
		fail_msg("'%s' lacks '%s'", bad[1].message, fact);
	assert_true(out[0] && out[2]);
	assert_true(share(world, out[0], out[2]));
	put_sealed(world, out[2]);
	assert_true(opens(world, RSA));
	assert_false(opens(world, CURVE));
	free_all(out, 3);
	text_clear(&mime);
}

static void
revoke(const struct world *world, const struct made_key *key)
{
	assert_true(shell("sed 's/^:---/---/' %s/openpgp-revocs.d/%s.rev >%s/rev &&"
			  " gpg --homedir %s --batch --import %s/rev",
	    world->bad.path, key->fingerprint, world->above.path, world->bad.path,
	    world->above.path));
}

static void
one_bad_key_of_a_group_blocks_its_contact_alone(void **state)
{
	static const char usual[] = "future-default default never";
	struct world *world = *state;
	struct gpg_home *home = &world->bad;
	struct made_key expired = gpg_make(
			    home, LONG_AGO, "1@bad.example", "future-default default 1y"),
			revoked = gpg_make(home, "", "2@bad.example", usual),
			disabled = gpg_make(home, "", "3@bad.example", usual),
			weak = gpg_make(home, "", "4@bad.example", "rsa2048 sign,encr"),
			signs = gpg_make(home, "", "5@bad.example", "ed25519 sign never");

	revoke(world, &revoked);
	hand_over(world, home, &expired);
	hand_over(world, home, &revoked);
	hand_over(world, home, &disabled);
	hand_over(world, home, &weak);
	hand_over(world, home, &signs);
	assert_true(shell("printf 'disable\\nsave\\n' | gpg --homedir %s --no-tty "
			  "--command-fd 0 --edit-key %s",
	    world->home.path, disabled.fingerprint));
	reopen(world);
	expect_blocked_alone(world, expired.fingerprint, "key expired on 2020-12-31");
	expect_blocked_alone(world, revoked.fingerprint, "key is revoked");
	expect_blocked_alone(world, disabled.fingerprint, "key is disabled in the home");
	expect_blocked_alone(world, weak.fingerprint, "weak (RSA-2048)");
	expect_blocked_alone(world, signs.fingerprint, "no encryption subkey");
	expect_blocked_alone(
	    world, "0123456789ABCDEF0123456789ABCDEF01234567", "is not in the home");
}

/* What is sealed while one of the four is at fault: all others alone, and that one not. */
static void
expect_each_alone(struct world *world, size_t at_fault, const char *fact)
{
	const struct recipient *to[PEOPLE];
	struct sealed *out[PEOPLE];
	struct error bad[PEOPLE];
	struct text mime = { 0 };
	size_t last = PEOPLE;

	make_text(&mime, 100);
	for (size_t i = 0; i < PEOPLE; i++)
		to[i] = &world->contacts[i];
	seal_to(world, &mime, to, PEOPLE, out, bad);
	assert_null(out[at_fault]);
	if (!strstr(bad[at_fault].message, fact))
		fail_msg("'%s' lacks '%s'", bad[at_fault].message, fact);
	for (size_t i = 0; i < PEOPLE; i++) {
		if (i == at_fault)
			continue;
		assert_non_null(out[i]);
		assert_string_equal(bad[i].message, "");
		put_sealed(world, out[i]);
		for (size_t j = 0; j < PEOPLE; j++)
			assert_int_equal(opens(world, j), i == j);
		if (last < PEOPLE)
			assert_false(share(world, out[last], out[i]));
		last = i;
	}
	free_all(out, PEOPLE);
	text_clear(&mime);
}

/* It was in order when the home was listed. */
static void
a_key_that_gpg_alone_refuses_has_all_sealed_alone(void **state)
{
	struct world *world = *state;

	assert_true(shell("gpg --homedir %s --batch --yes --delete-keys %s",
	    world->home.path, world->keys[RSA].fingerprint));
	expect_each_alone(world, RSA, "key: cannot be encrypted to");
	hand_over(world, &world->people[RSA], &world->keys[RSA]);
	reopen(world);
}

/* A line that was put into gpg.conf behind our back sends one's to another of the group. */
static void
a_group_that_was_redirected_has_all_sealed_alone(void **state)
{
	struct world *world = *state;

	assert_true(shell("cd %s/gnupg && cp gpg.conf ../kept && echo 'group %s=%s' "
			  ">>gpg.conf",
	    world->above.path, world->keys[CURVE].fingerprint,
	    world->keys[RSA].fingerprint));
	expect_each_alone(world, CURVE, "is for another key than the pinned one");
	assert_true(shell("cd %s && cp kept gnupg/gpg.conf", world->above.path));
}

/* And one that adds somebody leaves nobody with a message. */
static void
a_stranger_in_the_group_stops_all_of_it(void **state)
{
	struct world *world = *state;
	const struct recipient *const to[] = { &world->contacts[CURVE],
		&world->contacts[RSA] };
	struct sealed *out[2];
	struct error bad[2];
	struct text mime = { 0 };

	make_text(&mime, 100);
	assert_true(shell("cd %s/gnupg && cp gpg.conf ../kept && echo 'recipient %s' "
			  ">>gpg.conf",
	    world->above.path, world->keys[SUBKEYS].fingerprint));
	seal_to(world, &mime, to, 2, out, bad);
	assert_true(shell("cd %s && cp kept gnupg/gpg.conf", world->above.path));
	for (size_t i = 0; i < 2; i++) {
		assert_null(out[i]);
		assert_non_null(strstr(bad[i].message, "encrypted message: "));
	}
	text_clear(&mime);
}

static void
two_contacts_with_one_key_get_the_same(void **state)
{
	struct world *world = *state;
	struct recipient twin = { "acme/desk", "desk@a.example",
		world->keys[CURVE].fingerprint };
	const struct recipient *const to[] = { &world->contacts[CURVE],
		&world->contacts[RSA], &twin };
	struct text mime = { 0 }, one = { 0 }, two = { 0 };
	struct sealed *out[3];
	struct error bad[3];

	make_text(&mime, 100);
	seal_to(world, &mime, to, 3, out, bad);
	assert_true(out[0] && out[1] && out[2]);
	assert_ptr_equal(sealed_to(out[0]), &world->contacts[CURVE]);
	assert_ptr_equal(sealed_to(out[2]), &twin);
	read_sealed(&one, out[0]);
	read_sealed(&two, out[2]);
	assert_true(same(&one, &two));
	put_sealed(world, out[2]);
	assert_true(opens(world, CURVE));
	expect_status(world);
	assert_false(opens(world, RSA));
	text_clear(&one);
	text_clear(&two);
	text_clear(&mime);
	free_all(out, 3);
}

/* The file "packets", which another program made for all; each part is opened by sq or rnp. */
static void
expect_split(struct world *world, const struct text *mime,
    bool (*opener)(const struct world *, size_t))
{
	struct addressee to[PEOPLE];
	struct sealed *out[PEOPLE];
	struct text bytes = { 0 };
	struct error err;

	get(world, "packets", &bytes);
	for (size_t i = 0; i < PEOPLE; i++) {
		to[i].to = &world->contacts[i];
		to[i].id_count = keyring_encryption_ids(world->keyring,
		    world->keys[i].fingerprint, time(NULL), to[i].ids, MOST_SUBKEYS);
	}
	assert_int_equal(to[SUBKEYS].id_count, 3);
	if (!sealed_split(out, to, PEOPLE, bytes.data, bytes.size, &err))
		fail_msg("%s", err.message);
	for (size_t i = 0; i < PEOPLE; i++) {
		put_sealed(world, out[i]);
		assert_true(opener(world, i));
		expect_plain(world, mime);
		assert_false(opener(world, (i + 1) % PEOPLE));
	}
	/* With one addressee less, or another in its place, it is nobody's. */
	free_all(out, PEOPLE);
	assert_false(sealed_split(out, to, PEOPLE - 1, bytes.data, bytes.size, &err));
	to[0].id_count = 0;
	assert_false(sealed_split(out, to, PEOPLE, bytes.data, bytes.size, &err));
	text_clear(&bytes);
}

/* rnp: AEAD in OCB mode (tag 20), which gpg 2.2 cannot read. */
static void
what_rnp_made_is_split_like_ours(void **state)
{
	struct world *world = *state;
	struct text mime = { 0 };

	make_text(&mime, 3000);
	put(world, "in", &mime);
	assert_true(shell("cd %s && rm -rf rnp && mkdir rnp && for f in 0 1 2 3; do "
			  "rnpkeys --homedir rnp --import $f; done; rnp --homedir rnp "
			  "--overwrite --aead=OCB -z 0 -r %s -r %s -r %s -r %s --output "
			  "packets --encrypt in",
	    world->above.path, world->keys[0].fingerprint, world->keys[1].fingerprint,
	    world->keys[2].fingerprint, world->keys[3].fingerprint));
	expect_split(world, &mime, rnp_opens);
	text_clear(&mime);
}

/* sq encrypts to every subkey: of a contact with one alone that is one session key. */
static void
what_sequoia_made_is_split_like_ours(void **state)
{
	struct world *world = *state;
	const size_t single[] = { CURVE, RSA, OLD_CIPHER };
	struct addressee to[3];
	struct sealed *out[3];
	struct text mime = { 0 }, bytes = { 0 };
	struct error err;

	make_text(&mime, 3000);
	put(world, "in", &mime);
	assert_true(shell("cd %s && sq --force encrypt --binary --compression none "
			  "--recipient-cert 0 --recipient-cert 1 --recipient-cert 3 "
			  "--output packets in",
	    world->above.path));
	get(world, "packets", &bytes);
	for (size_t i = 0; i < 3; i++) {
		to[i].to = &world->contacts[single[i]];
		to[i].id_count = keyring_encryption_ids(world->keyring,
		    to[i].to->fingerprint, time(NULL), to[i].ids, MOST_SUBKEYS);
	}
	if (!sealed_split(out, to, 3, bytes.data, bytes.size, &err))
		fail_msg("%s", err.message);
	for (size_t i = 0; i < 3; i++) {
		put_sealed(world, out[i]);
		for (size_t j = 0; j < PEOPLE; j++)
			assert_int_equal(opens(world, j), single[i] == j);
		assert_true(opens(world, single[i]));
		expect_plain(world, &mime);
	}
	free_all(out, 3);
	text_clear(&bytes);
	text_clear(&mime);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_opens_its_own_with_the_signature_and_no_other),
		cmocka_unit_test(other_programs_open_it_with_the_right_key_alone),
		cmocka_unit_test(the_armour_of_each_is_as_if_it_were_made_alone),
		cmocka_unit_test(one_bad_key_of_a_group_blocks_its_contact_alone),
		cmocka_unit_test(a_key_that_gpg_alone_refuses_has_all_sealed_alone),
		cmocka_unit_test(a_group_that_was_redirected_has_all_sealed_alone),
		cmocka_unit_test(a_stranger_in_the_group_stops_all_of_it),
		cmocka_unit_test(two_contacts_with_one_key_get_the_same),
		cmocka_unit_test(what_rnp_made_is_split_like_ours),
		cmocka_unit_test(what_sequoia_made_is_split_like_ours),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
