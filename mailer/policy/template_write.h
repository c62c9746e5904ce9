/* template_write - what a rendering writes and blames, within its bounds; for the template's own files */
#ifndef POLICY_TEMPLATE_WRITE_H
#define POLICY_TEMPLATE_WRITE_H

#include "base/map.h"
#include "policy/template_node.h"

struct render {
	const struct rendering *how;
	struct text *out;
	size_t start; /* where in out our part begins */
	size_t steps;
	const struct value *stack[TEMPLATE_NESTING + 1]; /* the context, innermost last */
	size_t stack_count;
	unsigned nesting;
	unsigned marks; /* that are being written: one within another is not noted */
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

/* A mistake at the node's place. */
void render_blame(struct render *render, const struct frame *frame,
    const struct node *node, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* Counts one more step; false when nothing more may be done. */
bool render_step(
    struct render *render, const struct frame *frame, const struct node *node);

void render_put(struct render *render, const struct frame *frame, const struct node *node,
    const char *bytes, size_t size);
void render_html(struct render *render, const struct frame *frame,
    const struct node *node, const struct value *value);
/* `frame` writes, `outer` has the indentation: outermost first. */
void render_indent(struct render *render, const struct frame *frame,
    const struct node *node, const struct frame *outer);

#endif
