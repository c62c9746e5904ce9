#include "policy/template_write.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * STEPS_MOST bounds the work where the output does not: lists within lists, or
 * partials that call each other and write nothing.
 */
enum { OUTPUT_MOST = 16 << 20, STEPS_MOST = 16 << 20 };

void
render_blame(struct render *render, const struct frame *frame, const struct node *node,
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

bool
render_step(struct render *render, const struct frame *frame, const struct node *node)
{
	if (render->stopped)
		return false;
	if (render->steps++ < STEPS_MOST)
		return true;
	render_blame(render, frame, node,
	    "the rendering takes more than %d steps; lists or partials are nested too "
	    "often",
	    STEPS_MOST);
	render->stopped = true;
	return false;
}

void
render_put(struct render *render, const struct frame *frame, const struct node *node,
    const char *bytes, size_t size)
{
	if (render->stopped)
		return;
	if (size <= OUTPUT_MOST - (render->out->size - render->start)) {
		text_add(render->out, bytes, size);
		return;
	}
	render_blame(
	    render, frame, node, "the rendering is larger than %d bytes", OUTPUT_MOST);
	render->stopped = true;
}

void
render_html(struct render *render, const struct frame *frame, const struct node *node,
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
		render_put(
		    render, frame, node, from, (size_t)(at - from) - (entity != NULL));
		if (entity)
			render_put(render, frame, node, entity, strlen(entity));
	}
}

void
render_indent(struct render *render, const struct frame *frame, const struct node *node,
    const struct frame *outer)
{
	if (outer->outer)
		render_indent(render, frame, node, outer->outer);
	if (outer->indent_size)
		render_put(render, frame, node, outer->indent, outer->indent_size);
}
