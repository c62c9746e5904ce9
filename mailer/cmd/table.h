/* table - columns that fit the terminal; piped, each row is one line and nothing is cut */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stdbool.h>
#include <stddef.h>

enum { TABLE_MOST = 8 };

/* What happens to a column when the terminal is too narrow for the rows, in this order. */
enum column_kind {
	COLUMN_PLAIN, /* nothing: it must be copied, or is short */
	COLUMN_STATE, /* likewise; in the colour of the state that it names */
	COLUMN_TIME, /* RFC 3339: without seconds, then without its year */
	COLUMN_NAME, /* cut, with "…" at its end */
	COLUMN_WORDS, /* the last one: what is too long goes below its row, in lines */
	COLUMN_COPY, /* goes below its row, whole */
};

struct column {
	const char *name;
	enum column_kind kind;
};

/* A row has a cell for each column; a note goes below it, indented, in lines. */
struct table {
	const struct column *columns; /* borrowed */
	size_t column_count; /* at most TABLE_MOST */
	struct table_row *rows; /* owned */
	size_t count;
};

struct table_row {
	char *cells[TABLE_MOST]; /* owned; a note has only the first */
	bool note;
};

void table_row(struct table *table, const char *const cells[]);
void table_note(struct table *table, const char *note);
/* Prints the names of its columns, if there are any, and its rows. */
void table_print(const struct table *table);
void table_clear(struct table *table);

#endif
