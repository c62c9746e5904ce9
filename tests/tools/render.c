/*
 * render [--html] [--lenient] TEMPLATE DATA.json PARTIALS - renders a Mustache
 * template with JSON data; partials are PARTIALS/NAME.mustache.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/error.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/pool.h"
#include "policy/template.h"
#include "policy/templates.h"

enum { FILE_MOST = 16 << 20 };

struct tool {
	const char *partials;
	struct templates templates;
	struct pool strings;
	struct mistakes mistakes;
};

static struct value *
number_value(struct tool *tool, const char *name, const json_t *json)
{
	const char *shown = json_is_integer(json)
	    ? pool_format(
		  &tool->strings, "%" JSON_INTEGER_FORMAT, json_integer_value(json))
	    : pool_format(&tool->strings, "%.15g", json_real_value(json));

	return value_string(name, NULL, shown, strlen(shown));
}

/* Borrows names and strings from the JSON, which must stay. */
static struct value *
value_of(struct tool *tool, const char *name, json_t *json)
{
	struct value *value;
	const char *key;
	json_t *child;
	size_t i;

	if (json_is_string(json))
		return value_string(
		    name, NULL, json_string_value(json), json_string_length(json));
	if (json_is_number(json))
		return number_value(tool, name, json);
	if (json_is_true(json))
		return value_string(name, NULL, "true", 4);
	if (json_is_object(json)) {
		value = value_new(VALUE_MAP, name, NULL);
		json_object_foreach(json, key, child)
		    value_add(value, value_of(tool, key, child));
		return value;
	}
	if (json_is_array(json)) {
		value = value_new(VALUE_LIST, name, NULL);
		json_array_foreach(json, i, child)
		    value_add(value, value_of(tool, NULL, child));
		return value;
	}
	return value_new(VALUE_FALSE, name, NULL);
}

static struct template *
load_template(struct tool *tool, const char *name, const char *path)
{
	struct template *template = NULL;
	struct text source = { 0 };
	struct error err;

	if (file_read(path, FILE_MOST, &source, &err))
		template =
		    template_parse(name, source.data, source.size, &tool->mistakes);
	else
		mistakes_error(&tool->mistakes, &err);
	text_clear(&source);
	return template;
}

/* Read when they are asked for, and kept. */
static const struct template *
partial(void *ctx, const char *name)
{
	struct tool *tool = ctx;
	struct template *template = map_get(&tool->templates.names, name);
	char *path = mem_format("%s/%s.mustache", tool->partials, name);
	FILE *file = template ? NULL : fopen(path, "r");

	if (file) {
		fclose(file);
		name = pool_keep(&tool->strings, name, strlen(name));
		template = load_template(tool, name, path);
	}
	if (file && template)
		templates_add(&tool->templates, name, template);
	free(path);
	return template;
}

static bool
run(struct tool *tool, const struct rendering *rendering, char **files)
{
	struct template *template = load_template(tool, files[0], files[0]);
	struct value *data = NULL;
	struct text out = { 0 };
	json_error_t wrong;
	bool ok = false;
	json_t *json;

	json = json_load_file(files[1], JSON_DECODE_ANY | JSON_ALLOW_NUL, &wrong);
	if (!json)
		mistakes_add(&tool->mistakes,
		    (struct place){ files[1], wrong.line > 0 ? (unsigned)wrong.line : 0 },
		    "%s", wrong.text);
	if (!json || !template)
		goto out;
	data = value_of(tool, NULL, json);
	ok = template_render(&out, template, data, rendering, &tool->mistakes);
	ok = ok && fwrite(text_string(&out), 1, out.size, stdout) == out.size;
out:
	text_clear(&out);
	value_free(data);
	json_decref(json);
	template_free(template);
	return ok;
}

static int
usage(void)
{
	fputs("usage: render [--html] [--lenient] TEMPLATE DATA.json PARTIALS\n", stderr);
	return 2;
}

int
main(int argc, char **argv)
{
	static const struct option options[] = {
		{ "html", no_argument, NULL, 'h' },
		{ "lenient", no_argument, NULL, 'l' },
		{ 0 },
	};
	struct tool tool = { 0 };
	struct rendering rendering = { .partial = partial, .ctx = &tool };
	int option;
	bool ok;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (option == '?')
			return usage();
		rendering.html |= option == 'h';
		rendering.lenient |= option == 'l';
	}
	if (argc - optind != 3)
		return usage();
	tool.partials = argv[optind + 2];
	ok = run(&tool, &rendering, argv + optind);
	ok = ok && !tool.mistakes.errors && fflush(stdout) == 0;
	for (size_t i = 0; i < tool.mistakes.count; i++)
		fprintf(stderr, "%s\n", tool.mistakes.all[i].message);
	mistakes_clear(&tool.mistakes);
	templates_clear(&tool.templates);
	pool_clear(&tool.strings);
	return ok ? 0 : 1;
}
