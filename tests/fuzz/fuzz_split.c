/*
 * Any bytes as a message for several: what is accepted, a walk of its own finds to be one
 * session key an addressee and then the data, and each has a message of exactly its key and
 * the data, by other eyes; those made well are accepted, and none that was cut, lengthened
 * or is for one too many or too few.
 */
#include "edge/pgp_sealed.h"
#include "decode.h"

enum { MOST = 5, MOST_KEYS = 8 };

/* The fields of addressees are few, so that the bytes may hit them. */
#define FIRST 0x0123456789abcdefULL

static const struct recipient people[MOST] = { { "a/1", "", "" }, { "b/1", "", "" },
	{ "c/1", "", "" }, { "d/1", "", "" }, { "e/1", "", "" } };

struct part {
	const uint8_t *bytes;
	size_t size;
	unsigned long long id;
};

struct parts {
	struct part keys[MOST_KEYS], data;
	size_t count; /* of the keys */
};

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

/* The first piece of a body, or its only one; whether another follows. */
static bool
pass_piece(struct walk *walk, unsigned head)
{
	static const uint8_t widths[] = { 1, 2, 4 };
	uint64_t size;
	bool more = false;

	if (head < 0xc0) {
		must((head & 3) != 3, "it says how long it is");
		size = big_endian(walk, widths[head & 3]);
	} else {
		size = big_endian(walk, 1);
		if (size >= 0xc0 && size < 0xe0)
			size = ((size - 0xc0) << 8) + big_endian(walk, 1) + 0xc0;
		else if (size == 0xff)
			size = big_endian(walk, 4);
		else if (size >= 0xe0) {
			size = 1ULL << (size & 0x1f);
			more = true;
		}
	}
	must((uint64_t)(walk->end - walk->at) >= size, "a body is whole");
	walk->at += size;
	return more;
}

static unsigned
pass_packet(struct walk *walk)
{
	unsigned head = (unsigned)big_endian(walk, 1);

	must(head >= 0x80, "a packet begins with a one");
	while (pass_piece(walk, head))
		;
	return head < 0xc0 ? head >> 2 & 0xf : head & 0x3f;
}

/* The id stands behind the head and the version. */
static unsigned long long
id_of(const struct part *key)
{
	static const uint8_t olds[] = { 2, 3, 5 };
	size_t at = key->bytes[0] < 0xc0 ? olds[key->bytes[0] & 3]
	    : key->bytes[1] < 192        ? 2
	    : key->bytes[1] < 224        ? 3
					 : 6;
	unsigned long long id = 0;

	must(
	    key->size >= at + 12 && key->bytes[at] == 3, "a session key is of version 3");
	for (size_t i = 1; i <= 8; i++)
		id = id << 8 | key->bytes[at + i];
	return id;
}

static void
take_apart(struct parts *parts, const uint8_t *bytes, size_t size)
{
	struct walk walk = { bytes, bytes + size };
	struct part part;
	unsigned tag;

	for (;;) {
		part.bytes = walk.at;
		tag = pass_packet(&walk);
		part.size = (size_t)(walk.at - part.bytes);
		if (tag != 1)
			break;
		must(parts->count < MOST_KEYS, "no more session keys than addressees");
		part.id = id_of(&part);
		parts->keys[parts->count++] = part;
	}
	must(tag == 18 || tag == 20, "then encrypted data with its integrity");
	must(walk.at == walk.end, "and that is all");
	parts->data = part;
}

static bool
is_of(unsigned long long id, const struct addressee *to)
{
	for (size_t i = 0; i < to->id_count; i++)
		if (to->ids[i] == id)
			return true;
	return false;
}

/* All lines but the last of 64 characters; a sum; nothing else. */
static void
read_armour(struct text *out, const char *armour, size_t size)
{
	static const char first[] = "-----BEGIN PGP MESSAGE-----\r\n\r\n";
	static const char last[] = "\r\n-----END PGP MESSAGE-----\r\n";
	const char *at = armour + strlen(first), *end = armour + size - strlen(last);
	struct text sum = { 0 };

	must(size > strlen(first) + strlen(last) + 5 &&
		strncmp(armour, first, strlen(first)) == 0 && strcmp(end, last) == 0,
	    "armour has its first and last line");
	end -= 5;
	must(*end == '=' && end[-1] == '\n', "the sum has a line of its own");
	must(decode_base64(out, at, (size_t)(end - at)), "the lines are base64");
	must(decode_base64(&sum, end + 1, 4) && sum.size == 3, "and so is the sum");
	must(((uint32_t)(uint8_t)sum.data[0] << 16 | (uint32_t)(uint8_t)sum.data[1] << 8 |
		 (uint8_t)sum.data[2]) == crc24((const uint8_t *)out->data, out->size),
	    "which is that of the bytes");
	for (const char *line = at; line < end; line += 66)
		must(line + 66 >= end || (line[64] == '\r' && line[65] == '\n'),
		    "lines have 64 characters");
	text_clear(&sum);
}

/* In pieces, as it is sent. */
static void
check_message(
    const struct sealed *sealed, const struct part *key, const struct part *data)
{
	struct text armour = { 0 }, bytes = { 0 };
	char piece[61];
	size_t got;

	while ((got = sealed_read(sealed, armour.size, piece, sizeof piece)) > 0)
		text_add(&armour, piece, got);
	must(armour.size == sealed_size(sealed), "it is as long as it says");
	read_armour(&bytes, text_string(&armour), armour.size);
	must(bytes.size == key->size + data->size &&
		memcmp(bytes.data, key->bytes, key->size) == 0 &&
		memcmp(bytes.data + key->size, data->bytes, data->size) == 0,
	    "a message is the addressee's session key and the data, and nothing else");
	text_clear(&armour);
	text_clear(&bytes);
}

static void
check_accepted(struct sealed *const out[], const struct addressee to[], size_t n,
    const uint8_t *bytes, size_t size)
{
	struct parts parts = { 0 };
	bool used[MOST_KEYS] = { false };

	take_apart(&parts, bytes, size);
	for (size_t i = 0; i < n; i++) {
		const struct part *own = NULL;

		for (size_t j = 0; j < parts.count; j++) {
			if (!is_of(parts.keys[j].id, &to[i]))
				continue;
			must(!own, "an addressee has one session key");
			own = &parts.keys[j];
			used[j] = true;
		}
		must(own, "each addressee has a session key");
		must(sealed_to(out[i]) == to[i].to, "each message is its addressee's");
		check_message(out[i], own, &parts.data);
	}
	for (size_t j = 0; j < parts.count; j++)
		must(used[j], "no session key is a stranger's");
}

/* From a copy that ends where the bytes end. */
static bool
split(const struct addressee to[], size_t n, const void *bytes, size_t size)
{
	struct error err = { 0 };
	struct sealed *out[MOST];
	uint8_t *exact = calloc(size ? size : 1, 1);
	bool ok;

	must(exact, "there is memory");
	if (size)
		memcpy(exact, bytes, size);
	ok = sealed_split(out, to, n, exact, size, &err);
	if (ok)
		check_accepted(out, to, n, exact, size);
	must(ok || err.message[0], "a refusal has its reason");
	for (size_t i = 0; i < n; i++) {
		must(ok == (out[i] != NULL), "each has a message, or nobody has");
		sealed_free(out[i]);
	}
	free(exact);
	return ok;
}

/* How many, and with how many subkeys; with `twins` the last two have one key. */
static size_t
name_addressees(struct addressee to[MOST], struct input *in)
{
	size_t n = 1 + input_byte(in) % MOST;
	unsigned shape = input_byte(in);

	for (size_t i = 0; i < n; i++) {
		size_t of = n > 1 && i == n - 1 && shape & 1 ? i - 1 : i;

		to[i] = (struct addressee){ .to = &people[i] };
		to[i].id_count = 1 + (shape >> 1) % 3;
		for (size_t j = 0; j < to[i].id_count; j++)
			to[i].ids[j] = FIRST + 16 * of + j;
	}
	return n;
}

static void
add_number(struct text *text, size_t octets, unsigned long long number)
{
	while (octets--)
		text_addc(text, (char)(number >> 8 * octets & 0xff));
}

static void
add_filling(struct text *text, size_t size, struct input *in)
{
	while (size--)
		text_addc(text, (char)input_byte(in));
}

static void
add_key(struct text *text, struct input *in, unsigned long long id)
{
	static const uint8_t octets[] = { 1, 2, 4, 1, 4 };
	unsigned form = input_byte(in) % 5;
	size_t rest = 3 + input_byte(in) % 160;

	text_addc(text, (char)(form < 3 ? 0x84 | form : 0xc1));
	if (form == 4)
		text_addc(text, (char)0xff);
	add_number(text, octets[form], 9 + rest);
	text_addc(text, 3);
	add_number(text, 8, id);
	add_filling(text, rest, in);
}

static void
add_data(struct text *text, struct input *in)
{
	unsigned form = input_byte(in);
	size_t size = 60 + input_byte(in);

	text_addc(text, (char)(form & 1 ? 0xd2 : 0xd4));
	if (form & 2) {
		text_adds(text, "\xe9\x01");
		add_filling(text, 511, in);
		text_adds(text, "\xff");
		add_number(text, 4, size);
		add_filling(text, size, in);
		return;
	}
	text_addc(text, (char)0xff);
	add_number(text, 4, size);
	text_addc(text, 1);
	add_filling(text, size - 1, in);
}

static void
check_made(const struct addressee to[], size_t n, bool twins, struct input in)
{
	size_t keys = twins ? n - 1 : n, behind;
	unsigned which = input_byte(&in);
	struct text message = { 0 }, more = { 0 };

	for (size_t i = keys; i > 0; i--)
		add_key(&message, &in, to[i - 1].ids[which % to[i - 1].id_count]);
	behind = message.size;
	add_data(&message, &in);
	must(split(to, n, message.data, message.size), "one made well is accepted");
	must(!split(to, n, message.data, message.size - 1), "cut short it is not");
	if (keys > 1)
		must(!split(to, keys - 1, message.data, message.size),
		    "nor for one addressee less");
	text_add(&more, message.data, behind);
	add_key(&more, &in, FIRST + 16 * (which % (n + 1)));
	text_add(&more, message.data + behind, message.size - behind);
	must(!split(to, n, more.data, more.size), "nor with one session key more");
	text_clear(&message);
	text_clear(&more);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	struct addressee to[MOST];
	size_t n = name_addressees(to, &in);
	bool twins = n > 1 && to[n - 1].ids[0] == to[n - 2].ids[0];

	split(to, n, in.bytes, in.size);
	check_made(to, n, twins, in);
	return 0;
}
