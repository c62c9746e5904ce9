/*
 * What comes back from gpg --server and from gpg-agent: any bytes on the line, and any
 * as a signature. Whoever is told OK was told so, what is answered was said, and the
 * numbers of a signature are whole: one for RSA, two for Ed25519. (What comes as an
 * encrypted message is for fuzz_packets.)
 */
#include <sys/socket.h>
#include <unistd.h>

#include "edge/pgp_agent.h"
#include "edge/pgp_talk.h"
#include "fuzz.h"

enum { LINE_MOST = 65536, COMMANDS = 6 };

/* The lines that say OK, as the protocol has them. */
static size_t
count_ok(const uint8_t *bytes, size_t size)
{
	size_t count = 0;

	for (const uint8_t *end; size;
	     size -= (size_t)(end - bytes) + 1, bytes = end + 1) {
		end = memchr(bytes, '\n', size);
		if (!end)
			break;
		if (end - bytes >= 2 && bytes[0] == 'O' && bytes[1] == 'K')
			count++;
	}
	return count;
}

static void
check_talk(const uint8_t *bytes, size_t size)
{
	struct answer answer;
	struct error err = { 0 };
	struct talk *talk;
	size_t agreed = 0, said = 0;
	int ends[2];

	size = size > LINE_MOST ? LINE_MOST : size;
	must(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "there is a socket");
	must(send(ends[1], bytes, size, 0) == (ssize_t)size, "that holds it all");
	shutdown(ends[1], SHUT_WR);
	talk = talk_on(ends[0], 5, &err);
	must(talk || err.message[0], "a refusal has its reason");
	while (talk && agreed < COMMANDS) {
		if (!talk_say(talk, "PKSIGN", agreed % 2 ? NULL : &answer, &err))
			break;
		if (agreed++ % 2 == 0)
			said += answer.size;
	}
	must(agreed + (talk != NULL) <= count_ok(bytes, size), "OK is what was said");
	must(said <= size, "and an answer is not more than was said");
	must(agreed == COMMANDS || err.message[0], "an end has its reason");
	talk_end(talk);
	close(ends[1]);
}

/* RFC 4880, 3.2: past one number, whose bits are counted; returns where it ends. */
static const uint8_t *
pass_number(const uint8_t *at, const uint8_t *end)
{
	size_t bits, octets;
	unsigned first;

	must(end - at >= 3, "a number has a length and octets");
	bits = (size_t)at[0] << 8 | at[1];
	octets = (bits + 7) / 8;
	first = at[2];
	must(bits && (size_t)(end - at - 2) >= octets, "as many as it says");
	must(first >> ((bits - 1) % 8) == 1, "and its first bit is set");
	return at + 2 + octets;
}

static void
check_numbers(const uint8_t *bytes, size_t size, enum agent_kind kind)
{
	struct answer answer;
	struct text numbers = { 0 };
	struct error err = { 0 };
	const uint8_t *at, *end;

	answer.size = size > sizeof answer.bytes ? sizeof answer.bytes : size;
	if (answer.size)
		memcpy(answer.bytes, bytes, answer.size);
	if (agent_numbers(&answer, kind, &numbers, &err)) {
		at = (const uint8_t *)numbers.data;
		end = at + numbers.size;
		at = pass_number(at, end);
		if (kind == AGENT_EDDSA)
			at = pass_number(at, end);
		must(at == end, "and that is all");
	} else {
		must(err.message[0], "a refusal has its reason");
	}
	text_clear(&numbers);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	check_talk(bytes, size);
	check_numbers(bytes, size, AGENT_RSA);
	check_numbers(bytes, size, AGENT_EDDSA);
	return 0;
}
