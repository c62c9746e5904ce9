/* passage - finds what some texts have in common with another one, however it was copied */
#ifndef POLICY_PASSAGE_H
#define POLICY_PASSAGE_H

#include <stdbool.h>
#include <stddef.h>

#include "policy/squeeze.h"

/*
 * A passage is a run of bytes that two texts, both squeezed into some form, have in
 * common: at least PASSAGE_LEAST of them, PASSAGE_DISTINCT of these different, so
 * that rulers and padding are none.
 *
 * A text shorter than that is found as a whole. It must have at least 8 bytes, and
 * from 8 to 15 it must not be all letters: a word is not a secret.
 */
enum { PASSAGE_LEAST = 48, PASSAGE_DISTINCT = 8 };

struct passages; /* the texts to look for */

struct passage {
	size_t text; /* which of those added, from 0 */
	enum squeeze form; /* of that text; from and to count in it */
	size_t from, to; /* where it stands there */
	size_t size; /* of the whole text, in that form */
	enum squeeze searched_form; /* of what was searched */
	size_t at; /* where it stands there; squeeze_line tells the line */
};

struct passages *passages_new(void);
/* A text to look for; the bytes are not needed afterwards. */
void passages_add(struct passages *passages, const char *bytes, size_t size);
void passages_free(struct passages *passages); /* NULL is allowed */

/*
 * Calls `found` for each passage of each text in the bytes. Time and memory are
 * linear in the sizes.
 */
void passages_find(const struct passages *passages, const char *bytes, size_t size,
    void (*found)(void *ctx, const struct passage *passage), void *ctx);

#endif
