#include "ledger_world.h"

#include "base/text.h"

enum { LIMIT = 3600 };

static void
compare(struct world *w, time_t now, time_t limit)
{
	must(w, ledger_compare(w->ledger, &w->plan, now, limit, &w->err));
}

/* The plan without the contact; its line goes to the end and is not counted. */
static void
leave_out(struct world *w, size_t i)
{
	struct line gone = w->lines[i];

	for (; i + 1 < CONTACTS; i++)
		w->lines[i] = w->lines[i + 1];
	w->lines[CONTACTS - 1] = gone;
	w->plan.line_count = CONTACTS - 1;
}

static void
a_line_is_stored_as_it_was_armed(void **state)
{
	struct world *w = *state;
	char line[512];

	arm(w, EARLIER);
	sql(w, "SELECT line FROM delivery WHERE contact = 'acme/soc'", line, sizeof line);
	assert_string_equal(line,
	    "forewarn-line-1 advisory=ADV-2026-0007 revision=1 contact=acme/soc"
	    " partner=acme address=soc@acme.example"
	    " key=1111111111111111111111111111111111111111 tier=validate wave=early"
	    " edition=0100000000000000000000000000000000000000000000000000000000000000"
	    " opens=2027-01-15T08:00:00Z lasts=172800 rules=-");
	assert_int_equal(sql_number(w, "SELECT count(*) FROM delivery"), CONTACTS);
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM delivery WHERE state = 'planned'"
			     " AND armed = 1799913600 AND due = 1800000000"
			     " AND until = 1800172800"),
	    CONTACTS);
}

static void
what_was_given_and_withheld_is_kept_once(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	assert_int_equal(sql_number(w, "SELECT count(*) FROM manifest"), 1);
	assert_int_equal(
	    sql_number(w,
		"SELECT count(*) FROM item WHERE name = 'title'"
		" AND class = 'guidance' AND given AND hex(sha256) LIKE '0700%'"),
	    1);
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM item WHERE name = 'attach.poc'"
			     " AND NOT given AND sha256 IS NULL"),
	    1);
}

static void
a_late_arming_is_due_at_once_and_lasts_as_long(void **state)
{
	struct world *w = *state;

	arm(w, OPENS + 500);
	assert_int_equal(sql_number(w, "SELECT due FROM delivery"), OPENS + 500);
	assert_int_equal(
	    sql_number(w, "SELECT until FROM delivery"), OPENS + 500 + LASTS);
}

static void
an_identical_line_again_changes_nothing(void **state)
{
	struct world *w = *state;
	long long before;

	arm(w, EARLIER);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	before = events(w);
	arm(w, OPENS + 100);
	assert_int_equal(events(w), before);
	assert_int_equal(
	    sql_number(w, "SELECT count(*) FROM delivery WHERE armed = 1799913600"),
	    CONTACTS);
}

static void
arming_is_all_or_nothing(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	deliver(w, 3, ACCEPTED, 250, OPENS);
	w->contacts[0].to.mail = "new@acme.example";
	w->contacts[3].to.mail = "new@dune.example";
	must_fail(w, try_arm(w, OPENS + 1),
	    "ADV-2026-0007: revision 1 has been sent to dune/soc; make revision 2");
	assert_int_equal(
	    sql_number(w, "SELECT count(*) FROM delivery WHERE address LIKE 'new%'"), 0);
}

static void
a_changed_line_is_armed_anew_while_nothing_was_sent_to_that_contact(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	deliver(w, 3, ACCEPTED, 250, OPENS);
	deliver(w, 1, REFUSED, 550, OPENS);
	w->contacts[0].to.mail = "new@acme.example";
	w->contacts[1].to.mail = "new@bolt.example";
	compare(w, OPENS + 1, LIMIT);
	assert_state(w, 0, "blocked");
	assert_reason(w, 0, "changed: address; arm again");
	arm(w, OPENS + 9);
	assert_state(w, 0, "planned");
	assert_reason(w, 0, "");
	assert_state(w, 1, "planned");
	assert_state(w, 3, "accepted");
	assert_int_equal(sql_number(w,
			     "SELECT armed FROM delivery WHERE address ="
			     " 'new@acme.example'"),
	    OPENS + 9);
	deliver(w, 0, ACCEPTED, 250, OPENS + 10);
}

static void
frozen(struct world *w, enum outcome outcome, int code)
{
	arm(w, EARLIER);
	deliver(w, 0, outcome, code, OPENS);
	w->editions[0].digest[31] = 1;
	must_fail(w, try_arm(w, OPENS + 1),
	    "revision 1 has been sent to acme/soc; make revision 2");
}

static void
a_revision_that_was_sent_is_frozen(void **state)
{
	frozen(*state, ACCEPTED, 250);
}

static void
a_revision_that_may_have_been_sent_is_frozen(void **state)
{
	frozen(*state, UNKNOWN, 0);
}

/* To give an unknown one up says that it is not sent again, and not that it never was. */
static void
what_may_have_been_sent_stays_frozen_when_it_is_given_up(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	deliver(w, 0, UNKNOWN, 0, OPENS);
	must(w,
	    ledger_decide(w->ledger,
		&(struct verdict){ DECIDE_GIVE_UP, w->advisory.id, 1, "acme/soc", "bob",
		    "told by telephone", .clock.now = OPENS },
		&w->err));
	arm(w, OPENS + 1);
	assert_state(w, 0, "given up");
	w->editions[0].digest[31] = 1;
	must_fail(w, try_arm(w, OPENS + 1),
	    "revision 1 has been sent to acme/soc; make revision 2");
}

static void
a_new_opening_does_not_matter_to_whom_it_was_sent(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	for (size_t i = 0; i < CONTACTS; i++)
		w->lines[i].opens = OPENS - 60;
	compare(w, OPENS, LIMIT);
	assert_state(w, 2, "blocked");
	assert_reason(w, 2, "changed: opening; arm again");
	arm(w, OPENS + 1);
	assert_state(w, 0, "accepted");
	assert_state(w, 2, "planned");
	assert_int_equal(sql_number(w,
			     "SELECT opens FROM delivery WHERE contact ="
			     " 'acme/soc'"),
	    OPENS);
}

static void
a_new_revision_supersedes_what_has_not_gone_out(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	deliver(w, 1, UNKNOWN, 0, OPENS);
	deliver(w, 2, REFUSED, 550, OPENS);
	w->advisory.revision = 2;
	arm(w, OPENS + 1);
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM delivery WHERE revision = 2"
			     " AND state = 'planned'"),
	    CONTACTS);
	w->advisory.revision = 1;
	assert_state(w, 0, "accepted");
	assert_state(w, 1, "unknown");
	assert_state(w, 2, "superseded");
	assert_state(w, 3, "superseded");
	assert_reason(w, 3, "revision 2 was armed");
	must_fail(w, try_arm(w, OPENS + 2),
	    "revision 2 is armed, which is newer than"
	    " revision 1");
}

static void
a_contact_that_left_the_plan_is_cancelled_unless_it_was_told(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	leave_out(w, 1);
	arm(w, OPENS + 1);
	assert_state(w, 1, "cancelled");
	assert_reason(w, 1, "no longer in the plan that was armed");
	world_lines(w);
	assert_false(try_claim(w, 1, OPENS + 2, CLAIM_HAND, &claim));
	leave_out(w, 0);
	arm(w, OPENS + 3);
	assert_state(w, 0, "accepted");
	assert_state(w, 1, "planned");
}

static void
a_line_that_is_being_sent_can_still_be_stopped_before_its_gate(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	claim = take(w, 0, OPENS);
	w->advisory.revision = 2;
	arm(w, OPENS);
	w->advisory.revision = 1;
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS, &w->err), GATE_CLOSED);
	record(w, &claim, NOT_SENT, 0, OPENS);
	assert_state(w, 0, "superseded");
}

static void
novelty(struct world *w, enum novelty expected, const char *what)
{
	struct text text = { 0 };
	enum novelty found;

	must(w, ledger_novelty(w->ledger, &w->lines[0], &found, &text, &w->err));
	assert_int_equal(found, expected);
	assert_string_equal(text_string(&text), what);
	text_clear(&text);
}

static void
novelty_is_judged_by_the_last_accepted_delivery(void **state)
{
	struct world *w = *state;

	novelty(w, NOVELTY_NEW, "");
	arm(w, EARLIER);
	novelty(w, NOVELTY_NEW, "");
	deliver(w, 0, ACCEPTED, 250, OPENS);
	w->advisory.id = "ADV-2026-0008";
	novelty(w, NOVELTY_NONE, "");
	w->contacts[0].to.mail = "new@acme.example";
	novelty(w, NOVELTY_CHANGED, "address");
	w->contacts[0].to.fingerprint = "5555555555555555555555555555555555555555";
	w->lines[0].tier = &w->tiers[1];
	w->lines[0].rules = "some";
	w->lines[0].wave = &w->waves[1];
	novelty(w, NOVELTY_CHANGED, "address, key, tier");
	arm(w, OPENS);
	deliver(w, 0, ACCEPTED, 250, OPENS + 1);
	novelty(w, NOVELTY_NONE, "");
}

static void
a_contact_that_is_gone_or_suspended_is_blocked_and_comes_back(void **state)
{
	struct world *w = *state;
	struct absence absence = { &w->contacts[1], "the partner is suspended" };
	long long before;

	arm(w, EARLIER);
	leave_out(w, 1);
	compare(w, EARLIER, LIMIT);
	assert_reason(w, 1, "not in the plan: the contact is gone");
	w->plan.absences = &absence;
	w->plan.absence_count = 1;
	compare(w, OPENS, LIMIT);
	assert_state(w, 1, "blocked");
	assert_reason(w, 1, "not in the plan: the partner is suspended");
	before = events(w);
	compare(w, OPENS + 60, LIMIT);
	assert_int_equal(events(w), before);
	world_lines(w);
	compare(w, OPENS + 120, LIMIT);
	deliver(w, 1, ACCEPTED, 250, OPENS + 120);
}

static void
a_later_opening_moves_the_line(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	w->lines[0].opens = OPENS + 3600;
	compare(w, OPENS, LIMIT);
	assert_state(w, 0, "planned");
	assert_int_equal(sql_number(w,
			     "SELECT until - due + opens FROM delivery WHERE contact ="
			     " 'acme/soc'"),
	    OPENS + 3600 + LASTS);
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM event WHERE kind = 'moved'"
			     " AND data LIKE 'opens 2027-01-15T09:00:00Z, line %'"),
	    1);
	assert_false(try_claim(w, 0, OPENS + 3599, CLAIM_HAND, &claim));
	deliver(w, 0, ACCEPTED, 250, OPENS + 3600);
}

static void
anything_else_that_changed_blocks_that_line_alone(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	w->lines[0].opens = OPENS - 1;
	w->editions[1].digest[0] = 9;
	w->lines[2].edition = &w->editions[0];
	w->lines[3].opens = OPENS + 60;
	w->lines[3].lasts = LASTS + 1;
	w->lines[3].tier = &w->tiers[0];
	w->contacts[3].to.fingerprint = "5555555555555555555555555555555555555555";
	compare(w, EARLIER, LIMIT);
	assert_reason(w, 0, "changed: opening; arm again");
	assert_state(w, 1, "planned");
	assert_reason(w, 2, "changed: text or files; arm again");
	assert_reason(w, 3, "changed: key, tier, opening, length; arm again");
	assert_false(try_claim(w, 0, OPENS, CLAIM_HAND, &claim));
	assert_false(try_claim(w, 3, OPENS + 60, CLAIM_HAND, &claim));
}

/* Both waves are found `late` seconds after they were due. */
static void
found(struct world *w, time_t late, const char *expected)
{
	arm(w, EARLIER);
	compare(w, OPENS + late, LIMIT);
	for (size_t i = 0; i < CONTACTS; i++)
		assert_state(w, i, expected);
	assert_int_equal(sql_number(w, "SELECT count(*) FROM wave_found"), 2);
	assert_int_equal(sql_number(w, "SELECT sum(late) FROM wave_found"),
	    strcmp(expected, "held") == 0 ? 2 : 0);
}

static void
a_wave_within_its_limit_goes_out(void **state)
{
	found(*state, LIMIT - 1, "planned");
}

static void
a_wave_at_its_limit_goes_out(void **state)
{
	found(*state, LIMIT, "planned");
}

static void
a_wave_beyond_its_limit_waits_for_a_person(void **state)
{
	struct world *w = *state;
	struct claim claim;

	found(w, LIMIT + 1, "held");
	assert_reason(w, 0, "late: found 1 h after it was due");
	assert_false(try_claim(w, 0, OPENS + LIMIT + 1, CLAIM_RUN, &claim));
	assert_true(try_claim(w, 0, OPENS + LIMIT + 1, CLAIM_HAND, &claim));
}

static void
a_wave_is_judged_once(void **state)
{
	struct world *w = *state;

	w->plan.line_count = CONTACTS - 1;
	arm(w, EARLIER);
	compare(w, EARLIER, LIMIT);
	assert_int_equal(sql_number(w, "SELECT count(*) FROM wave_found"), 0);
	compare(w, OPENS + 10, LIMIT);
	compare(w, OPENS + LIMIT + 10, LIMIT);
	assert_state(w, 2, "planned");
	w->plan.line_count = CONTACTS;
	arm(w, OPENS + LIMIT + 20);
	compare(w, OPENS + 3 * LIMIT, LIMIT);
	assert_state(w, 3, "planned");
}

static void
what_is_armed_into_a_late_wave_is_not_held(void **state)
{
	struct world *w = *state;

	w->plan.line_count = CONTACTS - 1;
	arm(w, EARLIER);
	compare(w, OPENS + LIMIT + 1, LIMIT);
	assert_state(w, 2, "held");
	w->plan.line_count = CONTACTS;
	arm(w, OPENS + LIMIT + 2);
	compare(w, OPENS + 3 * LIMIT, LIMIT);
	assert_state(w, 2, "held");
	assert_state(w, 3, "planned");
}

static void
what_is_armed_late_is_not_held_with_the_rest_of_its_wave(void **state)
{
	struct world *w = *state;

	w->plan.line_count = CONTACTS - 1;
	arm(w, EARLIER);
	w->plan.line_count = CONTACTS;
	arm(w, OPENS + LIMIT + 1);
	compare(w, OPENS + LIMIT + 2, LIMIT);
	assert_state(w, 2, "held");
	assert_state(w, 3, "planned");
}

static void
sending_by_hand_judges_no_wave(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	compare(w, OPENS + LIMIT + 1, -1);
	assert_int_equal(sql_number(w, "SELECT count(*) FROM wave_found"), 0);
	assert_state(w, 0, "planned");
}

/* A late wave must not come loose because a key was bad for a while. */
static void
a_held_line_stays_held_whatever_else_changes(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	compare(w, OPENS + LIMIT + 1, LIMIT);
	leave_out(w, 0);
	compare(w, OPENS + LIMIT + 2, LIMIT);
	assert_state(w, 0, "held");
}

static void
a_blocked_line_of_a_late_wave_is_held_too(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	leave_out(w, 0);
	compare(w, EARLIER, LIMIT);
	assert_state(w, 0, "blocked");
	world_lines(w);
	compare(w, OPENS + LIMIT + 1, LIMIT);
	assert_state(w, 0, "held");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ledger_test(a_line_is_stored_as_it_was_armed),
		ledger_test(what_was_given_and_withheld_is_kept_once),
		ledger_test(a_late_arming_is_due_at_once_and_lasts_as_long),
		ledger_test(an_identical_line_again_changes_nothing),
		ledger_test(arming_is_all_or_nothing),
		ledger_test(
		    a_changed_line_is_armed_anew_while_nothing_was_sent_to_that_contact),
		ledger_test(a_revision_that_was_sent_is_frozen),
		ledger_test(a_revision_that_may_have_been_sent_is_frozen),
		ledger_test(what_may_have_been_sent_stays_frozen_when_it_is_given_up),
		ledger_test(a_new_opening_does_not_matter_to_whom_it_was_sent),
		ledger_test(a_new_revision_supersedes_what_has_not_gone_out),
		ledger_test(a_contact_that_left_the_plan_is_cancelled_unless_it_was_told),
		ledger_test(
		    a_line_that_is_being_sent_can_still_be_stopped_before_its_gate),
		ledger_test(novelty_is_judged_by_the_last_accepted_delivery),
		ledger_test(
		    a_contact_that_is_gone_or_suspended_is_blocked_and_comes_back),
		ledger_test(a_later_opening_moves_the_line),
		ledger_test(anything_else_that_changed_blocks_that_line_alone),
		ledger_test(a_wave_within_its_limit_goes_out),
		ledger_test(a_wave_at_its_limit_goes_out),
		ledger_test(a_wave_beyond_its_limit_waits_for_a_person),
		ledger_test(a_wave_is_judged_once),
		ledger_test(what_is_armed_into_a_late_wave_is_not_held),
		ledger_test(what_is_armed_late_is_not_held_with_the_rest_of_its_wave),
		ledger_test(sending_by_hand_judges_no_wave),
		ledger_test(a_held_line_stays_held_whatever_else_changes),
		ledger_test(a_blocked_line_of_a_late_wave_is_held_too),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
