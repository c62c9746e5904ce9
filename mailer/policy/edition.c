#include "policy/edition.h"

#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/when.h"
#include "policy/media.h"

/* The languages of the programme: its own, and those that fall back to it. */
static struct choice
choose(const struct brief *brief, const char *language, bool *fell_back)
{
	return (struct choice){
		.templates = brief->templates,
		.language = language,
		.is_default = strcmp(language, brief->programme->language) == 0,
		.fallback = programme_falls_back(brief->programme, language),
		.fell_back = fell_back,
	};
}

static const char *
template_for(
    const struct brief *brief, const struct tier *tier, const struct prior *prior)
{
	if (brief->advisory->kind == ADVISORY_WITHDRAWAL)
		return "withdrawal";
	return prior && tier->update ? tier->update : tier->template;
}

bool
edition_is_personal(const struct brief *brief, const struct tier *tier,
    const char *language, const struct prior *prior)
{
	struct choice choice = choose(brief, language, NULL);
	const struct template *template =
	    templates_choose(&choice, template_for(brief, tier, prior));

	return template && templates_personal(&choice, template);
}

static enum tlp
label(const struct brief *brief, const struct tier *tier)
{
	enum tlp tlp = brief->advisory->tlp;

	return tier->tightens && tier->tlp > tlp ? tier->tlp : tlp;
}

static void
say(struct edition *edition, const char *map, const char *name, const char *string)
{
	value_add(value_map(edition->admitted, map),
	    value_string(name, NULL, string, strlen(string)));
}

/* What the program itself says, and so every edition may hold. */
static void
say_all(struct edition *edition, const struct brief *brief)
{
	const struct advisory *advisory = brief->advisory;
	const char *tlp = tlp_label(label(brief, edition->tier));
	struct text release = { 0 };

	when_write(&release, advisory->release);
	say(edition, "advisory", "id", advisory->id);
	say(edition, "advisory", "revision",
	    pool_format(&edition->strings, "%u", advisory->revision));
	say(edition, "advisory", "release",
	    pool_keep(&edition->strings, release.data, release.size));
	say(edition, "advisory", "tlp", tlp + strlen("TLP:"));
	say(edition, "programme", "name", brief->programme->name);
	say(edition, "tier", "audience", edition->tier->audience);
	value_add(edition->admitted, value_new(VALUE_NOTICE, "notice", NULL));
	if (edition->person) {
		say(edition, "partner", "organisation",
		    edition->person->partner->organisation);
		if (edition->person->name)
			say(edition, "contact", "name", edition->person->name);
	}
	text_clear(&release);
}

/* The manifest is read from what was admitted, not from the rules again. */
struct listing {
	struct edition *edition;
	struct map admitted; /* path -> leaf */
};

static void
list_admitted(void *ctx, const char *path, const struct value *leaf)
{
	struct listing *listing = ctx;

	map_put(&listing->admitted,
	    pool_keep(&listing->edition->strings, path, strlen(path)),
	    (void *)(size_t)leaf);
}

static void
list_item(void *ctx, const char *path, const struct value *leaf)
{
	struct listing *listing = ctx;
	struct edition *edition = listing->edition;
	const struct value *given = map_get(&listing->admitted, path);
	struct item *item;

	edition->items = mem_room(edition->items, edition->item_count, sizeof *item);
	item = &edition->items[edition->item_count++];
	item->name = pool_keep(&edition->strings, path, strlen(path));
	item->class = leaf->class;
	item->given = given != NULL;
	if (given)
		memcpy(item->sha256, given->sha256, DIGEST_SIZE);
}

static void
list_items(struct edition *edition, const struct brief *brief)
{
	struct listing listing = { .edition = edition };

	value_leaves(edition->admitted, list_admitted, &listing);
	value_leaves(brief->advisory->values, list_item, &listing);
	map_clear(&listing.admitted);
}

/* "update.added": names of what is new to them; the list is absent while it is empty. */
static void
name_in(struct edition *edition, const char *list, const char *name)
{
	struct value *update = value_map(edition->admitted, "update");
	struct value *names = NULL;

	for (size_t i = 0; i < update->count && !names; i++)
		if (strcmp(update->children[i]->name, list) == 0)
			names = update->children[i];
	if (!names) {
		names = value_new(VALUE_LIST, list, NULL);
		value_add(update, names);
	}
	value_add(names, value_string(NULL, NULL, name, strlen(name)));
}

static const struct item *
item_of(const struct edition *edition, const char *name)
{
	for (size_t i = 0; i < edition->item_count; i++)
		if (edition->items[i].given && strcmp(edition->items[i].name, name) == 0)
			return &edition->items[i];
	return NULL;
}

/* What has changed for these readers: only what they had, or have now, is named. */
static void
say_update(struct edition *edition)
{
	const struct prior *prior = edition->prior;

	say(edition, "update", "since",
	    pool_format(&edition->strings, "%u", prior->revision));
	for (size_t i = 0; i < edition->item_count; i++) {
		const struct item *item = &edition->items[i];
		const struct given *given = prior_given(prior, item->name);

		if (item->given && !given)
			name_in(edition, "added", item->name);
		else if (item->given &&
		    memcmp(given->sha256, item->sha256, DIGEST_SIZE) != 0)
			name_in(edition, "changed", item->name);
	}
	for (size_t i = 0; i < prior->count; i++)
		if (!item_of(edition, prior->given[i].name))
			name_in(edition, "removed", prior->given[i].name);
}

/* A template renders to "Subject: ...", an empty line, and the text. */
static bool
divide(struct edition *edition, const struct text *rendered, const struct brief *brief,
    struct place place, struct mistakes *mistakes)
{
	static const char field[] = "Subject: ";
	const char *subject = text_string(rendered) + strlen(field);
	const char *end = strchr(text_string(rendered), '\n');
	const char *tlp = tlp_label(label(brief, edition->tier));

	if (strncmp(text_string(rendered), field, strlen(field)) != 0 || !end ||
	    end == subject || end[1] != '\n' ||
	    !utf8_line(subject, (size_t)(end - subject))) {
		mistakes_add(mistakes, place,
		    "a template renders to a line 'Subject: ...', an empty line, and the "
		    "text");
		return false;
	}
	text_addf(&edition->subject, "[%s] %.*s", tlp, (int)(end - subject), subject);
	text_addf(&edition->text, "%s\nFor: %s\n\n", tlp, edition->tier->audience);
	text_adds(&edition->text, end + 2);
	if (edition->text.data[edition->text.size - 1] != '\n')
		text_addc(&edition->text, '\n');
	return true;
}

/* From where they stand in what was rendered to where they stand in subject and text. */
static void
take_marks(struct edition *edition, struct marking *marking, const struct text *rendered)
{
	size_t body =
	    (size_t)(strstr(text_string(rendered), "\n\n") + 2 - text_string(rendered));
	size_t tail = rendered->size - body;
	bool ended = rendered->data[rendered->size - 1] == '\n';
	size_t text = edition->subject.size + 1 + edition->text.size - tail - !ended;

	for (size_t i = 0; i < marking->count; i++) {
		struct mark *mark = &marking->marks[i];

		if (mark->at >= body)
			mark->at = mark->at - body + text;
		else
			mark->at = edition->subject.size - (body - 2 - mark->at);
	}
	edition->marks = marking->marks;
	edition->mark_count = marking->count;
	*marking = (struct marking){ 0 };
}

static bool
has_key(const struct brief *brief, const struct marking *marking,
    const struct template *template, struct mistakes *mistakes)
{
	if (!marking->count || (brief->mark_key && brief->mark_key->size))
		return true;
	mistakes_add(mistakes, template_place(template),
	    "renders to text with marks, and secret/mark.key is not there; forewarn keys "
	    "marks makes it once, later it comes from a backup");
	return false;
}

static bool
render(struct edition *edition, const struct brief *brief, const struct copy *copy,
    struct mistakes *mistakes)
{
	struct choice choice = choose(brief, edition->language, &edition->fell_back);
	const char *name = template_for(brief, edition->tier, edition->prior);
	const struct template *template = templates_choose(&choice, name);
	struct marking marking = {
		.key = brief->mark_key,
		.advisory = brief->advisory->id,
		.holder = copy->holder,
		.attempt = copy->attempt,
		.forced = copy->forced != NULL,
		.symbol = copy->forced ? *copy->forced : 0,
	};
	struct rendering rendering = {
		.partial = templates_choose, .ctx = &choice, .marking = &marking
	};
	struct text rendered = { 0 };
	bool ok;

	if (!template) {
		mistakes_add(mistakes, edition->tier->place,
		    "template '%s' is not there for language '%s', which has no fallback",
		    name, edition->language);
		return false;
	}
	ok = template_render(
		 &rendered, template, edition->admitted, &rendering, mistakes) &&
	    divide(edition, &rendered, brief, template_place(template), mistakes) &&
	    has_key(brief, &marking, template, mistakes);
	if (ok)
		take_marks(edition, &marking, &rendered);
	marking_clear(&marking);
	text_clear(&rendered);
	return ok;
}

const struct value *
edition_files(const struct edition *edition)
{
	return edition->admitted ? value_child(edition->admitted, "attachments") : NULL;
}

/* Over all that a recipient can see, but for the Date and how MIME writes it down. */
static void
digest(struct edition *edition, const struct brief *brief)
{
	const struct value *files = edition_files(edition);
	struct text fields = { 0 };

	digest_string(&fields, "forewarn-edition-1");
	digest_string(&fields, brief->programme->name);
	digest_string(&fields, brief->programme->from);
	digest_string(&fields, brief->programme->reply_to);
	digest_string(&fields, brief->signer);
	digest_field(&fields, edition->subject.data, edition->subject.size);
	digest_field(&fields, edition->text.data, edition->text.size);
	for (size_t i = 0; files && i < files->count; i++) {
		const struct value *file = value_child(files->children[i], "file");

		digest_string(&fields, file->bytes);
		digest_string(&fields, media_type(file->bytes));
		digest_field(&fields, files->children[i]->sha256, DIGEST_SIZE);
	}
	digest_sha256(edition->digest, fields.data, fields.size);
	text_clear(&fields);
}

struct edition *
edition_new(const struct brief *brief, const struct copy *copy, struct mistakes *mistakes)
{
	struct edition *edition = mem_new(sizeof *edition);
	struct choice choice = choose(brief, copy->language, &edition->fell_back);
	bool other = false;

	edition->tier = copy->tier;
	edition->language = copy->language;
	edition->person = copy->person;
	edition->prior = copy->prior;
	edition->group = copy->group;
	edition->groups = copy->groups;
	if (copy->person)
		edition->owner = copy->person->to.id;
	else if (copy->group)
		edition->owner = pool_format(
		    &edition->strings, "group %u of %u", copy->group, copy->groups);
	edition->admitted = value_admit(brief->advisory->values, &copy->tier->admits);
	if (!edition->admitted)
		edition->admitted = value_new(VALUE_MAP, NULL, NULL);
	edition->failed = !value_speak(edition->admitted, copy->language,
	    choice.is_default || choice.fallback, &other, mistakes);
	if (!edition->failed) {
		list_items(edition, brief);
		say_all(edition, brief);
		if (copy->prior)
			say_update(edition);
		edition->failed = !render(edition, brief, copy, mistakes);
	}
	if (other && !choice.is_default)
		edition->fell_back = true;
	if (!edition->failed)
		digest(edition, brief);
	return edition;
}

void
edition_free(struct edition *edition)
{
	if (!edition)
		return;
	value_free(edition->admitted);
	text_clear(&edition->subject);
	text_clear(&edition->text);
	free(edition->items);
	free(edition->marks);
	pool_clear(&edition->strings);
	free(edition);
}
