/* deliveries - rows of the ledger in words: state, why, and the next step */
#ifndef CMD_DELIVERIES_H
#define CMD_DELIVERIES_H

#include <stdbool.h>
#include <time.h>

#include "base/text.h"
#include "cmd/json.h"
#include "cmd/session.h"
#include "edge/ledger.h"

/* What a person or the next run does about it; nothing when there is nothing to do. */
void deliveries_next(struct text *text, const struct delivery *delivery, time_t now);

/* All of the row for a program: "delivery" of man forewarn-json. */
void deliveries_put(struct json_t *object, const struct delivery *delivery, time_t now);

/* Whether a hold, or what was decided about its partner, keeps it from going. */
bool deliveries_barred(const struct delivery *delivery);
/*
 * Whether a run (or `send`) would claim it at `now`, if its line is still the armed one
 * and nothing bars it.
 */
bool deliveries_open(const struct delivery *delivery, enum claim_by by, time_t now);
/* Whether that line is in the plan, unchanged. */
bool deliveries_same(const struct delivery *delivery, const struct plan *plan);

/* Whether `send` may try it now, and why not. */
bool deliveries_sendable(const struct delivery *delivery, time_t now, struct text *why);

/*
 * Says the troubles that are new, or all: one line each on stderr. Returns EXIT_UNDONE
 * when there are any, said or not.
 */
int deliveries_tell_troubles(struct ledger *ledger, bool all);

#endif
