/* pgp_packets - the packets of an OpenPGP message (RFC 4880), for the audit of what gpg made */
#ifndef EDGE_PGP_PACKETS_H
#define EDGE_PGP_PACKETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

/*
 * True when the binary message is exactly one PKESK packet whose key id is among
 * `ids`, then one SEIPD (tag 18) or AEAD packet that ends with the bytes; nothing else:
 * no SKESK, no second recipient, no marker, no trailing data.
 */
bool packets_audit(const void *bytes, size_t size, const unsigned long long ids[],
    size_t count, struct error *err);

/* ASCII armour (RFC 4880 section 6) with CRLF line ends and the CRC-24. */
void packets_armour(struct text *text, const void *bytes, size_t size);

#endif
