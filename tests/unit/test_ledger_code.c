#include "ledger_world.h"

/* Two copies that a group shares, and two of contacts alone; one mark stands in two places. */
static void
mark_up(struct world *w, struct mark marks[2][3])
{
	for (size_t i = 0; i < 2; i++) {
		marks[i][0] = (struct mark){ UINT64_MAX - 1, i, 2, 10, 3 };
		marks[i][1] = (struct mark){ 7, 1, 3, 20, 3 };
		marks[i][2] = (struct mark){ 7, 1, 3, 40, 3 };
		w->editions[i].marks = marks[i];
		w->editions[i].mark_count = 3;
		w->editions[i].groups = i ? 0 : 16;
	}
}

static bool
add_borne(void *ctx, const struct borne *borne)
{
	struct text *text = ctx;

	text_addf(text, "%lld/%u %llu:%llu/%llu ", (long long)borne->code, borne->groups,
	    (unsigned long long)borne->mark.position,
	    (unsigned long long)borne->mark.symbol, (unsigned long long)borne->mark.of);
	return true;
}

static bool
add_bearer(void *ctx, const struct bearer *bearer)
{
	text_addf(ctx, "%s:%lld ", bearer->contact, (long long)bearer->code);
	return true;
}

static void
marks_are_kept_once_for_all_that_share_them(void **state)
{
	struct world *w = *state;
	struct mark marks[2][3];
	struct text text = { 0 };

	mark_up(w, marks);
	arm(w, EARLIER);
	must(w, ledger_codes(w->ledger, "ADV-2026-0007", 1, add_borne, &text, &w->err));
	assert_string_equal(text_string(&text),
	    "1/16 18446744073709551614:0/2 1/16 7:1/3 "
	    "2/0 18446744073709551614:1/2 2/0 7:1/3 ");
	text_clear(&text);
	must(w, ledger_codes(w->ledger, "ADV-2026-0007", 2, add_borne, &text, &w->err));
	assert_string_equal(text_string(&text), "");
}

static void
who_was_sent_nothing_bears_nothing(void **state)
{
	struct world *w = *state;
	struct mark marks[2][3];
	struct text text = { 0 };

	mark_up(w, marks);
	arm(w, EARLIER);
	must(
	    w, ledger_bearers(w->ledger, "ADV-2026-0007", 1, add_bearer, &text, &w->err));
	assert_string_equal(text_string(&text), "");
	begin(w, OPENS);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	deliver(w, 1, REFUSED, 550, OPENS);
	deliver(w, 2, ACCEPTED, 250, OPENS);
	deliver(w, 3, UNKNOWN, 0, OPENS);
	must(
	    w, ledger_bearers(w->ledger, "ADV-2026-0007", 1, add_bearer, &text, &w->err));
	assert_string_equal(text_string(&text), "acme/soc:1 corp/soc:2 dune/soc:2 ");
	text_clear(&text);
}

static void
marks_that_were_sent_stay(void **state)
{
	struct world *w = *state;
	struct mark marks[2][3];

	mark_up(w, marks);
	arm(w, EARLIER);
	begin(w, OPENS);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	assert_string_equal(
	    sql_refused(w, "UPDATE delivery SET code = 2 WHERE contact = 'acme/soc'"),
	    "a line that was sent stays");
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		ledger_test(marks_are_kept_once_for_all_that_share_them),
		ledger_test(who_was_sent_nothing_bears_nothing),
		ledger_test(marks_that_were_sent_stay),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
