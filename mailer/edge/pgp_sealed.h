/* pgp_sealed - one recipient's message, signed and encrypted: the only thing that can be sent */
#ifndef EDGE_PGP_SEALED_H
#define EDGE_PGP_SEALED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "policy/partner.h"

struct sealed; /* opaque; ASCII-armoured with CRLF. May be freed by any thread */

const struct recipient *sealed_to(const struct sealed *sealed);
size_t sealed_size(const struct sealed *sealed);
/* What of it is in memory for this message alone. */
size_t sealed_weight(const struct sealed *sealed);
/* Copies up to n bytes from the offset; returns how many: 0 at the end. */
size_t sealed_read(const struct sealed *sealed, size_t offset, void *buffer, size_t n);
void sealed_free(struct sealed *sealed); /* NULL is allowed */

/* A key with more usable encryption subkeys than this is somebody's experiment. */
enum { MOST_SUBKEYS = 32 };

struct addressee {
	const struct recipient *to; /* borrowed; by the sealed, too */
	unsigned long long ids[MOST_SUBKEYS]; /* of the pinned key's encryption subkeys */
	size_t id_count;
};

/*
 * For the sealer alone: makes one message for each addressee out of the one that gpg made
 * for all of them. Each gets its own session key packet and the encrypted data, which
 * all share in memory. False, and all out NULL, unless each addressee has exactly one
 * session key and no session key is for anybody else.
 */
bool sealed_split(struct sealed *out[], const struct addressee to[], size_t n,
    const void *bytes, size_t size, struct error *err);

#endif
