#include <stdio.h>

#include "base/when.h"
#include "cmd/report_write.h"
#include "cmd/say.h"
#include "cmd/table.h"

enum { SLOWEST = 5 };

static void
note_states(struct table *table, const struct report_wave *wave)
{
	struct text note = { 0 };

	report_states_write(&note, wave);
	if (wave->late_count)
		text_addf(&note, "; %zu late by more than an hour", wave->late_count);
	table_note(table, text_string(&note));
	text_clear(&note);
}

static void
note_pace(struct table *table, const struct report_wave *wave)
{
	struct text note = { 0 };
	double rate = report_rate(wave);

	if (!report_first(wave))
		return;
	text_adds(&note, "accepted from ");
	when_write(&note, report_first(wave));
	text_adds(&note, " to ");
	when_write(&note, report_by(wave, 100));
	if (rate > 0)
		text_addf(&note, "; most at %.3g a second", rate);
	table_note(table, text_string(&note));
	text_clear(&note);
}

static void
add_wave(struct table *table, const struct report_wave *wave)
{
	struct text due = { 0 };
	size_t numbers[] = { wave->lines, wave->due_count, wave->groups[REPORT_ACCEPTED],
		wave->groups[REPORT_WAITING], wave->groups[REPORT_STUCK],
		wave->groups[REPORT_CLOSED] };
	enum { NUMBERS = sizeof numbers / sizeof *numbers };
	char cells[NUMBERS][24];
	const char *row[NUMBERS + 2] = { wave->name };

	when_write(&due, wave->due);
	row[1] = text_string(&due);
	for (size_t i = 0; i < NUMBERS; i++) {
		snprintf(cells[i], sizeof cells[i], "%zu", numbers[i]);
		row[i + 2] = cells[i];
	}
	table_row(table, row);
	note_states(table, wave);
	note_pace(table, wave);
	text_clear(&due);
}

static void
say_waves(const struct report *report)
{
	static const struct column columns[] = { { "WAVE", COLUMN_NAME },
		{ "DUE FROM", COLUMN_TIME }, { "LINES", COLUMN_PLAIN },
		{ "DUE", COLUMN_PLAIN }, { "ACCEPTED", COLUMN_PLAIN },
		{ "WAITING", COLUMN_PLAIN }, { "STUCK", COLUMN_PLAIN },
		{ "CLOSED", COLUMN_PLAIN } };
	struct table table = { .columns = columns,
		.column_count = sizeof columns / sizeof *columns };

	for (size_t i = 0; i < report->wave_count; i++)
		add_wave(&table, &report->waves[i]);
	table_print(&table);
	table_clear(&table);
}

/* Whoever waits for a person, and whoever was tried in vain. */
static void
say_failed(const struct report *report)
{
	static const struct column columns[] = { { "CONTACT", COLUMN_PLAIN },
		{ "STATE", COLUMN_STATE }, { "WAVE", COLUMN_NAME },
		{ "TRIES", COLUMN_PLAIN }, { "LAST REPLY OR REASON", COLUMN_WORDS } };
	struct table table = { .columns = columns,
		.column_count = sizeof columns / sizeof *columns };

	for (size_t i = 0; i < report->row_count; i++) {
		const struct report_row *row = &report->rows[i];
		const struct delivery *delivery = &row->past.delivery;
		char tries[16];
		const char *cells[] = { delivery->contact, delivery->state,
			delivery->wave, tries, report_reason(row) };

		if (!report_failed(row))
			continue;
		snprintf(tries, sizeof tries, "%d", delivery->attempts);
		table_row(&table, cells);
		table_note(&table, row->next);
	}
	if (table.count) {
		say("%s", "");
		table_print(&table);
	}
	table_clear(&table);
}

static void
say_slowest(const struct report *report)
{
	static const struct column columns[] = { { "SLOWEST", COLUMN_PLAIN },
		{ "WAVE", COLUMN_NAME }, { "AFTER", COLUMN_PLAIN },
		{ "TRIES", COLUMN_PLAIN } };
	struct table table = { .columns = columns,
		.column_count = sizeof columns / sizeof *columns };
	const struct report_row *slowest[SLOWEST];
	size_t count = report_slowest(report, slowest, SLOWEST);

	for (size_t i = 0; i < count; i++) {
		const struct delivery *delivery = &slowest[i]->past.delivery;
		struct text after = { 0 };
		char tries[16];
		const char *cells[] = { delivery->contact, delivery->wave, NULL, tries };

		report_span_write(&after, slowest[i]->accepted - delivery->due);
		cells[2] = text_string(&after);
		snprintf(tries, sizeof tries, "%d", delivery->attempts);
		table_row(&table, cells);
		text_clear(&after);
	}
	if (count) {
		say("%s", "");
		table_print(&table);
	}
	table_clear(&table);
}

void
report_table_say(const struct report *report)
{
	struct text at = { 0 };

	when_write(&at, report->now);
	say("%s revision %u, as of %s", report->advisory, report->revision,
	    text_string(&at));
	text_clear(&at);
	say_waves(report);
	say_failed(report);
	say_slowest(report);
}
