#include "policy/value.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/tier.h"

struct value *
value_new(enum value_kind kind, const char *name, const char *class)
{
	struct value *value = mem_new(sizeof *value);

	value->kind = kind;
	value->name = name;
	value->class = class;
	value->bytes = "";
	return value;
}

struct value *
value_string(const char *name, const char *class, const char *bytes, size_t size)
{
	struct value *value = value_new(VALUE_STRING, name, class);

	value->bytes = bytes;
	value->size = size;
	digest_sha256(value->sha256, bytes, size);
	return value;
}

void
value_add(struct value *parent, struct value *child)
{
	parent->children =
	    mem_room(parent->children, parent->count, sizeof(struct value *));
	parent->children[parent->count++] = child;
}

static void
free_children(struct value *value)
{
	for (size_t i = 0; i < value->count; i++)
		value_free(value->children[i]);
	free(value->children);
	value->children = NULL;
	value->count = 0;
}

void
value_free(struct value *value)
{
	if (!value)
		return;
	free_children(value);
	free(value);
}

struct value *
value_child(const struct value *map, const char *name)
{
	for (size_t i = 0; i < map->count; i++) {
		const char *its = map->children[i]->name;

		if (its && strcmp(its, name) == 0)
			return map->children[i];
	}
	return NULL;
}

struct value *
value_map(struct value *parent, const char *name)
{
	struct value *map = value_child(parent, name);

	if (!map) {
		map = value_new(VALUE_MAP, name, NULL);
		value_add(parent, map);
	}
	return map;
}

static bool
is_structure(const struct value *value)
{
	return value->kind == VALUE_MAP || value->kind == VALUE_LIST;
}

/* `covered`: some node above has a class, and it is admitted. */
static struct value *
admit(const struct value *value, const struct classes *admits, bool covered)
{
	struct value *copy;

	if (value->class && !classes_have(admits, value->class))
		return NULL;
	covered = covered || value->class;
	if (!covered && !is_structure(value))
		return NULL;

	copy = value_new(value->kind, value->name, value->class);
	copy->place = value->place;
	if (covered) {
		copy->bytes = value->bytes;
		copy->size = value->size;
		memcpy(copy->sha256, value->sha256, sizeof copy->sha256);
		copy->wordings = value->wordings;
		copy->shuffled = value->shuffled;
	}
	for (size_t i = 0; i < value->count; i++) {
		struct value *child = admit(value->children[i], admits, covered);

		if (child)
			value_add(copy, child);
	}
	if (!copy->count && (is_structure(value) || value->kind == VALUE_TEXT)) {
		value_free(copy);
		return NULL;
	}
	return copy;
}

struct value *
value_admit(const struct value *value, const struct classes *admits)
{
	return admit(value, admits, false);
}

/* The text's string in the language, or NULL. */
static const struct value *
choose(const struct value *text, const char *language, bool fallback, bool *fell_back)
{
	const struct value *chosen = value_child(text, language);

	if (chosen || !fallback)
		return chosen;
	chosen = value_child(text, "");
	if (chosen && fell_back)
		*fell_back = true;
	return chosen;
}

static bool
speak(struct value *text, const char *language, bool fallback, bool *fell_back,
    struct mistakes *mistakes)
{
	const struct value *chosen = choose(text, language, fallback, fell_back);
	const char *name = text->name ? text->name : "";

	if (!chosen) {
		mistakes_add(mistakes, text->place,
		    "text '%s' is not there in the language '%s'; add text.%s.%s, or "
		    "let the language fall back",
		    name, language, name, language);
		return false;
	}
	text->kind = VALUE_STRING;
	text->bytes = chosen->bytes;
	text->size = chosen->size;
	memcpy(text->sha256, chosen->sha256, sizeof text->sha256);
	text->wordings = chosen->wordings;
	free_children(text);
	return true;
}

bool
value_speak(struct value *value, const char *language, bool fallback, bool *fell_back,
    struct mistakes *mistakes)
{
	bool ok = true;

	if (value->kind == VALUE_TEXT)
		return speak(value, language, fallback, fell_back, mistakes);
	for (size_t i = 0; i < value->count; i++)
		ok &= value_speak(
		    value->children[i], language, fallback, fell_back, mistakes);
	return ok;
}

struct visitor {
	void (*visit)(void *ctx, const char *path, const struct value *leaf);
	void *ctx;
};

/* Attachments are listed under the name that the operator gave them. */
static const char *
shown_name(const struct value *value, bool top)
{
	if (top && value->kind == VALUE_LIST && value->name &&
	    strcmp(value->name, "attachments") == 0)
		return "attach";
	return value->name;
}

static void
walk(const struct value *value, const char *path, const struct visitor *visitor)
{
	for (size_t i = 0; i < value->count; i++) {
		const struct value *child = value->children[i];
		const char *name = shown_name(child, !*path);
		const char *dot = *path ? "." : "";
		char *below;

		if (name)
			below = mem_format("%s%s%s", path, dot, name);
		else
			below = mem_format("%s%s%zu", path, dot, i + 1);
		if (child->class)
			visitor->visit(visitor->ctx, below, child);
		if (child->kind != VALUE_TEXT) /* its languages are one leaf */
			walk(child, below, visitor);
		free(below);
	}
}

void
value_leaves(const struct value *value,
    void (*visit)(void *ctx, const char *path, const struct value *leaf), void *ctx)
{
	walk(value, "", &(struct visitor){ visit, ctx });
}
