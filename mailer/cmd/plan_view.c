#include "cmd/plan_view.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/colour.h"
#include "cmd/say.h"
#include "cmd/screen.h"

bool
plan_view_shows(const struct plan_view *view, const struct line *line)
{
	for (size_t i = 0; i < view->only_count; i++)
		if (strcmp(view->only[i], line->to->to.id) == 0)
			return true;
	return view->only_count == 0;
}

/* Opening first, then the edition, then the contact: as the eye wants it. */
static int
by_opening(const void *a, const void *b)
{
	const struct line *one = *(const struct line *const *)a;
	const struct line *two = *(const struct line *const *)b;
	int order;

	if (one->opens != two->opens)
		return one->opens < two->opens ? -1 : 1;
	order = strcmp(one->wave->id, two->wave->id);
	if (order == 0)
		order = memcmp(one->edition->digest, two->edition->digest, DIGEST_SIZE);
	return order ? order : strcmp(one->to->to.id, two->to->to.id);
}

static void
say_wave(const struct plan_view *view, const struct line *line)
{
	struct text when = { 0 }, lasts = { 0 };

	say_when(&when, line->opens, view->now);
	when_span(&lasts, line->lasts);
	say("\nwave %s, lasts %s\n  opens %s", line->wave->id, text_string(&lasts),
	    text_string(&when));
	text_clear(&when);
	text_clear(&lasts);
}

/* Names joined by commas in lines of at most 78 columns behind a label. */
static void
say_items(const char *label, const struct edition *edition, bool given)
{
	struct text line = { 0 };
	bool any = false;

	text_addf(&line, "    %-9s", label);
	for (size_t i = 0; i < edition->item_count; i++) {
		const struct item *item = &edition->items[i];

		if (item->given != given)
			continue;
		if (line.size + strlen(item->name) + strlen(item->class) > 72) {
			say("%s", text_string(&line));
			text_clear(&line);
			text_addf(&line, "    %-9s", "");
		}
		text_addf(&line, " %s (%s)", item->name, item->class);
		any = true;
	}
	say("%s%s", text_string(&line), any ? "" : " nothing");
	text_clear(&line);
}

/* A bit tells apart two halves of all copies. */
static void
say_marks(const struct edition *edition)
{
	if (edition->mark_count)
		say("    marks     %zu, %.0f bits", edition->mark_count,
		    marks_bits(edition->marks, edition->mark_count));
}

static void
say_edition(const struct edition *edition)
{
	say("  edition for tier %s in %s%s%s%s", edition->tier->id, edition->language,
	    edition->fell_back ? " (partly in the programme's language)" : "",
	    edition->owner ? ", personal to " : "", edition->owner ? edition->owner : "");
	say("    subject   %s", text_string(&edition->subject));
	say_items("gets", edition, true);
	say_items("withheld", edition, false);
	say_marks(edition);
}

static void
say_key(const struct plan_view *view, const struct line *line, size_t width)
{
	const char *fingerprint = line->to->to.fingerprint;
	time_t at = line->opens > view->now ? line->opens : view->now;
	struct text words = { 0 }, expires = { 0 };
	struct error why;
	struct key key;

	if (!keyring_usable(view->session->keyring, fingerprint,
		session_key_time(view->session, at), &key, &why)) {
		text_addf(&words, "%s %sBLOCKED%s: %s", fingerprint,
		    colour(STDOUT_FILENO, COLOUR_BAD), colour(STDOUT_FILENO, COLOUR_NONE),
		    why.message);
	} else {
		if (key.expires)
			when_write(&expires, key.expires);
		text_addf(&words, "%s %s, %s%.10s", fingerprint, key.algorithm,
		    key.expires ? "until " : "never expires", text_string(&expires));
	}
	screen_say(6, text_string(&words), width);
	text_clear(&expires);
	text_clear(&words);
}

/* Address and key may be long; what is NEW or CHANGED must not be overlooked. */
static void
say_contact(const struct line *line, enum novelty novelty, const char *what, size_t width)
{
	struct text words = { 0 };

	text_addf(&words, "%s <%s>", line->to->to.id, line->to->to.mail);
	if (novelty != NOVELTY_NONE)
		text_addf(&words, "  %s%s%s%s%s", colour(STDOUT_FILENO, COLOUR_CARE),
		    novelty == NOVELTY_NEW ? "NEW" : "CHANGED",
		    colour(STDOUT_FILENO, COLOUR_NONE), *what ? ": " : "", what);
	screen_say(4, text_string(&words), width);
	text_clear(&words);
}

/* A bar is no part of the plan: the ledger may lift it before the wave opens. */
static bool
say_bar(const struct plan_view *view, const struct line *line, size_t width,
    struct error *err)
{
	struct standing standing = { 0 };
	struct text words = { 0 };

	if (!ledger_partner(view->session->ledger, line->to->partner->id, &standing, err))
		return false;
	if (standing.barred) {
		text_addf(&words, "%sBARRED%s: %s", colour(STDOUT_FILENO, COLOUR_BAD),
		    colour(STDOUT_FILENO, COLOUR_NONE), text_string(&standing.why));
		screen_say(6, text_string(&words), width);
	}
	text_clear(&words);
	text_clear(&standing.why);
	return true;
}

static bool
say_line(struct plan_view *view, const struct line *line, struct error *err)
{
	size_t width = screen_width(STDOUT_FILENO);
	enum novelty novelty;
	struct text what = { 0 };

	if (!ledger_novelty(view->session->ledger, line, &novelty, &what, err))
		return false;
	view->news += novelty != NOVELTY_NONE;
	say_contact(line, novelty, text_string(&what), width);
	if (strcmp(line->rules, "-") != 0)
		screen_say(6, line->why, width);
	say_key(view, line, width);
	text_clear(&what);
	return say_bar(view, line, width, err);
}

static bool
say_lines(struct plan_view *view, const struct line *const lines[], size_t count,
    struct error *err)
{
	const struct line *last = NULL;

	for (size_t i = 0; i < count; i++) {
		if (!plan_view_shows(view, lines[i]))
			continue;
		if (!last || last->wave != lines[i]->wave ||
		    last->opens != lines[i]->opens)
			say_wave(view, lines[i]);
		if (!last || last->edition != lines[i]->edition)
			say_edition(lines[i]->edition);
		if (!say_line(view, lines[i], err))
			return false;
		last = lines[i];
	}
	return true;
}

static void
say_head(const struct plan_view *view)
{
	const struct advisory *advisory = view->plan->advisory;
	struct text release = { 0 };

	say_when(&release, advisory->release, view->now);
	say("%s revision %u, %s", advisory->id, advisory->revision,
	    tlp_label(advisory->tlp));
	say("release %s", text_string(&release));
	text_clear(&release);
}

static void
say_end(const struct plan_view *view)
{
	const struct plan *plan = view->plan;
	struct text digest = { 0 };

	if (plan->absence_count)
		say("\nnot told");
	for (size_t i = 0; i < plan->absence_count; i++) {
		struct text words = { 0 };

		text_addf(
		    &words, "%s: %s", plan->absences[i].to->to.id, plan->absences[i].why);
		screen_say(4, text_string(&words), screen_width(STDOUT_FILENO));
		text_clear(&words);
	}
	text_hex(&digest, plan->digest, DIGEST_SIZE);
	say("\n%zu contacts, %zu editions, %zu NEW or CHANGED since their last delivery",
	    plan->line_count, plan->edition_count, view->news);
	say("plan digest: %s", text_string(&digest));
	text_clear(&digest);
}

bool
plan_view_say(struct plan_view *view, struct error *err)
{
	const struct plan *plan = view->plan;
	const struct line **lines = mem_array(plan->line_count, sizeof *lines);
	bool ok;

	for (size_t i = 0; i < plan->line_count; i++)
		lines[i] = &plan->lines[i];
	qsort(lines, plan->line_count, sizeof *lines, by_opening);
	view->news = 0;
	say_head(view);
	ok = say_lines(view, lines, plan->line_count, err);
	if (ok)
		say_end(view);
	free(lines);
	return ok;
}
