/* pgp_seal - signs and encrypts. It alone has a struct sealed made, the only thing that can be sent */
#ifndef EDGE_PGP_SEAL_H
#define EDGE_PGP_SEAL_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "edge/pgp_keys.h"
#include "edge/pgp_sealed.h"

struct sealer; /* opaque; one a thread */

/*
 * Opens the engine and makes a probe signature with the signer: NULL when it is
 * away. Keys are judged as of `at`: now, or the latest time the ledger has seen. The
 * keyring stays open, and is not imported into, while the sealer is.
 */
struct sealer *sealer_open(
    const struct keyring *keyring, const char *signer, time_t at, struct error *err);
void sealer_close(struct sealer *sealer); /* NULL is allowed */

/*
 * From now on what is sealed to one recipient alone is made the fast way (pgp_fast.h). At
 * the first surprise, or when it cannot be begun, all goes on as without it.
 */
void sealer_hurry(struct sealer *sealer);
/* Why the fast way was left, which operators are told; true once. */
bool sealer_note(struct sealer *sealer, struct error *note);

/*
 * Seals one plaintext to n recipients in one operation of gpg: they share its session
 * key and encrypted data, and each message carries its own recipient's PKESK alone.
 * When gpg or the audit is not content with all of them together, each is tried alone.
 *
 * False is our trouble (signer, engine): all out are NULL and *err says why.
 * True: each i has out[i], which the caller frees, or bad[i]: this recipient is
 * blocked. Every out[i] carries exactly one PKESK, of the pinned key's usable
 * encryption subkeys, and was signed by the pinned signer.
 */
bool seal(struct sealer *sealer, const void *mime, size_t size,
    const struct recipient *const to[], size_t n, struct sealed *out[],
    struct error bad[], struct error *err);

#endif
