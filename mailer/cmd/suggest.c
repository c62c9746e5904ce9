#include "cmd/suggest.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "cmd/place.h"
#include "edge/intake.h"
#include "policy/name.h"

struct known {
	char **names; /* owned, and each */
	size_t count;
};

static void
add(struct known *known, const char *name)
{
	known->names = mem_room(known->names, known->count, sizeof *known->names);
	known->names[known->count++] = mem_string(name);
}

static void
suggest(struct text *words, const char *name, struct known *known, const char *otherwise)
{
	const char *nearest =
	    name_nearest(name, (const char *const *)known->names, known->count);

	if (nearest)
		text_addf(words, "; did you mean %s?", nearest);
	else
		text_addf(words, "; %s", otherwise);
	for (size_t i = 0; i < known->count; i++)
		free(known->names[i]);
	free(known->names);
}

bool
suggest_needless(const char *id)
{
	char *path = mem_format(PLACE_ADVISORIES "/%s", id);
	bool there = name_is_advisory(id) && (access(path, F_OK) == 0 || errno != ENOENT);

	free(path);
	return there;
}

void
suggest_advisory(struct text *words, const char *id)
{
	struct mistakes mistakes = { 0 };
	struct known known = { 0 };

	intake_advisory_ids(&known.names, &known.count, &mistakes);
	suggest(words, id, &known, "forewarn advisory new ID makes one");
	mistakes_clear(&mistakes);
}

void
suggest_partner(struct text *words, const char *id, const struct registry *registry)
{
	struct known known = { 0 };

	for (size_t i = 0; i < registry->partner_count; i++)
		add(&known, registry->partners[i]->id);
	suggest(words, id, &known, "forewarn partners list has them all");
}

void
suggest_told(struct text *words, const char *contact, const struct plan *plan)
{
	struct known known = { 0 };
	char *lists = mem_format("forewarn preview %s lists them", plan->advisory->id);

	for (size_t i = 0; i < plan->line_count; i++)
		add(&known, plan->lines[i].to->to.id);
	suggest(words, contact, &known, lists);
	free(lists);
}

static bool
add_row(void *ctx, const struct delivery *delivery)
{
	add(ctx, delivery->contact);
	return true;
}

void
suggest_armed(
    struct text *words, const char *contact, const char *advisory, struct ledger *ledger)
{
	struct known known = { 0 };
	char *lists = mem_format("see forewarn status %s", advisory);
	struct error err;

	/* An error leaves fewer names. */
	(void)ledger_each(ledger, advisory, add_row, &known, &err);
	if (known.count)
		suggest(words, contact, &known, lists);
	else
		suggest_advisory(words, advisory);
	free(lists);
}
