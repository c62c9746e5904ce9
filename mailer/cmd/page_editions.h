/* page_editions - each edition as it will be read, with what is withheld from it named */
#ifndef CMD_PAGE_EDITIONS_H
#define CMD_PAGE_EDITIONS_H

#include "cmd/outlook.h"
#include "cmd/page.h"

/*
 * Adds a list "editions", and "unread" when the page would become too large: how many
 * more there are, which are named and not shown. Strings are borrowed from the editions.
 */
void page_editions(struct page *page, struct value *map, const struct outlooks *outlooks);

#endif
