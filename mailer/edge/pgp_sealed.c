#include "edge/pgp_sealed.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "edge/pgp_armour.h"
#include "edge/pgp_packets.h"

/* Lines of armour that several messages end in. */
struct tail {
	atomic_uint users;
	struct text lines;
};

struct sealed {
	const struct recipient *to; /* borrowed */
	struct text head, end;
	struct tail *tail; /* shared; between head and end */
};

/* The encrypted data, and the lines it comes to, by how much of it the head takes. */
struct body {
	const unsigned char *bytes; /* borrowed */
	size_t size;
	uint32_t sum;
	struct tail *tails[ARMOUR_LINE]; /* NULL: not needed yet */
};

static void
tail_free(struct tail *tail)
{
	if (!tail || atomic_fetch_sub(&tail->users, 1) > 1)
		return;
	text_clear(&tail->lines);
	free(tail);
}

static struct tail *
tail_of(struct body *body, size_t from)
{
	struct tail *tail = body->tails[from];

	if (!tail) {
		tail = body->tails[from] = mem_new(sizeof *tail);
		atomic_init(&tail->users, 1);
		armour_lines(&tail->lines, body->bytes + from, body->size - from);
	}
	atomic_fetch_add(&tail->users, 1);
	return tail;
}

static struct sealed *
make(const struct recipient *to, const struct session_key *key, struct body *body)
{
	struct sealed *sealed = mem_new(sizeof *sealed);
	size_t fill = armour_fill(key->size);
	struct text start = { 0 };

	if (fill > body->size)
		fill = body->size;
	sealed->to = to;
	text_add(&start, key->bytes, key->size);
	text_add(&start, body->bytes, fill);
	armour_begin(&sealed->head);
	armour_lines(&sealed->head, start.data, start.size);
	sealed->tail = tail_of(body, fill);
	armour_end(&sealed->end,
	    armour_sum_joined(armour_sum(key->bytes, key->size), body->sum, body->size));
	text_clear(&start);
	return sealed;
}

/* Which session key is whose; false when one has not exactly one, or one is over. */
static bool
assign(const struct session_key *keys[], const struct packets *packets,
    const struct addressee to[], size_t n, struct error *err)
{
	bool *taken = mem_array(packets->key_count, sizeof *taken);
	size_t over = packets->key_count;
	bool ok = true;

	for (size_t i = 0; i < n && ok; i++) {
		keys[i] = packets_key(packets, to[i].ids, to[i].id_count);
		if (!keys[i]) {
			ok = error_set(err,
			    "encrypted message: is for another key than the pinned one");
		} else if (!taken[keys[i] - packets->keys]) {
			taken[keys[i] - packets->keys] = true;
			over--;
		}
	}
	free(taken);
	if (ok && over)
		ok = error_set(err, "encrypted message: is for somebody else, too");
	return ok;
}

bool
sealed_split(struct sealed *out[], const struct addressee to[], size_t n,
    const void *bytes, size_t size, struct error *err)
{
	const struct session_key **keys = mem_array(n, sizeof *keys);
	struct body body = { 0 };
	struct packets packets;
	bool ok;

	memset(out, 0, n * sizeof *out);
	ok = packets_read(&packets, bytes, size, err) &&
	    assign(keys, &packets, to, n, err);
	if (ok) {
		body.bytes = packets.data;
		body.size = packets.data_size;
		body.sum = armour_sum(body.bytes, body.size);
		for (size_t i = 0; i < n; i++)
			out[i] = make(to[i].to, keys[i], &body);
		for (size_t i = 0; i < ARMOUR_LINE; i++)
			tail_free(body.tails[i]);
	}
	packets_clear(&packets);
	free(keys);
	return ok;
}

const struct recipient *
sealed_to(const struct sealed *sealed)
{
	return sealed->to;
}

size_t
sealed_weight(const struct sealed *sealed)
{
	return sealed->head.size + sealed->end.size;
}

size_t
sealed_size(const struct sealed *sealed)
{
	return sealed_weight(sealed) + sealed->tail->lines.size;
}

size_t
sealed_read(const struct sealed *sealed, size_t offset, void *buffer, size_t n)
{
	const struct text *parts[] = { &sealed->head, &sealed->tail->lines,
		&sealed->end };
	size_t got = 0, size;

	for (size_t i = 0; i < 3 && got < n; i++) {
		if (offset < parts[i]->size) {
			size = parts[i]->size - offset;
			size = size < n - got ? size : n - got;
			memcpy((char *)buffer + got, parts[i]->data + offset, size);
			got += size;
			offset += size;
		}
		offset -= parts[i]->size;
	}
	return got;
}

void
sealed_free(struct sealed *sealed)
{
	if (!sealed)
		return;
	text_clear(&sealed->head);
	text_clear(&sealed->end);
	tail_free(sealed->tail);
	free(sealed);
}
