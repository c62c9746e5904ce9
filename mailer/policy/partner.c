#include "policy/partner.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/pool.h"
#include "base/when.h"

void
registry_clear(struct registry *registry)
{
	for (size_t i = 0; i < registry->partner_count; i++) {
		free(registry->partners[i]->countries);
		free(registry->partners[i]);
	}
	for (size_t i = 0; i < registry->contact_count; i++)
		free(registry->contacts[i]);
	for (size_t i = 0; i < registry->operator_count; i++)
		free(registry->operators[i]);
	free(registry->partners);
	free(registry->contacts);
	free(registry->operators);
	*registry = (struct registry){ 0 };
}

static int
compare(const void *id, const void *contact)
{
	return strcmp(id, (*(const struct contact *const *)contact)->to.id);
}

const struct contact *
registry_contact(const struct registry *registry, const char *id)
{
	struct contact **found = NULL;

	if (registry->contact_count)
		found = bsearch(id, registry->contacts, registry->contact_count,
		    sizeof *registry->contacts, compare);
	return found ? *found : NULL;
}

/* Few, so that nothing is sorted for them. */
const struct operator* registry_operator(const struct registry *registry, const char *id)
{
	for (size_t i = 0; i < registry->operator_count; i++)
		if (strcmp(registry->operators[i]->to.id, id) == 0)
			return registry->operators[i];
	return NULL;
}

const struct recipient *
registry_owner(const struct registry *registry, const char *fingerprint)
{
	for (size_t i = 0; i < registry->contact_count; i++)
		if (strcmp(registry->contacts[i]->to.fingerprint, fingerprint) == 0)
			return &registry->contacts[i]->to;
	for (size_t i = 0; i < registry->operator_count; i++)
		if (strcmp(registry->operators[i]->to.fingerprint, fingerprint) == 0)
			return &registry->operators[i]->to;
	return NULL;
}

/* Who has an id, an address and a key of his own. */
struct owner {
	const char *kind;
	const struct recipient *to;
	struct place place;
};

/* A name that one alone may have; the first keeps it. NULL: a mistake already told. */
static void
claim(struct map *owners, const char *name, const char *what, struct owner *owner,
    struct mistakes *mistakes)
{
	const struct owner *first = name ? map_put(owners, name, owner) : NULL;

	if (first)
		mistakes_add(mistakes, owner->place,
		    "%s '%s': its %s is that of %s '%s', too (%s:%u)", owner->kind,
		    owner->to->id, what, first->kind, first->to->id, first->place.file,
		    first->place.line);
}

static const char *
lower(struct pool *strings, const char *string)
{
	struct text text = { 0 };
	const char *kept;

	if (!string)
		return NULL;
	for (; *string; string++)
		text_addc(&text, (char)tolower((unsigned char)*string));
	kept = pool_keep(strings, text_string(&text), text.size);
	text_clear(&text);
	return kept;
}

/* Contacts first: where an operator has what is a contact's, the operator is wrong. */
static struct owner *
list_owners(const struct registry *registry, size_t *count)
{
	struct owner *owners;

	*count = registry->contact_count + registry->operator_count;
	owners = mem_array(*count, sizeof *owners);
	for (size_t i = 0; i < registry->contact_count; i++)
		owners[i] = (struct owner){ "contact", &registry->contacts[i]->to,
			registry->contacts[i]->place };
	for (size_t i = 0; i < registry->operator_count; i++)
		owners[registry->contact_count + i] = (struct owner){ "operator",
			&registry->operators[i]->to, registry->operators[i]->place };
	return owners;
}

static void
check_contact(const struct programme *programme, const struct contact *contact,
    struct mistakes *mistakes)
{
	if (!contact->partner)
		mistakes_add(mistakes, contact->place,
		    "contact '%s': its partner is not there; add its section",
		    contact->to.id);
	/* A programme without tiers could not be read. */
	if (!programme->tier_count || strcmp(contact->language, programme->language) == 0)
		return;
	for (size_t i = 0; i < programme->language_count; i++)
		if (strcmp(contact->language, programme->languages[i].id) == 0)
			return;
	mistakes_warn(mistakes, contact->place,
	    "contact '%s': language '%s' has no section [language.%s]; whatever is not "
	    "written in it cannot be sent",
	    contact->to.id, contact->language, contact->language);
}

static void
check_unique(const struct registry *registry, struct mistakes *mistakes)
{
	struct map ids = { 0 }, mails = { 0 }, keys = { 0 };
	struct pool strings = { 0 };
	size_t count;
	struct owner *owners = list_owners(registry, &count);

	for (size_t i = 0; i < count; i++) {
		const struct recipient *to = owners[i].to;

		claim(&ids, to->id, "id", &owners[i], mistakes);
		claim(&mails, lower(&strings, to->mail), "address", &owners[i], mistakes);
		claim(&keys, to->fingerprint, "key", &owners[i], mistakes);
	}
	free(owners);
	map_clear(&ids);
	map_clear(&mails);
	map_clear(&keys);
	pool_clear(&strings);
}

static void
check_partners(const struct registry *registry, struct mistakes *mistakes)
{
	struct map ids = { 0 }, reached = { 0 };

	for (size_t i = 0; i < registry->contact_count; i++)
		if (registry->contacts[i]->partner)
			map_put(&reached, registry->contacts[i]->partner->id,
			    registry->contacts[i]);
	for (size_t i = 0; i < registry->partner_count; i++) {
		struct partner *partner = registry->partners[i];
		const struct partner *other = map_put(&ids, partner->id, partner);

		if (other)
			mistakes_add(mistakes, partner->place,
			    "partner '%s': is there already (%s:%u)", partner->id,
			    other->place.file, other->place.line);
		else if (strcmp(partner->id, OPERATOR) == 0)
			mistakes_add(mistakes, partner->place,
			    "partner '%s': the name is kept for the programme's own "
			    "people, one section [%s/NAME] each; choose another",
			    partner->id, OPERATOR);
		else if (!map_get(&reached, partner->id))
			mistakes_add(mistakes, partner->place,
			    "partner '%s': has no contact; add a section [%s/NAME]",
			    partner->id, partner->id);
	}
	map_clear(&ids);
	map_clear(&reached);
}

void
registry_check(const struct registry *registry, const struct programme *programme,
    struct mistakes *mistakes)
{
	check_partners(registry, mistakes);
	check_unique(registry, mistakes);
	for (size_t i = 0; i < registry->contact_count; i++)
		check_contact(programme, registry->contacts[i], mistakes);
}

static bool
matches(const struct rule *rule, const struct partner *partner)
{
	for (size_t i = 0; i < rule->country_count; i++)
		for (size_t j = 0; j < partner->country_count; j++)
			if (strcmp(rule->countries[i], partner->countries[j]) == 0)
				return true;
	return false;
}

static bool
is_past(const char *what, const char *key, time_t day, time_t now, struct text *why)
{
	struct text text = { 0 };

	if (!day || day > now)
		return false;
	if (why) {
		when_write(&text, day);
		text_addf(why, "its %s was due on %.10s; set %s anew", what,
		    text_string(&text), key);
		text_clear(&text);
	}
	return true;
}

bool
partner_lapsed(const struct partner *partner, time_t now, struct text *why)
{
	return partner->lapses &&
	    (is_past("review", "review_by", partner->review_by, now, why) ||
		is_past(
		    "agreement", "agreement_until", partner->agreement_until, now, why));
}

const struct tier *
partner_tier(
    const struct partner *partner, const struct programme *programme, struct text *rules)
{
	const struct tier *lowest = partner->tier;
	bool first = true;

	for (size_t i = 0; i < programme->rule_count; i++) {
		const struct rule *rule = &programme->rules[i];

		if (!matches(rule, partner))
			continue;
		text_addf(rules, "%s%s", first ? "" : ",", rule->id);
		first = false;
		if (rule->tier->rank < lowest->rank)
			lowest = rule->tier;
	}
	if (first)
		text_adds(rules, "-");
	return lowest;
}
