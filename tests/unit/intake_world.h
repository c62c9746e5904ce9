/* intake_world - an empty programme directory, and the tiers that its files may name */
#ifndef TESTS_INTAKE_WORLD_H
#define TESTS_INTAKE_WORLD_H

#include "policy/programme.h"
#include "scratch.h"

/* A programme of two tiers; what intake asks of it, and no more. */
static struct programme programme;

static inline int
world_enter(void **state)
{
	programme = (struct programme){ .language = "en" };
	programme.tiers = mem_array(2, sizeof *programme.tiers);
	programme.tier_count = 2;
	programme.tiers[0] = (struct tier){ .id = "entry",
		.rank = 1,
		.template = "notice",
		.place = { "forewarn.ini", 9 } };
	programme.tiers[1] = (struct tier){ .id = "validate",
		.rank = 2,
		.template = "details",
		.place = { "forewarn.ini", 19 } };
	classes_add(&programme.tiers[0].admits, "guidance");
	classes_add(&programme.tiers[1].admits, "guidance");
	classes_add(&programme.tiers[1].admits, "poc");
	return scratch_enter(state);
}

static inline int
world_leave(void **state)
{
	programme_clear(&programme);
	return scratch_leave(state);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_enter, world_leave)

#endif
