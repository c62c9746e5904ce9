/*
 * pgp_agent - signatures of one key by gpg-agent alone, without a gpg that asks it for
 * each. The secret stays where it is.
 */
#ifndef EDGE_PGP_AGENT_H
#define EDGE_PGP_AGENT_H

#include <stdbool.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/text.h"

struct agent; /* opaque; for one thread */

enum agent_kind { AGENT_RSA = 1, AGENT_EDDSA = 22 }; /* RFC 4880 section 9.1, RFC 9580 */

/*
 * The agent at that socket, and its key by the keygrip that gpg lists for it. The public
 * key it names must have that keygrip, which is a digest of it.
 */
struct agent *agent_open(const char *socket, const char *keygrip, enum agent_kind kind,
    int patience, struct error *err);
void agent_close(struct agent *agent); /* NULL is allowed */

/*
 * Signs a SHA-512 digest. The numbers come as a signature packet has them (RFC 4880
 * section 3.2), verified with the public key. After false the agent is to be closed.
 */
bool agent_sign(struct agent *agent, const unsigned char digest[DIGEST_LONG],
    struct text *numbers, struct error *err);

/* The numbers of what an agent answered to PKSIGN; false unless it is one of that kind. */
struct answer;
bool agent_numbers(const struct answer *answer, enum agent_kind kind,
    struct text *numbers, struct error *err);

#endif
