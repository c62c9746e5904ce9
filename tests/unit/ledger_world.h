/* ledger_world - a ledger in a directory of its own, and lines to put into it */
#ifndef TESTS_LEDGER_WORLD_H
#define TESTS_LEDGER_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "edge/ledger.h"

enum { CONTACTS = 4, OPENS = 1800000000, LASTS = 172800, EARLIER = OPENS - 86400 };

/* Contacts 0 and 1 are in the wave "early", 2 and 3 in "main"; both open at OPENS. */
struct world {
	char dir[32], path[64], mark[64];
	struct ledger_place place;
	struct ledger *ledger; /* owned */
	struct advisory advisory;
	struct tier tiers[2];
	struct wave waves[2];
	struct partner partners[CONTACTS];
	struct contact contacts[CONTACTS];
	struct item items[2];
	struct edition editions[2];
	struct line lines[CONTACTS];
	char message_ids[CONTACTS][64];
	const char *ids[CONTACTS];
	struct plan plan;
	struct error err;
};

static inline void
world_lines(struct world *w)
{
	static const char *const names[CONTACTS] = { "acme", "bolt", "corp", "dune" };
	static const char *const contacts[CONTACTS] = { "acme/soc", "bolt/soc",
		"corp/soc", "dune/soc" };
	static const char *const mails[CONTACTS] = { "soc@acme.example",
		"soc@bolt.example", "soc@corp.example", "soc@dune.example" };
	static const char *const keys[CONTACTS] = {
		"1111111111111111111111111111111111111111",
		"2222222222222222222222222222222222222222",
		"3333333333333333333333333333333333333333",
		"4444444444444444444444444444444444444444"
	};

	w->advisory = (struct advisory){ .id = "ADV-2026-0007", .revision = 1 };
	w->tiers[0] = (struct tier){ .id = "validate", .rank = 2 };
	w->tiers[1] = (struct tier){ .id = "entry", .rank = 1 };
	w->waves[0] = (struct wave){ .id = "early", .lasts = LASTS };
	w->waves[1] = (struct wave){ .id = "main", .lasts = LASTS };
	w->items[0] = (struct item){ "title", "guidance", true, { 7 } };
	w->items[1] = (struct item){ "attach.poc", "proof-of-concept", false, { 0 } };
	for (size_t i = 0; i < 2; i++)
		w->editions[i] = (struct edition){ .tier = &w->tiers[i],
			.items = w->items,
			.item_count = 2,
			.digest = { (unsigned char)(1 + i) } };
	for (size_t i = 0; i < CONTACTS; i++) {
		w->partners[i] = (struct partner){ .id = names[i] };
		w->contacts[i] = (struct contact){ { contacts[i], mails[i], keys[i] },
			&w->partners[i], NULL, "en", { NULL, 0 } };
		w->lines[i] = (struct line){ &w->advisory, &w->contacts[i],
			&w->tiers[i / 2], &w->waves[i / 2], &w->editions[i / 2], OPENS,
			LASTS, "-", "", 0 };
		w->ids[i] = w->message_ids[i];
	}
	w->plan = (struct plan){
		.advisory = &w->advisory, .lines = w->lines, .line_count = CONTACTS
	};
}

static inline int
world_make(void **state, const char *parent)
{
	struct world *w = mem_new(sizeof *w);

	*state = w;
	snprintf(w->dir, sizeof w->dir, "%s/fw-ledger-XXXXXX", parent);
	if (!mkdtemp(w->dir))
		return -1;
	snprintf(w->path, sizeof w->path, "%s/ledger.db", w->dir);
	snprintf(w->mark, sizeof w->mark, "%s/ledger.mark", w->dir);
	w->place = (struct ledger_place){ w->path, w->mark };
	world_lines(w);
	if (!ledger_create(&w->place, &w->err))
		return -1;
	w->ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	return w->ledger ? 0 : -1;
}

static inline int
world_setup(void **state)
{
	return world_make(state, "/tmp");
}

static inline int
world_teardown(void **state)
{
	static const char *const names[] = { "ledger.db", "ledger.db-wal",
		"ledger.db-shm", "ledger.mark", "other", "copy", "ledger.db.part" };
	struct world *w = *state;

	ledger_close(w->ledger);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		char *path = mem_format("%s/%s", w->dir, names[i]);

		unlink(path);
		free(path);
	}
	rmdir(w->dir);
	free(w);
	return 0;
}

#define ledger_test(f) cmocka_unit_test_setup_teardown(f, world_setup, world_teardown)

static inline void
must(struct world *w, bool ok)
{
	if (!ok)
		fail_msg("%s", w->err.message);
}

static inline void
must_fail(struct world *w, bool ok, const char *part)
{
	assert_false(ok);
	if (!strstr(w->err.message, part))
		fail_msg("'%s' is not in '%s'", part, w->err.message);
}

/* Another reader's view of the file: the first column of the first row. */
static inline void
sql(struct world *w, const char *statement, char *answer, size_t size)
{
	sqlite3_stmt *query = NULL;
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	if (sqlite3_prepare_v2(db, statement, -1, &query, NULL) != SQLITE_OK)
		fail_msg("%s", sqlite3_errmsg(db));
	*answer = '\0';
	if (sqlite3_step(query) == SQLITE_ROW && sqlite3_column_text(query, 0))
		snprintf(answer, size, "%s", (const char *)sqlite3_column_text(query, 0));
	sqlite3_finalize(query);
	sqlite3_close(db);
}

static inline long long
sql_number(struct world *w, const char *statement)
{
	char answer[64];

	sql(w, statement, answer, sizeof answer);
	return strtoll(answer, NULL, 10);
}

/* Runs a statement as a stranger would, and gives SQLite's complaint. */
static inline const char *
sql_refused(struct world *w, const char *statement)
{
	static char message[256];
	sqlite3 *db = NULL;

	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	sqlite3_busy_timeout(db, 10000);
	*message = '\0';
	if (sqlite3_exec(db, statement, NULL, NULL, NULL) != SQLITE_OK)
		snprintf(message, sizeof message, "%s", sqlite3_errmsg(db));
	sqlite3_close(db);
	return message;
}

static inline void
assert_state(struct world *w, size_t contact, const char *state)
{
	char *statement = mem_format("SELECT state FROM delivery WHERE contact = '%s'"
				     " AND revision = %u",
	    w->contacts[contact].to.id, w->advisory.revision);
	char answer[64];

	sql(w, statement, answer, sizeof answer);
	if (strcmp(answer, state) != 0)
		fail_msg(
		    "%s is '%s', not '%s'", w->contacts[contact].to.id, answer, state);
	free(statement);
}

static inline void
assert_reason(struct world *w, size_t contact, const char *part)
{
	char *statement = mem_format("SELECT reason FROM delivery WHERE contact = '%s'"
				     " AND revision = %u",
	    w->contacts[contact].to.id, w->advisory.revision);
	char answer[1024];

	sql(w, statement, answer, sizeof answer);
	if (!strstr(answer, part))
		fail_msg(
		    "%s: '%s' is not in '%s'", w->contacts[contact].to.id, part, answer);
	free(statement);
}

static inline bool
try_arm(struct world *w, time_t now)
{
	for (size_t i = 0; i < CONTACTS; i++)
		snprintf(w->message_ids[i], sizeof w->message_ids[i],
		    "%s.%u.%s@psirt.example", w->advisory.id, w->advisory.revision,
		    w->lines[i].to->to.id);
	struct agreement agreement;
	const struct arming arming = {
		.plan = &w->plan, .message_ids = w->ids, .by = "alice", .clock.now = now
	};

	return ledger_arm(w->ledger, &arming, &agreement, &w->err);
}

static inline void
arm(struct world *w, time_t now)
{
	must(w, try_arm(w, now));
}

static inline bool
try_begin(struct world *w, time_t now)
{
	return ledger_begin(
	    w->ledger, &(struct start){ .clock.now = now, .version = "0" }, &w->err);
}

static inline void
begin(struct world *w, time_t now)
{
	must(w, try_begin(w, now));
}

static inline bool
try_claim(struct world *w, size_t i, time_t now, enum claim_by by, struct claim *claim)
{
	const struct line *want[] = { &w->lines[i] };
	int count = ledger_claim(w->ledger, want, 1, now, by, claim, &w->err);

	must(w, count >= 0);
	return count == 1;
}

static inline struct claim
take(struct world *w, size_t i, time_t now)
{
	struct claim claim = { 0 };

	assert_true(try_claim(w, i, now, CLAIM_RUN, &claim));
	return claim;
}

static inline void
record(struct world *w, const struct claim *claim, enum outcome outcome, int code,
    time_t now)
{
	struct reply reply = { .code = code };

	strcpy(reply.text, "so it is");
	must(w, ledger_record(w->ledger, claim, outcome, &reply, now, &w->err));
}

/* Claim, gate, and the outcome. */
static inline void
deliver(struct world *w, size_t i, enum outcome outcome, int code, time_t now)
{
	struct claim claim = take(w, i, now);

	assert_int_equal(ledger_gate(w->ledger, &claim, now, &w->err), GATE_OPEN);
	record(w, &claim, outcome, code, now);
}

static inline long long
events(struct world *w)
{
	return sql_number(w, "SELECT count(*) FROM event");
}

#endif
