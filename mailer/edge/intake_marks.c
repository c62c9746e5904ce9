#include "edge/intake_marks.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/squeeze.h"
#include "policy/template.h"

static char *
form_of(const struct value *string)
{
	char *form = mem_new(string->size + 1);

	squeeze(form, string->bytes, string->size, SQUEEZE_BARE);
	return form;
}

const char *
marks_fault(const struct value *strings)
{
	bool alike = false, empty = false;

	if (strings->count < 2)
		return "has a single element; give at least two to mark copies with";
	for (size_t i = 0; i < strings->count; i++) {
		char *one = form_of(strings->children[i]);

		empty |= !*one;
		for (size_t j = 0; j < strings->count && *one; j++) {
			char *other = form_of(strings->children[j]);

			alike |= i != j && strstr(other, one);
			free(other);
		}
		free(one);
	}
	if (empty)
		return "an element has no letter and no digit, and cannot mark a copy";
	return alike ? "an element is another or part of it, but for case and marks; no "
		       "leaked copy would tell them apart"
		     : NULL;
}

static void
refuse_tag(void *ctx, enum tag tag, const char *name, struct place place)
{
	(void)tag;
	mistakes_add(
	    ctx, place, "'%s': a text with marks holds no tag but {{#variant}}", name);
}

/* As a copy reads that has the wording `which` of each variant, or its last one. */
static void
add_view(
    struct advisory *advisory, const struct value *text, const char *name, uint64_t which)
{
	struct marking marking = { .forced = true, .symbol = which };
	struct rendering rendering = { .marking = &marking };
	struct mistakes unsaid = { 0 };
	struct view *view;

	advisory->views =
	    mem_room(advisory->views, advisory->view_count, sizeof *advisory->views);
	view = &advisory->views[advisory->view_count++];
	*view = (struct view){ .of = text->bytes, .path = name };
	template_render(&view->bytes, text->wordings, NULL, &rendering, &unsaid);
	mistakes_clear(&unsaid);
	marking_clear(&marking);
}

/* The file that a language of a text is in, for messages. */
static const char *
file_of(const struct reading *reading, const char *class, const char *key)
{
	const char *top = reading->ini->file, *slash = strrchr(top, '/');
	const char *file = ini_get(ini_section(reading->ini, class), key, NULL);

	return pool_format(
	    &reading->ini->strings, "%.*s/%s", (int)(slash - top), top, file);
}

/* One language of a text. */
static void
read_wordings(struct advisory *advisory, struct value *text, const char *file,
    struct mistakes *mistakes)
{
	size_t before = mistakes->errors;
	struct template *template =
	    template_parse(file, text->bytes, text->size, mistakes);

	if (!template)
		return;
	advisory->wordings = mem_room(
	    advisory->wordings, advisory->wording_count, sizeof *advisory->wordings);
	advisory->wordings[advisory->wording_count++] = template;
	template_tags(template, refuse_tag, mistakes);
	if (!template_wordings(template))
		mistakes_add(mistakes, (struct place){ file, 0 },
		    "holds no {{#variant}}; write one, or take the text out of "
		    "'marks'");
	if (mistakes->errors != before)
		return;
	text->wordings = template;
	for (size_t i = 0; i < template_wordings(template); i++)
		add_view(advisory, text, file, i);
}

static void
read_text(
    struct advisory *advisory, const struct reading *reading, const struct value *text)
{
	for (size_t i = 0; i < text->count; i++) {
		struct value *spoken = text->children[i];
		char *key = mem_format(
		    "text.%s%s%s", text->name, *spoken->name ? "." : "", spoken->name);

		read_wordings(advisory, spoken, file_of(reading, text->class, key),
		    reading->mistakes);
		free(key);
	}
}

static void
refuse(const struct reading *reading, const char *element, const char *fact)
{
	struct place place;

	ini_get(reading->section, "marks", &place);
	read_refuse(reading, place, "marks", element, fact);
}

/* The value of that path, when it is a text or a list. */
static struct value *
find(const struct advisory *advisory, const char *path)
{
	const struct value *map;

	if (strncmp(path, "text.", 5) != 0 && strncmp(path, "list.", 5) != 0)
		return NULL;
	map = value_child(advisory->values, *path == 't' ? "text" : "list");
	for (size_t i = 0; map && i < map->count; i++)
		if (strcmp(map->children[i]->name, path + 5) == 0)
			return map->children[i];
	return NULL;
}

static void
read_one(struct advisory *advisory, const struct reading *reading, const char *path)
{
	struct value *value = find(advisory, path);
	const char *fault = NULL;

	if (!value) {
		refuse(
		    reading, path, "is no text.NAME and no list.NAME of this advisory");
		return;
	}
	if (value->kind == VALUE_LIST) {
		fault = marks_fault(value);
		value->shuffled = !fault;
	} else {
		read_text(advisory, reading, value);
	}
	if (fault)
		refuse(reading, path, fault);
}

void
marks_read(struct advisory *advisory, const struct reading *reading)
{
	const char **paths;
	size_t count =
	    read_list(reading, "marks", read_may(reading, "marks", NULL), NULL, &paths);

	for (size_t i = 0; i < count; i++)
		read_one(advisory, reading, paths[i]);
	free(paths);
}
