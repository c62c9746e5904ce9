/*
 * Two plan lines whose fields are of their grammar and else arbitrary: each is one line
 * that reads as its fields, and lines that differ in a field differ in their text.
 */
#include "base/digest.h"
#include "base/mem.h"
#include "base/when.h"
#include "policy/address.h"
#include "policy/name.h"
#include "policy/plan.h"
#include "fuzz.h"

#define LOWER "abcdefghijklmnopqrstuvwxyz"
#define DIGITS "0123456789"
#define ATEXT LOWER DIGITS "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+-/=^_`{|}~"

/* All that a line is written from. */
struct fields {
	char *advisory, *contact, *partner, *mail, *key, *tier, *wave, *rules; /* owned */
	unsigned revision;
	time_t opens, lasts;
	unsigned char digest[DIGEST_SIZE];
};

/* At least one letter of the alphabet, at most `most`. */
static char *
word(struct input *in, const char *alphabet, size_t most)
{
	size_t size = 1 + input_byte(in) % most;
	char *string = mem_new(size + 1);

	for (size_t i = 0; i < size; i++)
		string[i] = alphabet[input_byte(in) % strlen(alphabet)];
	return string;
}

static char *
id(struct input *in)
{
	char *first = word(in, LOWER DIGITS, 1), *rest = word(in, LOWER DIGITS "._-", 20);
	char *whole = mem_format("%s%s", first, rest);

	must(name_is_id(whole), "an id is made by its grammar");
	free(first);
	free(rest);
	return whole;
}

static char *
joined(struct input *in, char *(*make)(struct input *), const char *between)
{
	char *first = make(in), *second = make(in);
	char *whole = mem_format("%s%s%s", first, between, second);

	free(first);
	free(second);
	return whole;
}

static char *
address(struct input *in)
{
	char *local = word(in, ATEXT, 30), *label = word(in, LOWER DIGITS, 20);
	char *whole = mem_format("%s@%s.example", local, label);

	must(address_ok(whole), "an address is made by its grammar");
	free(local);
	free(label);
	return whole;
}

static char *
rules(struct input *in)
{
	switch (input_byte(in) % 3) {
	case 0:
		return mem_string("-");
	case 1:
		return id(in);
	default:
		return joined(in, id, ",");
	}
}

static uint32_t
number(struct input *in)
{
	uint32_t value = 0;

	for (int i = 0; i < 4; i++)
		value = value << 8 | input_byte(in);
	return value;
}

static void
fields_make(struct fields *fields, struct input *in)
{
	char *key = word(in, DIGITS "ABCDEF", 1);

	*fields = (struct fields){ .contact = joined(in, id, "/"), .mail = address(in) };
	fields->advisory = mem_format("A%s", key);
	fields->partner = id(in);
	fields->tier = id(in);
	fields->wave = id(in);
	fields->rules = rules(in);
	fields->key = mem_format(
	    "%s0123456789ABCDEF0123456789ABCDEF%07X", key, number(in) & 0xfffffff);
	must(name_is_fingerprint(fields->key) && name_is_contact(fields->contact),
	    "names are made by their grammar");
	fields->revision = number(in) % 1000000;
	fields->opens = number(in) * 20LL;
	fields->lasts = number(in) % 316224000 + 1;
	for (size_t i = 0; i < DIGEST_SIZE; i++)
		fields->digest[i] = (unsigned char)input_byte(in);
	free(key);
}

static void
fields_clear(struct fields *fields)
{
	free(fields->advisory);
	free(fields->contact);
	free(fields->partner);
	free(fields->mail);
	free(fields->key);
	free(fields->tier);
	free(fields->wave);
	free(fields->rules);
}

static void
write_fields(struct text *text, const struct fields *fields)
{
	struct advisory advisory = { .id = fields->advisory,
		.revision = fields->revision };
	struct partner partner = { .id = fields->partner };
	struct contact contact = { .to = { fields->contact, fields->mail, fields->key },
		.partner = &partner };
	struct tier tier = { .id = fields->tier };
	struct wave wave = { .id = fields->wave };
	struct edition edition = { .tier = &tier };
	struct line line = { .advisory = &advisory,
		.to = &contact,
		.tier = &tier,
		.wave = &wave,
		.edition = &edition,
		.opens = fields->opens,
		.lasts = fields->lasts,
		.rules = fields->rules,
		.why = "because" };

	memcpy(edition.digest, fields->digest, DIGEST_SIZE);
	line_write(text, &line);
}

/* Takes `name=value` off the line, up to the blank or the end, into *value. */
static char *
take(const char **line, const char *name)
{
	size_t size = strlen(name), length;
	char *value;

	must(strncmp(*line, name, size) == 0 && (*line)[size] == '=',
	    "a line has its fields in their order");
	*line += size + 1;
	length = strcspn(*line, " ");
	value = mem_format("%.*s", (int)length, *line);
	*line += length;
	must(!**line || (*line)[1], "no blank at the end");
	*line += **line == ' ';
	return value;
}

static void
check_take(const char **line, const char *name, const char *expected)
{
	char *value = take(line, name);

	must(strcmp(value, expected) == 0, "a field reads as it is");
	free(value);
}

static void
check_number(const char **line, const char *name, long long expected)
{
	char *value = take(line, name), *end;

	must(strtoll(value, &end, 10) == expected && !*end, "a number reads as it is");
	free(value);
}

static void
check_opens(const char **line, time_t expected)
{
	char *value = take(line, "opens");
	time_t opens;

	must(when_parse(value, &opens) && opens == expected, "an instant reads as it is");
	free(value);
}

static void
check_read(const char *line, const struct fields *fields)
{
	static const char version[] = "forewarn-line-1 ";
	struct text digest = { 0 };

	must(is_line(line, strlen(line)), "a line is one line");
	must(strncmp(line, version, strlen(version)) == 0, "it names its form");
	line += strlen(version);
	text_hex(&digest, fields->digest, DIGEST_SIZE);
	check_take(&line, "advisory", fields->advisory);
	check_number(&line, "revision", fields->revision);
	check_take(&line, "contact", fields->contact);
	check_take(&line, "partner", fields->partner);
	check_take(&line, "address", fields->mail);
	check_take(&line, "key", fields->key);
	check_take(&line, "tier", fields->tier);
	check_take(&line, "wave", fields->wave);
	check_take(&line, "edition", text_string(&digest));
	check_opens(&line, fields->opens);
	check_number(&line, "lasts", fields->lasts);
	check_take(&line, "rules", fields->rules);
	must(!*line, "nothing follows");
	text_clear(&digest);
}

static bool
are_same(const struct fields *a, const struct fields *b)
{
	return strcmp(a->advisory, b->advisory) == 0 && a->revision == b->revision &&
	    strcmp(a->contact, b->contact) == 0 && strcmp(a->partner, b->partner) == 0 &&
	    strcmp(a->mail, b->mail) == 0 && strcmp(a->key, b->key) == 0 &&
	    strcmp(a->tier, b->tier) == 0 && strcmp(a->wave, b->wave) == 0 &&
	    strcmp(a->rules, b->rules) == 0 && a->opens == b->opens &&
	    a->lasts == b->lasts && memcmp(a->digest, b->digest, DIGEST_SIZE) == 0;
}

/* The fields of one line, a byte 0xff, those of another. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const uint8_t *second = size ? memchr(bytes, 0xff, size) : NULL;
	struct input in = { bytes, second ? (size_t)(second - bytes) : size };
	struct input next = { second ? second + 1 : bytes,
		second ? size - in.size - 1 : size };
	struct fields one, other;
	struct text a = { 0 }, b = { 0 };

	fields_make(&one, &in);
	fields_make(&other, &next);
	write_fields(&a, &one);
	write_fields(&b, &other);
	check_read(text_string(&a), &one);
	check_read(text_string(&b), &other);
	must(are_same(&one, &other) == (strcmp(text_string(&a), text_string(&b)) == 0),
	    "two lines are the same if their fields are");
	fields_clear(&one);
	fields_clear(&other);
	text_clear(&a);
	text_clear(&b);
	return 0;
}
