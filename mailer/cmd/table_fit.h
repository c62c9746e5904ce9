/* table_fit - how wide each column of a table becomes on a terminal */
#ifndef CMD_TABLE_FIT_H
#define CMD_TABLE_FIT_H

#include "cmd/table.h"

enum { TABLE_GAP = 2 }; /* columns between two cells */

struct fit {
	size_t widths[TABLE_MOST];
	bool below[TABLE_MOST]; /* the cells of this column stand below their rows */
	bool alone; /* the first cell stands on a line of its own, above the others */
};

/* terminal: its width; 0: there is none, and each column is as wide as its widest cell. */
void table_fit(struct fit *fit, const struct table *table, size_t terminal);

#endif
