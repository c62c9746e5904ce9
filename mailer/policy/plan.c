#include "policy/plan.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "policy/leak.h"

/* The printing of a contact's tier, language and prior; made when it is not there. */
static struct printing *
printing_for(struct plan *plan, const struct brief *brief, const struct tier *tier,
    const struct contact *to, const struct prior *prior)
{
	for (size_t i = 0; i < plan->printing_count; i++)
		if (plan->printings[i]->tier == tier &&
		    plan->printings[i]->prior == prior &&
		    strcmp(plan->printings[i]->language, to->language) == 0)
			return plan->printings[i];
	plan->printings =
	    mem_room(plan->printings, plan->printing_count, sizeof *plan->printings);
	return plan->printings[plan->printing_count++] =
		   printing_new(brief, tier, to, prior);
}

/* The edition that the contact shares, or its own; made when it is not there. */
static const struct edition *
edition_for(struct plan *plan, const struct brief *brief, const struct tier *tier,
    const struct contact *to, const struct prior *prior, struct mistakes *mistakes)
{
	struct printing *printing = printing_for(plan, brief, tier, to, prior);
	struct copy copy = printing_copy(printing, brief, to);
	struct edition **shared = printing_shared(printing, &copy);
	struct edition *edition = shared ? *shared : NULL;

	if (edition)
		return edition;
	edition = edition_new(brief, &copy, mistakes);
	if (shared)
		*shared = edition;
	plan->editions =
	    mem_room(plan->editions, plan->edition_count, sizeof *plan->editions);
	return plan->editions[plan->edition_count++] = edition;
}

static const char *
explain(struct plan *plan, const struct contact *to, const struct line *line)
{
	const char *own = to->partner->tier->id, *language = "";

	if (line->edition->fell_back)
		language = pool_format(
		    &plan->strings, "; not all is there in '%s'", to->language);
	if (line->advisory->kind == ADVISORY_PUBLIC)
		return pool_format(
		    &plan->strings, "tier %s, as everyone: it is public", line->tier->id);
	if (line->tier == to->partner->tier)
		return pool_format(&plan->strings, "tier %s%s", own, language);
	return pool_format(&plan->strings, "tier %s, lowered to %s by rule %s%s", own,
	    line->tier->id, line->rules, language);
}

static void
add_absence(struct plan *plan, const struct contact *to, const char *why)
{
	plan->absences =
	    mem_room(plan->absences, plan->absence_count, sizeof *plan->absences);
	plan->absences[plan->absence_count++] = (struct absence){ to, why };
}

/* Who is told when all is public has the lowest tier, whatever else is true of them. */
static const struct tier *
tier_of(const struct brief *brief, const struct contact *to, struct text *rules)
{
	const struct tier *tier = partner_tier(to->partner, brief->programme, rules);

	return brief->advisory->kind == ADVISORY_PUBLIC ? &brief->programme->tiers[0]
							: tier;
}

static void
add_line(struct plan *plan, const struct brief *brief, const struct contact *to,
    const struct prior *prior, struct mistakes *mistakes)
{
	bool public = brief->advisory->kind == ADVISORY_PUBLIC;
	struct text rules = { 0 };
	struct line line = { .advisory = brief->advisory, .to = to };

	line.tier = tier_of(brief, to, &rules);
	line.rules = pool_keep(&plan->strings, rules.data, rules.size);
	text_clear(&rules);
	line.wave = programme_wave_of(brief->programme, line.tier);
	line.edition = edition_for(plan, brief, line.tier, to, prior, mistakes);
	line.answers = prior ? prior->revision : 0;
	line.opens = public ? brief->advisory->release
			    : offset_from(&line.wave->opens, brief->advisory->release,
				  &brief->programme->calendar);
	line.lasts = line.wave->lasts;
	line.why = explain(plan, to, &line);
	plan->lines = mem_room(plan->lines, plan->line_count, sizeof *plan->lines);
	plan->lines[plan->line_count++] = line;
}

/* It keeps its marks from others all the same, whose own stay when it comes back. */
static void
add_suspended(struct plan *plan, const struct brief *brief, const struct contact *to,
    const struct prior *prior)
{
	struct text rules = { 0 };
	const struct tier *tier = tier_of(brief, to, &rules);

	add_absence(plan, to, "the partner is suspended");
	printing_copy(printing_for(plan, brief, tier, to, prior), brief, to);
	text_clear(&rules);
}

static void
digest(struct plan *plan)
{
	struct text text = { 0 };

	for (size_t i = 0; i < plan->line_count; i++) {
		line_write(&text, &plan->lines[i]);
		text_addc(&text, '\n');
	}
	digest_sha256(plan->digest, text.data, text.size);
	text_clear(&text);
}

bool
plan_make(struct plan *plan, const struct brief *brief, struct mistakes *mistakes)
{
	const struct registry *registry = brief->registry;
	size_t before = mistakes->errors;

	*plan = (struct plan){ .advisory = brief->advisory };
	for (size_t i = 0; i < registry->contact_count; i++) {
		const struct contact *to = registry->contacts[i];
		const struct prior *prior =
		    brief->history ? history_of(brief->history, to->to.id) : NULL;

		if (to->partner->status == PARTNER_SUSPENDED)
			add_suspended(plan, brief, to, prior);
		else if (brief->advisory->kind == ADVISORY_WITHDRAWAL && !prior)
			add_absence(plan, to, "it has had nothing that is withdrawn");
		else
			add_line(plan, brief, to, prior, mistakes);
	}
	for (size_t i = 0; i < plan->printing_count; i++)
		printing_warn(plan->printings[i], brief, mistakes);
	leak_check(brief->advisory, plan->editions, plan->edition_count, mistakes);
	if (mistakes->errors > before) {
		plan_clear(plan);
		return false;
	}
	digest(plan);
	return true;
}

void
plan_clear(struct plan *plan)
{
	for (size_t i = 0; i < plan->edition_count; i++)
		edition_free(plan->editions[i]);
	for (size_t i = 0; i < plan->printing_count; i++)
		printing_free(plan->printings[i]);
	free(plan->printings);
	free(plan->editions);
	free(plan->lines);
	free(plan->absences);
	pool_clear(&plan->strings);
	*plan = (struct plan){ 0 };
}

static int
compare_contact(const void *id, const void *line)
{
	return strcmp(id, ((const struct line *)line)->to->to.id);
}

const struct line *
plan_line(const struct plan *plan, const char *contact)
{
	if (plan->line_count == 0)
		return NULL;
	return bsearch(
	    contact, plan->lines, plan->line_count, sizeof *plan->lines, compare_contact);
}

void
line_write(struct text *text, const struct line *line)
{
	text_addf(text, "forewarn-line-1 advisory=%s revision=%u contact=%s partner=%s",
	    line->advisory->id, line->advisory->revision, line->to->to.id,
	    line->to->partner->id);
	text_addf(text, " address=%s key=%s tier=%s wave=%s edition=", line->to->to.mail,
	    line->to->to.fingerprint, line->tier->id, line->wave->id);
	text_hex(text, line->edition->digest, DIGEST_SIZE);
	text_adds(text, " opens=");
	when_write(text, line->opens);
	text_addf(text, " lasts=%lld rules=%s", (long long)line->lasts, line->rules);
	if (line->answers)
		text_addf(text, " answers=%u", line->answers);
}

void
line_digest(unsigned char out[DIGEST_SIZE], const struct line *line)
{
	struct text text = { 0 };

	line_write(&text, line);
	digest_sha256(out, text.data, text.size);
	text_clear(&text);
}

bool
line_sealed_alone(const struct line *line)
{
	return line->tier->alone || line->to->partner->alone;
}
