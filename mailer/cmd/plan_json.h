/* plan_json - a plan for a program: what `preview --json` and `arm -n --json` answer */
#ifndef CMD_PLAN_JSON_H
#define CMD_PLAN_JSON_H

#include "cmd/plan_view.h"

/*
 * Says the lines that the view shows, their editions, and who is not told; the
 * mistakes are the warnings there are. On false nothing was said.
 */
bool plan_json_say(const struct plan_view *view, const char *command,
    const struct mistakes *mistakes, struct error *err);

#endif
