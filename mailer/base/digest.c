#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

#include <gcrypt.h>

#include "base/mem.h"

/* gcry_check_version is what starts libgcrypt, and may be called again. */
void
digest_start(void)
{
	if (!gcry_check_version(GCRYPT_VERSION))
		abort();
	if (!gcry_control(GCRYCTL_INITIALIZATION_FINISHED_P)) {
		gcry_control(GCRYCTL_DISABLE_SECMEM, 0);
		gcry_control(GCRYCTL_INITIALIZATION_FINISHED, 0);
	}
}

void
digest_sha256(unsigned char out[DIGEST_SIZE], const void *bytes, size_t size)
{
	digest_start();
	gcry_md_hash_buffer(GCRY_MD_SHA256, out, bytes, size);
}

void
digest_sha512(unsigned char out[DIGEST_LONG], const void *bytes, size_t size,
    const void *more, size_t more_size)
{
	gcry_buffer_t input[2] = {
		{ .data = (void *)(size_t)bytes, .len = size },
		{ .data = (void *)(size_t)more, .len = more_size },
	};

	digest_start();
	if (gcry_md_hash_buffers(GCRY_MD_SHA512, 0, out, input, 2) != 0)
		mem_out();
}

void
digest_hmac(unsigned char out[DIGEST_SIZE], const void *key, size_t key_size,
    const void *bytes, size_t size)
{
	gcry_buffer_t input[2] = {
		{ .data = (void *)(size_t)key, .len = key_size },
		{ .data = (void *)(size_t)bytes, .len = size },
	};

	digest_start();
	/* Given an algorithm that it has, it lacks nothing but memory. */
	if (gcry_md_hash_buffers(GCRY_MD_SHA256, GCRY_MD_FLAG_HMAC, out, input, 2) != 0)
		mem_out();
}

void
digest_random(void *bytes, size_t size)
{
	digest_start();
	gcry_randomize(bytes, size, GCRY_STRONG_RANDOM);
}

void
digest_field(struct text *text, const void *bytes, size_t size)
{
	text_addf(text, "%zu:", size);
	text_add(text, bytes, size);
	text_addc(text, '\n');
}

void
digest_string(struct text *text, const char *string)
{
	digest_field(text, string, strlen(string));
}
