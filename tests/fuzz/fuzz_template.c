/*
 * A template, a partial and values, all from the input, over a tree of which a part was
 * withheld. Nothing withheld is ever written, values are never read as templates, the
 * strict rendering is the lenient one or has its mistakes at a line.
 */
#include "fuzz.h"

#include "base/mem.h"
#include "policy/template.h"
#include "policy/tier.h"
#include "policy/value.h"

static const char canary[] = "Withheld-cf83e1357eefb8bd";

enum { VALUES = 4 };

struct world {
	char *source, *part; /* owned */
	char *values[VALUES]; /* owned */
	struct template *template, *partial; /* owned; NULL: a mistake */
};

static const struct template *
find_partial(void *ctx, const char *name)
{
	const struct world *world = ctx;

	return strcmp(name, "part") == 0 ? world->partial : NULL;
}

static void
add_string(struct value *parent, const char *name, const char *class, const char *string)
{
	value_add(parent, value_string(name, class, string, strlen(string)));
}

static void
add_file(struct value *tree, const char *class, const char *name, const char *bytes)
{
	struct value *list = value_child(tree, "attachments");
	struct value *file = value_new(VALUE_FILE, "rules", class);

	if (!list) {
		list = value_new(VALUE_LIST, "attachments", NULL);
		value_add(tree, list);
	}
	file->bytes = bytes;
	file->size = strlen(bytes);
	add_string(file, "file", NULL, name);
	value_add(list, file);
}

/* What the tier may have, with the values, and what it may not, which is the canary. */
static struct value *
tree_new(char *const values[VALUES])
{
	struct value *tree = value_new(VALUE_MAP, NULL, NULL);
	struct value *cves = value_new(VALUE_LIST, "cves", "guidance");

	add_string(tree, "title", "guidance", values[0]);
	add_string(tree, "exploit", "poc", canary);
	add_string(cves, NULL, NULL, values[1]);
	add_string(cves, NULL, NULL, values[2]);
	add_string(cves, NULL, "poc", canary);
	value_add(value_map(tree, "list"), cves);
	add_string(value_map(tree, "text"), "summary", "guidance", values[3]);
	add_string(value_map(tree, "text"), "analysis", "poc", canary);
	add_string(value_map(tree, "text"), "loose", NULL, canary);
	add_file(tree, "guidance", "rules.yar", "rule");
	add_file(tree, "poc", canary, canary);
	return tree;
}

static struct value *
admitted_new(char *const values[VALUES])
{
	struct value *tree = tree_new(values), *admitted;
	struct classes admits = { 0 };

	classes_add(&admits, "guidance");
	admitted = value_admit(tree, &admits);
	must(admitted, "something was admitted");
	value_free(tree);
	classes_clear(&admits);
	return admitted;
}

static bool
render(struct text *out, struct world *world, char *const values[VALUES],
    const struct rendering *how, struct mistakes *mistakes)
{
	struct value *admitted = admitted_new(values);
	bool ok = template_render(out, world->template, admitted, how, mistakes);

	value_free(admitted);
	must(ok == (mistakes->errors == 0), "a rendering fails for a reason");
	must(ok || out->size == 0, "what failed writes nothing");
	must(out->size <= 16 << 20, "the output is bounded");
	return ok;
}

/* "notice:12: ..." or "part:3: ...", within the lines that there are. */
static void
must_name_a_line(const struct world *world, const char *message)
{
	bool notice = strncmp(message, "notice:", 7) == 0;
	const char *source = notice ? world->source : world->part;
	unsigned long line, lines = 1;
	char *end;

	must(notice || strncmp(message, "part:", 5) == 0, "a mistake names its template");
	line = strtoul(strchr(message, ':') + 1, &end, 10);
	for (; *source; source++)
		lines += *source == '\n';
	must(line >= 1 && line <= lines && strncmp(end, ": ", 2) == 0,
	    "a mistake names its line");
}

static void
check_mistakes(const struct world *world, const struct mistakes *mistakes)
{
	must_be_lines(mistakes);
	for (size_t i = 0; i < mistakes->count; i++) {
		must_name_a_line(world, mistakes->all[i].message);
		must(!strstr(mistakes->all[i].message, canary), "mistakes quote nothing");
	}
}

/* Each token becomes the value that it stands for. */
static void
substitute(struct text *out, const struct text *in, char *const tokens[VALUES],
    char *const values[VALUES])
{
	for (size_t i = 0, size; i < in->size; i += size) {
		size_t token = 0;

		while (token < VALUES &&
		    strncmp(in->data + i, tokens[token], strlen(tokens[token])) != 0)
			token++;
		size = token < VALUES ? strlen(tokens[token]) : 1;
		if (token < VALUES)
			text_adds(out, values[token]);
		else
			text_addc(out, in->data[i]);
	}
}

/* Rendering is the same whether values are put in at once or tokens for them, and the values then. */
static void
check_values_are_data(struct world *world, const struct text *out)
{
	static char a[] = "\1a\1", b[] = "\1b\1", c[] = "\1c\1", d[] = "\1d\1";
	static char *const tokens[VALUES] = { a, b, c, d };
	struct rendering how = { .partial = find_partial, .ctx = world };
	struct text with_tokens = { 0 }, expected = { 0 };
	struct mistakes mistakes = { 0 };

	for (size_t i = 0; i < VALUES; i++)
		if (!*world->values
			  [i]) /* which is false to a section, and a token is not */
			return;
	if (strchr(world->source, '\1') || strchr(world->part, '\1'))
		return;
	must(render(&with_tokens, world, tokens, &how, &mistakes),
	    "values do not decide whether there are mistakes");
	substitute(&expected, &with_tokens, tokens, world->values);
	must(expected.size == out->size &&
		(!out->size || memcmp(expected.data, out->data, out->size) == 0),
	    "values are data");
	text_clear(&with_tokens);
	text_clear(&expected);
}

static void
check_lenient(struct world *world, const struct text *strict)
{
	struct rendering how = { .lenient = true, .partial = find_partial, .ctx = world };
	struct text out = { 0 };
	struct mistakes mistakes = { 0 };

	must(render(&out, world, world->values, &how, &mistakes),
	    "what is right is right for the lenient");
	must(out.size == strict->size &&
		(!out.size || memcmp(out.data, strict->data, out.size) == 0),
	    "and reads the same");
	text_clear(&out);
}

static void
check_html(struct world *world)
{
	struct rendering how = {
		.html = true, .lenient = true, .partial = find_partial, .ctx = world
	};
	struct text out = { 0 };
	struct mistakes mistakes = { 0 };

	render(&out, world, world->values, &how, &mistakes);
	must(!strstr(text_string(&out), canary), "what is withheld is never written");
	check_mistakes(world, &mistakes);
	mistakes_clear(&mistakes);
	text_clear(&out);
}

static void
check_rendering(struct world *world)
{
	struct rendering how = { .partial = find_partial, .ctx = world };
	struct text out = { 0 };
	struct mistakes mistakes = { 0 };

	if (render(&out, world, world->values, &how, &mistakes)) {
		must(!strstr(text_string(&out), canary),
		    "what is withheld is never written");
		must(strstr(world->source, "{{") ||
			strcmp(world->source, text_string(&out)) == 0,
		    "text without a tag stays as it is");
		check_lenient(world, &out);
		check_values_are_data(world, &out);
	}
	check_mistakes(world, &mistakes);
	check_html(world);
	mistakes_clear(&mistakes);
	text_clear(&out);
}

/* The title through one tag. */
static void
render_title(struct text *out, const char *source, const char *title, bool html)
{
	struct rendering how = { .html = html };
	struct mistakes mistakes = { 0 };
	struct value *data = value_new(VALUE_MAP, NULL, NULL);
	struct template *template =
	    template_parse("notice", source, strlen(source), &mistakes);

	add_string(data, "title", NULL, title);
	must(template && template_render(out, template, data, &how, &mistakes),
	    "one tag can be rendered");
	template_free(template);
	value_free(data);
}

/* A value is written byte by byte, whatever it looks like. */
static void
check_literal(const char *string, const char *source, bool html)
{
	struct text out = { 0 };

	render_title(&out, source, string, html);
	must(strcmp(text_string(&out), string) == 0, "a value is written as it is");
	text_clear(&out);
}

/* For HTML, it reads as it is and has no mark-up. */
static void
check_escaped(const char *string)
{
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;" };
	struct text out = { 0 }, read = { 0 };

	render_title(&out, "{{title}}", string, true);
	must(!strpbrk(text_string(&out), "<>\""), "no mark-up comes from a value");
	for (const char *at = text_string(&out); *at; at++) {
		size_t i = 0;

		while (*at == '&' && i < 4 &&
		    strncmp(at, entities[i], strlen(entities[i])) != 0)
			i++;
		must(i < 4, "each ampersand is escaped");
		text_addc(&read, *at == '&' ? "&<>\""[i] : *at);
		at += *at == '&' ? strlen(entities[i]) - 1 : 0;
	}
	must(strcmp(text_string(&read), string) == 0, "an escaped value reads as it is");
	text_clear(&out);
	text_clear(&read);
}

static struct template *
parse(struct world *world, const char *name, const char *source)
{
	struct mistakes mistakes = { 0 };
	struct template *template =
	    template_parse(name, source, strlen(source), &mistakes);

	must(!template == (mistakes.errors > 0), "refused for a reason, and only then");
	check_mistakes(world, &mistakes);
	mistakes_clear(&mistakes);
	return template;
}

/* An input that knows the canary says it itself. */
static bool
is_told(const struct world *world)
{
	bool told = strstr(world->source, canary) || strstr(world->part, canary);

	for (size_t i = 0; i < VALUES; i++)
		told = told || strstr(world->values[i], canary);
	return told;
}

/* The template, the partial `part` and four values, each ended by NUL. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	struct world world = { .source = input_string(&in), .part = input_string(&in) };

	for (size_t i = 0; i < VALUES; i++)
		world.values[i] = input_string(&in);
	if (!is_told(&world)) {
		world.template = parse(&world, "notice", world.source);
		world.partial = parse(&world, "part", world.part);
	}
	if (world.template)
		check_rendering(&world);
	check_literal(world.values[0], "{{title}}", false);
	check_literal(world.values[0], "{{{title}}}", true);
	check_escaped(world.values[0]);
	template_free(world.template);
	template_free(world.partial);
	for (size_t i = 0; i < VALUES; i++)
		free(world.values[i]);
	free(world.source);
	free(world.part);
	return 0;
}
