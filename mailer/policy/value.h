/*
 * value - the one classed tree of all that an advisory holds: facts, lists,
 * texts and files. What a partner may have is a pruned copy of it, and templates
 * see nothing else.
 */
#ifndef POLICY_VALUE_H
#define POLICY_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/error.h"

struct classes;
struct template;

enum value_kind {
	VALUE_MAP, /* children have names */
	VALUE_LIST, /* children are found by order; the name of a file is its attach name */
	VALUE_STRING, /* bytes: one line, or the text of a file */
	VALUE_TEXT, /* children: one STRING a language, named by it ("" when unsuffixed) */
	VALUE_FILE, /* bytes: content; children: file, size, sha256 for templates */
	VALUE_CHOICE, /* children: STRINGs, of which each copy has one */
	VALUE_NOTICE, /* the notice number of a copy */
	VALUE_FALSE, /* for template data from elsewhere: false, null, an absent thing */
};

/*
 * A class covers its node and all below it. A node without a class of its own
 * belongs to the nearest one above that has one; where there is none, a map or a
 * list is structure (judged by its children) and anything else is never admitted.
 * What the program itself says has no class: it is added behind value_admit.
 */
struct value {
	enum value_kind kind;
	const char *name; /* borrowed; within its map; NULL in a list */
	const char *class; /* borrowed */
	const char *bytes; /* borrowed; never NULL; NUL-ended at bytes[size] */
	size_t size;
	unsigned char sha256[DIGEST_SIZE]; /* of bytes: leaves only */
	const struct template *wordings; /* of a STRING with variants; borrowed; NULL */
	bool shuffled; /* of a LIST: the order of its elements, in pairs, marks a copy */
	struct place place;
	struct value **children; /* owned */
	size_t count;
};

struct value *value_new(enum value_kind kind, const char *name, const char *class);
/* With its sha256. */
struct value *value_string(
    const char *name, const char *class, const char *bytes, size_t size);
void value_add(struct value *parent, struct value *child); /* the parent owns the child */
void value_free(struct value *value); /* NULL is allowed */

struct value *value_child(const struct value *map, const char *name); /* NULL: absent */
/* The child of that name, which is a map and is made if it is absent. */
struct value *value_map(struct value *parent, const char *name);

/*
 * The copy that holds only what `admits` names: promise 1. A node stays if a class
 * covers it and every class from the root down to it is admitted; one that is not
 * takes all below it along. A map, a list or a text that ends empty goes too. NULL
 * when nothing is left. Bytes stay borrowed from the original; the caller frees
 * the copy.
 */
struct value *value_admit(const struct value *value, const struct classes *admits);

/*
 * Replaces each TEXT by the STRING of one language, in place. The unsuffixed one
 * serves when `fallback`, and *fell_back (may be NULL) is then set; a text without
 * either is an error at its place.
 */
bool value_speak(struct value *value, const char *language, bool fallback,
    bool *fell_back, struct mistakes *mistakes);

/*
 * Calls `visit` for each node that has a class of its own, with its path: "title",
 * "list.cves", "attach.rules". What a class merely covers belongs to its node.
 */
void value_leaves(const struct value *value,
    void (*visit)(void *ctx, const char *path, const struct value *leaf), void *ctx);

#endif
