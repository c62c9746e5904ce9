/* intake - the operator's files into the policy's words; the working directory is the programme's */
#ifndef EDGE_INTAKE_H
#define EDGE_INTAKE_H

#include "base/error.h"
#include "edge/ini.h"
#include "policy/advisory.h"
#include "policy/partner.h"
#include "policy/programme.h"
#include "policy/templates.h"

/* partners.ini and partners.d/ID.ini. The strings live in `inis`. */
struct partner_files {
	struct registry registry;
	struct ini **inis; /* owned */
	size_t count;
};

bool intake_partners(struct partner_files *files, const struct programme *programme,
    struct mistakes *mistakes);
void partner_files_clear(struct partner_files *files);

/* templates/NAME[.LANG].mustache */
struct template_files {
	struct templates templates;
	struct pool strings;
};

bool intake_templates(struct template_files *files, const struct programme *programme,
    struct mistakes *mistakes);
void template_files_clear(struct template_files *files);

/*
 * advisories/ID/REVISION/advisory.ini with its texts and attachments, each read once
 * into memory. NULL when there was a mistake; all are added.
 */
struct advisory *intake_advisory(const char *id, unsigned revision,
    const struct programme *programme, size_t max_file, struct mistakes *mistakes);

/* The highest revision folder of an advisory; 0 when there is none. */
unsigned intake_newest_revision(const char *id, struct error *err);
/* All advisory ids below advisories/, ascending; the caller frees each and the array. */
bool intake_advisory_ids(char ***ids, size_t *count, struct mistakes *mistakes);

#endif
