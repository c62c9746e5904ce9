/*
 * Any bytes as an INI file. What is accepted is read again by a reader that could not
 * be simpler, and both must have seen the same; what is refused has its reason.
 */
#include "edge/ini.h"
#include "fuzz.h"

struct piece {
	const char *start;
	size_t size;
};

static struct piece
trimmed(const char *start, size_t size)
{
	while (size && strchr(" \t", start[0]))
		start++, size--;
	while (size && strchr(" \t", start[size - 1]))
		size--;
	return (struct piece){ start, size };
}

static bool
is(const char *string, struct piece piece)
{
	return strlen(string) == piece.size &&
	    memcmp(string, piece.start, piece.size) == 0;
}

static struct piece
unquoted(struct piece value)
{
	if (value.size >= 2 && strchr("\"'", value.start[0]))
		return (struct piece){ value.start + 1, value.size - 2 };
	return value;
}

/* What is to come next: the entry of a section, or behind them the next section. */
struct expected {
	const struct ini *ini;
	size_t sections, entries; /* seen so far; entries: of the last section */
};

static void
check_section(struct expected *next, struct piece line, unsigned number)
{
	const struct ini *ini = next->ini;

	must(next->sections < ini->count, "each section was seen");
	must(next->sections == 0 ||
		ini->sections[next->sections - 1].count == next->entries,
	    "a section has no entry that the file has not");
	must(ini->sections[next->sections].place.line == number, "a section's line");
	must(is(ini->sections[next->sections].name,
		 trimmed(line.start + 1, line.size - 2)),
	    "a section is named as it is written");
	next->sections++;
	next->entries = 0;
}

static void
check_entry(struct expected *next, struct piece line, unsigned number)
{
	const char *equals = memchr(line.start, '=', line.size);
	const struct ini_section *section;
	const struct ini_entry *entry;

	must(equals && next->sections, "each line is a section or an entry within one");
	section = &next->ini->sections[next->sections - 1];
	must(next->entries < section->count, "each entry was seen");
	entry = &section->entries[next->entries++];
	must(entry->place.line == number, "an entry's line");
	must(is(entry->key, trimmed(line.start, (size_t)(equals - line.start))),
	    "a key is named as it is written");
	must(is(entry->value,
		 unquoted(
		     trimmed(equals + 1, (size_t)(line.start + line.size - equals) - 1))),
	    "a value is what is written");
	must(is_line(entry->value, strlen(entry->value)), "a value is one clean line");
}

static void
check_lines(const struct ini *ini, const char *bytes, size_t size)
{
	struct expected next = { .ini = ini };
	unsigned number = 1;

	for (size_t i = 0, length; i < size; i += length + 1, number++) {
		const char *feed = memchr(bytes + i, '\n', size - i);
		struct piece line;

		length = feed ? (size_t)(feed - bytes) - i : size - i;
		line = trimmed(bytes + i, length);
		if (line.size == 0 || strchr(";#", line.start[0]))
			continue;
		if (line.start[0] == '[')
			check_section(&next, line, number);
		else
			check_entry(&next, line, number);
	}
	must(next.sections == ini->count, "no section that the file has not");
	must(next.sections == 0 || ini->sections[next.sections - 1].count == next.entries,
	    "no entry that the file has not");
}

/* Names lead to what they name: none stands twice. */
static void
check_names(struct ini *ini)
{
	for (size_t i = 0; i < ini->count; i++) {
		struct ini_section *section = &ini->sections[i];

		must(ini_section(ini, section->name) == section, "one section a name");
		for (size_t j = 0; j < section->count; j++)
			must(ini_get(section, section->entries[j].key, NULL) ==
				section->entries[j].value,
			    "one value a key");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct mistakes mistakes = { 0 };
	struct ini *ini = ini_parse("fuzz.ini", (const char *)bytes, size, &mistakes);

	must(!ini == (mistakes.errors > 0), "refused for a reason, and only then");
	must_be_lines(&mistakes);
	if (ini) {
		must(!memchr(bytes, '\0', size) && !memchr(bytes, '\r', size),
		    "neither NUL nor CR");
		check_lines(ini, (const char *)bytes, size);
		check_names(ini);
	}
	ini_free(ini);
	mistakes_clear(&mistakes);
	return 0;
}
