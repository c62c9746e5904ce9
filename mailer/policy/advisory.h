/* advisory - one revision of what is to be told; every fact, text and file in it has a class */
#ifndef POLICY_ADVISORY_H
#define POLICY_ADVISORY_H

#include <time.h>

#include "base/error.h"
#include "base/pool.h"
#include "base/text.h"
#include "policy/tlp.h"
#include "policy/value.h"

struct template;

/* What a text or file of an advisory holds in another form: unpacked, decoded. */
struct view {
	const char *of; /* the bytes of the value that it was found in */
	const char *path; /* for messages: "rules.zip/poc.py" */
	struct text bytes; /* owned */
};

/* What a revision is to its readers. */
enum advisory_kind {
	ADVISORY_NOTICE,
	ADVISORY_WITHDRAWAL, /* for those alone who had an earlier revision */
	ADVISORY_PUBLIC, /* it is out: for everyone at its release, as the lowest tier has it */
};

/*
 * The tree: facts at the top by their names, `list` (a map of LISTs), `text` (a
 * map of TEXTs), `attachments` (a LIST of FILEs).
 */
struct advisory {
	const char *id; /* owned by strings */
	unsigned revision;
	time_t release;
	enum tlp tlp;
	enum advisory_kind kind;
	struct value *values; /* owned */
	struct text *files; /* owned: the bytes that values borrow */
	size_t file_count;
	struct template **wordings; /* owned: what texts with variants are, parsed */
	size_t wording_count;
	struct view *views; /* owned; only for comparison, never given */
	size_t view_count;
	struct pool strings;
	struct place place;
};

void advisory_free(struct advisory *advisory); /* NULL is allowed */

#endif
