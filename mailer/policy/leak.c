#include "policy/leak.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/decode.h"
#include "policy/leak_sources.h"
#include "policy/passage.h"

enum { WHOLE_LEAST = 16, QUOTED_MOST = 200 };

/* Passages of what some edition withholds, in what some edition gives. */
struct sighting {
	const struct source *given; /* NULL: in a rendered text */
	struct passage passage;
};

struct sightings {
	struct sighting *all; /* owned */
	size_t count;
};

struct leak {
	struct sources sources;
	struct passages *passages; /* their texts are the sources, by index */
	struct sightings sightings; /* ascending given */
	struct sightings quotations; /* those of them that is_quotation */
	struct mistakes *mistakes;
};

struct seeing {
	struct sightings *sightings;
	const struct source *given;
};

static void
add(struct sightings *sightings, const struct sighting *sighting)
{
	sightings->all =
	    mem_room(sightings->all, sightings->count, sizeof *sightings->all);
	sightings->all[sightings->count++] = *sighting;
}

static void
see(void *ctx, const struct passage *passage)
{
	struct seeing *seeing = ctx;
	struct sighting sighting = { seeing->given, *passage };

	add(seeing->sightings, &sighting);
}

static bool
withholds(const struct edition *edition)
{
	for (size_t i = 0; i < edition->item_count; i++)
		if (!edition->items[i].given)
			return true;
	return false;
}

static bool
some_withholds(struct edition *const editions[], size_t count, size_t leaf)
{
	for (size_t i = 0; i < count; i++)
		if (!editions[i]->failed && !editions[i]->items[leaf].given)
			return true;
	return false;
}

/* Whether the leaf is given to somebody who does not have all. */
static bool
some_gives(struct edition *const editions[], size_t count, size_t leaf)
{
	for (size_t i = 0; i < count; i++)
		if (!editions[i]->failed && editions[i]->items[leaf].given &&
		    withholds(editions[i]))
			return true;
	return false;
}

/* False when nothing is withheld that could be found. */
static bool
gather(struct leak *leak, struct edition *const editions[], size_t count)
{
	struct sources *sources = &leak->sources;
	bool any = false;

	for (size_t i = 0; i < sources->count; i++) {
		const struct source *source = &sources->all[i];
		bool withheld = some_withholds(editions, count, source->leaf);

		passages_add(leak->passages, source->bytes, withheld ? source->size : 0);
		any |= withheld;
	}
	return any;
}

static const struct source *
withheld_of(const struct leak *leak, const struct sighting *sighting)
{
	return &leak->sources.all[sighting->passage.text];
}

static size_t
length(const struct sighting *sighting)
{
	return sighting->passage.to - sighting->passage.from;
}

static bool
is_most(const struct sighting *sighting)
{
	return 2 * length(sighting) >= sighting->passage.size;
}

/* What is withheld quotes a fact or list that is given: a name, a title. */
static bool
is_quotation(const struct leak *leak, const struct sighting *sighting)
{
	if (!sighting->given || !sighting->given->fact)
		return false;
	return withheld_of(leak, sighting)->fact ||
	    (!is_most(sighting) && length(sighting) <= QUOTED_MOST);
}

static void
compare(struct leak *leak, struct edition *const editions[], size_t count)
{
	for (size_t i = 0; i < leak->sources.count; i++) {
		const struct source *source = &leak->sources.all[i];
		struct seeing seeing = { &leak->sightings, source };

		if (some_gives(editions, count, source->leaf))
			passages_find(
			    leak->passages, source->bytes, source->size, see, &seeing);
	}
	for (size_t i = 0; i < leak->sightings.count; i++)
		if (is_quotation(leak, &leak->sightings.all[i]))
			add(&leak->quotations, &leak->sightings.all[i]);
}

/* The longest stretch of the passage that is not quoted from a fact of the edition. */
static size_t
unquoted(const struct leak *leak, const struct sighting *sighting,
    const struct edition *edition)
{
	const struct passage *passage = &sighting->passage;
	size_t longest = 0, from = passage->from;

	while (from < passage->to) {
		size_t to = passage->to, resume = to;

		for (size_t i = 0; i < leak->quotations.count; i++) {
			const struct sighting *other = &leak->quotations.all[i];
			const struct passage *quoted = &other->passage;

			if (quoted->text != passage->text ||
			    quoted->form != passage->form || quoted->to <= from ||
			    quoted->from >= to ||
			    !edition->items[other->given->leaf].given)
				continue;
			to = quoted->from > from ? quoted->from : from;
			resume = quoted->to;
		}
		longest = to - from > longest ? to - from : longest;
		from = resume;
	}
	return longest;
}

/* Whether it is a mistake, and not just worth a look. */
static bool
is_grave(const struct leak *leak, const struct sighting *sighting,
    const struct edition *edition)
{
	const struct source *withheld = withheld_of(leak, sighting);

	if (sighting->passage.size < PASSAGE_LEAST)
		return !withheld->fact && sighting->passage.size >= WHOLE_LEAST;
	if (withheld->binary && !is_most(sighting))
		return false;
	return unquoted(leak, sighting, edition) >= PASSAGE_LEAST;
}

/* For each leaf that is withheld, the passage to tell of. */
struct verdict {
	const struct sighting *worst; /* NULL: none */
	bool grave;
};

static void
weigh(const struct leak *leak, struct verdict *verdict, const struct sighting *sighting,
    const struct edition *edition)
{
	bool grave;

	if (verdict->worst && verdict->grave &&
	    length(sighting) <= length(verdict->worst))
		return;
	grave = is_grave(leak, sighting, edition);
	if (!verdict->worst || grave > verdict->grave ||
	    (grave == verdict->grave && length(sighting) > length(verdict->worst)))
		*verdict = (struct verdict){ sighting, grave };
}

static void
write_where(struct text *text, const struct sighting *sighting)
{
	const struct source *given = sighting->given;

	if (given->fact)
		return;
	text_addf(text, " at line %u",
	    squeeze_line(given->bytes, given->size, sighting->passage.searched_form,
		sighting->passage.at));
	if (given->file)
		text_addf(text, " of %s", given->file);
}

static void
tell(
    const struct leak *leak, const struct verdict *verdict, const struct edition *edition)
{
	const struct sighting *worst = verdict->worst;
	const struct source *given = worst->given, *withheld = withheld_of(leak, worst);
	const struct item *item = &edition->items[withheld->leaf];
	const char *name = edition->items[given->leaf].name;
	struct text where = { 0 };

	write_where(&where, worst);
	if (verdict->grave)
		mistakes_add(leak->mistakes, given->place,
		    "%s: holds %zu bytes of %s (class %s)%s; tier %s may not have them",
		    name, length(worst), item->name, item->class, text_string(&where),
		    edition->tier->id);
	else
		mistakes_warn(leak->mistakes, given->place,
		    "%s: holds %zu bytes of %s (class %s)%s, too; see that they give "
		    "nothing away to tier %s",
		    name, length(worst), item->name, item->class, text_string(&where),
		    edition->tier->id);
	text_clear(&where);
}

static void
tell_all(const struct leak *leak, struct verdict *verdicts, const struct edition *edition,
    bool *told)
{
	for (size_t i = 0; i < leak->sources.leaf_count; i++) {
		if (verdicts[i].worst)
			tell(leak, &verdicts[i], edition);
		told[i] |= verdicts[i].worst && verdicts[i].grave;
		verdicts[i] = (struct verdict){ 0 };
	}
}

/* What its facts, texts and files hold; `told` are the leaves that a mistake names. */
static void
judge_values(const struct leak *leak, const struct edition *edition, bool *told)
{
	struct verdict *verdicts = mem_array(leak->sources.leaf_count, sizeof *verdicts);
	size_t before = 0;

	for (size_t i = 0; i < leak->sightings.count; i++) {
		const struct sighting *sighting = &leak->sightings.all[i];
		size_t withheld = withheld_of(leak, sighting)->leaf;

		if (!edition->items[sighting->given->leaf].given ||
		    edition->items[withheld].given)
			continue;
		if (sighting->given->leaf != before)
			tell_all(leak, verdicts, edition, told);
		before = sighting->given->leaf;
		weigh(leak, &verdicts[withheld], sighting, edition);
	}
	tell_all(leak, verdicts, edition, told);
	free(verdicts);
}

/* A rendered text, and each stretch of it that decodes. */
struct rendered {
	const struct leak *leak;
	const struct edition *edition;
	bool *told;
	unsigned line; /* of the stretch; 0: the text as it is */
};

static void
tell_rendered(const struct rendered *rendered, const struct sighting *sighting,
    const struct text *text)
{
	const struct edition *edition = rendered->edition;
	size_t leaf = withheld_of(rendered->leak, sighting)->leaf;
	unsigned line = rendered->line;

	if (edition->items[leaf].given || rendered->told[leaf] ||
	    !is_grave(rendered->leak, sighting, edition))
		return;
	rendered->told[leaf] = true;
	if (!line)
		line = squeeze_line(text->data, text->size,
		    sighting->passage.searched_form, sighting->passage.at);
	mistakes_add(rendered->leak->mistakes,
	    (struct place){ edition->tier->template, 0 },
	    "renders to %zu bytes of %s (class %s) at line %u in language '%s'; tier %s "
	    "may not have them",
	    length(sighting), edition->items[leaf].name, edition->items[leaf].class, line,
	    edition->language, edition->tier->id);
}

static void
judge_text(const struct rendered *rendered, const struct text *text)
{
	struct sightings sightings = { 0 };
	struct seeing seeing = { &sightings, NULL };

	passages_find(rendered->leak->passages, text->data, text->size, see, &seeing);
	for (size_t i = 0; i < sightings.count; i++)
		tell_rendered(rendered, &sightings.all[i], text);
	free(sightings.all);
}

static void
judge_decoded(void *ctx, unsigned line, struct text *decoded)
{
	struct rendered rendered = *(struct rendered *)ctx;

	rendered.line = line;
	judge_text(&rendered, decoded);
}

static void
judge_rendered(const struct leak *leak, const struct edition *edition, bool *told)
{
	struct rendered rendered = { leak, edition, told, 0 };

	judge_text(&rendered, &edition->subject);
	judge_text(&rendered, &edition->text);
	decode(text_string(&edition->text), edition->text.size, judge_decoded, &rendered);
}

/* The first edition of its tier speaks for what the tier may have. */
static bool
is_first(struct edition *const editions[], size_t which)
{
	for (size_t i = 0; i < which; i++)
		if (!editions[i]->failed && editions[i]->tier == editions[which]->tier)
			return false;
	return true;
}

static void
judge(const struct leak *leak, struct edition *const editions[], size_t count)
{
	bool *told = mem_array(leak->sources.leaf_count, sizeof *told);

	for (size_t i = 0; i < count; i++)
		if (!editions[i]->failed && is_first(editions, i)) {
			memset(told, 0, leak->sources.leaf_count * sizeof *told);
			judge_values(leak, editions[i], told);
			for (size_t j = i; j < count; j++)
				if (!editions[j]->failed &&
				    editions[j]->tier == editions[i]->tier)
					judge_rendered(leak, editions[j], told);
		}
	free(told);
}

void
leak_check(const struct advisory *advisory, struct edition *const editions[],
    size_t count, struct mistakes *mistakes)
{
	struct leak leak = { .passages = passages_new(), .mistakes = mistakes };

	sources_make(&leak.sources, advisory);
	if (gather(&leak, editions, count)) {
		compare(&leak, editions, count);
		judge(&leak, editions, count);
	}
	free(leak.sightings.all);
	free(leak.quotations.all);
	passages_free(leak.passages);
	sources_clear(&leak.sources);
}
