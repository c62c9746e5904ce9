/* pgp_packets - the packets of an encrypted OpenPGP message (RFC 4880), for the audit of what gpg made */
#ifndef EDGE_PGP_PACKETS_H
#define EDGE_PGP_PACKETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* One public-key encrypted session key packet (PKESK, tag 1), whole. */
struct session_key {
	unsigned long long id; /* of the subkey it is for; never 0 */
	const unsigned char *bytes; /* borrowed from the message */
	size_t size;
};

struct packets {
	struct session_key *keys; /* owned; one or more */
	size_t key_count;
	const unsigned char *data; /* the packet of encrypted data, whole; borrowed */
	size_t data_size;
};

/*
 * Reads a binary message that is PKESK packets, then one SEIPD (tag 18) or AEAD (tag
 * 20) packet that ends with the bytes; anything else is refused: a passphrase's
 * session key, a hidden recipient, a marker, trailing data. To be cleared either way.
 */
bool packets_read(
    struct packets *packets, const void *bytes, size_t size, struct error *err);
void packets_clear(struct packets *packets);

/* The session key for any of these ids; NULL: there is none, or more than one. */
const struct session_key *packets_key(
    const struct packets *packets, const unsigned long long ids[], size_t count);

#endif
