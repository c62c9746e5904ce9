/* screen - the terminal that stdout or stderr may be, and words that fit its width */
#ifndef CMD_SCREEN_H
#define CMD_SCREEN_H

#include <stdbool.h>
#include <stddef.h>

/* In columns; 0: no terminal, or one that does not say: nothing is cut or wrapped. */
size_t screen_width(int fd);

/* A terminal that can do more than print line after line: TERM is set and not "dumb". */
bool screen_redraws(int fd);

/*
 * Says the words on stdout, indented, in lines broken at spaces where they would pass the
 * width; what follows the first line stands two columns further in. A longer word stays whole.
 */
void screen_say(size_t indent, const char *words, size_t width);

#endif
