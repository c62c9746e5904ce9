#include "edge/intake_material.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "edge/intake_marks.h"
#include "edge/reading.h"
#include "policy/name.h"

enum { FILE_NAME_MOST = 100 };

/* One key of a class: what it declares, and in which words. */
struct item {
	struct material *material;
	struct ini_section *section;
	const char *class; /* the section's name */
	const struct ini_entry *entry;
	const char *name; /* behind the prefix */
	const char *language; /* of a text; "" */
};

/* Where a content was first seen. */
struct source {
	const char *class, *path;
	unsigned line;
};

static void
refuse(const struct item *item, const char *fact)
{
	mistakes_add(item->material->mistakes, item->entry->place, "[%s]: '%s': %s",
	    item->class, item->entry->key, fact);
}

/* Puts the value under its path; a path has one value in all classes together. */
static bool
put(const struct item *item, const char *path, struct value *value)
{
	const struct value *first;

	value->place = item->entry->place;
	first = map_put(&item->material->names, path, value);
	if (!first)
		return true;
	mistakes_add(item->material->mistakes, item->entry->place,
	    "[%s]: '%s': is in class '%s' already (line %u); a name is given once",
	    item->class, item->entry->key, first->class, first->place.line);
	return false;
}

static void
add(const struct item *item, struct value *parent, struct value *value)
{
	if (put(item, item->entry->key, value))
		value_add(parent, value);
	else
		value_free(value);
}

static void
read_fact(const struct item *item)
{
	static const char *const reserved[] = { "list", "text", "attachments", "honey",
		"notice", "variant", "advisory", "programme", "tier", "partner",
		"contact" };
	const char *string = item->entry->value;

	for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
		if (strcmp(item->name, reserved[i]) == 0) {
			refuse(item,
			    "templates use this name for something else; choose "
			    "another");
			return;
		}
	add(item, item->material->advisory->values,
	    value_string(item->name, item->class, string, strlen(string)));
}

static struct value *
elements(const struct item *item, enum value_kind kind)
{
	struct material *material = item->material;
	struct reading reading = { material->ini, item->section, material->mistakes };
	struct value *list = value_new(kind, item->name, item->class);
	struct text fields = { 0 };
	const char **names;
	size_t count =
	    read_list(&reading, item->entry->key, item->entry->value, NULL, &names);

	for (size_t i = 0; i < count; i++) {
		value_add(list, value_string(NULL, NULL, names[i], strlen(names[i])));
		digest_string(&fields, names[i]);
	}
	digest_sha256(list->sha256, text_string(&fields), fields.size);
	text_clear(&fields);
	free(names);
	return list;
}

static void
read_elements(const struct item *item)
{
	add(item, value_map(item->material->advisory->values, "list"),
	    elements(item, VALUE_LIST));
}

/* Made-up indicators: each copy has one of them. */
static void
read_honey(const struct item *item)
{
	struct value *honey = elements(item, VALUE_CHOICE);
	const char *fault = marks_fault(honey);

	if (fault)
		refuse(item, fault);
	add(item, value_map(item->material->advisory->values, "honey"), honey);
}

/* The bytes of the item's file, kept by the advisory; NULL after a mistake. */
static struct text *
read_file(const struct item *item)
{
	struct material *material = item->material;
	struct advisory *advisory = material->advisory;
	char *shown = mem_format("%s/%s", material->shown, item->entry->value);
	struct text bytes = { 0 };
	struct error err;
	bool ok = file_read_below(material->folder, item->entry->value, shown,
	    material->max_file, &bytes, &err);

	if (!ok)
		refuse(item, err.message);
	else if (bytes.size == 0)
		refuse(item, "the file is empty");
	free(shown);
	if (bytes.size == 0) {
		text_clear(&bytes);
		return NULL;
	}
	advisory->files =
	    mem_room(advisory->files, advisory->file_count, sizeof *advisory->files);
	advisory->files[advisory->file_count] = bytes;
	return &advisory->files[advisory->file_count++];
}

static void
check_source(const struct item *item, const char *digest)
{
	struct material *material = item->material;
	struct source *source = mem_new(sizeof *source), *first;

	*source =
	    (struct source){ item->class, item->entry->value, item->entry->place.line };
	first = map_put(&material->contents, digest, source);
	if (!first)
		return;
	free(source);
	if (strcmp(first->class, item->class) != 0)
		mistakes_add(material->mistakes, item->entry->place,
		    "[%s]: '%s': '%s' has the content of '%s', which is in class '%s' "
		    "(line "
		    "%u); decide for one",
		    item->class, item->entry->key, item->entry->value, first->path,
		    first->class, first->line);
}

/*
 * A file in two classes would reach those whom one of them denies it. What counts is
 * its content, so that a copy under another name is found, too.
 */
static void
check_content(const struct item *item, const struct text *bytes)
{
	unsigned char digest[DIGEST_SIZE];
	struct text hex = { 0 };

	digest_sha256(digest, bytes->data, bytes->size);
	text_hex(&hex, digest, sizeof digest);
	check_source(item, pool_keep(&item->material->ini->strings, hex.data, hex.size));
	text_clear(&hex);
}

/* Texts are shown and signed as they are, but for the line end that closes the file. */
static bool
text_ok(const struct item *item, struct text *bytes)
{
	const char *fact = NULL;

	if (memchr(bytes->data, '\r', bytes->size))
		fact = "the text holds a carriage return; save it with Unix line ends";
	else if (bytes->size >= 3 && memcmp(bytes->data, "\xef\xbb\xbf", 3) == 0)
		fact = "the text begins with a byte order mark; save it without";
	else if (!utf8_text(bytes->data, bytes->size))
		fact =
		    "the text holds a control, invisible or bidirectional character, or "
		    "is not UTF-8";
	else if (strspn(bytes->data, " \t\n") == bytes->size)
		fact = "the text is blank";
	if (fact)
		refuse(item, fact);
	return !fact;
}

/* The TEXT of that name, made if it is new; NULL when another class has it. */
static struct value *
text_of(const struct item *item)
{
	struct material *material = item->material;
	const char *path = pool_format(&material->ini->strings, "text.%s", item->name);
	struct value *text = map_get(&material->names, path);

	if (text && strcmp(text->class, item->class) == 0)
		return text;
	if (text) {
		mistakes_add(material->mistakes, item->entry->place,
		    "[%s]: '%s': 'text.%s' is in class '%s' already (line %u); all its "
		    "languages belong to one class",
		    item->class, item->entry->key, item->name, text->class,
		    text->place.line);
		return NULL;
	}
	text = value_new(VALUE_TEXT, item->name, item->class);
	put(item, path, text);
	value_add(value_map(material->advisory->values, "text"), text);
	return text;
}

static void
read_text(const struct item *item)
{
	struct value *text = text_of(item), *spoken;
	struct text *bytes = read_file(item);

	if (!text || !bytes)
		return;
	check_content(item, bytes);
	if (!text_ok(item, bytes))
		return;
	if (bytes->data[bytes->size - 1] == '\n')
		bytes->data[--bytes->size] = '\0';
	spoken = value_string(item->language, NULL, bytes->data, bytes->size);
	spoken->place = item->entry->place;
	value_add(text, spoken);
}

/* What the partner sees of the path, and saves the file under. */
static const char *
file_name(const struct item *item)
{
	const char *slash = strrchr(item->entry->value, '/');
	const char *name = slash ? slash + 1 : item->entry->value;
	size_t size = strlen(name);

	if (size > 0 && size <= FILE_NAME_MOST && name[0] != '.' && utf8_line(name, size))
		return name;
	refuse(
	    item, "the file's name begins with a dot, is empty or longer than 100 bytes");
	return NULL;
}

static void
describe(const struct item *item, struct value *file, const char *name)
{
	struct pool *strings = &item->material->ini->strings;
	const char *size = pool_format(strings, "%zu", file->size);
	struct text hex = { 0 };

	text_hex(&hex, file->sha256, sizeof file->sha256);
	value_add(file, value_string("file", NULL, name, strlen(name)));
	value_add(file, value_string("size", NULL, size, strlen(size)));
	value_add(file,
	    value_string(
		"sha256", NULL, pool_keep(strings, hex.data, hex.size), hex.size));
	text_clear(&hex);
}

static struct value *
attachments(struct value *values)
{
	struct value *list = value_child(values, "attachments");

	if (!list) {
		list = value_new(VALUE_LIST, "attachments", NULL);
		value_add(values, list);
	}
	return list;
}

static void
read_attachment(const struct item *item)
{
	struct material *material = item->material;
	const char *name = file_name(item);
	const struct text *bytes = read_file(item);
	const struct value *first;
	struct value *file;

	if (!name || !bytes)
		return;
	file = value_new(VALUE_FILE, item->name, item->class);
	file->bytes = bytes->data;
	file->size = bytes->size;
	digest_sha256(file->sha256, bytes->data, bytes->size);
	describe(item, file, name);
	if (!put(item, item->entry->key, file)) {
		value_free(file);
		return;
	}
	value_add(attachments(material->advisory->values), file);
	check_content(item, bytes);
	first = map_put(&material->file_names, name, file);
	if (first)
		mistakes_add(material->mistakes, item->entry->place,
		    "[%s]: '%s': an attachment of that file name is there already (line "
		    "%u); rename one",
		    item->class, item->entry->key, first->place.line);
}

/* Sets name and language from "text.summary.ko" behind its prefix; false: not in the grammar. */
static bool
split(struct item *item, const char *rest, bool spoken)
{
	const char *dot = spoken ? strchr(rest, '.') : NULL;
	size_t size = dot ? (size_t)(dot - rest) : strlen(rest);

	item->name = pool_keep(&item->material->ini->strings, rest, size);
	item->language = dot ? dot + 1 : "";
	return name_is_value(item->name) && (!dot || name_is_language(item->language));
}

static void
read_item(struct item *item)
{
	static const struct {
		const char *prefix;
		void (*read)(const struct item *);
		bool spoken; /* a language may follow the name */
	} kinds[] = { { "list.", read_elements, false }, { "text.", read_text, true },
		{ "attach.", read_attachment, false }, { "honey.", read_honey, false },
		{ "", read_fact, false } };
	const char *key = item->entry->key;
	size_t i = 0;

	while (strncmp(key, kinds[i].prefix, strlen(kinds[i].prefix)) != 0)
		i++; /* the last fits all */
	if (!split(item, key + strlen(kinds[i].prefix), kinds[i].spoken))
		refuse(item,
		    "is not NAME, list.NAME, text.NAME, text.NAME.LANGUAGE, "
		    "attach.NAME or honey.NAME, with a NAME of a-z, 0-9 and '-'");
	else if (!*item->entry->value)
		refuse(item, "is empty; give a value or remove the line");
	else
		kinds[i].read(item);
}

void
material_read(struct material *material, struct ini_section *section)
{
	section->used = true;
	if (!name_is_id(section->name))
		mistakes_add(material->mistakes, section->place,
		    "[%s]: is not the name of a class; use a-z, 0-9, '.', '_' and '-'",
		    section->name);
	for (size_t i = 0; i < section->count; i++) {
		struct item item = { .material = material,
			.section = section,
			.class = section->name,
			.entry = &section->entries[i] };

		section->entries[i].used = true;
		read_item(&item);
	}
}

void
material_clear(struct material *material)
{
	for (size_t i = 0; i < material->contents.room; i++)
		free(material->contents.slots[i].thing);
	map_clear(&material->names);
	map_clear(&material->file_names);
	map_clear(&material->contents);
}
