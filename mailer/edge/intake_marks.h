/* intake_marks - what the operator lets mark a copy: texts with variants, lists by their order */
#ifndef EDGE_INTAKE_MARKS_H
#define EDGE_INTAKE_MARKS_H

#include "edge/reading.h"
#include "policy/advisory.h"

/*
 * Reads `marks = text.NAME, list.NAME` of [advisory], once the values are there. A text
 * with variants is also seen, for comparison, as each copy of it will read.
 */
void marks_read(struct advisory *advisory, const struct reading *reading);

/* Strings of which each copy has one must differ in what was copied; NULL: they do. */
const char *marks_fault(const struct value *strings);

#endif
