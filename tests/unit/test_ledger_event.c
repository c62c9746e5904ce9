#include "ledger_world.h"

#include "base/digest.h"

/* What may follow what, as the manual has it; "|" stands around each word. */
static const struct {
	const char *before, *after;
} legal[] = {
	{ "planned",
	    "|sending|blocked|held|expired|superseded|cancelled|given up|unknown|" },
	{ "sending",
	    "|committed|planned|deferred|blocked|held|refused|unknown|superseded|"
	    "cancelled|given up|" },
	{ "committed", "|accepted|deferred|refused|unknown|planned|" },
	{ "accepted", "" },
	{ "deferred",
	    "|sending|planned|blocked|expired|superseded|cancelled|given up|unknown|" },
	{ "refused", "|planned|deferred|superseded|cancelled|given up|unknown|" },
	{ "unknown", "|accepted|planned|given up|" },
	{ "blocked",
	    "|sending|planned|held|expired|superseded|cancelled|given up|unknown|" },
	{ "held", "|sending|planned|expired|superseded|cancelled|given up|unknown|" },
	{ "superseded", "" },
	{ "cancelled", "|planned|" },
	{ "expired", "|planned|superseded|cancelled|given up|unknown|" },
	{ "given up", "|planned|" },
	{ "nonsense", "" },
};

enum { STATES = sizeof legal / sizeof *legal };

/* Whether the file lets a row go from one state to another; nothing is kept. */
static bool
may_follow(sqlite3 *db, const char *trigger, const char *before, const char *after)
{
	char *force = mem_format("BEGIN; DROP TRIGGER delivery_state;"
				 "UPDATE delivery SET state = '%s' WHERE id = 1; %s",
	    before, trigger);
	char *step = mem_format("UPDATE delivery SET state = '%s' WHERE id = 1", after);
	bool may;

	assert_int_equal(sqlite3_exec(db, force, NULL, NULL, NULL), SQLITE_OK);
	may = sqlite3_exec(db, step, NULL, NULL, NULL) == SQLITE_OK;
	assert_int_equal(sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL), SQLITE_OK);
	free(force);
	free(step);
	return may;
}

static void
the_file_itself_refuses_every_illegal_step(void **state)
{
	struct world *w = *state;
	char trigger[1024];
	sqlite3 *db = NULL;

	arm(w, EARLIER);
	sql(w, "SELECT sql FROM sqlite_schema WHERE name = 'delivery_state'", trigger,
	    sizeof trigger);
	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	for (size_t i = 0; i < STATES; i++) {
		for (size_t j = 0; j < STATES; j++) {
			char *after = mem_format("|%s|", legal[j].before);
			bool right = i == j || strstr(legal[i].after, after);

			if (may_follow(db, trigger, legal[i].before, legal[j].before) !=
			    right)
				fail_msg("%s -> %s is %s", legal[i].before,
				    legal[j].before, right ? "refused" : "let through");
			free(after);
		}
	}
	sqlite3_close(db);
}

static void
what_was_written_cannot_be_rewritten(void **state)
{
	static const struct {
		const char *statement, *complaint;
	} all[] = {
		{ "UPDATE event SET data = ''", "events are never changed" },
		{ "DELETE FROM event", "events are never deleted" },
		{ "DELETE FROM delivery", "deliveries are never deleted" },
		{ "UPDATE delivery SET contact = contact || 'x'", "keeps its name" },
		{ "UPDATE delivery SET message_id = 'x'", "keeps its name" },
		{ "UPDATE delivery SET address = 'x' WHERE contact = 'acme/soc'",
		    "a line that was sent stays" },
		{ "UPDATE delivery SET due = 0 WHERE contact = 'bolt/soc'", "CHECK" },
		{ "UPDATE delivery SET until = due WHERE contact = 'bolt/soc'", "CHECK" },
		{ "UPDATE delivery SET attempts = 'x'", "cannot store TEXT" },
		{ "INSERT INTO transition VALUES ('accepted', 'planned')", "are fixed" },
		{ "UPDATE transition SET after = 'planned'", "are fixed" },
		{ "DELETE FROM transition", "are fixed" },
		{ "INSERT INTO delivery SELECT 99, 'A', 1, 'c', 'm', partner, address,"
		  " fingerprint, tier, wave, rules, edition, manifest, line, digest, "
		  "opens,"
		  " armed, lasts, due, until, 'accepted', was, reason, attempts, fence,"
		  " next_try, changed, told, told_at, organisation, countries, code"
		  " FROM delivery LIMIT 1",
		    "begins as planned" },
	};
	struct world *w = *state;

	arm(w, EARLIER);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		const char *complaint = sql_refused(w, all[i].statement);

		if (!strstr(complaint, all[i].complaint))
			fail_msg("%s: '%s'", all[i].statement, complaint);
	}
}

static void
add_field(struct text *text, const void *bytes, size_t size)
{
	text_addf(text, "%zu:", size);
	text_add(text, bytes, size);
	text_addc(text, '\n');
}

static void
add_column(struct text *text, sqlite3_stmt *query, int column)
{
	const void *bytes = sqlite3_column_blob(query, column);

	add_field(text, bytes, (size_t)sqlite3_column_bytes(query, column));
}

/* Walks the chain from the ledger's id on, knowing only its description. Returns its length. */
static int
verify_chain(struct world *w)
{
	unsigned char expected[32];
	sqlite3_stmt *query = NULL;
	sqlite3 *db = NULL;
	char id[64];
	int seq = 0;

	sql(w, "SELECT id FROM meta", id, sizeof id);
	digest_sha256(expected, id, strlen(id));
	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	assert_int_equal(
	    sqlite3_prepare_v2(db,
		"SELECT prev, CAST(seq AS TEXT), CAST(at AS TEXT),"
		" CAST(run AS TEXT), CAST(delivery AS TEXT), kind, data, hash"
		" FROM event ORDER BY seq",
		-1, &query, NULL),
	    SQLITE_OK);
	while (sqlite3_step(query) == SQLITE_ROW) {
		struct text text = { 0 };

		assert_int_equal(sqlite3_column_int(query, 1), ++seq);
		assert_memory_equal(sqlite3_column_blob(query, 0), expected, 32);
		add_field(&text, "forewarn-event-1", 16);
		for (int column = 0; column < 7; column++)
			add_column(&text, query, column);
		digest_sha256(expected, text.data, text.size);
		assert_memory_equal(sqlite3_column_blob(query, 7), expected, 32);
		text_clear(&text);
	}
	sqlite3_finalize(query);
	sqlite3_close(db);
	return seq;
}

static void
each_event_seals_the_one_before(void **state)
{
	struct world *w = *state;

	arm(w, EARLIER);
	begin(w, OPENS);
	deliver(w, 0, ACCEPTED, 250, OPENS);
	deliver(w, 1, UNKNOWN, 0, OPENS);
	must(w, ledger_end(w->ledger, OPENS, 1, &w->err));
	begin(w, OPENS + LASTS);
	assert_int_equal(verify_chain(w), CONTACTS + 4 + 2);
}

/* A small generator of our own, so that a failure repeats. */
static unsigned
draw(unsigned *seed, unsigned below)
{
	*seed = *seed * 1103515245 + 12345;
	return (*seed >> 16) % below;
}

static void
send_somehow(struct world *w, size_t i, unsigned *seed, time_t now)
{
	struct claim claim;

	if (!try_claim(w, i, now, draw(seed, 2) ? CLAIM_RUN : CLAIM_HAND, &claim))
		return;
	switch (draw(seed, 6)) {
	case 0:
		must(w, ledger_release(w->ledger, &claim, now, &w->err));
		break;
	case 1:
		must(w, ledger_block(w->ledger, &claim, "key", now, &w->err));
		break;
	case 2:
		record(w, &claim, (enum outcome)draw(seed, 6), 0, now);
		break;
	case 3: /* broken off */
		break;
	default:
		if (ledger_gate(w->ledger, &claim, now, &w->err) == GATE_OPEN &&
		    draw(seed, 8))
			record(w, &claim, (enum outcome)draw(seed, 6), 0, now);
	}
}

/* Some may be refused; what counts is what then stands in the file. */
static void
step(struct world *w, unsigned *seed, time_t *now)
{
	static const char *const mails[] = { "a@x.example", "b@x.example" };
	size_t i = draw(seed, CONTACTS);

	*now += draw(seed, 9000);
	switch (draw(seed, 9)) {
	case 0:
		begin(w, *now);
		break;
	case 1:
		ledger_decide(w->ledger,
		    &(struct verdict){ (enum decision)draw(seed, 4), w->advisory.id,
			w->advisory.revision, w->contacts[i].to.id, "bob", "so",
			.clock.now = *now },
		    &w->err);
		break;
	case 2:
		w->contacts[i].to.mail = mails[draw(seed, 2)];
		try_arm(w, *now);
		break;
	case 3:
		w->advisory.revision += draw(seed, 4) == 0;
		try_arm(w, *now);
		break;
	case 4:
		w->plan.line_count = 1 + draw(seed, CONTACTS);
		must(w, ledger_compare(w->ledger, &w->plan, *now, 86400, &w->err));
		break;
	case 5:
		must(w, ledger_soften(w->ledger, *now, &w->err));
		break;
	default:
		send_somehow(w, i, seed, *now);
	}
}

static void
whatever_happens_events_and_rows_agree(void **state)
{
	struct world *w = *state;
	time_t now = OPENS;
	unsigned seed = 20261208;
	char answer[64];

	for (int i = 0; i < 1500; i++)
		step(w, &seed, &now);
	assert_true(verify_chain(w) > 200);
	sql(w, "PRAGMA integrity_check", answer, sizeof answer);
	assert_string_equal(answer, "ok");
	/* The last event that bears a state's name is the row's state; a claim has none. */
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM delivery AS d WHERE"
			     " CASE state WHEN 'sending' THEN was ELSE state END <>"
			     " (SELECT kind FROM event WHERE delivery = d.id AND kind <>"
			     " 'moved' ORDER BY seq DESC LIMIT 1)"),
	    0);
	/* At most one gate for each attempt, and after it at most one acceptance a row. */
	assert_int_equal(
	    sql_number(w,
		"SELECT count(*) FROM delivery AS d WHERE attempts <"
		" (SELECT count(*) FROM event WHERE delivery = d.id AND kind ="
		" 'committed')"),
	    0);
	assert_int_equal(sql_number(w,
			     "SELECT max(n) FROM (SELECT count(*) AS n FROM event WHERE"
			     " kind = 'accepted' GROUP BY delivery)"),
	    1);
	/* Only the newest revision has anything left to send. */
	assert_int_equal(sql_number(w,
			     "SELECT count(*) FROM unsettled AS d WHERE state NOT IN"
			     " ('unknown', 'committed') AND revision <"
			     " (SELECT max(revision) FROM delivery)"),
	    0);
}

/* What was sent to operators is in the chain, and no row is another for it. */
static void
a_note_is_no_deliverys(void **state)
{
	static const char data[] =
	    "advisory=ADV-1 revision=1 wave=main operator=operator/a";
	const struct note note = { "ADV-1", "reported", data };
	struct world *w = *state;
	struct mistakes mistakes = { 0 };
	struct ledger_head head;
	long long before;
	bool noted;

	arm(w, EARLIER);
	begin(w, OPENS);
	before = events(w);
	must(w, ledger_note(w->ledger, &note, OPENS, &w->err));
	assert_int_equal(events(w), before + 1);
	assert_int_equal(verify_chain(w), before + 1);
	for (size_t i = 0; i < CONTACTS; i++)
		assert_state(w, i, "planned");
	must(w,
	    ledger_noted(w->ledger, "reported", "advisory=ADV-1 revision=1 wave=main",
		&noted, &w->err));
	assert_true(noted);
	must(w,
	    ledger_noted(w->ledger, "reported", "advisory=ADV-1 revision=1 wave=mai",
		&noted, &w->err));
	assert_false(noted);
	must(w,
	    ledger_noted(w->ledger, "rehearsed", "advisory=ADV-1 revision=1 wave=main",
		&noted, &w->err));
	assert_false(noted);
	must(w, ledger_end(w->ledger, OPENS, 0, &w->err));
	must(w, ledger_verify(w->ledger, &mistakes, &head, &w->err));
	assert_int_equal(mistakes.errors, 0);
	assert_int_equal(head.event, before + 1);
}

/* However many rows of old there are, a run looks at what is unsettled. */
static void
old_rows_are_not_looked_at(void **state)
{
	static const char *const statements[] = {
		"SELECT id FROM unsettled WHERE state = 'sending'",
		"SELECT id FROM unsettled WHERE until <= 1 AND state IN ('planned', "
		"'held')",
		"SELECT DISTINCT advisory, revision FROM unsettled WHERE due <= 1",
		"SELECT id FROM unsettled WHERE (due <= 1 OR state = 'blocked')"
		" AND (NOT 1 OR told <> trouble) ORDER BY advisory, revision, contact",
		"SELECT id FROM delivery WHERE contact = 'c' AND state = 'accepted'"
		" ORDER BY changed DESC, id DESC LIMIT 1",
		"SELECT * FROM shown WHERE id = 1",
		"SELECT count(*) FROM event WHERE delivery = 0 AND kind = 'reported'",
		"SELECT * FROM shown WHERE advisory = 'a'"
		" ORDER BY advisory, revision, contact",
	};
	struct world *w = *state;

	for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
		char *explain = mem_format("EXPLAIN QUERY PLAN %s", statements[i]);
		sqlite3_stmt *query = NULL;
		sqlite3 *db = NULL;

		assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
		assert_int_equal(
		    sqlite3_prepare_v2(db, explain, -1, &query, NULL), SQLITE_OK);
		while (sqlite3_step(query) == SQLITE_ROW) {
			const char *detail = (const char *)sqlite3_column_text(query, 3);

			if ((strncmp(detail, "SCAN", 4) == 0 &&
				!strstr(detail, "delivery_unsettled")) ||
			    strstr(detail, "TEMP B-TREE FOR ORDER BY"))
				fail_msg("%s: %s", statements[i], detail);
		}
		sqlite3_finalize(query);
		sqlite3_close(db);
		free(explain);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		ledger_test(the_file_itself_refuses_every_illegal_step),
		ledger_test(what_was_written_cannot_be_rewritten),
		ledger_test(each_event_seals_the_one_before),
		ledger_test(whatever_happens_events_and_rows_agree),
		ledger_test(a_note_is_no_deliverys),
		ledger_test(old_rows_are_not_looked_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
