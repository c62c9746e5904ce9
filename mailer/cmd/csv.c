#include "cmd/csv.h"

#include <string.h>

/*
 * RFC 4180, each field quoted. Spreadsheets take a field that begins with one of these
 * for a formula, quoted or not; what an organisation is called must not be one.
 */
void
csv_field(struct text *line, const char *field)
{
	bool first = line->size == 0 || line->data[line->size - 1] == '\n';

	text_adds(line, first ? "\"" : ",\"");
	if (strchr("=+-@\t", *field) && *field)
		text_addc(line, '\'');
	for (; *field; field++) {
		if (*field == '"')
			text_addc(line, '"');
		text_addc(line, *field);
	}
	text_addc(line, '"');
}
