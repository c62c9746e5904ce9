/* colour - on a terminal that wants it; what it says is always said in words, too */
#ifndef CMD_COLOUR_H
#define CMD_COLOUR_H

enum colour { COLOUR_NONE, COLOUR_GOOD, COLOUR_CARE, COLOUR_BAD };

/*
 * What to print before the words, and COLOUR_NONE behind them: "" where the descriptor
 * is no terminal, NO_COLOR is set, or TERM is not or says "dumb". Static.
 */
const char *colour(int fd, enum colour which);
/* That of a delivery's state. */
enum colour colour_of_state(const char *state);

#endif
