/* tier - classes of material, and the tiers that admit them */
#ifndef POLICY_TIER_H
#define POLICY_TIER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "policy/tlp.h"

struct classes {
	const char **names; /* owned; elements borrowed */
	size_t count;
};

bool classes_have(const struct classes *classes, const char *name);
void classes_add(
    struct classes *classes, const char *name); /* a second time changes nothing */
bool classes_within(const struct classes *part, const struct classes *whole);
void classes_clear(struct classes *classes);

struct tier {
	const char *id;
	unsigned rank; /* unique; the higher, the more a partner may have */
	struct classes admits;
	const char *audience; /* what partners are told; never the id */
	const char *template; /* "notice" unless set */
	const char
	    *update; /* for those who had an earlier revision; `template` unless set */
	bool tightens; /* tlp is set */
	enum tlp tlp; /* at least this strict */
	bool alone; /* each of its contacts gets a session key of its own */
	struct place place;
};

#endif
