#include "cmd/table_fit.h"

#include <string.h>

#include "base/utf8.h"

/* The least that is still of use to a reader. */
enum { LEAST_NAME = 8, TIME_SHORT = 17, TIME_SHORTEST = 12 };

static void
measure(struct fit *fit, const struct table *table)
{
	for (size_t j = 0; j < table->column_count; j++)
		fit->widths[j] = utf8_columns(table->columns[j].name);
	for (size_t i = 0; i < table->count; i++)
		for (size_t j = 0; j < table->column_count && !table->rows[i].note; j++) {
			size_t width = utf8_columns(table->rows[i].cells[j]);

			if (width > fit->widths[j])
				fit->widths[j] = width;
		}
}

/* What a row takes. Words ask for their heading's room alone: a longer cell goes below. */
static size_t
needed(const struct fit *fit, const struct table *table)
{
	size_t sum = 0;

	for (size_t j = 0; j < table->column_count; j++) {
		const struct column *column = &table->columns[j];
		bool words = column->kind == COLUMN_WORDS;

		if (!fit->below[j])
			sum += (sum ? TABLE_GAP : 0) +
			    (words ? utf8_columns(column->name) : fit->widths[j]);
	}
	return sum;
}

static void
shorten_times(struct fit *fit, const struct table *table, size_t width)
{
	for (size_t j = 0; j < table->column_count; j++)
		if (table->columns[j].kind == COLUMN_TIME && fit->widths[j] > width)
			fit->widths[j] = width;
}

/* One column less for the widest name; false: none can give any. */
static bool
shrink_name(struct fit *fit, const struct table *table)
{
	size_t widest = TABLE_MOST;

	for (size_t j = 0; j < table->column_count; j++)
		if (table->columns[j].kind == COLUMN_NAME &&
		    fit->widths[j] > LEAST_NAME &&
		    (widest == TABLE_MOST || fit->widths[j] > fit->widths[widest]))
			widest = j;
	if (widest == TABLE_MOST)
		return false;
	fit->widths[widest]--;
	return true;
}

/* Makes columns narrower as far as it goes; whether the rows fit then. */
static bool
squeeze(struct fit *fit, const struct table *table, size_t terminal)
{
	if (needed(fit, table) > terminal)
		shorten_times(fit, table, TIME_SHORT);
	if (needed(fit, table) > terminal)
		shorten_times(fit, table, TIME_SHORTEST);
	while (needed(fit, table) > terminal && shrink_name(fit, table))
		;
	return needed(fit, table) <= terminal;
}

static void
send_below(struct fit *fit, const struct table *table, enum column_kind kind)
{
	for (size_t j = 0; j < table->column_count; j++)
		fit->below[j] |= table->columns[j].kind == kind;
}

/* What goes below leaves room: the others are as wide as they were, to begin with. */
void
table_fit(struct fit *fit, const struct table *table, size_t terminal)
{
	static const enum column_kind leaves[] = { COLUMN_COPY, COLUMN_WORDS };

	*fit = (struct fit){ 0 };
	measure(fit, table);
	if (terminal == 0 || squeeze(fit, table, terminal))
		return;
	for (size_t i = 0; i < sizeof leaves / sizeof *leaves; i++) {
		send_below(fit, table, leaves[i]);
		measure(fit, table);
		if (squeeze(fit, table, terminal))
			return;
	}
	fit->alone = true;
}
