#include "policy/quorum.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "policy/name.h"
#include "policy/plan.h"

enum { MOST = 100 }; /* approvals that a quorum may ask for */

static const char first_line[] = "forewarn-quorum-1";

void
quorum_clear(struct quorum *quorum)
{
	free(quorum->tiers);
	free(quorum->approvers);
	pool_clear(&quorum->strings);
	*quorum = (struct quorum){ 0 };
}

static int
by_tier(const void *a, const void *b)
{
	const struct tier_quorum *one = a, *two = b;

	return strcmp(one->tier, two->tier);
}

static int
by_name(const void *a, const void *b)
{
	const struct approver *one = a, *two = b;

	return strcmp(one->name, two->name);
}

/* A sorted copy, so that the order of the files makes no difference. */
static void *
sorted(const void *array, size_t count, size_t size,
    int (*compare)(const void *, const void *))
{
	void *copy = mem_array(count, size);

	if (count) {
		memcpy(copy, array, count * size);
		qsort(copy, count, size, compare);
	}
	return copy;
}

void
quorum_write(struct text *text, const struct quorum *quorum)
{
	struct tier_quorum *tiers =
	    sorted(quorum->tiers, quorum->tier_count, sizeof *tiers, by_tier);
	struct approver *approvers =
	    sorted(quorum->approvers, quorum->approver_count, sizeof *approvers, by_name);

	text_addf(
	    text, "%s\nneeded=%u\n", first_line, quorum->needed ? quorum->needed : 1);
	for (size_t i = 0; i < quorum->tier_count; i++)
		text_addf(text, "tier=%s needed=%u\n", tiers[i].tier, tiers[i].needed);
	for (size_t i = 0; i < quorum->approver_count; i++)
		text_addf(text, "approver=%s key=%s user=%s\n", approvers[i].name,
		    approvers[i].fingerprint,
		    approvers[i].user ? approvers[i].user : "-");
	free(tiers);
	free(approvers);
}

/* One line of it into the quorum; what it was not written as is found by comparing. */
static void
read_line(struct quorum *quorum, const char *line)
{
	char name[128], fingerprint[128], user[128], number[16];

	if (sscanf(line, "tier=%127s needed=%15s", name, number) == 2) {
		quorum->tiers =
		    mem_room(quorum->tiers, quorum->tier_count, sizeof *quorum->tiers);
		quorum->tiers[quorum->tier_count++] = (struct tier_quorum){
			pool_keep(&quorum->strings, name, strlen(name)),
			(unsigned)strtoul(number, NULL, 10),
		};
	} else if (sscanf(line, "approver=%127s key=%127s user=%127s", name, fingerprint,
		       user) == 3) {
		quorum->approvers = mem_room(
		    quorum->approvers, quorum->approver_count, sizeof *quorum->approvers);
		quorum->approvers[quorum->approver_count++] = (struct approver){
			.name = pool_keep(&quorum->strings, name, strlen(name)),
			.fingerprint =
			    pool_keep(&quorum->strings, fingerprint, strlen(fingerprint)),
			.user = strcmp(user, "-") == 0
			    ? NULL
			    : pool_keep(&quorum->strings, user, strlen(user)),
		};
	} else if (sscanf(line, "needed=%15s", number) == 1) {
		quorum->needed = (unsigned)strtoul(number, NULL, 10);
	}
}

bool
quorum_read(struct quorum *quorum, const char *text)
{
	struct text again = { 0 };
	const char *line = text;
	bool whole;

	*quorum = (struct quorum){ 0 };
	for (; *line; line += strcspn(line, "\n") + (strchr(line, '\n') != NULL)) {
		const char *kept = pool_keep(&quorum->strings, line, strcspn(line, "\n"));

		read_line(quorum, kept);
	}
	quorum_write(&again, quorum);
	whole = strcmp(text_string(&again), text) == 0;
	text_clear(&again);
	return whole;
}

static bool
same(const char *one, const char *two)
{
	return one && two && strcmp(one, two) == 0;
}

static void
check_pair(
    const struct approver *one, const struct approver *two, struct mistakes *mistakes)
{
	const char *what = same(one->name, two->name)  ? "name"
	    : same(one->fingerprint, two->fingerprint) ? "key"
	    : same(one->user, two->user)               ? "user"
						       : NULL;

	if (what)
		mistakes_add(mistakes, two->place,
		    "approver '%s': its %s is that of approver '%s', too: one person "
		    "would count twice",
		    two->name, what, one->name);
}

static void
check_reach(const struct quorum *quorum, unsigned needed, struct mistakes *mistakes)
{
	struct place place = { "forewarn.ini", 0 };

	if (needed > MOST || (needed > 1 && needed > quorum->approver_count))
		mistakes_add(mistakes, place,
		    "approvals: %u are needed, and there are %zu approvers; add "
		    "[approver/NAME] sections",
		    needed, quorum->approver_count);
}

void
quorum_check(const struct quorum *quorum, struct mistakes *mistakes)
{
	for (size_t i = 0; i < quorum->approver_count; i++)
		for (size_t j = 0; j < i; j++)
			check_pair(
			    &quorum->approvers[j], &quorum->approvers[i], mistakes);
	check_reach(quorum, quorum->needed, mistakes);
	for (size_t i = 0; i < quorum->tier_count; i++)
		check_reach(quorum, quorum->tiers[i].needed, mistakes);
}

const struct approver *
quorum_approver(const struct quorum *quorum, const char *fingerprint)
{
	for (size_t i = 0; i < quorum->approver_count; i++)
		if (same(quorum->approvers[i].fingerprint, fingerprint))
			return &quorum->approvers[i];
	return NULL;
}

static unsigned
larger(unsigned one, unsigned two)
{
	return one > two ? one : two;
}

unsigned
quorum_for_plan(const struct quorum *quorum, const struct plan *plan)
{
	unsigned needed = larger(quorum->needed, 1);

	for (size_t i = 0; i < quorum->tier_count; i++)
		for (size_t j = 0; j < plan->line_count; j++)
			if (strcmp(quorum->tiers[i].tier, plan->lines[j].tier->id) == 0) {
				needed = larger(needed, quorum->tiers[i].needed);
				break;
			}
	return needed;
}

unsigned
quorum_for_change(const struct quorum *quorum)
{
	unsigned needed = larger(quorum->needed, 1);

	for (size_t i = 0; i < quorum->tier_count; i++)
		needed = larger(needed, quorum->tiers[i].needed);
	return needed;
}

static bool
signed_by(const char *fingerprint, const char *const signers[], size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(signers[i], fingerprint) == 0)
			return true;
	return false;
}

unsigned
quorum_count(
    const struct quorum *quorum, const char *const signers[], size_t n, const char *user)
{
	unsigned count = 0;

	for (size_t i = 0; i < quorum->approver_count; i++)
		count += signed_by(quorum->approvers[i].fingerprint, signers, n) ||
		    same(quorum->approvers[i].user, user);
	return count;
}
