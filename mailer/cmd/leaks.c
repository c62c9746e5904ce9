#include "cmd/leaks.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "policy/squeeze.h"

enum { LEAK_MOST = 16 * 1024 * 1024, ID_LEAST = 6 };

bool
leaks_open(
    struct leaks *leaks, const char *const files[], size_t count, struct error *err)
{
	bool ok = true;

	*leaks = (struct leaks){ .all = mem_array(count, sizeof *leaks->all) };
	for (size_t i = 0; ok && i < count; i++) {
		struct text bytes = { 0 };

		ok = file_read(files[i], LEAK_MOST, &bytes, err);
		if (ok) {
			leaks->all[leaks->count].file = files[i];
			leaked_read(&leaks->all[leaks->count++].leaked, &bytes);
		}
		text_clear(&bytes);
	}
	return ok;
}

/* A revision that something may have leaked of. */
struct candidate {
	const struct session *session;
	const char *id;
	unsigned revision;
	struct clues clues;
	struct trail trail; /* its words alone */
	struct mistakes *mistakes;
};

/* In each language that a tier may have read it in. */
static void
collect_of(struct candidate *candidate, const struct brief *brief, struct copy *copy)
{
	const struct programme *programme = brief->programme;

	copy->language = programme->language;
	clues_add(&candidate->clues, brief, copy);
	for (size_t i = 0; i < programme->language_count; i++) {
		copy->language = programme->languages[i].id;
		if (strcmp(copy->language, programme->language) != 0)
			clues_add(&candidate->clues, brief, copy);
	}
}

/* Each tier, language and past that somebody may have had. */
static void
collect_clues(
    struct candidate *candidate, const struct brief *brief, const struct history *history)
{
	/* No name: what stands around a mark is cut off where a name does. */
	const struct partner partner = { .id = "-", .organisation = "-" };
	const struct contact nobody = { .to.id = "-", .partner = &partner, .name = "-" };
	struct copy copy = { .person = &nobody, .holder = "" };

	for (size_t i = 0; i < brief->programme->tier_count; i++) {
		copy.tier = &brief->programme->tiers[i];
		copy.prior = NULL;
		collect_of(candidate, brief, &copy);
		for (size_t j = 0; j < history->prior_count; j++) {
			copy.prior = history->priors[j];
			collect_of(candidate, brief, &copy);
		}
	}
}

static void
read_clues(struct candidate *candidate, const struct advisory *advisory)
{
	const struct brief brief = session_brief(candidate->session, advisory);
	struct history history = { 0 };
	struct error err;

	if (ledger_history(candidate->session->ledger, advisory, &history, &err))
		collect_clues(candidate, &brief, &history);
	else
		mistakes_error(candidate->mistakes, &err);
	history_clear(&history);
}

static bool
candidate_open(struct candidate *candidate)
{
	const struct session *session = candidate->session;
	struct advisory *advisory;
	struct error err;

	if (!leaks_words(&candidate->trail, session->ledger, candidate->id,
		candidate->revision, &err))
		mistakes_error(candidate->mistakes, &err);
	if (!candidate->trail.word_count)
		return false; /* nobody had a copy with marks */
	advisory = intake_advisory(candidate->id, candidate->revision,
	    &session->config.programme, session->config.max_file, candidate->mistakes);
	if (advisory)
		read_clues(candidate, advisory);
	advisory_free(advisory);
	return advisory != NULL;
}

static void
find_notices(
    const struct trail *trail, const struct leaked *leaked, struct findings *findings)
{
	for (size_t i = 0; i < trail->word_count; i++)
		for (size_t j = 0; j < trail->words[i].count; j++)
			if (trail->words[i].marks[j].of == NOTICE_OF)
				notice_find(&trail->words[i].marks[j], leaked, findings);
}

/* An id that is no common word. */
static bool
tells_id(const struct leaked *leaked, const char *id)
{
	char form[256];
	size_t size = squeeze(form, id, strnlen(id, sizeof form), SQUEEZE_BARE);

	return size >= ID_LEAST && leaked_has(leaked, form, size);
}

static void
add_revision(struct leak *leak, unsigned revision)
{
	leak->revisions =
	    mem_room(leak->revisions, leak->revision_count, sizeof *leak->revisions);
	leak->revisions[leak->revision_count++] = revision;
}

static void
take(struct leak *leak, const struct candidate *candidate, struct findings *findings,
    size_t found)
{
	findings_clear(&leak->findings);
	leak->findings = *findings;
	*findings = (struct findings){ 0 };
	free(leak->advisory);
	free(leak->rival);
	free(leak->revisions);
	leak->advisory = mem_string(candidate->id);
	leak->rival = NULL;
	leak->revisions = NULL;
	leak->revision_count = 0;
	leak->found = found;
	add_revision(leak, candidate->revision);
}

static void
compare(struct leak *leak, const struct candidate *candidate)
{
	struct findings findings = { 0 };
	size_t found;

	clues_find(&candidate->clues, &leak->leaked, &findings);
	find_notices(&candidate->trail, &leak->leaked, &findings);
	found = findings.count;
	if (found)
		found += tells_id(&leak->leaked, candidate->id);
	if (found > leak->found)
		take(leak, candidate, &findings, found);
	else if (found && found == leak->found &&
	    strcmp(leak->advisory, candidate->id) == 0)
		add_revision(leak, candidate->revision);
	else if (found && found == leak->found && !leak->rival)
		leak->rival = mem_string(candidate->id);
	findings_clear(&findings);
}

static void
place_revision(struct leaks *leaks, struct candidate *candidate)
{
	if (candidate_open(candidate))
		for (size_t i = 0; i < leaks->count; i++)
			compare(&leaks->all[i], candidate);
	clues_clear(&candidate->clues);
	trail_clear(&candidate->trail);
}

static void
place_advisory(struct leaks *leaks, const struct session *session,
    const struct scope *scope, struct mistakes *mistakes)
{
	struct error err;
	unsigned revision = scope->revision;

	if (!revision)
		revision = intake_newest_revision(scope->id, &err);
	if (!revision)
		mistakes_error(mistakes, &err);
	for (; revision > 0; revision--) {
		struct candidate candidate = { .session = session,
			.id = scope->id,
			.revision = revision,
			.mistakes = mistakes };

		place_revision(leaks, &candidate);
		if (scope->revision)
			break;
	}
}

void
leaks_place(struct leaks *leaks, const struct session *session, const struct scope *scope,
    struct mistakes *mistakes)
{
	char **ids = NULL;
	size_t count = 0;

	if (scope->id)
		place_advisory(leaks, session, scope, mistakes);
	else
		intake_advisory_ids(&ids, &count, mistakes);
	for (size_t i = 0; i < count; i++) {
		place_advisory(leaks, session, &(struct scope){ .id = ids[i] }, mistakes);
		free(ids[i]);
	}
	free(ids);
}

void
leaks_clear(struct leaks *leaks)
{
	for (size_t i = 0; i < leaks->count; i++) {
		struct leak *leak = &leaks->all[i];

		leaked_clear(&leak->leaked);
		findings_clear(&leak->findings);
		free(leak->advisory);
		free(leak->rival);
		free(leak->revisions);
	}
	for (size_t i = 0; i < leaks->trail_count; i++)
		trail_clear(&leaks->trails[i]);
	for (size_t i = 0; i < leaks->suspect_count; i++)
		suspect_clear(&leaks->suspects[i]);
	free(leaks->all);
	free(leaks->trails);
	free(leaks->suspects);
	*leaks = (struct leaks){ 0 };
}
