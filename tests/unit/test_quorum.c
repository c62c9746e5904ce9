/* Who must agree: written and read back as the same, counted once each, and checked. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/plan.h"
#include "policy/quorum.h"

#define ALICE "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define BOB "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define CAROL "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"

static struct approver people[] = { { "bob", BOB, NULL, { "f", 2 } },
	{ "alice", ALICE, "al", { "f", 1 } }, { "carol", CAROL, NULL, { "f", 3 } } };
static struct tier_quorum tiers[] = { { "validate", 3 }, { "entry", 1 } };
static const struct quorum quorum = { .needed = 2,
	.tiers = tiers,
	.tier_count = 2,
	.approvers = people,
	.approver_count = 3 };

static void
it_reads_as_it_was_written_whatever_the_order(void **state)
{
	struct text text = { 0 }, again = { 0 };
	struct quorum back;

	(void)state;
	quorum_write(&text, &quorum);
	assert_string_equal(text_string(&text),
	    "forewarn-quorum-1\nneeded=2\ntier=entry needed=1\ntier=validate needed=3\n"
	    "approver=alice key=" ALICE " user=al\napprover=bob key=" BOB " user=-\n"
	    "approver=carol key=" CAROL " user=-\n");
	assert_true(quorum_read(&back, text_string(&text)));
	quorum_write(&again, &back);
	assert_string_equal(text_string(&again), text_string(&text));
	quorum_clear(&back);
	text_clear(&text);
	text_clear(&again);
}

static void
nothing_else_is_read(void **state)
{
	static const char *const bad[] = { "", "forewarn-quorum-1\n",
		"forewarn-quorum-2\nneeded=2\n", "forewarn-quorum-1\nneeded=2",
		"forewarn-quorum-1\nneeded=-2\n", "forewarn-quorum-1\nneeded=2x\n",
		"forewarn-quorum-1\nneeded=02\n",
		"forewarn-quorum-1\nneeded=2\nneeded=1\n",
		"forewarn-quorum-1\nneeded=2\ntier=b needed=1\ntier=a needed=1\n",
		"forewarn-quorum-1\nneeded=2\napprover=a key=K user=u more\n",
		"forewarn-quorum-1\nneeded=4294967298\n" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct quorum back;

		assert_false(quorum_read(&back, bad[i]));
		quorum_clear(&back);
	}
}

static void
each_person_counts_once(void **state)
{
	static const char *const signers[] = { ALICE, BOB, BOB, "DDDD" };

	(void)state;
	assert_int_equal(quorum_count(&quorum, signers, 4, NULL), 2);
	assert_int_equal(quorum_count(&quorum, signers, 4, "al"), 2);
	assert_int_equal(quorum_count(&quorum, signers + 1, 1, "al"), 2);
	assert_int_equal(quorum_count(&quorum, signers, 0, "al"), 1);
	assert_int_equal(quorum_count(&quorum, signers, 0, "eve"), 0);
	assert_int_equal(quorum_count(&quorum, signers, 0, NULL), 0);
}

static void
the_most_demanding_tier_of_a_plan_decides(void **state)
{
	struct tier entry = { .id = "entry" }, validate = { .id = "validate" };
	struct line lines[] = { { .tier = &entry }, { .tier = &validate } };
	struct plan plan = { .lines = lines, .line_count = 1 };
	struct quorum none = { 0 };

	(void)state;
	assert_int_equal(quorum_for_plan(&quorum, &plan), 2);
	plan.line_count = 2;
	assert_int_equal(quorum_for_plan(&quorum, &plan), 3);
	assert_int_equal(quorum_for_change(&quorum), 3);
	assert_int_equal(quorum_for_plan(&none, &plan), 1);
	assert_int_equal(quorum_for_change(&none), 1);
}

static void
nobody_stands_there_twice_and_no_number_is_beyond_reach(void **state)
{
	struct approver doubled[] = { { "a", ALICE, "u", { "f", 1 } },
		{ "a", BOB, NULL, { "f", 2 } }, { "b", ALICE, NULL, { "f", 3 } },
		{ "c", CAROL, "u", { "f", 4 } }, { "d", NULL, NULL, { "f", 5 } },
		{ "e", NULL, NULL, { "f", 6 } } };
	struct quorum bad = { .needed = 7, .approvers = doubled, .approver_count = 6 };
	struct mistakes mistakes = { 0 };

	(void)state;
	quorum_check(&quorum, &mistakes);
	assert_int_equal(mistakes.errors, 0);
	quorum_check(&bad, &mistakes);
	assert_int_equal(mistakes.errors, 4);
	mistakes_clear(&mistakes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_reads_as_it_was_written_whatever_the_order),
		cmocka_unit_test(nothing_else_is_read),
		cmocka_unit_test(each_person_counts_once),
		cmocka_unit_test(the_most_demanding_tier_of_a_plan_decides),
		cmocka_unit_test(nobody_stands_there_twice_and_no_number_is_beyond_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
