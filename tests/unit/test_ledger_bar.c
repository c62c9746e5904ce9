/* Holds, suspensions and cancellations: from another connection, in force at the next gate. */
#include "ledger_world.h"

static bool
set(struct world *w, enum bar_on on, const char *name, const char *word)
{
	return ledger_bar(w->ledger,
	    &(struct barring){ { on, name, word, "a leak is suspected", 0 }, "bob",
		{ .now = OPENS + 1 }, false },
	    &w->err);
}

/* A bar, the gate that a claim of contact 0 then meets, and of contact 1. */
static const struct row {
	enum bar_on on;
	const char *name, *word;
	enum gate mine, other;
} rows[] = {
	{ BAR_ALL, "", "held", GATE_HELD, GATE_HELD },
	{ BAR_ADVISORY, "ADV-2026-0007", "held", GATE_HELD, GATE_HELD },
	{ BAR_ADVISORY, "ADV-2026-0008", "held", GATE_OPEN, GATE_OPEN },
	{ BAR_PARTNER, "acme", "suspended", GATE_CLOSED, GATE_OPEN },
	{ BAR_PARTNER, "acme", "removed", GATE_CLOSED, GATE_OPEN },
	{ BAR_PARTNER, "ADV-2026-0007", "suspended", GATE_OPEN, GATE_OPEN },
};

enum { ROWS = sizeof rows / sizeof *rows };

static void
a_gate_is_shut_by_a_bar_that_was_set_behind_the_claim(void **state)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct world *w = *state;
		struct claim mine, other;

		world_teardown(state);
		assert_int_equal(world_setup(state), 0);
		w = *state;
		arm(w, EARLIER);
		begin(w, OPENS);
		mine = take(w, 0, OPENS);
		other = take(w, 1, OPENS);
		must(w, set(w, rows[i].on, rows[i].name, rows[i].word));
		assert_int_equal(
		    ledger_gate(w->ledger, &mine, OPENS + 2, &w->err), rows[i].mine);
		if (rows[i].mine != GATE_OPEN)
			must_fail(w, false, "by bob: a leak is suspected");
		assert_int_equal(
		    ledger_gate(w->ledger, &other, OPENS + 2, &w->err), rows[i].other);
	}
}

static void
what_is_barred_is_not_claimed_until_the_bar_is_lifted(void **state)
{
	for (size_t i = 0; i < ROWS; i++) {
		struct world *w = *state;
		struct claim claim;

		if (strcmp(rows[i].word, "removed") == 0)
			continue; /* for good */
		world_teardown(state);
		assert_int_equal(world_setup(state), 0);
		w = *state;
		arm(w, EARLIER);
		begin(w, OPENS);
		must(w, set(w, rows[i].on, rows[i].name, rows[i].word));
		assert_int_equal(try_claim(w, 0, OPENS + 2, CLAIM_HAND, &claim),
		    rows[i].mine == GATE_OPEN);
		must(w, set(w, rows[i].on, rows[i].name, NULL));
		assert_int_equal(try_claim(w, 0, OPENS + 2, CLAIM_RUN, &claim),
		    rows[i].mine != GATE_OPEN);
	}
}

static void
removed_is_for_good_and_cancels_what_has_not_gone_out(void **state)
{
	struct world *w = *state;
	struct standing standing = { 0 };
	struct claim claim;

	arm(w, EARLIER);
	begin(w, OPENS);
	must(w, set(w, BAR_PARTNER, "acme", "removed"));
	assert_state(w, 0, "cancelled");
	assert_reason(w, 0, "partner removed by bob: a leak is suspected");
	assert_state(w, 1, "planned");
	must_fail(w, set(w, BAR_PARTNER, "acme", NULL), "was removed, which is for good");
	must_fail(w, set(w, BAR_PARTNER, "acme", "suspended"), "was removed");
	assert_false(try_claim(w, 0, OPENS + 2, CLAIM_HAND, &claim));
	must(w, ledger_partner(w->ledger, "acme", &standing, &w->err));
	assert_true(standing.known && standing.barred && standing.removed);
	text_clear(&standing.why);
}

static bool
note(void *ctx, const struct bar *bar)
{
	struct text *text = ctx;

	text_addf(text, "%d %s %s %s %lld;", bar->on, bar->name, bar->word, bar->reason,
	    (long long)(bar->since - OPENS));
	return true;
}

static void
bars_in_force_are_listed_and_the_last_word_holds(void **state)
{
	struct world *w = *state;
	struct text text = { 0 };

	must(w, set(w, BAR_PARTNER, "acme", "suspended"));
	must(w, set(w, BAR_PARTNER, "acme", "removed"));
	must(w, set(w, BAR_ALL, "", "held"));
	must(w, set(w, BAR_ADVISORY, "ADV-1", "held"));
	must(w, set(w, BAR_ADVISORY, "ADV-1", NULL));
	must_fail(
	    w, set(w, BAR_ADVISORY, "ADV-1", NULL), "advisory ADV-1: there is no bar");
	must(w, ledger_bars(w->ledger, note, &text, &w->err));
	assert_string_equal(text_string(&text),
	    "1  held by bob: a leak is suspected 1;"
	    "2 acme removed by bob: a leak is suspected 1;");
	text_clear(&text);
}

static void
a_dry_run_changes_nothing(void **state)
{
	struct world *w = *state;
	struct barring barring = { { BAR_ALL, "", "held", "so", 0 }, "bob",
		{ .now = OPENS + 1 }, true };
	struct cancelling cancelling = { w->advisory.id, NULL, "bob", "so",
		{ .now = OPENS + 1 }, true };
	size_t count;

	arm(w, EARLIER);
	must(w, ledger_bar(w->ledger, &barring, &w->err));
	must(w, ledger_cancel(w->ledger, &cancelling, &count, &w->err));
	assert_int_equal(count, CONTACTS);
	assert_int_equal(sql_number(w, "SELECT count(*) FROM bar"), 0);
	assert_state(w, 0, "planned");
}

/* What went out, or may have, stays what it is. */
static void
what_has_not_gone_out_is_cancelled(void **state)
{
	struct world *w = *state;
	struct cancelling cancelling = { w->advisory.id, "main", "bob", "recalled",
		{ .now = OPENS + 3 }, false };
	struct claim claim;
	size_t count;

	arm(w, EARLIER);
	begin(w, OPENS);
	claim = take(w, 0, OPENS);
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS, &w->err), GATE_OPEN);
	must(w, ledger_cancel(w->ledger, &cancelling, &count, &w->err));
	assert_int_equal(count, 2);
	assert_state(w, 1, "planned");
	assert_state(w, 2, "cancelled");
	assert_reason(w, 3, "by bob: recalled");
	cancelling.wave = NULL;
	claim = take(w, 1, OPENS + 3);
	must(w, ledger_cancel(w->ledger, &cancelling, &count, &w->err));
	assert_int_equal(count, 1);
	assert_state(w, 0, "committed");
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS + 4, &w->err), GATE_CLOSED);
}

static void
verify_misses_a_bar_that_was_taken_away_by_hand(void **state)
{
	static const char *const hands[] = { "DELETE FROM bar WHERE kind = 'all'",
		"UPDATE bar SET reason = 'by eve' WHERE kind = 'all'",
		"INSERT INTO bar VALUES ('advisory', 'ADV-9', 'held', 0, 'by eve')" };

	for (size_t i = 0; i < sizeof hands / sizeof *hands; i++) {
		struct world *w = *state;
		struct mistakes mistakes = { 0 };
		struct ledger_head head;

		world_teardown(state);
		assert_int_equal(world_setup(state), 0);
		w = *state;
		must(w, set(w, BAR_PARTNER, "acme", "suspended"));
		must(w, set(w, BAR_PARTNER, "acme", NULL));
		must(w, set(w, BAR_ALL, "", "held"));
		must(w, ledger_verify(w->ledger, &mistakes, &head, &w->err));
		assert_int_equal(mistakes.errors, 0);
		assert_string_equal(sql_refused(w, hands[i]), "");
		must(w, ledger_verify(w->ledger, &mistakes, &head, &w->err));
		assert_int_equal(mistakes.errors, 1);
		mistakes_clear(&mistakes);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ledger_test(a_gate_is_shut_by_a_bar_that_was_set_behind_the_claim),
		ledger_test(what_is_barred_is_not_claimed_until_the_bar_is_lifted),
		ledger_test(removed_is_for_good_and_cancels_what_has_not_gone_out),
		ledger_test(bars_in_force_are_listed_and_the_last_word_holds),
		ledger_test(a_dry_run_changes_nothing),
		ledger_test(what_has_not_gone_out_is_cancelled),
		ledger_test(verify_misses_a_bar_that_was_taken_away_by_hand),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
