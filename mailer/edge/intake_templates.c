#include "edge/intake.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "edge/folder.h"
#include "policy/name.h"

enum { TEMPLATE_MOST = 1024 * 1024 };

static const char folder[] = "templates", suffix[] = ".mustache";

/* "notice" or "notice.ko" of "notice.ko.mustache", kept in the strings; NULL: neither. */
static const char *
template_name(struct pool *strings, const char *file)
{
	size_t size = strlen(file), end = strlen(suffix), dot;
	const char *name, *stem;

	if (size <= end || strcmp(file + size - end, suffix) != 0)
		return NULL;
	name = pool_keep(strings, file, size - end);
	dot = strcspn(name, ".");
	stem = pool_keep(strings, name, dot);
	if (!name_is_id(stem) || (name[dot] && !name_is_language(name + dot + 1)))
		return NULL;
	return name;
}

/* The first line that we would not send; 0: none. */
static unsigned
unclean_line(const struct text *text)
{
	const char *line = text_string(text), *end = line + text->size;

	for (unsigned number = 1; line < end; number++) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		if (!stop)
			stop = end;
		if (!utf8_text(line, (size_t)(stop - line)))
			return number;
		line = stop + 1;
	}
	return 0;
}

static void
parse(struct template_files *files, const char *name, const char *path,
    const struct text *text, struct mistakes *mistakes)
{
	struct template *template;
	unsigned unclean = unclean_line(text);

	if (unclean) {
		mistakes_add(mistakes, (struct place){ path, unclean },
		    "holds a carriage return, a control, invisible or bidirectional "
		    "character, or is not UTF-8");
		return;
	}
	template = template_parse(path, text_string(text), text->size, mistakes);
	if (template)
		templates_add(&files->templates, name, template);
}

/* `there` has the names of all files, of those that have mistakes, too. */
static void
add_file(struct template_files *files, struct map *there, const char *file,
    struct mistakes *mistakes)
{
	const char *path = pool_format(&files->strings, "%s/%s", folder, file);
	const char *name = template_name(&files->strings, file);
	struct text text = { 0 };
	struct error err;

	if (name)
		map_put(there, name, files);
	if (!name)
		mistakes_add(mistakes, (struct place){ path, 0 },
		    "is not named NAME.mustache or NAME.LANGUAGE.mustache; rename or "
		    "remove "
		    "it");
	else if (!file_read(path, TEMPLATE_MOST, &text, &err))
		mistakes_error(mistakes, &err);
	else
		parse(files, name, path, &text, mistakes);
	text_clear(&text);
}

/* The programme's own language must be served: by NAME or NAME.LANGUAGE. */
static void
need_template(const struct map *there, const struct programme *programme,
    const struct tier *tier, const char *template, struct mistakes *mistakes)
{
	char *name = mem_format("%s.%s", template, programme->language);

	if (!map_get(there, template) && !map_get(there, name))
		mistakes_add(mistakes, tier->place,
		    "tier '%s': its template is not there; write %s/%s%s", tier->id,
		    folder, template, suffix);
	free(name);
}

static void
check_tier(const struct map *there, const struct programme *programme,
    const struct tier *tier, struct mistakes *mistakes)
{
	need_template(there, programme, tier, tier->template, mistakes);
	if (tier->update)
		need_template(there, programme, tier, tier->update, mistakes);
}

bool
intake_templates(struct template_files *files, const struct programme *programme,
    struct mistakes *mistakes)
{
	size_t before = mistakes->errors;
	struct names names = { 0 };
	struct map there = { 0 };
	struct error err;

	*files = (struct template_files){ 0 };
	if (!folder_read(&names, folder, &err))
		mistakes_error(mistakes, &err);
	for (size_t i = 0; i < names.count; i++)
		add_file(files, &there, names.all[i], mistakes);
	names_clear(&names);
	for (size_t i = 0; i < programme->tier_count; i++)
		check_tier(&there, programme, &programme->tiers[i], mistakes);
	map_clear(&there);
	if (mistakes->errors == before)
		return true;
	template_files_clear(files);
	return false;
}

void
template_files_clear(struct template_files *files)
{
	templates_clear(&files->templates);
	pool_clear(&files->strings);
	*files = (struct template_files){ 0 };
}
