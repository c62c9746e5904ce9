#include "edge/ini_scan.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

/* iniparser's line buffer, and what its quadratic loading can bear. */
enum { LINE_MOST = 1022, SECTIONS_MOST = 20000, ENTRIES_MOST = 200000 };

/* Enough to work on: what is no INI file at all has a mistake in each line. */
enum { MISTAKES_MOST = 100 };

struct scan {
	struct ini *ini;
	struct map sections, keys; /* the line of the first; keys: of this section */
	size_t entries;
	struct text section; /* the last one's name as messages show it */
	struct place here;
	struct mistakes *mistakes;
};

struct span {
	const char *start;
	size_t size;
};

static struct span
trim(const char *start, size_t size)
{
	while (size && (*start == ' ' || *start == '\t'))
		start++, size--;
	while (size && (start[size - 1] == ' ' || start[size - 1] == '\t'))
		size--;
	return (struct span){ start, size };
}

static void
refuse(struct scan *scan, const char *fact)
{
	mistakes_add(scan->mistakes, scan->here, "%s", fact);
}

static void
refuse_name(struct scan *scan, const char *name, const char *fact)
{
	struct text shown = { 0 };

	text_quote(&shown, name);
	mistakes_add(scan->mistakes, scan->here, "'%s': %s", text_string(&shown), fact);
	text_clear(&shown);
}

/* Lines are kept in a map of borrowed things, as pointers that nobody follows. */
static unsigned
first_line(struct map *map, const char *name, unsigned line)
{
	return (unsigned)(uintptr_t)map_put(map, name, (void *)(uintptr_t)line);
}

/* iniparser lower-cases names and joins them by a colon: only plain ones stay themselves. */
static bool
name_ok(struct scan *scan, const char *name)
{
	static const char lower[] = "abcdefghijklmnopqrstuvwxyz0123456789._-/";
	static const char upper[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
	size_t size = strlen(name);

	if (strspn(name, lower) == size)
		return true;
	if (strpbrk(name, upper))
		refuse_name(scan, name, "names are written in lower case");
	else if (strchr(name, ':'))
		refuse_name(scan, name, "a name cannot hold ':'");
	else
		refuse_name(scan, name,
		    "a name is made of a-z, 0-9, '.', '_', '-' and '/' alone");
	return false;
}

static void
open_section(struct scan *scan, const char *name)
{
	struct ini *ini = scan->ini;
	unsigned first = first_line(&scan->sections, name, scan->here.line);

	text_clear(&scan->section);
	text_quote(&scan->section, name);
	if (first)
		mistakes_add(scan->mistakes, scan->here,
		    "[%s]: is there already, at line %u; merge the two",
		    text_string(&scan->section), first);
	if (ini->count == SECTIONS_MOST)
		mistakes_add(scan->mistakes, scan->here,
		    "holds over %d sections; use one file a partner in partners.d",
		    SECTIONS_MOST);
	map_clear(&scan->keys);
	ini->sections = mem_room(ini->sections, ini->count, sizeof *ini->sections);
	ini->sections[ini->count++] =
	    (struct ini_section){ .name = name, .place = scan->here };
}

static void
scan_section(struct scan *scan, struct span line)
{
	const char *close = memchr(line.start, ']', line.size);
	struct span inside;
	const char *name;

	if (!close) {
		refuse(scan, "the section's name has no ']' at its end");
		return;
	}
	inside = trim(line.start + 1, (size_t)(close - line.start) - 1);
	name = pool_keep(&scan->ini->strings, inside.start, inside.size);
	if (close != line.start + line.size - 1)
		refuse(scan, "there is text after ']'; put it on a line of its own");
	if (inside.size == 0)
		refuse(scan, "[]: a section needs a name");
	else
		name_ok(scan, name);
	/* Even a bad one is opened, so that its keys are looked at. */
	open_section(scan, name);
}

/* The value without its quotes; NULL, with a mistake, where iniparser would see another. */
static const char *
unquote(struct scan *scan, const char *key, struct span value)
{
	const char *inner = value.start + 1;
	size_t size = value.size - 2;

	if (value.size < 2 || value.start[value.size - 1] != value.start[0])
		refuse_name(
		    scan, key, "the value begins with a quote but has none at its end");
	else if (memchr(inner, value.start[0], size))
		refuse_name(scan, key,
		    "the value holds a quote of the kind around it; use the other kind");
	else if (trim(inner, size).size != size)
		refuse_name(scan, key, "the value begins or ends with a blank");
	else
		return pool_keep(&scan->ini->strings, inner, size);
	return NULL;
}

static const char *
scan_value(struct scan *scan, const char *key, struct span value)
{
	if (!utf8_line(value.start, value.size)) {
		refuse_name(scan, key, "the value holds a tab");
		return NULL;
	}
	if (value.size && (value.start[0] == '"' || value.start[0] == '\''))
		return unquote(scan, key, value);
	if (memchr(value.start, ';', value.size) ||
	    memchr(value.start, '#', value.size)) {
		refuse_name(scan, key,
		    "';' or '#' would begin a comment here; quote the value, or put the "
		    "comment on a line of its own");
		return NULL;
	}
	return pool_keep(&scan->ini->strings, value.start, value.size);
}

static void
add_entry(struct scan *scan, const char *key, const char *value)
{
	struct ini_section *section = &scan->ini->sections[scan->ini->count - 1];
	unsigned first = first_line(&scan->keys, key, scan->here.line);

	if (first)
		mistakes_add(scan->mistakes, scan->here,
		    "[%s]: '%s' is there already, at line %u; remove one",
		    text_string(&scan->section), key, first);
	if (scan->entries++ == ENTRIES_MOST)
		mistakes_add(
		    scan->mistakes, scan->here, "holds over %d keys", ENTRIES_MOST);
	section->entries =
	    mem_room(section->entries, section->count, sizeof *section->entries);
	section->entries[section->count++] =
	    (struct ini_entry){ .key = key, .value = value, .place = scan->here };
}

static void
scan_entry(struct scan *scan, struct span line)
{
	const char *equals = memchr(line.start, '=', line.size);
	struct span name, value;
	const char *key, *meant;

	if (!equals) {
		refuse(scan, "is neither [section], 'key = value' nor a comment");
		return;
	}
	name = trim(line.start, (size_t)(equals - line.start));
	value = trim(equals + 1, (size_t)(line.start + line.size - equals) - 1);
	if (name.size == 0) {
		refuse(scan, "there is no key before '='");
		return;
	}
	key = pool_keep(&scan->ini->strings, name.start, name.size);
	meant = scan_value(scan, key, value);
	if (!name_ok(scan, key))
		return;
	if (scan->ini->count == 0)
		refuse_name(scan, key, "stands before any [section]");
	else
		add_entry(scan, key, meant);
}

static void
scan_line(struct scan *scan, const char *bytes, size_t size)
{
	struct span line = trim(bytes, size);

	if (size > LINE_MOST)
		refuse(scan,
		    "the line is longer than 1,022 bytes; use a file for long text");
	else if (!utf8_text(bytes, size))
		refuse(scan,
		    "holds a control, invisible or bidirectional character, or is not "
		    "UTF-8");
	else if (line.size == 0)
		return;
	else if (line.start[line.size - 1] == '\\')
		refuse(
		    scan, "ends with a backslash, which would join the next line to it");
	else if (line.start[0] == ';' || line.start[0] == '#') {
		if (line.start != bytes)
			refuse(scan, "a comment begins at the start of its line");
	} else if (line.start[0] == '[')
		scan_section(scan, line);
	else
		scan_entry(scan, line);
}

/* What spoils each line of a file is said once, where it is first found. */
static bool
whole_ok(struct scan *scan, const char *bytes, size_t size)
{
	static const struct {
		char byte;
		const char *fact;
	} bad[] = {
		{ '\0', "holds a NUL byte: not a text file" },
		{ '\r', "holds a carriage return; save the file with Unix line ends" },
	};

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const char *found = memchr(bytes, bad[i].byte, size);

		if (!found)
			continue;
		scan->here.line = 1;
		for (const char *p = bytes; p < found; p++)
			scan->here.line += *p == '\n';
		refuse(scan, bad[i].fact);
		return false;
	}
	return true;
}

bool
ini_scan(struct ini *ini, const char *bytes, size_t size, struct mistakes *mistakes)
{
	struct scan scan = { .ini = ini, .here = { ini->file, 0 }, .mistakes = mistakes };
	size_t before = mistakes->errors, length;

	if (size == 0)
		return true;
	if (!whole_ok(&scan, bytes, size))
		return false;
	if (size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0) {
		scan.here.line = 1;
		refuse(&scan, "begins with a byte order mark; save the file without it");
		bytes += 3;
		size -= 3;
	}
	scan.here.line = 0;
	for (size_t i = 0; i < size; i += length + 1) {
		const char *end = memchr(bytes + i, '\n', size - i);

		length = end ? (size_t)(end - bytes) - i : size - i;
		scan.here.line++;
		if (mistakes->errors - before >= MISTAKES_MOST) {
			refuse(&scan,
			    "here reading ends: correct the mistakes before first");
			break;
		}
		scan_line(&scan, bytes + i, length);
	}
	map_clear(&scan.sections);
	map_clear(&scan.keys);
	text_clear(&scan.section);
	return mistakes->errors == before;
}
