/* A home with few of a keyring's keys, as a real gpg sees it and works in it. */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "edge/memory_file.h"
#include "edge/pgp_keybox.h"
#include "edge/pgp_slice.h"
#include "gpg_home.h"

enum { ANN, BOB, CAT, PEOPLE };

static const char *const users[PEOPLE] = { "ann@a.example", "bob@b.example",
	"cat@c.example" };

struct world {
	struct gpg_home above, home; /* home: below `above` */
	struct made_key signer, people[PEOPLE];
	struct keyring *keyring;
};

static void
open_ring(struct world *world)
{
	struct mistakes mistakes = { 0 };

	world->keyring =
	    keyring_open(world->home.path, world->signer.fingerprint, 60, &mistakes);
	if (!world->keyring)
		fail_msg("%s", mistakes.all[0].message);
}

static int
open_world(void **state)
{
	struct world *world = calloc(1, sizeof *world);
	struct error err;

	assert_non_null(world);
	*state = world;
	world->above = gpg_home_new();
	snprintf(
	    world->home.path, sizeof world->home.path, "%.16s/gnupg", world->above.path);
	if (!keyring_init(world->home.path, &err))
		fail_msg("%s", err.message);
	world->signer =
	    gpg_make(&world->home, "", "psirt@v.example", "ed25519 sign never");
	for (size_t i = 0; i < PEOPLE; i++)
		world->people[i] =
		    gpg_make(&world->home, "", users[i], "future-default default never");
	open_ring(world);
	return 0;
}

static int
close_world(void **state)
{
	struct world *world = *state;

	keyring_close(world->keyring);
	gpg_home_end(&world->home);
	gpg_home_end(&world->above);
	free(world);
	return 0;
}

static gpgme_key_t
key_of(const struct world *world, size_t i)
{
	return ring_find(world->keyring, world->people[i].fingerprint)->key;
}

static struct slice *
begin(const struct world *world)
{
	const struct ring_key *signer =
	    ring_find(world->keyring, world->signer.fingerprint);
	struct error err;
	struct slice *slice = slice_open(world->keyring, signer->secret, &err);

	if (!slice)
		fail_msg("%s", err.message);
	return slice;
}

static struct engine *
fill(struct slice *slice, const gpgme_key_t keys[], size_t n)
{
	struct error err;
	struct engine *engine = slice_fill(slice, keys, n, &err);

	if (!engine)
		fail_msg("%s", err.message);
	return engine;
}

static size_t
count_slices(const struct world *world)
{
	char count[16];

	says(count, sizeof count, "ls -d %s/slice-* 2>/dev/null | wc -l",
	    world->home.path);
	return strtoul(count, NULL, 10);
}

static void
assert_lists(const char *home, const char *expected)
{
	char got[512];

	says(got, sizeof got,
	    "gpg --homedir %s --batch --with-colons --list-keys 2>/dev/null |"
	    " sed -n 's/^uid:[^:]*:.*:\\([^:]*@[^:]*\\):.*/\\1/p' | tr '\\n' ' '",
	    home);
	assert_string_equal(got, expected);
}

static void
test_holds_the_signer_and_the_group(void **state)
{
	const struct world *world = *state;
	struct slice *slice = begin(world);
	const gpgme_key_t few[] = { key_of(world, BOB) };
	const gpgme_key_t others[] = { key_of(world, CAT), key_of(world, ANN) };
	struct engine *engine = fill(slice, few, 1);
	struct stat st;

	assert_lists(engine->home, "psirt@v.example bob@b.example ");
	engine = fill(slice, others, 2);
	assert_lists(engine->home, "psirt@v.example cat@c.example ann@a.example ");
	assert_int_equal(stat(engine->home, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	slice_close(slice);
	assert_int_equal(count_slices(world), 0);
}

static enum verdict
seal_to(struct engine *engine, gpgme_key_t key, const char *file, struct error *bad,
    struct error *err)
{
	gpgme_key_t keys[] = { key, NULL };
	int made = memory_file("", 0, err);
	enum verdict verdict = engine_seal(engine, keys, "text", 4, made, bad, err);
	struct memory memory;

	if (verdict == SEALED) {
		assert_true(memory_map(&memory, made, err));
		unlink(file);
		int out = open(file, O_WRONLY | O_CREAT, 0600);
		assert_int_equal(
		    write(out, memory.bytes, memory.size), (ssize_t)memory.size);
		close(out);
		memory_unmap(&memory);
	}
	close(made);
	return verdict;
}

/* By the true home's agent, and for nobody whose key is not in there. */
static void
test_seals_to_its_keys_alone(void **state)
{
	const struct world *world = *state;
	struct slice *slice = begin(world);
	const gpgme_key_t few[] = { key_of(world, BOB) };
	struct engine *engine = fill(slice, few, 1);
	struct error bad, err;
	char file[64], got[1024];

	snprintf(file, sizeof file, "%s/out.gpg", world->above.path);
	assert_int_equal(seal_to(engine, few[0], file, &bad, &err), SEALED);
	says(got, sizeof got, "gpg --homedir %s --batch --status-fd 1 -d %s 2>/dev/null",
	    world->home.path, file);
	assert_non_null(strstr(got, "text"));
	assert_non_null(strstr(got, "VALIDSIG"));
	assert_non_null(strstr(got, world->signer.fingerprint));
	assert_int_not_equal(
	    seal_to(engine, key_of(world, CAT), file, &bad, &err), SEALED);
	slice_close(slice);
}

/* The agent is not there: none is started, that would know no secret and take its place. */
static void
test_starts_no_agent(void **state)
{
	const struct world *world = *state;
	struct slice *slice = begin(world);
	const gpgme_key_t few[] = { key_of(world, BOB) };
	struct engine *engine = fill(slice, few, 1);
	struct error bad, err;
	char file[64];

	assert_true(shell("gpgconf --homedir %s --kill gpg-agent", world->home.path));
	snprintf(file, sizeof file, "%s/none.gpg", world->above.path);
	assert_int_equal(seal_to(engine, few[0], file, &bad, &err), TROUBLE);
	assert_false(shell("pgrep -f 'gpg-agen[t] --homedir %s'", engine->home));
	slice_close(slice);
	assert_int_equal(count_slices(world), 0);
	assert_true(shell("gpgconf --homedir %s --launch gpg-agent", world->home.path));
}

static void
test_sweeps_what_nobody_uses(void **state)
{
	const struct world *world = *state;
	struct slice *used = begin(world);

	assert_true(shell("mkdir %s/slice-killed && touch %s/slice-killed/pubring.kbx"
			  " %s/slice-killed/.#lk0x1",
	    world->home.path, world->home.path, world->home.path));
	assert_int_equal(count_slices(world), 2);
	slice_sweep(world->home.path);
	assert_int_equal(count_slices(world), 1);
	slice_close(used);
	assert_int_equal(count_slices(world), 0);
}

/* A key that was listed, and is there no more. */
static void
test_without_the_key_there_is_none(void **state)
{
	struct world *world = *state;
	struct slice *slice;
	struct error err;
	gpgme_key_t keys[] = { key_of(world, ANN) };

	assert_true(shell("cp %s/pubring.kbx %s/all && gpg --homedir %s --batch --yes "
			  "--delete-secret-and-public-key %s",
	    world->home.path, world->above.path, world->home.path,
	    world->people[ANN].fingerprint));
	slice = begin(world);
	assert_null(slice_fill(slice, keys, 1, &err));
	assert_string_equal(err.message, "pubring.kbx: lacks a key that is listed");
	slice_close(slice);
	assert_true(shell("rm %s/pubring.kbx", world->home.path));
	assert_null(slice_open(world->keyring,
	    ring_find(world->keyring, world->signer.fingerprint)->secret, &err));
	assert_int_equal(count_slices(world), 0);
	assert_true(
	    shell("mv %s/all %s/pubring.kbx", world->above.path, world->home.path));
}

static bool
reads(const void *bytes, size_t size)
{
	struct keybox keybox;
	struct error err;
	bool ok = keybox_read(&keybox, bytes, size, &err);

	keybox_clear(&keybox);
	return ok;
}

/* Cut anywhere but behind a key it is refused, and never read beyond its end. */
static void
test_a_keybox_that_is_cut(void **state)
{
	const struct world *world = *state;
	struct text all = { 0 };
	struct error err;
	size_t whole = 0;
	char path[64];

	snprintf(path, sizeof path, "%s/pubring.kbx", world->home.path);
	assert_true(file_read(path, 1 << 20, &all, &err));
	for (size_t size = 0; size <= all.size; size++) {
		char *copy = malloc(size + 1); /* of its own, so that valgrind sees it */

		memcpy(copy, all.data, size);
		whole += reads(copy, size);
		free(copy);
	}
	assert_int_equal(whole, 1 + 1 + PEOPLE);
	all.data[8] ^= 1;
	assert_false(reads(all.data, all.size));
	text_clear(&all);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_holds_the_signer_and_the_group),
		cmocka_unit_test(test_seals_to_its_keys_alone),
		cmocka_unit_test(test_starts_no_agent),
		cmocka_unit_test(test_sweeps_what_nobody_uses),
		cmocka_unit_test(test_a_keybox_that_is_cut),
		cmocka_unit_test(test_without_the_key_there_is_none),
	};

	return cmocka_run_group_tests(tests, open_world, close_world);
}
