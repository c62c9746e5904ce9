/* page_matrix - who gets which fact, text and file, in groups that get the same */
#ifndef CMD_PAGE_MATRIX_H
#define CMD_PAGE_MATRIX_H

#include "cmd/outlook.h"
#include "cmd/page.h"

/*
 * Adds a map "matrix": columns by class, groups of contacts with their cells, those
 * who are told nothing, and the words to filter by.
 */
void page_matrix(struct page *page, struct value *map, const struct plan_view *view,
    const struct outlooks *outlooks);

#endif
