/*
 * template - Mustache, every mandatory module of the specification (1.4):
 * comments, delimiters, interpolation, inverted sections, partials, sections.
 *
 * Two things differ unless asked otherwise: a name that is absent is an error
 * where it would be written (a silent gap in an advisory is dangerous), and
 * nothing is escaped (a notice is text/plain). Values are data, never parsed.
 *
 * A section named `variant` is ours: {{#variant}}one wording|another{{/variant}}. It holds
 * wordings alone, and each copy of an advisory has one of them: see policy/mark.h.
 */
#ifndef POLICY_TEMPLATE_H
#define POLICY_TEMPLATE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "policy/mark.h"
#include "policy/value.h"

struct template; /* opaque; read-only once parsed */

/*
 * `name` is for messages ("notice:12: ...") and is borrowed; the source is
 * copied. NULL when there was a mistake; all of them are added.
 */
struct template *template_parse(
    const char *name, const char *source, size_t size, struct mistakes *mistakes);
void template_free(struct template *template); /* NULL is allowed */

struct rendering {
	bool html; /* {{x}} escapes & < > " as HTML */
	bool
	    lenient; /* an absent name is written as nothing, as the specification says */
	/* The partial of that name, borrowed, or NULL: not there. */
	const struct template *(*partial)(void *ctx, const char *name);
	void *ctx;
	struct marking *marking; /* NULL: of each mark the first choice */
};

/*
 * Appends to out. Nesting of sections and partials is at most 32 deep, the output
 * at most 16 MiB. All mistakes are added, each once; if there was one, nothing is
 * appended and false returned. An empty string, an empty list and FALSE are false.
 * `data` may be NULL: nothing is defined.
 */
bool template_render(struct text *out, const struct template *template,
    const struct value *data, const struct rendering *rendering,
    struct mistakes *mistakes);

enum tag { TAG_VARIABLE, TAG_SECTION, TAG_INVERTED, TAG_PARTIAL };

/* Its first line, for messages about the whole. */
struct place template_place(const struct template *template);

/* The most wordings that a variant of it has; 0: it has no variant. */
size_t template_wordings(const struct template *template);
/*
 * Calls `visit` for each tag of the template itself but for its variants, in order;
 * partials are not entered.
 */
void template_tags(const struct template *template,
    void (*visit)(void *ctx, enum tag tag, const char *name, struct place place),
    void *ctx);

#endif
