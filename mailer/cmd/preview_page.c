#include "cmd/preview_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/command.h"
#include "cmd/page.h"
#include "cmd/page_concerns.h"
#include "cmd/page_editions.h"
#include "cmd/page_matrix.h"
#include "cmd/page_timeline.h"

/* As the editions on the page have it; none is less strict than the advisory. */
static enum tlp
strictest(const struct advisory *advisory, const struct outlooks *outlooks)
{
	enum tlp most = advisory->tlp, tlp;

	for (size_t i = 0; i < outlooks->edition_count; i++) {
		const struct value *admitted = outlooks->editions[i].edition->admitted;
		const struct value *label =
		    value_child(value_child(admitted, "advisory"), "tlp");

		if (tlp_parse(label->bytes, &tlp) && tlp > most)
			most = tlp;
	}
	return most;
}

/* The tiers whose editions are on the page, the most open first. */
static void
put_tiers(struct page *page, const struct outlooks *outlooks)
{
	struct text names = { 0 };
	size_t count = 0;

	for (size_t i = 0; i < outlooks->edition_count; i++) {
		const struct tier *tier = outlooks->editions[i].edition->tier;

		if (i && tier == outlooks->editions[i - 1].edition->tier)
			continue;
		text_addf(&names, "%s%s", count++ ? ", " : "", tier->id);
	}
	page_text(page, page->values, "tiers", &names);
	if (count > 1)
		page_put(
		    page->values, "most_open", outlooks->editions[0].edition->tier->id);
	text_clear(&names);
}

/* As the most open edition has it, and not as the advisory does. */
static void
put_title(struct page *page, const struct outlooks *outlooks)
{
	const struct value *title = NULL;

	if (outlooks->edition_count)
		title = value_child(outlooks->editions[0].edition->admitted, "title");
	page_put(page->values, "title",
	    title && title->kind == VALUE_STRING ? title->bytes : "");
}

static void
put_head(struct page *page, const struct plan_view *view, const struct outlooks *outlooks)
{
	const struct plan *plan = view->plan;
	const struct advisory *advisory = plan->advisory;
	struct value *map = page->values;
	struct text digest = { 0 };

	text_hex(&digest, plan->digest, DIGEST_SIZE);
	page_put(map, "advisory", advisory->id);
	page_format(page, map, "revision", "%u", advisory->revision);
	page_put(map, "programme", view->session->config.programme.name);
	page_put(map, "tlp", tlp_label(strictest(advisory, outlooks)));
	page_text(page, map, "digest", &digest);
	page_when(page, map, "release", advisory->release);
	page_span(page, map, "release_in", advisory->release, view->now);
	page_when(page, map, "made", view->now);
	page_put(map, "live", view->supposed ? "" : "live");
	page_put(map, "version", FOREWARN_VERSION);
	page_format(page, map, "shown", "%zu", outlooks->count);
	page_count(page, map, "contacts", plan->line_count, "contact");
	page_put(map, "partial", view->only_count ? "partial" : "");
	page_count(page, map, "edition_count", plan->edition_count, "edition");
	text_clear(&digest);
}

/* The lines of one wave stand together. */
struct wave_view {
	const struct line *line; /* its first */
	size_t contacts;
	struct text tiers;
};

static size_t
find_waves(struct wave_view waves[], const struct outlooks *outlooks)
{
	const struct line *last = NULL;
	size_t count = 0;

	for (size_t i = 0; i < outlooks->count; i++) {
		const struct line *line = outlooks->all[i].line;
		struct text *tiers;

		if (!last || last->wave != line->wave)
			waves[count++].line = line;
		tiers = &waves[count - 1].tiers;
		if (!last || last->wave != line->wave || last->tier != line->tier)
			text_addf(tiers, "%s%s", tiers->size ? ", " : "", line->tier->id);
		waves[count - 1].contacts++;
		last = line;
	}
	return count;
}

static void
put_wave(struct page *page, struct value *list, const struct wave_view *wave,
    const struct plan_view *view, struct stretch *bar)
{
	const struct calendar *calendar = &view->session->config.programme.calendar;
	const struct line *line = wave->line;
	struct value *row = page_row(list);
	struct text lasts = { 0 };

	when_span(&lasts, line->lasts);
	page_put(row, "wave", line->wave->id);
	page_when(page, row, "opens", line->opens);
	page_span(page, row, "opens_in", line->opens, view->now);
	page_put(
	    row, "resting", calendar_is_business(calendar, line->opens) ? "" : "resting");
	page_text(page, row, "lasts", &lasts);
	page_text(page, row, "wave_tiers", &wave->tiers);
	page_format(page, row, "wave_contacts", "%zu", wave->contacts);
	*bar = (struct stretch){ .name = line->wave->id,
		.note = pool_format(&page->strings, "%zu contact%s", wave->contacts,
		    wave->contacts == 1 ? "" : "s"),
		.from = line->opens,
		.to = line->opens + line->lasts };
	text_clear(&lasts);
}

static void
put_waves(
    struct page *page, const struct plan_view *view, const struct outlooks *outlooks)
{
	const struct programme *programme = &view->session->config.programme;
	struct wave_view *waves = mem_array(programme->wave_count, sizeof *waves);
	struct stretch *bars = mem_array(programme->wave_count, sizeof *bars);
	size_t count = find_waves(waves, outlooks);
	struct value *list = page_list(page->values, "waves");
	struct timeline timeline = { .calendar = &programme->calendar,
		.now = view->now,
		.release = view->plan->advisory->release,
		.bars = bars,
		.bar_count = count };

	for (size_t i = 0; i < count; i++) {
		put_wave(page, list, &waves[i], view, &bars[i]);
		text_clear(&waves[i].tiers);
	}
	page_timeline(page, page->values, &timeline);
	free(waves);
	free(bars);
}

bool
preview_page_make(struct text *html, const struct plan_view *view, struct error *err)
{
	const struct advisory *advisory = view->plan->advisory;
	struct outlooks outlooks;
	struct page page;
	char *title =
	    mem_format("%s revision %u: preview", advisory->id, advisory->revision);
	bool ok = outlooks_make(&outlooks, view, err);

	page_open(&page, title);
	if (ok) {
		put_head(&page, view, &outlooks);
		put_title(&page, &outlooks);
		put_tiers(&page, &outlooks);
		put_waves(&page, view, &outlooks);
		page_concerns(&page, page.values, view, &outlooks);
		page_matrix(&page, page.values, view, &outlooks);
		page_editions(&page, page.values, &outlooks);
		ok = page_render(html, &page, "preview", err);
	}
	page_close(&page);
	outlooks_clear(&outlooks);
	free(title);
	return ok;
}
