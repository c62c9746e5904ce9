#include "policy/template_variant.h"

#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "policy/squeeze.h"

enum { BEFORE_LEAST = 40 }; /* bytes */

size_t
variant_count(const struct template *template, size_t section)
{
	size_t count = 1;

	for (size_t i = section + 1; i < template->nodes[section].end; i++)
		count += template->nodes[i].kind == NODE_BAR;
	return count;
}

void
variant_range(const struct template *template, size_t section, size_t which, size_t *from,
    size_t *to)
{
	size_t end = template->nodes[section].end;

	*from = section + 1;
	for (*to = *from; *to < end; ++*to) {
		if (template->nodes[*to].kind != NODE_BAR)
			continue;
		if (which-- == 0)
			return;
		*from = *to + 1;
	}
}

/* As it is compared. */
static void
write_wording(
    struct text *text, const struct template *template, size_t section, size_t which)
{
	struct text wording = { 0 };
	size_t from, to;
	char *form;

	variant_range(template, section, which, &from, &to);
	for (; from < to; from++)
		text_add(
		    &wording, template->nodes[from].bytes, template->nodes[from].size);
	form = mem_new(wording.size + 1);
	text_add(
	    text, form, squeeze(form, text_string(&wording), wording.size, SQUEEZE_BARE));
	free(form);
	text_clear(&wording);
}

/* What is written before it in the source: the same wordings elsewhere are another mark. */
static void
write_before(struct text *text, const struct template *template, size_t section)
{
	struct text before = { 0 };
	size_t from = section;
	char *form;

	for (size_t size = 0; from > 0 && size < BEFORE_LEAST; from--)
		size += template->nodes[from - 1].size;
	for (; from < section; from++)
		text_add(
		    &before, template->nodes[from].bytes, template->nodes[from].size);
	form = mem_new(before.size + 1);
	digest_field(
	    text, form, squeeze(form, text_string(&before), before.size, SQUEEZE_BARE));
	free(form);
	text_clear(&before);
}

void
variant_write(struct text *text, const struct template *template, size_t section)
{
	size_t count = variant_count(template, section);

	write_before(text, template, section);
	for (size_t i = 0; i < count; i++) {
		struct text wording = { 0 };

		write_wording(&wording, template, section, i);
		digest_field(text, wording.data, wording.size);
		text_clear(&wording);
	}
}

static bool
are_alike(const struct text *wordings, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(text_string(&wordings[i]),
				text_string(&wordings[j])) == 0)
				return true;
	return false;
}

const char *
variant_fault(const struct template *template, size_t section)
{
	size_t count = variant_count(template, section);
	struct text wordings[VARIANT_MOST] = { 0 };
	const char *fault = NULL;

	if (count < 2)
		return "a variant is at least two wordings with '|' between them";
	if (count > VARIANT_MOST)
		return "a variant has more than 16 wordings";
	for (size_t i = 0; i < count; i++) {
		write_wording(&wordings[i], template, section, i);
		if (wordings[i].size == 0)
			fault = "a wording is empty, or has no letter and no digit";
	}
	if (!fault && are_alike(wordings, count))
		fault = "two wordings are alike but for case, white space or marks, "
			"which do not survive copying";
	for (size_t i = 0; i < count; i++)
		text_clear(&wordings[i]);
	return fault;
}
