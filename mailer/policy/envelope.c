#include "policy/envelope.h"

#include "base/digest.h"
#include "policy/address.h"

void
envelope_message_id(struct text *id, const void *key, size_t key_size,
    const char *advisory, unsigned revision, const char *contact, const char *from)
{
	unsigned char digest[DIGEST_SIZE];
	struct text delivery = { 0 }, number = { 0 };

	text_addf(&number, "%u", revision);
	digest_string(&delivery, advisory);
	digest_string(&delivery, text_string(&number));
	digest_string(&delivery, contact);
	digest_hmac(digest, key, key_size, delivery.data, delivery.size);
	text_hex(id, digest, 16); /* 128 bits: no two deliveries meet */
	text_addf(id, "@%s", address_domain(from));
	text_clear(&delivery);
	text_clear(&number);
}

void
envelope_operator_id(
    struct text *id, const unsigned char nonce[ENVELOPE_NONCE], const char *from)
{
	text_hex(id, nonce, ENVELOPE_NONCE);
	text_addf(id, "@%s", address_domain(from));
}
