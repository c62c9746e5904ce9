/*
 * An advisory with a secret of class "poc", and a copy of it, as it is or encoded, in what a
 * tier gets that may not have it: in a text, a file or what the template renders. That is a
 * mistake; where only those have the copy who have the secret, it is none.
 */
#include "edge/intake_views.h"
#include "edge/unpack.h"
#include "base/mem.h"
#include "policy/leak.h"
#include "copy.h"
#include "encode.h"

enum where { IN_TEXT, IN_FILE, IN_RENDERED, IN_WITHHELD, IN_FULL, PLACES };
enum coding { CODE_NONE, CODE_BASE64, CODE_HEX, CODE_DUMP, CODINGS };
enum { WHOLE_LEAST = 16, DECODED_LEAST = 24, TEXT_LIMIT = 1024 };

static const char *entry_admits[] = { "guidance" };
static const char *validate_admits[] = { "guidance", "poc" };
static struct tier tiers[] = {
	{ .id = "entry", .rank = 1, .admits = { entry_admits, 1 }, .template = "notice" },
	{ .id = "validate",
	    .rank = 2,
	    .admits = { validate_admits, 2 },
	    .template = "notice" },
};
static const struct programme programme = { .tiers = tiers, .tier_count = 2 };

static void
add_item(void *ctx, const char *path, const struct value *leaf)
{
	struct edition *edition = ctx;

	(void)path;
	edition->items =
	    mem_room(edition->items, edition->item_count, sizeof *edition->items);
	edition->items[edition->item_count++] = (struct item){ leaf->name, leaf->class,
		classes_have(&edition->tier->admits, leaf->class), { 0 } };
}

static void
add_text(struct value *values, const char *name, const char *class, const char *bytes,
    size_t size)
{
	struct value *text = value_new(VALUE_TEXT, name, class);

	value_add(text, value_string("", NULL, bytes, size));
	value_add(values, text);
}

static void
add_file(struct value *values, const char *name, const char *class, const char *bytes,
    size_t size)
{
	struct value *file = value_new(VALUE_FILE, name, class);

	file->bytes = bytes;
	file->size = size;
	value_add(file, value_string("file", NULL, name, strlen(name)));
	value_add(values, file);
}

/* What is `where` is the planted text; elsewhere it is something harmless. */
static void
add_values(struct value *values, enum where where, const struct text *secret,
    const struct text *planted)
{
	static char update[] = "Update.";
	const struct text harmless = { update, sizeof update - 1, 0 };
	const struct text *of[PLACES];

	for (enum where i = 0; i < PLACES; i++)
		of[i] = i == where ? planted : &harmless;
	value_add(values, value_string("title", "guidance", "Gateway", 7));
	add_text(
	    values, "summary", "guidance", text_string(of[IN_TEXT]), of[IN_TEXT]->size);
	add_file(
	    values, "rules", "guidance", text_string(of[IN_FILE]), of[IN_FILE]->size);
	add_file(values, "exploit", "poc", text_string(secret), secret->size);
	add_text(values, "analysis", "poc", text_string(of[IN_WITHHELD]),
	    of[IN_WITHHELD]->size);
}

/* How many mistakes are found. */
static size_t
find(enum where where, const struct text *secret, const struct text *planted)
{
	struct advisory *advisory = mem_new(sizeof *advisory);
	struct edition editions[2] = { { .tier = &tiers[0], .language = "en" },
		{ .tier = &tiers[1], .language = "en" } };
	struct edition *const all[2] = { &editions[0], &editions[1] };
	struct mistakes mistakes = { 0 };
	size_t errors;

	advisory->values = value_new(VALUE_MAP, NULL, NULL);
	add_values(advisory->values, where, secret, planted);
	views_read(advisory, &programme, &mistakes);
	for (size_t i = 0; i < 2; i++) {
		value_leaves(advisory->values, add_item, &editions[i]);
		if (where == (i ? IN_FULL : IN_RENDERED))
			editions[i].text = *planted;
	}
	leak_check(advisory, all, 2, &mistakes);
	must_be_lines(&mistakes);
	errors = mistakes.errors;
	mistakes_clear(&mistakes);
	free(editions[0].items);
	free(editions[1].items);
	advisory_free(advisory);
	return errors;
}

/* Squeezed to letters and digits, which all copies have. */
static void
squeeze_bare(struct text *out, const struct text *text)
{
	char *bare = mem_new(text->size + 1);

	text_add(out, bare, squeeze(bare, text_string(text), text->size, SQUEEZE_BARE));
	free(bare);
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/*
 * A text that does not repeat itself, and what is short as a whole. Where the short one
 * ends in digits, decoded rubbish next to it may make these another number.
 */
static bool
is_secret(const struct text *bare)
{
	if (bare->size < PASSAGE_LEAST)
		return bare->size >= WHOLE_LEAST && is_telling(bare) &&
		    !is_digit(bare->data[0]) && !is_digit(bare->data[bare->size - 1]);
	return repeats(bare, 0, bare->size) == 1;
}

static void
write_copy(struct text *out, struct input *in, const struct text *secret)
{
	enum coding coding = input_byte(in) % CODINGS;
	enum copying kind = input_copy(in, text_string(secret), secret->size);
	struct input layout = { in->bytes + (in->size > 0), in->size > 4 ? 4 : 0 };
	struct text copy = { 0 };

	copy_text(&copy, kind, input_byte(in), text_string(secret), secret->size);
	text_addc(out, '\n');
	if (coding == CODE_NONE || copy.size < DECODED_LEAST)
		text_add(out, copy.data, copy.size);
	else if (coding == CODE_BASE64)
		write_base64(out, &layout, copy.data, copy.size);
	else if (coding == CODE_DUMP)
		write_dump(out, &layout, copy.data, copy.size);
	else
		write_hex(out, &layout, copy.data, copy.size);
	text_addc(out, '\n');
	text_clear(&copy);
}

/* A child for each would be most of the work. */
static bool
is_archive(const struct text *text)
{
	return unpack_knows(text_string(text), text->size);
}

static void
check(struct input *in, enum where where, const struct text *secret,
    const struct text *before, const struct text *behind)
{
	struct text planted = { 0 }, bare = { 0 };
	size_t errors;

	squeeze_bare(&bare, secret);
	text_addf(&planted, "%s x\n", text_string(before));
	write_copy(&planted, in, secret);
	text_addf(&planted, "x %s", text_string(behind));
	if (is_archive(secret) || is_archive(&planted))
		goto out;
	errors = find(where, secret, &planted);
	if (where <= IN_RENDERED && is_secret(&bare))
		must(errors > 0, "what is withheld and given is a mistake");
	if (where > IN_RENDERED && bare.size >= PASSAGE_LEAST)
		must(errors == 0, "what is withheld from nobody who gets it is none");
out:
	text_clear(&planted);
	text_clear(&bare);
}

/* Six bytes: place, coding, copy and its form, layout; three texts, each ended by 0xff. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size }, head = { bytes, 0 };
	struct text texts[3] = { { 0 } };
	enum where where;

	for (; head.size < 8 && in.size; head.size++)
		input_byte(&in);
	where = input_byte(&head) % PLACES;
	for (size_t i = 0; i < 3; i++) {
		size_t length;
		char *string = input_until(&in, (char)0xff, &length);

		text_add(&texts[i], string, length > TEXT_LIMIT ? TEXT_LIMIT : length);
		free(string);
	}
	check(&head, where, &texts[0], &texts[1], &texts[2]);
	for (size_t i = 0; i < 3; i++)
		text_clear(&texts[i]);
	return 0;
}
