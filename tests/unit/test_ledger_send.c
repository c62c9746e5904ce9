#include "ledger_world.h"

#include <pthread.h>

#include "base/when.h"

static void
only_what_is_due_is_claimed(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	assert_false(try_claim(w, 0, OPENS - 1, CLAIM_HAND, &claim));
	assert_true(try_claim(w, 0, OPENS, CLAIM_RUN, &claim));
	assert_true(try_claim(w, 1, OPENS + LASTS - 1, CLAIM_RUN, &claim));
	assert_false(try_claim(w, 2, OPENS + LASTS, CLAIM_HAND, &claim));
}

static void
only_the_armed_line_is_claimed(void **state)
{
	struct world *w = *state;
	struct claim claim;

	assert_false(try_claim(w, 0, EARLIER, CLAIM_HAND, &claim));
	arm(w, EARLIER);
	w->contacts[0].to.mail = "new@acme.example";
	assert_false(try_claim(w, 0, OPENS, CLAIM_HAND, &claim));
}

static void
a_row_is_never_claimed_twice(void **state)
{
	struct world *w = *state;
	struct claim first, second;

	arm(w, EARLIER);
	first = take(w, 0, OPENS);
	assert_int_equal(first.attempt, 1);
	assert_false(try_claim(w, 0, OPENS, CLAIM_HAND, &second));
	assert_int_equal(ledger_gate(w->ledger, &first, OPENS, &w->err), GATE_OPEN);
	assert_false(try_claim(w, 0, OPENS, CLAIM_HAND, &second));
	record(w, &first, ACCEPTED, 250, OPENS);
	assert_false(try_claim(w, 0, OPENS, CLAIM_HAND, &second));
	assert_state(w, 0, "accepted");
}

static void
many_are_claimed_in_one_transaction_each_once(void **state)
{
	struct world *w = *state;
	const struct line *want[CONTACTS + 1];
	struct claim out[CONTACTS + 1];

	arm(w, EARLIER);
	for (size_t i = 0; i < CONTACTS; i++)
		want[i] = &w->lines[i];
	want[CONTACTS] = &w->lines[0];
	assert_int_equal(
	    ledger_claim(w->ledger, want, CONTACTS + 1, OPENS, CLAIM_RUN, out, &w->err),
	    CONTACTS);
	assert_ptr_equal(out[CONTACTS - 1].line, &w->lines[CONTACTS - 1]);
	assert_int_equal(
	    ledger_claim(w->ledger, want, CONTACTS, OPENS, CLAIM_RUN, out, &w->err), 0);
}

struct racer {
	struct world *w;
	struct ledger *ledger; /* the world's, or as another process has it */
	int won;
};

static void *
race(void *ctx)
{
	struct racer *racer = ctx;
	struct error err;

	for (size_t i = 0; i < CONTACTS; i++) {
		const struct line *want[] = { &racer->w->lines[i] };
		struct claim claim;

		if (ledger_claim(
			racer->w->ledger, want, 1, OPENS, CLAIM_RUN, &claim, &err) == 1 &&
		    ledger_gate(racer->ledger, &claim, OPENS, &err) == GATE_OPEN)
			racer->won++;
	}
	return NULL;
}

static void
threads_and_processes_share_the_lines_and_none_is_sent_twice(void **state)
{
	struct world *w = *state;
	struct ledger *other = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	struct racer racers[4];
	pthread_t threads[4];
	int won = 0;

	must(w, other != NULL);
	arm(w, EARLIER);
	for (size_t i = 0; i < 4; i++) {
		racers[i] = (struct racer){ w, i % 2 ? other : w->ledger, 0 };
		assert_int_equal(pthread_create(&threads[i], NULL, race, &racers[i]), 0);
	}
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(pthread_join(threads[i], NULL), 0);
		won += racers[i].won;
	}
	ledger_close(other);
	assert_int_equal(won, CONTACTS);
	assert_int_equal(sql_number(w, "SELECT count(*) FROM attempt"), CONTACTS);
}

static void
a_gate_opens_once_and_only_for_its_claim(void **state)
{
	struct world *w = *state;
	struct claim claim, other;

	arm(w, EARLIER);
	claim = take(w, 0, OPENS);
	other = claim;
	other.fence++;
	assert_int_equal(ledger_gate(w->ledger, &other, OPENS, &w->err), GATE_LOST);
	other = claim;
	other.attempt++;
	assert_int_equal(ledger_gate(w->ledger, &other, OPENS, &w->err), GATE_LOST);
	other = claim;
	other.delivery = 999;
	assert_int_equal(ledger_gate(w->ledger, &other, OPENS, &w->err), GATE_LOST);
	assert_state(w, 0, "sending");
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS, &w->err), GATE_OPEN);
	assert_state(w, 0, "committed");
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS, &w->err), GATE_LOST);
}

static void
a_stale_claim_finds_the_gate_shut_and_records_nothing(void **state)
{
	struct world *w = *state;
	struct claim stale, fresh;
	struct reply reply = { .code = 250 };

	arm(w, EARLIER);
	stale = take(w, 0, OPENS);
	begin(w, OPENS);
	fresh = take(w, 0, OPENS);
	assert_true(fresh.fence > stale.fence);
	assert_int_equal(ledger_gate(w->ledger, &stale, OPENS, &w->err), GATE_LOST);
	must_fail(w, ledger_record(w->ledger, &stale, ACCEPTED, &reply, OPENS, &w->err),
	    "no longer knows this claim");
	must_fail(w, ledger_block(w->ledger, &stale, "x", OPENS, &w->err), "no longer");
	must_fail(w, ledger_release(w->ledger, &stale, OPENS, &w->err), "no longer");
	assert_state(w, 0, "sending");
	assert_int_equal(ledger_gate(w->ledger, &fresh, OPENS, &w->err), GATE_OPEN);
}

static void
a_gate_is_shut_outside_its_time(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	claim = take(w, 0, OPENS);
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS - 1, &w->err), GATE_CLOSED);
	assert_string_equal(w->err.message, "it is not due");
	assert_int_equal(
	    ledger_gate(w->ledger, &claim, OPENS + LASTS, &w->err), GATE_CLOSED);
	assert_string_equal(w->err.message, "its time is over");
	/* A clock that then steps back revives nothing. */
	assert_int_equal(
	    ledger_gate(w->ledger, &claim, OPENS + LASTS - 1, &w->err), GATE_CLOSED);
	record(w, &claim, NOT_SENT, 0, OPENS + LASTS);
	assert_false(try_claim(w, 0, OPENS + LASTS - 1, CLAIM_HAND, &claim));
	begin(w, OPENS + LASTS);
	assert_state(w, 0, "expired");
}

static void
a_gate_in_the_last_second_opens(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	claim = take(w, 0, OPENS);
	assert_int_equal(
	    ledger_gate(w->ledger, &claim, OPENS + LASTS - 1, &w->err), GATE_OPEN);
}

static void
a_person_can_shut_the_gate_at_the_last_moment(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	claim = take(w, 0, OPENS);
	must(w,
	    ledger_decide(w->ledger,
		&(struct verdict){ DECIDE_GIVE_UP, "ADV-2026-0007", 1, "acme/soc", "bob",
		    "leak", .clock.now = OPENS },
		&w->err));
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS, &w->err), GATE_CLOSED);
	assert_string_equal(w->err.message, "the delivery is given up now");
	record(w, &claim, NOT_SENT, 0, OPENS);
	assert_state(w, 0, "given up");
	claim = take(w, 1, OPENS);
	assert_string_equal(
	    sql_refused(
		w, "UPDATE delivery SET state = 'held' WHERE contact = 'bolt/soc'"),
	    "");
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS, &w->err), GATE_HELD);
}

static void
each_outcome_has_its_state(void **state)
{
	static const struct {
		enum outcome outcome;
		int code;
		const char *gated, *ungated;
	} all[] = { { ACCEPTED, 250, "accepted", "unknown" },
		{ DEFERRED, 450, "deferred", "deferred" },
		{ REFUSED, 550, "refused", "refused" },
		{ NOT_SENT, 0, "planned", "planned" },
		{ UNKNOWN, 0, "unknown", "unknown" },
		{ OUR_TROUBLE, 0, "unknown", "planned" },
		{ OUR_TROUBLE, 250, "unknown", "planned" },
		{ OUR_TROUBLE, 554, "planned", "planned" } };
	struct world *w = *state;

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct claim claim;

		w->advisory.revision = (unsigned)(1 + i);
		arm(w, EARLIER + (time_t)i);
		deliver(w, 0, all[i].outcome, all[i].code, OPENS);
		assert_state(w, 0, all[i].gated);
		claim = take(w, 1, OPENS);
		record(w, &claim, all[i].outcome, all[i].code, OPENS);
		assert_state(w, 1, all[i].ungated);
		assert_int_equal(try_claim(w, 0, OPENS, CLAIM_RUN, &claim),
		    strcmp(all[i].gated, "planned") == 0);
		assert_string_equal(sql_refused(w, "UPDATE meta SET seen = 0"), "");
	}
}

static void
a_reply_is_kept_short_and_clean(void **state)
{
	struct world *w = *state;
	struct reply reply = { .code = 550 };
	struct claim claim;
	char stored[1024];

	arm(w, EARLIER);
	claim = take(w, 0, OPENS);
	memset(reply.text, '\n', sizeof reply.text - 1);
	memcpy(reply.text, "no\x1b[2J\r\nBcc: \xff\xe2\x80\xae", 17);
	must(w, ledger_record(w->ledger, &claim, REFUSED, &reply, OPENS, &w->err));
	sql(w, "SELECT reply FROM attempt", stored, sizeof stored);
	assert_true(strlen(stored) <= 512 && strlen(stored) > 500);
	assert_memory_equal(stored, "no\\x1B[2J\\x0D\\x0ABcc: \\xFF\\xE2\\x80\\xAE", 38);
	assert_int_equal(sql_number(w, "SELECT code FROM attempt"), 550);
}

static void
deferred_lines_wait_longer_each_time(void **state)
{
	static const time_t waits[] = { 300, 600, 1200, 2400, 3600, 3600 };
	struct world *w = *state;
	time_t now = OPENS;
	struct claim claim;

	arm(w, EARLIER);
	for (size_t i = 0; i < sizeof waits / sizeof *waits; i++) {
		deliver(w, 0, DEFERRED, 450, now);
		now += waits[i];
		assert_false(try_claim(w, 0, now - 1, CLAIM_RUN, &claim));
	}
	assert_true(try_claim(w, 0, now - 1, CLAIM_HAND, &claim));
	assert_int_equal(claim.attempt, 7);
	must(w, ledger_release(w->ledger, &claim, now, &w->err));
	deliver(w, 0, DEFERRED, 450, OPENS + LASTS - 120);
	assert_true(try_claim(w, 0, OPENS + LASTS - 60, CLAIM_RUN, &claim));
}

static void
a_released_claim_is_what_it_was(void **state)
{
	struct world *w = *state;
	struct claim claim;
	long long before;

	arm(w, EARLIER);
	deliver(w, 0, DEFERRED, 450, OPENS);
	before = events(w);
	assert_true(try_claim(w, 0, OPENS + 1, CLAIM_HAND, &claim));
	must(w, ledger_release(w->ledger, &claim, OPENS + 2, &w->err));
	assert_state(w, 0, "deferred");
	assert_reason(w, 0, "so it is");
	assert_int_equal(events(w), before);
	assert_int_equal(sql_number(w, "SELECT next_try FROM delivery"), OPENS + 300);
	assert_int_equal(sql_number(w, "SELECT changed FROM delivery"), OPENS);
	assert_int_equal(sql_number(w, "SELECT count(*) FROM attempt"), 1);
}

static void
a_block_for_the_same_reason_leaves_no_trace(void **state)
{
	struct world *w = *state;
	struct claim claim;
	long long before;

	arm(w, EARLIER);
	claim = take(w, 0, OPENS);
	must(w, ledger_block(w->ledger, &claim, "key expired", OPENS, &w->err));
	assert_state(w, 0, "blocked");
	before = events(w);
	for (time_t now = OPENS + 60; now < OPENS + 600; now += 60) {
		claim = take(w, 0, now);
		must(w, ledger_block(w->ledger, &claim, "key expired", now, &w->err));
	}
	assert_int_equal(events(w), before);
	assert_int_equal(sql_number(w, "SELECT count(*) FROM attempt"), 0);
	assert_int_equal(sql_number(w, "SELECT changed FROM delivery"), OPENS);
	claim = take(w, 0, OPENS + 600);
	must(w, ledger_block(w->ledger, &claim, "key revoked", OPENS + 600, &w->err));
	assert_int_equal(events(w), before + 1);
	assert_reason(w, 0, "key revoked");
	deliver(w, 0, ACCEPTED, 250, OPENS + 660);
	assert_int_equal(sql_number(w, "SELECT n FROM attempt"), 1);
}

static void
refusals_of_a_run_that_got_nowhere_are_softened(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	begin(w, OPENS);
	deliver(w, 0, REFUSED, 550, OPENS);
	must(w, ledger_end(w->ledger, OPENS, 1, &w->err));
	begin(w, OPENS + 1);
	deliver(w, 1, REFUSED, 550, OPENS + 1);
	deliver(w, 2, REFUSED, 550, OPENS + 1);
	must(w, ledger_soften(w->ledger, OPENS + 2, &w->err));
	assert_state(w, 0, "refused");
	assert_state(w, 1, "deferred");
	assert_state(w, 2, "deferred");
	assert_int_equal(
	    sql_number(w, "SELECT count(*) FROM delivery WHERE next_try = 1800000302"),
	    2);
}

static void
what_is_not_sent_in_its_time_expires(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	deliver(w, 0, DEFERRED, 450, OPENS);
	claim = take(w, 1, OPENS);
	must(w, ledger_block(w->ledger, &claim, "key expired", OPENS, &w->err));
	deliver(w, 2, REFUSED, 550, OPENS);
	begin(w, OPENS + LASTS - 1);
	assert_state(w, 0, "deferred");
	begin(w, OPENS + LASTS);
	assert_state(w, 0, "expired");
	assert_state(w, 1, "expired");
	assert_state(w, 2, "refused");
	assert_state(w, 3, "expired");
}

static bool
decide(struct world *w, enum decision decision, size_t i, time_t now)
{
	return ledger_decide(w->ledger,
	    &(struct verdict){ decision, w->advisory.id, w->advisory.revision,
		w->contacts[i].to.id, "bob", "as agreed", .clock.now = now },
	    &w->err);
}

static void
a_retry_opens_again_for_as_long(void **state)
{
	struct world *w = *state;
	time_t later = OPENS + LASTS + 1000;
	struct claim claim;

	arm(w, EARLIER);
	deliver(w, 1, REFUSED, 550, OPENS);
	begin(w, later);
	must(w, decide(w, DECIDE_RETRY, 0, later));
	must(w, decide(w, DECIDE_RETRY, 1, later));
	assert_state(w, 0, "planned");
	assert_reason(w, 0, "by bob: as agreed");
	assert_false(try_claim(w, 0, later + LASTS, CLAIM_RUN, &claim));
	assert_string_equal(sql_refused(w, "UPDATE meta SET seen = 0"), "");
	deliver(w, 0, ACCEPTED, 250, later + LASTS - 1);
	deliver(w, 1, ACCEPTED, 250, later + LASTS - 1);
}

/* The next run is the first to compare its wave, and finds it long over. */
static void
an_expired_line_that_is_opened_again_is_not_late(void **state)
{
	struct world *w = *state;
	time_t later = OPENS + LASTS + 1000;

	arm(w, EARLIER);
	begin(w, later);
	assert_state(w, 0, "expired");
	must(w, decide(w, DECIDE_RETRY, 0, later));
	must(w, ledger_compare(w->ledger, &w->plan, later + 60, 3600, &w->err));
	assert_state(w, 0, "planned");
}

static void
a_decision_without_a_reason_says_who_alone(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	must(w,
	    ledger_decide(w->ledger,
		&(struct verdict){ DECIDE_GIVE_UP, w->advisory.id, w->advisory.revision,
		    w->contacts[0].to.id, "bob", "", .clock.now = OPENS },
		&w->err));
	assert_reason(w, 0, "by bob");
}

static void
only_a_person_settles_an_unknown_one(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	for (size_t i = 0; i < 3; i++)
		deliver(w, i, UNKNOWN, 0, OPENS);
	begin(w, OPENS + 2 * LASTS);
	assert_state(w, 0, "unknown");
	must_fail(w, decide(w, DECIDE_RETRY, 0, OPENS + 2 * LASTS),
	    "ADV-2026-0007/1 acme/soc: is unknown; possible: settle accepted, settle"
	    " resend, settle give-up");
	must(w, decide(w, DECIDE_ACCEPTED, 0, OPENS + 2 * LASTS));
	must(w, decide(w, DECIDE_RESEND, 1, OPENS + 2 * LASTS));
	must(w, decide(w, DECIDE_GIVE_UP, 2, OPENS + 2 * LASTS));
	assert_state(w, 0, "accepted");
	assert_state(w, 2, "given up");
	deliver(w, 1, ACCEPTED, 250, OPENS + 2 * LASTS + 1);
}

static void
an_unknown_one_of_an_older_revision_is_not_sent_again(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	deliver(w, 0, UNKNOWN, 0, OPENS);
	w->advisory.revision = 2;
	arm(w, OPENS);
	w->advisory.revision = 1;
	must_fail(w, decide(w, DECIDE_RESEND, 0, OPENS), "revision 2 is armed");
	must(w, decide(w, DECIDE_ACCEPTED, 0, OPENS));
}

static void
what_cannot_be_decided_is_said(void **state)
{
	struct world *w = *state;

	must_fail(w, decide(w, DECIDE_RETRY, 0, OPENS),
	    "ADV-2026-0007/1 acme/soc: was never armed");
	arm(w, EARLIER);
	must_fail(w, decide(w, DECIDE_ACCEPTED, 0, OPENS),
	    "acme/soc: is planned; possible: settle give-up");
	deliver(w, 0, ACCEPTED, 250, OPENS);
	for (int decision = DECIDE_RETRY; decision <= DECIDE_GIVE_UP; decision++)
		must_fail(w, decide(w, (enum decision)decision, 0, OPENS),
		    "acme/soc: is accepted; possible: nothing");
}

static void
a_decision_tried_dry_is_judged_and_leaves_no_trace(void **state)
{
	struct world *w = *state;
	struct verdict verdict = { DECIDE_RETRY, w->advisory.id, 1, "acme/soc", "bob",
		"so", .clock.now = OPENS + 9, .dry_run = true };
	long long before;

	arm(w, EARLIER);
	deliver(w, 0, REFUSED, 550, OPENS);
	before = events(w);
	must(w, ledger_decide(w->ledger, &verdict, &w->err));
	assert_state(w, 0, "refused");
	assert_int_equal(events(w), before);
	assert_int_equal(sql_number(w, "SELECT seen FROM meta"), OPENS);
	verdict.decision = DECIDE_RESEND;
	must_fail(
	    w, ledger_decide(w->ledger, &verdict, &w->err), "is refused; possible:");
}

static void
an_advisory_with_mistakes_blocks_what_is_due_and_says_so_once(void **state)
{
	struct world *w = *state;
	long long before;

	arm(w, EARLIER);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	deliver(w, 1, DEFERRED, 450, OPENS);
	must(w,
	    ledger_block_advisory(
		w->ledger, w->advisory.id, 1, "2 mistakes", OPENS, &w->err));
	before = events(w);
	must(w,
	    ledger_block_advisory(
		w->ledger, w->advisory.id, 1, "2 mistakes", OPENS + 60, &w->err));
	assert_int_equal(events(w), before);
	assert_state(w, 0, "accepted");
	assert_state(w, 1, "blocked");
	assert_state(w, 2, "blocked");
	assert_reason(w, 2, "2 mistakes");
	deliver(w, 2, ACCEPTED, 250, OPENS + 120);
}

static void
the_open_advisories_are_those_with_something_to_send(void **state)
{
	struct world *w = *state;
	struct armed *armed;
	size_t count;

	arm(w, EARLIER);
	must(w, ledger_open_advisories(w->ledger, OPENS - 1, &armed, &count, &w->err));
	assert_int_equal(count, 0);
	armed_free(armed, count);
	must(w, ledger_open_advisories(w->ledger, OPENS, &armed, &count, &w->err));
	assert_int_equal(count, 1);
	assert_string_equal(armed[0].advisory, "ADV-2026-0007");
	assert_int_equal(armed[0].revision, 1);
	armed_free(armed, count);
	must(
	    w, ledger_open_advisories(w->ledger, OPENS + LASTS, &armed, &count, &w->err));
	assert_int_equal(count, 0);
	armed_free(armed, count);
	for (size_t i = 0; i < CONTACTS; i++)
		deliver(w, i, i % 2 ? ACCEPTED : REFUSED, 250, OPENS);
	must(w, ledger_open_advisories(w->ledger, OPENS, &armed, &count, &w->err));
	assert_int_equal(count, 0);
	armed_free(armed, count);
}

/* Ids and states as they are visited: "acme/soc planned;". */
static bool
note(void *ctx, const struct delivery *delivery)
{
	text_addf(ctx, "%s %s;", delivery->contact, delivery->state);
	return true;
}

static void
troubles(
    struct world *w, time_t now, enum telling telling, const char *expected, size_t total)
{
	struct text seen = { 0 };
	size_t count;

	must(w, ledger_troubles(w->ledger, now, telling, note, &seen, &count, &w->err));
	assert_string_equal(text_string(&seen), expected);
	assert_int_equal(count, total);
	text_clear(&seen);
}

static void
troubles_are_said_when_new_and_then_daily(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	troubles(w, OPENS - 1, TELL_NEWS, "", 0);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	deliver(w, 1, DEFERRED, 450, OPENS);
	deliver(w, 2, REFUSED, 550, OPENS);
	claim = take(w, 3, OPENS);
	must(w, ledger_block(w->ledger, &claim, "key expired", OPENS, &w->err));
	troubles(w, OPENS, TELL_NEWS,
	    "bolt/soc deferred;corp/soc refused;dune/soc blocked;", 3);
	troubles(w, OPENS + 60, TELL_NEWS, "", 3);
	troubles(w, OPENS + 60, TELL_ALL,
	    "bolt/soc deferred;corp/soc refused;dune/soc blocked;", 3);
	claim = take(w, 3, OPENS + 60);
	must(w, ledger_block(w->ledger, &claim, "key expired", OPENS + 60, &w->err));
	deliver(w, 1, DEFERRED, 450, OPENS + 300);
	troubles(w, OPENS + 300, TELL_NEWS, "", 3);
	claim = take(w, 3, OPENS + 360);
	must(w, ledger_block(w->ledger, &claim, "key revoked", OPENS + 360, &w->err));
	troubles(w, OPENS + 360, TELL_NEWS, "dune/soc blocked;", 3);
	must(w, decide(w, DECIDE_GIVE_UP, 2, OPENS + 400));
	troubles(w, OPENS + 86459, TELL_NEWS, "", 2);
	troubles(w, OPENS + 86460, TELL_NEWS, "bolt/soc deferred;", 2);
}

static void
a_blocked_line_is_a_trouble_before_it_is_due(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	w->plan.line_count = CONTACTS - 1;
	must(w, ledger_compare(w->ledger, &w->plan, EARLIER, 60, &w->err));
	troubles(w, EARLIER, TELL_NEWS, "dune/soc blocked;", 1);
}

static bool
see(void *ctx, const struct delivery *d)
{
	struct text *text = ctx;

	text_addf(text, "%s/%u %s %s %s %s %s %s %s [%s] %s %d %d '%s' ", d->advisory,
	    d->revision, d->contact, d->partner, d->address, d->tier, d->wave, d->state,
	    d->fingerprint, d->reason, d->message_id, d->attempts, d->code, d->reply);
	when_write(text, d->due);
	return false;
}

static void
a_row_is_shown_whole_and_visiting_can_stop(void **state)
{
	struct world *w = *state;
	struct text text = { 0 };

	arm(w, EARLIER);
	deliver(w, 0, REFUSED, 550, OPENS);
	must(w, ledger_each(w->ledger, "ADV-2026-0007", see, &text, &w->err));
	assert_string_equal(text_string(&text),
	    "ADV-2026-0007/1 acme/soc acme soc@acme.example validate early refused"
	    " 1111111111111111111111111111111111111111 [so it is]"
	    " ADV-2026-0007.1.acme/soc@psirt.example 1 550 'so it is'"
	    " 2027-01-15T08:00:00Z");
	text_clear(&text);
	must(w, ledger_each(w->ledger, "ADV-2026-0008", see, &text, &w->err));
	assert_string_equal(text_string(&text), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ledger_test(only_what_is_due_is_claimed),
		ledger_test(only_the_armed_line_is_claimed),
		ledger_test(a_row_is_never_claimed_twice),
		ledger_test(many_are_claimed_in_one_transaction_each_once),
		ledger_test(threads_and_processes_share_the_lines_and_none_is_sent_twice),
		ledger_test(a_gate_opens_once_and_only_for_its_claim),
		ledger_test(a_stale_claim_finds_the_gate_shut_and_records_nothing),
		ledger_test(a_gate_is_shut_outside_its_time),
		ledger_test(a_gate_in_the_last_second_opens),
		ledger_test(a_person_can_shut_the_gate_at_the_last_moment),
		ledger_test(each_outcome_has_its_state),
		ledger_test(a_reply_is_kept_short_and_clean),
		ledger_test(deferred_lines_wait_longer_each_time),
		ledger_test(a_released_claim_is_what_it_was),
		ledger_test(a_block_for_the_same_reason_leaves_no_trace),
		ledger_test(refusals_of_a_run_that_got_nowhere_are_softened),
		ledger_test(what_is_not_sent_in_its_time_expires),
		ledger_test(a_retry_opens_again_for_as_long),
		ledger_test(an_expired_line_that_is_opened_again_is_not_late),
		ledger_test(a_decision_without_a_reason_says_who_alone),
		ledger_test(only_a_person_settles_an_unknown_one),
		ledger_test(an_unknown_one_of_an_older_revision_is_not_sent_again),
		ledger_test(what_cannot_be_decided_is_said),
		ledger_test(a_decision_tried_dry_is_judged_and_leaves_no_trace),
		ledger_test(
		    an_advisory_with_mistakes_blocks_what_is_due_and_says_so_once),
		ledger_test(the_open_advisories_are_those_with_something_to_send),
		ledger_test(troubles_are_said_when_new_and_then_daily),
		ledger_test(a_blocked_line_is_a_trouble_before_it_is_due),
		ledger_test(a_row_is_shown_whole_and_visiting_can_stop),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
