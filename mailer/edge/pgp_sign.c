#include "edge/pgp_sign.h"

#include <stdint.h>

enum { TAG_SIGNATURE = 2, TAG_ONE_PASS = 4, TAG_LITERAL = 11 };
enum { OF_BINARY = 0, HASH_SHA512 = 10 };
enum { KEY_ID = 8, KEY_ID_AT = SIGNER_OCTETS - KEY_ID };
enum { CREATED = 2, ISSUER = 16, ISSUER_FINGERPRINT = 33 };

static void
add_number(struct text *text, uint64_t number, unsigned octets)
{
	while (octets--)
		text_addc(text, (char)(number >> 8 * octets));
}

/* Section 4.2.2.3: five octets hold any length that we have. */
static void
add_head(struct text *text, unsigned tag, size_t size)
{
	text_addc(text, (char)(0xc0 | tag));
	text_addc(text, (char)0xff);
	add_number(text, size, 4);
}

static void
add_one_pass(struct text *text, const struct signer *signer)
{
	add_head(text, TAG_ONE_PASS, 13);
	text_addc(text, 3);
	text_addc(text, OF_BINARY);
	text_addc(text, HASH_SHA512);
	text_addc(text, (char)signer->kind);
	text_add(text, signer->fingerprint + KEY_ID_AT, KEY_ID);
	text_addc(text, 1); /* no other signature follows */
}

/* Neither a name nor a date: both would be outside of what is signed. */
static void
add_literal(struct text *text, const void *bytes, size_t size)
{
	add_head(text, TAG_LITERAL, size + 6);
	text_addc(text, 'b');
	text_addc(text, 0);
	add_number(text, 0, 4);
	text_add(text, bytes, size);
}

static void
add_subpacket(struct text *text, unsigned type, size_t size)
{
	text_addc(text, (char)(size + 1));
	text_addc(text, (char)type);
}

/* Section 5.2.3: what of the signature is itself signed. */
static void
add_signed_part(struct text *text, const struct signer *signer, time_t when)
{
	text_addc(text, 4);
	text_addc(text, OF_BINARY);
	text_addc(text, (char)signer->kind);
	text_addc(text, HASH_SHA512);
	add_number(text, 2 + 1 + SIGNER_OCTETS + 2 + 4, 2);
	add_subpacket(text, ISSUER_FINGERPRINT, 1 + SIGNER_OCTETS);
	text_addc(text, 4);
	text_add(text, signer->fingerprint, SIGNER_OCTETS);
	add_subpacket(text, CREATED, 4);
	add_number(text, (uint64_t)when, 4);
}

/* Section 5.2.4: the message, the signed part, and how long that is. */
static void
make_digest(unsigned char digest[DIGEST_LONG], const void *bytes, size_t size,
    const struct text *part)
{
	struct text end = { 0 };

	text_add(&end, part->data, part->size);
	text_addc(&end, 4);
	text_addc(&end, (char)0xff);
	add_number(&end, part->size, 4);
	digest_sha512(digest, bytes, size, end.data, end.size);
	text_clear(&end);
}

static void
add_signature(struct text *text, const struct signer *signer, const struct text *part,
    const unsigned char digest[DIGEST_LONG], const struct text *numbers)
{
	const size_t open = 2 + KEY_ID;

	add_head(text, TAG_SIGNATURE, part->size + 2 + open + 2 + numbers->size);
	text_add(text, part->data, part->size);
	add_number(text, open, 2);
	add_subpacket(text, ISSUER, KEY_ID);
	text_add(text, signer->fingerprint + KEY_ID_AT, KEY_ID);
	text_add(text, digest, 2);
	text_add(text, numbers->data, numbers->size);
}

bool
sign_message(struct text *message, const struct signer *signer, const void *bytes,
    size_t size, time_t when, struct error *err)
{
	unsigned char digest[DIGEST_LONG];
	struct text part = { 0 }, numbers = { 0 };
	bool ok;

	if (size > UINT32_MAX - 6)
		return error_set(err, "signature: the message is too large");
	add_signed_part(&part, signer, when);
	make_digest(digest, bytes, size, &part);
	ok = agent_sign(signer->agent, digest, &numbers, err);
	if (ok) {
		add_one_pass(message, signer);
		add_literal(message, bytes, size);
		add_signature(message, signer, &part, digest, &numbers);
	}
	text_clear(&part);
	text_clear(&numbers);
	return ok;
}
