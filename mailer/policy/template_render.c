#include "policy/template.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/map.h"
#include "policy/template_node.h"

/*
 * STEPS_MOST bounds the work where the output does not: lists within lists, or
 * partials that call each other and write nothing.
 */
enum { OUTPUT_MOST = 16 << 20, STEPS_MOST = 16 << 20 };

struct render {
	const struct rendering *how;
	struct text *out;
	size_t start; /* where in out our part begins */
	size_t steps;
	const struct value *stack[TEMPLATE_NESTING + 1]; /* the context, innermost last */
	size_t stack_count;
	unsigned nesting;
	bool stopped; /* a bound was passed: nothing more is written */
	struct mistakes *mistakes;
	struct map known; /* messages: each is given once, not once an item */
	size_t faults;
};

/* One template at work. Indentation is that of all lone partials around it. */
struct frame {
	const struct template *template;
	const struct frame *outer; /* whose indentation comes first; NULL: none */
	const char *indent;
	size_t indent_size;
};

static void render_range(
    struct render *render, const struct frame *frame, size_t from, size_t to);

__attribute__((format(printf, 4, 5))) static void
blame(struct render *render, const struct frame *frame, const struct node *node,
    const char *format, ...)
{
	struct place place = { frame->template->name, node->line };
	struct error fact, message;
	char *kept;
	va_list arguments;

	render->faults++;
	va_start(arguments, format);
	vsnprintf(fact.message, sizeof fact.message, format, arguments);
	va_end(arguments);
	error_at(&message, place, "%s", fact.message);
	if (map_get(&render->known, message.message))
		return;
	mistakes_error(render->mistakes, &message);
	kept = render->mistakes->all[render->mistakes->count - 1].message;
	map_put(&render->known, kept, kept);
}

static bool
step(struct render *render, const struct frame *frame, const struct node *node)
{
	if (render->stopped)
		return false;
	if (render->steps++ < STEPS_MOST)
		return true;
	blame(render, frame, node,
	    "the rendering takes more than %d steps; lists or partials are nested too "
	    "often",
	    STEPS_MOST);
	render->stopped = true;
	return false;
}

static void
put(struct render *render, const struct frame *frame, const struct node *node,
    const char *bytes, size_t size)
{
	if (render->stopped)
		return;
	if (size <= OUTPUT_MOST - (render->out->size - render->start)) {
		text_add(render->out, bytes, size);
		return;
	}
	blame(render, frame, node, "the rendering is larger than %d bytes", OUTPUT_MOST);
	render->stopped = true;
}

static void
put_html(struct render *render, const struct frame *frame, const struct node *node,
    const struct value *value)
{
	const char *at = value->bytes, *end = at + value->size;

	while (at < end) {
		const char *from = at, *entity = NULL;

		for (; at < end && !entity; at++) {
			if (*at == '&')
				entity = "&amp;";
			else if (*at == '<')
				entity = "&lt;";
			else if (*at == '>')
				entity = "&gt;";
			else if (*at == '"')
				entity = "&quot;";
		}
		put(render, frame, node, from, (size_t)(at - from) - (entity != NULL));
		if (entity)
			put(render, frame, node, entity, strlen(entity));
	}
}

/* `frame` writes, `outer` has the indentation: outermost first. */
static void
put_indent(struct render *render, const struct frame *frame, const struct node *node,
    const struct frame *outer)
{
	if (outer->outer)
		put_indent(render, frame, node, outer->outer);
	if (outer->indent_size)
		put(render, frame, node, outer->indent, outer->indent_size);
}

static const struct value *
child_of(const struct value *map, const char *name, size_t size)
{
	if (map->kind != VALUE_MAP && map->kind != VALUE_FILE)
		return NULL;
	for (size_t i = 0; i < map->count; i++) {
		const char *its = map->children[i]->name;

		if (its && strncmp(its, name, size) == 0 && !its[size])
			return map->children[i];
	}
	return NULL;
}

/*
 * The first part of a name is looked for from the innermost context outwards; the
 * others only in what it names. NULL: absent.
 */
static const struct value *
resolve(const struct render *render, const char *name)
{
	size_t size = strcspn(name, "."), depth = render->stack_count;
	const struct value *value = NULL;

	if (!size)
		return depth ? render->stack[depth - 1] : NULL;
	while (!value && depth)
		value = child_of(render->stack[--depth], name, size);
	while (value && name[size]) {
		name += size + 1;
		size = strcspn(name, ".");
		value = child_of(value, name, size);
	}
	return value;
}

static void
blame_value(struct render *render, const struct frame *frame, const struct node *node,
    const struct value *value)
{
	static const char *const kinds[] = {
		[VALUE_MAP] = "a group of values",
		[VALUE_LIST] = "a list",
		[VALUE_FILE] = "a file",
	};

	if (value && value->kind == VALUE_TEXT)
		blame(
		    render, frame, node, "'%s' is a text without a language", node->name);
	else if (render->how->lenient)
		return;
	else if (value && value->kind != VALUE_FALSE)
		blame(render, frame, node, "'%s' is %s, which cannot be written as such",
		    node->name, kinds[value->kind]);
	else
		blame(render, frame, node,
		    "'%s' is not defined in this edition; put it within {{#%s}}",
		    node->name, node->name);
}

static void
render_variable(struct render *render, const struct frame *frame, const struct node *node)
{
	const struct value *value = resolve(render, node->name);

	if (!value || value->kind != VALUE_STRING)
		blame_value(render, frame, node, value);
	else if (render->how->html && !node->raw)
		put_html(render, frame, node, value);
	else
		put(render, frame, node, value->bytes, value->size);
}

static bool
enter(struct render *render, const struct frame *frame, const struct node *node)
{
	if (render->nesting < TEMPLATE_NESTING) {
		render->nesting++;
		return true;
	}
	blame(render, frame, node,
	    "sections and partials are nested more than %d deep; does a partial call "
	    "itself",
	    TEMPLATE_NESTING);
	render->stopped = true;
	return false;
}

static bool
is_true(const struct value *value)
{
	if (value->kind == VALUE_FALSE)
		return false;
	if (value->kind == VALUE_LIST)
		return value->count > 0;
	return value->kind != VALUE_STRING || value->size > 0;
}

static void
render_with(struct render *render, const struct frame *frame, size_t section,
    const struct value *value)
{
	const struct node *node = &frame->template->nodes[section];

	if (!step(render, frame, node))
		return;
	render->stack[render->stack_count++] = value;
	render_range(render, frame, section + 1, node->end);
	render->stack_count--;
}

static void
render_section(struct render *render, const struct frame *frame, size_t section)
{
	const struct node *node = &frame->template->nodes[section];
	const struct value *value = resolve(render, node->name);
	bool truth = value && is_true(value);

	if (value && value->kind == VALUE_TEXT)
		blame_value(render, frame, node, value);
	if (truth == (node->kind == NODE_INVERTED))
		return;
	if (!enter(render, frame, node))
		return;
	if (!truth)
		render_range(render, frame, section + 1, node->end);
	else if (value->kind != VALUE_LIST)
		render_with(render, frame, section, value);
	else
		for (size_t i = 0; i < value->count && !render->stopped; i++)
			render_with(render, frame, section, value->children[i]);
	render->nesting--;
}

/* What shares its line with other things is not indented, whatever is around it. */
static void
render_partial(struct render *render, const struct frame *frame, const struct node *node)
{
	const struct rendering *how = render->how;
	struct frame inner = {
		.template = how->partial ? how->partial(how->ctx, node->name) : NULL,
		.outer = node->alone ? frame : NULL,
		.indent = node->bytes,
		.indent_size = node->size,
	};

	if (!inner.template) {
		if (!how->lenient)
			blame(
			    render, frame, node, "there is no partial '%s'", node->name);
		return;
	}
	if (!enter(render, frame, node))
		return;
	render_range(render, &inner, 0, inner.template->count);
	render->nesting--;
}

static void
render_range(struct render *render, const struct frame *frame, size_t from, size_t to)
{
	const struct node *nodes = frame->template->nodes;

	while (from < to && step(render, frame, &nodes[from])) {
		const struct node *node = &nodes[from];

		switch (node->kind) {
		case NODE_TEXT:
			if (node->begins)
				put_indent(render, frame, node, frame);
			put(render, frame, node, node->bytes, node->size);
			break;
		case NODE_VARIABLE:
			render_variable(render, frame, node);
			break;
		case NODE_SECTION:
		case NODE_INVERTED:
			render_section(render, frame, from);
			break;
		case NODE_PARTIAL:
			render_partial(render, frame, node);
			break;
		}
		from = node->end ? node->end : from + 1;
	}
}

static void
take_back(struct text *out, size_t size)
{
	if (out->size == size)
		return;
	explicit_bzero(out->data + size, out->size - size);
	out->size = size;
}

bool
template_render(struct text *out, const struct template *template,
    const struct value *data, const struct rendering *rendering,
    struct mistakes *mistakes)
{
	struct render render = {
		.how = rendering,
		.out = out,
		.start = out->size,
		.mistakes = mistakes,
	};
	struct frame frame = { .template = template };

	if (data)
		render.stack[render.stack_count++] = data;
	render_range(&render, &frame, 0, template->count);
	map_clear(&render.known);
	if (render.faults)
		take_back(out, render.start);
	return !render.faults;
}
