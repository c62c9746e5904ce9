#include "policy/leak_sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static void
add(struct sources *sources, const struct source *source)
{
	struct source *added;

	sources->all = mem_room(sources->all, sources->count, sizeof *sources->all);
	added = &sources->all[sources->count++];
	*added = *source;
	added->binary = memchr(source->bytes, '\0', source->size) != NULL;
}

/* The bytes, and what was found in them. */
static void
add_with_views(struct sources *sources, const struct source *source)
{
	const struct advisory *advisory = sources->advisory;

	add(sources, source);
	for (size_t i = 0; i < advisory->view_count; i++) {
		const struct view *view = &advisory->views[i];
		struct source seen = *source;

		if (view->of != source->bytes)
			continue;
		seen.bytes = text_string(&view->bytes);
		seen.size = view->bytes.size;
		seen.file = view->path;
		add(sources, &seen);
	}
}

/* Elements may be the lines of one thing. */
static void
add_joined(struct sources *sources, const struct value *list, struct source source)
{
	struct text joined = { 0 };

	for (size_t i = 0; i < list->count; i++) {
		text_add(&joined, list->children[i]->bytes, list->children[i]->size);
		text_addc(&joined, '\n');
	}
	source.bytes = pool_keep(&sources->strings, joined.data, joined.size);
	source.size = joined.size;
	add(sources, &source);
	text_clear(&joined);
}

static void
add_value(struct sources *sources, const struct value *value, struct source source)
{
	const struct value *name =
	    value->kind == VALUE_FILE ? value_child(value, "file") : NULL;

	if (value->place.file)
		source.place = value->place;
	source.bytes = value->bytes;
	source.size = value->size;
	source.file = name ? name->bytes : NULL;
	if (value->kind == VALUE_STRING || value->kind == VALUE_FILE)
		add_with_views(sources, &source);
	if (value->kind == VALUE_LIST)
		add_joined(sources, value, source);
	if (value->kind != VALUE_FILE) /* its children describe it */
		for (size_t i = 0; i < value->count; i++)
			if (!value->children[i]->class)
				add_value(sources, value->children[i], source);
}

static void
add_leaf(void *ctx, const char *path, const struct value *leaf)
{
	struct sources *sources = ctx;
	struct source source = { .leaf = sources->leaf_count++ };

	(void)path;
	source.fact = leaf->kind != VALUE_TEXT && leaf->kind != VALUE_FILE;
	add_value(sources, leaf, source);
}

void
sources_make(struct sources *sources, const struct advisory *advisory)
{
	*sources = (struct sources){ .advisory = advisory };
	value_leaves(advisory->values, add_leaf, sources);
}

void
sources_clear(struct sources *sources)
{
	free(sources->all);
	pool_clear(&sources->strings);
	*sources = (struct sources){ 0 };
}
