#include <string.h>
#include <time.h>

#include "base/when.h"
#include "cmd/command.h"
#include "cmd/report_write.h"
#include "edge/preview_dir.h"

/*
 * Most rows of each table. With the longest replies, each of their characters written as
 * "&quot;", the page is still below what a rendering may be.
 */
enum { SLOWEST = 10, FAILED = 500, LISTED = 10000 };

static void
put_number(struct page *page, struct value *map, const char *name, size_t number)
{
	page_format(page, map, name, "%zu", number);
}

/* As page_when, to the second: minutes are long here. Nothing for 0. */
static void
put_second(struct page *page, struct value *map, const char *name, time_t when)
{
	struct value *both;
	struct text iso = { 0 };
	struct tm tm = { 0 };
	char utc[64] = "";

	if (!when)
		return;
	both = value_map(map, name);
	when_write(&iso, when);
	gmtime_r(&when, &tm);
	strftime(utc, sizeof utc, "%a %Y-%m-%d %H:%M:%S UTC", &tm);
	page_text(page, both, "iso", &iso);
	page_format(page, both, "utc", "%s", utc);
	text_clear(&iso);
}

static void
put_span(struct page *page, struct value *map, const char *name, time_t seconds)
{
	struct text span = { 0 };

	report_span_write(&span, seconds);
	page_text(page, map, name, &span);
	text_clear(&span);
}

/* The parts of the bar, from left to right; those that are empty are left out. */
static void
put_bar(struct page *page, struct value *map, const struct report_wave *wave)
{
	static const char *const kinds[REPORT_GROUPS] = { "ok", "bar", "bad", "rest" };
	static const enum report_group order[] = { REPORT_ACCEPTED, REPORT_WAITING,
		REPORT_STUCK, REPORT_CLOSED };
	struct value *parts = page_list(map, "parts");
	size_t before = 0;

	for (size_t i = 0; i < sizeof order / sizeof *order; i++) {
		size_t count = wave->groups[order[i]];
		struct value *part;

		if (!count)
			continue;
		part = page_row(parts);
		page_put(part, "kind", kinds[order[i]]);
		page_format(page, part, "x", "%.2f%%",
		    100.0 * (double)before / (double)wave->lines);
		page_format(page, part, "width", "%.2f%%",
		    100.0 * (double)count / (double)wave->lines);
		before += count;
	}
}

static void
put_pace(struct page *page, struct value *map, const struct report_wave *wave)
{
	if (!report_first(wave))
		return;
	put_second(page, map, "first", report_first(wave));
	put_second(page, map, "last", report_by(wave, 100));
	put_span(page, map, "took", report_by(wave, 100) - report_first(wave));
	put_span(page, map, "half", report_by(wave, 50) - wave->due);
	put_span(page, map, "most", report_by(wave, 95) - wave->due);
	if (report_rate(wave) > 0)
		page_format(page, map, "rate", "%.3g", report_rate(wave));
}

static void
put_wave(struct page *page, struct value *list, const struct report *report,
    const struct report_wave *wave)
{
	static const char *const names[REPORT_GROUPS] = { "accepted", "waiting", "stuck",
		"closed" };
	struct value *map = page_row(list);
	struct text states = { 0 };

	page_put(map, "wave", wave->name);
	page_when(page, map, "due", wave->due);
	page_span(page, map, "due_in", wave->due, report->now);
	page_when(page, map, "until", wave->until);
	put_second(page, map, "found", wave->found);
	if (wave->held_late)
		page_put(map, "held_late", "held");
	put_number(page, map, "lines", wave->lines);
	put_number(page, map, "due_count", wave->due_count);
	for (size_t i = 0; i < REPORT_GROUPS; i++)
		put_number(page, map, names[i], wave->groups[i]);
	put_number(page, map, "tries", wave->tries);
	if (wave->late_count)
		put_number(page, map, "late", wave->late_count);
	report_states_write(&states, wave);
	page_text(page, map, "states", &states);
	put_bar(page, map, wave);
	put_pace(page, map, wave);
	report_chart_put(page, map, wave);
	text_clear(&states);
}

/* `brief`: replies are cut. */
static void
put_row(struct page *page, struct value *list, const struct report_row *row, bool brief)
{
	const struct delivery *delivery = &row->past.delivery;
	struct value *map = page_row(list);
	struct text when = { 0 }, cut = { 0 };

	page_put(map, "contact", delivery->contact);
	page_put(map, "partner", delivery->partner);
	page_put(map, "address", delivery->address);
	page_put(map, "tier", delivery->tier);
	page_put(map, "wave", delivery->wave);
	page_put(map, "state", delivery->state);
	page_put(map, "kind",
	    row->group == REPORT_STUCK          ? "trouble"
		: row->group == REPORT_ACCEPTED ? "good"
		: row->group == REPORT_WAITING  ? "soon"
						: "note");
	page_format(page, map, "tries", "%d", delivery->attempts);
	text_quote(&cut, report_reason(row));
	if (brief)
		page_text(page, map, "reason", &cut);
	else
		page_put(map, "reason", report_reason(row));
	page_put(map, "next", row->next);
	page_put(map, "late", row->late ? "late" : "");
	if (row->accepted)
		when_write(&when, row->accepted);
	page_text(page, map, "accepted_at", &when);
	if (row->accepted)
		put_span(page, map, "after", row->accepted - delivery->due);
	else
		page_put(map, "after", "");
	text_clear(&when);
	text_clear(&cut);
}

/* The words that a filter offers: those that there are. */
static void
put_choices(struct value *values, const struct report *report)
{
	struct value *choices = value_map(values, "choices");
	struct value *states = page_list(choices, "states");
	struct value *tiers = page_list(choices, "tiers");
	bool seen[REPORT_STATES] = { false };

	for (size_t i = 0; i < report->row_count; i++) {
		const struct report_row *row = &report->rows[i];
		bool known = false;

		if (!seen[row->state])
			value_add(states,
			    value_string(NULL, NULL, row->past.delivery.state,
				strlen(row->past.delivery.state)));
		seen[row->state] = true;
		for (size_t j = 0; j < tiers->count && !known; j++)
			known = strcmp(tiers->children[j]->bytes,
				    row->past.delivery.tier) == 0;
		if (!known)
			value_add(tiers,
			    value_string(NULL, NULL, row->past.delivery.tier,
				strlen(row->past.delivery.tier)));
	}
}

static void
put_failed(struct page *page, const struct report *report)
{
	struct value *list = page_list(page->values, "failed");
	size_t count = 0;

	for (size_t i = 0; i < report->row_count; i++)
		if (report_failed(&report->rows[i]) && count++ < FAILED)
			put_row(page, list, &report->rows[i], false);
	if (count > FAILED)
		put_number(page, page->values, "unshown", count - FAILED);
}

static void
put_rows(struct page *page, const struct report *report)
{
	const struct report_row *slowest[SLOWEST];
	size_t slow_count = report_slowest(report, slowest, SLOWEST);
	struct value *slow = page_list(page->values, "slowest");
	struct value *all = page_list(page->values, "deliveries");
	struct value *any = value_map(page->values, "any");

	put_failed(page, report);
	if (value_child(page->values, "failed")->count)
		page_put(any, "failed", "yes");
	if (slow_count)
		page_put(any, "slowest", "yes");
	for (size_t i = 0; i < slow_count; i++)
		put_row(page, slow, slowest[i], true);
	for (size_t i = 0; i < report->row_count && i < LISTED; i++)
		put_row(page, all, &report->rows[i], true);
	if (report->row_count > LISTED)
		put_number(page, page->values, "unlisted", report->row_count - LISTED);
}

/* What is to be looked at first, in one line each. */
static void
put_points(struct page *page, const struct report *report)
{
	size_t stuck = 0, waiting = 0, late = 0, accepted = 0;
	struct value *points = value_map(page->values, "points");

	for (size_t i = 0; i < report->wave_count; i++) {
		const struct report_wave *wave = &report->waves[i];

		accepted += wave->groups[REPORT_ACCEPTED];
		stuck += wave->groups[REPORT_STUCK];
		late += wave->late_count;
		if (wave->due <= report->now)
			waiting += wave->groups[REPORT_WAITING];
	}
	page_format(
	    page, page->values, "total", "%zu of %zu", accepted, report->row_count);
	if (stuck)
		page_count(page, points, "stuck", stuck, "contact");
	if (waiting)
		page_count(page, points, "waiting", waiting, "contact");
	if (late)
		page_count(page, points, "late", late, "contact");
	if (!report->undone)
		page_put(points, "well", "well");
}

static void
put_report(struct page *page, const struct report *report)
{
	struct value *waves;

	page_put(page->values, "advisory", report->advisory);
	page_format(page, page->values, "revision", "%u", report->revision);
	page_put(page->values, "version", FOREWARN_VERSION);
	put_second(page, page->values, "made", report->now);
	put_points(page, report);
	waves = page_list(page->values, "waves");
	for (size_t i = 0; i < report->wave_count; i++)
		put_wave(page, waves, report, &report->waves[i]);
	put_choices(page->values, report);
	put_rows(page, report);
}

bool
report_page_write(const struct report *report, const char *directory, struct error *err)
{
	struct preview_dir *dir = preview_dir_open(directory, err);
	struct text html = { 0 }, title = { 0 };
	struct page page;
	bool ok;

	if (!dir)
		return false;
	text_addf(&title, "%s revision %u: report", report->advisory, report->revision);
	page_open(&page, text_string(&title));
	put_report(&page, report);
	ok = page_render(&html, &page, "report", err) &&
	    preview_dir_write(dir, "index.html", &html, err);
	page_close(&page);
	text_clear(&title);
	text_clear(&html);
	preview_dir_close(dir);
	return ok;
}
