#include "cmd/page_timeline.h"

#include "base/when.h"

/* Now is on the axis if it is this near: else the waves would be slivers. Then pixels down. */
enum { DAY = 86400, NEAR = 14 * DAY, LABELS = 14 };
enum { HEAD = 18, TOP = 24, ROW = 40, BOTTOM = 40 };

struct axis {
	struct page *page;
	time_t from, to; /* midnights */
};

static void
reach(struct axis *axis, time_t when)
{
	if (when < axis->from)
		axis->from = when;
	if (when > axis->to)
		axis->to = when;
}

static void
axis_make(struct axis *axis, const struct timeline *timeline)
{
	axis->from = axis->to = timeline->release;
	for (size_t i = 0; i < timeline->bar_count; i++) {
		reach(axis, timeline->bars[i].from);
		reach(axis, timeline->bars[i].to);
	}
	if (axis->from - NEAR <= timeline->now && timeline->now <= axis->to + NEAR)
		reach(axis, timeline->now);
	axis->from -= axis->from % DAY;
	axis->to += DAY - axis->to % DAY;
}

/* Percent of the axis; whole numbers, as a locale may write others its own way. */
static void
put_share(const struct axis *axis, struct value *map, const char *name, time_t span)
{
	long share = (long)(span * 10000 / (axis->to - axis->from));

	page_format(axis->page, map, name, "%ld.%02ld%%", share / 100, share % 100);
}

static void
put_place(const struct axis *axis, struct value *map, time_t when)
{
	put_share(axis, map, "x", when - axis->from);
}

/* Words go to the side where there is more room. */
static void
put_anchor(const struct axis *axis, struct value *map, time_t when)
{
	bool early = when - axis->from < (axis->to - axis->from) / 2;

	page_put(map, "anchor", early ? "start" : "end");
	page_put(map, "dx", early ? "5" : "-5");
}

static void
add_days(const struct axis *axis, struct value *map, const struct calendar *calendar)
{
	struct value *days = page_list(map, "days"), *rests = page_list(map, "rests");
	time_t count = (axis->to - axis->from) / DAY;
	time_t every = (count + LABELS - 1) / LABELS,
	       rarely = every * ((count / every + 3) / 4);

	for (time_t i = 0; i < count; i++) {
		time_t midnight = axis->from + i * DAY;
		struct value *day;

		if (!calendar_is_business(calendar, midnight)) {
			struct value *rest = page_row(rests);

			put_place(axis, rest, midnight);
			put_share(axis, rest, "width", DAY);
		}
		if (i % every)
			continue;
		day = page_row(days);
		put_place(axis, day, midnight);
		page_day(axis->page, day, "label", midnight);
		page_put(
		    day, "class", i % rarely || i > count / 5 * 4 ? "minor" : "major");
	}
}

static void
add_bars(const struct axis *axis, struct value *map, const struct timeline *timeline)
{
	struct value *list = page_list(map, "bars");

	for (size_t i = 0; i < timeline->bar_count; i++) {
		const struct stretch *bar = &timeline->bars[i];
		struct value *row = page_row(list), *label = value_map(row, "label");
		bool early = bar->from - axis->from < (axis->to - axis->from) / 2;

		page_put(row, "name", bar->name);
		page_put(row, "note", bar->note);
		put_place(axis, row, bar->from);
		put_share(axis, row, "width", bar->to - bar->from);
		page_format(axis->page, row, "y", "%zu", TOP + i * ROW + 20);
		put_place(axis, label, early ? bar->from : bar->to);
		page_put(label, "anchor", early ? "start" : "end");
		page_format(axis->page, label, "y", "%zu", TOP + i * ROW + 15);
	}
}

static void
add_mark(const struct axis *axis, struct value *map, const char *name, time_t when)
{
	struct value *mark;

	if (when < axis->from || when > axis->to)
		return;
	mark = value_map(map, name);
	put_place(axis, mark, when);
	put_anchor(axis, mark, when);
}

void
page_timeline(struct page *page, struct value *map, const struct timeline *timeline)
{
	struct axis axis = { .page = page };
	struct value *own = value_map(map, "timeline"), *span = value_map(own, "axis");
	size_t foot = TOP + timeline->bar_count * ROW;

	axis_make(&axis, timeline);
	page_when(page, span, "from", axis.from);
	page_when(page, span, "to", axis.to);
	page_format(page, own, "foot", "%zu", foot);
	page_format(page, own, "depth", "%zu", foot - HEAD);
	page_format(page, own, "release_y", "%zu", foot + 14);
	page_format(page, own, "now_y", "%zu", foot + 32);
	page_format(page, own, "height", "%zu", foot + BOTTOM);
	add_days(&axis, own, timeline->calendar);
	add_bars(&axis, own, timeline);
	add_mark(&axis, own, "release_mark", timeline->release);
	add_mark(&axis, own, "now_mark", timeline->now);
}
