/*
 * Any bytes as an encrypted message: what the audit accepts, a walk of its own finds to
 * be one session key for a listed key and one data packet, and nothing else; whole messages
 * made here are accepted, and none that was cut, lengthened or made for another.
 */
#include "edge/pgp_armour.h"
#include "edge/pgp_sealed.h"
#include "decode.h"

#define IDS \
	{ \
		0x0123456789abcdefULL, 0xfedcba9876543210ULL \
	}

static const unsigned long long ids[] = IDS;
static const struct recipient soc = { "acme/soc", "soc@acme.example", "" };
static const struct addressee to = { &soc, IDS, 2 };

enum { LONGEST_LINE = 76 };

/* From a copy that ends where the bytes end. */
static bool
audit(const void *bytes, size_t size)
{
	struct error err = { 0 };
	struct sealed *sealed;
	void *exact = malloc(size ? size : 1);
	bool ok;

	must(exact, "there is memory");
	if (size)
		memcpy(exact, bytes, size);
	ok = sealed_split(&sealed, &to, 1, exact, size, &err);
	must(ok == (sealed != NULL), "it is accepted if it is there");
	sealed_free(sealed);
	must(ok || err.message[0], "a refusal has its reason");
	free(exact);
	return ok;
}

struct walk {
	const uint8_t *at, *end;
};

static uint64_t
big_endian(struct walk *walk, size_t octets)
{
	uint64_t number = 0;

	must((size_t)(walk->end - walk->at) >= octets, "a header is whole");
	while (octets--)
		number = number << 8 | *walk->at++;
	return number;
}

static void
pass(struct walk *walk, uint64_t octets)
{
	must((uint64_t)(walk->end - walk->at) >= octets, "a body is whole");
	walk->at += octets;
}

/* RFC 4880, 4.2: past one packet; returns its tag, and where its body starts. */
static unsigned
pass_packet(struct walk *walk, const uint8_t **body)
{
	static const uint8_t widths[] = { 1, 2, 4, 0 };
	uint64_t head = big_endian(walk, 1), octet;

	must(head >= 0x80, "a packet begins with a one");
	*body = walk->at;
	if (head < 0xc0) {
		must((head & 3) != 3, "it says how long it is");
		octet = big_endian(walk, widths[head & 3]);
		*body = walk->at;
		pass(walk, octet);
		return (unsigned)(head >> 2) & 0xf;
	}
	for (bool first = true;; first = false) {
		octet = big_endian(walk, 1);
		if (octet >= 0xc0 && octet < 0xe0)
			octet = ((octet - 0xc0) << 8) + big_endian(walk, 1) + 0xc0;
		else if (octet == 0xff)
			octet = big_endian(walk, 4);
		else if (octet >= 0xe0) {
			if (first)
				*body = walk->at;
			pass(walk, 1ULL << (octet & 0x1f));
			continue;
		}
		if (first)
			*body = walk->at;
		pass(walk, octet);
		return (unsigned)head & 0x3f;
	}
}

static void
check_accepted(const uint8_t *bytes, size_t size)
{
	struct walk walk = { bytes, bytes + size };
	const uint8_t *body;
	unsigned long long id = 0;
	unsigned tag = pass_packet(&walk, &body);

	must(tag == 1 && walk.at - body >= 12 && body[0] == 3, "first, a session key");
	for (size_t i = 1; i < 9; i++)
		id = id << 8 | body[i];
	must(id == ids[0] || id == ids[1], "it is for a listed key");
	tag = pass_packet(&walk, &body);
	must(tag == 18 || tag == 20, "then encrypted data with its integrity");
	must(walk.at == walk.end, "and that is all");
}

/* How a packet's head is written: 0 to 2 old, by octets of the length; 3 to 5 new. */
static void
add_head(struct text *text, unsigned tag, size_t size, unsigned form)
{
	size_t octets = form == 0 ? 1 : form == 1 ? 2 : 4;

	if (form < 3) {
		text_addc(text, (char)(0x80 | tag << 2 | form));
	} else {
		text_addc(text, (char)(0xc0 | tag));
		if (form == 3 && size < 192) {
			octets = 1;
		} else if (form == 4 && size >= 192 && size < 8384) {
			text_addc(text, (char)(((size - 192) >> 8) + 192));
			size -= 192;
			octets = 1;
		} else {
			text_addc(text, (char)0xff);
			octets = 4;
		}
	}
	for (size_t i = octets; i > 0; i--)
		text_addc(text, (char)(size >> (8 * (i - 1))));
}

static void
add_filling(struct text *text, size_t size, struct input *in)
{
	while (size--)
		text_addc(text, (char)input_byte(in));
}

/* The data, perhaps with a first piece of 512 octets. */
static void
add_data(struct text *text, struct input *in, unsigned form, size_t size)
{
	text_addc(text, (char)(0xc0 | 18));
	if (form & 1) {
		text_addc(text, (char)(0xe0 | 9));
		text_addc(text, 1);
		add_filling(text, 511, in);
		text_addc(text, (char)(size < 192 ? size : 191));
		add_filling(text, size < 192 ? size : 191, in);
		return;
	}
	text->size--;
	add_head(text, 18, size + 41, 3 + form % 3);
	text_addc(text, 1);
	add_filling(text, size + 40, in);
}

static void
check_made(struct input in)
{
	unsigned form = input_byte(&in), which = input_byte(&in) % 2;
	size_t size = input_byte(&in) * 3, key = 12 + input_byte(&in) % 240;
	struct text message = { 0 };

	add_head(&message, 1, key, form / 8 % 6 == 0 ? 1 : form / 8 % 6);
	text_addc(&message, 3);
	for (size_t i = 8; i > 0; i--)
		text_addc(&message, (char)(ids[which] >> (8 * (i - 1))));
	add_filling(&message, key - 9, &in);
	add_data(&message, &in, form, size);
	must(audit(message.data, message.size), "a message made well is accepted");
	must(!audit(message.data, message.size - 1), "cut short it is not");
	text_addc(&message, (char)form);
	must(!audit(message.data, message.size), "nor with an octet more");
	text_clear(&message);
}

static void
check_lines(const char *armour)
{
	const char *end;

	for (; *armour; armour = end + 2) {
		end = strstr(armour, "\r\n");
		must(end && end - armour <= LONGEST_LINE, "armour has short lines");
		for (; armour < end; armour++)
			must(*armour >= ' ' && *armour <= '~', "of printable ASCII");
	}
}

static void
check_armour(const uint8_t *bytes, size_t size)
{
	static const char first[] = "-----BEGIN PGP MESSAGE-----\r\n\r\n";
	static const char last[] = "\r\n-----END PGP MESSAGE-----\r\n";
	struct text armour = { 0 }, decoded = { 0 }, sum = { 0 };
	uint32_t crc = crc24(bytes, size);
	const char *start, *end;

	armour_begin(&armour);
	armour_lines(&armour, bytes, size);
	armour_end(&armour, armour_sum(bytes, size));
	check_lines(text_string(&armour));
	start = armour.data + strlen(first);
	end = armour.data + armour.size - strlen(last);
	must(strncmp(armour.data, first, strlen(first)) == 0 && strcmp(end, last) == 0,
	    "armour has its first and last line");
	must(end - start >= 5 && end[-5] == '=' && (end - 5 == start || end[-6] == '\n'),
	    "the sum has a line of its own");
	must(decode_base64(&sum, end - 4, 4) && sum.size == 3 &&
		(uint8_t)sum.data[0] == crc >> 16 &&
		(uint8_t)sum.data[1] == (crc >> 8 & 0xff) &&
		(uint8_t)sum.data[2] == (crc & 0xff),
	    "and is the sum of the bytes");
	must(decode_base64(&decoded, start, (size_t)(end - 5 - start)) &&
		decoded.size == size && (!size || !memcmp(decoded.data, bytes, size)),
	    "armour reads as the bytes");
	text_clear(&armour);
	text_clear(&decoded);
	text_clear(&sum);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };

	if (audit(bytes, size))
		check_accepted(bytes, size);
	check_made(in);
	check_armour(bytes, size);
	return 0;
}
