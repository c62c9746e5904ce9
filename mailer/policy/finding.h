/* finding - what a leaked text says of the marks of its copy */
#ifndef POLICY_FINDING_H
#define POLICY_FINDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "policy/mark.h"

/* A leaked text in all the forms that are looked through. */
struct leaked {
	struct text *forms; /* owned */
	size_t count;
};

/* As it is; without numbers of its lines; without the escapes of quoted-printable; and whatever in it decodes. */
void leaked_read(struct leaked *leaked, const struct text *bytes);
bool leaked_has(const struct leaked *leaked, const char *bytes, size_t size);
void leaked_clear(struct leaked *leaked);

/* What leaked texts of one advisory say of its marks. */
struct finding {
	struct mark mark; /* without its place */
	bool mixed; /* more than one symbol was seen: it says nothing */
};

struct findings {
	struct finding *all; /* owned */
	size_t count;
};

void findings_add(struct findings *findings, const struct mark *mark);
const struct finding *findings_of(const struct findings *findings, uint64_t position);
/* Adds the mark of a notice number if it is there. */
void notice_find(
    const struct mark *notice, const struct leaked *leaked, struct findings *findings);
/* Adds those of another leak of the same copies. */
void findings_join(struct findings *findings, const struct findings *others);
size_t findings_read(const struct findings *findings); /* how many are not mixed */
void findings_clear(struct findings *findings);

#endif
