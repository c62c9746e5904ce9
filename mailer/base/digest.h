/* digest - SHA-256, SHA-512, HMAC and random bytes (libgcrypt) */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

#define DIGEST_SIZE 32
#define DIGEST_LONG 64

void digest_start(void); /* before libgcrypt is used elsewhere; may be called again */

void digest_sha256(unsigned char out[DIGEST_SIZE], const void *bytes, size_t size);
/* Of the one and then the other. */
void digest_sha512(unsigned char out[DIGEST_LONG], const void *bytes, size_t size,
    const void *more, size_t more_size);
void digest_hmac(unsigned char out[DIGEST_SIZE], const void *key, size_t key_size,
    const void *bytes, size_t size);
void digest_random(void *bytes, size_t size);

/*
 * Canonical input for digests: the size in decimal, a colon, the bytes, a line
 * feed. No two lists of fields give the same text.
 */
void digest_field(struct text *text, const void *bytes, size_t size);
void digest_string(struct text *text, const char *string);

#endif
