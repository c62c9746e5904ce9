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
struct edition *edition_new(const struct brief *brief, const struct tier *tier,
    const char *language, const struct contact *person, const struct prior *prior,
    struct mistakes *mistakes);
void edition_free(struct edition *edition); /* NULL is allowed */

/* The files of an edition: a LIST of FILEs, or NULL. */
const struct value *edition_files(const struct edition *edition);

#endif
