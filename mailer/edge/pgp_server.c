#include "edge/pgp_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/pgp_talk.h"

struct server {
	struct talk *talk; /* owned */
};

/* What it does was seen with these; a major version may do something else. */
static bool
known_version(struct talk *talk, struct error *err)
{
	struct answer answer;

	if (!talk_say(talk, "GETINFO version", &answer, err))
		return false;
	if (answer.size > 2 && memcmp(answer.bytes, "2.", 2) == 0)
		return true;
	return error_set(err, "gpg --server: is of no version that is known");
}

/*
 * The home's gpg.conf is not read: all that it says is said here (see pgp_home.c), and
 * what GPGME says for the reference way. The signed message is encrypted as it is.
 */
struct server *
server_open(const char *gpg, const char *home, int patience, struct error *err)
{
	const char *arguments[] = { "gpg", "--homedir", home, "--no-options", "--batch",
		"--no-tty", "--cipher-algo", "AES256", "--digest-algo", "SHA512",
		"--compress-algo", "none", "--trust-model", "always", "--no-encrypt-to",
		"--no-auto-key-locate", "--no-auto-check-trustdb", "--disable-dirmngr",
		"--no-literal", "--server", NULL };
	struct talk *talk = talk_start(gpg, arguments, patience, err);
	struct server *server;

	if (!talk)
		return NULL;
	if (!known_version(talk, err)) {
		talk_end(talk);
		return NULL;
	}
	server = mem_new(sizeof *server);
	server->talk = talk;
	return server;
}

void
server_close(struct server *server)
{
	if (!server)
		return;
	talk_end(server->talk);
	free(server);
}

bool
server_encrypt(
    struct server *server, const char *fingerprint, int from, int into, struct error *err)
{
	struct talk *talk = server->talk;
	char recipient[64];
	int size = snprintf(recipient, sizeof recipient, "RECIPIENT %s", fingerprint);

	if (size < 0 || (size_t)size >= sizeof recipient)
		return error_set(err, "gpg --server: no such fingerprint");
	/* Reset first: of another message nothing may be left, above all no recipient. */
	return talk_say(talk, "RESET", NULL, err) &&
	    talk_say(talk, recipient, NULL, err) && talk_pass(talk, from, err) &&
	    talk_say(talk, "INPUT FD", NULL, err) && talk_pass(talk, into, err) &&
	    talk_say(talk, "OUTPUT FD", NULL, err) &&
	    talk_say(talk, "ENCRYPT", NULL, err);
}
