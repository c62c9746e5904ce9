/* csv - comma-separated values, RFC 4180, for spreadsheets */
#ifndef CMD_CSV_H
#define CMD_CSV_H

#include "base/text.h"

/* Adds a field to a line, quoted; the line's end is the caller's. */
void csv_field(struct text *line, const char *field);

#endif
