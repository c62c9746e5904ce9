#include "edge/intake.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/when.h"
#include "edge/folder.h"
#include "edge/reading.h"
#include "policy/name.h"

static const char single_file[] = "partners.ini", folder[] = "partners.d";
static const char suffix[] = ".ini";

/* What a walk over all sections of all files carries. */
struct walk {
	struct registry *registry;
	const struct programme *programme;
	struct map partners; /* by id */
	struct mistakes *mistakes;
};

static bool
is_status(const char *value)
{
	return strcmp(value, "active") == 0 || strcmp(value, "suspended") == 0;
}

/* 0: not set. */
static time_t
read_day(const struct reading *reading, const char *key)
{
	const char *value = read_may(reading, key, &form_day);
	time_t day = 0;

	if (value)
		when_parse_day(value, &day);
	return day;
}

static void
read_partner(
    struct partner *partner, const struct walk *walk, const struct reading *reading)
{
	static const struct form form_status = { is_status,
		"is neither active nor suspended", false };
	const char *value;

	partner->organisation = read_need(reading, "organisation", NULL);
	partner->country_count = read_list(reading, "countries",
	    read_need(reading, "countries", NULL), &form_country, &partner->countries);
	partner->tier = read_tier(
	    reading, "tier", read_need(reading, "tier", &form_id), walk->programme);
	value = read_may(reading, "status", &form_status);
	if (value && strcmp(value, "suspended") == 0)
		partner->status = PARTNER_SUSPENDED;
	partner->review_by = read_day(reading, "review_by");
	partner->agreement_until = read_day(reading, "agreement_until");
	partner->lapses = walk->programme->overdue_blocks;
	partner->alone = read_alone(reading);
}

static void
add_partner(struct walk *walk, const struct reading *reading)
{
	struct registry *registry = walk->registry;
	struct partner *partner = mem_new(sizeof *partner);

	partner->id = reading->section->name;
	partner->place = reading->section->place;
	if (!name_is_id(partner->id))
		mistakes_add(walk->mistakes, partner->place, "[%s]: %s", partner->id,
		    form_id.fault);
	read_partner(partner, walk, reading);
	registry->partners = mem_room(
	    registry->partners, registry->partner_count, sizeof *registry->partners);
	registry->partners[registry->partner_count++] = partner;
	/* A second one of that id is kept, too: registry_check names both places. */
	map_put(&walk->partners, partner->id, partner);
}

static const struct partner *
partner_of(const struct walk *walk, const char *contact)
{
	char *id = mem_format("%.*s", (int)strcspn(contact, "/"), contact);
	const struct partner *partner = map_get(&walk->partners, id);

	free(id);
	return partner;
}

/* What a contact and an operator have alike. */
static void
read_mailbox(struct recipient *to, const char **name, const char **language,
    const struct walk *walk, const struct reading *reading)
{
	to->mail = read_need(reading, "mail", &form_address);
	to->fingerprint = read_need(reading, "key", &form_fingerprint);
	*name = read_may(reading, "name", NULL);
	*language = read_may(reading, "language", &form_language);
	if (!*language)
		*language = walk->programme->language;
}

static bool
is_operator(const char *section)
{
	return strncmp(section, OPERATOR "/", sizeof OPERATOR) == 0;
}

static void
add_operator(struct walk *walk, const struct reading *reading)
{
	struct registry *registry = walk->registry;
	struct operator* operator= mem_new(sizeof *operator);

	operator->to.id = reading->section->name;
	operator->place = reading->section->place;
	if (!name_is_contact(operator->to.id))
		mistakes_add(walk->mistakes, operator->place,
		    "[%s]: is not the name of an operator; write " OPERATOR "/NAME",
		    operator->to.id);
	read_mailbox(&operator->to, &operator->name, &operator->language, walk, reading);
	registry->operators = mem_room(
	    registry->operators, registry->operator_count, sizeof *registry->operators);
	registry->operators[registry->operator_count++] = operator;
}

static void
add_contact(struct walk *walk, const struct reading *reading)
{
	struct registry *registry = walk->registry;
	struct contact *contact = mem_new(sizeof *contact);

	contact->to.id = reading->section->name;
	contact->place = reading->section->place;
	if (!name_is_contact(contact->to.id))
		mistakes_add(walk->mistakes, contact->place,
		    "[%s]: is not the name of a contact; write PARTNER/NAME",
		    contact->to.id);
	contact->partner = partner_of(walk, contact->to.id);
	read_mailbox(&contact->to, &contact->name, &contact->language, walk, reading);
	registry->contacts = mem_room(
	    registry->contacts, registry->contact_count, sizeof *registry->contacts);
	registry->contacts[registry->contact_count++] = contact;
}

/* Contacts come second, since they may stand before their partner. */
static void
read_sections(struct walk *walk, struct ini *ini, bool contacts)
{
	for (size_t i = 0; i < ini->count; i++) {
		struct ini_section *section = &ini->sections[i];
		struct reading reading = { ini, section, walk->mistakes };

		section->used = true;
		if (!strchr(section->name, '/') != !contacts)
			continue;
		if (is_operator(section->name))
			add_operator(walk, &reading);
		else if (contacts)
			add_contact(walk, &reading);
		else
			add_partner(walk, &reading);
	}
}

static int
by_partner_id(const void *a, const void *b)
{
	const struct partner *const *one = a, *const *two = b;

	return strcmp((*one)->id, (*two)->id);
}

static int
by_contact_id(const void *a, const void *b)
{
	const struct contact *const *one = a, *const *two = b;

	return strcmp((*one)->to.id, (*two)->to.id);
}

static int
by_operator_id(const void *a, const void *b)
{
	const struct operator* const * one = a, *const *two = b;

	return strcmp((*one)->to.id, (*two)->to.id);
}

static void
sort_registry(struct registry *registry)
{
	if (registry->partner_count)
		qsort(registry->partners, registry->partner_count,
		    sizeof *registry->partners, by_partner_id);
	if (registry->contact_count)
		qsort(registry->contacts, registry->contact_count,
		    sizeof *registry->contacts, by_contact_id);
	if (registry->operator_count)
		qsort(registry->operators, registry->operator_count,
		    sizeof *registry->operators, by_operator_id);
}

static void
make_registry(struct partner_files *files, const struct programme *programme,
    struct mistakes *mistakes)
{
	static const char *const keys[] = { "organisation", "countries", "tier", "status",
		"review_by", "agreement_until", "mail", "key", "language", "name" };
	static const struct ini_names known = { NULL, keys, 0,
		sizeof keys / sizeof *keys };
	struct registry *registry = &files->registry;
	struct walk walk = {
		.registry = registry, .programme = programme, .mistakes = mistakes
	};

	for (size_t i = 0; i < files->count; i++)
		read_sections(&walk, files->inis[i], false);
	for (size_t i = 0; i < files->count; i++) {
		read_sections(&walk, files->inis[i], true);
		ini_unused(files->inis[i], &known, mistakes);
	}
	map_clear(&walk.partners);
	sort_registry(registry);
}

static struct ini *
add_file(struct partner_files *files, const char *path, struct mistakes *mistakes)
{
	struct ini *ini = ini_read(path, mistakes);

	if (!ini)
		return NULL;
	files->inis = mem_room(files->inis, files->count, sizeof *files->inis);
	files->inis[files->count++] = ini;
	return ini;
}

/* A file of partners.d speaks of the partner whose name it has, and of nobody else. */
static void
check_own(const struct ini *ini, const char *id, struct mistakes *mistakes)
{
	size_t size = strlen(id);
	bool there = false;

	for (size_t i = 0; i < ini->count; i++) {
		const char *name = ini->sections[i].name;

		if (strcmp(name, id) == 0)
			there = true;
		else if (strncmp(name, id, size) != 0 || name[size] != '/')
			mistakes_add(mistakes, ini->sections[i].place,
			    "[%s]: is not of partner '%s', whose file this is; move it",
			    name, id);
	}
	if (!there)
		mistakes_add(mistakes, (struct place){ ini->file, 0 },
		    "the section [%s] is missing; a file is named after its partner", id);
}

static void
add_own_file(struct partner_files *files, const char *name, struct mistakes *mistakes)
{
	size_t size = strlen(name);
	char *path = mem_format("%s/%s", folder, name);
	char *id = NULL;
	struct ini *ini;

	if (size > strlen(suffix) && strcmp(name + size - strlen(suffix), suffix) == 0)
		id = mem_format("%.*s", (int)(size - strlen(suffix)), name);
	if (!id || !name_is_id(id))
		mistakes_add(mistakes, (struct place){ path, 0 },
		    "is not named PARTNER.ini; rename or remove it");
	else if (strcmp(id, OPERATOR) == 0)
		mistakes_add(mistakes, (struct place){ path, 0 },
		    "is no partner's; move its sections to %s", single_file);
	else if ((ini = add_file(files, path, mistakes)))
		check_own(ini, id, mistakes);
	free(id);
	free(path);
}

static void
add_folder(struct partner_files *files, struct mistakes *mistakes)
{
	struct names names = { 0 };
	struct error err;

	if (!folder_read(&names, folder, &err))
		mistakes_error(mistakes, &err);
	for (size_t i = 0; i < names.count; i++)
		add_own_file(files, names.all[i], mistakes);
	names_clear(&names);
}

static bool
is_there(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 || errno != ENOENT;
}

bool
intake_partners(struct partner_files *files, const struct programme *programme,
    struct mistakes *mistakes)
{
	size_t before = mistakes->errors;

	*files = (struct partner_files){ 0 };
	if (is_there(single_file))
		add_file(files, single_file, mistakes);
	if (is_there(folder))
		add_folder(files, mistakes);
	make_registry(files, programme, mistakes);
	if (mistakes->errors == before && files->registry.partner_count == 0)
		mistakes_add(mistakes, (struct place){ single_file, 0 },
		    "there is no partner; write it, or one file a partner in %s", folder);
	registry_check(&files->registry, programme, mistakes);
	if (mistakes->errors == before)
		return true;
	partner_files_clear(files);
	return false;
}

void
partner_files_clear(struct partner_files *files)
{
	registry_clear(&files->registry);
	for (size_t i = 0; i < files->count; i++)
		ini_free(files->inis[i]);
	free(files->inis);
	*files = (struct partner_files){ 0 };
}
