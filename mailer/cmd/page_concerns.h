/* page_concerns - what is wrong with a plan, soon will be, or should at least be known */
#ifndef CMD_PAGE_CONCERNS_H
#define CMD_PAGE_CONCERNS_H

#include "cmd/outlook.h"
#include "cmd/page.h"

/* Adds a map "concerns": the lists "trouble", "soon" and "note", or "none". */
void page_concerns(struct page *page, struct value *map, const struct plan_view *view,
    const struct outlooks *outlooks);

#endif
