/*
 * Any string as a name: a regular expression has the same opinion. Lists read back, a slip
 * of the fingers is told by a table of distances, and two deliveries have the same
 * Message-ID only when they are the same.
 */
#include <regex.h>

#include "policy/envelope.h"
#include "policy/name.h"
#include "fuzz.h"

#define ID "[a-z0-9][a-z0-9._-]{0,63}"

enum { KNOWN = 3, NAME_MOST = 64, PATTERNS = 16 };

/* Kept: to compile one takes longer than all else. */
static const regex_t *
compiled(const char *pattern)
{
	static struct {
		const char *pattern;
		regex_t regex;
	} kept[PATTERNS];
	size_t i = 0;

	while (i < PATTERNS && kept[i].pattern && kept[i].pattern != pattern)
		i++;
	must(i < PATTERNS, "patterns are few");
	if (!kept[i].pattern)
		must(regcomp(&kept[i].regex, pattern, REG_EXTENDED | REG_NOSUB) == 0,
		    "it is a pattern");
	kept[i].pattern = pattern;
	return &kept[i].regex;
}

static bool
matches(const char *pattern, const char *string)
{
	return regexec(compiled(pattern), string, 0, NULL, 0) == 0;
}

static void
check_grammars(const char *name)
{
	static const struct {
		bool (*is)(const char *name);
		const char *pattern, *without;
	} grammars[] = { { name_is_id, "^" ID "$", NULL },
		{ name_is_contact, "^" ID "/" ID "$", NULL },
		{ name_is_value, "^[a-z][a-z0-9-]{0,63}$", NULL },
		{ name_is_advisory, "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", ".." },
		{ name_is_language, "^[a-z]{2,3}(-[a-z0-9]{2,8})*$", NULL },
		{ name_is_fingerprint, "^[0-9A-F]{40}$", NULL } };

	for (size_t i = 0; i < sizeof grammars / sizeof *grammars; i++)
		must(grammars[i].is(name) ==
			(matches(grammars[i].pattern, name) &&
			    !(grammars[i].without && strstr(name, grammars[i].without))),
		    "a name is one to its grammar");
	must(!name_is_country(name) || matches("^[A-Z]{2}$", name),
	    "a country has two letters");
}

/* --- lists ------------------------------------------------------------------------ */

struct list {
	struct text joined;
	size_t count;
};

static void
add(void *ctx, const char *element, size_t size)
{
	struct list *list = ctx;

	must(size && !memchr(element, ',', size) && !strchr(" \t", element[0]) &&
		!strchr(" \t", element[size - 1]),
	    "an element is trimmed");
	if (list->count++)
		text_adds(&list->joined, " ,\t");
	text_add(&list->joined, element, size);
}

static void
check_list(const char *string)
{
	struct list list = { .count = 0 }, again = { .count = 0 };
	bool whole = name_list(string, add, &list);
	size_t commas = 0, empty = 0;

	for (const char *at = string;; at++) {
		size_t blank = strspn(at, " \t");

		empty += at[blank] == ',' || !at[blank];
		at = strchr(at, ',');
		if (!at)
			break;
		commas++;
	}
	must(list.count + empty == commas + 1, "no element is lost");
	must(whole == (empty == 0), "an empty element is none");
	if (whole) {
		must(name_list(text_string(&list.joined), add, &again) &&
			again.count == list.count &&
			strcmp(text_string(&again.joined), text_string(&list.joined)) ==
			    0,
		    "a list reads back");
	}
	text_clear(&list.joined);
	text_clear(&again.joined);
}

/* --- nearest ------------------------------------------------------------------------- */

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Edits, two neighbours that change places being one: the whole table. */
static size_t
distance(const char *a, const char *b)
{
	static size_t table[NAME_MOST + 2][NAME_MOST + 2];
	size_t height = strlen(a), width = strlen(b);

	for (size_t i = 0; i <= height; i++)
		for (size_t j = 0; j <= width; j++) {
			size_t *cell = &table[i][j];

			*cell = i + j;
			if (i && j)
				*cell =
				    least(least(table[i - 1][j] + 1, table[i][j - 1] + 1),
					table[i - 1][j - 1] + (a[i - 1] != b[j - 1]));
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1])
				*cell = least(*cell, table[i - 2][j - 2] + 1);
		}
	return table[height][width];
}

static void
check_nearest(const char *name, char *const known[KNOWN])
{
	const char *names[KNOWN] = { known[0], known[1], known[2] };
	const char *nearest = name_nearest(name, names, KNOWN);
	size_t best = SIZE_MAX;

	if (strlen(name) > NAME_MOST)
		return;
	if (nearest)
		best = distance(name, nearest);
	must(!nearest || (best > 0 && best <= 2), "what is near is a slip away");
	for (size_t i = 0; i < KNOWN; i++) {
		size_t size = strlen(known[i]), away;

		if (size < 2 || size > NAME_MOST)
			continue;
		away = distance(name, known[i]);
		must(away == 0 || away > (size < 5 ? 1 : 2) || best <= away,
		    "nothing is nearer");
	}
}

/* --- Message-ID ------------------------------------------------------------------------ */

/* Of two deliveries: advisory, revision, contact. */
static void
check_ids(char *const strings[4], unsigned first, unsigned second)
{
	static const char key[] = "0123456789abcdef0123456789abcdef";
	bool same = first == second && strcmp(strings[0], strings[2]) == 0 &&
	    strcmp(strings[1], strings[3]) == 0;
	struct text a = { 0 }, b = { 0 };

	envelope_message_id(&a, key, sizeof key, strings[0], first, strings[1],
	    "advisories@psirt.example");
	envelope_message_id(&b, key, sizeof key, strings[2], second, strings[3],
	    "advisories@psirt.example");
	must(matches("^[0-9a-f]{32}@psirt\\.example$", text_string(&a)),
	    "a Message-ID is opaque");
	must((strcmp(text_string(&a), text_string(&b)) == 0) == same,
	    "no two deliveries have the same one");
	text_clear(&a);
	text_clear(&b);
}

/* Two revisions; four strings, each ended by NUL. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	unsigned first = input_byte(&in), second = input_byte(&in);
	char *strings[4];

	for (size_t i = 0; i < 4; i++)
		strings[i] = input_string(&in);
	check_grammars(strings[0]);
	check_list(strings[0]);
	check_nearest(strings[0], strings + 1);
	check_ids(strings, first, second);
	for (size_t i = 0; i < 4; i++)
		free(strings[i]);
	return 0;
}
