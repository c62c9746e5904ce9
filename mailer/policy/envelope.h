/* envelope - all that is outside the encryption of one message */
#ifndef POLICY_ENVELOPE_H
#define POLICY_ENVELOPE_H

#include <time.h>

#include "base/text.h"
#include "policy/partner.h"

/*
 * Typed, so that nothing else can be said outside: the outer header is made
 * from these fields alone, and its Subject is always "[...]" (RFC 9788).
 */
struct envelope {
	const char *sender; /* MAIL FROM: where bounces go */
	const struct recipient *to; /* the one RCPT TO, the one To: */
	const char *from_name, *from; /* From: */
	const char *reply_to;
	const char *message_id; /* without angle brackets; opaque */
	const char *in_reply_to; /* NULL: none */
	time_t date; /* the same as inside */
};

/*
 * The stable, opaque Message-ID of a delivery: an HMAC over advisory, revision
 * and contact, at the domain of `from`. All attempts keep it.
 */
void envelope_message_id(struct text *id, const void *key, size_t key_size,
    const char *advisory, unsigned revision, const char *contact, const char *from);

/*
 * Of a message to an operator, which is no delivery: made of random bytes, and longer than
 * any delivery's, so that it is never one of theirs.
 */
enum { ENVELOPE_NONCE = 20 };
void envelope_operator_id(
    struct text *id, const unsigned char nonce[ENVELOPE_NONCE], const char *from);

#endif
