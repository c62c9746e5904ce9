#include "edge/pgp_armour.h"

enum { START = 0xb704ce, POLYNOMIAL = 0x1864cfb };

size_t
armour_fill(size_t size)
{
	return (ARMOUR_LINE - size % ARMOUR_LINE) % ARMOUR_LINE;
}

static uint32_t
doubled(uint32_t sum)
{
	return sum << 1 ^ (sum & 0x800000 ? POLYNOMIAL : 0);
}

/* By table, since an advisory may carry megabytes. */
uint32_t
armour_sum(const void *bytes, size_t size)
{
	const unsigned char *in = bytes;
	uint32_t table[256], sum = START;

	for (uint32_t i = 0; i < 256; i++) {
		table[i] = i << 16;
		for (int bit = 0; bit < 8; bit++)
			table[i] = doubled(table[i]);
	}
	for (size_t i = 0; i < size; i++)
		sum = (sum << 8 ^ table[(sum >> 16 ^ in[i]) & 255]) & 0xffffff;
	return sum;
}

/* A product of polynomials over GF(2), modulo that of the sum. */
static uint32_t
times(uint32_t a, uint32_t b)
{
	uint32_t product = 0;

	for (; b; b >>= 1) {
		if (b & 1)
			product ^= a;
		a = doubled(a);
	}
	return product;
}

/* The sum as it is when so many zero octets have followed: times x^8 for each. */
static uint32_t
followed(uint32_t sum, size_t octets)
{
	uint32_t power = 0x100;

	for (; octets; octets >>= 1) {
		if (octets & 1)
			sum = times(sum, power);
		power = times(power, power);
	}
	return sum;
}

/* A sum is linear in where it starts: the second's own start is taken out again. */
uint32_t
armour_sum_joined(uint32_t first, uint32_t second, size_t second_size)
{
	return second ^ followed(first ^ START, second_size);
}

void
armour_begin(struct text *text)
{
	text_adds(text, "-----BEGIN PGP MESSAGE-----\r\n\r\n");
}

void
armour_lines(struct text *text, const void *bytes, size_t size)
{
	text_base64(text, bytes, size, ARMOUR_WIDTH);
}

void
armour_end(struct text *text, uint32_t sum)
{
	const unsigned char bytes[] = { (unsigned char)(sum >> 16),
		(unsigned char)(sum >> 8), (unsigned char)sum };

	text_addc(text, '=');
	text_base64(text, bytes, sizeof bytes, 0);
	text_adds(text, "\r\n-----END PGP MESSAGE-----\r\n");
}
