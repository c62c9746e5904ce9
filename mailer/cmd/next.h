/* next - `forewarn` alone: what is to be done here, the most urgent first */
#ifndef CMD_NEXT_H
#define CMD_NEXT_H

#include <time.h>

/*
 * At most five lines, and where the commands are listed. Changes nothing, and says what
 * it can of a programme that is half made. The exit code: 2 where there is no programme
 * or it has mistakes, 1 when something due is undone, else 0.
 */
int next_say(time_t now);

#endif
