/* squeeze - a text without what changes when it is copied: white space, case, marks of quoting */
#ifndef POLICY_SQUEEZE_H
#define POLICY_SQUEEZE_H

#include <stddef.h>

/*
 * All forms leave out white space and fold ASCII case, so wrapping, indentation and
 * line ends do not count. BARE keeps letters, digits and what is not ASCII alone, so
 * quote and comment marks, string escapes, HTML entities and UTF-16 do not count
 * either. UNNUMBERED is BARE without a number at the start of each line.
 */
enum squeeze { SQUEEZE_DENSE, SQUEEZE_BARE, SQUEEZE_UNNUMBERED, SQUEEZE_FORMS };

/* `out` has room for `size` bytes; returns how many were written. */
size_t squeeze(char *out, const char *bytes, size_t size, enum squeeze form);

/* The line, from 1, of what squeeze wrote at out[offset]. */
unsigned squeeze_line(const char *bytes, size_t size, enum squeeze form, size_t offset);

#endif
