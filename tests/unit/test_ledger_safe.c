/* The ledger against itself, against its mark, and against the clock. */
#include "ledger_world.h"

#include <fcntl.h>
#include <sys/stat.h>

static void
reopen(struct world *w, enum ledger_use use)
{
	ledger_close(w->ledger);
	w->ledger = ledger_open(&w->place, use, &w->err);
}

static void
copy(const char *from, const char *to)
{
	char *command = mem_format("cp -p '%s' '%s'", from, to);

	assert_int_equal(system(command), 0);
	free(command);
}

static char *
copy_path(struct world *w)
{
	return mem_format("%s/copy", w->dir);
}

/* The ledger as it is now, whole in one file. */
static void
back_up(struct world *w)
{
	char *path = copy_path(w);

	ledger_close(w->ledger);
	copy(w->path, path);
	free(path);
	w->ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	must(w, w->ledger != NULL);
}

static void
restore(struct world *w)
{
	char *path = copy_path(w);

	ledger_close(w->ledger);
	w->ledger = NULL;
	copy(path, w->path);
	free(path);
}

static void
must_refuse(struct world *w, const char *part)
{
	ledger_close(w->ledger);
	w->ledger = NULL;
	must_fail(w, ledger_open(&w->place, LEDGER_WRITE, &w->err) != NULL, part);
	must_fail(w, ledger_open(&w->place, LEDGER_READ, &w->err) != NULL, part);
	must_fail(
	    w, strstr(w->err.message, "forewarn recover") == NULL, "forewarn recover");
	w->ledger = ledger_open(&w->place, LEDGER_LOOK, &w->err);
	must(w, w->ledger != NULL);
}

/* All that verify finds, a line each. */
static void
verify(struct world *w, struct text *found, struct ledger_head *head)
{
	struct mistakes mistakes = { 0 };

	must(w, ledger_verify(w->ledger, &mistakes, head, &w->err));
	for (size_t i = 0; i < mistakes.count; i++)
		text_addf(found, "%s\n", mistakes.all[i].message);
	mistakes_clear(&mistakes);
}

static void
verify_finds(struct world *w, const char *part)
{
	struct ledger_head head;
	struct text found = { 0 };

	reopen(w, LEDGER_LOOK);
	must(w, w->ledger != NULL);
	verify(w, &found, &head);
	if (part ? !strstr(text_string(&found), part) : found.size)
		fail_msg(
		    "'%s' is not in '%s'", part ? part : "nothing", text_string(&found));
	text_clear(&found);
}

static bool
recover(struct world *w, time_t now, size_t *count)
{
	return ledger_recover(w->ledger,
	    &(struct recovery){
		.by = "bob", .reason = "disk died", .clock = { .now = now } },
	    count, &w->err);
}

static void
a_mark_is_made_with_it_for_nobody_else(void **state)
{
	struct world *w = *state;
	struct stat st;

	assert_int_equal(stat(w->mark, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(unlink(w->path), 0);
	must_fail(w, ledger_create(&w->place, &w->err), "ledger.mark: is there already");
	assert_int_not_equal(stat(w->path, &st), 0);
}

static void
an_older_copy_is_refused(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	back_up(w);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	restore(w);
	must_refuse(w, "is an old copy: it ends with event 4, and by");
	verify_finds(w, "is an old copy");
}

/* No run ended: what a kill leaves must be enough. */
static void
nothing_goes_out_before_the_mark_knows(void **state)
{
	struct world *w = *state;
	struct claim claim;
	char *path;

	arm(w, EARLIER);
	begin(w, OPENS);
	claim = take(w, 0, OPENS);
	/* A copy of the very moment after the claim. */
	path = copy_path(w);
	sql(w, "PRAGMA wal_checkpoint(FULL)", w->err.message, 32);
	copy(w->path, path);
	free(path);
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS, &w->err), GATE_OPEN);
	restore(w);
	must_refuse(w, "is an old copy");
}

/* What SQLite had not yet moved into the file goes with its log. */
static void
a_lost_log_is_noticed(void **state)
{
	struct world *w = *state;
	char *path = copy_path(w);

	back_up(w);
	arm(w, EARLIER);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	copy(w->path, path); /* without ledger.db-wal, which is there */
	restore(w);
	must_refuse(w, "is an old copy");
	free(path);
}

static void
arming_is_marked(void **state)
{
	struct world *w = *state;

	back_up(w);
	arm(w, EARLIER);
	restore(w);
	must_refuse(w, "is an old copy");
}

/* As if the run had been killed between the commit of its gates and the mark. */
static void
broken_off_behind_the_mark(struct world *w, size_t gates, const char *expected)
{
	char *mark = mem_format("%s/before", w->dir);

	arm(w, EARLIER);
	begin(w, OPENS);
	copy(w->mark, mark);
	for (size_t i = 0; i < gates; i++) {
		struct claim claim = take(w, i, OPENS);

		assert_int_equal(
		    ledger_gate(w->ledger, &claim, OPENS, &w->err), GATE_OPEN);
	}
	copy(mark, w->mark);
	free(mark);
	reopen(w, LEDGER_WRITE);
	must(w, w->ledger != NULL);
	begin(w, OPENS + 1);
	assert_state(w, 0, expected);
}

static void
a_gate_that_did_not_reach_the_mark_let_nothing_out(void **state)
{
	broken_off_behind_the_mark(*state, 1, "planned");
}

static void
two_gates_behind_the_mark_say_that_the_mark_is_old(void **state)
{
	broken_off_behind_the_mark(*state, 2, "unknown");
}

static void
a_decision_is_marked(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	back_up(w);
	must(w,
	    ledger_decide(w->ledger,
		&(struct verdict){ DECIDE_GIVE_UP, w->advisory.id, 1, "acme/soc", "bob",
		    "so", .clock.now = EARLIER },
		&w->err));
	restore(w);
	must_refuse(w, "is an old copy");
}

static void
a_copy_that_went_another_way_is_refused(void **state)
{
	struct world *w = *state;
	char *mark = mem_format("%s/other", w->dir);

	arm(w, EARLIER);
	back_up(w);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	copy(w->mark, mark);
	restore(w);
	w->ledger = ledger_open(&w->place, LEDGER_MEND, &w->err);
	must(w, w->ledger != NULL);
	deliver(w, 1, ACCEPTED, 250, OPENS);
	deliver(w, 2, ACCEPTED, 250, OPENS);
	copy(mark, w->mark);
	must_refuse(w, "its event 5 is another");
	free(mark);
}

static void
a_missing_foreign_or_spoilt_mark_is_refused(void **state)
{
	static const char *const spoilt[] = { "", "forewarn-mark-1\n",
		"forewarn-mark-1\nledger 00\nevent -1\nhead 00\n", "\n\n\n" };
	struct world *w = *state;
	char *other = mem_format("%s/other", w->dir);

	copy(w->mark, other);
	for (size_t i = 0; i < sizeof spoilt / sizeof *spoilt; i++) {
		FILE *file = fopen(w->mark, "w");

		assert_non_null(file);
		fputs(spoilt[i], file);
		fclose(file);
		must_refuse(w, "is not the mark of a ledger");
	}
	assert_int_equal(unlink(w->mark), 0);
	must_refuse(w, "ledger.mark: is not there");
	ledger_close(w->ledger);
	w->ledger = NULL;
	assert_int_equal(unlink(w->path), 0);
	must(w, ledger_create(&w->place, &w->err));
	copy(other, w->mark);
	must_refuse(w, "is not the ledger that");
	free(other);
}

static void
to_recover_makes_unknown_what_may_have_gone_out(void **state)
{
	struct world *w = *state;
	struct claim claim;
	size_t count = 0;

	w->lines[3].opens = OPENS + 86400;
	arm(w, EARLIER);
	begin(w, OPENS);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	deliver(w, 1, REFUSED, 550, OPENS);
	back_up(w);
	deliver(w, 2, ACCEPTED, 250, OPENS);
	restore(w);
	w->ledger = ledger_open(&w->place, LEDGER_MEND, &w->err);
	must(w, recover(w, OPENS + 9, &count));
	assert_int_equal(count, 2);
	assert_state(w, 0, "accepted");
	assert_state(w, 1, "unknown");
	assert_state(w, 2, "unknown");
	assert_state(w, 3, "planned");
	verify_finds(w, NULL);
	reopen(w, LEDGER_WRITE);
	must(w, w->ledger != NULL);
	begin(w, OPENS + 10);
	assert_false(try_claim(w, 2, OPENS + 10, CLAIM_HAND, &claim));
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM event WHERE kind = 'recovered' AND"
			     " data LIKE 'by bob: disk died; %is an old copy%'"),
	    1);
}

/* The copy was made before they were armed: nothing in it tells that they went out. */
static void
what_is_armed_again_after_a_recovery_is_unknown(void **state)
{
	struct world *w = *state;
	struct claim claim;
	size_t count = 9;

	w->lines[3].opens = OPENS + 86400;
	back_up(w);
	arm(w, EARLIER);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	restore(w);
	w->ledger = ledger_open(&w->place, LEDGER_MEND, &w->err);
	must(w, recover(w, OPENS + 9, &count));
	assert_int_equal(count, 0);
	arm(w, OPENS + 10);
	assert_state(w, 0, "unknown");
	assert_state(w, 2, "unknown");
	assert_state(w, 3, "planned");
	assert_false(try_claim(w, 0, OPENS + 10, CLAIM_HAND, &claim));
	verify_finds(w, NULL);
}

static void
a_recovery_tried_dry_leaves_all_as_it_was(void **state)
{
	struct world *w = *state;
	size_t count = 0;
	long long before;

	arm(w, EARLIER);
	before = events(w);
	must(w,
	    ledger_recover(w->ledger,
		&(struct recovery){
		    "bob", "so", { .now = OPENS }, .clock_ok = false, .dry_run = true },
		&count, &w->err));
	assert_int_equal(count, CONTACTS);
	assert_int_equal(events(w), before);
	assert_state(w, 0, "planned");
}

/* --- verify --------------------------------------------------------------------- */

static void
some_history(struct world *w)
{
	arm(w, EARLIER);
	begin(w, OPENS);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	deliver(w, 1, REFUSED, 550, OPENS + 1);
	deliver(w, 2, DEFERRED, 450, OPENS + 2);
	must(w, ledger_end(w->ledger, OPENS + 3, 1, &w->err));
}

static void
a_sound_ledger_has_nothing_to_find(void **state)
{
	struct world *w = *state;
	struct ledger_head head;
	struct text found = { 0 };

	some_history(w);
	verify(w, &found, &head);
	assert_string_equal(text_string(&found), "");
	assert_int_equal(head.event, 10);
	verify_finds(w, NULL);
	reopen(w, LEDGER_WRITE);
	take(w, 3, OPENS + 3);
	verify_finds(w, NULL); /* a claim leaves no event */
}

/* What somebody with the file and a tool can do to it. */
static void
the_first_break_and_every_row_that_differs_is_named(void **state)
{
	static const struct {
		const char *statement, *finding;
	} all[] = {
		{ "UPDATE event SET data = 'x' WHERE seq = 7",
		    "event 7: was changed: its hash is another" },
		{ "UPDATE event SET at = at + 1 WHERE seq IN (3, 5)",
		    "event 3: was changed" },
		{ "UPDATE event SET run = 9 WHERE seq = 6", "event 6: was changed" },
		{ "UPDATE event SET delivery = 3 WHERE seq = 6", "event 6: was changed" },
		{ "UPDATE event SET kind = 'refused' WHERE seq = 6",
		    "event 6: was changed" },
		{ "UPDATE event SET hash = randomblob(32) WHERE seq = 4",
		    "event 4: was changed" },
		{ "UPDATE event SET prev = randomblob(32) WHERE seq = 4",
		    "event 4: does not follow the one before" },
		{ "DELETE FROM event WHERE seq = 2",
		    "event 3: events before it are missing" },
		{ "DELETE FROM event WHERE seq = 1",
		    "event 2: events before it are missing" },
		{ "DELETE FROM event WHERE seq > 9",
		    "is an old copy: it ends with event 9" },
		{ "UPDATE event SET seq = 99 WHERE seq = 9; UPDATE event SET seq = 9"
		  " WHERE seq = 8; UPDATE event SET seq = 8 WHERE seq = 99",
		    "event 8: does not follow the one before" },
		{ "UPDATE meta SET id = lower(hex(randomblob(16)))",
		    "event 1: does not follow the one before" },
		{ "UPDATE delivery SET state = 'accepted' WHERE id = 2",
		    "bolt/soc: is accepted, and by its events refused" },
		{ "UPDATE delivery SET state = 'planned' WHERE id = 1",
		    "acme/soc: is planned, and by its events accepted" },
		{ "UPDATE delivery SET digest = randomblob(32) WHERE id = 4",
		    "dune/soc: its line is not the one that was armed" },
		{ "UPDATE delivery SET line = line || 'x' WHERE id = 4",
		    "dune/soc: its line was changed" },
		{ "DELETE FROM attempt WHERE delivery = 1",
		    "acme/soc: its attempts are not 1" },
		{ "UPDATE delivery SET attempts = 0 WHERE id = 3;"
		  " DELETE FROM attempt WHERE delivery = 3",
		    "corp/soc: went out more often than it was tried" },
		{ "UPDATE attempt SET outcome = 'accepted' WHERE delivery = 2",
		    "bolt/soc: no event tells of attempt 1" },
		{ "DELETE FROM delivery WHERE id = 4", "event 4: delivery 4 is not" },
		{ "UPDATE delivery SET manifest = 77 WHERE id = 4", "names one of" },
	};
	struct world *w = *state;

	some_history(w);
	ledger_close(w->ledger);
	w->ledger = NULL;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *path = copy_path(w);
		char *forced = mem_format("DROP TRIGGER event_update;"
					  "DROP TRIGGER event_delete;"
					  "DROP TRIGGER delivery_state;"
					  "DROP TRIGGER delivery_delete;"
					  "DROP TRIGGER delivery_sent; %s",
		    all[i].statement);

		copy(w->path, path);
		assert_string_equal(sql_refused(w, forced), "");
		verify_finds(w, all[i].finding);
		restore(w);
		free(forced);
		free(path);
	}
}

/* --- the clock ------------------------------------------------------------------ */

static time_t up; /* what the machine says */

static time_t
since_boot(void)
{
	return up;
}

static bool
begin_at(struct world *w, time_t now, const char *boot, const char *by)
{
	struct start start = {
		.clock = { .now = now, .boot = up },
		.since_boot = since_boot,
		.version = "0",
		.clock_by = by,
	};

	snprintf(start.clock.boot_id, sizeof start.clock.boot_id, "%s", boot);
	return ledger_begin(w->ledger, &start, &w->err);
}

static long long
seen(struct world *w)
{
	return sql_number(w, "SELECT seen FROM meta");
}

static void
a_clock_ahead_of_the_time_since_boot_is_refused(void **state)
{
	struct world *w = *state;

	up = 1000;
	must(w, begin_at(w, EARLIER, "one", NULL));
	up = 2000;
	must(w, begin_at(w, EARLIER + 1060, "one", NULL));
	/* However often: what it was ahead once does not add up. */
	must_fail(w, begin_at(w, EARLIER + 1061, "one", NULL),
	    "the clock stands at 2027-01-14T08:17:41Z, and by the time since boot it is"
	    " 2027-01-14T08:16:40Z; set the clock, or if it is right, forewarn run"
	    " --clock-ok");
	assert_int_equal(seen(w), EARLIER + 1060);
	up = 1000 + 90 * 86400;
	must(w, begin_at(w, EARLIER + 90 * 86400, "one", NULL));
	/* A machine that was put back to an image of itself has a shorter time since boot. */
	up = 5000;
	must_fail(w, begin_at(w, EARLIER + 91 * 86400, "one", NULL), "since boot");
}

static void
after_a_new_boot_a_month_is_believed(void **state)
{
	struct world *w = *state;

	up = 1000;
	must(w, begin_at(w, EARLIER, "one", NULL));
	up = 10;
	must_fail(w, begin_at(w, EARLIER + 31 * 86400 + 1, "two", NULL),
	    "and the ledger was last used at 2027-01-14T08:00:00Z, more than 31 days"
	    " before; set the clock");
	must(w, begin_at(w, EARLIER + 31 * 86400, "two", NULL));
	must_fail(w, begin_at(w, EARLIER + 31 * 86400 + 61, "two", NULL), "since boot");
	/* A boot that nobody knows is a new one each time. */
	must(w, begin_at(w, EARLIER + 61 * 86400, "", NULL));
	must(w, begin_at(w, EARLIER + 91 * 86400, "", NULL));
}

static void
a_person_may_vouch_for_the_clock_and_take_it_back(void **state)
{
	enum { FAR = 2051222400 };
	struct world *w = *state;

	up = 1000;
	must(w, begin_at(w, EARLIER, "one", NULL));
	must(w, begin_at(w, EARLIER, "one", "bob"));
	assert_int_equal(events(w), 0); /* it was right anyway */
	must(w, begin_at(w, FAR, "one", "bob"));
	assert_int_equal(seen(w), FAR);
	must(w, begin_at(w, FAR, "one", NULL));
	must_fail(
	    w, begin_at(w, EARLIER, "one", NULL), "before what the ledger has seen");
	must(w, begin_at(w, EARLIER, "one", "bob"));
	assert_int_equal(seen(w), EARLIER);
	must_fail(w, begin_at(w, FAR, "one", NULL), "since boot");
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM event WHERE kind = 'clock' AND"
			     " data LIKE 'accepted by bob: the clock stands at %'"),
	    2);
	verify_finds(w, NULL);
}

static void
a_leap_in_mid_run_lets_nothing_out(void **state)
{
	const struct note note = { "ADV-1", "rehearsed", "" };
	struct world *w = *state;
	struct claim claims[2];
	const struct line *want[] = { &w->lines[1] };
	struct claim claim;

	arm(w, EARLIER);
	up = 1000;
	must(w, begin_at(w, OPENS, "one", NULL));
	claim = take(w, 0, OPENS);
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS + 61, &w->err), GATE_ERROR);
	must_fail(w, false, "and by the time since boot it is");
	assert_int_equal(
	    ledger_claim(w->ledger, want, 1, OPENS + 61, CLAIM_RUN, claims, &w->err), -1);
	must_fail(w, ledger_compare(w->ledger, &w->plan, OPENS + 61, 0, &w->err),
	    "and by the time since boot it is");
	assert_int_equal(
	    ledger_note_gate(w->ledger, &note, OPENS + 61, &w->err), GATE_ERROR);
	must_fail(w, false, "and by the time since boot it is");
	assert_state(w, 0, "sending");
	/* What became of it is recorded all the same, and the time seen keeps its limit. */
	must(w, ledger_note(w->ledger, &note, OPENS + 86400, &w->err));
	record(w, &claim, NOT_SENT, 0, OPENS + 86400);
	assert_state(w, 0, "planned");
	assert_int_equal(seen(w), OPENS + 60);
	must(w, ledger_end(w->ledger, OPENS + 86400, 1, &w->err));
	assert_int_equal(seen(w), OPENS + 60);
}

/* --- kept forms ----------------------------------------------------------------- */

static void
load(struct world *w, const char *name)
{
	sqlite3 *db = NULL;
	char sql[65536], *complaint = NULL;
	FILE *file = fopen(name, "r");
	size_t size;

	assert_non_null(file);
	size = fread(sql, 1, sizeof sql - 1, file);
	assert_true(size < sizeof sql - 1);
	sql[size] = '\0';
	fclose(file);
	ledger_close(w->ledger);
	w->ledger = NULL;
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(unlink(w->mark), 0);
	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &complaint) != SQLITE_OK)
		fail_msg("%s: %s", name, complaint);
	sqlite3_close(db);
	assert_int_equal(chmod(w->path, 0600), 0);
}

/* Whoever changes the form adds a kept ledger of the new one, and what leads to it. */
static void
understand(struct world *w, const char *kept)
{
	struct claim claim;
	size_t count = 0;

	load(w, kept);
	w->ledger = ledger_open(&w->place, LEDGER_MEND, &w->err);
	must(w, w->ledger != NULL);
	assert_state(w, 0, "accepted");
	assert_state(w, 1, "refused");
	assert_state(w, 2, "deferred");
	assert_state(w, 3, "planned");
	verify_finds(w, "ledger.mark: is not there");
	reopen(w, LEDGER_MEND);
	must(w, recover(w, OPENS + 400, &count));
	assert_int_equal(count, 3);
	verify_finds(w, NULL);
	reopen(w, LEDGER_WRITE);
	must(w,
	    ledger_decide(w->ledger,
		&(struct verdict){ DECIDE_RESEND, w->advisory.id, 1, "dune/soc", "bob",
		    "so", .clock.now = OPENS + 400 },
		&w->err));
	claim = take(w, 3, OPENS + 400);
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS + 400, &w->err), GATE_OPEN);
}

static void
a_kept_ledger_of_each_form_is_understood(void **state)
{
	understand(*state, "tests/fixtures/ledger-1.sql");
	understand(*state, "tests/fixtures/ledger-2.sql");
}

/* However it came to the last form, it is the same; even whoever only looks brings it there. */
static void
a_kept_ledger_is_brought_up_to_the_last_form(void **state)
{
	static const char statement[] =
	    "SELECT group_concat(sql, ';') FROM (SELECT sql FROM sqlite_schema"
	    " ORDER BY name)";
	struct world *w = *state;
	char made[16384], kept[16384];

	sql(w, statement, made, sizeof made);
	load(w, "tests/fixtures/ledger-1.sql");
	w->ledger = ledger_open(&w->place, LEDGER_LOOK, &w->err);
	must(w, w->ledger != NULL);
	sql(w, statement, kept, sizeof kept);
	assert_string_equal(made, kept);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ledger_test(a_mark_is_made_with_it_for_nobody_else),
		ledger_test(an_older_copy_is_refused),
		ledger_test(nothing_goes_out_before_the_mark_knows),
		ledger_test(a_lost_log_is_noticed),
		ledger_test(arming_is_marked),
		ledger_test(a_gate_that_did_not_reach_the_mark_let_nothing_out),
		ledger_test(two_gates_behind_the_mark_say_that_the_mark_is_old),
		ledger_test(a_decision_is_marked),
		ledger_test(a_copy_that_went_another_way_is_refused),
		ledger_test(a_missing_foreign_or_spoilt_mark_is_refused),
		ledger_test(to_recover_makes_unknown_what_may_have_gone_out),
		ledger_test(what_is_armed_again_after_a_recovery_is_unknown),
		ledger_test(a_recovery_tried_dry_leaves_all_as_it_was),
		ledger_test(a_sound_ledger_has_nothing_to_find),
		ledger_test(the_first_break_and_every_row_that_differs_is_named),
		ledger_test(a_clock_ahead_of_the_time_since_boot_is_refused),
		ledger_test(after_a_new_boot_a_month_is_believed),
		ledger_test(a_person_may_vouch_for_the_clock_and_take_it_back),
		ledger_test(a_leap_in_mid_run_lets_nothing_out),
		ledger_test(a_kept_ledger_of_each_form_is_understood),
		ledger_test(a_kept_ledger_is_brought_up_to_the_last_form),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
