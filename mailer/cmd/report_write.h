/* report_write - a report on the terminal, as a page, and for programs */
#ifndef CMD_REPORT_WRITE_H
#define CMD_REPORT_WRITE_H

#include "cmd/page.h"
#include "cmd/report.h"

void report_table_say(const struct report *report);
void report_json_say(const struct report *report);
/* Makes the directory (0700) and index.html in it (0600), never over one that stands. */
bool report_page_write(
    const struct report *report, const char *directory, struct error *err);

/* The curve of a wave's acceptances, for the page: an SVG drawing and its numbers as a table. */
void report_chart_put(
    struct page *page, struct value *map, const struct report_wave *wave);

#endif
