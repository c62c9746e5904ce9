/*
 * pgp_server - one gpg that encrypts message after message (gpg --server), where a gpg
 * for each would take ten times as long to start as it works.
 *
 * Its manual leaves that mode out, and after a failure it keeps the recipients for the
 * next message. So: it is told to forget before each one, it is not used again after any
 * error, and whatever it made is looked at (sealed_split) before it is anything.
 */
#ifndef EDGE_PGP_SERVER_H
#define EDGE_PGP_SERVER_H

#include <stdbool.h>

#include "base/error.h"

struct server; /* opaque; for one thread */

/* gpg of that home; it must stir within `patience` seconds, now and later. */
struct server *server_open(
    const char *gpg, const char *home, int patience, struct error *err);
/* Kills it. NULL is allowed. */
void server_close(struct server *server);

/*
 * Encrypts what is in one file, an OpenPGP message, to the one key, into another. After
 * false the server is to be closed.
 */
bool server_encrypt(struct server *server, const char *fingerprint, int from, int into,
    struct error *err);

#endif
