#include "edge/intake_views.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/unpack.h"
#include "policy/decode.h"

enum {
	DEPTH_MOST = 4,
	ENTRIES_MOST = 100,
	BYTES_MOST = 64 * 1024 * 1024,
	SHORT_MOST = 1024
};

/* Looking into one text or file. */
struct look {
	struct advisory *advisory;
	const char *of; /* the bytes of the value */
	size_t *entries, *bytes; /* left for the advisory */
	const char *path; /* of what is looked into now */
	size_t depth;
	struct text *missing; /* "rules.zip: is encrypted", the first of all; or empty */
};

static void look_into(const struct look *look, const char *bytes, size_t size);

static void
miss(const struct look *look, const char *path, const char *why)
{
	if (!look->missing->size)
		text_addf(look->missing, "%s %s", path, why);
}

/* Takes the bytes over as a view, and looks into that. */
static void
keep(const struct look *look, const char *path, struct text *bytes)
{
	struct advisory *advisory = look->advisory;
	struct look below = *look;
	struct view *view;

	if (bytes->size > *look->bytes) {
		miss(look, path, "is too large when unpacked");
		text_clear(bytes);
		return;
	}
	*look->bytes -= bytes->size;
	advisory->views =
	    mem_room(advisory->views, advisory->view_count, sizeof *advisory->views);
	view = &advisory->views[advisory->view_count++];
	*view = (struct view){ look->of, path, *bytes };
	*bytes = (struct text){ 0 };
	below.path = path;
	below.depth++;
	look_into(&below, text_string(&view->bytes), view->bytes.size);
}

/* The words of a document in XML: its markup would stand between them. */
static void
strip_markup(struct text *words, const struct text *bytes)
{
	bool inside = false;

	for (size_t i = 0; i < bytes->size; i++) {
		char byte = bytes->data[i];

		if (!inside && byte != '<')
			text_addc(words, byte);
		inside = byte == '<' || (inside && byte != '>');
	}
}

/* An office document: a zip of XML, most of which is the same in all. */
static bool
is_office(const struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++)
		if (strcmp(entries->all[i].name, "[Content_Types].xml") == 0 ||
		    strcmp(entries->all[i].name, "META-INF/manifest.xml") == 0)
			return true;
	return false;
}

static bool
is_xml(const struct entry *entry)
{
	return entry->bytes.size > 5 && memcmp(entry->bytes.data, "<?xml", 5) == 0;
}

static void
keep_entry(const struct look *look, struct entry *entry, bool office)
{
	struct text shown = { 0 }, words = { 0 };
	const char *path;

	text_quote(&shown, entry->name);
	path = pool_format(
	    &look->advisory->strings, "%s/%s", look->path, text_string(&shown));
	text_clear(&shown);
	if (office && !is_xml(entry))
		return;
	if (office) {
		strip_markup(&words, &entry->bytes);
		text_clear(&entry->bytes);
		entry->bytes = words;
	}
	keep(look, path, &entry->bytes);
}

static void
open_archive(const struct look *look, const char *bytes, size_t size)
{
	struct entries entries;
	bool office;

	unpack(&entries, bytes, size, *look->entries, *look->bytes);
	office = is_office(&entries);
	*look->entries -= entries.count;
	if (entries.missing)
		miss(look, look->path, entries.missing);
	for (size_t i = 0; i < entries.count; i++)
		keep_entry(look, &entries.all[i], office);
	entries_clear(&entries);
}

/* Short stretches, of which a list of hashes has thousands, share a view. */
struct decoded {
	const struct look *look;
	struct text shorts; /* each in its line, as far as that can be */
	unsigned line; /* the last one of them */
};

static void
keep_shorts(struct decoded *decoded)
{
	const struct look *look = decoded->look;

	if (decoded->shorts.size)
		keep(look,
		    pool_format(&look->advisory->strings, "%s, decoded", look->path),
		    &decoded->shorts);
	decoded->line = 1;
}

static void
keep_decoded(void *ctx, unsigned line, struct text *stretch)
{
	struct decoded *decoded = ctx;
	const struct look *look = decoded->look;

	if (stretch->size >= SHORT_MOST || unpack_knows(stretch->data, stretch->size)) {
		keep(look,
		    pool_format(&look->advisory->strings, "%s, decoded from line %u",
			look->path, line),
		    stretch);
		return;
	}
	if (line < decoded->line)
		keep_shorts(decoded);
	if (line == decoded->line && decoded->shorts.size)
		text_addc(&decoded->shorts, ' ');
	for (; decoded->line < line; decoded->line++)
		text_addc(&decoded->shorts, '\n');
	text_add(&decoded->shorts, stretch->data, stretch->size);
	text_clear(stretch);
}

static void
decode_all(const struct look *look, const char *bytes, size_t size)
{
	struct decoded decoded = { .look = look, .line = 1 };

	decode(bytes, size, keep_decoded, &decoded);
	keep_shorts(&decoded);
}

/* What holds others and cannot be opened here. */
static bool
is_closed(const char *bytes, size_t size)
{
	static const char *const known[] = { "Rar!\x1A\x07", "MSCF", "\xD0\xCF\x11\xE0",
		"-----BEGIN PGP MESSAGE-----", "age-encryption.org/" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (size >= strlen(known[i]) &&
		    memcmp(bytes, known[i], strlen(known[i])) == 0)
			return true;
	return false;
}

static void
look_into(const struct look *look, const char *bytes, size_t size)
{
	bool archive = unpack_knows(bytes, size);

	if (is_closed(bytes, size))
		miss(look, look->path, "is of a closed kind");
	if (look->depth >= DEPTH_MOST) {
		if (archive)
			miss(look, look->path, "is packed too often");
		return;
	}
	if (archive)
		open_archive(look, bytes, size);
	decode_all(look, bytes, size);
}

/* The classes of the advisory, and who has some but not all of them. */
struct viewing {
	struct advisory *advisory;
	const struct programme *programme;
	struct classes classes;
	size_t entries, bytes;
	struct mistakes *mistakes;
};

static void
add_class(void *ctx, const char *path, const struct value *leaf)
{
	struct viewing *viewing = ctx;

	(void)path;
	classes_add(&viewing->classes, leaf->class);
}

/* Whether some tier may have the class, and not all of the advisory. */
static bool
goes_apart(const struct viewing *viewing, const char *class)
{
	const struct programme *programme = viewing->programme;

	for (size_t i = 0; i < programme->tier_count; i++)
		if (classes_have(&programme->tiers[i].admits, class) &&
		    !classes_within(&viewing->classes, &programme->tiers[i].admits))
			return true;
	return false;
}

static void
view_value(struct viewing *viewing, const char *path, const struct value *leaf,
    const struct value *bytes)
{
	const struct value *file = value_child(leaf, "file");
	struct text missing = { 0 };
	struct look look = { viewing->advisory, bytes->bytes, &viewing->entries,
		&viewing->bytes, file ? file->bytes : NULL, 0, &missing };

	if (!look.path)
		look.path = pool_keep(&viewing->advisory->strings, path, strlen(path));
	look_into(&look, bytes->bytes, bytes->size);
	if (missing.size && goes_apart(viewing, leaf->class))
		mistakes_warn(viewing->mistakes, leaf->place,
		    "[%s]: '%s': cannot be looked into: %s; see that it holds nothing of "
		    "another class",
		    leaf->class, path, text_string(&missing));
	text_clear(&missing);
}

static void
view_leaf(void *ctx, const char *path, const struct value *leaf)
{
	if (leaf->kind == VALUE_FILE)
		view_value(ctx, path, leaf, leaf);
	else if (leaf->kind == VALUE_TEXT)
		for (size_t i = 0; i < leaf->count; i++)
			view_value(ctx, path, leaf, leaf->children[i]);
}

void
views_read(struct advisory *advisory, const struct programme *programme,
    struct mistakes *mistakes)
{
	struct viewing viewing = { .advisory = advisory,
		.programme = programme,
		.entries = ENTRIES_MOST,
		.bytes = BYTES_MOST,
		.mistakes = mistakes };
	bool needed = false;

	value_leaves(advisory->values, add_class, &viewing);
	for (size_t i = 0; i < viewing.classes.count; i++)
		needed |= goes_apart(&viewing, viewing.classes.names[i]);
	if (needed)
		value_leaves(advisory->values, view_leaf, &viewing);
	classes_clear(&viewing.classes);
}
