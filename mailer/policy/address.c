#include "policy/address.h"

#include <string.h>

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

enum { ADDRESS_MOST = 254, LOCAL_MOST = 64, LABEL_MOST = 63 }; /* RFC 5321 4.5.3.1 */

/* RFC 5322 dot-atom-text of `size` bytes. */
static bool
local_ok(const char *local, size_t size)
{
	static const char atext[] = LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~";
	size_t i = 0;

	if (size == 0 || size > LOCAL_MOST)
		return false;
	while (i < size) {
		size_t atom = strspn(local + i, atext);

		if (atom == 0)
			return false;
		i += atom;
		if (i == size)
			return !memmem(
			    local, size, "=?", 2); /* RFC 2047: decoded by some */
		if (local[i++] != '.')
			return false;
	}
	return false; /* ends with a dot */
}

static bool
label_ok(const char *label, size_t size)
{
	return size > 0 && size <= LABEL_MOST && label[0] != '-' &&
	    label[size - 1] != '-' && strspn(label, LETTERS DIGITS "-") >= size;
}

/* LDH labels, at least two; the last is no number, or it would be an IPv4 address. */
static bool
domain_ok(const char *domain)
{
	size_t labels = 0, size;

	for (;; domain += size + 1) {
		size = strcspn(domain, ".");
		if (!label_ok(domain, size))
			return false;
		labels++;
		if (!domain[size])
			return labels > 1 && strspn(domain, DIGITS) < size;
	}
}

bool
address_ok(const char *address)
{
	const char *at = strchr(address, '@');

	return at && strlen(address) <= ADDRESS_MOST &&
	    local_ok(address, (size_t)(at - address)) && domain_ok(at + 1);
}

const char *
address_domain(const char *address)
{
	const char *at = strchr(address, '@');

	return at ? at + 1 : address + strlen(address);
}
