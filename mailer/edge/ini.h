/*
 * ini - INI files, read so that nothing is swallowed. iniparser gives the
 * values; our own scan of the same bytes gives the lines and refuses what
 * iniparser would cut, merge or skip.
 */
#ifndef EDGE_INI_H
#define EDGE_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/map.h"
#include "base/pool.h"
#include "base/text.h"

struct ini_entry {
	const char *key, *value; /* lower-case key; value is one clean line */
	struct place place;
	bool used;
};

struct ini_section {
	const char *name; /* lower case, as it must be written */
	struct ini_entry *entries; /* owned; in file order */
	size_t count;
	struct place place;
	bool used;
};

struct ini {
	const char *file; /* the name for messages */
	struct ini_section *sections; /* owned; in file order */
	size_t count;
	struct map names;
	struct pool strings;
};

/*
 * Parses the bytes of a file. NULL when there was a mistake (all are added):
 * duplicate sections or keys, a value that `;` or `#` would cut, a line of 1,024
 * bytes, BOM, NUL, CR, bad UTF-8, control and bidi characters, upper-case
 * names, a key before any section, over 20,000 sections.
 */
struct ini *ini_parse(
    const char *file, const char *bytes, size_t size, struct mistakes *mistakes);
struct ini *ini_read(const char *path, struct mistakes *mistakes);
void ini_free(struct ini *ini); /* NULL is allowed */

struct ini_section *ini_section(
    struct ini *ini, const char *name); /* NULL: absent; marks it used */
/* The value, or NULL: absent; marks it used. *place (may be NULL) is where it stands. */
const char *ini_get(struct ini_section *section, const char *key, struct place *place);
/* As ini_get; an absent or empty value is a mistake at the section. */
const char *ini_need(struct ini_section *section, const char *key, struct place *place,
    struct mistakes *mistakes);

/* The names that a file may have: sections by what stands before a '.' ("tier"). */
struct ini_names {
	const char *const *sections, *const *keys;
	size_t section_count, key_count;
};

/* Every section and key that nobody asked for is a mistake, with the nearest of `known`. */
void ini_unused(
    const struct ini *ini, const struct ini_names *known, struct mistakes *mistakes);

#endif
