#include "edge/pgp_packets.h"

#include <stdlib.h>

#include "base/mem.h"

enum { TAG_PKESK = 1, TAG_SEIPD = 18, TAG_AEAD = 20 };

struct reader {
	const unsigned char *bytes; /* borrowed */
	size_t size, at;
};

/* Its body comes in one or more pieces (partial lengths). */
struct packet {
	unsigned tag;
	size_t first, length; /* the first piece */
	size_t total; /* of all pieces */
};

static bool
read_number(struct reader *in, size_t bytes, size_t *number)
{
	if (in->size - in->at < bytes)
		return false;
	*number = 0;
	while (bytes--)
		*number = *number << 8 | in->bytes[in->at++];
	return true;
}

/* RFC 4880 section 4.2.2: one, two or five octets, or a partial length. */
static bool
read_length(struct reader *in, size_t *length, bool *partial)
{
	size_t low;

	*partial = false;
	if (!read_number(in, 1, length))
		return false;
	if (*length < 192)
		return true;
	if (*length == 255)
		return read_number(in, 4, length);
	*partial = *length >= 224;
	if (*partial) {
		*length = (size_t)1 << (*length & 31);
		return true;
	}
	if (!read_number(in, 1, &low))
		return false;
	*length = ((*length - 192) << 8) + low + 192;
	return true;
}

static bool
skip(struct reader *in, size_t length)
{
	if (in->size - in->at < length)
		return false;
	in->at += length;
	return true;
}

/* The last piece of a partial body has a definite length, which may be 0. */
static bool
read_new(struct reader *in, struct packet *packet)
{
	bool partial, ok = read_length(in, &packet->length, &partial);
	bool data = packet->tag == TAG_SEIPD || packet->tag == TAG_AEAD;
	size_t length = packet->length;

	if (!ok)
		return false;
	/* Section 4.2.2.4: data packets alone, and the first piece has 512 octets. */
	if (partial && (!data || length < 512))
		return false;
	packet->first = in->at;
	packet->total = length;
	ok = skip(in, length);
	while (ok && partial) {
		ok = read_length(in, &length, &partial) && skip(in, length);
		packet->total += length;
	}
	return ok;
}

/* Section 4.2.1. A packet of indeterminate length could hide whatever follows it. */
static bool
read_old(struct reader *in, unsigned type, struct packet *packet)
{
	if (type == 3 || !read_number(in, (size_t)1 << type, &packet->length))
		return false;
	packet->first = in->at;
	packet->total = packet->length;
	return skip(in, packet->length);
}

static bool
read_packet(struct reader *in, struct packet *packet)
{
	size_t head;

	if (!read_number(in, 1, &head) || !(head & 0x80))
		return false;
	if (head & 0x40) {
		packet->tag = head & 0x3f;
		return read_new(in, packet);
	}
	packet->tag = head >> 2 & 0x0f;
	return read_old(in, head & 3, packet);
}

/* Section 5.1. Key id 0 is a hidden recipient: it could be anybody. */
static bool
read_session_key(const struct reader *in, const struct packet *packet, size_t start,
    struct session_key *key)
{
	const unsigned char *body = in->bytes + packet->first;

	/* Version, key id, algorithm, and at least one number of two octets. */
	if (packet->length < 12 || body[0] != 3)
		return false;
	*key = (struct session_key){ 0, in->bytes + start, in->at - start };
	for (size_t i = 1; i <= 8; i++)
		key->id = key->id << 8 | body[i];
	return key->id != 0;
}

/*
 * Section 5.13: version, a block and two octets of prefix, the MDC packet. AEAD
 * (tag 20): version, cipher, mode, chunk size, nonce, two tags of 16 octets.
 */
static bool
body_is_whole(const struct reader *in, const struct packet *packet)
{
	size_t least = packet->tag == TAG_SEIPD ? 1 + 16 + 2 + 22 : 4 + 15 + 32;

	return packet->total >= least && packet->length && in->bytes[packet->first] == 1;
}

static bool
add_key(struct packets *packets, const struct reader *in, const struct packet *packet,
    size_t start)
{
	struct session_key key;

	if (!read_session_key(in, packet, start, &key))
		return false;
	packets->keys = mem_room(packets->keys, packets->key_count, sizeof key);
	packets->keys[packets->key_count++] = key;
	return true;
}

bool
packets_read(struct packets *packets, const void *bytes, size_t size, struct error *err)
{
	struct reader in = { bytes, size, 0 };
	struct packet packet = { 0 };
	size_t start = 0;
	bool whole;

	*packets = (struct packets){ 0 };
	while ((whole = read_packet(&in, &packet)) && packet.tag == TAG_PKESK) {
		if (!add_key(packets, &in, &packet, start))
			return error_set(err, "encrypted message: is for nobody we know");
		start = in.at;
	}
	if (!packets->key_count)
		return error_set(
		    err, "encrypted message: does not begin with a session key");
	if (!whole || (packet.tag != TAG_SEIPD && packet.tag != TAG_AEAD))
		return error_set(err,
		    "encrypted message: has not its recipients and then encrypted data");
	if (!body_is_whole(&in, &packet))
		return error_set(err, "encrypted message: its data is cut short");
	if (in.at != in.size)
		return error_set(
		    err, "encrypted message: something follows its encrypted data");
	packets->data = in.bytes + start;
	packets->data_size = in.size - start;
	return true;
}

void
packets_clear(struct packets *packets)
{
	free(packets->keys);
	*packets = (struct packets){ 0 };
}

const struct session_key *
packets_key(const struct packets *packets, const unsigned long long ids[], size_t count)
{
	const struct session_key *found = NULL;

	for (size_t i = 0; i < packets->key_count; i++)
		for (size_t j = 0; j < count; j++)
			if (packets->keys[i].id == ids[j]) {
				if (found)
					return NULL;
				found = &packets->keys[i];
			}
	return found;
}
