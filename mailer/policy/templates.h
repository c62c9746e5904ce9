/* templates - the programme's templates by name and language */
#ifndef POLICY_TEMPLATES_H
#define POLICY_TEMPLATES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"
#include "policy/template.h"

/* Names are "notice" or, in a language, "notice.ko". */
struct templates {
	struct template **all; /* owned */
	size_t count;
	struct map names;
};

void templates_add(
    struct templates *templates, const char *name, struct template *template);
void templates_clear(struct templates *templates);

/* One language's view; the unsuffixed template serves where `fallback`. */
struct choice {
	const struct templates *templates;
	const char *language;
	bool is_default; /* the programme's own language: unsuffixed is not a fall-back */
	bool fallback;
	bool *fell_back; /* set when a fall-back was taken; may be NULL */
};

/* NULL: not there. ctx is a struct choice, so that this serves as rendering.partial. */
const struct template *templates_choose(void *choice, const char *name);

/*
 * Whether the template, or a partial of it, has a tag under "contact." or
 * "partner.": then each contact has an edition of its own.
 */
bool templates_personal(const struct choice *choice, const struct template *template);

/* Names that nothing could ever define ("advisory.titel") and partials that are not there. */
void templates_check(const struct templates *templates, struct mistakes *mistakes);

#endif
