#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "base/digest.h"
#include "edge/pgp_keys.h"
#include "edge/pgp_seal.h"
#include "gpg_home.h"

#define LONG_AGO "--faked-system-time '20200101T000000!'"
#define LARGE (3 * 1024 * 1024 + 17)

static const char mime[] = "Content-Type: text/plain\r\n\r\nkeep it to yourselves\r\n";

/* Our home, the home of those who can read acme's mail, and that of those who cannot. */
struct world {
	struct gpg_home above, acme, other;
	struct gpg_home home; /* below `above` */
	struct made_key signer, acme_key, other_key, weak_key;
	char message[64], plain[64], status[64];
	struct keyring *keyring;
	struct sealer *sealer;
};

static void
hand_over(struct world *world, const struct gpg_home *from, const struct made_key *key)
{
	assert_true(shell("gpg --homedir %s --export %s | gpg --homedir %s --import",
	    from->path, key->fingerprint, world->home.path));
}

static struct keyring *
open_keyring(struct world *world, const char *signer)
{
	struct mistakes mistakes = { 0 };
	struct keyring *keyring = keyring_open(world->home.path, signer, 60, &mistakes);

	if (!keyring)
		fail_msg("%s", mistakes.all[0].message);
	return keyring;
}

static struct sealer *
open_sealer(struct world *world)
{
	struct error err;
	struct sealer *sealer =
	    sealer_open(world->keyring, world->signer.fingerprint, time(NULL), &err);

	if (!sealer)
		fail_msg("%s", err.message);
	return sealer;
}

static void
make_keys(struct world *world)
{
	world->signer =
	    gpg_make(&world->home, "", "psirt@v.example", "ed25519 sign never");
	world->acme_key = gpg_make(
	    &world->acme, "", "soc@acme.example", "future-default default never");
	world->other_key = gpg_make(
	    &world->other, "", "soc@other.example", "future-default default never");
	world->weak_key =
	    gpg_make(&world->other, "", "weak@other.example", "rsa2048 sign,encr never");
	hand_over(world, &world->acme, &world->acme_key);
	hand_over(world, &world->other, &world->other_key);
	hand_over(world, &world->other, &world->weak_key);
	/* The readers know whose signature it is. */
	assert_true(shell("gpg --homedir %s --export %s >%s/signer", world->home.path,
	    world->signer.fingerprint, world->above.path));
	assert_true(shell(
	    "gpg --homedir %s --import %s/signer", world->acme.path, world->above.path));
	assert_true(shell(
	    "gpg --homedir %s --import %s/signer", world->other.path, world->above.path));
}

static int
open_world(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	struct error err;

	assert_non_null(world);
	*state = world;
	world->above = gpg_home_new();
	world->acme = gpg_home_new();
	world->other = gpg_home_new();
	snprintf(
	    world->home.path, sizeof world->home.path, "%.16s/gnupg", world->above.path);
	snprintf(world->message, sizeof world->message, "%s/asc", world->above.path);
	snprintf(world->plain, sizeof world->plain, "%s/plain", world->above.path);
	snprintf(world->status, sizeof world->status, "%s/status", world->above.path);
	if (!keyring_init(world->home.path, &err))
		fail_msg("%s", err.message);
	make_keys(world);
	world->keyring = open_keyring(world, world->signer.fingerprint);
	world->sealer = open_sealer(world);
	return 0;
}

static int
close_world(void **state)
{
	struct world *world = *state;

	sealer_close(world->sealer);
	keyring_close(world->keyring);
	gpg_home_end(&world->home);
	gpg_home_end(&world->above);
	gpg_home_end(&world->acme);
	gpg_home_end(&world->other);
	free(world);
	return 0;
}

/* NULL between, since opening may end the test, and closing the world comes then. */
static void
reopen(struct world *world)
{
	sealer_close(world->sealer);
	keyring_close(world->keyring);
	world->sealer = NULL;
	world->keyring = NULL;
	world->keyring = open_keyring(world, world->signer.fingerprint);
	world->sealer = open_sealer(world);
}

static struct recipient
contact(const struct made_key *key)
{
	return (struct recipient){ "acme/soc", "soc@acme.example", key->fingerprint };
}

static struct sealed *
seal_for(
    struct sealer *sealer, const struct recipient *to, const void *bytes, size_t size)
{
	struct sealed *out;
	struct error bad, err;

	if (!seal(sealer, bytes, size, &to, 1, &out, &bad, &err))
		fail_msg("our trouble: %s", err.message);
	if (!out)
		fail_msg("blocked: %s", bad.message);
	return out;
}

static void
expect_blocked(struct world *world, const struct made_key *key, const char *fact)
{
	struct recipient to = contact(key);
	const struct recipient *const one = &to;
	struct sealed *out = (struct sealed *)&to;
	struct error bad, err;

	if (!seal(world->sealer, mime, sizeof mime - 1, &one, 1, &out, &bad, &err))
		fail_msg("our trouble: %s", err.message);
	assert_null(out);
	if (!strstr(bad.message, fact))
		fail_msg("'%s' lacks '%s'", bad.message, fact);
}

/* Writes the message into its file, read in pieces of an odd size. */
static void
write_message(const struct world *world, const struct sealed *sealed)
{
	FILE *file = fopen(world->message, "w");
	char piece[997];
	size_t offset = 0, got;

	assert_non_null(file);
	while ((got = sealed_read(sealed, offset, piece, sizeof piece)) > 0) {
		assert_int_equal(fwrite(piece, 1, got, file), got);
		offset += got;
	}
	assert_int_equal(offset, sealed_size(sealed));
	fclose(file);
}

static void
expect_plain(const struct world *world, const void *bytes, size_t size)
{
	FILE *file = fopen(world->plain, "r");
	char *read = malloc(size + 1);

	assert_non_null(file);
	assert_non_null(read);
	assert_int_equal(fread(read, 1, size + 1, file), size);
	assert_memory_equal(read, bytes, size);
	fclose(file);
	free(read);
}

static bool
decrypt(const struct world *world, const struct gpg_home *reader)
{
	return shell("gpg --homedir %s --batch --yes --status-file %s --output %s "
		     "--decrypt %s",
	    reader->path, world->status, world->plain, world->message);
}

static bool
status_has(const struct world *world, const char *pattern)
{
	return shell("grep -q '^.GNUPG:. %s' %s", pattern, world->status);
}

static void
what_is_sealed_opens_with_the_pinned_key_and_names_the_signer(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	struct sealed *sealed = seal_for(world->sealer, &to, mime, sizeof mime - 1);
	char pattern[64];

	assert_ptr_equal(sealed_to(sealed), &to);
	write_message(world, sealed);
	sealed_free(sealed);
	assert_true(decrypt(world, &world->acme));
	expect_plain(world, mime, sizeof mime - 1);
	assert_true(status_has(world, "DECRYPTION_OKAY"));
	assert_true(status_has(world, "GOODMDC"));
	assert_true(status_has(world, "DECRYPTION_INFO 2 9")); /* AES-256 */
	assert_true(status_has(world, "GOODSIG"));
	snprintf(pattern, sizeof pattern, "VALIDSIG %s", world->signer.fingerprint);
	assert_true(status_has(world, pattern));
	assert_true(status_has(world, "VALIDSIG [^ ]* [^ ]* [^ ]* 0 4 0 22 10 00"));
	assert_true(shell("test $(grep -c ENC_TO %s) = 1", world->status));
}

static void
nobody_else_can_open_it(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	struct sealed *sealed = seal_for(world->sealer, &to, mime, sizeof mime - 1);

	write_message(world, sealed);
	sealed_free(sealed);
	assert_false(decrypt(world, &world->other));
	assert_true(status_has(world, "DECRYPTION_FAILED"));
	assert_false(decrypt(world, &world->home)); /* nor we ourselves */
}

static void
the_message_is_seven_bit_with_crlf_and_no_clear_text(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	struct sealed *sealed = seal_for(world->sealer, &to, mime, sizeof mime - 1);
	size_t size = sealed_size(sealed);
	char *bytes = malloc(size);

	assert_non_null(bytes);
	assert_int_equal(sealed_read(sealed, 0, bytes, size), size);
	assert_int_equal(sealed_read(sealed, size, bytes, 1), 0);
	assert_int_equal(sealed_read(sealed, size + 1, bytes, 1), 0);
	assert_null(memmem(bytes, size, "yourselves", 10));
	for (size_t i = 0; i < size; i++)
		if (bytes[i] == '\n')
			assert_true(i && bytes[i - 1] == '\r');
		else
			assert_true(
			    bytes[i] == '\r' || (bytes[i] >= ' ' && bytes[i] < 127));
	free(bytes);
	sealed_free(sealed);
}

static void
megabytes_of_any_bytes_come_back_whole(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	unsigned char *bytes = malloc(LARGE);
	struct sealed *sealed;

	assert_non_null(bytes);
	digest_random(bytes, LARGE);
	sealed = seal_for(world->sealer, &to, bytes, LARGE);
	write_message(world, sealed);
	sealed_free(sealed);
	assert_true(decrypt(world, &world->acme));
	expect_plain(world, bytes, LARGE);
	free(bytes);
}

/* The key of one home with its secret part, for the other programs. */
static void
export_secret(const struct world *world, const struct gpg_home *from,
    const struct made_key *key, const char *name)
{
	assert_true(shell("gpg --homedir %s --batch --passphrase '' --export-secret-keys "
			  "%s >%s/%s",
	    from->path, key->fingerprint, world->above.path, name));
}

static void
sequoia_opens_it_with_the_right_key_alone(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	struct sealed *sealed;

	sealed = seal_for(world->sealer, &to, mime, sizeof mime - 1);
	write_message(world, sealed);
	sealed_free(sealed);
	export_secret(world, &world->acme, &world->acme_key, "acme");
	export_secret(world, &world->other, &world->other_key, "other");
	assert_true(
	    shell("cd %s && sq --force decrypt --signatures 1 --signer-cert signer "
		  "--recipient-key acme --output plain asc",
		world->above.path));
	expect_plain(world, mime, sizeof mime - 1);
	assert_false(
	    shell("cd %s && sq --force decrypt --signatures 1 --signer-cert signer "
		  "--recipient-key other --output plain asc",
		world->above.path));
}

static void
rnp_opens_it_with_the_right_key_alone(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	struct sealed *sealed;

	sealed = seal_for(world->sealer, &to, mime, sizeof mime - 1);
	write_message(world, sealed);
	sealed_free(sealed);
	export_secret(world, &world->acme, &world->acme_key, "acme");
	export_secret(world, &world->other, &world->other_key, "other");
	for (int i = 0; i < 2; i++)
		assert_int_equal(i == 0,
		    shell("cd %s && rm -rf rnp && mkdir rnp && for f in signer %s; do "
			  "rnpkeys --homedir rnp --import $f; done; rnp --homedir rnp "
			  "--password '' --overwrite --output plain --decrypt asc",
			world->above.path, i ? "other" : "acme"));
}

static void
a_bad_key_does_not_stop_its_neighbours(void **state)
{
	struct world *world = *state;
	struct made_key none = { "0123456789ABCDEF0123456789ABCDEF01234567" };
	struct recipient all[] = { contact(&none), contact(&world->acme_key),
		contact(&world->weak_key), contact(&world->other_key) };
	const struct recipient *const to[] = { &all[0], &all[1], &all[2], &all[3] };
	struct sealed *out[4];
	struct error bad[4], err;

	assert_true(seal(world->sealer, mime, sizeof mime - 1, to, 4, out, bad, &err));
	assert_null(out[0]);
	assert_string_equal(
	    bad[0].message, "key is not in the home; forewarn keys import FILE");
	assert_null(out[2]);
	assert_non_null(strstr(bad[2].message, "weak (RSA-2048)"));
	assert_ptr_equal(sealed_to(out[1]), &all[1]);
	assert_ptr_equal(sealed_to(out[3]), &all[3]);
	assert_string_equal(bad[1].message, "");
	write_message(world, out[1]);
	assert_true(decrypt(world, &world->acme));
	write_message(world, out[3]);
	assert_true(decrypt(world, &world->other));
	assert_false(decrypt(world, &world->acme));
	sealed_free(out[1]);
	sealed_free(out[3]);
}

static void
a_newer_key_with_the_same_address_is_not_used(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	struct made_key forged = gpg_make(
	    &world->other, "", "soc@acme.example", "future-default default never");
	struct sealed *sealed;

	hand_over(world, &world->other, &forged);
	reopen(world);
	sealed = seal_for(world->sealer, &to, mime, sizeof mime - 1);
	write_message(world, sealed);
	sealed_free(sealed);
	assert_true(decrypt(world, &world->acme));
	assert_false(decrypt(world, &world->other));
}

static void
nothing_is_nothing_to_seal(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	const struct recipient *const one = &to;
	struct sealed *out = (struct sealed *)&to;
	struct error bad, err;

	assert_false(seal(world->sealer, mime, 0, &one, 1, &out, &bad, &err));
	assert_null(out);
}

/* Written behind our back, after the home was found in order. */
static void
add_line(struct world *world, const char *line)
{
	assert_true(shell("cp %s/gpg.conf %s/kept && echo '%s' >>%s/gpg.conf",
	    world->home.path, world->above.path, line, world->home.path));
}

static void
restore_conf(struct world *world)
{
	assert_true(shell("cp %s/kept %s/gpg.conf", world->above.path, world->home.path));
}

static void
a_group_line_cannot_redirect_what_goes_out(void **state)
{
	struct world *world = *state;
	char line[160];

	snprintf(line, sizeof line, "group %s=%s", world->acme_key.fingerprint,
	    world->other_key.fingerprint);
	add_line(world, line);
	expect_blocked(world, &world->acme_key, "is for another key than the pinned one");
	restore_conf(world);
	snprintf(line, sizeof line, "group %s=%s %s", world->acme_key.fingerprint,
	    world->acme_key.fingerprint, world->other_key.fingerprint);
	add_line(world, line);
	expect_blocked(world, &world->acme_key, "encrypted message: ");
	restore_conf(world);
}

static void
an_encrypt_to_line_adds_nobody(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	struct sealed *sealed;
	char line[160];

	snprintf(line, sizeof line, "encrypt-to %s", world->other_key.fingerprint);
	add_line(world, line);
	sealed = seal_for(world->sealer, &to, mime, sizeof mime - 1);
	restore_conf(world);
	write_message(world, sealed);
	sealed_free(sealed);
	assert_true(decrypt(world, &world->acme));
	assert_false(decrypt(world, &world->other));
}

static void
other_recipients_and_hidden_ones_are_not_let_out(void **state)
{
	struct world *world = *state;
	char line[160];

	snprintf(line, sizeof line, "recipient %s", world->other_key.fingerprint);
	add_line(world, line);
	expect_blocked(world, &world->acme_key, "encrypted message: ");
	restore_conf(world);
	add_line(world, "throw-keyids");
	expect_blocked(world, &world->acme_key, "is for nobody we know");
	restore_conf(world);
}

static void
a_second_signature_is_our_trouble(void **state)
{
	struct world *world = *state;
	struct recipient to = contact(&world->acme_key);
	const struct recipient *const one = &to;
	struct made_key second =
	    gpg_make(&world->home, "", "psirt.too@v.example", "ed25519 sign never");
	struct sealed *out;
	struct error bad, err = { 0 };
	char line[160];

	snprintf(line, sizeof line, "local-user %s", second.fingerprint);
	add_line(world, line);
	assert_false(
	    seal(world->sealer, mime, sizeof mime - 1, &one, 1, &out, &bad, &err));
	restore_conf(world);
	assert_null(out);
	assert_non_null(strstr(err.message, "did not sign with the signer alone"));
}

static void
a_key_that_left_the_home_blocks_its_contact_alone(void **state)
{
	struct world *world = *state;

	assert_true(shell("gpg --homedir %s --batch --yes --delete-keys %s",
	    world->home.path, world->acme_key.fingerprint));
	expect_blocked(world, &world->acme_key, "key: cannot be encrypted to");
	hand_over(world, &world->acme, &world->acme_key);
	reopen(world);
}

/* Expired by the latest time that was seen, alive by gpg's clock. */
static void
keys_are_judged_by_the_time_given(void **state)
{
	struct world *world = *state;
	struct made_key key = gpg_make(
	    &world->other, "", "ends@other.example", "future-default default 1y");
	struct recipient to = contact(&key);
	const struct recipient *const one = &to;
	struct sealer *later;
	struct sealed *out;
	struct error bad, err;

	hand_over(world, &world->other, &key);
	reopen(world);
	sealed_free(seal_for(world->sealer, &to, mime, sizeof mime - 1));
	later = sealer_open(
	    world->keyring, world->signer.fingerprint, time(NULL) + 366 * 86400, &err);
	assert_non_null(later);
	assert_true(seal(later, mime, sizeof mime - 1, &one, 1, &out, &bad, &err));
	assert_null(out);
	assert_non_null(strstr(bad.message, "key expired on "));
	sealer_close(later);
}

static void
expect_no_signer(struct world *world, const char *signer, const char *fact)
{
	struct keyring *keyring = open_keyring(world, signer);
	struct error err;

	assert_null(sealer_open(keyring, signer, time(NULL), &err));
	keyring_close(keyring);
	if (!strstr(err.message, fact) || !strstr(err.message, signer))
		fail_msg("'%s' lacks '%s'", err.message, fact);
}

static void
a_signer_that_cannot_sign_is_found_at_once(void **state)
{
	struct world *world = *state;
	struct made_key old =
	    gpg_make(&world->home, LONG_AGO, "psirt.old@v.example", "ed25519 sign 1y");
	struct made_key locked = gpg_make(&world->home, "--passphrase secret",
	    "psirt.locked@v.example", "ed25519 sign never");

	/* The agent remembers a passphrase it has just been told. */
	assert_true(shell("gpgconf --homedir %s --reload gpg-agent", world->home.path));
	expect_no_signer(
	    world, "0123456789ABCDEF0123456789ABCDEF01234567", "key is not in the home");
	expect_no_signer(
	    world, world->acme_key.fingerprint, "has no secret part in the home");
	expect_no_signer(world, old.fingerprint, "key expired on 2020-12-31");
	expect_no_signer(world, locked.fingerprint, "the signer cannot sign: gpg says: ");
}

/* One of the ways to keep the signer's key: the agent is told its passphrase once. */
static void
a_passphrase_that_the_agent_knows_unlocks_the_signer(void **state)
{
	struct world *world = *state;
	struct made_key locked = gpg_fingerprint(&world->home, "psirt.locked@v.example");
	struct keyring *keyring;
	struct sealer *sealer;
	struct error err;

	assert_true(shell("echo allow-preset-passphrase >%s/gpg-agent.conf && "
			  "gpgconf --homedir %s --reload gpg-agent",
	    world->home.path, world->home.path));
	assert_true(shell("export GNUPGHOME=%s; gpg-connect-agent /bye && "
			  "gpg --with-colons --with-keygrip -k %s | "
			  "awk -F: '/^grp/ { print $10; exit }' | "
			  "xargs printf 'PRESET_PASSPHRASE %%s -1 736563726574\n' | "
			  "gpg-connect-agent | grep OK",
	    world->home.path, locked.fingerprint));
	keyring = open_keyring(world, locked.fingerprint);
	sealer = sealer_open(keyring, locked.fingerprint, time(NULL), &err);
	if (!sealer)
		fail_msg("%s", err.message);
	sealer_close(sealer);
	keyring_close(keyring);
}

/* A subkey signs; the pin is that of the primary, whose secret may be elsewhere. */
static void
a_signing_subkey_is_the_signers(void **state)
{
	struct world *world = *state;
	struct made_key key =
	    gpg_make(&world->acme, "", "psirt.offline@v.example", "ed25519 cert never");
	struct recipient to = contact(&world->acme_key);
	struct keyring *keyring;
	struct sealer *sealer;
	struct sealed *sealed;
	struct error err;
	char pattern[64];

	gpg_add_subkey(&world->acme, "", &key, "ed25519 sign never");
	assert_true(
	    shell("gpg --homedir %s --batch --passphrase '' "
		  "--export-secret-subkeys %s | gpg --homedir %s --batch --import",
		world->acme.path, key.fingerprint, world->home.path));
	keyring = open_keyring(world, key.fingerprint);
	sealer = sealer_open(keyring, key.fingerprint, time(NULL), &err);
	if (!sealer)
		fail_msg("%s", err.message);
	sealed = seal_for(sealer, &to, mime, sizeof mime - 1);
	write_message(world, sealed);
	sealed_free(sealed);
	sealer_close(sealer);
	keyring_close(keyring);
	assert_true(decrypt(world, &world->acme));
	snprintf(pattern, sizeof pattern, "VALIDSIG .* %s$", key.fingerprint);
	assert_true(status_has(world, pattern));
}

/* Last, since the signer does not come back: what was sealed before is let go. */
static void
a_signer_lost_on_the_way_is_our_trouble(void **state)
{
	struct world *world = *state;
	struct recipient all[] = { contact(&world->acme_key),
		contact(&world->other_key) };
	const struct recipient *const to[] = { &all[0], &all[1] };
	struct sealed *out[2] = { (struct sealed *)all, (struct sealed *)all };
	struct error bad[2], err = { 0 };

	assert_true(shell("rm -r %s/private-keys-v1.d", world->home.path));
	assert_false(seal(world->sealer, mime, sizeof mime - 1, to, 2, out, bad, &err));
	assert_null(out[0]);
	assert_null(out[1]);
	assert_non_null(strstr(err.message, "nothing can be sealed: gpg says: "));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    what_is_sealed_opens_with_the_pinned_key_and_names_the_signer),
		cmocka_unit_test(nobody_else_can_open_it),
		cmocka_unit_test(the_message_is_seven_bit_with_crlf_and_no_clear_text),
		cmocka_unit_test(megabytes_of_any_bytes_come_back_whole),
		cmocka_unit_test(sequoia_opens_it_with_the_right_key_alone),
		cmocka_unit_test(rnp_opens_it_with_the_right_key_alone),
		cmocka_unit_test(a_bad_key_does_not_stop_its_neighbours),
		cmocka_unit_test(a_newer_key_with_the_same_address_is_not_used),
		cmocka_unit_test(nothing_is_nothing_to_seal),
		cmocka_unit_test(a_group_line_cannot_redirect_what_goes_out),
		cmocka_unit_test(an_encrypt_to_line_adds_nobody),
		cmocka_unit_test(other_recipients_and_hidden_ones_are_not_let_out),
		cmocka_unit_test(a_second_signature_is_our_trouble),
		cmocka_unit_test(a_key_that_left_the_home_blocks_its_contact_alone),
		cmocka_unit_test(keys_are_judged_by_the_time_given),
		cmocka_unit_test(a_signer_that_cannot_sign_is_found_at_once),
		cmocka_unit_test(a_passphrase_that_the_agent_knows_unlocks_the_signer),
		cmocka_unit_test(a_signing_subkey_is_the_signers),
		cmocka_unit_test(a_signer_lost_on_the_way_is_our_trouble),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
