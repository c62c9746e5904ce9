/* template_samples - data to render, and sources with what is expected of them */
#ifndef TEMPLATE_SAMPLES_H
#define TEMPLATE_SAMPLES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/template.h"

static struct value *
put_string(struct value *parent, const char *name, const char *bytes)
{
	struct value *value = value_string(name, NULL, bytes, strlen(bytes));

	value_add(parent, value);
	return value;
}

static struct value *
put_new(struct value *parent, enum value_kind kind, const char *name)
{
	struct value *value = value_new(kind, name, NULL);

	value_add(parent, value);
	return value;
}

static void
put_file(struct value *list, const char *name, const char *size)
{
	struct value *file = put_new(list, VALUE_FILE, NULL);

	file->bytes = "the content is no name for a template";
	file->size = strlen(file->bytes);
	put_string(file, "file", name);
	put_string(file, "size", size);
}

static struct value *
notice(void)
{
	struct value *root = value_new(VALUE_MAP, NULL, NULL), *node, *below;

	put_string(root, "title", "Gateway <2.0> & \"friends\"");
	put_string(root, "severity", "critical");
	put_string(root, "tricky", "{{secret}} {{>footer}}");
	put_string(root, "secret", "never shown");
	put_string(root, "empty", "");
	put_string(root, "lines", "one\ntwo\n");
	put_new(root, VALUE_FALSE, "off");
	put_new(root, VALUE_LIST, "none");
	node = put_new(root, VALUE_MAP, "text");
	put_string(node, "summary", "In short.");
	below = put_new(node, VALUE_MAP, "deep");
	put_string(below, "down", "at the bottom");
	node = put_new(put_new(root, VALUE_MAP, "list"), VALUE_LIST, "cves");
	put_string(node, NULL, "CVE-2026-1");
	put_string(node, NULL, "CVE-2026-2");
	node = put_new(root, VALUE_LIST, "attachments");
	put_file(node, "gateway.yar", "120");
	put_file(node, "log.txt", "7");
	node = put_new(root, VALUE_LIST, "pairs");
	below = put_new(node, VALUE_LIST, NULL);
	put_string(below, NULL, "1");
	put_string(below, NULL, "2");
	below = put_new(node, VALUE_LIST, NULL);
	put_string(below, NULL, "3");
	node = put_new(root, VALUE_MAP, "vendor");
	put_string(node, "title", "Example Corp");
	put_new(node, VALUE_MAP, "text");
	return root;
}

/* Partials by name, parsed when they are first asked for. */
struct partial {
	const char *name, *source;
	struct template *template;
};

struct partials {
	struct partial *all;
	size_t count;
};

static const struct template *
find_partial(void *ctx, const char *name)
{
	struct partials *partials = ctx;

	for (size_t i = 0; i < partials->count; i++) {
		struct partial *partial = &partials->all[i];
		struct mistakes mistakes = { 0 };

		if (strcmp(partial->name, name) != 0)
			continue;
		if (!partial->template)
			partial->template = template_parse(
			    name, partial->source, strlen(partial->source), &mistakes);
		assert_non_null(partial->template);
		return partial->template;
	}
	return NULL;
}

/* What comes of a template; NULL where there were mistakes, which then are all in it. */
struct result {
	bool ok;
	struct text out, mistakes;
};

static void
result_clear(struct result *result)
{
	text_clear(&result->out);
	text_clear(&result->mistakes);
}

static struct result
render(const char *source, struct partials *partials, struct rendering how)
{
	struct mistakes mistakes = { 0 };
	struct result result = { 0 };
	struct value *data = notice();
	struct template *template =
	    template_parse("notice", source, strlen(source), &mistakes);

	how.partial = partials ? find_partial : NULL;
	how.ctx = partials;
	if (template)
		result.ok = template_render(&result.out, template, data, &how, &mistakes);
	for (size_t i = 0; i < mistakes.count; i++)
		text_addf(&result.mistakes, "%s\n", mistakes.all[i].message);
	for (size_t i = 0; partials && i < partials->count; i++) {
		template_free(partials->all[i].template);
		partials->all[i].template = NULL;
	}
	mistakes_clear(&mistakes);
	template_free(template);
	value_free(data);
	return result;
}

struct sample {
	const char *source, *expected;
};

static void
check_with(const struct sample *samples, size_t count, struct partials *partials,
    struct rendering how)
{
	for (size_t i = 0; i < count; i++) {
		struct result result = render(samples[i].source, partials, how);

		if (!result.ok ||
		    strcmp(text_string(&result.out), samples[i].expected) != 0)
			fail_msg("%s\ngives %s\nnot %s\n%s", samples[i].source,
			    text_string(&result.out), samples[i].expected,
			    text_string(&result.mistakes));
		result_clear(&result);
	}
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

#endif
