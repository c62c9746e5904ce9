#include "policy/printing.h"

#include <stdlib.h>

#include "base/mem.h"

/* What groups are called where a contact's id would stand: no contact has such a one. */
static const char *
group_name(struct printing *printing, unsigned group)
{
	return pool_format(&printing->codes.words, "group %u", group);
}

/* All groups have their words at once: who is in the programme does not change them. */
static void
give_words(struct printing *printing, const struct brief *brief)
{
	struct marking marking = { .key = brief->mark_key,
		.advisory = brief->advisory->id };

	printing->attempts = mem_array(printing->groups, sizeof *printing->attempts);
	for (unsigned i = 0; i < printing->groups; i++) {
		marking.holder = group_name(printing, i);
		printing->attempts[i] = codes_take(&printing->codes, &marking);
	}
}

/* A look at some copy tells what marks all of them have; its mistakes are told later. */
static void
look(struct printing *printing, const struct brief *brief, const struct contact *first)
{
	struct mistakes unsaid = { 0 };
	struct copy copy = { .tier = printing->tier,
		.language = printing->language,
		.prior = printing->prior,
		.person = printing->personal ? first : NULL,
		.holder = "" };
	struct edition *edition = edition_new(brief, &copy, &unsaid);

	printing->marked = edition->mark_count > 0;
	codes_init(&printing->codes, edition->marks, edition->mark_count);
	edition_free(edition);
	mistakes_clear(&unsaid);
}

struct printing *
printing_new(const struct brief *brief, const struct tier *tier,
    const struct contact *first, const struct prior *prior)
{
	struct printing *printing = mem_new(sizeof *printing);

	printing->tier = tier;
	printing->language = first->language;
	printing->prior = prior;
	printing->personal = edition_is_personal(brief, tier, first->language, prior);
	look(printing, brief, first);
	if (printing->marked)
		printing->groups = brief->programme->groups;
	if (printing->groups)
		give_words(printing, brief);
	printing->shared = mem_array(printing->groups + 1, sizeof(struct edition *));
	return printing;
}

void
printing_free(struct printing *printing)
{
	codes_clear(&printing->codes);
	free(printing->attempts);
	free(printing->shared);
	free(printing);
}

struct copy
printing_copy(
    struct printing *printing, const struct brief *brief, const struct contact *to)
{
	bool own = printing->personal || (printing->marked && !printing->groups);
	struct copy copy = { .tier = printing->tier,
		.language = printing->language,
		.prior = printing->prior,
		.person = own ? to : NULL,
		.holder = to->to.id };

	if (printing->groups) {
		unsigned group = mark_group(brief->mark_key, brief->advisory->id,
		    to->partner->id, printing->groups);

		copy.group = group + 1;
		copy.groups = printing->groups;
		copy.holder = group_name(printing, group);
		copy.attempt = printing->attempts[group];
	} else if (printing->marked) {
		struct marking marking = { .key = brief->mark_key,
			.advisory = brief->advisory->id,
			.holder = copy.holder };

		copy.attempt = codes_take(&printing->codes, &marking);
	}
	return copy;
}

struct edition **
printing_shared(struct printing *printing, const struct copy *copy)
{
	return copy->person ? NULL : &printing->shared[copy->group];
}

void
printing_warn(
    const struct printing *printing, const struct brief *brief, struct mistakes *mistakes)
{
	if (printing->codes.alike)
		mistakes_warn(mistakes, brief->advisory->place,
		    "%zu copies for tier %s in %s have the marks of others: %.0f "
		    "different ones can be made; add variants, twice as many with each",
		    printing->codes.alike, printing->tier->id, printing->language,
		    printing->codes.room);
}
