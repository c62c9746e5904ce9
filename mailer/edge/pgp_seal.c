#include "edge/pgp_seal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "edge/memory_file.h"
#include "edge/pgp_engine.h"
#include "edge/pgp_fast.h"
#include "edge/pgp_ring.h"
#include "edge/pgp_slice.h"

/*
 * gpg passes half of the keyring to find a recipient, at half a microsecond a key: so
 * many keys passed for a group take as long as it does to have a slice.
 */
enum { MOST_PASSED = 50000 };

struct sealer {
	const struct keyring *keyring; /* borrowed */
	struct engine engine; /* owned; of the keyring's home */
	char subkey[FINGERPRINT + 1]; /* that gpg signs with */
	time_t at;
	bool hurries; /* the fast way is wanted, and has not failed */
	struct fast *fast; /* owned; NULL: not begun */
	bool whole; /* no slice can be had */
	struct slice *slice; /* owned; NULL: not begun */
	struct error note; /* why it was left; "": nothing to tell */
};

struct sealer *
sealer_open(
    const struct keyring *keyring, const char *signer, time_t at, struct error *err)
{
	struct sealer *sealer;
	struct error why;

	if (!keyring_can_sign(keyring, signer, at, &why)) {
		error_set(err, "signer %s: %s", signer, why.message);
		return NULL;
	}
	sealer = mem_new(sizeof *sealer);
	sealer->keyring = keyring;
	sealer->at = at;
	slice_sweep(keyring->home);
	if (engine_open(&sealer->engine, keyring, keyring->home,
		ring_find(keyring, signer)->secret, err) &&
	    engine_probe(&sealer->engine, sealer->subkey, err))
		return sealer;
	sealer_close(sealer);
	return NULL;
}

void
sealer_close(struct sealer *sealer)
{
	if (!sealer)
		return;
	fast_close(sealer->fast);
	slice_close(sealer->slice);
	engine_close(&sealer->engine);
	free(sealer);
}

void
sealer_hurry(struct sealer *sealer)
{
	sealer->hurries = true;
}

bool
sealer_note(struct sealer *sealer, struct error *note)
{
	*note = sealer->note;
	sealer->note.message[0] = '\0';
	return note->message[0];
}

/* Who is sealed to together. */
struct group {
	const struct addressee *to;
	gpgme_key_t *keys; /* ends with NULL */
	size_t n;
};

/* Output of an operation that failed is let go unseen. */
static enum verdict
audit(const struct group *group, size_t plain, int made, struct sealed *out[],
    struct error *bad, struct error *err)
{
	enum verdict verdict = BLOCKED;
	struct memory memory;

	if (!memory_map(&memory, made, err))
		return TROUBLE;
	if (memory.size <= plain)
		error_set(bad, "encrypted message: is smaller than what went in");
	else if (sealed_split(out, group->to, group->n, memory.bytes, memory.size, bad))
		verdict = SEALED;
	memory_unmap(&memory);
	return verdict;
}

/* BLOCKED is said of all of them: one of the group, or the group, is at fault. */
static enum verdict
seal_together(struct engine *engine, const struct group *group, const void *mime,
    size_t size, struct sealed *out[], struct error *bad, struct error *err)
{
	int made = memory_file("", 0, err);
	enum verdict verdict;

	if (made < 0)
		return TROUBLE;
	verdict = engine_seal(engine, group->keys, mime, size, made, bad, err);
	if (verdict == SEALED)
		verdict = audit(group, size, made, out, bad, err);
	close(made);
	return verdict;
}

static void
widen(struct sealer *sealer)
{
	slice_close(sealer->slice);
	sealer->slice = NULL;
	sealer->whole = true;
}

/* gpg with the keys of the group alone; NULL: not worth it, or not to be had. */
static struct engine *
narrow(struct sealer *sealer, const struct group *group)
{
	struct engine *engine = NULL;
	struct error why;

	if (sealer->whole || group->n * sealer->keyring->count < MOST_PASSED)
		return NULL;
	if (!sealer->slice)
		sealer->slice = slice_open(sealer->keyring, sealer->engine.signer, &why);
	if (sealer->slice)
		engine = slice_fill(sealer->slice, group->keys, group->n, &why);
	if (!engine)
		widen(sealer);
	return engine;
}

/* Whatever is wrong with a slice, it is as if there had been none. */
static enum verdict
seal_many(struct sealer *sealer, const struct group *group, const void *mime, size_t size,
    struct sealed *out[], struct error *bad, struct error *err)
{
	struct engine *few = narrow(sealer, group);
	enum verdict verdict = TROUBLE;

	if (few)
		verdict = seal_together(few, group, mime, size, out, bad, err);
	if (few && verdict == TROUBLE)
		widen(sealer);
	if (verdict == TROUBLE)
		verdict =
		    seal_together(&sealer->engine, group, mime, size, out, bad, err);
	return verdict;
}

static bool
seal_fast(struct sealer *sealer, const struct group *one, const void *mime, size_t size,
    struct sealed *out[], struct error *why)
{
	int made = memory_file("", 0, why);
	bool ok;

	if (made < 0)
		return false;
	ok = fast_seal(sealer->fast, one->keys[0]->fpr, mime, size, made, why) &&
	    audit(one, size, made, out, why, why) == SEALED;
	close(made);
	return ok;
}

/* With a first message that goes nowhere. */
static bool
begin_fast(struct sealer *sealer, const struct group *one, struct error *why)
{
	struct sealed *nothing = NULL;
	bool ok;

	sealer->fast =
	    fast_open(sealer->keyring, sealer->engine.signer, sealer->subkey, why);
	ok = sealer->fast && seal_fast(sealer, one, "?", 1, &nothing, why);
	sealed_free(nothing);
	return ok;
}

/* False: the reference way is to be gone, now and from now on. */
static bool
hurry(struct sealer *sealer, const struct group *one, const void *mime, size_t size,
    struct sealed *out[])
{
	struct error why;

	if (!sealer->hurries)
		return false;
	if ((sealer->fast || begin_fast(sealer, one, &why)) &&
	    seal_fast(sealer, one, mime, size, out, &why))
		return true;
	fast_close(sealer->fast);
	sealer->fast = NULL;
	sealer->hurries = false;
	error_set(&sealer->note,
	    "the fast way is left, and each message takes a gpg of its own: %s",
	    why.message);
	return false;
}

static enum verdict
seal_each(struct sealer *sealer, const struct group *group, const void *mime, size_t size,
    struct sealed *out[], struct error bad[], struct error *err)
{
	enum verdict verdict = SEALED;

	for (size_t i = 0; i < group->n && verdict != TROUBLE; i++) {
		gpgme_key_t key[] = { group->keys[i], NULL };
		const struct group alone = { &group->to[i], key, 1 };

		verdict = seal_together(
		    &sealer->engine, &alone, mime, size, &out[i], &bad[i], err);
	}
	return verdict;
}

static enum verdict
seal_group(struct sealer *sealer, const struct group *group, const void *mime,
    size_t size, struct sealed *out[], struct error bad[], struct error *err)
{
	struct error why;
	enum verdict verdict = BLOCKED;

	if (group->n == 1 && hurry(sealer, group, mime, size, out))
		return SEALED;
	if (group->n > 1)
		verdict = seal_many(sealer, group, mime, size, out, &why, err);
	if (verdict == BLOCKED)
		verdict = seal_each(sealer, group, mime, size, out, bad, err);
	return verdict;
}

/* Those with a usable key, each with its place in `to`. */
static void
gather(struct sealer *sealer, struct group *group, const struct recipient *const to[],
    size_t n, struct addressee *addressees, size_t places[], struct error bad[])
{
	struct key shown;

	for (size_t i = 0; i < n; i++) {
		struct addressee *one = &addressees[group->n];
		const char *fingerprint = to[i]->fingerprint;

		bad[i].message[0] = '\0';
		if (!keyring_usable(
			sealer->keyring, fingerprint, sealer->at, &shown, &bad[i]))
			continue;
		one->to = to[i];
		one->id_count = keyring_encryption_ids(
		    sealer->keyring, fingerprint, sealer->at, one->ids, MOST_SUBKEYS);
		group->keys[group->n] = ring_find(sealer->keyring, fingerprint)->key;
		places[group->n++] = i;
	}
	group->to = addressees;
}

/* Puts what was made for the group where its recipients stand; of trouble nothing is left. */
static void
hand_out(const struct group *group, const size_t places[], struct sealed *made[],
    const struct error refused[], enum verdict verdict, struct sealed *out[],
    struct error bad[])
{
	for (size_t i = 0; i < group->n; i++) {
		if (verdict == TROUBLE) {
			sealed_free(made[i]);
			continue;
		}
		out[places[i]] = made[i];
		if (!made[i])
			bad[places[i]] = refused[i];
	}
}

bool
seal(struct sealer *sealer, const void *mime, size_t size,
    const struct recipient *const to[], size_t n, struct sealed *out[],
    struct error bad[], struct error *err)
{
	struct addressee *addressees = mem_array(n, sizeof *addressees);
	struct sealed **made = mem_array(n, sizeof *made);
	struct error *refused = mem_array(n, sizeof *refused);
	size_t *places = mem_array(n, sizeof *places);
	struct group group = { .keys = mem_array(n + 1, sizeof *group.keys) };
	enum verdict verdict = SEALED;

	memset(out, 0, n * sizeof *out);
	gather(sealer, &group, to, n, addressees, places, bad);
	if (!size) {
		error_set(err, "sealer: there is nothing to seal");
		verdict = TROUBLE;
	} else if (group.n) {
		verdict = seal_group(sealer, &group, mime, size, made, refused, err);
	}
	hand_out(&group, places, made, refused, verdict, out, bad);
	free(group.keys);
	free(places);
	free(refused);
	free(made);
	free(addressees);
	return verdict != TROUBLE;
}
