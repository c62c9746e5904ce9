#include "policy/template.h"

#include <stdlib.h>

#include "policy/template_variant.h"

void
template_free(struct template *template)
{
	if (!template)
		return;
	pool_clear(&template->names);
	free(template->nodes);
	free(template->source);
	free(template);
}

struct place
template_place(const struct template *template)
{
	return (struct place){ template->name, 1 };
}

size_t
template_wordings(const struct template *template)
{
	size_t most = 0;

	for (size_t i = 0; i < template->count; i++)
		if (template->nodes[i].kind == NODE_VARIANT &&
		    variant_count(template, i) > most)
			most = variant_count(template, i);
	return most;
}

void
template_tags(const struct template *template,
    void (*visit)(void *ctx, enum tag tag, const char *name, struct place place),
    void *ctx)
{
	static const enum tag tags[] = {
		[NODE_VARIABLE] = TAG_VARIABLE,
		[NODE_SECTION] = TAG_SECTION,
		[NODE_INVERTED] = TAG_INVERTED,
		[NODE_PARTIAL] = TAG_PARTIAL,
	};

	for (size_t i = 0; i < template->count; i++) {
		const struct node *node = &template->nodes[i];

		if (node->kind <= NODE_PARTIAL && node->kind != NODE_TEXT)
			visit(ctx, tags[node->kind], node->name,
			    (struct place){ template->name, node->line });
	}
}
