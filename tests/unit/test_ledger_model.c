/*
 * The ledger and a model of it take the same random steps; after each they must agree
 * on every row. A failure names its seed; up to four on the command line take other ways.
 */
#include "ledger_model.h"

enum { CLAIMS = 12, STEPS = 3000 };

struct held {
	struct claim claim;
	unsigned revision;
	size_t contact;
	bool passed; /* its gate opened, and the relay has not answered */
};

/* What cannot be asked of the ledger: the relay, and who vouched for what. */
struct walk {
	struct world *w;
	struct model model;
	struct wish wish;
	struct held claims[CLAIMS];
	size_t claim_count;
	bool out[REVISIONS][CONTACTS]; /* the message may be with the relay */
	sqlite3 *db; /* another reader */
	time_t now;
	unsigned seed, first_seed;
	int step, gates;
};

static unsigned
draw(struct walk *walk, unsigned below)
{
	walk->seed = walk->seed * 1103515245 + 12345;
	return (walk->seed >> 16) % below;
}

static bool
one_in(struct walk *walk, unsigned n)
{
	return draw(walk, n) == 0;
}

static void
agree(struct walk *walk, const char *what, long long got, long long expected)
{
	if (got != expected)
		fail_msg("seed %u, step %d: %s: the ledger says %lld, the model %lld; %s",
		    walk->first_seed, walk->step, what, got, expected,
		    walk->w->err.message);
}

static void
compare_row(struct walk *walk, sqlite3_stmt *query)
{
	int revision = sqlite3_column_int(query, 0);
	const char *contact = (const char *)sqlite3_column_text(query, 1);
	const char *state = (const char *)sqlite3_column_text(query, 2);
	const struct row *row;
	size_t i = 0;

	while (strcmp(walk->w->contacts[i].to.id, contact) != 0)
		i++;
	row = &walk->model.rows[revision][i];
	if (strcmp(state, state_name(row->state)) != 0)
		fail_msg("seed %u, step %d: %s of revision %d is '%s', not '%s'",
		    walk->first_seed, walk->step, contact, revision, state,
		    state_name(row->state));
	agree(walk, "attempts", sqlite3_column_int64(query, 3), row->attempts);
	agree(walk, "due", sqlite3_column_int64(query, 4), row->due);
	agree(walk, "until", sqlite3_column_int64(query, 5), row->until);
	if (row->state == WAITING)
		agree(walk, "next_try", sqlite3_column_int64(query, 6), row->next_try);
}

static void
compare_all(struct walk *walk)
{
	sqlite3_stmt *query = NULL;
	int count = 0, expected = 0;

	assert_int_equal(sqlite3_prepare_v2(walk->db,
			     "SELECT revision, contact, state, attempts, due, until,"
			     " next_try, (SELECT seen FROM meta) FROM delivery",
			     -1, &query, NULL),
	    SQLITE_OK);
	for (; sqlite3_step(query) == SQLITE_ROW; count++) {
		compare_row(walk, query);
		agree(walk, "seen", sqlite3_column_int64(query, 7), walk->model.seen);
	}
	sqlite3_finalize(query);
	for (unsigned r = 1; r < REVISIONS; r++)
		for (size_t i = 0; i < CONTACTS; i++)
			expected += walk->model.rows[r][i].state != NEVER;
	agree(walk, "rows", count, expected);
}

/* Each undone line is in somebody's sight. */
static void
compare_troubles(struct walk *walk)
{
	size_t total = 0, expected = 0;

	must(walk->w,
	    ledger_troubles(walk->w->ledger, walk->now, TELL_COUNT, NULL, NULL, &total,
		&walk->w->err));
	for (unsigned r = 1; r <= walk->model.newest; r++)
		for (size_t i = 0; i < CONTACTS; i++) {
			const struct row *row = &walk->model.rows[r][i];
			expected += !(row->state & SETTLED) &&
			    (row->due <= walk->now || row->state == BLOCKED);
		}
	agree(walk, "troubles", (long long)total, (long long)expected);
}

/* Time goes on, most often a little, at times right up to an edge, seldom back. */
static void
move_clock(struct walk *walk)
{
	const struct row *row =
	    &walk->model.rows[walk->wish.revision][draw(walk, CONTACTS)];
	const time_t edges[] = { row->due, row->next_try, row->until - 600, row->until };
	time_t edge = edges[draw(walk, 4)] + (time_t)draw(walk, 3) - 1;

	if (one_in(walk, 20))
		walk->now -= draw(walk, 5400);
	else if (one_in(walk, 6) && edge > walk->now && edge < walk->now + 30 * 86400)
		walk->now = edge;
	else
		walk->now += draw(walk, one_in(walk, 30) ? 20000 : 300);
}

static void
apply_wish(struct walk *walk)
{
	static const char *const mails[] = { "a@x.example", "b@x.example" };
	struct world *w = walk->w;

	w->advisory.revision = walk->wish.revision;
	w->plan.line_count = walk->wish.count;
	for (size_t i = 0; i < CONTACTS; i++) {
		w->contacts[i].to.mail = mails[walk->wish.mail[i]];
		w->lines[i].opens = walk->wish.opens[i];
	}
}

static void
step_arm(struct walk *walk)
{
	bool expected = model_arm(&walk->model, &walk->wish, walk->now);

	agree(walk, "arm", try_arm(walk->w, walk->now), expected);
}

/* An older revision is for good: refused, whatever it says. */
static void
step_arm_older(struct walk *walk)
{
	unsigned newest = walk->wish.revision;

	walk->wish.revision = 1 + draw(walk, newest);
	apply_wish(walk);
	step_arm(walk);
	walk->wish.revision = newest;
	apply_wish(walk);
}

/* The operator edits the files, and most often arms what they say then. */
static void
step_edit(struct walk *walk)
{
	struct wish *wish = &walk->wish;
	size_t i = draw(walk, CONTACTS);

	switch (draw(walk, 4)) {
	case 0:
		wish->mail[i] = !wish->mail[i];
		break;
	case 1:
		wish->opens[i] = walk->now + (time_t)draw(walk, 20000) - 8000;
		break;
	case 2:
		wish->count = one_in(walk, 3) ? 1 + draw(walk, CONTACTS) : CONTACTS;
		break;
	default:
		if (wish->revision + 1 < REVISIONS && one_in(walk, 3))
			wish->revision++;
	}
	apply_wish(walk);
	if (!one_in(walk, 4))
		step_arm(walk);
}

static void
step_begin(struct walk *walk)
{
	bool expected = model_begin(&walk->model, walk->now);

	agree(walk, "begin", try_begin(walk->w, walk->now), expected);
}

/* Another process opens the ledger; what the first one has in hand, it has still. */
static void
step_reopen(struct walk *walk)
{
	struct world *w = walk->w;

	ledger_close(w->ledger);
	w->ledger = ledger_open(&w->place, LEDGER_WRITE, &w->err);
	must(w, w->ledger != NULL);
	walk->model.run = 0;
}

static void
step_compare(struct walk *walk)
{
	static const time_t limits[] = { -1, 0, 3600, 86400 };
	time_t limit = limits[draw(walk, 4)];
	struct world *w = walk->w;

	must(w, ledger_compare(w->ledger, &w->plan, walk->now, limit, &w->err));
	model_compare(&walk->model, &walk->wish, walk->now, limit);
}

static void
step_claim(struct walk *walk)
{
	size_t i = draw(walk, CONTACTS);
	enum claim_by by = one_in(walk, 3) ? CLAIM_HAND : CLAIM_RUN;
	struct claim claim = { 0 };
	bool expected, got;

	if (walk->model.rows[walk->wish.revision][i].attempts == ATTEMPTS - 1)
		return;
	if (walk->claim_count == CLAIMS) /* a worker that is never heard of again */
		walk->claims[draw(walk, CLAIMS)] = walk->claims[--walk->claim_count];
	expected = model_claim(&walk->model, &walk->wish, i, walk->now, by);
	got = try_claim(walk->w, i, walk->now, by, &claim);
	agree(walk, "claim", got, expected);
	if (got)
		walk->claims[walk->claim_count++] =
		    (struct held){ claim, walk->wish.revision, i, false };
}

static struct held *
choose_claim(struct walk *walk)
{
	/* The newest, most of the time, or most would be stale. */
	size_t last = walk->claim_count - 1;

	if (!walk->claim_count)
		return NULL;
	return &walk->claims[one_in(walk, 4) ? draw(walk, (unsigned)last + 1) : last];
}

static struct row *
row_of(struct walk *walk, const struct held *held)
{
	return &walk->model.rows[held->revision][held->contact];
}

/* An open gate lets a dot go: here is what must never be, whatever the model says. */
static void
step_gate(struct walk *walk)
{
	struct held *held = choose_claim(walk);
	struct world *w = walk->w;
	enum gate expected, got;
	bool *out;

	if (!held)
		return;
	expected = model_gate(&walk->model, row_of(walk, held), &held->claim, walk->now);
	got = ledger_gate(w->ledger, &held->claim, walk->now, &w->err);
	agree(walk, "gate", got, expected);
	if (got != GATE_OPEN)
		return;
	out = &walk->out[held->revision][held->contact];
	agree(walk, "the message is out already", *out, false);
	agree(walk, "the revision at the gate", held->revision, walk->model.newest);
	*out = held->passed = true;
	walk->gates++;
}

/* The relay answers; what it refuses it has not taken. */
static void
step_record(struct walk *walk)
{
	static const int codes[] = { 0, 250, 450, 550 };
	enum outcome outcome = (enum outcome)draw(walk, 6);
	int code = codes[draw(walk, 4)];
	struct reply reply = { .code = code };
	struct held *held = choose_claim(walk);
	struct world *w = walk->w;
	bool expected;

	if (!held)
		return;
	if (held->passed &&
	    (outcome == DEFERRED || outcome == REFUSED || outcome == NOT_SENT ||
		(outcome == OUR_TROUBLE && code >= 400)))
		walk->out[held->revision][held->contact] = false;
	expected = model_record(
	    &walk->model, row_of(walk, held), &held->claim, outcome, code, walk->now);
	agree(walk, "record",
	    ledger_record(w->ledger, &held->claim, outcome, &reply, walk->now, &w->err),
	    expected);
	*held = walk->claims[--walk->claim_count];
}

/* As a run does it, most often to the end; the steps above come in any other order. */
static void
step_serve(struct walk *walk)
{
	size_t before = walk->claim_count;

	step_claim(walk);
	if (walk->claim_count == before || one_in(walk, 4))
		return;
	compare_all(walk);
	if (one_in(walk, 2))
		move_clock(walk);
	step_gate(walk);
	compare_all(walk);
	if (!one_in(walk, 4))
		step_record(walk);
}

static void
step_drop(struct walk *walk)
{
	struct held *held = choose_claim(walk);
	bool block = one_in(walk, 2), got, expected;
	struct world *w = walk->w;

	if (!held)
		return;
	expected = model_drop(&walk->model, row_of(walk, held), &held->claim,
	    block ? BLOCKED : NEVER, walk->now);
	got = block ? ledger_block(w->ledger, &held->claim, "the key", walk->now, &w->err)
		    : ledger_release(w->ledger, &held->claim, walk->now, &w->err);
	agree(walk, "block or release", got, expected);
	if (one_in(walk, 2)) /* else it is stale, and kept */
		*held = walk->claims[--walk->claim_count];
}

static void
step_decide(struct walk *walk)
{
	unsigned revision =
	    one_in(walk, 4) ? 1 + draw(walk, walk->wish.revision) : walk->wish.revision;
	/* Mostly what opens again, or soon nothing would be left to send. */
	enum decision decision =
	    one_in(walk, 2) ? (enum decision)draw(walk, 4) : DECIDE_RETRY;
	size_t i = draw(walk, CONTACTS);
	struct world *w = walk->w;
	struct verdict verdict = { decision, w->advisory.id, revision,
		w->contacts[i].to.id, "bob", "so", .clock.now = walk->now };
	bool expected = model_decide(&walk->model, revision, i, decision, walk->now);

	agree(walk, "decide", ledger_decide(w->ledger, &verdict, &w->err), expected);
	if (expected && decision == DECIDE_RESEND)
		walk->out[revision][i] = false; /* a person says so */
}

static void
step_soften(struct walk *walk)
{
	must(walk->w, ledger_soften(walk->w->ledger, walk->now, &walk->w->err));
	model_soften(&walk->model, walk->now);
}

static void
step(struct walk *walk)
{
	static void (*const at_any_time[])(struct walk *) = { step_edit, step_edit,
		step_arm, step_arm_older, step_decide, step_decide, step_decide,
		step_begin, step_reopen };
	static void (*const in_a_run[])(struct walk *) = { step_serve, step_serve,
		step_serve, step_serve, step_serve, step_serve, step_claim, step_claim,
		step_gate, step_record, step_drop, step_drop, step_drop, step_compare,
		step_compare, step_soften };

	move_clock(walk);
	if (draw(walk, 5) < 2)
		at_any_time[draw(walk, sizeof at_any_time / sizeof *at_any_time)](walk);
	else if (walk->model.run)
		in_a_run[draw(walk, sizeof in_a_run / sizeof *in_a_run)](walk);
	else
		step_begin(walk);
	compare_all(walk);
	compare_troubles(walk);
}

/* In memory: what is asked here is not whether a disk keeps it. */
static int
setup(void **state)
{
	const unsigned *seed = *state;
	struct walk *walk = mem_new(sizeof *walk);
	void *world = NULL;

	*state = walk;
	if (world_make(&world, access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") != 0)
		return -1;
	walk->w = world;
	walk->seed = walk->first_seed = *seed;
	walk->now = EARLIER;
	walk->wish = (struct wish){ .revision = 1, .count = CONTACTS };
	for (size_t i = 0; i < CONTACTS; i++)
		walk->wish.opens[i] = OPENS;
	for (unsigned r = 0; r < REVISIONS; r++)
		for (size_t i = 0; i < CONTACTS; i++)
			walk->model.rows[r][i].state = NEVER;
	apply_wish(walk);
	if (sqlite3_open(walk->w->path, &walk->db) != SQLITE_OK)
		return -1;
	return sqlite3_busy_timeout(walk->db, 10000);
}

static int
teardown(void **state)
{
	struct walk *walk = *state;
	void *world = walk->w;

	sqlite3_close(walk->db);
	free(walk);
	return world_teardown(&world);
}

static void
the_ledger_does_what_the_model_says(void **state)
{
	struct walk *walk = *state;
	struct mistakes mistakes = { 0 };
	struct ledger_head head;

	for (; walk->step < STEPS; walk->step++)
		step(walk);
	must(walk->w, ledger_verify(walk->w->ledger, &mistakes, &head, &walk->w->err));
	for (size_t i = 0; i < mistakes.count; i++)
		print_error("%s\n", mistakes.all[i].message);
	assert_int_equal(mistakes.count, 0);
	/* A walk on which hardly anything goes out shows nothing. */
	assert_true(walk->gates > STEPS / 100);
	mistakes_clear(&mistakes);
}

#define WALK(seed) \
	cmocka_unit_test_prestate_setup_teardown( \
	    the_ledger_does_what_the_model_says, setup, teardown, seed)

int
main(int argc, char **argv)
{
	unsigned seeds[] = { 1, 2, 3, 4 };
	const struct CMUnitTest tests[] = { WALK(&seeds[0]), WALK(&seeds[1]),
		WALK(&seeds[2]), WALK(&seeds[3]) };

	for (int i = 1; i < argc && i <= 4; i++)
		seeds[i - 1] = (unsigned)strtoul(argv[i], NULL, 10);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
