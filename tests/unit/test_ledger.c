#include "ledger_world.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void
refuse_open(struct world *w, const char *part)
{
	struct ledger *ledger = ledger_open(&w->place, LEDGER_READ, &w->err);

	must_fail(w, ledger != NULL, part);
	ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	must_fail(w, ledger != NULL, part);
}

static void
close_it(struct world *w)
{
	ledger_close(w->ledger);
	w->ledger = NULL;
}

static void
put(struct world *w, const char *content)
{
	FILE *file = fopen(w->path, "w");

	assert_non_null(file);
	fputs(content, file);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(w->path, 0600), 0);
}

static void
it_is_made_once_and_for_nobody_else(void **state)
{
	struct world *w = *state;
	struct stat st;

	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	must_fail(w, ledger_create(&w->place, &w->err), "is there already");
	assert_int_equal(sql_number(w, "PRAGMA user_version"), 2);
	assert_int_equal(sql_number(w, "SELECT length(id) FROM meta"), 32);
}

static void
it_is_never_made_by_opening(void **state)
{
	struct world *w = *state;
	struct stat st;

	close_it(w);
	assert_int_equal(unlink(w->path), 0);
	refuse_open(w, "is not there");
	assert_int_not_equal(stat(w->path, &st), 0);
}

static void
a_file_that_others_may_open_is_refused(void **state)
{
	static const mode_t modes[] = { 0640, 0604, 0620, 0601, 0610 };
	struct world *w = *state;

	close_it(w);
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		assert_int_equal(chmod(w->path, modes[i]), 0);
		refuse_open(w, "others may open it; chmod 600 it");
	}
}

static void
a_link_a_directory_or_a_strangers_file_is_refused(void **state)
{
	struct world *w = *state;
	char *other = mem_format("%s/other", w->dir);

	close_it(w);
	assert_int_equal(rename(w->path, other), 0);
	assert_int_equal(symlink(other, w->path), 0);
	refuse_open(w, "is not an ordinary file");
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(mkdir(w->path, 0700), 0);
	refuse_open(w, "is not an ordinary file");
	assert_int_equal(rmdir(w->path), 0);
	assert_int_equal(rename(other, w->path), 0);
	if (geteuid() == 0) {
		assert_int_equal(chown(w->path, 12345, (gid_t)-1), 0);
		refuse_open(w, "belongs to another user");
	}
	free(other);
}

static void
what_is_no_ledger_is_refused_and_left_alone(void **state)
{
	struct world *w = *state;
	char content[64] = "";
	FILE *file;

	close_it(w);
	put(w, "");
	refuse_open(w, "is not a forewarn ledger");
	put(w,
	    "SQLite format 3, or so it says; this is long enough to be looked at, "
	    "since a header has a hundred bytes or more.\n");
	refuse_open(w, "is not a forewarn ledger");
	file = fopen(w->path, "r");
	assert_non_null(file);
	assert_non_null(fgets(content, sizeof content, file));
	fclose(file);
	assert_memory_equal(content, "SQLite format 3, or", 19);
	assert_int_equal(unlink(w->path), 0);
	assert_string_equal(sql_refused(w, "CREATE TABLE t (a)"), "");
	assert_int_equal(chmod(w->path, 0600), 0);
	refuse_open(w, "is not a forewarn ledger");
	sql_refused(w, "PRAGMA user_version = 1");
	refuse_open(w, "is not a forewarn ledger");
}

static void
a_newer_form_is_refused(void **state)
{
	struct world *w = *state;

	close_it(w);
	assert_string_equal(sql_refused(w, "PRAGMA user_version = 3"), "");
	refuse_open(w, "was written by a newer forewarn (form 3, this one knows 2)");
}

static void
a_damaged_page_is_a_hard_error(void **state)
{
	struct world *w = *state;
	char junk[4096];
	int fd;

	arm(w, EARLIER);
	close_it(w);
	memset(junk, 0xa5, sizeof junk);
	fd = open(w->path, O_WRONLY);
	assert_true(fd >= 0);
	for (off_t at = 4096; at < lseek(fd, 0, SEEK_END); at += 4096)
		assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
	close(fd);
	refuse_open(w, "malformed");
}

static bool
count_row(void *ctx, const struct delivery *delivery)
{
	(void)delivery;
	++*(size_t *)ctx;
	return true;
}

static void
a_reader_works_while_a_run_holds_it_and_cannot_write(void **state)
{
	struct world *w = *state;
	struct ledger *reader;
	sqlite3 *writer = NULL;
	size_t count = 0;

	arm(w, EARLIER);
	assert_int_equal(sqlite3_open(w->path, &writer), SQLITE_OK);
	assert_int_equal(
	    sqlite3_exec(
		writer, "BEGIN IMMEDIATE; UPDATE meta SET fence = 9", NULL, NULL, NULL),
	    SQLITE_OK);
	reader = ledger_open(&w->place, LEDGER_READ, &w->err);
	must(w, reader != NULL);
	must(w, ledger_each(reader, NULL, count_row, &count, &w->err));
	assert_int_equal(count, CONTACTS);
	sqlite3_close(writer);
	must_fail(w,
	    ledger_begin(
		reader, &(struct start){ .clock.now = OPENS, .version = "0" }, &w->err),
	    "readonly");
	ledger_close(reader);
}

/* To root no file is read-only, so it becomes somebody else. */
static int
open_read_only(struct world *w)
{
	struct ledger *ledger;

	if (geteuid() == 0 &&
	    (chown(w->dir, 65534, 65534) != 0 || chown(w->path, 65534, 65534) != 0 ||
		setuid(65534) != 0))
		return 1;
	ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	if (ledger || !strstr(w->err.message, "cannot be written; chmod 600 it"))
		return 2;
	ledger = ledger_open(&w->place, LEDGER_LOOK, &w->err);
	if (!ledger)
		return 3;
	ledger_close(ledger);
	return 0;
}

static void
a_file_that_cannot_be_written_is_refused_for_writing(void **state)
{
	struct world *w = *state;
	int status;
	pid_t child;

	close_it(w);
	assert_int_equal(chmod(w->path, 0400), 0);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(open_read_only(w));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
the_clock_may_not_stand_before_what_was_seen(void **state)
{
	struct world *w = *state;
	time_t seen = 0;

	begin(w, OPENS);
	must(w, ledger_seen(w->ledger, &seen, &w->err));
	assert_int_equal(seen, OPENS);
	begin(w, OPENS - 2);
	must_fail(w, try_begin(w, OPENS - 3),
	    "the clock stands at 2027-01-15T07:59:57Z, before what the ledger has seen,"
	    " 2027-01-15T08:00:00Z; set the clock, or if it is right, forewarn run"
	    " --clock-ok");
	must_fail(w, try_arm(w, OPENS - 3), "set the clock");
	must_fail(w,
	    ledger_decide(w->ledger,
		&(struct verdict){ DECIDE_RETRY, "ADV-2026-0007", 1, "acme/soc", "bob",
		    "", .clock.now = OPENS - 3 },
		&w->err),
	    "set the clock");
	must(w, ledger_seen(w->ledger, &seen, &w->err));
	assert_int_equal(seen, OPENS);
}

static void
every_step_of_a_delivery_raises_the_time_seen(void **state)
{
	struct world *w = *state;
	struct claim claim;

	arm(w, EARLIER);
	assert_int_equal(sql_number(w, "SELECT seen FROM meta"), EARLIER);
	claim = take(w, 0, OPENS + 1);
	assert_int_equal(sql_number(w, "SELECT seen FROM meta"), OPENS + 1);
	assert_int_equal(ledger_gate(w->ledger, &claim, OPENS + 2, &w->err), GATE_OPEN);
	assert_int_equal(sql_number(w, "SELECT seen FROM meta"), OPENS + 2);
	record(w, &claim, ACCEPTED, 250, OPENS + 3);
	assert_int_equal(sql_number(w, "SELECT seen FROM meta"), OPENS + 3);
}

static void
a_run_is_noted_only_if_it_changed_something(void **state)
{
	struct world *w = *state;

	begin(w, EARLIER);
	must(w, ledger_end(w->ledger, EARLIER, 1, &w->err));
	assert_int_equal(sql_number(w, "SELECT count(*) FROM run"), 0);
	arm(w, EARLIER);
	begin(w, OPENS);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	must(w, ledger_end(w->ledger, OPENS + 5, 1, &w->err));
	assert_int_equal(
	    sql_number(w, "SELECT ended - started + exit FROM run WHERE version = '0'"),
	    6);
	assert_int_equal(sql_number(w, "SELECT run FROM attempt"),
	    sql_number(w, "SELECT id FROM run"));
}

/* The child dies inside its transaction; nothing of it may be seen. */
static void
a_kill_in_mid_transaction_leaves_what_was_committed(void **state)
{
	struct world *w = *state;
	sqlite3 *db = NULL;
	int status;
	pid_t child;

	arm(w, EARLIER);
	close_it(w);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		sqlite3_open(w->path, &db);
		sqlite3_exec(db,
		    "PRAGMA cache_size = 1; BEGIN IMMEDIATE;"
		    "UPDATE delivery SET state = 'sending', line = "
		    "hex(randomblob(9000));",
		    NULL, NULL, NULL);
		raise(SIGKILL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	w->ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	must(w, w->ledger != NULL);
	assert_state(w, 0, "planned");
	assert_int_equal(
	    sql_number(w, "SELECT count(*) FROM delivery WHERE length(line) > 1000"), 0);
}

/* Killed between the gate and its answer: the child claims, opens gates and dies. */
static void
a_kill_after_the_gate_is_unknown_and_before_it_planned(void **state)
{
	struct world *w = *state;
	struct claim claim;
	int status;
	pid_t child;

	arm(w, EARLIER);
	close_it(w);
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		w->ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
		claim = take(w, 0, OPENS);
		claim = take(w, 1, OPENS);
		if (ledger_gate(w->ledger, &claim, OPENS, &w->err) == GATE_OPEN)
			raise(SIGKILL);
		_exit(1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFSIGNALED(status));
	w->ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	must(w, w->ledger != NULL);
	assert_state(w, 0, "sending");
	assert_state(w, 1, "committed");
	begin(w, OPENS);
	assert_state(w, 0, "planned");
	assert_state(w, 1, "unknown");
	assert_false(try_claim(w, 1, OPENS, CLAIM_HAND, &claim));
	assert_int_equal(
	    sql_number(w, "SELECT count(*) FROM attempt WHERE outcome = 'broken off'"),
	    2);
}

/* No file may grow: the same to SQLite as a full disk, in a child of its own. */
static int
gate_on_a_full_disk(struct world *w)
{
	struct reply reply = { .code = 250 };
	struct rlimit room, none;
	struct claim claim;

	w->ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	claim = take(w, 0, OPENS);
	signal(SIGXFSZ, SIG_IGN);
	getrlimit(RLIMIT_FSIZE, &room);
	none = room;
	none.rlim_cur = 4096;
	if (setrlimit(RLIMIT_FSIZE, &none) != 0)
		return 1;
	if (ledger_gate(w->ledger, &claim, OPENS, &w->err) != GATE_ERROR)
		return 2;
	if (!strstr(w->err.message, w->path))
		return 3;
	/* It is not asked again, even when there is room by now. */
	if (setrlimit(RLIMIT_FSIZE, &room) != 0)
		return 1;
	w->err.message[0] = '\0';
	if (ledger_record(w->ledger, &claim, ACCEPTED, &reply, OPENS, &w->err))
		return 4;
	if (ledger_gate(w->ledger, &claim, OPENS, &w->err) != GATE_ERROR)
		return 5;
	return w->err.message[0] ? 0 : 6;
}

static void
a_full_disk_shuts_the_gate_and_stays_an_error(void **state)
{
	struct world *w = *state;
	int status;
	pid_t child;

	arm(w, EARLIER);
	close_it(w);
	child = fork();
	assert_true(child >= 0);
	if (child == 0)
		_exit(gate_on_a_full_disk(w));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	assert_state(w, 0, "sending");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ledger_test(it_is_made_once_and_for_nobody_else),
		ledger_test(it_is_never_made_by_opening),
		ledger_test(a_file_that_others_may_open_is_refused),
		ledger_test(a_link_a_directory_or_a_strangers_file_is_refused),
		ledger_test(what_is_no_ledger_is_refused_and_left_alone),
		ledger_test(a_newer_form_is_refused),
		ledger_test(a_damaged_page_is_a_hard_error),
		ledger_test(a_reader_works_while_a_run_holds_it_and_cannot_write),
		ledger_test(a_file_that_cannot_be_written_is_refused_for_writing),
		ledger_test(the_clock_may_not_stand_before_what_was_seen),
		ledger_test(every_step_of_a_delivery_raises_the_time_seen),
		ledger_test(a_run_is_noted_only_if_it_changed_something),
		ledger_test(a_kill_in_mid_transaction_leaves_what_was_committed),
		ledger_test(a_kill_after_the_gate_is_unknown_and_before_it_planned),
		ledger_test(a_full_disk_shuts_the_gate_and_stays_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
