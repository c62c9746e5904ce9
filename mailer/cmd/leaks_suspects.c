#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "cmd/leaks.h"

static bool
add_borne(void *ctx, const struct borne *borne)
{
	struct trail *trail = ctx;
	struct word *word =
	    trail->word_count ? &trail->words[trail->word_count - 1] : NULL;

	if (!word || word->code != borne->code) {
		trail->words =
		    mem_room(trail->words, trail->word_count, sizeof *trail->words);
		word = &trail->words[trail->word_count++];
		word->code = borne->code;
		word->groups = borne->groups;
	}
	word->marks = mem_room(word->marks, word->count, sizeof *word->marks);
	word->marks[word->count++] = borne->mark;
	return true;
}

bool
leaks_words(struct trail *trail, struct ledger *ledger, const char *advisory,
    unsigned revision, struct error *err)
{
	return ledger_codes(ledger, advisory, revision, add_borne, trail, err);
}

/* Gathering who had copies of one revision. */
struct gathering {
	struct leaks *leaks;
	struct map *contacts; /* their index in suspects, and one */
	size_t trail;
};

static struct suspect *
suspect_of(const struct gathering *gathering, const struct bearer *bearer)
{
	struct leaks *leaks = gathering->leaks;
	size_t known = (size_t)map_get(gathering->contacts, bearer->contact);
	struct suspect *suspect;

	if (known)
		return &leaks->suspects[known - 1];
	leaks->suspects =
	    mem_room(leaks->suspects, leaks->suspect_count, sizeof *leaks->suspects);
	suspect = &leaks->suspects[leaks->suspect_count++];
	suspect->contact = mem_string(bearer->contact);
	suspect->partner = mem_string(bearer->partner);
	suspect->words = mem_array(leaks->trail_count, sizeof(struct word *));
	map_put(gathering->contacts, suspect->contact, (void *)leaks->suspect_count);
	return suspect;
}

/* Its newest copy counts: the same marks are in the older ones. */
static bool
add_bearer(void *ctx, const struct bearer *bearer)
{
	const struct gathering *gathering = ctx;
	const struct trail *trail = &gathering->leaks->trails[gathering->trail];
	struct suspect *suspect = suspect_of(gathering, bearer);

	if (!suspect->words[gathering->trail])
		suspect->words[gathering->trail] = trail_word(trail, bearer->code);
	return true;
}

/* A leak that may be of either of two advisories tells of none. */
static bool
is_placed(const struct leak *leak)
{
	return leak->advisory && !leak->rival;
}

static bool
has_revision(const struct leak *leak, const char *advisory, unsigned revision)
{
	for (size_t i = 0; i < leak->revision_count; i++)
		if (is_placed(leak) && strcmp(leak->advisory, advisory) == 0 &&
		    leak->revisions[i] == revision)
			return true;
	return false;
}

static unsigned
newest(const struct leaks *leaks, const char *advisory, unsigned below)
{
	unsigned newest = 0;

	for (size_t i = 0; i < leaks->count; i++)
		for (size_t j = 0; j < leaks->all[i].revision_count; j++) {
			unsigned revision = leaks->all[i].revisions[j];

			if (revision < below && revision > newest &&
			    has_revision(&leaks->all[i], advisory, revision))
				newest = revision;
		}
	return newest;
}

static int
by_code(const void *a, const void *b)
{
	const struct word *one = a, *two = b;

	return (one->code > two->code) - (one->code < two->code);
}

/* Those that the trail does not have are moved to it. */
static void
move_words(struct trail *trail, struct trail *from)
{
	size_t before = trail->word_count;

	for (size_t i = 0; i < from->word_count; i++) {
		bool known = false;

		for (size_t j = 0; j < before && !known; j++)
			known = trail->words[j].code == from->words[i].code;
		if (known)
			continue;
		trail->words =
		    mem_room(trail->words, trail->word_count, sizeof *trail->words);
		trail->words[trail->word_count++] = from->words[i];
		from->words[i].marks = NULL;
	}
	trail_clear(from);
}

/* All words first: suspects point to them. */
static bool
read_words(
    struct leaks *leaks, struct trail *trail, struct ledger *ledger, struct error *err)
{
	unsigned revision = newest(leaks, trail->advisory, (unsigned)-1);
	bool ok = true;

	for (; ok && revision; revision = newest(leaks, trail->advisory, revision)) {
		struct trail more = { 0 };

		ok = leaks_words(&more, ledger, trail->advisory, revision, err);
		move_words(trail, &more);
	}
	if (trail->word_count)
		qsort(trail->words, trail->word_count, sizeof *trail->words, by_code);
	return ok;
}

static bool
read_bearers(struct gathering *gathering, struct ledger *ledger, struct error *err)
{
	const struct leaks *leaks = gathering->leaks;
	const char *advisory = leaks->trails[gathering->trail].advisory;
	unsigned revision = newest(leaks, advisory, (unsigned)-1);
	bool ok = true;

	for (; ok && revision; revision = newest(leaks, advisory, revision))
		ok = ledger_bearers(
		    ledger, advisory, revision, add_bearer, gathering, err);
	return ok;
}

static struct trail *
trail_of(struct leaks *leaks, const char *advisory)
{
	for (size_t i = 0; i < leaks->trail_count; i++)
		if (strcmp(leaks->trails[i].advisory, advisory) == 0)
			return &leaks->trails[i];
	leaks->trails =
	    mem_room(leaks->trails, leaks->trail_count, sizeof *leaks->trails);
	leaks->trails[leaks->trail_count].advisory = advisory;
	return &leaks->trails[leaks->trail_count++];
}

bool
leaks_suspect(struct leaks *leaks, const struct session *session, struct error *err)
{
	struct map contacts = { 0 };
	bool ok = true;

	for (size_t i = 0; i < leaks->count; i++)
		if (is_placed(&leaks->all[i]))
			findings_join(&trail_of(leaks, leaks->all[i].advisory)->findings,
			    &leaks->all[i].findings);
	for (size_t i = 0; ok && i < leaks->trail_count; i++) {
		struct gathering gathering = { leaks, &contacts, i };

		ok = read_words(leaks, &leaks->trails[i], session->ledger, err) &&
		    read_bearers(&gathering, session->ledger, err);
	}
	map_clear(&contacts);
	return ok;
}
