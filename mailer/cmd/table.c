#include "cmd/table.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "cmd/say.h"

struct table_row {
	char *cells[TABLE_MOST]; /* owned; a note has only the first */
	bool note;
};

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

	for (size_t i = 0; i < table->columns; i++)
		row->cells[i] = mem_string(cells[i]);
}

void
table_note(struct table *table, const char *note)
{
	struct table_row *row = add(table);

	row->note = true;
	row->cells[0] = mem_string(note);
}

/* 0: not a terminal, nothing is cut. */
static size_t
terminal_width(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

static void
measure(const struct table *table, size_t widths[])
{
	for (size_t i = 0; i < table->count; i++)
		for (size_t j = 0; j < table->columns && !table->rows[i].note; j++) {
			size_t width = utf8_columns(table->rows[i].cells[j]);

			if (width > widths[j])
				widths[j] = width;
		}
}

/* Cuts at a character's border, by columns. */
static void
add_cut(struct text *line, const char *cell, size_t room)
{
	size_t size = strlen(cell), used = 0, length;
	char character[5] = "";
	uint32_t c;

	for (size_t i = 0; i < size; i += length) {
		length = utf8_decode(cell + i, size - i, &c);
		if (length == 0)
			length = 1;
		memcpy(character, cell + i, length);
		character[length] = '\0';
		used += utf8_columns(character);
		if (used > room)
			return;
		text_adds(line, character);
	}
}

static void
print_row(const struct table *table, const struct table_row *row, const size_t widths[],
    size_t terminal)
{
	struct text line = { 0 };
	size_t column = 0;

	for (size_t j = 0; j < table->columns; j++) {
		size_t width = utf8_columns(row->cells[j]);

		if (j + 1 == table->columns) {
			add_cut(&line, row->cells[j],
			    terminal > column ? terminal - column : (size_t)-1);
			break;
		}
		text_addf(
		    &line, "%s%*s", row->cells[j], (int)(widths[j] - width + 2), "");
		column += widths[j] + 2;
	}
	while (line.size && line.data[line.size - 1] == ' ')
		line.data[--line.size] = '\0';
	say("%s", text_string(&line));
	text_clear(&line);
}

void
table_print(const struct table *table)
{
	size_t widths[TABLE_MOST] = { 0 }, terminal = terminal_width();

	measure(table, widths);
	for (size_t i = 0; i < table->count; i++)
		if (table->rows[i].note)
			say("    %s", table->rows[i].cells[0]);
		else
			print_row(table, &table->rows[i], widths, terminal);
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
