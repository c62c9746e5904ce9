#include "policy/template.h"

#include <string.h>

#include "base/digest.h"
#include "policy/template_variant.h"
#include "policy/template_write.h"

static void render_range(
    struct render *render, const struct frame *frame, size_t from, size_t to);

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
		render_blame(
		    render, frame, node, "'%s' is a text without a language", node->name);
	else if (render->how->lenient)
		return;
	else if (value && value->kind != VALUE_FALSE)
		render_blame(render, frame, node,
		    "'%s' is %s, which cannot be written as such", node->name,
		    kinds[value->kind]);
	else
		render_blame(render, frame, node,
		    "'%s' is not defined in this edition; put it within {{#%s}}",
		    node->name, node->name);
}

/* Begins a mark that chooses of so many, as `what` says; what is then written is it. */
static struct mark
begin_mark(struct render *render, struct text *what, uint64_t of)
{
	const struct marking *marking = render->how->marking;
	struct mark mark = { .of = of, .at = render->out->size };

	if (marking) {
		mark.position = mark_position(marking->key, what);
		mark.symbol = marking_choose(marking, mark.position, of);
	}
	text_clear(what);
	render->marks++;
	return mark;
}

static void
end_mark(struct render *render, struct mark *mark)
{
	mark->at -= render->start;
	mark->size = render->out->size - render->start - mark->at;
	if (--render->marks == 0 && render->how->marking)
		marking_note(render->how->marking, mark);
}

static void
render_variant(struct render *render, const struct frame *frame, size_t section)
{
	const struct template *template = frame->template;
	struct text what = { 0 };
	struct mark mark;
	size_t from, to;

	variant_write(&what, template, section);
	mark = begin_mark(render, &what, variant_count(template, section));
	variant_range(template, section, (size_t)mark.symbol, &from, &to);
	render_range(render, frame, from, to);
	end_mark(render, &mark);
}

/* One of the strings, or the notice number. */
static void
render_choice(struct render *render, const struct frame *frame, const struct node *node,
    const struct value *value)
{
	struct text what = { 0 }, notice = { 0 };
	const struct value *chosen;
	struct mark mark;

	digest_string(&what, value->name);
	for (size_t i = 0; i < value->count; i++)
		digest_string(&what, value->children[i]->bytes);
	mark = begin_mark(render, &what, value->count ? value->count : NOTICE_OF);
	if (value->count) {
		chosen = value->children[mark.symbol];
		render_put(render, frame, node, chosen->bytes, chosen->size);
	} else {
		notice_write(&notice, mark.symbol);
		render_put(render, frame, node, notice.data, notice.size);
		text_clear(&notice);
	}
	end_mark(render, &mark);
}

/* A text with variants has no other tags: its lines are written as they are. */
static void
render_wordings(struct render *render, const struct value *value)
{
	struct frame inner = { .template = value->wordings };

	render_range(render, &inner, 0, value->wordings->count);
}

static void
render_variable(struct render *render, const struct frame *frame, const struct node *node)
{
	const struct value *value = resolve(render, node->name);

	if (value && (value->kind == VALUE_CHOICE || value->kind == VALUE_NOTICE))
		render_choice(render, frame, node, value);
	else if (!value || value->kind != VALUE_STRING)
		blame_value(render, frame, node, value);
	else if (value->wordings)
		render_wordings(render, value);
	else if (render->how->html && !node->raw)
		render_html(render, frame, node, value);
	else
		render_put(render, frame, node, value->bytes, value->size);
}

static bool
enter(struct render *render, const struct frame *frame, const struct node *node)
{
	if (render->nesting < TEMPLATE_NESTING) {
		render->nesting++;
		return true;
	}
	render_blame(render, frame, node,
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

	if (!render_step(render, frame, node))
		return;
	render->stack[render->stack_count++] = value;
	render_range(render, frame, section + 1, node->end);
	render->stack_count--;
}

/* Each two elements that follow each other are a mark: which of them comes first. */
static void
render_pairs(struct render *render, const struct frame *frame, size_t section,
    const struct value *list)
{
	size_t i = 0;

	for (; i + 1 < list->count && !render->stopped; i += 2) {
		const struct value *const *pair =
		    (const struct value *const *)&list->children[i];
		struct text what = { 0 };
		struct mark mark;

		digest_string(&what, list->name);
		digest_string(&what, pair[0]->bytes);
		digest_string(&what, pair[1]->bytes);
		mark = begin_mark(render, &what, 2);
		render_with(render, frame, section, pair[mark.symbol]);
		render_with(render, frame, section, pair[1 - mark.symbol]);
		end_mark(render, &mark);
	}
	if (i < list->count)
		render_with(render, frame, section, list->children[i]);
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
	else if (value->shuffled)
		render_pairs(render, frame, section, value);
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
			render_blame(
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

	while (from < to && render_step(render, frame, &nodes[from])) {
		const struct node *node = &nodes[from];

		switch (node->kind) {
		case NODE_TEXT:
			if (node->begins)
				render_indent(render, frame, node, frame);
			render_put(render, frame, node, node->bytes, node->size);
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
		case NODE_VARIANT:
			render_variant(render, frame, from);
			break;
		case NODE_BAR:
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
