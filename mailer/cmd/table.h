/* table - columns that fit the terminal */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include <stddef.h>

#include "base/text.h"

enum { TABLE_MOST = 8 };

/* { .columns = n } is an empty table. A row is n cells; a note goes across, indented. */
struct table {
	size_t columns;
	struct table_row *rows; /* owned */
	size_t count;
};

void table_row(struct table *table, const char *const cells[]);
void table_note(struct table *table, const char *note);
/* Prints; only the last column is cut, to the width of a terminal. */
void table_print(const struct table *table);
void table_clear(struct table *table);

#endif
