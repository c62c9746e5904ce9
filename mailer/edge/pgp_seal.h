/* pgp_seal - signs and encrypts. The only maker of a struct sealed, which is the only thing that can be sent */
#ifndef EDGE_PGP_SEAL_H
#define EDGE_PGP_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "edge/pgp_keys.h"
#include "policy/partner.h"

struct sealer; /* opaque; one a thread */
struct sealed; /* opaque: one recipient's message, ASCII-armoured with CRLF */

/*
 * Opens the engine and makes a probe signature with the signer: NULL when it is
 * away. Keys are judged as of `at`: now, or the latest time the ledger has seen. The
 * keyring stays open, and is not imported into, while the sealer is.
 */
struct sealer *sealer_open(
    const struct keyring *keyring, const char *signer, time_t at, struct error *err);
void sealer_close(struct sealer *sealer); /* NULL is allowed */

/*
 * False is our trouble (signer, engine): all out are NULL and *err says why.
 * True: each i has out[i], which the caller frees, or bad[i]: this recipient is
 * blocked. Every out[i] carries exactly one PKESK, of the pinned key's usable
 * encryption subkeys, and was signed by the pinned signer.
 */
bool seal(struct sealer *sealer, const void *mime, size_t size,
    const struct recipient *const to[], size_t n, struct sealed *out[],
    struct error bad[], struct error *err);

const struct recipient *sealed_to(const struct sealed *sealed);
size_t sealed_size(const struct sealed *sealed);
/* Copies up to n bytes from the offset; returns how many: 0 at the end. */
size_t sealed_read(const struct sealed *sealed, size_t offset, void *buffer, size_t n);
void sealed_free(struct sealed *sealed); /* NULL is allowed */

#endif
