#include "cmd/table.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "cmd/colour.h"
#include "cmd/say.h"
#include "cmd/screen.h"
#include "cmd/table_fit.h"

enum { BELOW = 4 }; /* how far what stands below a row is indented */

static struct table_row *
add(struct table *table)
{
	table->rows = mem_room(table->rows, table->count, sizeof *table->rows);
	return &table->rows[table->count++];
}

void
table_row(struct table *table, const char *const cells[])
{
	struct table_row *row = add(table);

	for (size_t i = 0; i < table->column_count; i++)
		row->cells[i] = mem_string(cells[i]);
}

void
table_note(struct table *table, const char *note)
{
	struct table_row *row = add(table);

	row->note = true;
	row->cells[0] = mem_string(note);
}

/* Cuts at a character's border, by columns; "…" shows it. */
static void
add_cut(struct text *out, const char *cell, size_t room)
{
	size_t size = strlen(cell), used = 0, length;
	char character[5] = "";
	uint32_t c;

	if (utf8_columns(cell) <= room) {
		text_adds(out, cell);
		return;
	}
	for (size_t i = 0; i < size; i += length) {
		length = utf8_decode(cell + i, size - i, &c);
		if (length == 0)
			length = 1;
		memcpy(character, cell + i, length);
		character[length] = '\0';
		used += utf8_columns(character);
		if (used + 1 > room)
			break;
		text_adds(out, character);
	}
	text_adds(out, "…");
}

/* "2026-12-08T18:00:00Z" as "2026-12-08 18:00Z" or "12-08 18:00Z". */
static void
add_time(struct text *out, const char *cell, size_t room)
{
	size_t size = strlen(cell), date = 10, year = 5, minutes = 5;

	if (size <= room || size < date + 1 + minutes)
		text_adds(out, cell);
	else if (room < date + 1 + minutes + 1)
		text_addf(out, "%.*s %.*sZ", (int)(date - year), cell + year,
		    (int)minutes, cell + date + 1);
	else
		text_addf(
		    out, "%.*s %.*sZ", (int)date, cell, (int)minutes, cell + date + 1);
}

static void
add_cell(struct text *line, const struct column *column, const char *cell, size_t width)
{
	struct text shown = { 0 };
	enum colour which =
	    column->kind == COLUMN_STATE ? colour_of_state(cell) : COLOUR_NONE;
	size_t columns;

	if (column->kind == COLUMN_TIME)
		add_time(&shown, cell, width);
	else
		add_cut(&shown, cell, width);
	columns = utf8_columns(text_string(&shown));
	if (which != COLOUR_NONE)
		text_adds(line, colour(STDOUT_FILENO, which));
	text_adds(line, text_string(&shown));
	if (which != COLOUR_NONE)
		text_adds(line, colour(STDOUT_FILENO, COLOUR_NONE));
	text_addf(line, "%*s", (int)(width - columns) + TABLE_GAP, "");
	text_clear(&shown);
}

static void
say_line(struct text *line)
{
	while (line->size && line->data[line->size - 1] == ' ')
		line->data[--line->size] = '\0';
	if (line->size)
		say("%s", text_string(line));
	text_clear(line);
}

/* Whether the cell goes below its row; `used` is where it would begin. */
static bool
goes_below(const struct table *table, const struct fit *fit, size_t j, const char *cell,
    size_t used, size_t terminal)
{
	bool words = table->columns[j].kind == COLUMN_WORDS;

	return fit->below[j] ||
	    (words && terminal && used + utf8_columns(cell) > terminal);
}

static void
print_row(const struct table *table, const struct fit *fit, char *const cells[],
    size_t terminal)
{
	const char *below[TABLE_MOST];
	size_t count = 0, used = 0;
	struct text line = { 0 };

	for (size_t j = 0; j < table->column_count; j++) {
		if (goes_below(table, fit, j, cells[j], used, terminal)) {
			below[count++] = cells[j];
			continue;
		}
		add_cell(&line, &table->columns[j], cells[j], fit->widths[j]);
		used += fit->widths[j] + TABLE_GAP;
		if (j == 0 && fit->alone) {
			say_line(&line);
			text_addf(&line, "%*s", TABLE_GAP, "");
			used = TABLE_GAP;
		}
	}
	say_line(&line);
	for (size_t i = 0; i < count; i++)
		if (*below[i])
			screen_say(BELOW, below[i], terminal);
}

static void
print_names(const struct table *table, const struct fit *fit, size_t terminal)
{
	char *names[TABLE_MOST] = { 0 };

	for (size_t j = 0; j < table->column_count; j++)
		names[j] = mem_string(table->columns[j].name);
	print_row(table, fit, names, terminal);
	for (size_t j = 0; j < table->column_count; j++)
		free(names[j]);
}

void
table_print(const struct table *table)
{
	size_t terminal = screen_width(STDOUT_FILENO);
	struct fit fit;

	table_fit(&fit, table, terminal);
	if (table->column_count)
		print_names(table, &fit, terminal);
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].note)
			screen_say(BELOW, table->rows[i].cells[0], terminal);
		else
			print_row(table, &fit, table->rows[i].cells, terminal);
}

void
table_clear(struct table *table)
{
	for (size_t i = 0; i < table->count; i++)
		for (size_t j = 0; j < TABLE_MOST; j++)
			free(table->rows[i].cells[j]);
	free(table->rows);
	*table = (struct table){ 0 };
}
