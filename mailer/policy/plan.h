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
#include "policy/edition.h"
#include "policy/partner.h"
#include "policy/printing.h"
#include "policy/programme.h"

struct line {
	const struct advisory *advisory;
	const struct contact *to;
	const struct tier *tier;
	const struct wave *wave;
	const struct edition *edition;
	time_t opens, lasts;
	const char *rules; /* names of the rules that matched: "a,b" or "-" */
	const char *why; /* for people; not part of the line's identity */
	unsigned answers; /* the revision that its contact has had; 0: none */
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
	struct printing **printings; /* owned: one a tier and language */
	size_t printing_count;
	struct edition **editions; /* owned */
	size_t edition_count;
	struct absence *absences; /* owned */
	size_t absence_count;
	unsigned char
	    digest[DIGEST_SIZE]; /* of all lines, each written and ended by LF */
	struct pool strings;
};

/* On false the mistakes are added and *plan is cleared. */
bool plan_make(struct plan *plan, const struct brief *brief, struct mistakes *mistakes);
void plan_clear(struct plan *plan);
const struct line *plan_line(const struct plan *plan, const char *contact);

/*
 * Canonical, one line without its end: every digest and signature is over this.
 * `forewarn-line-1 advisory=... revision=... contact=... partner=... address=...
 * key=... tier=... wave=... edition=... opens=... lasts=... rules=...`, and for an update
 * ` answers=...`
 */
void line_write(struct text *text, const struct line *line);
void line_digest(unsigned char out[DIGEST_SIZE], const struct line *line);

/* Its contact does not share a session key with others of its edition. Not part of its identity. */
bool line_sealed_alone(const struct line *line);

#endif
