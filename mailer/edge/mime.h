/* mime - the message: what is sealed (RFC 9788 inside), and what wraps it (RFC 3156 outside) */
#ifndef EDGE_MIME_H
#define EDGE_MIME_H

#include "base/error.h"
#include "base/text.h"
#include "policy/envelope.h"
#include "policy/plan.h"

/*
 * The payload that is signed and encrypted: 7-bit, CRLF, multipart/mixed with
 * hp="cipher" and protected-headers="v1", the true Subject, Date, From, Reply-To and
 * their HP-Outer lines. The same for every contact of the edition; boundaries
 * derive from the edition's digest.
 */
void mime_payload(struct text *payload, const struct edition *edition,
    const struct programme *programme, time_t date);

/*
 * The outer message up to and from the OpenPGP armour, from the envelope alone.
 * False when a field of it must not be in a header.
 */
bool mime_wrap(struct text *head, struct text *tail, const struct envelope *envelope,
    struct error *err);

#endif
