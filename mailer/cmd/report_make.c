#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/deliveries.h"
#include "cmd/report.h"

const struct report_state report_states[REPORT_STATES] = {
	{ "accepted", REPORT_ACCEPTED },
	{ "committed", REPORT_WAITING },
	{ "sending", REPORT_WAITING },
	{ "planned", REPORT_WAITING },
	{ "deferred", REPORT_WAITING },
	{ "held", REPORT_STUCK },
	{ "blocked", REPORT_STUCK },
	{ "refused", REPORT_STUCK },
	{ "expired", REPORT_STUCK },
	{ "superseded", REPORT_CLOSED },
	{ "cancelled", REPORT_CLOSED },
	{ "given up", REPORT_CLOSED },
	{ "unknown", REPORT_STUCK },
};

/* A word that we do not know is the last one: unknown. */
static size_t
find_state(const char *word)
{
	size_t i = 0;

	while (i < REPORT_STATES - 1 && strcmp(report_states[i].word, word) != 0)
		i++;
	return i;
}

static const char *
keep(struct report *report, const char *string)
{
	return pool_keep(&report->strings, string, strlen(string));
}

/* The ledger's strings end with the visit. */
static void
keep_strings(struct report *report, struct delivery *delivery)
{
	const char **strings[] = { &delivery->advisory, &delivery->contact,
		&delivery->partner, &delivery->address, &delivery->fingerprint,
		&delivery->tier, &delivery->wave, &delivery->state, &delivery->reason,
		&delivery->bar, &delivery->message_id, &delivery->reply };

	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
		*strings[i] = keep(report, *strings[i]);
}

static bool
is_late(const struct report_row *row, time_t now)
{
	time_t end = row->accepted ? row->accepted : now;

	return row->group != REPORT_CLOSED && end - row->past.delivery.due > REPORT_LATE;
}

static bool
add_row(void *ctx, const struct past *past)
{
	struct report *report = ctx;
	struct report_row *row;
	struct text next = { 0 };

	report->rows = mem_room(report->rows, report->row_count, sizeof *report->rows);
	row = &report->rows[report->row_count++];
	row->past = *past;
	keep_strings(report, &row->past.delivery);
	row->state = find_state(row->past.delivery.state);
	row->group = report_states[row->state].group;
	if (row->group == REPORT_WAITING && *past->delivery.bar)
		row->group = REPORT_STUCK;
	if (row->group == REPORT_ACCEPTED)
		row->accepted = row->past.delivery.changed;
	row->late = is_late(row, report->now);
	deliveries_next(&next, &row->past.delivery, report->now);
	row->next = keep(report, text_string(&next));
	text_clear(&next);
	return true;
}

static struct report_wave *
wave_of(struct report *report, const struct past *past)
{
	const struct delivery *delivery = &past->delivery;
	struct report_wave *wave;

	for (size_t i = 0; i < report->wave_count; i++)
		if (strcmp(report->waves[i].name, delivery->wave) == 0)
			return &report->waves[i];
	report->waves =
	    mem_room(report->waves, report->wave_count, sizeof *report->waves);
	wave = &report->waves[report->wave_count++];
	*wave = (struct report_wave){ .name = delivery->wave,
		.due = delivery->due,
		.until = delivery->until,
		.found = past->found,
		.held_late = past->late };
	return wave;
}

static void
count(struct report *report, const struct report_row *row)
{
	const struct delivery *delivery = &row->past.delivery;
	struct report_wave *wave = wave_of(report, &row->past);
	bool due = row->group != REPORT_CLOSED && delivery->due <= report->now;

	if (delivery->due < wave->due)
		wave->due = delivery->due;
	if (delivery->until > wave->until)
		wave->until = delivery->until;
	if (row->accepted) {
		wave->accepted = mem_room(wave->accepted, wave->groups[REPORT_ACCEPTED],
		    sizeof *wave->accepted);
		wave->accepted[wave->groups[REPORT_ACCEPTED]] = row->accepted;
	}
	wave->lines++;
	wave->due_count += due;
	wave->late_count += row->late;
	wave->tries += (size_t)delivery->attempts;
	wave->groups[row->group]++;
	wave->states[row->state]++;
	if (row->group != REPORT_ACCEPTED)
		report->undone += due || strcmp(delivery->state, "blocked") == 0;
}

static int
by_time(const void *a, const void *b)
{
	time_t one = *(const time_t *)a, other = *(const time_t *)b;

	return (one > other) - (one < other);
}

static int
by_opening(const void *a, const void *b)
{
	const struct report_wave *one = a, *other = b;

	if (one->due != other->due)
		return one->due > other->due ? 1 : -1;
	return strcmp(one->name, other->name);
}

static void
sort_waves(struct report *report)
{
	for (size_t i = 0; i < report->wave_count; i++) {
		struct report_wave *wave = &report->waves[i];

		if (wave->accepted)
			qsort(wave->accepted, wave->groups[REPORT_ACCEPTED],
			    sizeof *wave->accepted, by_time);
	}
	qsort(report->waves, report->wave_count, sizeof *report->waves, by_opening);
}

/* Wave by wave; within one, as the ledger gave them. */
static void
sort_rows(struct report *report)
{
	struct report_row *sorted = mem_array(report->row_count, sizeof *sorted);
	size_t n = 0;

	for (size_t i = 0; i < report->wave_count; i++)
		for (size_t j = 0; j < report->row_count; j++)
			if (strcmp(report->rows[j].past.delivery.wave,
				report->waves[i].name) == 0)
				sorted[n++] = report->rows[j];
	free(report->rows);
	report->rows = sorted;
}

bool
report_make(struct report *report, struct ledger *ledger, const char *advisory,
    unsigned revision, time_t now, struct error *err)
{
	bool ok;

	*report = (struct report){ .revision = revision, .now = now };
	report->advisory = keep(report, advisory);
	ok = (revision || ledger_newest(ledger, advisory, &report->revision, err)) &&
	    ledger_past(ledger, advisory, report->revision, add_row, report, err);
	if (ok && !report->row_count)
		ok = error_set(err, "%s%s: nothing of it is armed; see forewarn status",
		    advisory, revision ? " in that revision" : "");
	for (size_t i = 0; ok && i < report->row_count; i++)
		count(report, &report->rows[i]);
	if (ok) {
		sort_waves(report);
		sort_rows(report);
	} else {
		report_clear(report);
	}
	return ok;
}

void
report_clear(struct report *report)
{
	for (size_t i = 0; i < report->wave_count; i++)
		free(report->waves[i].accepted);
	free(report->waves);
	free(report->rows);
	pool_clear(&report->strings);
	*report = (struct report){ 0 };
}
