/* advisory - an advisory to be filled in, or its next revision */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/tree.h"
#include "cmd/command.h"
#include "cmd/making.h"
#include "cmd/place.h"
#include "cmd/revision.h"
#include "cmd/say.h"
#include "cmd/session.h"
#include "edge/stock.h"
#include "policy/name.h"

/* A new one: its sections are the classes of the tiers, the lowest tier's first. */
struct draft {
	const char *folder, *id;
	const struct programme *programme;
	struct classes classes; /* that have their section */
	struct text ini;
};

static void
add_audience(struct draft *draft, const char *class)
{
	const struct programme *programme = draft->programme;
	const char *between = "# for tier ";

	for (size_t i = 0; i < programme->tier_count; i++)
		if (classes_have(&programme->tiers[i].admits, class)) {
			text_addf(&draft->ini, "%s%s", between, programme->tiers[i].id);
			between = ", ";
		}
	text_addc(&draft->ini, '\n');
}

/* What the stock has for a section, with the texts that it names. */
static bool
add_stock(struct draft *draft, const char *kind, struct error *err)
{
	char *below = mem_format("advisory/%s/", kind);
	const struct stock_value id = { "id", draft->id };
	bool ok = true;

	for (size_t i = 0; ok && i < stock_count; i++) {
		const char *name = stock_below(&stock_all[i], below);
		struct text text = { 0 };
		char *path;

		if (!name)
			continue;
		if (strcmp(name, "section.ini") == 0) {
			stock_fill(&draft->ini, &stock_all[i], &id, 1);
			continue;
		}
		path = mem_format("%s/%s", draft->folder, name);
		text_adds(&text, stock_all[i].bytes);
		ok = tree_write(path, &text, err);
		text_clear(&text);
		free(path);
	}
	free(below);
	return ok;
}

static bool
add_class(struct draft *draft, const char *class, struct error *err)
{
	char *section = mem_format("advisory/%s/section.ini", class);
	const char *kind = "other";

	if (draft->classes.count == 0)
		kind = "first";
	else if (stock_find(section))
		kind = class;
	free(section);
	classes_add(&draft->classes, class);
	text_addf(&draft->ini, "\n[%s]\n", class);
	add_audience(draft, class);
	return add_stock(draft, kind, err);
}

static bool
add_classes(struct draft *draft, struct error *err)
{
	for (size_t i = 0; i < draft->programme->tier_count; i++) {
		const struct classes *admits = &draft->programme->tiers[i].admits;

		for (size_t j = 0; j < admits->count; j++)
			if (!classes_have(&draft->classes, admits->names[j]) &&
			    !add_class(draft, admits->names[j], err))
				return false;
	}
	return true;
}

static bool
write_draft(const struct programme *programme, const char *id, const char *above,
    struct error *err)
{
	char *folder = mem_format("%s/1", above);
	char *path = mem_format("%s/advisory.ini", folder);
	struct draft draft = { .folder = folder, .id = id, .programme = programme };
	bool ok = add_stock(&draft, "head", err) && add_classes(&draft, err) &&
	    tree_write(path, &draft.ini, err);

	classes_clear(&draft.classes);
	text_clear(&draft.ini);
	free(path);
	free(folder);
	return ok;
}

static bool
make_new(const struct config *config, const char *id, struct error *err)
{
	struct making making;
	bool ok = making_begin(&making, PLACE_ADVISORIES, id, err);

	if (ok)
		ok = making_end(
		    &making, write_draft(&config->programme, id, making.part, err), err);
	if (ok)
		say("made %s/1\nnext: fill in its advisory.ini and summary.txt; forewarn "
		    "check names what is missing, then forewarn preview %s",
		    making.path, id);
	making_clear(&making);
	return ok;
}

static bool
make_revision(const struct config *config, const char *id, struct error *err)
{
	unsigned made;

	if (!revision_make(config, id, REVISION_COPY, NULL, &made, err))
		return false;
	say("made %s/%s/%u, a copy of revision %u\nnext: change it, then forewarn "
	    "preview "
	    "%s; once it is armed, what is unsent of revision %u is superseded",
	    PLACE_ADVISORIES, id, made, made - 1, id, made - 1);
	return true;
}

static bool
named(const char *id)
{
	struct text quoted = { 0 };

	if (name_is_advisory(id))
		return true;
	text_quote(&quoted, id);
	say_wrong("advisory: '%s' is not a name for one; take letters, digits, '.', '_' "
		  "and '-', at most 64",
	    text_string(&quoted));
	text_clear(&quoted);
	return false;
}

static int
make(bool (*how)(const struct config *, const char *, struct error *), const char *id)
{
	struct mistakes mistakes = { 0 };
	struct config config = { 0 };
	struct error err;
	int code = EXIT_REFUSED;

	if (!session_here(&mistakes) || !config_read(&config, &mistakes))
		say_mistakes(&mistakes);
	else if (!how(&config, id, &err))
		say_wrong("%s", err.message);
	else
		code = EXIT_DONE;
	config_clear(&config);
	mistakes_clear(&mistakes);
	return code;
}

int
cmd_advisory(const struct options *options)
{
	const char *what = options->argument_count ? options->arguments[0] : "";
	bool new = strcmp(what, "new") == 0;

	if (options->argument_count != 2 || (!new &&strcmp(what, "revise") != 0))
		say_wrong("advisory: new ID, or revise ID");
	else if (named(options->arguments[1]))
		return make(new ? make_new : make_revision, options->arguments[1]);
	return EXIT_REFUSED;
}
