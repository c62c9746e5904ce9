#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/when.h"
#include "edge/pgp_home.h"
#include "edge/pgp_keys.h"
#include "gpg_home.h"

#define LONG_AGO "--faked-system-time '20200101T000000!'"
#define FAR_AHEAD "--faked-system-time '20990101T000000!'"

/* The partners' own home, where all secrets are; ours has what was imported. */
struct world {
	struct gpg_home partners, above;
	char home[48], file[64];
	struct keyring *keyring;
};

static void
say_all(const struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++)
		print_error("%s\n", mistakes->all[i].message);
}

static struct keyring *
open_keyring(const char *home, const char *signer)
{
	struct mistakes mistakes = { 0 };
	struct keyring *keyring = keyring_open(home, signer, 60, &mistakes);

	say_all(&mistakes);
	assert_non_null(keyring);
	assert_int_equal(mistakes.count, 0);
	return keyring;
}

static void
import(struct world *world)
{
	struct imported imported;
	struct error err;

	if (!keyring_import(world->keyring, world->file, &imported, &err))
		fail_msg("%s", err.message);
	free(imported.fingerprints);
}

/* Hands a partner's key over, as a file. */
static struct made_key
hand_over(struct world *world, const char *user)
{
	char rest[256];

	snprintf(
	    rest, sizeof rest, "--armor --output %s --export '=%s'", world->file, user);
	assert_true(gpg(&world->partners, rest));
	import(world);
	return gpg_fingerprint(&world->partners, user);
}

static int
open_world(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	struct error err;

	assert_non_null(world);
	*state = world;
	world->partners = gpg_home_new();
	world->above = gpg_home_new();
	snprintf(world->home, sizeof world->home, "%s/gnupg", world->above.path);
	snprintf(world->file, sizeof world->file, "%s/key.asc", world->above.path);
	if (!keyring_init(world->home, &err))
		fail_msg("%s", err.message);
	world->keyring = open_keyring(world->home, NULL);
	return 0;
}

static int
close_world(void **state)
{
	struct world *world = *state;

	keyring_close(world->keyring);
	shell("gpgconf --homedir %s --kill all", world->home);
	gpg_home_end(&world->above);
	gpg_home_end(&world->partners);
	free(world);
	return 0;
}

static void
expect_unusable_at(
    struct world *world, const struct made_key *key, time_t at, const char *reason)
{
	struct key shown;
	struct error why;

	if (keyring_usable(world->keyring, key->fingerprint, at, &shown, &why))
		fail_msg("usable, in spite of: %s", reason);
	assert_string_equal(why.message, reason);
}

static void
expect_unusable(struct world *world, const struct made_key *key, const char *reason)
{
	expect_unusable_at(world, key, time(NULL), reason);
}

static struct key
expect_usable(struct world *world, const struct made_key *key)
{
	struct key shown;
	struct error why;

	if (!keyring_usable(world->keyring, key->fingerprint, time(NULL), &shown, &why))
		fail_msg("%s", why.message);
	assert_string_equal(shown.fingerprint, key->fingerprint);
	return shown;
}

static void
a_sound_key_is_usable_and_described(void **state)
{
	struct world *world = *state;
	struct made_key made = gpg_make(
	    &world->partners, "", "Good <good@a.example>", "future-default default 2y");
	struct key key;

	hand_over(world, "Good <good@a.example>");
	key = expect_usable(world, &made);
	assert_string_equal(key.user, "Good <good@a.example>");
	assert_string_equal(key.algorithm, "Ed25519/Cv25519");
	assert_false(key.secret);
	assert_true(key.expires > time(NULL) + 700 * 86400);
	assert_int_equal(keyring_count(world->keyring), 1);
	keyring_key(world->keyring, 0, &key);
	assert_string_equal(key.fingerprint, made.fingerprint);
}

/* A clock that was set back must not revive it: gpg would encrypt. */
static void
the_given_time_decides_and_not_gpgs_clock(void **state)
{
	struct world *world = *state;
	struct made_key made = gpg_fingerprint(&world->partners, "Good <good@a.example>");
	struct text reason = { 0 };
	struct key key = expect_usable(world, &made);
	unsigned long long ids[4];

	text_adds(&reason, "key expired on ");
	when_write(&reason, key.expires);
	text_adds(&reason, "; import it anew with a later end");
	memmove(reason.data + 25, strchr(reason.data, ';'),
	    strlen(strchr(reason.data, ';')) + 1);
	expect_unusable_at(world, &made, key.expires, reason.data);
	text_clear(&reason);
	assert_int_equal(1,
	    keyring_encryption_ids(
		world->keyring, made.fingerprint, key.expires - 1, ids, 4));
}

static void
letters_of_a_fingerprint_may_be_small(void **state)
{
	struct world *world = *state;
	struct made_key made = gpg_fingerprint(&world->partners, "Good <good@a.example>");
	struct key key;
	struct error why;

	for (char *c = made.fingerprint; *c; c++)
		*c = *c >= 'A' ? (char)(*c | 32) : *c;
	assert_true(
	    keyring_usable(world->keyring, made.fingerprint, time(NULL), &key, &why));
}

static void
missing_keys_and_subkeys_are_not_found(void **state)
{
	struct world *world = *state;
	struct made_key missing = { "0123456789ABCDEF0123456789ABCDEF01234567" };
	struct made_key primary =
	    gpg_fingerprint(&world->partners, "Good <good@a.example>");
	struct made_key subkey = { "" };
	char reason[128];

	expect_unusable(
	    world, &missing, "key is not in the home; forewarn keys import FILE");
	assert_null(keyring_primary(world->keyring, missing.fingerprint));
	says(subkey.fingerprint, sizeof subkey.fingerprint,
	    "gpg --homedir %s --batch --with-colons -k good@a.example 2>/dev/null"
	    " | awk -F: '/^fpr/ { f = $10 } END { print f }'",
	    world->partners.path);
	snprintf(reason, sizeof reason, "fingerprint is that of a subkey; pin %s",
	    primary.fingerprint);
	expect_unusable(world, &subkey, reason);
	assert_string_equal(
	    keyring_primary(world->keyring, subkey.fingerprint), primary.fingerprint);
	assert_string_equal(
	    keyring_primary(world->keyring, primary.fingerprint), primary.fingerprint);
	strcpy(missing.fingerprint, "good@a.example");
	expect_unusable(
	    world, &missing, "key is not in the home; forewarn keys import FILE");
}

static void
keys_that_ended_are_unusable(void **state)
{
	struct world *world = *state;
	struct made_key key = gpg_make(
	    &world->partners, LONG_AGO, "old@a.example", "future-default default 1y");

	hand_over(world, "old@a.example");
	expect_unusable(
	    world, &key, "key expired on 2020-12-31; import it anew with a later end");
	key = gpg_make(
	    &world->partners, LONG_AGO, "oldsub@a.example", "ed25519 sign never");
	gpg_add_subkey(&world->partners, LONG_AGO, &key, "cv25519 encr 1y");
	hand_over(world, "oldsub@a.example");
	expect_unusable(world, &key,
	    "encryption subkey expired on 2020-12-31; import the key anew with a later "
	    "end");
}

static void
a_new_subkey_takes_the_place_of_an_ended_one(void **state)
{
	struct world *world = *state;
	struct made_key key = gpg_fingerprint(&world->partners, "oldsub@a.example");
	unsigned long long ids[4];
	struct key shown;

	gpg_add_subkey(&world->partners, "", &key, "cv25519 encr 1y");
	hand_over(world, "oldsub@a.example");
	shown = expect_usable(world, &key);
	assert_true(shown.expires > time(NULL));
	assert_int_equal(1,
	    keyring_encryption_ids(world->keyring, key.fingerprint, time(NULL), ids, 4));
}

static void
reopen_for(struct world *world, const char *signer)
{
	keyring_close(world->keyring);
	world->keyring = NULL; /* opening may end the test */
	world->keyring = open_keyring(world->home, signer);
}

static void
reopen(struct world *world)
{
	reopen_for(world, NULL);
}

static void
a_key_of_the_future_is_unusable(void **state)
{
	struct world *world = *state;
	struct made_key key = gpg_make(&world->partners, FAR_AHEAD, "future@a.example",
	    "future-default default never");
	struct made_key good = gpg_fingerprint(&world->partners, "Good <good@a.example>");

	/* gpg takes it only while its clock is wrong. */
	assert_true(
	    shell("gpg --homedir %s --export %s | gpg --homedir %s --batch " FAR_AHEAD
		  " --import",
		world->partners.path, key.fingerprint, world->home));
	reopen(world);
	expect_unusable(
	    world, &key, "key is not valid before 2099-01-01; mind the clock");
	assert_false(keyring_usable(world->keyring, good.fingerprint, 86400,
	    &(struct key){ 0 }, &(struct error){ 0 }));
}

static void
a_revoked_key_is_unusable(void **state)
{
	struct world *world = *state;
	struct made_key key = gpg_make(
	    &world->partners, "", "revoked@a.example", "future-default default never");

	hand_over(world, "revoked@a.example");
	expect_usable(world, &key);
	assert_true(shell("sed 's/^:---/---/' %s/openpgp-revocs.d/%s.rev >%s.rev &&"
			  " gpg --homedir %s --batch --import %s.rev",
	    world->partners.path, key.fingerprint, world->file, world->partners.path,
	    world->file));
	hand_over(world, "revoked@a.example");
	expect_unusable(world, &key, "key is revoked; import and pin a new one");
}

static void
revoke_subkey(struct world *world, const char *user)
{
	assert_true(
	    shell("printf 'key 1\\nrevkey\\ny\\n0\\n\\ny\\nsave\\n' | gpg --homedir "
		  "%s --no-tty --command-fd 0 --edit-key %s",
		world->partners.path, user));
}

static void
a_key_whose_subkey_is_revoked_is_unusable(void **state)
{
	struct world *world = *state;
	struct made_key key = gpg_make(
	    &world->partners, "", "revsub@a.example", "future-default default never");

	revoke_subkey(world, "revsub@a.example");
	hand_over(world, "revsub@a.example");
	expect_unusable(world, &key,
	    "encryption subkey is revoked; import the key anew with another");
}

/* gpg itself would encrypt to it. */
static void
a_disabled_key_is_unusable(void **state)
{
	struct world *world = *state;
	struct made_key key = gpg_make(
	    &world->partners, "", "disabled@a.example", "future-default default never");

	hand_over(world, "disabled@a.example");
	expect_usable(world, &key);
	assert_true(shell("printf 'disable\\nsave\\n' | gpg --homedir %s --no-tty "
			  "--command-fd 0 --edit-key %s",
	    world->home, key.fingerprint));
	reopen(world);
	expect_unusable(world, &key, "key is disabled in the home; enable it with gpg");
}

static void
a_key_that_only_signs_is_unusable(void **state)
{
	struct world *world = *state;
	struct made_key key =
	    gpg_make(&world->partners, "", "sign@a.example", "ed25519 sign never");

	hand_over(world, "sign@a.example");
	expect_unusable(
	    world, &key, "key cannot encrypt: it has no encryption subkey; ask for one");
	assert_int_equal(0,
	    keyring_encryption_ids(world->keyring, key.fingerprint, time(NULL), NULL, 0));
}

static void
weak_keys_are_unusable(void **state)
{
	static const struct {
		const char *user, *primary, *subkey, *reason;
	} weak[] = {
		{ "w1@a.example", "rsa2048 sign never", "cv25519 encr never",
		    "key is weak (RSA-2048); ask for RSA-3072 or better, or Ed25519" },
		{ "w2@a.example", "ed25519 sign never", "rsa2048 encr never",
		    "encryption subkey is weak (RSA-2048); ask for RSA-3072 or better, "
		    "or Ed25519" },
		{ "w3@a.example", "dsa1024 sign never", "cv25519 encr never",
		    "key is weak (DSA-1024); ask for RSA-3072 or better, or Ed25519" },
		{ "w4@a.example", "ed25519 sign never", "elg1024 encr never",
		    "encryption subkey is weak (ELG-E-1024); ask for RSA-3072 or "
		    "better, or Ed25519" },
		{ "w5@a.example", "secp256k1 sign never", "cv25519 encr never",
		    "key is weak (secp256k1); ask for RSA-3072 or better, or Ed25519" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof weak / sizeof *weak; i++) {
		struct made_key key =
		    gpg_make(&world->partners, "", weak[i].user, weak[i].primary);

		gpg_add_subkey(&world->partners, "", &key, weak[i].subkey);
		hand_over(world, weak[i].user);
		expect_unusable(world, &key, weak[i].reason);
	}
}

/* gpg chooses among them, and not by strength. */
static void
a_weak_subkey_spoils_a_strong_one(void **state)
{
	struct world *world = *state;
	struct made_key key = gpg_fingerprint(&world->partners, "w2@a.example");

	gpg_add_subkey(&world->partners, "", &key, "cv25519 encr never");
	hand_over(world, "w2@a.example");
	expect_unusable(world, &key,
	    "encryption subkey is weak (RSA-2048); ask for RSA-3072 or better, or "
	    "Ed25519");
}

static void
strong_keys_of_other_kinds_are_usable(void **state)
{
	static const struct {
		const char *user, *primary, *subkey, *name;
	} strong[] = {
		{ "s1@a.example", "rsa3072 sign never", "rsa3072 encr never",
		    "RSA-3072" },
		{ "s2@a.example", "nistp256 sign never", "nistp384 encr never",
		    "NIST P-256/NIST P-384" },
		{ "s3@a.example", "brainpoolP512r1 sign never",
		    "brainpoolP256r1 encr never", "brainpoolP512r1/brainpoolP256r1" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof strong / sizeof *strong; i++) {
		struct made_key key =
		    gpg_make(&world->partners, "", strong[i].user, strong[i].primary);

		gpg_add_subkey(&world->partners, "", &key, strong[i].subkey);
		hand_over(world, strong[i].user);
		assert_string_equal(expect_usable(world, &key).algorithm, strong[i].name);
	}
}

static void
expect_no_signer(struct world *world, const struct made_key *key, const char *reason)
{
	struct error why;

	reopen_for(world, key->fingerprint);
	assert_false(
	    keyring_can_sign(world->keyring, key->fingerprint, time(NULL), &why));
	assert_string_equal(why.message, reason);
}

static void
only_a_strong_secret_key_of_today_may_sign(void **state)
{
	struct world *world = *state;
	struct gpg_home own = { "" };
	struct made_key good, old, weak,
	    public = gpg_fingerprint(&world->partners, "Good <good@a.example>");
	struct error why;
	struct key shown;

	memcpy(own.path, world->home, strlen(world->home) + 1);
	good = gpg_make(&own, "", "psirt@v.example", "ed25519 sign never");
	old = gpg_make(&own, LONG_AGO, "psirt.old@v.example", "ed25519 sign 1y");
	weak = gpg_make(&own, "", "psirt.weak@v.example", "rsa2048 sign never");
	reopen_for(world, good.fingerprint);
	assert_true(keyring_can_sign(world->keyring, good.fingerprint, time(NULL), &why));
	assert_false(
	    keyring_usable(world->keyring, good.fingerprint, time(NULL), &shown, &why));
	assert_true(shown.secret);
	keyring_usable(world->keyring, weak.fingerprint, time(NULL), &shown, &why);
	assert_false(shown.secret); /* it was not looked for */
	expect_no_signer(
	    world, &old, "key expired on 2020-12-31; import it anew with a later end");
	expect_no_signer(world, &weak,
	    "key is weak (RSA-2048); ask for RSA-3072 or better, or Ed25519");
	expect_no_signer(
	    world, &public, "key has no secret part in the home; import it with gpg");
}

/* A file of the partners' keys whose users the pattern names, binary or in armour. */
static bool
import_of(
    struct world *world, const char *how, struct imported *imported, struct error *err)
{
	assert_true(shell("gpg --homedir %s --batch --passphrase '' --yes --output %s %s",
	    world->partners.path, world->file, how));
	return keyring_import(world->keyring, world->file, imported, err);
}

static void
a_file_may_hold_several_keys(void **state)
{
	struct world *world = *state;
	struct made_key one = gpg_make(
	    &world->partners, "", "one@b.example", "future-default default never");
	struct made_key two = gpg_make(
	    &world->partners, "", "two@b.example", "future-default default never");
	size_t before = keyring_count(world->keyring);
	struct imported imported;
	struct error err;

	assert_true(import_of(world, "--export b.example", &imported, &err));
	assert_int_equal(imported.count, 2);
	assert_string_equal(imported.fingerprints[0], one.fingerprint);
	assert_string_equal(imported.fingerprints[1], two.fingerprint);
	free(imported.fingerprints);
	assert_int_equal(keyring_count(world->keyring), before + 2);
	expect_usable(world, &two);
	assert_true(import_of(world, "--armor --export one@b.example", &imported, &err));
	assert_int_equal(imported.count, 1);
	free(imported.fingerprints);
	assert_int_equal(keyring_count(world->keyring), before + 2);
}

static void
expect_no_import(struct world *world, const char *fact)
{
	size_t before = keyring_count(world->keyring);
	struct imported imported;
	struct error err;

	assert_false(keyring_import(world->keyring, world->file, &imported, &err));
	if (!strstr(err.message, fact))
		fail_msg("%s", err.message);
	assert_int_equal(imported.count, 0);
	assert_null(imported.fingerprints);
	assert_int_equal(keyring_count(world->keyring), before);
}

static void
a_file_with_a_secret_key_is_refused_and_nothing_of_it_stays(void **state)
{
	struct world *world = *state;

	gpg_make(
	    &world->partners, "", "secret@c.example", "future-default default never");
	assert_true(shell("gpg --homedir %s --batch --passphrase '' --armor"
			  " --export-secret-keys secret@c.example >%s.sec",
	    world->partners.path, world->file));
	assert_true(shell("cp %s.sec %s", world->file, world->file));
	expect_no_import(world, "holds a secret key");
	/* Hidden behind a public one. */
	assert_true(shell("gpg --homedir %s --armor --export good@a.example >%s &&"
			  " cat %s.sec >>%s",
	    world->partners.path, world->file, world->file, world->file));
	expect_no_import(world, "holds a secret key");
	assert_false(shell("gpg --homedir %s -K secret@c.example", world->home));
}

static void
a_file_without_a_key_is_refused(void **state)
{
	struct world *world = *state;

	assert_true(shell("echo hello >%s", world->file));
	expect_no_import(world, "holds no OpenPGP public key");
	assert_true(shell(": >%s", world->file));
	expect_no_import(world, "holds no OpenPGP public key");
	assert_true(shell("head -c 1048577 /dev/zero >%s", world->file));
	expect_no_import(world, "is larger than 1048576 bytes");
	assert_true(shell("rm %s", world->file));
	expect_no_import(world, "No such file");
}

/* The home as the sentence says it, and the mistake that opening it makes. */
static void
expect_refused(const char *home, const char *fact)
{
	struct mistakes mistakes = { 0 };
	struct keyring *keyring = keyring_open(home, NULL, 60, &mistakes);
	bool said = false;

	for (size_t i = 0; i < mistakes.count; i++)
		said = said || strstr(mistakes.all[i].message, fact);
	if (keyring || !said) {
		say_all(&mistakes);
		fail_msg("not said: %s", fact);
	}
	mistakes_clear(&mistakes);
}

static void
a_new_home_is_ours_alone_and_never_made_over_another(void **state)
{
	struct gpg_home above = gpg_home_new();
	char home[64], path[96];
	struct stat st;
	struct error err;

	(void)state;
	snprintf(home, sizeof home, "%s/h", above.path);
	expect_refused(home, "is missing; forewarn keys init makes it");
	assert_true(keyring_init(home, &err));
	assert_int_equal(stat(home, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0700);
	snprintf(path, sizeof path, "%s/gpg.conf", home);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_false(keyring_init(home, &err));
	assert_non_null(strstr(err.message, "cannot be made: File exists"));
	keyring_close(open_keyring(home, NULL));
	gpg_home_end(&above);
}

static void
a_gpg_conf_of_other_lines_is_refused(void **state)
{
	static const struct {
		const char *change, *fact;
	} cases[] = {
		{ "echo 'group 01=02' >>gpg.conf",
		    "gpg.conf:8: 'group 01=02': is not a line of ours; remove it" },
		{ "printf ' \\t encrypt-to x' >>gpg.conf", "gpg.conf:8: 'encrypt-to x'" },
		{ "sed -i 3s/AES/AES1/ gpg.conf; sed -i 2s/256/128/ gpg.conf",
		    "lacks a line of ours; add 'cipher-algo AES256'" },
		{ ": >gpg.conf", "lacks a line of ours; add 'disable-dirmngr'" },
		{ "printf '# \\rgroup 1=2\\n' >>gpg.conf", "holds a control character" },
		{ "printf '# \\0\\ngroup 1=2\\n' >>gpg.conf",
		    "holds a control character" },
		{ "rm gpg.conf", "gpg.conf: No such file" },
		{ "mv gpg.conf c; ln -s c gpg.conf", "is or passes a symbolic link" },
		{ "touch gpg.conf-2", "gpg.conf-2: gpg would read it" },
		{ "touch gpg.conf-2.2", "gpg.conf-2.2: gpg would read it" },
		{ "touch gpg.conf-2.2.40", "gpg.conf-2.2.40: gpg would read it" },
		{ "chmod 750 .", "others may enter it; chmod 700 it" },
		{ "chmod 701 .", "others may enter it; chmod 700 it" },
	};
	struct gpg_home above = gpg_home_new();
	struct error err;
	char home[64];

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		snprintf(home, sizeof home, "%s/h%zu", above.path, i);
		assert_true(keyring_init(home, &err));
		assert_true(shell("cd %s && %s", home, cases[i].change));
		expect_refused(home, cases[i].fact);
	}
	gpg_home_end(&above);
}

static void
comments_and_blank_lines_are_welcome(void **state)
{
	struct gpg_home above = gpg_home_new();
	struct error err;
	char home[64];

	(void)state;
	snprintf(home, sizeof home, "%s/h", above.path);
	assert_true(keyring_init(home, &err));
	assert_true(shell("printf '\\n\\t\\n # group 1=2\\n' >>%s/gpg.conf", home));
	keyring_close(open_keyring(home, NULL));
	gpg_home_end(&above);
}

static void
links_files_and_long_paths_are_no_home(void **state)
{
	struct gpg_home above = gpg_home_new();
	char home[128];
	struct error err;

	(void)state;
	snprintf(home, sizeof home, "%s/h", above.path);
	assert_true(keyring_init(home, &err));
	assert_true(shell("ln -s h %s/link && touch %s/file", above.path, above.path));
	snprintf(home, sizeof home, "%s/link", above.path);
	expect_refused(home, "is a symbolic link");
	snprintf(home, sizeof home, "%s/file", above.path);
	expect_refused(home, "Not a directory");
	/* 13 + 1 + 74: one byte more than the sockets allow. */
	snprintf(home, sizeof home, "%s/%074d", above.path, 0);
	assert_int_equal(strlen(home), 88);
	assert_false(keyring_init(home, &err));
	assert_non_null(strstr(err.message, "too long for gpg-agent's sockets"));
	assert_int_equal(access(home, F_OK), -1);
	home[87] = '\0';
	assert_true(keyring_init(home, &err));
	assert_true(shell("mv %s %s0", home, home));
	home[87] = '0';
	expect_refused(home, "too long for gpg-agent's sockets");
	gpg_home_end(&above);
}

static bool
map_ids(unsigned user, unsigned group)
{
	static const char *const files[] = { "setgroups", "uid_map", "gid_map" };
	char lines[3][32] = { "deny", "", "" };

	snprintf(lines[1], sizeof lines[1], "%u %u 1", user, user);
	snprintf(lines[2], sizeof lines[2], "%u %u 1", group, group);
	for (size_t i = 0; i < 3; i++) {
		char path[64];
		int fd;

		snprintf(path, sizeof path, "/proc/self/%s", files[i]);
		fd = open(path, O_WRONLY | O_CLOEXEC);
		if (fd < 0 || write(fd, lines[i], strlen(lines[i])) < 0)
			return false;
		close(fd);
	}
	return true;
}

/* In a mount namespace of its own, where /etc holds nothing but this file. */
static int
in_another_etc(const char *home, const char *line)
{
	struct mistakes mistakes = { 0 };
	unsigned user = geteuid(), group = getegid();
	FILE *conf;

	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0 || !map_ids(user, group) ||
	    mount("none", "/etc", "tmpfs", 0, NULL) != 0 ||
	    mkdir("/etc/gnupg", 0755) != 0 || !(conf = fopen("/etc/gnupg/gpg.conf", "w")))
		return 2;
	fputs(line, conf);
	fclose(conf);
	free(home_check(home, &mistakes));
	for (size_t i = 0; i < mistakes.count; i++)
		if (strstr(mistakes.all[i].message, "/etc/gnupg/gpg.conf:1: "))
			return 1;
	return 0;
}

static int
check_in_another_etc(const char *home, const char *line)
{
	pid_t child = fork();
	int status;

	if (child == 0)
		_exit(in_another_etc(home, line));
	assert_int_equal(waitpid(child, &status, 0), child);
	return WEXITSTATUS(status);
}

static void
the_systems_gpg_conf_is_refused_too(void **state)
{
	struct world *world = *state;

	if (check_in_another_etc(world->home, "# empty\n") == 2) {
		print_message("# no namespace of its own to be had here\n");
		return; /* prove takes the skip() of cmocka for a failure */
	}
	assert_int_equal(check_in_another_etc(world->home, "# empty\n"), 0);
	assert_int_equal(check_in_another_etc(world->home, "disable-dirmngr\n"), 0);
	assert_int_equal(check_in_another_etc(world->home, "group 01=02\n"), 1);
}

static void
an_operators_own_gnupghome_does_not_matter(void **state)
{
	struct world *world = *state;
	size_t count = keyring_count(world->keyring);

	setenv("GNUPGHOME", world->partners.path, 1);
	reopen(world);
	assert_int_equal(keyring_count(world->keyring), count);
	unsetenv("GNUPGHOME");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_key_is_usable_and_described),
		cmocka_unit_test(the_given_time_decides_and_not_gpgs_clock),
		cmocka_unit_test(letters_of_a_fingerprint_may_be_small),
		cmocka_unit_test(missing_keys_and_subkeys_are_not_found),
		cmocka_unit_test(keys_that_ended_are_unusable),
		cmocka_unit_test(a_new_subkey_takes_the_place_of_an_ended_one),
		cmocka_unit_test(a_key_of_the_future_is_unusable),
		cmocka_unit_test(a_revoked_key_is_unusable),
		cmocka_unit_test(a_key_whose_subkey_is_revoked_is_unusable),
		cmocka_unit_test(a_disabled_key_is_unusable),
		cmocka_unit_test(a_key_that_only_signs_is_unusable),
		cmocka_unit_test(weak_keys_are_unusable),
		cmocka_unit_test(a_weak_subkey_spoils_a_strong_one),
		cmocka_unit_test(strong_keys_of_other_kinds_are_usable),
		cmocka_unit_test(only_a_strong_secret_key_of_today_may_sign),
		cmocka_unit_test(a_file_may_hold_several_keys),
		cmocka_unit_test(
		    a_file_with_a_secret_key_is_refused_and_nothing_of_it_stays),
		cmocka_unit_test(a_file_without_a_key_is_refused),
		cmocka_unit_test(a_new_home_is_ours_alone_and_never_made_over_another),
		cmocka_unit_test(a_gpg_conf_of_other_lines_is_refused),
		cmocka_unit_test(comments_and_blank_lines_are_welcome),
		cmocka_unit_test(links_files_and_long_paths_are_no_home),
		cmocka_unit_test(the_systems_gpg_conf_is_refused_too),
		cmocka_unit_test(an_operators_own_gnupghome_does_not_matter),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
