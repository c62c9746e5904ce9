#include "cmd/page_concerns.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/when.h"

/* More names than FEW are folded away. */
enum { FEW = 8, DAY = 86400, REVIEW_AHEAD = 30 * DAY, BIG = 1 << 20 };

struct concerns {
	struct page *page;
	const struct plan_view *view;
	const struct outlooks *outlooks;
	struct value *trouble, *soon, *note; /* lists, for these levels */
};

/* Names that one concern is about; conclude takes the list. */
static struct value *
names_new(void)
{
	return value_new(VALUE_LIST, "names", NULL);
}

__attribute__((format(printf, 3, 4))) static void
add_name(struct concerns *concerns, struct value *names, const char *format, ...)
{
	char name[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(name, sizeof name, format, arguments);
	va_end(arguments);
	page_format(concerns->page, names, NULL, "%s", name);
}

/* Nothing is said of nobody. */
static void
conclude(struct concerns *concerns, struct value *level, struct value *names,
    const char *title)
{
	struct value *row;

	if (!names->count) {
		value_free(names);
		return;
	}
	row = page_row(level);
	page_put(row, "title", title);
	page_format(concerns->page, row, "count", "%zu", names->count);
	page_put(row, "folded", names->count > FEW ? "folded" : "");
	value_add(row, names);
}

static void
add_keys(struct concerns *concerns)
{
	struct value *bad = names_new(), *early = names_new(), *short_lived = names_new();

	for (size_t i = 0; i < concerns->outlooks->count; i++) {
		const struct outlook *outlook = &concerns->outlooks->all[i];
		const char *id = outlook->line->to->to.id;
		struct text day = { 0 };

		when_write(&day, outlook->key_expires);
		if (outlook->key_state == KEY_BAD)
			add_name(concerns, bad, "%s: %s", id, outlook->key_trouble);
		if (outlook->key_state == KEY_EARLY)
			add_name(concerns, early, "%s: %s, before wave %s opens", id,
			    outlook->key_trouble, outlook->line->wave->id);
		if (outlook->key_state == KEY_SHORT)
			add_name(concerns, short_lived, "%s: on %.10s, wave %s", id,
			    text_string(&day), outlook->line->wave->id);
		text_clear(&day);
	}
	conclude(concerns, concerns->trouble, bad,
	    "Key cannot be used: the notice will be blocked");
	conclude(concerns, concerns->trouble, early, "Key expires before its wave opens");
	conclude(
	    concerns, concerns->soon, short_lived, "Key expires while its wave lasts");
}

static void
add_absences(struct concerns *concerns)
{
	const struct plan *plan = concerns->view->plan;
	struct value *names = names_new();

	for (size_t i = 0; i < plan->absence_count && !concerns->view->only_count; i++)
		add_name(concerns, names, "%s: %s", plan->absences[i].to->to.id,
		    plan->absences[i].why);
	conclude(concerns, concerns->trouble, names, "Told nothing");
}

static bool
is_given(const struct plan *plan, const char *class)
{
	for (size_t i = 0; i < plan->edition_count; i++)
		if (classes_have(&plan->editions[i]->tier->admits, class))
			return true;
	return false;
}

/* Of the whole plan, whichever contacts are shown. */
static void
add_classes(struct concerns *concerns)
{
	const struct plan *plan = concerns->view->plan;
	const struct edition *edition = plan->edition_count ? plan->editions[0] : NULL;
	struct value *names = names_new();
	struct classes told = { 0 };

	for (size_t i = 0; edition && i < edition->item_count; i++) {
		const char *class = edition->items[i].class;

		if (classes_have(&told, class) || is_given(plan, class))
			continue;
		classes_add(&told, class);
		add_name(concerns, names, "%s", class);
	}
	classes_clear(&told);
	conclude(concerns, concerns->trouble, names, "Class that no contact gets");
}

/* Base64 within the seal and armour around it: files of 1 and of 5 MiB became 1.89 times that. */
static size_t
message_size(const struct edition *edition)
{
	const struct value *files = edition_files(edition);
	size_t size = edition->text.size;

	for (size_t i = 0; files && i < files->count; i++)
		size += files->children[i]->size;
	return size / 100 * 189;
}

static double
mebi(size_t size)
{
	return (double)size / (1 << 20);
}

static void
add_sizes(struct concerns *concerns)
{
	size_t most = concerns->view->session->config.smtp.max_message;
	struct value *over = names_new(), *near = names_new();

	for (size_t i = 0; i < concerns->outlooks->edition_count; i++) {
		const struct edition *edition = concerns->outlooks->editions[i].edition;
		size_t size = message_size(edition);

		if (most && size > most / 5 * 4)
			add_name(concerns, size > most ? over : near,
			    "tier %s in %s: about %.1f of %.1f MiB", edition->tier->id,
			    edition->language, mebi(size), mebi(most));
	}
	conclude(concerns, concerns->trouble, over, "Message larger than max_message");
	conclude(concerns, concerns->soon, near, "Message near max_message");
}

static void
add_big_files(struct concerns *concerns)
{
	const struct outlooks *outlooks = concerns->outlooks;
	struct value *names = names_new();
	struct classes told = { 0 };

	for (size_t i = 0; i < outlooks->edition_count; i++) {
		const struct value *files = edition_files(outlooks->editions[i].edition);

		for (size_t j = 0; files && j < files->count; j++) {
			const struct value *file = files->children[j];
			const char *name = value_child(file, "file")->bytes;

			if (file->size <= BIG || classes_have(&told, name))
				continue;
			classes_add(&told, name);
			add_name(concerns, names, "%s: %.1f MiB", name, mebi(file->size));
		}
	}
	classes_clear(&told);
	conclude(concerns, concerns->note, names, "File larger than 1 MiB");
}

static void
add_reviews(struct concerns *concerns)
{
	const struct partner *last = NULL;
	struct value *names = names_new();

	for (size_t i = 0; i < concerns->view->plan->line_count; i++) {
		const struct line *line = &concerns->view->plan->lines[i];
		const struct partner *partner = line->to->partner;
		struct text day = { 0 };

		if (partner == last || !partner->review_by ||
		    partner->review_by > concerns->view->now + REVIEW_AHEAD ||
		    !plan_view_shows(concerns->view, line))
			continue;
		last = partner;
		when_write(&day, partner->review_by);
		add_name(concerns, names, "%s: %s on %.10s", partner->id,
		    partner->review_by <= concerns->view->now ? "was due" : "is due",
		    text_string(&day));
		text_clear(&day);
	}
	conclude(concerns, concerns->soon, names, "Review due within 30 days");
}

/* The ledger's word on partners that the plan tells; what cannot be read is trouble, too. */
static void
add_bars(struct concerns *concerns)
{
	const struct plan_view *view = concerns->view;
	const struct partner *last = NULL;
	struct value *names = names_new();

	for (size_t i = 0; i < view->plan->line_count; i++) {
		const struct line *line = &view->plan->lines[i];
		const struct partner *partner = line->to->partner;
		struct standing standing = { 0 };
		struct error err;

		if (partner == last || !plan_view_shows(view, line))
			continue;
		last = partner;
		if (!ledger_partner(view->session->ledger, partner->id, &standing, &err))
			add_name(concerns, names, "%s: %s", partner->id, err.message);
		else if (standing.barred)
			add_name(concerns, names, "%s: %s", partner->id,
			    text_string(&standing.why));
		text_clear(&standing.why);
	}
	conclude(concerns, concerns->trouble, names, "Gets nothing, whatever is planned");
}

static void
add_waves(struct concerns *concerns)
{
	const struct calendar *calendar =
	    &concerns->view->session->config.programme.calendar;
	struct value *open = names_new(), *resting = names_new();
	const struct wave *last = NULL;

	for (size_t i = 0; i < concerns->outlooks->count; i++) {
		const struct line *line = concerns->outlooks->all[i].line;

		if (line->wave == last)
			continue;
		last = line->wave;
		if (line->opens <= concerns->view->now)
			add_name(concerns, open, "%s", line->wave->id);
		else if (!calendar_is_business(calendar, line->opens))
			add_name(concerns, resting, "%s", line->wave->id);
	}
	conclude(concerns, concerns->soon, open,
	    "Wave open already: armed now, it goes out with the next run");
	conclude(concerns, concerns->note, resting, "Wave opens on a weekend or holiday");
}

static void
add_fallbacks(struct concerns *concerns)
{
	struct value *names = names_new();

	for (size_t i = 0; i < concerns->outlooks->edition_count; i++) {
		const struct edition *edition = concerns->outlooks->editions[i].edition;

		if (edition->fell_back)
			add_name(concerns, names, "tier %s in %s%s%s", edition->tier->id,
			    edition->language, edition->owner ? " for " : "",
			    edition->owner ? edition->owner : "");
	}
	conclude(concerns, concerns->note, names,
	    "Edition partly in the programme's language");
}

static void
add_news(struct concerns *concerns)
{
	struct value *fresh = names_new(), *changed = names_new();

	for (size_t i = 0; i < concerns->outlooks->count; i++) {
		const struct outlook *outlook = &concerns->outlooks->all[i];
		const struct recipient *to = &outlook->line->to->to;

		if (outlook->novelty == NOVELTY_NEW)
			add_name(concerns, fresh, "%s <%s>", to->id, to->mail);
		if (outlook->novelty == NOVELTY_CHANGED)
			add_name(concerns, changed, "%s: %s", to->id, outlook->changes);
	}
	conclude(
	    concerns, concerns->note, changed, "Contact CHANGED since its last delivery");
	conclude(concerns, concerns->note, fresh, "Contact NEW: it has had nothing yet");
}

void
page_concerns(struct page *page, struct value *map, const struct plan_view *view,
    const struct outlooks *outlooks)
{
	struct value *levels = value_map(map, "concerns");
	struct concerns concerns = {
		.page = page,
		.view = view,
		.outlooks = outlooks,
		.trouble = page_list(levels, "trouble"),
		.soon = page_list(levels, "soon"),
		.note = page_list(levels, "note"),
	};

	add_keys(&concerns);
	add_absences(&concerns);
	add_bars(&concerns);
	add_classes(&concerns);
	add_sizes(&concerns);
	add_waves(&concerns);
	add_reviews(&concerns);
	add_fallbacks(&concerns);
	add_big_files(&concerns);
	add_news(&concerns);
	if (!concerns.trouble->count && !concerns.soon->count && !concerns.note->count)
		page_put(levels, "none", "none");
}
