#include "policy/finding.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/decode.h"
#include "policy/squeeze.h"

static void
add_form(struct leaked *leaked, const char *bytes, size_t size, enum squeeze how)
{
	char *form = mem_new(size + 1);
	struct text *text;

	leaked->forms = mem_room(leaked->forms, leaked->count, sizeof *leaked->forms);
	text = &leaked->forms[leaked->count++];
	text_add(text, form, squeeze(form, bytes, size, how));
	explicit_bzero(form, size);
	free(form);
}

static void
add_decoded(void *ctx, unsigned line, struct text *decoded)
{
	(void)line;
	add_form(ctx, text_string(decoded), decoded->size, SQUEEZE_BARE);
}

/* RFC 2045, 6.7: "=3D" is a byte, and "=" at the end of a line no line end. */
static void
unescape(struct text *out, const struct text *bytes)
{
	const char *at = text_string(bytes), *end = at + bytes->size;

	while (at < end) {
		char byte, digits[3] = { 0 };
		size_t soft = at[0] != '='            ? 0
		    : strncmp(at + 1, "\r\n", 2) == 0 ? 3
		    : at[1] == '\n'                   ? 2
						      : 0;

		if (!soft && at[0] == '=' && end - at > 2)
			memcpy(digits, at + 1, 2);
		if (*digits && text_unhex(&byte, 1, digits)) {
			text_addc(out, byte);
			at += 3;
		} else if (soft) {
			at += soft;
		} else {
			text_addc(out, *at++);
		}
	}
}

void
leaked_read(struct leaked *leaked, const struct text *bytes)
{
	struct text plain = { 0 };

	*leaked = (struct leaked){ 0 };
	add_form(leaked, text_string(bytes), bytes->size, SQUEEZE_BARE);
	add_form(leaked, text_string(bytes), bytes->size, SQUEEZE_UNNUMBERED);
	unescape(&plain, bytes);
	if (plain.size != bytes->size)
		add_form(leaked, text_string(&plain), plain.size, SQUEEZE_BARE);
	text_clear(&plain);
	decode(text_string(bytes), bytes->size, add_decoded, leaked);
}

bool
leaked_has(const struct leaked *leaked, const char *bytes, size_t size)
{
	for (size_t i = 0; i < leaked->count; i++)
		if (memmem(text_string(&leaked->forms[i]), leaked->forms[i].size, bytes,
			size))
			return true;
	return false;
}

void
leaked_clear(struct leaked *leaked)
{
	for (size_t i = 0; i < leaked->count; i++)
		text_clear(&leaked->forms[i]);
	free(leaked->forms);
	*leaked = (struct leaked){ 0 };
}

static struct finding *
find(const struct findings *findings, uint64_t position)
{
	for (size_t i = 0; i < findings->count; i++)
		if (findings->all[i].mark.position == position)
			return &findings->all[i];
	return NULL;
}

const struct finding *
findings_of(const struct findings *findings, uint64_t position)
{
	return find(findings, position);
}

static void
add(struct findings *findings, const struct mark *mark, bool mixed)
{
	struct finding *known = find(findings, mark->position);

	if (known) {
		known->mixed |= mixed || known->mark.symbol != mark->symbol;
		return;
	}
	findings->all = mem_room(findings->all, findings->count, sizeof *findings->all);
	findings->all[findings->count++] = (struct finding){ *mark, mixed };
}

void
findings_add(struct findings *findings, const struct mark *mark)
{
	add(findings, mark, false);
}

void
findings_join(struct findings *findings, const struct findings *others)
{
	for (size_t i = 0; i < others->count; i++)
		add(findings, &others->all[i].mark, others->all[i].mixed);
}

void
notice_find(
    const struct mark *notice, const struct leaked *leaked, struct findings *findings)
{
	struct text number = { 0 };
	char form[16];

	notice_write(&number, notice->symbol);
	if (leaked_has(leaked, form,
		squeeze(form, text_string(&number), number.size, SQUEEZE_BARE)))
		findings_add(findings, notice);
	text_clear(&number);
}

size_t
findings_read(const struct findings *findings)
{
	size_t count = 0;

	for (size_t i = 0; i < findings->count; i++)
		count += !findings->all[i].mixed;
	return count;
}

void
findings_clear(struct findings *findings)
{
	free(findings->all);
	*findings = (struct findings){ 0 };
}
