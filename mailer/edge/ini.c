#include "edge/ini.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <iniparser/iniparser.h>

#include "base/file.h"
#include "base/mem.h"
#include "edge/ini_scan.h"
#include "policy/name.h"

enum { FILE_MOST = 4 * 1024 * 1024 };

/* iniparser would print to stderr; what it has to say our scan has said before. */
static int
silent(const char *format, ...)
{
	(void)format;
	return 0;
}

/* The very bytes that we scanned, as a file in memory; -1 when there is no room. */
static int
copy(const struct ini *ini, const char *bytes, size_t size, struct mistakes *mistakes)
{
	int fd = memfd_create("forewarn-ini", MFD_CLOEXEC);
	struct error err;
	ssize_t put = 0;

	while (fd >= 0 && size && (put = write(fd, bytes, size)) > 0) {
		bytes += put;
		size -= (size_t)put;
	}
	if (fd >= 0 && !size)
		return fd;
	error_set(&err, "%s: cannot be copied: %s", ini->file, strerror(errno));
	err.passes = true;
	mistakes_error(mistakes, &err);
	if (fd >= 0)
		close(fd);
	return -1;
}

/* iniparser reads paths only. */
static dictionary *
load(int fd)
{
	char *path = mem_format("/proc/self/fd/%d", fd);
	dictionary *values;

	iniparser_set_error_callback(silent);
	values = iniparser_load(path);
	iniparser_set_error_callback(NULL);
	free(path);
	/* iniparser makes a dictionary without looking whether its parts could be had. */
	if (values && (!values->key || !values->val || !values->hash))
		mem_out();
	return values;
}

/* A cursor over a dictionary: iniparser keeps it in the order of the file. */
struct cursor {
	const dictionary *values;
	ssize_t next;
};

static bool
next(struct cursor *cursor, const char **name, const char **value)
{
	const dictionary *values = cursor->values;

	while (cursor->next < values->size && !values->key[cursor->next])
		cursor->next++;
	if (cursor->next >= values->size)
		return false;
	*name = values->key[cursor->next];
	*value = values->val[cursor->next++];
	return true;
}

static bool
same_entry(struct ini *ini, const struct ini_section *section, struct ini_entry *entry,
    struct cursor *cursor)
{
	char *full = mem_format("%s:%s", section->name, entry->key);
	const char *name, *value;
	bool same = next(cursor, &name, &value) && strcmp(name, full) == 0 && value &&
	    strcmp(value, entry->value) == 0;

	if (same)
		entry->value = pool_keep(&ini->strings, value, strlen(value));
	free(full);
	return same;
}

/* The place of the first section or key that iniparser and we do not read alike. */
static bool
agree(struct ini *ini, const dictionary *values, struct place *odd)
{
	struct cursor cursor = { values, 0 };
	const char *name, *value;

	for (size_t i = 0; i < ini->count; i++) {
		struct ini_section *section = &ini->sections[i];

		*odd = section->place;
		if (!next(&cursor, &name, &value) || value ||
		    strcmp(name, section->name) != 0)
			return false;
		for (size_t j = 0; j < section->count; j++) {
			*odd = section->entries[j].place;
			if (!same_entry(ini, section, &section->entries[j], &cursor))
				return false;
		}
	}
	*odd = (struct place){ ini->file, 0 };
	return !next(&cursor, &name, &value);
}

static bool
take_values(struct ini *ini, const char *bytes, size_t size, struct mistakes *mistakes)
{
	struct place odd = { ini->file, 0 };
	int fd = copy(ini, bytes, size, mistakes);
	dictionary *values;
	bool same;

	if (fd < 0)
		return false;
	values = load(fd);
	close(fd);
	same = values && agree(ini, values, &odd);
	if (!same)
		mistakes_add(mistakes, odd,
		    "iniparser does not read this as it is written; simplify it");
	if (values)
		iniparser_freedict(values);
	return same;
}

struct ini *
ini_parse(const char *file, const char *bytes, size_t size, struct mistakes *mistakes)
{
	struct ini *ini = mem_new(sizeof *ini);

	ini->file = pool_keep(&ini->strings, file, strlen(file));
	if (!ini_scan(ini, bytes, size, mistakes) ||
	    !take_values(ini, bytes, size, mistakes)) {
		ini_free(ini);
		return NULL;
	}
	for (size_t i = 0; i < ini->count; i++)
		map_put(&ini->names, ini->sections[i].name, &ini->sections[i]);
	return ini;
}

struct ini *
ini_read(const char *path, struct mistakes *mistakes)
{
	struct text text = { 0 };
	struct error err;
	struct ini *ini = NULL;

	if (file_read(path, FILE_MOST, &text, &err))
		ini = ini_parse(path, text_string(&text), text.size, mistakes);
	else
		mistakes_error(mistakes, &err);
	text_clear(&text);
	return ini;
}

void
ini_free(struct ini *ini)
{
	if (!ini)
		return;
	for (size_t i = 0; i < ini->count; i++)
		free(ini->sections[i].entries);
	free(ini->sections);
	map_clear(&ini->names);
	pool_clear(&ini->strings);
	free(ini);
}

struct ini_section *
ini_section(struct ini *ini, const char *name)
{
	struct ini_section *section = map_get(&ini->names, name);

	if (section)
		section->used = true;
	return section;
}

const char *
ini_get(struct ini_section *section, const char *key, struct place *place)
{
	for (size_t i = 0; i < section->count; i++) {
		struct ini_entry *entry = &section->entries[i];

		if (strcmp(entry->key, key) != 0)
			continue;
		entry->used = true;
		if (place)
			*place = entry->place;
		return entry->value;
	}
	return NULL;
}

const char *
ini_need(struct ini_section *section, const char *key, struct place *place,
    struct mistakes *mistakes)
{
	struct place at = section->place;
	const char *value = ini_get(section, key, &at);

	if (place)
		*place = at;
	if (value && *value)
		return value;
	mistakes_add(mistakes, at, "[%s]: '%s' is %s", section->name, key,
	    value ? "empty" : "missing");
	return NULL;
}

static void
unknown_key(const struct ini_section *section, const struct ini_entry *entry,
    const struct ini_names *known, struct mistakes *mistakes)
{
	const char *nearest = name_nearest(entry->key, known->keys, known->key_count);

	if (nearest)
		mistakes_add(mistakes, entry->place,
		    "[%s]: '%s' is not a known key here; did you mean '%s'?",
		    section->name, entry->key, nearest);
	else
		mistakes_add(mistakes, entry->place, "[%s]: '%s' is not a known key here",
		    section->name, entry->key);
}

/* "tear.entry" is looked up by its kind, "tear". */
static void
unknown_section(const struct ini_section *section, const struct ini_names *known,
    struct mistakes *mistakes)
{
	size_t size = strcspn(section->name, ".");
	char *kind = mem_format("%.*s", (int)size, section->name);
	const char *nearest = name_nearest(kind, known->sections, known->section_count);

	if (nearest)
		mistakes_add(mistakes, section->place,
		    "[%s]: is not a known section; did you mean [%s%s]?", section->name,
		    nearest, section->name + size);
	else
		mistakes_add(mistakes, section->place, "[%s]: is not a known section",
		    section->name);
	free(kind);
}

void
ini_unused(
    const struct ini *ini, const struct ini_names *known, struct mistakes *mistakes)
{
	for (size_t i = 0; i < ini->count; i++) {
		const struct ini_section *section = &ini->sections[i];

		if (!section->used) {
			unknown_section(section, known, mistakes);
			continue;
		}
		for (size_t j = 0; j < section->count; j++)
			if (!section->entries[j].used)
				unknown_key(
				    section, &section->entries[j], known, mistakes);
	}
}
