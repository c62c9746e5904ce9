#include "edge/pgp_agent.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include <gcrypt.h>

#include "base/mem.h"
#include "edge/pgp_talk.h"

enum { GRIP = 20 }; /* octets */

struct agent {
	struct talk *talk; /* owned */
	gcry_sexp_t key; /* owned; public */
	enum agent_kind kind;
	struct text choose; /* the command that names the key */
};

/* What came from the agent, as libgcrypt reads it; NULL: it is nothing that it reads. */
static gcry_sexp_t
read_answer(const struct answer *answer)
{
	gcry_sexp_t read = NULL;

	digest_start();
	if (!answer->size || gcry_sexp_new(&read, answer->bytes, answer->size, 0) != 0)
		return NULL;
	return read;
}

/* The secret is chosen by the keygrip, and so it is of this public key, or none. */
static bool
is_pinned(gcry_sexp_t key, const char *keygrip)
{
	unsigned char grip[GRIP];
	struct text hex = { 0 };
	bool same;

	if (!key || !gcry_pk_get_keygrip(key, grip))
		return false;
	text_hex(&hex, grip, sizeof grip);
	same = strcasecmp(text_string(&hex), keygrip) == 0;
	text_clear(&hex);
	return same;
}

static bool
find_key(struct agent *agent, const char *keygrip, struct error *err)
{
	struct answer answer;
	struct text command = { 0 };
	bool ok;

	text_addf(&command, "READKEY %s", keygrip);
	text_addf(&agent->choose, "SIGKEY %s", keygrip);
	/* A locked key is an error at once, never a prompt under cron. */
	ok = talk_say(agent->talk, "OPTION pinentry-mode=error", NULL, err) &&
	    talk_say(agent->talk, text_string(&command), &answer, err);
	text_clear(&command);
	if (!ok)
		return false;
	agent->key = read_answer(&answer);
	return is_pinned(agent->key, keygrip) ||
	    error_set(err, "gpg-agent: names another key than the signer's");
}

struct agent *
agent_open(const char *socket, const char *keygrip, enum agent_kind kind, int patience,
    struct error *err)
{
	struct talk *talk = talk_connect(socket, patience, err);
	struct agent *agent;

	if (!talk)
		return NULL;
	agent = mem_new(sizeof *agent);
	agent->talk = talk;
	agent->kind = kind;
	if (find_key(agent, keygrip, err))
		return agent;
	agent_close(agent);
	return NULL;
}

void
agent_close(struct agent *agent)
{
	if (!agent)
		return;
	talk_end(agent->talk);
	gcry_sexp_release(agent->key);
	text_clear(&agent->choose);
	free(agent);
}

/* A multiprecision integer: how many bits, and the octets without leading zeros. */
static bool
add_number(struct text *numbers, gcry_sexp_t from, const char *name)
{
	gcry_sexp_t found = gcry_sexp_find_token(from, name, 0);
	size_t size = 0, bits;
	const char *bytes = found ? gcry_sexp_nth_data(found, 1, &size) : NULL;

	while (size && !*bytes) {
		bytes++;
		size--;
	}
	if (!size || size > 2048 || gcry_sexp_length(found) != 2) {
		gcry_sexp_release(found);
		return false;
	}
	bits = size * 8;
	for (unsigned mask = 0x80; !((unsigned char)*bytes & mask); mask >>= 1)
		bits--;
	text_addc(numbers, (char)(bits >> 8));
	text_addc(numbers, (char)bits);
	text_add(numbers, bytes, size);
	gcry_sexp_release(found);
	return true;
}

static bool
add_numbers(struct text *numbers, gcry_sexp_t signature, enum agent_kind kind)
{
	bool rsa = kind == AGENT_RSA;
	gcry_sexp_t values = gcry_sexp_find_token(signature, rsa ? "rsa" : "eddsa", 0);
	bool ok = values;

	if (ok && rsa)
		ok = add_number(numbers, values, "s");
	else if (ok)
		ok = add_number(numbers, values, "r") && add_number(numbers, values, "s");
	gcry_sexp_release(values);
	return ok;
}

bool
agent_numbers(const struct answer *answer, enum agent_kind kind, struct text *numbers,
    struct error *err)
{
	gcry_sexp_t signature = read_answer(answer);
	bool ok = signature && add_numbers(numbers, signature, kind);

	gcry_sexp_release(signature);
	return ok || error_set(err, "gpg-agent: made no signature that is one");
}

/* gpg verifies what it signed, lest a fault betray the key or a bad one goes out: so do we. */
static bool
verified(const struct agent *agent, const struct answer *answer,
    const unsigned char digest[DIGEST_LONG], struct error *err)
{
	const char *form = agent->kind == AGENT_RSA
	    ? "(data (flags pkcs1) (hash sha512 %b))"
	    : "(data (flags eddsa) (hash-algo sha512) (value %b))";
	gcry_sexp_t signature = read_answer(answer), data = NULL;
	bool ok = signature &&
	    gcry_sexp_build(&data, NULL, form, DIGEST_LONG, digest) == 0 &&
	    gcry_pk_verify(signature, data, agent->key) == 0;

	gcry_sexp_release(signature);
	gcry_sexp_release(data);
	return ok || error_set(err, "gpg-agent: its signature is not good");
}

bool
agent_sign(struct agent *agent, const unsigned char digest[DIGEST_LONG],
    struct text *numbers, struct error *err)
{
	struct answer answer;
	struct text hash = { 0 };
	bool ok;

	text_adds(&hash, "SETHASH --hash=sha512 ");
	text_hex(&hash, digest, DIGEST_LONG);
	ok = talk_say(agent->talk, "RESET", NULL, err) &&
	    talk_say(agent->talk, text_string(&agent->choose), NULL, err) &&
	    talk_say(agent->talk, text_string(&hash), NULL, err) &&
	    talk_say(agent->talk, "PKSIGN", &answer, err) &&
	    verified(agent, &answer, digest, err) &&
	    agent_numbers(&answer, agent->kind, numbers, err);
	text_clear(&hash);
	return ok;
}
