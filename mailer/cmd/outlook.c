#include "cmd/outlook.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

static int
compare_kind(const struct outlook *a, const struct outlook *b)
{
	const struct line *one = a->line, *two = b->line;
	const struct tier *own = one->to->partner->tier, *other = two->to->partner->tier;
	int order;

	if (one->opens != two->opens)
		return one->opens < two->opens ? -1 : 1;
	order = strcmp(one->wave->id, two->wave->id);
	if (order)
		return order;
	if (one->tier != two->tier)
		return one->tier->rank > two->tier->rank ? -1 : 1;
	if (own != other)
		return own->rank < other->rank ? -1 : 1;
	return strcmp(one->rules, two->rules);
}

static int
by_kind(const void *a, const void *b)
{
	const struct outlook *one = a, *two = b;
	int order = compare_kind(one, two);

	return order ? order : strcmp(one->line->to->to.id, two->line->to->to.id);
}

bool
outlook_alike(const struct outlook *one, const struct outlook *other)
{
	return compare_kind(one, other) == 0;
}

/* The instant at which the line could first be sealed. */
static time_t
first_use(const struct plan_view *view, const struct line *line)
{
	return line->opens > view->now ? line->opens : view->now;
}

static void
judge_key(
    struct outlooks *outlooks, struct outlook *outlook, const struct plan_view *view)
{
	const struct session *session = view->session;
	const char *fingerprint = outlook->line->to->to.fingerprint;
	time_t at = session_key_time(session, first_use(view, outlook->line));
	struct error why, ignored;
	struct key key;

	if (keyring_usable(session->keyring, fingerprint, at, &key, &why)) {
		outlook->key_expires = key.expires;
		if (key.expires && key.expires < at + outlook->line->lasts)
			outlook->key_state = KEY_SHORT;
		return;
	}
	outlook->key_trouble = pool_format(&outlooks->strings, "%s", why.message);
	outlook->key_state = KEY_BAD;
	if (keyring_usable(session->keyring, fingerprint,
		session_key_time(session, view->now), &key, &ignored)) {
		outlook->key_state = KEY_EARLY;
		outlook->key_expires = key.expires;
	}
}

static bool
look(struct outlooks *outlooks, const struct plan_view *view, const struct line *line,
    struct error *err)
{
	struct outlook *outlook;
	struct text changes = { 0 };
	bool ok;

	outlooks->all = mem_room(outlooks->all, outlooks->count, sizeof *outlooks->all);
	outlook = &outlooks->all[outlooks->count++];
	outlook->line = line;
	judge_key(outlooks, outlook, view);
	ok =
	    ledger_novelty(view->session->ledger, line, &outlook->novelty, &changes, err);
	outlook->changes = pool_keep(&outlooks->strings, changes.data, changes.size);
	text_clear(&changes);
	return ok;
}

/* The most open first. */
static int
by_openness(const void *a, const void *b)
{
	const struct edition *one = *(const struct edition *const *)a;
	const struct edition *two = *(const struct edition *const *)b;
	int order;

	if (one->tier != two->tier)
		return one->tier->rank > two->tier->rank ? -1 : 1;
	order = strcmp(one->language, two->language);
	if (order || one->owner == two->owner)
		return order;
	if (one->group != two->group)
		return one->group < two->group ? -1 : 1;
	return strcmp(one->owner, two->owner);
}

static void
find_editions(struct outlooks *outlooks)
{
	const struct edition **each = mem_array(outlooks->count, sizeof *each);

	outlooks->editions = mem_array(outlooks->count, sizeof *outlooks->editions);
	for (size_t i = 0; i < outlooks->count; i++)
		each[i] = outlooks->all[i].line->edition;
	if (outlooks->count)
		qsort(each, outlooks->count, sizeof *each, by_openness);
	for (size_t i = 0; i < outlooks->count; i++) {
		if (i == 0 || each[i] != each[i - 1])
			outlooks->editions[outlooks->edition_count++].edition = each[i];
		outlooks->editions[outlooks->edition_count - 1].contacts++;
	}
	free(each);
}

bool
outlooks_make(struct outlooks *outlooks, const struct plan_view *view, struct error *err)
{
	const struct plan *plan = view->plan;

	*outlooks = (struct outlooks){ 0 };
	for (size_t i = 0; i < plan->line_count; i++)
		if (plan_view_shows(view, &plan->lines[i]) &&
		    !look(outlooks, view, &plan->lines[i], err))
			return false;
	if (outlooks->count)
		qsort(outlooks->all, outlooks->count, sizeof *outlooks->all, by_kind);
	find_editions(outlooks);
	return true;
}

void
outlooks_clear(struct outlooks *outlooks)
{
	free(outlooks->all);
	free(outlooks->editions);
	pool_clear(&outlooks->strings);
	*outlooks = (struct outlooks){ 0 };
}
