/* page - what forewarn writes for a browser: values, and a template that came with the program */
#ifndef CMD_PAGE_H
#define CMD_PAGE_H

#include <time.h>

#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "policy/value.h"

/*
 * A page is data until page_render: every value is escaped there, whatever it holds, and
 * the template alone is markup. A name is looked for outwards, so one that may be absent
 * has a word of its own.
 */
struct page {
	struct value *values; /* owned: a map */
	struct pool strings; /* what the values borrow */
};

void page_open(struct page *page, const char *title);
void page_close(struct page *page);

/* The name is a literal; the string is borrowed, or made and kept by the page. */
void page_put(struct value *map, const char *name, const char *string);
void page_format(struct page *page, struct value *map, const char *name,
    const char *format, ...) __attribute__((format(printf, 4, 5)));
void page_text(
    struct page *page, struct value *map, const char *name, const struct text *text);
void page_count(struct page *page, struct value *map, const char *name, size_t count,
    const char *noun); /* "1 contact", "2 contacts" */
/* For the partial "time": {{#opens}}{{>time}}{{/opens}}. */
void page_when(struct page *page, struct value *map, const char *name, time_t when);
void page_day(struct page *page, struct value *map, const char *name,
    time_t when); /* "Tue 8 Dec" */
/* "in 3 d 4 h", "2 h ago". */
void page_span(
    struct page *page, struct value *map, const char *name, time_t when, time_t now);

struct value *page_list(struct value *map, const char *name);
struct value *page_row(struct value *list); /* a new map at its end */

/*
 * Appends templates/page/NAME.mustache with its partials. The page may run its own
 * script alone, by its hash, and asks nothing of any network. False when it would be
 * larger than a rendering may be.
 */
bool page_render(
    struct text *html, struct page *page, const char *name, struct error *err);

#endif
