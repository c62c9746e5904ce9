/* pgp_keybox - the keys in a keyring of gpg's (pubring.kbx), to be copied as they are */
#ifndef EDGE_PGP_KEYBOX_H
#define EDGE_PGP_KEYBOX_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/map.h"
#include "base/text.h"

struct keybox {
	const unsigned char *bytes; /* borrowed: the whole file */
	size_t head; /* how many of them come before the first key */
	struct keybox_key *keys; /* owned; in the order of the file */
	size_t count;
	struct map named; /* the first key of each fingerprint, in capital hexadecimal */
};

/*
 * Finds where each OpenPGP key of version 4 begins and ends; what else is in the file is
 * passed over. Says nothing about the keys themselves. To be cleared either way.
 */
bool keybox_read(
    struct keybox *keybox, const void *bytes, size_t size, struct error *err);
void keybox_clear(struct keybox *keybox);

/* A keyring that is empty; and one more key at its end: false when there is none. */
void keybox_begin(const struct keybox *keybox, struct text *into);
bool keybox_copy(const struct keybox *keybox, const char *fingerprint, struct text *into);

#endif
