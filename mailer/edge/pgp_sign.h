/* pgp_sign - a signed OpenPGP message (RFC 4880 section 11.3): one-pass, literal data, signature */
#ifndef EDGE_PGP_SIGN_H
#define EDGE_PGP_SIGN_H

#include <stdbool.h>
#include <time.h>

#include "edge/pgp_agent.h"

enum { SIGNER_OCTETS = 20 };

struct signer {
	struct agent *agent; /* borrowed */
	enum agent_kind kind;
	unsigned char fingerprint[SIGNER_OCTETS]; /* of the subkey; version 4 */
};

/* Binary, SHA-512, not compressed. After false the agent is to be closed. */
bool sign_message(struct text *message, const struct signer *signer, const void *bytes,
    size_t size, time_t when, struct error *err);

#endif
