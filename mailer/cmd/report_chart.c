#include <stdio.h>

#include "base/when.h"
#include "cmd/report_write.h"

/* The drawing is so many units wide and high, whatever the page makes of it. */
enum { UNITS = 1000, TICKS_MOST = 6 };

static time_t
span_of(const struct report_wave *wave)
{
	time_t span = report_by(wave, 100) - wave->due;

	return span > 0 ? span : 1;
}

/* What all of them would come to: who is never to get it is left out. */
static size_t
goal(const struct report_wave *wave)
{
	return wave->lines - wave->groups[REPORT_CLOSED];
}

/* The finest of a clock's own steps that gives few enough ticks. */
static time_t
tick_step(time_t span)
{
	static const time_t steps[] = { 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800,
		3600, 7200, 10800, 21600, 43200 };
	enum { A_DAY = 86400 };

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
		if (span / steps[i] < TICKS_MOST)
			return steps[i];
	return (span / A_DAY / TICKS_MOST + 1) * A_DAY;
}

static size_t
accepted_by(const struct report_wave *wave, time_t when)
{
	size_t low = 0, high = wave->groups[REPORT_ACCEPTED];

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (wave->accepted[middle] <= when)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Steps: it stays as it was until the next one is accepted. A point a unit at most. */
static void
write_path(struct text *path, const struct report_wave *wave)
{
	size_t count = wave->groups[REPORT_ACCEPTED];
	time_t span = span_of(wave);

	text_addf(path, "M0 %d", UNITS);
	for (size_t i = 0; i < count; i++) {
		time_t x = (wave->accepted[i] - wave->due) * UNITS / span;

		if (i + 1 < count &&
		    (wave->accepted[i + 1] - wave->due) * UNITS / span == x)
			continue;
		text_addf(path, "H%lldV%zu", (long long)x,
		    UNITS - (i + 1) * UNITS / goal(wave));
	}
	text_addf(path, "H%d", UNITS);
}

static void
put_tick(struct page *page, struct value *ticks, const struct report_wave *wave,
    time_t after, bool minor)
{
	struct value *tick = page_row(ticks);
	size_t count = accepted_by(wave, wave->due + after);
	struct text label = { 0 };

	if (after)
		when_span(&label, after);
	else
		text_adds(&label, "0");
	page_text(page, tick, "label", &label);
	page_format(
	    page, tick, "x", "%.1f%%", 100.0 * (double)after / (double)span_of(wave));
	page_put(tick, "minor", minor ? "minor" : "");
	page_format(page, tick, "count", "%zu", count);
	page_format(
	    page, tick, "share", "%.0f %%", 100.0 * (double)count / (double)goal(wave));
	text_clear(&label);
}

/* The last one stands at the end of the axis; a tick too near to it would be under it. */
static void
put_ticks(struct page *page, struct value *chart, const struct report_wave *wave)
{
	struct value *ticks = page_list(chart, "ticks");
	time_t span = span_of(wave), step = tick_step(span), after = 0;

	for (unsigned i = 0; after <= span - step / 2 - (i > 0) * span / 16; i++) {
		put_tick(page, ticks, wave, after, i % 2 != 0);
		after += step;
	}
	put_tick(page, page_list(chart, "end"), wave, span, false);
}

void
report_chart_put(struct page *page, struct value *map, const struct report_wave *wave)
{
	struct value *chart;
	struct text path = { 0 };

	if (!report_first(wave))
		return;
	chart = value_map(map, "chart");
	write_path(&path, wave);
	page_text(page, chart, "path", &path);
	page_format(page, chart, "goal", "%zu", goal(wave));
	put_ticks(page, chart, wave);
	text_clear(&path);
}
