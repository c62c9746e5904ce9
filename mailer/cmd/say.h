/* say - what operators read: results on stdout, trouble on stderr, one line each */
#ifndef CMD_SAY_H
#define CMD_SAY_H

#include <stdbool.h>
#include <time.h>

#include "base/error.h"
#include "base/text.h"

void say(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "next: ..." to a person: on a terminal alone, so that pipes hold results. */
void say_next(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* "forewarn: ..." on stderr; returns false, so that a failure is one line. */
bool say_wrong(const char *format, ...) __attribute__((format(printf, 1, 2)));
/*
 * The last line of the terminal that stderr is, until another one stands there or, with
 * NULL, none: what say_wrong and say_mistakes say goes above it. Any thread.
 */
void say_standing(const char *line);
/* All mistakes in the order they were found; warnings say so. */
void say_mistakes(const struct mistakes *mistakes);

/* "2026-12-08T18:00:00Z (Tue 2026-12-08 19:00 CET), in 3 d 4 h" */
void say_when(struct text *text, time_t when, time_t now);

/* False when something that was said could not be written. */
bool say_flush(void);

#endif
