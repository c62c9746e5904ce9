/* decide - who decides, for the record */
#ifndef CMD_DECIDE_H
#define CMD_DECIDE_H

#include "base/text.h"

/* The user who runs this: "ops (uid 1000)". */
void decide_by(struct text *by);
/* Their name alone: "ops". */
void decide_user(struct text *user);

#endif
