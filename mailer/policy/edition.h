/* edition - one rendered text with its files, as a set of contacts gets it */
#ifndef POLICY_EDITION_H
#define POLICY_EDITION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "policy/advisory.h"
#include "policy/history.h"
#include "policy/mark.h"
#include "policy/partner.h"
#include "policy/programme.h"
#include "policy/templates.h"

/* What everything is made from; all is borrowed and must outlive what is made. */
struct brief {
	const struct programme *programme;
	const struct registry *registry;
	const struct templates *templates;
	const struct advisory *advisory;
	const char *signer; /* primary fingerprint */
	const struct history *history; /* of earlier revisions; NULL: there is none */
	const struct text *mark_key; /* NULL or empty: there is none */
};

/*
 * Which copy of an advisory: everybody's of a tier and language who had the same before, a
 * group's of these, or a contact's.
 */
struct copy {
	const struct tier *tier;
	const char *language;
	const struct prior *prior; /* what they have had; NULL: nothing */
	const struct contact *person; /* NULL: not of one contact alone */
	unsigned group, groups; /* of partners, from 1, of how many; 0: of none */
	const char *holder; /* whose marks it carries; "" for a look at what there is */
	uint64_t attempt;
	const uint64_t *forced; /* as of a marking; NULL: not */
};

/* What one fact, text or file of the advisory came to in an edition. */
struct item {
	const char *name, *class; /* "text.summary", "guidance" */
	bool given;
	unsigned char sha256[DIGEST_SIZE]; /* of what was given; zero when withheld */
};

struct edition {
	const struct tier *tier;
	const char *language;
	const struct contact
	    *person; /* a personal edition is this contact's alone; NULL */
	const struct prior *prior; /* what its readers have had; NULL: nothing */
	unsigned group, groups; /* of the partners it is for, from 1, of how many; 0 */
	const char
	    *owner; /* the contact's id, "group 3 of 16"; NULL: it is everybody's */
	struct mark
	    *marks; /* owned; `at` counts in the subject, then LF, then the text */
	size_t mark_count;
	bool fell_back; /* a template or text of another language serves */
	bool failed; /* rendering found mistakes; nothing but the above holds */
	struct value *admitted; /* owned: what was admitted and what the program says */
	struct text subject, text; /* UTF-8, LF */
	struct item *items; /* owned; one for each leaf of the advisory */
	size_t item_count;
	unsigned char digest[DIGEST_SIZE];
	struct pool strings;
};

/* Whether contacts of this tier and language need an edition each. */
bool edition_is_personal(const struct brief *brief, const struct tier *tier,
    const char *language, const struct prior *prior);

/* Never NULL; edition->failed when mistakes were added. */
struct edition *edition_new(
    const struct brief *brief, const struct copy *copy, struct mistakes *mistakes);
void edition_free(struct edition *edition); /* NULL is allowed */

/* The files of an edition: a LIST of FILEs, or NULL. */
const struct value *edition_files(const struct edition *edition);

#endif
