/* suggest - what somebody who mistyped a name may have meant, or where the names are listed */
#ifndef CMD_SUGGEST_H
#define CMD_SUGGEST_H

#include <stdbool.h>

#include "base/text.h"
#include "edge/ledger.h"
#include "policy/plan.h"

/* Whether the advisory has a folder, or at least may have one. */
bool suggest_needless(const char *id);

/* All add "; did you mean X?", or "; " and a command that lists what there is. */

/* Of the folders below advisories/. */
void suggest_advisory(struct text *words, const char *id);
/* Of the partners in the files. */
void suggest_partner(struct text *words, const char *id, const struct registry *registry);
/* Of the contacts that the plan tells. */
void suggest_told(struct text *words, const char *contact, const struct plan *plan);
/* Of the contacts that have a line of the advisory in the ledger. */
void suggest_armed(
    struct text *words, const char *contact, const char *advisory, struct ledger *ledger);

#endif
