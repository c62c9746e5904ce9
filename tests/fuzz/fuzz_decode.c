/*
 * Bytes in base64, in hexadecimal digits or as a dump, laid out as people do, between any
 * other lines: they are found, in their line. In any text, what is found is spelled there.
 */
#include "policy/decode.h"
#include "decode.h"
#include "encode.h"

enum { PLANTED_LEAST = 24 };

struct looking {
	const char *text; /* what is searched */
	size_t size;
	const char *planted; /* what it must hold; NULL: nothing */
	size_t planted_size;
	unsigned line; /* where that begins */
	bool seen;
};

static int
nibble_of(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;

	return found ? (int)(found - digits) : -1;
}

static int
sextet_of(char c)
{
	return base64_digit((char)(c == '-' ? '+' : c == '_' ? '/' : c));
}

/* The digits of the stretch, `width` bits each, stand in the text in this order. */
static bool
is_spelled(const struct looking *looking, const struct text *stretch,
    int (*digit)(char c), unsigned width)
{
	unsigned bits = 0, held = 0;
	size_t at = 0;

	for (size_t i = 0; i < stretch->size; i++) {
		bits = (bits << 8 | (unsigned char)stretch->data[i]) & 0xffff;
		for (held += 8; held >= width; held -= width, at++) {
			int wanted = (int)(bits >> (held - width) & ((1u << width) - 1));

			while (at < looking->size && digit(looking->text[at]) != wanted)
				at++;
			if (at == looking->size)
				return false;
		}
	}
	return true;
}

static void
look(void *ctx, unsigned line, struct text *stretch)
{
	struct looking *looking = ctx;
	unsigned lines = 1;

	for (size_t i = 0; i < looking->size; i++)
		lines += looking->text[i] == '\n';
	must(stretch->size >= PLANTED_LEAST, "what is found is no accident");
	must(line >= 1 && line <= lines, "it is in a line of the text");
	must(is_spelled(looking, stretch, sextet_of, 6) ||
		is_spelled(looking, stretch, nibble_of, 4),
	    "and is spelled there");
	if (looking->planted && line <= looking->line)
		looking->seen |= memmem(stretch->data, stretch->size, looking->planted,
				     looking->planted_size) != NULL;
	text_clear(stretch);
}

static void
look_into(const struct text *text, const char *planted, size_t size, unsigned line)
{
	char *exact = malloc(text->size ? text->size : 1);
	struct looking looking = { exact, text->size, planted, size, line, false };

	must(exact, "there is memory");
	if (text->size)
		memcpy(exact, text->data, text->size);
	decode(exact, text->size, look, &looking);
	must(looking.seen || !planted, "what is written down is found");
	free(exact);
}

static unsigned
line_behind(const struct text *text)
{
	unsigned line = 1;

	for (size_t i = 0; i < text->size; i++)
		line += text->data[i] == '\n';
	return line;
}

/* The kind, what is before and behind, each ended by NUL, the layout, and what is planted. */
static void
check_planted(struct input in)
{
	unsigned kind = input_byte(&in), line;
	char *before = input_string(&in), *behind = input_string(&in);
	struct input layout = { in.bytes, in.size < 4 ? in.size : 4 };
	const char *planted = (const char *)in.bytes + layout.size;
	size_t size = in.size - layout.size;
	struct text text = { 0 };

	if (size >= PLANTED_LEAST) {
		text_addf(&text, "%s\n", before);
		line = line_behind(&text);
		if (kind % 3 == 2)
			write_dump(&text, &layout, planted, size);
		else if (kind % 3 == 1)
			write_hex(&text, &layout, planted, size);
		else
			write_base64(&text, &layout, planted, size);
		text_adds(&text, behind);
		look_into(&text, planted, size, line);
	}
	text_clear(&text);
	free(before);
	free(behind);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct text text = { 0 };

	text_add(&text, bytes, size);
	look_into(&text, NULL, 0, 0);
	text_clear(&text);
	check_planted((struct input){ bytes, size });
	return 0;
}
