#include "base/when.h"
#include "cmd/report.h"

/* How many a share of those that were accepted is, rounded up. */
static size_t
share(const struct report_wave *wave, unsigned percent)
{
	return (wave->groups[REPORT_ACCEPTED] * percent + 99) / 100;
}

time_t
report_first(const struct report_wave *wave)
{
	return share(wave, 100) ? wave->accepted[0] : 0;
}

time_t
report_by(const struct report_wave *wave, unsigned percent)
{
	size_t count = share(wave, percent);

	return count ? wave->accepted[count - 1] : 0;
}

/* Stragglers, tried again for hours, are no measure of it. */
double
report_rate(const struct report_wave *wave)
{
	time_t span = report_by(wave, 95) - report_first(wave);

	return span > 0 ? (double)share(wave, 95) / (double)span : 0;
}

void
report_span_write(struct text *text, time_t seconds)
{
	enum { COUNTED = 600 }; /* below, seconds are told apart */

	if (seconds < COUNTED)
		text_addf(text, "%lld s", (long long)(seconds > 0 ? seconds : 0));
	else
		when_span(text, seconds);
}

void
report_states_write(struct text *text, const struct report_wave *wave)
{
	const char *comma = "";

	for (size_t i = 0; i < REPORT_STATES; i++)
		if (wave->states[i]) {
			text_addf(text, "%s%zu %s", comma, wave->states[i],
			    report_states[i].word);
			comma = ", ";
		}
}

const char *
report_reason(const struct report_row *row)
{
	const struct delivery *delivery = &row->past.delivery;

	if (row->group != report_states[row->state].group)
		return delivery->bar;
	return *delivery->reason ? delivery->reason : delivery->reply;
}

bool
report_failed(const struct report_row *row)
{
	return row->group == REPORT_STUCK ||
	    (row->group == REPORT_WAITING && row->past.delivery.attempts &&
		row->past.last_end);
}

static time_t
took(const struct report_row *row)
{
	return row->accepted - row->past.delivery.due;
}

size_t
report_slowest(
    const struct report *report, const struct report_row *slowest[], size_t most)
{
	size_t count = 0, place;

	for (size_t i = 0; i < report->row_count; i++) {
		const struct report_row *row = &report->rows[i];

		if (!row->accepted)
			continue;
		for (place = count; place && took(slowest[place - 1]) < took(row);
		     place--)
			if (place < most)
				slowest[place] = slowest[place - 1];
		if (place < most)
			slowest[place] = row;
		count += count < most;
	}
	return count;
}

static void
write_wave(struct text *text, const struct report *report, const struct report_wave *wave)
{
	text_addf(text, "wave %s: %zu of %zu accepted", wave->name,
	    wave->groups[REPORT_ACCEPTED], wave->lines);
	if (wave->due > report->now) {
		text_adds(text, "; opens ");
		when_write(text, wave->due);
	} else if (report_first(wave)) {
		text_adds(text, ", from ");
		when_write(text, report_first(wave));
		text_adds(text, " to ");
		when_write(text, report_by(wave, 100));
	}
	text_adds(text, "\n  ");
	report_states_write(text, wave);
	if (wave->late_count)
		text_addf(text, "; %zu late by more than an hour", wave->late_count);
	text_adds(text, "\n");
}

/* Mail is read on small screens: the first of them, and where the rest is. */
static void
write_stuck(struct text *text, const struct report *report)
{
	enum { MOST = 10 };
	size_t count = 0;

	for (size_t i = 0; i < report->row_count; i++) {
		const struct report_row *row = &report->rows[i];

		if (row->group != REPORT_STUCK || count++ >= MOST)
			continue;
		text_addf(text, "%s%s: %s: %s\n  next: %s\n",
		    count == 1 ? "\nIn need of a person:\n" : "",
		    row->past.delivery.contact, row->past.delivery.state,
		    report_reason(row), row->next);
	}
	if (count > MOST)
		text_addf(text, "and %zu more: forewarn status %s\n", count - MOST,
		    report->advisory);
}

void
report_text(struct text *text, const struct report *report)
{
	text_addf(text, "%s revision %u, as of ", report->advisory, report->revision);
	when_write(text, report->now);
	text_adds(text, "\n\n");
	for (size_t i = 0; i < report->wave_count; i++)
		write_wave(text, report, &report->waves[i]);
	write_stuck(text, report);
	text_addf(text, "\n%s\n",
	    report->undone ? "Something due is left undone."
			   : "Nothing due is left undone.");
}
