#include "policy/templates.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
templates_add(struct templates *templates, const char *name, struct template *template)
{
	templates->all =
	    mem_room(templates->all, templates->count, sizeof *templates->all);
	templates->all[templates->count++] = template;
	map_put(&templates->names, name, template);
}

void
templates_clear(struct templates *templates)
{
	for (size_t i = 0; i < templates->count; i++)
		template_free(templates->all[i]);
	free(templates->all);
	map_clear(&templates->names);
	*templates = (struct templates){ 0 };
}

const struct template *
templates_choose(void *choice, const char *name)
{
	const struct choice *how = choice;
	char *full = mem_format("%s.%s", name, how->language);
	const struct template *template = map_get(&how->templates->names, full);

	free(full);
	if (template || !(how->is_default || how->fallback))
		return template;
	template = map_get(&how->templates->names, name);
	if (template && !how->is_default && how->fell_back)
		*how->fell_back = true;
	return template;
}

struct search {
	struct choice choice;
	struct map entered; /* partials, by name: they may call each other in a ring */
	bool personal;
};

/* "partner" and all below it. */
static bool
is_under(const char *name, const char *root)
{
	size_t size = strlen(root);

	return strncmp(name, root, size) == 0 && (!name[size] || name[size] == '.');
}

static void
search_tag(void *ctx, enum tag tag, const char *name, struct place place)
{
	struct search *search = ctx;
	const struct template *partial;

	(void)place;
	if (tag != TAG_PARTIAL) {
		search->personal |=
		    is_under(name, "contact") || is_under(name, "partner");
		return;
	}
	if (search->personal || map_put(&search->entered, name, search))
		return;
	partial = templates_choose(&search->choice, name);
	if (partial)
		template_tags(partial, search_tag, search);
}

bool
templates_personal(const struct choice *choice, const struct template *template)
{
	struct search search = { .choice = *choice };

	search.choice.fell_back = NULL; /* looking is not rendering */
	template_tags(template, search_tag, &search);
	map_clear(&search.entered);
	return search.personal;
}

struct check {
	const struct templates *templates;
	struct mistakes *mistakes;
};

/* As "notice" or in some language, as "notice.ko". */
static bool
in_some_form(const struct templates *templates, const char *name)
{
	size_t size = strlen(name);

	if (map_get(&templates->names, name))
		return true;
	for (size_t i = 0; i < templates->names.room; i++) {
		const char *its = templates->names.slots[i].name;

		if (its && strncmp(its, name, size) == 0 && its[size] == '.')
			return true;
	}
	return false;
}

/* Whether the name is not the program's own to define, or one that it does define. */
static bool
may_be_defined(const char *name)
{
	static const char *const roots[] = { "advisory.", "programme.", "tier.",
		"partner.", "contact.", "update." };
	static const char *const known[] = { "advisory.id", "advisory.revision",
		"advisory.release", "advisory.tlp", "programme.name", "tier.audience",
		"partner.organisation", "contact.name", "update.since", "update.added",
		"update.changed", "update.removed" };

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (strcmp(name, known[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++)
		if (strncmp(name, roots[i], strlen(roots[i])) == 0)
			return false;
	return true;
}

static void
check_tag(void *ctx, enum tag tag, const char *name, struct place place)
{
	const struct check *check = ctx;

	if (tag == TAG_PARTIAL && !in_some_form(check->templates, name))
		mistakes_add(check->mistakes, place, "there is no partial '%s'", name);
	if (tag != TAG_PARTIAL && !may_be_defined(name))
		mistakes_add(check->mistakes, place, "'%s' is never defined", name);
}

void
templates_check(const struct templates *templates, struct mistakes *mistakes)
{
	struct check check = { templates, mistakes };

	for (size_t i = 0; i < templates->count; i++)
		template_tags(templates->all[i], check_tag, &check);
}
