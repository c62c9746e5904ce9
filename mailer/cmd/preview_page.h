/* preview_page - a plan as one page for a browser: what is wrong, when, who, and each text */
#ifndef CMD_PREVIEW_PAGE_H
#define CMD_PREVIEW_PAGE_H

#include "cmd/plan_view.h"

/* Of the contacts that the view shows, and no others. */
bool preview_page_make(
    struct text *html, const struct plan_view *view, struct error *err);

#endif
