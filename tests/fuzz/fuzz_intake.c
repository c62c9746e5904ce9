/*
 * Any bytes as advisory.ini (they name [advisory]) or as partners.ini, in a directory as
 * an operator has it. What is accepted keeps the rules of the whole, asked for here in
 * another way.
 */
#include "base/mem.h"
#include "base/utf8.h"
#include "edge/intake.h"
#include "policy/address.h"
#include "policy/name.h"
#include "folder.h"

enum { LEAVES = 512 };

static const char *entry_admits[] = { "guidance", "detection" };
static const char *restricted_admits[] = { "guidance" };

static struct tier tiers[] = {
	{ .id = "restricted", .rank = 1, .admits = { restricted_admits, 1 } },
	{ .id = "entry", .rank = 2, .admits = { entry_admits, 2 } },
};
static struct language korean = { "ko", true };
static const struct programme programme = { .language = "en",
	.tiers = tiers,
	.tier_count = 2,
	.languages = &korean,
	.language_count = 1 };

/* --- partners.ini -------------------------------------------------------------- */

static void
check_partner(const struct registry *registry, const struct partner *partner)
{
	size_t contacts = 0;

	must(name_is_id(partner->id) && strcmp(partner->id, "operator") != 0,
	    "a partner has a name, which is not the one of our own people");
	must(partner->organisation && partner->tier && partner->country_count > 0,
	    "a partner has a tier and a country");
	must_be_line(partner->organisation);
	for (size_t i = 0; i < partner->country_count; i++)
		must(name_is_country(partner->countries[i]), "a country is one");
	for (size_t i = 0; i < registry->contact_count; i++)
		contacts += registry->contacts[i]->partner == partner;
	must(contacts > 0, "a partner has a contact");
}

static void
check_contact(const struct registry *registry, size_t at)
{
	const struct contact *contact = registry->contacts[at];
	size_t size;

	must(contact->partner && name_is_contact(contact->to.id),
	    "a contact is a partner's");
	size = strlen(contact->partner->id);
	must(strncmp(contact->to.id, contact->partner->id, size) == 0 &&
		contact->to.id[size] == '/',
	    "and bears its name");
	must(address_ok(contact->to.mail) &&
		name_is_fingerprint(contact->to.fingerprint) &&
		name_is_language(contact->language),
	    "it has an address, a key, a language");
	must_be_line(contact->name);
	for (size_t i = 0; i < at; i++)
		must(strcasecmp(registry->contacts[i]->to.mail, contact->to.mail) != 0 &&
			strcmp(registry->contacts[i]->to.fingerprint,
			    contact->to.fingerprint) != 0,
		    "which are nobody else's");
	must(registry_contact(registry, contact->to.id) == contact,
	    "it is found by its name");
}

/* Nobody of ours is anybody's contact. */
static void
check_operator(const struct registry *registry, const struct operator* operator)
{
	const struct recipient *to = &operator->to;

	must(strncmp(to->id, "operator/", 9) == 0 && name_is_id(to->id + 9) &&
		address_ok(to->mail) && name_is_fingerprint(to->fingerprint) &&
		name_is_language(operator->language),
	    "an operator has a name, an address, a key, a language");
	must_be_line(operator->name);
	for (size_t i = 0; i < registry->contact_count; i++)
		must(strcasecmp(registry->contacts[i]->to.mail, to->mail) != 0 &&
			strcmp(registry->contacts[i]->to.fingerprint, to->fingerprint) !=
			    0,
		    "which are no contact's");
	must(registry_operator(registry, to->id) == operator,
	    "and is found by that name, which nobody shares");
}

static void
check_partners(const uint8_t *bytes, size_t size)
{
	struct mistakes mistakes = { 0 };
	struct partner_files files;
	const struct registry *registry = &files.registry;

	put("partners.ini", bytes, size);
	if (intake_partners(&files, &programme, &mistakes)) {
		must(mistakes.errors == 0 && registry->partner_count > 0,
		    "what has mistakes is not accepted");
		for (size_t i = 0; i < registry->partner_count; i++)
			check_partner(registry, registry->partners[i]);
		for (size_t i = 1; i < registry->partner_count; i++)
			must(strcmp(registry->partners[i - 1]->id,
				 registry->partners[i]->id) < 0,
			    "partners are in order, each once");
		for (size_t i = 0; i < registry->contact_count; i++)
			check_contact(registry, i);
		for (size_t i = 0; i < registry->operator_count; i++)
			check_operator(registry, registry->operators[i]);
	} else {
		must(mistakes.errors > 0, "refused for a reason");
	}
	must_be_lines(&mistakes);
	partner_files_clear(&files);
	mistakes_clear(&mistakes);
}

/* --- advisory.ini -------------------------------------------------------------- */

/* The contents of files, and the class that each is in. */
struct contents {
	struct {
		const char *bytes, *class;
		size_t size;
	} all[LEAVES];
	size_t count;
};

/* A text has lost the line end that closes its file. */
static void
add_content(struct contents *contents, const struct value *value, const char *class)
{
	size_t size = value->size, i;

	size -= size && value->bytes[size - 1] == '\n';
	for (i = 0; i < contents->count; i++)
		must(contents->all[i].size != size ||
			memcmp(contents->all[i].bytes, value->bytes, size) != 0 ||
			strcmp(contents->all[i].class, class) == 0,
		    "no content is in two classes");
	if (contents->count == LEAVES)
		return;
	contents->all[i].bytes = value->bytes;
	contents->all[i].size = size;
	contents->all[i].class = class;
	contents->count++;
}

static void
check_value(const struct value *value, const char *class, struct contents *contents)
{
	bool is_text = value->kind == VALUE_TEXT;

	class = value->class ? value->class : class;
	must(value->bytes[value->size] == '\0', "a value ends with NUL");
	must(!memmem(value->bytes, value->size, outside, strlen(outside)),
	    "no file from outside");
	must(value->kind == VALUE_MAP || value->kind == VALUE_LIST || class,
	    "each value has a class");
	must(!value->class || name_is_id(value->class), "a class has a name");
	if (value->kind == VALUE_FILE)
		add_content(contents, value, class);
	if (value->kind == VALUE_STRING)
		must(utf8_text(value->bytes, value->size), "a string is clean text");
	for (size_t i = 0; i < value->count; i++) {
		if (is_text)
			add_content(contents, value->children[i], class);
		check_value(value->children[i], class, contents);
	}
}

/* Nothing under a class that is not asked for. */
static void
check_admitted(const struct value *value)
{
	must(!value->class || strcmp(value->class, "guidance") == 0,
	    "what is not admitted is not there");
	for (size_t i = 0; i < value->count; i++)
		check_admitted(value->children[i]);
}

static void
check_advisory(const uint8_t *bytes, size_t size)
{
	struct mistakes mistakes = { 0 };
	struct contents contents = { .count = 0 };
	struct advisory *advisory;
	struct value *admitted;

	put("advisories/ADV-1/1/advisory.ini", bytes, size);
	advisory = intake_advisory("ADV-1", 1, &programme, FILE_MOST, &mistakes);
	must(!advisory == (mistakes.errors > 0), "refused for a reason, and only then");
	must_be_lines(&mistakes);
	mistakes_clear(&mistakes);
	if (!advisory)
		return;
	must(strcmp(advisory->id, "ADV-1") == 0, "it is that of its folder");
	must(advisory->release >= 0, "it has a release");
	check_value(advisory->values, NULL, &contents);
	admitted = value_admit(advisory->values, &tiers[0].admits);
	if (admitted)
		check_admitted(admitted);
	value_free(admitted);
	advisory_free(advisory);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	bool is_advisory = size && memmem(bytes, size, "[advisory]", 10);

	in_folder(is_advisory ? check_advisory : check_partners, bytes, size);
	return 0;
}
