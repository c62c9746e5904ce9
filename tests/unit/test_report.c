/* report - the numbers of a wave, and the text of it that is mailed */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cmd/report.h"

static void
a_share_of_a_wave_is_rounded_up(void **state)
{
	time_t accepted[] = { 100, 101, 102, 150 };
	const struct report_wave wave = { .groups[REPORT_ACCEPTED] = 4,
		.accepted = accepted };

	(void)state;
	assert_int_equal(report_first(&wave), 100);
	assert_int_equal(report_by(&wave, 50), 101);
	assert_int_equal(report_by(&wave, 51), 102);
	assert_int_equal(report_by(&wave, 95), 150);
	assert_int_equal(report_by(&wave, 100), 150);
}

static void
nothing_accepted_has_no_times_and_no_rate(void **state)
{
	const struct report_wave wave = { .name = "main" };

	(void)state;
	assert_int_equal(report_first(&wave), 0);
	assert_int_equal(report_by(&wave, 50), 0);
	assert_true(report_rate(&wave) == 0);
}

static void
a_straggler_does_not_change_the_rate(void **state)
{
	time_t accepted[40];
	const struct report_wave wave = { .groups[REPORT_ACCEPTED] = 40,
		.accepted = accepted };

	(void)state;
	for (size_t i = 0; i < 40; i++)
		accepted[i] = 1000 + (time_t)(i / 2);
	accepted[38] = accepted[39] = 9000;
	assert_true(report_rate(&wave) > 2.0 && report_rate(&wave) < 2.2);
}

static void
a_second_is_too_short_for_a_rate(void **state)
{
	time_t accepted[] = { 7, 7 };
	const struct report_wave wave = { .groups[REPORT_ACCEPTED] = 2,
		.accepted = accepted };

	(void)state;
	assert_true(report_rate(&wave) == 0);
}

static void
the_slowest_come_first_and_are_no_more_than_asked_for(void **state)
{
	struct report_row rows[] = { { .accepted = 13 }, { .accepted = 0 },
		{ .accepted = 19 }, { .accepted = 11 }, { .accepted = 17 } };
	const struct report report = { .rows = rows, .row_count = 5 };
	const struct report_row *slowest[3] = { NULL };

	(void)state;
	for (size_t i = 0; i < 5; i++)
		rows[i].past.delivery.due = 10;
	assert_int_equal(report_slowest(&report, slowest, 3), 3);
	assert_ptr_equal(slowest[0], &rows[2]);
	assert_ptr_equal(slowest[1], &rows[4]);
	assert_ptr_equal(slowest[2], &rows[0]);
}

static void
every_state_has_a_group_and_unknown_is_last(void **state)
{
	size_t groups[REPORT_GROUPS] = { 0 };

	(void)state;
	for (size_t i = 0; i < REPORT_STATES; i++)
		groups[report_states[i].group]++;
	assert_int_equal(groups[REPORT_ACCEPTED], 1);
	assert_int_equal(groups[REPORT_WAITING], 4);
	assert_int_equal(groups[REPORT_STUCK], 5);
	assert_int_equal(groups[REPORT_CLOSED], 3);
	assert_string_equal(report_states[REPORT_STATES - 1].word, "unknown");
}

/* Twelve that are stuck: ten are named, and where the others are. */
static void
the_text_for_a_mail_is_short(void **state)
{
	struct report_row rows[12] = { 0 };
	struct report_wave wave = { .name = "main",
		.lines = 12,
		.groups[REPORT_STUCK] = 12,
		.states[REPORT_STATES - 1] = 12,
		.late_count = 2 };
	const struct report report = { .advisory = "ADV-1",
		.revision = 2,
		.now = 86400,
		.rows = rows,
		.row_count = 12,
		.waves = &wave,
		.wave_count = 1,
		.undone = 12 };
	struct text text = { 0 };

	(void)state;
	for (size_t i = 0; i < 12; i++)
		rows[i] = (struct report_row){ .group = REPORT_STUCK,
			.next = "ask",
			.state = REPORT_STATES - 1,
			.past.delivery = { .contact = "acme/c1",
			    .state = "unknown",
			    .reason = "",
			    .bar = "",
			    .reply = "cut" } };
	report_text(&text, &report);
	assert_ptr_equal(
	    strstr(text_string(&text), "ADV-1 revision 2, as of "), text_string(&text));
	assert_non_null(strstr(text_string(&text),
	    "\nwave main: 0 of 12 accepted\n"
	    "  12 unknown; 2 late by more than an hour\n"));
	assert_non_null(
	    strstr(text_string(&text), "acme/c1: unknown: cut\n  next: ask\n"));
	assert_non_null(
	    strstr(text_string(&text), "and 2 more: forewarn status ADV-1\n"));
	assert_non_null(strstr(text_string(&text), "\nSomething due is left undone.\n"));
	text_clear(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_share_of_a_wave_is_rounded_up),
		cmocka_unit_test(nothing_accepted_has_no_times_and_no_rate),
		cmocka_unit_test(a_straggler_does_not_change_the_rate),
		cmocka_unit_test(a_second_is_too_short_for_a_rate),
		cmocka_unit_test(the_slowest_come_first_and_are_no_more_than_asked_for),
		cmocka_unit_test(every_state_has_a_group_and_unknown_is_last),
		cmocka_unit_test(the_text_for_a_mail_is_short),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
