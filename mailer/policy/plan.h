/*
 * plan - who is told what, and when. Lines are what is shown, armed, sent and
 * explained; all belongs to the plan and is read-only once made.
 */
#ifndef POLICY_PLAN_H
#define POLICY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/digest.h"
#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "policy/advisory.h"
#include "policy/partner.h"
#include "policy/programme.h"
#include "policy/templates.h"

/* What one fact, text or file of the advisory came to in an edition. */
struct item {
	const char *name, *class; /* "text.summary", "guidance" */
	bool given;
	unsigned char sha256[DIGEST_SIZE]; /* of what was given; zero when withheld */
};

/* One rendered text with its files, as a set of contacts gets it. */
struct edition {
	const struct tier *tier;
	const char *language;
	bool fell_back; /* a template or text of another language serves */
	bool personal; /* for one contact only */
	const struct contact *person; /* that contact, or NULL */
	struct value *admitted; /* owned; NULL when nothing is admitted */
	struct text subject, text; /* UTF-8, LF */
	struct item *items; /* owned; one for each leaf of the advisory */
	size_t item_count;
	unsigned char digest[DIGEST_SIZE];
};

struct line {
	const struct advisory *advisory;
	const struct contact *to;
	const struct tier *tier;
	const struct wave *wave;
	const struct edition *edition;
	time_t opens, lasts;
	const char *rules; /* names of the rules that matched: "a,b" or "-" */
	const char *why; /* for people; not part of the line's identity */
};

/* A contact that gets nothing. */
struct absence {
	const struct contact *to;
	const char *why;
};

struct plan {
	const struct advisory *advisory;
	struct line *lines; /* owned; ascending contact id */
	size_t line_count;
	struct edition **editions; /* owned */
	size_t edition_count;
	struct absence *absences; /* owned */
	size_t absence_count;
	unsigned char
	    digest[DIGEST_SIZE]; /* of all lines, each written and ended by LF */
	struct pool strings;
};

/* What a plan is made from; all is borrowed and must outlive the plan. */
struct brief {
	const struct programme *programme;
	const struct registry *registry;
	const struct templates *templates;
	const struct advisory *advisory;
	const char *signer; /* primary fingerprint */
};

/* On false the mistakes are added and *plan is cleared. */
bool plan_make(struct plan *plan, const struct brief *brief, struct mistakes *mistakes);
void plan_clear(struct plan *plan);
const struct line *plan_line(const struct plan *plan, const char *contact);

/*
 * Canonical, one line without its end: every digest and signature is over this.
 * `forewarn-line-1 advisory=... revision=... contact=... partner=... address=...
 * key=... tier=... wave=... edition=... opens=... lasts=... rules=...`
 */
void line_write(struct text *text, const struct line *line);
void line_digest(unsigned char out[DIGEST_SIZE], const struct line *line);

#endif
