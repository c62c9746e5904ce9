#include "policy/name.h"

#include <stdint.h>
#include <string.h>

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS "0123456789"

enum { NAME_MOST = 64 };

/* One of `first`, then any of `rest`, at most NAME_MOST bytes in all. */
static bool
spelled(const char *name, const char *first, const char *rest)
{
	size_t size = strlen(name);

	return size > 0 && size <= NAME_MOST && strchr(first, name[0]) &&
	    strspn(name, rest) == size;
}

bool
name_is_id(const char *name)
{
	return spelled(name, LOWER DIGITS, LOWER DIGITS "._-");
}

bool
name_is_contact(const char *name)
{
	const char *slash = strchr(name, '/');
	char partner[NAME_MOST + 1];
	size_t size;

	if (!slash || (size = (size_t)(slash - name)) > NAME_MOST)
		return false;
	memcpy(partner, name, size);
	partner[size] = '\0';
	return name_is_id(partner) && name_is_id(slash + 1);
}

bool
name_is_value(const char *name)
{
	return spelled(name, LOWER, LOWER DIGITS "-");
}

bool
name_is_advisory(const char *name)
{
	return spelled(name, LOWER UPPER DIGITS, LOWER UPPER DIGITS "._-") &&
	    !strstr(name, "..");
}

/* BCP 47 in lower case: a language of two or three letters, then subtags. */
bool
name_is_language(const char *name)
{
	size_t size = strspn(name, LOWER);

	if (size < 2 || size > 3)
		return false;
	for (name += size; *name; name += size) {
		if (*name++ != '-')
			return false;
		size = strspn(name, LOWER DIGITS);
		if (size < 2 || size > 8)
			return false;
	}
	return true;
}

/*
 * ISO 3166-1 alpha-2 as assigned: the second letters by the first. A code that is
 * only well-formed is refused, since a rule for "UK" would never meet a partner in "GB".
 */
static const char *const assigned[] = {
	"DEFGILMOQRSTUWXZ", /* A */
	"ABDEFGHIJLMNOQRSTVWYZ",
	"ACDFGHIKLMNORUVWXYZ",
	"EJKMOZ",
	"CEGHRST",
	"IJKMOR",
	"ABDEFGHILMNPQRSTUWY",
	"KMNRTU",
	"DELMNOQRST",
	"EMOP",
	"EGHIMNPRWYZ",
	"ABCIKRSTUVY",
	"ACDEFGHKLMNOPQRSTUVWXYZ",
	"ACEFGILOPRUZ",
	"M",
	"AEFGHKLMNRSTWY",
	"A",
	"EOSUW",
	"ABCDEGHIJKLMNORSTVXYZ",
	"CDFGHJKLMNORTVWZ",
	"AGMSYZ",
	"ACEGINU",
	"FS",
	"ABCDEFGHIJKLMNOPQRSTUVWXYZ", /* X: user-assigned */
	"ET",
	"AMWZ",
};

bool
name_is_country(const char *name)
{
	if (strlen(name) != 2 || strspn(name, UPPER) != 2)
		return false;
	if (name[0] == 'Q' && name[1] >= 'M') /* user-assigned, as are AA and ZZ */
		return true;
	if (strcmp(name, "AA") == 0 || strcmp(name, "ZZ") == 0)
		return true;
	return strchr(assigned[name[0] - 'A'], name[1]) != NULL;
}

bool
name_is_fingerprint(const char *name)
{
	return strlen(name) == 40 && strspn(name, DIGITS "ABCDEF") == 40;
}

static bool
is_blank(char byte)
{
	return byte == ' ' || byte == '\t';
}

bool
name_list(
    const char *list, void (*add)(void *ctx, const char *element, size_t size), void *ctx)
{
	bool whole = true;

	for (;;) {
		size_t size = strcspn(list, ","), used = size;
		const char *end = list + size;

		while (used && is_blank(*list))
			list++, used--;
		while (used && is_blank(list[used - 1]))
			used--;
		if (used)
			add(ctx, list, used);
		else
			whole = false;
		if (!*end)
			return whole;
		list = end + 1;
	}
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/*
 * Edits from one name to another, two neighbours that changed places being one;
 * both have at most NAME_MOST bytes. Three rows of the usual table go around.
 */
static size_t
edits(const char *from, const char *to)
{
	size_t rows[3][NAME_MOST + 1], height = strlen(from), width = strlen(to);

	for (size_t j = 0; j <= width; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= height; i++) {
		const size_t *above = rows[(i - 1) % 3], *higher = rows[(i + 1) % 3];
		size_t *row = rows[i % 3];

		row[0] = i;
		for (size_t j = 1; j <= width; j++) {
			row[j] = least(above[j - 1] + (from[i - 1] != to[j - 1]),
			    1 + least(above[j], row[j - 1]));
			if (i > 1 && j > 1 && from[i - 1] == to[j - 2] &&
			    from[i - 2] == to[j - 1])
				row[j] = least(row[j], 1 + higher[j - 2]);
		}
	}
	return rows[height % 3][width];
}

/* How many edits still look like a slip of the fingers: 1 in a short name, else 2. */
static size_t
slips(const char *name)
{
	size_t size = strlen(name);

	return size < 2 ? 0 : size < 5 ? 1 : 2;
}

const char *
name_nearest(const char *name, const char *const known[], size_t count)
{
	const char *nearest = NULL;
	size_t best = SIZE_MAX;

	if (strlen(name) > NAME_MOST)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t distance;

		if (strlen(known[i]) > NAME_MOST)
			continue;
		distance = edits(name, known[i]);
		/* What is equal is known, only elsewhere. */
		if (distance > 0 && distance <= slips(known[i]) && distance < best) {
			best = distance;
			nearest = known[i];
		}
	}
	return nearest;
}
