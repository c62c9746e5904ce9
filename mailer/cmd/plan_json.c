#include "cmd/plan_json.h"

#include <string.h>

#include "cmd/json.h"

static void
put_items(struct json_t *object, const struct edition *edition)
{
	struct json_t *items = json_put_list(object, "items");

	for (size_t i = 0; i < edition->item_count; i++) {
		const struct item *item = &edition->items[i];
		struct json_t *one = json_add(items);

		json_put_text(one, "name", item->name);
		json_put_text(one, "class", item->class);
		json_put_yes(one, "given", item->given);
		if (item->given)
			json_put_bytes(one, "sha256", item->sha256, DIGEST_SIZE);
	}
}

static void
put_edition(struct json_t *object, const struct edition *edition)
{
	json_put_bytes(object, "digest", edition->digest, DIGEST_SIZE);
	json_put_text(object, "tier", edition->tier->id);
	json_put_text(object, "language", edition->language);
	json_put_yes(object, "fell_back", edition->fell_back);
	json_put_text(object, "personal", edition->owner);
	json_put_text(object, "subject", text_string(&edition->subject));
	json_put_number(object, "marks", (long long)edition->mark_count);
	put_items(object, edition);
}

static void
put_key(struct json_t *object, const struct plan_view *view, const struct line *line)
{
	const struct session *session = view->session;
	time_t at = line->opens > view->now ? line->opens : view->now;
	struct error why;
	struct key key;
	bool usable = keyring_usable(session->keyring, line->to->to.fingerprint,
	    session_key_time(session, at), &key, &why);

	json_put_text(object, "key", line->to->to.fingerprint);
	json_put_text(object, "algorithm", usable ? key.algorithm : NULL);
	json_put_when(object, "expires", usable ? key.expires : 0);
	json_put_text(object, "blocked", usable ? NULL : why.message);
}

static bool
put_novelty(struct json_t *object, const struct plan_view *view, const struct line *line,
    struct error *err)
{
	enum novelty novelty;
	struct text what = { 0 };
	bool ok = ledger_novelty(view->session->ledger, line, &novelty, &what, err);

	if (ok && novelty != NOVELTY_NONE)
		json_put_text(
		    object, "novelty", novelty == NOVELTY_NEW ? "new" : "changed");
	if (ok && novelty == NOVELTY_CHANGED)
		json_put_text(object, "changed", text_string(&what));
	text_clear(&what);
	return ok;
}

/* What the ledger holds against its partner. */
static bool
put_bar(struct json_t *object, const struct plan_view *view, const struct line *line,
    struct error *err)
{
	struct standing standing = { 0 };

	if (!ledger_partner(view->session->ledger, line->to->partner->id, &standing, err))
		return false;
	json_put_text(object, "barred", text_string(&standing.why));
	text_clear(&standing.why);
	return true;
}

static bool
put_line(struct json_t *object, const struct plan_view *view, const struct line *line,
    struct error *err)
{
	bool ruled = strcmp(line->rules, "-") != 0;

	json_put_text(object, "contact", line->to->to.id);
	json_put_text(object, "partner", line->to->partner->id);
	json_put_text(object, "mail", line->to->to.mail);
	json_put_text(object, "tier", line->tier->id);
	json_put_text(object, "wave", line->wave->id);
	json_put_when(object, "opens", line->opens);
	json_put_number(object, "lasts", line->lasts);
	json_put_bytes(object, "edition", line->edition->digest, DIGEST_SIZE);
	json_put_text(object, "rules", ruled ? line->rules : NULL);
	json_put_text(object, "why", line->why);
	put_key(object, view, line);
	return put_bar(object, view, line, err) && put_novelty(object, view, line, err);
}

static void
put_head(struct json_t *answer, const struct plan_view *view)
{
	const struct plan *plan = view->plan;

	json_put_when(answer, "at", view->now);
	json_put_text(answer, "advisory", plan->advisory->id);
	json_put_number(answer, "revision", plan->advisory->revision);
	json_put_text(answer, "tlp", tlp_label(plan->advisory->tlp));
	json_put_when(answer, "release", plan->advisory->release);
	json_put_bytes(answer, "digest", plan->digest, DIGEST_SIZE);
}

static bool
put_lines(struct json_t *answer, const struct plan_view *view, struct error *err)
{
	const struct plan *plan = view->plan;
	struct json_t *lines = json_put_list(answer, "lines");

	for (size_t i = 0; i < plan->line_count; i++)
		if (plan_view_shows(view, &plan->lines[i]) &&
		    !put_line(json_add(lines), view, &plan->lines[i], err))
			return false;
	return true;
}

static void
put_rest(struct json_t *answer, const struct plan *plan)
{
	struct json_t *editions = json_put_list(answer, "editions"), *untold;

	for (size_t i = 0; i < plan->edition_count; i++)
		put_edition(json_add(editions), plan->editions[i]);
	untold = json_put_list(answer, "not_told");
	for (size_t i = 0; i < plan->absence_count; i++) {
		struct json_t *one = json_add(untold);

		json_put_text(one, "contact", plan->absences[i].to->to.id);
		json_put_text(one, "why", plan->absences[i].why);
	}
}

bool
plan_json_say(const struct plan_view *view, const char *command,
    const struct mistakes *mistakes, struct error *err)
{
	struct json_t *answer = json_answer(command);

	put_head(answer, view);
	if (!put_lines(answer, view, err)) {
		json_drop(answer);
		return false;
	}
	put_rest(answer, view->plan);
	json_put_mistakes(answer, "mistakes", mistakes);
	json_say(answer);
	return true;
}
