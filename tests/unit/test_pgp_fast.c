#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "edge/memory_file.h"
#include "edge/pgp_agent.h"
#include "edge/pgp_keys.h"
#include "edge/pgp_seal.h"
#include "edge/pgp_server.h"
#include "edge/pgp_speed.h"
#include "edge/pgp_talk.h"
#include "gpg_home.h"

#define LONG_AGO "--faked-system-time '20200101T000000!'"
#define GPG "/usr/bin/gpg"

static const char mime[] = "Content-Type: text/plain\r\n\r\nkeep it to yourselves\r\n";

/* Each key is good, or bad in a way of its own. */
enum {
	ACME,
	RSA,
	NIST,
	TWO,
	OTHER,
	GOOD,
	WEAK = GOOD,
	SIGNING,
	EXPIRED,
	REVOKED,
	HALF,
	DISABLED,
	GONE,
	ZOO
};

static const char *const kinds[ZOO] = {
	[ACME] = "future-default default never",
	[RSA] = "rsa3072 sign,encr never",
	[NIST] = "nistp256 sign never",
	[TWO] = "ed25519 sign never",
	[OTHER] = "future-default default never",
	[WEAK] = "rsa2048 sign,encr never",
	[SIGNING] = "ed25519 sign never",
	[EXPIRED] = "future-default default 1y",
	[REVOKED] = "future-default default never",
	[HALF] = "future-default default never",
	[DISABLED] = "future-default default never",
};

/* Our home and that of all who read. */
struct world {
	struct gpg_home above, readers;
	struct gpg_home home; /* below `above` */
	struct made_key signer, zoo[ZOO];
	const struct made_key *pinned; /* the signer that the keyring is opened for */
	char message[64], plain[64], status[64];
	struct keyring *keyring;
};

static struct recipient
contact(const struct made_key *key)
{
	return (struct recipient){ "acme/soc", "soc@acme.example", key->fingerprint };
}

static void
spoil(struct world *world)
{
	const struct gpg_home *readers = &world->readers;
	const char *revoked = world->zoo[REVOKED].fingerprint;

	gpg_add_subkey(readers, "", &world->zoo[NIST], "nistp256 encr never");
	gpg_add_subkey(readers, "", &world->zoo[TWO], "cv25519 encr never");
	gpg_add_subkey(readers, "", &world->zoo[TWO], "rsa3072 encr never");
	assert_true(shell("sed 's/^:---/---/' %s/openpgp-revocs.d/%s.rev | gpg --homedir "
			  "%s --import",
	    readers->path, revoked, readers->path));
	assert_true(shell("printf 'key 1\nrevkey\ny\n0\n\ny\nsave\n' | gpg --homedir %s "
			  "--no-tty --command-fd 0 --edit-key %s",
	    readers->path, world->zoo[HALF].fingerprint));
}

static void
make_keys(struct world *world)
{
	char user[32];

	for (int i = 0; i < GONE; i++) {
		snprintf(user, sizeof user, "k%d@zoo.example", i);
		world->zoo[i] = gpg_make(
		    &world->readers, i == EXPIRED ? LONG_AGO : "", user, kinds[i]);
	}
	strcpy(world->zoo[GONE].fingerprint, "0123456789ABCDEF0123456789ABCDEF01234567");
	spoil(world);
	assert_true(shell("gpg --homedir %s --export | gpg --homedir %s --import",
	    world->readers.path, world->home.path));
	assert_true(shell("printf 'disable\nquit\n' | gpg --homedir %s --no-tty "
			  "--command-fd 0 --edit-key %s",
	    world->home.path, world->zoo[DISABLED].fingerprint));
	world->signer =
	    gpg_make(&world->home, "", "psirt@v.example", "ed25519 sign never");
}

static void
open_keyring(struct world *world)
{
	struct mistakes mistakes = { 0 };

	world->keyring =
	    keyring_open(world->home.path, world->pinned->fingerprint, 60, &mistakes);
	if (!world->keyring)
		fail_msg("%s", mistakes.all[0].message);
	/* The readers know whose signature it is. */
	assert_true(shell("gpg --homedir %s --export | gpg --homedir %s --import",
	    world->home.path, world->readers.path));
}

static int
open_world(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	struct error err;

	assert_non_null(world);
	*state = world;
	world->above = gpg_home_new();
	world->readers = gpg_home_new();
	snprintf(
	    world->home.path, sizeof world->home.path, "%.16s/gnupg", world->above.path);
	snprintf(world->message, sizeof world->message, "%s/asc", world->above.path);
	snprintf(world->plain, sizeof world->plain, "%s/plain", world->above.path);
	snprintf(world->status, sizeof world->status, "%s/status", world->above.path);
	if (!keyring_init(world->home.path, &err))
		fail_msg("%s", err.message);
	make_keys(world);
	world->pinned = &world->signer;
	open_keyring(world);
	return 0;
}

static int
close_world(void **state)
{
	struct world *world = *state;

	keyring_close(world->keyring);
	gpg_home_end(&world->home);
	gpg_home_end(&world->above);
	gpg_home_end(&world->readers);
	free(world);
	return 0;
}

static void
reopen(struct world *world, const struct made_key *signer)
{
	world->pinned = signer;
	keyring_close(world->keyring);
	world->keyring = NULL;
	open_keyring(world);
}

static struct sealer *
open_sealer(struct world *world, const struct made_key *signer, bool fast)
{
	struct error err;
	struct sealer *sealer =
	    sealer_open(world->keyring, signer->fingerprint, time(NULL), &err);

	if (!sealer)
		fail_msg("%s", err.message);
	if (fast)
		sealer_hurry(sealer);
	return sealer;
}

/* Sealed to the one, or why not. */
static struct sealed *
try(struct sealer *sealer, const struct made_key *key, struct error *bad)
{
	struct recipient to = contact(key);
	const struct recipient *const one = &to;
	struct sealed *out;
	struct error err;

	if (!seal(sealer, mime, sizeof mime - 1, &one, 1, &out, bad, &err))
		fail_msg("our trouble: %s", err.message);
	return out;
}

static void
expect_fast(struct sealer *sealer)
{
	struct error note;

	if (sealer_note(sealer, &note))
		fail_msg("not the fast way: %s", note.message);
}

static void
expect_slow(struct sealer *sealer, const char *fact)
{
	struct error note;

	assert_true(sealer_note(sealer, &note));
	if (!strstr(note.message, fact))
		fail_msg("'%s' lacks '%s'", note.message, fact);
	assert_false(sealer_note(sealer, &note)); /* told once */
}

static void
write_message(const struct world *world, struct sealed *sealed)
{
	FILE *file = fopen(world->message, "w");
	char piece[997];
	size_t offset = 0, got;

	assert_non_null(file);
	assert_non_null(sealed);
	while ((got = sealed_read(sealed, offset, piece, sizeof piece)) > 0) {
		assert_int_equal(fwrite(piece, 1, got, file), got);
		offset += got;
	}
	fclose(file);
	sealed_free(sealed);
}

static void
expect_plain(const struct world *world)
{
	FILE *file = fopen(world->plain, "r");
	char read[sizeof mime];

	assert_non_null(file);
	assert_int_equal(fread(read, 1, sizeof read, file), sizeof mime - 1);
	assert_memory_equal(read, mime, sizeof mime - 1);
	fclose(file);
}

static bool
status_has(const struct world *world, const char *pattern)
{
	return shell("grep -q '^.GNUPG:. %s' %s", pattern, world->status);
}

static void
expect_opens(struct world *world, struct sealed *sealed, const struct made_key *signer)
{
	char pattern[128];

	write_message(world, sealed);
	if (!shell("gpg --homedir %s --batch --yes --status-file %s --output %s "
		   "--decrypt %s",
		world->readers.path, world->status, world->plain, world->message))
		fail_msg("it does not open");
	expect_plain(world);
	assert_true(status_has(world, "DECRYPTION_INFO 2 9")); /* AES-256 */
	assert_true(status_has(world, "GOODMDC"));
	assert_true(status_has(world, "GOODSIG"));
	snprintf(pattern, sizeof pattern, "VALIDSIG .* 0 4 0 [0-9]* 10 00 %s$",
	    signer->fingerprint);
	assert_true(status_has(world, pattern));
	assert_true(shell("test $(grep -c ENC_TO %s) = 1", world->status));
}

static void
both_ways_say_the_same_of_each_key(void **state)
{
	struct world *world = *state;
	struct sealer *slow = open_sealer(world, &world->signer, false);
	struct sealer *fast = open_sealer(world, &world->signer, true);
	struct error why, because;
	struct sealed *one, *other;

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < ZOO; i++) {
			one = try(slow, &world->zoo[i], &why);
			other = try(fast, &world->zoo[i], &because);
			assert_int_equal(one != NULL, i < GOOD);
			assert_int_equal(other != NULL, i < GOOD);
			assert_string_equal(why.message, because.message);
			expect_fast(fast);
			sealed_free(one);
			if (other)
				expect_opens(world, other, &world->signer);
		}
	sealer_close(slow);
	sealer_close(fast);
}

static void
others_open_it_with_the_right_key_alone(void **state)
{
	struct world *world = *state;
	struct sealer *sealer = open_sealer(world, &world->signer, true);
	struct error bad;

	write_message(world, try(sealer, &world->zoo[ACME], &bad));
	expect_fast(sealer);
	sealer_close(sealer);
	assert_true(
	    shell("cd %s && gpg --homedir %s --export %s >signer && for k in %s %s; "
		  "do gpg --homedir %s --batch --passphrase '' "
		  "--export-secret-keys $k >$k; done",
		world->above.path, world->home.path, world->signer.fingerprint,
		world->zoo[ACME].fingerprint, world->zoo[OTHER].fingerprint,
		world->readers.path));
	for (int i = ACME; i <= OTHER; i += OTHER - ACME) {
		const char *key = world->zoo[i].fingerprint;

		assert_int_equal(i == ACME,
		    shell("cd %s && sq --force decrypt --signatures 1 --signer-cert "
			  "signer --recipient-key %s --output plain asc",
			world->above.path, key));
		if (i == ACME)
			expect_plain(world);
		assert_int_equal(i == ACME,
		    shell("cd %s && rm -rf rnp && mkdir rnp && for f in signer %s; do "
			  "rnpkeys --homedir rnp --import $f; done; rnp --homedir rnp "
			  "--password '' --overwrite --output plain --decrypt asc",
			world->above.path, key));
	}
}

static void
megabytes_come_back_whole(void **state)
{
	struct world *world = *state;
	struct sealer *sealer = open_sealer(world, &world->signer, true);
	struct recipient to = contact(&world->zoo[ACME]);
	const struct recipient *const one = &to;
	size_t size = 3 * 1024 * 1024 + 17;
	unsigned char *bytes = malloc(size);
	struct sealed *out;
	struct error bad, err;

	assert_non_null(bytes);
	for (size_t i = 0; i < size; i++)
		bytes[i] = (unsigned char)(i * i >> 7);
	assert_true(seal(sealer, bytes, size, &one, 1, &out, &bad, &err));
	expect_fast(sealer);
	sealer_close(sealer);
	write_message(world, out);
	assert_true(shell("gpg --homedir %s --batch --yes --output %s --decrypt %s && "
			  "test $(stat -c %%s %s) = %zu",
	    world->readers.path, world->plain, world->message, world->plain, size));
	free(bytes);
}

/* --- what must not go wrong ------------------------------------------------------- */

static struct server *
open_server(struct world *world, int patience)
{
	struct error err;
	struct server *server = server_open(GPG, world->home.path, patience, &err);

	if (!server)
		fail_msg("%s", err.message);
	return server;
}

/* What the audit says of a message for OTHER. */
static bool
is_for_other_alone(struct world *world, int made, struct error *err)
{
	struct recipient to = contact(&world->zoo[OTHER]);
	struct addressee one = { .to = &to };
	struct sealed *sealed = NULL;
	struct memory memory;
	bool ok;

	one.id_count = keyring_encryption_ids(
	    world->keyring, to.fingerprint, time(NULL), one.ids, MOST_SUBKEYS);
	assert_int_equal(one.id_count, 1);
	assert_true(memory_map(&memory, made, err));
	ok = sealed_split(&sealed, &one, 1, memory.bytes, memory.size, err);
	memory_unmap(&memory);
	sealed_free(sealed);
	return ok;
}

static void
who_was_left_of_a_failure_is_forgotten(void **state)
{
	struct world *world = *state;
	struct server *server = open_server(world, 60);
	struct error err = { 0 };
	int from = memory_file(mime, sizeof mime - 1, &err);
	int made = memory_file("", 0, &err);

	assert_false(
	    server_encrypt(server, world->zoo[ACME].fingerprint, from, -1, &err));
	/* Nobody does that: after an error it is killed. But nor would it do harm. */
	lseek(from, 0, SEEK_SET);
	assert_true(
	    server_encrypt(server, world->zoo[OTHER].fingerprint, from, made, &err));
	if (!is_for_other_alone(world, made, &err))
		fail_msg("%s", err.message);
	close(made);
	close(from);
	server_close(server);
}

/* The reason for all that: were it not told to forget, the audit alone would stand. */
static void
unforgotten_the_audit_finds_them(void **state)
{
	struct world *world = *state;
	const char *arguments[] = { "gpg", "--homedir", world->home.path, "--batch",
		"--trust-model", "always", "--no-literal", "--server", NULL };
	struct error err = { 0 };
	struct talk *talk = talk_start(GPG, arguments, 60, &err);
	int from = memory_file(mime, sizeof mime - 1, &err);
	int made = memory_file("", 0, &err);
	char command[64];

	assert_non_null(talk);
	snprintf(command, sizeof command, "RECIPIENT %s", world->zoo[ACME].fingerprint);
	assert_true(talk_say(talk, command, NULL, &err));
	assert_false(talk_say(talk, "ENCRYPT", NULL, &err)); /* of nothing */
	snprintf(command, sizeof command, "RECIPIENT %s", world->zoo[OTHER].fingerprint);
	assert_true(talk_say(talk, command, NULL, &err));
	assert_true(talk_pass(talk, from, &err));
	assert_true(talk_say(talk, "INPUT FD", NULL, &err));
	assert_true(talk_pass(talk, made, &err));
	assert_true(talk_say(talk, "OUTPUT FD", NULL, &err));
	assert_true(talk_say(talk, "ENCRYPT", NULL, &err));
	assert_false(is_for_other_alone(world, made, &err));
	assert_string_equal(err.message, "encrypted message: is for somebody else, too");
	close(made);
	close(from);
	talk_end(talk);
}

/* Once it has read more than the pipe holds, gpg is in the midst of the message. */
static void
strike_in_mid_message(struct world *world, int patience, const char *signal)
{
	struct server *server = open_server(world, patience);
	static const char block[65536];
	struct error err = { 0 };
	int made = memory_file("", 0, &err), ends[2];
	time_t start = time(NULL);
	pid_t helper;

	assert_int_equal(pipe(ends), 0);
	helper = fork();
	if (helper == 0) {
		for (int i = 0; i < 8; i++)
			if (write(ends[1], block, sizeof block) != sizeof block)
				_exit(1);
		/* The pipe stays open until we are killed ourselves. */
		shell("pkill -%s -f 'homedir %s .*[-]-server'", signal, world->home.path);
		for (;;)
			pause();
	}
	assert_false(
	    server_encrypt(server, world->zoo[ACME].fingerprint, ends[0], made, &err));
	assert_true(time(NULL) - start < 30);
	server_close(server);
	kill(helper, SIGKILL);
	waitpid(helper, NULL, 0);
	assert_false(shell("pgrep -f 'homedir %s .*[-]-server'", world->home.path));
	close(ends[0]);
	close(ends[1]);
	close(made);
}

static void
a_server_killed_in_mid_message_is_an_error(void **state)
{
	strike_in_mid_message(*state, 60, "KILL");
}

static void
a_server_that_hangs_is_given_up_and_killed(void **state)
{
	strike_in_mid_message(*state, 1, "STOP");
}

/* The message itself is made as ever, and whoever turned it on hears why. */
static void
expect_fall_back(struct world *world, struct sealer *sealer, const char *why)
{
	struct error bad;

	expect_opens(world, try(sealer, &world->zoo[ACME], &bad), &world->signer);
	expect_slow(sealer, why);
	expect_opens(world, try(sealer, &world->zoo[OTHER], &bad), &world->signer);
	expect_fast(sealer); /* nothing more to say */
	assert_false(shell("pgrep -f 'homedir %s .*[-]-server'", world->home.path));
	sealer_close(sealer);
}

static struct sealer *
open_at_work(struct world *world)
{
	struct sealer *sealer = open_sealer(world, &world->signer, true);
	struct error bad;

	sealed_free(try(sealer, &world->zoo[ACME], &bad));
	expect_fast(sealer);
	assert_true(shell("pgrep -f 'homedir %s .*[-]-server'", world->home.path));
	return sealer;
}

static void
without_its_server_each_message_takes_a_gpg(void **state)
{
	struct world *world = *state;
	struct sealer *sealer = open_at_work(world);

	assert_true(shell("pkill -KILL -f 'homedir %s .*[-]-server'", world->home.path));
	expect_fall_back(world, sealer, "RESET: ");
}

static void
without_its_agent_likewise(void **state)
{
	struct world *world = *state;
	struct sealer *sealer = open_at_work(world);

	assert_true(shell("gpgconf --homedir %s --kill gpg-agent", world->home.path));
	expect_fall_back(world, sealer, "the fast way is left");
}

/* A socket where somebody takes the call and says nothing. */
static void
an_agent_that_says_nothing_is_given_up(void **state)
{
	struct world *world = *state;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	time_t start = time(NULL);
	struct error err;

	snprintf(address.sun_path, sizeof address.sun_path, "%s/mute", world->above.path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(listen(fd, 1), 0);
	assert_null(agent_open(address.sun_path, "", AGENT_EDDSA, 1, &err));
	assert_non_null(strstr(err.message, "timed out"));
	assert_true(time(NULL) - start < 30);
	close(fd);
}

/* The public key that it names is not the one that gpg lists. */
static void
an_agent_with_another_key_is_not_asked(void **state)
{
	struct world *world = *state;
	char socket[128], grip[64];
	struct error err;
	struct agent *agent;

	says(socket, sizeof socket, "gpgconf --homedir %s --list-dirs agent-socket",
	    world->home.path);
	says(grip, sizeof grip,
	    "gpg --homedir %s --with-colons --with-keygrip -K %s | "
	    "awk -F: '/^grp/ { print $10; exit }'",
	    world->home.path, world->signer.fingerprint);
	socket[strcspn(socket, "\n")] = grip[strcspn(grip, "\n")] = '\0';
	agent = agent_open(socket, grip, AGENT_EDDSA, 60, &err);
	if (!agent)
		fail_msg("%s", err.message);
	agent_close(agent);
	/* The secret under a wrong name is what a mixed-up home has. */
	assert_true(shell("cd %s/private-keys-v1.d && cp %s.key "
			  "0123456789ABCDEF0123456789ABCDEF01234567.key",
	    world->home.path, grip));
	assert_null(agent_open(
	    socket, "0123456789ABCDEF0123456789ABCDEF01234567", AGENT_EDDSA, 60, &err));
	assert_string_equal(
	    err.message, "gpg-agent: names another key than the signer's");
}

/* A key that our listing knows and gpg does not any more: gpg's refusal is a surprise. */
static void
a_recipient_that_gpg_refuses_ends_it(void **state)
{
	struct world *world = *state;
	struct sealer *sealer = open_at_work(world);
	struct error bad;

	assert_true(shell("gpg --homedir %s --batch --yes --delete-keys %s",
	    world->home.path, world->zoo[RSA].fingerprint));
	assert_null(try(sealer, &world->zoo[RSA], &bad));
	assert_non_null(strstr(bad.message, "key: cannot be encrypted to"));
	expect_fall_back(world, sealer, "RECIPIENT ");
	assert_true(shell("gpg --homedir %s --export %s | gpg --homedir %s --import",
	    world->readers.path, world->zoo[RSA].fingerprint, world->home.path));
}

/* Written behind our back: the server does not read it. */
static void
a_gpg_conf_adds_nobody(void **state)
{
	struct world *world = *state;
	struct sealer *sealer;
	struct error bad;

	assert_true(shell("cd %s && cp gpg.conf kept && echo encrypt-to %s >>gpg.conf && "
			  "echo recipient %s >>gpg.conf",
	    world->home.path, world->zoo[OTHER].fingerprint,
	    world->zoo[OTHER].fingerprint));
	sealer = open_sealer(world, &world->signer, true);
	expect_opens(world, try(sealer, &world->zoo[ACME], &bad), &world->signer);
	expect_fast(sealer);
	sealer_close(sealer);
	assert_true(shell("cd %s && mv kept gpg.conf", world->home.path));
}

static void
expect_signer(struct world *world, const struct made_key *signer, const char *why)
{
	struct sealer *sealer;
	struct error bad;

	reopen(world, signer);
	sealer = open_sealer(world, signer, true);
	for (int i = 0; i < 3; i++)
		expect_opens(world, try(sealer, &world->zoo[ACME], &bad), signer);
	if (why)
		expect_slow(sealer, why);
	else
		expect_fast(sealer);
	sealer_close(sealer);
}

static void
signers_of_known_kinds_sign_and_others_are_left_to_gpg(void **state)
{
	struct world *world = *state;
	struct made_key rsa =
	    gpg_make(&world->home, "", "rsa@v.example", "rsa3072 sign never");
	struct made_key nist =
	    gpg_make(&world->home, "", "nist@v.example", "nistp256 sign never");
	struct made_key sub =
	    gpg_make(&world->home, "", "sub@v.example", "ed25519 cert never");

	gpg_add_subkey(&world->home, "", &sub, "ed25519 sign never");
	expect_signer(world, &rsa, NULL);
	expect_signer(world, &sub, NULL);
	expect_signer(world, &nist, "is neither Ed25519 nor RSA");
}

/* gpg-agent derives the key from its passphrase for each signature. */
static void
a_signer_behind_a_passphrase_is_slow(void **state)
{
	struct world *world = *state;
	struct made_key locked = gpg_make(&world->home, "--passphrase secret",
	    "locked@v.example", "ed25519 sign never");
	struct error why;

	assert_true(shell("echo allow-preset-passphrase >%s/gpg-agent.conf && "
			  "gpgconf --homedir %s --reload gpg-agent",
	    world->home.path, world->home.path));
	assert_true(shell("export GNUPGHOME=%s; "
			  "gpg --with-colons --with-keygrip -k %s | "
			  "awk -F: '/^grp/ { print $10; exit }' | "
			  "xargs printf 'PRESET_PASSPHRASE %%s -1 736563726574\n' | "
			  "gpg-connect-agent | grep OK",
	    world->home.path, locked.fingerprint));
	reopen(world, &locked);
	assert_true(signer_is_slow(world->keyring, locked.fingerprint, &why));
	assert_non_null(strstr(why.message, "one signature takes "));
	assert_false(signer_is_slow(world->keyring, world->signer.fingerprint, &why));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_ways_say_the_same_of_each_key),
		cmocka_unit_test(others_open_it_with_the_right_key_alone),
		cmocka_unit_test(megabytes_come_back_whole),
		cmocka_unit_test(who_was_left_of_a_failure_is_forgotten),
		cmocka_unit_test(unforgotten_the_audit_finds_them),
		cmocka_unit_test(a_server_killed_in_mid_message_is_an_error),
		cmocka_unit_test(a_server_that_hangs_is_given_up_and_killed),
		cmocka_unit_test(without_its_server_each_message_takes_a_gpg),
		cmocka_unit_test(without_its_agent_likewise),
		cmocka_unit_test(an_agent_that_says_nothing_is_given_up),
		cmocka_unit_test(an_agent_with_another_key_is_not_asked),
		cmocka_unit_test(a_recipient_that_gpg_refuses_ends_it),
		cmocka_unit_test(a_gpg_conf_adds_nobody),
		cmocka_unit_test(signers_of_known_kinds_sign_and_others_are_left_to_gpg),
		cmocka_unit_test(a_signer_behind_a_passphrase_is_slow),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
