#include "edge/pgp_keybox.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/*
 * A file of blobs, as GnuPG's kbx/keybox-blob.c describes them. Each begins with its size
 * (4 octets), its type and the version of its form; numbers are big-endian. One of a key
 * goes on with flags (2), where the key is (4 + 4), how many keys and subkeys it has (2),
 * how many octets tell of each (2), and then those, a fingerprint first.
 */
enum { TYPE_AT = 4, VERSION_AT = 5, COUNT_AT = 16, WIDTH_AT = 18, KEY_AT = 20 };
enum { SMALLEST = 5, OF_FILE = 1, OF_KEY = 2, OF_V4 = 1 };
enum { OCTETS = 20, WIDTH = 28 };
#define MAGIC "KBXf"
enum { MAGIC_AT = 8 };

struct keybox_key {
	size_t at, size;
	char fingerprint[2 * OCTETS + 1];
};

static size_t
number(const unsigned char *at, unsigned octets)
{
	size_t number = 0;

	while (octets--)
		number = number << 8 | *at++;
	return number;
}

static bool
is_key(const unsigned char *blob, size_t size)
{
	return blob[TYPE_AT] == OF_KEY && size >= KEY_AT + WIDTH &&
	    blob[VERSION_AT] == OF_V4 && number(blob + COUNT_AT, 2) > 0 &&
	    number(blob + WIDTH_AT, 2) == WIDTH;
}

static void
add(struct keybox *keybox, size_t at, size_t size)
{
	struct text hex = { 0 };
	struct keybox_key *key;

	keybox->keys = mem_room(keybox->keys, keybox->count, sizeof *keybox->keys);
	key = &keybox->keys[keybox->count++];
	*key = (struct keybox_key){ at, size, "" };
	text_hex(&hex, keybox->bytes + at + KEY_AT, OCTETS);
	for (size_t i = 0; i < hex.size; i++)
		key->fingerprint[i] = (char)toupper((unsigned char)hex.data[i]);
	text_clear(&hex);
}

/* Only when all are found: the array moves while it grows. */
static void
name_all(struct keybox *keybox)
{
	for (size_t i = 0; i < keybox->count; i++)
		map_put(&keybox->named, keybox->keys[i].fingerprint, &keybox->keys[i]);
}

static bool
has_head(struct keybox *keybox, size_t size)
{
	const unsigned char *bytes = keybox->bytes;

	if (size < MAGIC_AT + strlen(MAGIC) || bytes[TYPE_AT] != OF_FILE ||
	    memcmp(bytes + MAGIC_AT, MAGIC, strlen(MAGIC)) != 0)
		return false;
	keybox->head = number(bytes, 4);
	return keybox->head >= MAGIC_AT + strlen(MAGIC) && keybox->head <= size;
}

bool
keybox_read(struct keybox *keybox, const void *bytes, size_t size, struct error *err)
{
	*keybox = (struct keybox){ .bytes = bytes };
	if (!has_head(keybox, size))
		return error_set(err, "pubring.kbx: is no keybox");
	for (size_t at = keybox->head, left = size - at, blob; left; left -= blob) {
		blob = left < SMALLEST ? 0 : number(keybox->bytes + at, 4);
		if (blob < SMALLEST || blob > left)
			return error_set(err, "pubring.kbx: is cut short");
		if (is_key(keybox->bytes + at, blob))
			add(keybox, at, blob);
		at += blob;
	}
	name_all(keybox);
	return true;
}

void
keybox_clear(struct keybox *keybox)
{
	map_clear(&keybox->named);
	free(keybox->keys);
	*keybox = (struct keybox){ 0 };
}

void
keybox_begin(const struct keybox *keybox, struct text *into)
{
	text_add(into, keybox->bytes, keybox->head);
}

bool
keybox_copy(const struct keybox *keybox, const char *fingerprint, struct text *into)
{
	const struct keybox_key *key = map_get(&keybox->named, fingerprint);

	if (key)
		text_add(into, keybox->bytes + key->at, key->size);
	return key;
}
