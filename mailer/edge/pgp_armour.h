/*
 * pgp_armour - ASCII armour (RFC 4880 section 6) with CRLF line ends, made in pieces:
 * messages that end in the same megabytes share the lines that these make.
 */
#ifndef EDGE_PGP_ARMOUR_H
#define EDGE_PGP_ARMOUR_H

#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { ARMOUR_LINE = 48, ARMOUR_WIDTH = 64 }; /* octets in a line, and its characters */

/* How many octets of what follows `size` octets fill their last line. */
size_t armour_fill(size_t size);

/* The CRC-24 of some octets (section 6.1), and of two pieces from theirs. */
uint32_t armour_sum(const void *bytes, size_t size);
uint32_t armour_sum_joined(uint32_t first, uint32_t second, size_t second_size);

void armour_begin(struct text *text);
/* Whole lines, but for the last one of a message. */
void armour_lines(struct text *text, const void *bytes, size_t size);
void armour_end(struct text *text, uint32_t sum);

#endif
