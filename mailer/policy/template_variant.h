/* template_variant - {{#variant}}one wording|another{{/variant}}: a mark of a copy */
#ifndef POLICY_TEMPLATE_VARIANT_H
#define POLICY_TEMPLATE_VARIANT_H

#include "policy/template_node.h"

enum { VARIANT_MOST = 16 }; /* wordings */

/* `section` is the node of a variant that is closed. */

size_t variant_count(const struct template *template, size_t section);
/* The nodes of a wording, from 0: *from up to but without *to. */
void variant_range(const struct template *template, size_t section, size_t which,
    size_t *from, size_t *to);
/*
 * Why no copy may be marked with it; NULL: it is sound. Wordings are compared as they
 * are in what was copied, without case, white space and ASCII marks.
 */
const char *variant_fault(const struct template *template, size_t section);
/* What it chooses from, and what is before it: its position. */
void variant_write(struct text *text, const struct template *template, size_t section);

#endif
