/*
 * Any bytes as a keyring of gpg's: a walk of its own finds the same keys; each is copied
 * whole, from where it stands first, and a keyring of it alone reads as that.
 */
#include "base/text.h"
#include "edge/pgp_keybox.h"
#include "fuzz.h"

enum { FEWEST = 48 }; /* octets of a blob that has a fingerprint */

static size_t
size_at(const uint8_t *at)
{
	return (size_t)at[0] << 24 | (size_t)at[1] << 16 | (size_t)at[2] << 8 | at[3];
}

static bool
is_key(const uint8_t *blob)
{
	return size_at(blob) >= FEWEST && blob[4] == 2 && blob[5] == 1 &&
	    (blob[16] || blob[17]) && blob[18] == 0 && blob[19] == 28;
}

/* The first that has the same fingerprint: gpg takes that one. */
static const uint8_t *
first_like(const uint8_t *blob, const uint8_t *bytes)
{
	while (!is_key(bytes) || memcmp(bytes + 20, blob + 20, 20) != 0)
		bytes += size_at(bytes);
	return bytes;
}

static void
check_copy(const struct keybox *keybox, const uint8_t *first)
{
	struct text copy = { 0 };
	struct keybox alone;
	char name[41] = "";
	struct error err;

	for (size_t i = 0; i < 20; i++)
		snprintf(name + 2 * i, 3, "%02X", first[20 + i]);
	keybox_begin(keybox, &copy);
	must(keybox_copy(keybox, name, &copy), "each key is found");
	must(copy.size == keybox->head + size_at(first), "it is whole");
	must(memcmp(copy.data + keybox->head, first, size_at(first)) == 0,
	    "and is the first of that name");
	must(keybox_read(&alone, copy.data, copy.size, &err), "a copy reads");
	must(alone.count == 1, "as one key");
	keybox_clear(&alone);
	text_clear(&copy);
}

static void
check(const struct keybox *keybox, const uint8_t *bytes, size_t size)
{
	const uint8_t *at = bytes + size_at(bytes), *end = bytes + size;
	size_t keys = 0;

	for (; at < end; at += size_at(at)) {
		if (size_at(at) < 5 || !is_key(at))
			continue;
		keys++;
		check_copy(keybox, first_like(at, bytes + size_at(bytes)));
	}
	must(at == end, "it ends with a key");
	must(keybox->count == keys, "no key is made up");
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	uint8_t *exact = malloc(size ? size : 1);
	struct keybox keybox;
	struct error err = { 0 };

	must(exact, "there is memory");
	if (size)
		memcpy(exact, bytes, size);
	if (keybox_read(&keybox, exact, size, &err))
		check(&keybox, exact, size);
	else
		must(err.message[0], "a refusal has its reason");
	keybox_clear(&keybox);
	free(exact);
	return 0;
}
