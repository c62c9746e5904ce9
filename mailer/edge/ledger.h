/*
 * ledger - the durable record of every line, attempt and decision (SQLite).
 * A delivery is a row keyed by advisory, revision and contact. Every change of
 * state is one transaction with its event, and events are chained by hash.
 */
#ifndef EDGE_LEDGER_H
#define EDGE_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include "base/error.h"
#include "edge/smtp.h"
#include "policy/checkpoint.h"
#include "policy/history.h"
#include "policy/plan.h"

struct ledger; /* opaque; thread-safe */

/*
 * The ledger and its mark: a small file in another directory, which says how far the
 * ledger had come before the last message was handed over. A ledger that is older than
 * its mark is an old copy, and would send again what has gone out since.
 */
struct ledger_place {
	const char *file, *mark;
};

/* Makes both; refuses what stands there. */
bool ledger_create(const struct ledger_place *place, struct error *err);

/* READ and WRITE refuse an old copy; what only shows it is LOOK, what mends it MEND. */
enum ledger_use { LEDGER_LOOK, LEDGER_READ, LEDGER_WRITE, LEDGER_MEND };
struct ledger *ledger_open(
    const struct ledger_place *place, enum ledger_use use, struct error *err);
void ledger_close(struct ledger *ledger); /* NULL is allowed */

/*
 * A reading of the clock, and what it is judged by: the time since boot, asleep or
 * not, and which boot that was ("": unknown).
 */
struct clock {
	time_t now, boot;
	char boot_id[40];
};

/*
 * The latest time that was ever written to it: a key's expiry is judged at the
 * later of this and the clock.
 */
bool ledger_seen(struct ledger *ledger, time_t *seen, struct error *err);

struct start {
	struct clock clock;
	time_t (*since_boot)(void); /* asked at each step of the run; NULL: never */
	const char *version; /* for the record */
	const char *clock_by; /* who says that the clock is right; NULL: nobody */
};
/*
 * The start of a sending command, under the run lock. Refuses a clock that nobody
 * vouches for when it stands before what the ledger has seen, further ahead than the
 * time since boot explains, or after a new boot more than 31 days later. Then
 * sending -> planned, committed -> unknown, and what is past its `until` -> expired.
 *
 * A clock that leaps ahead in mid-run lets nothing more be compared, claimed or gated.
 */
bool ledger_begin(struct ledger *ledger, const struct start *start, struct error *err);
/* The end of it: its exit code, for the record. */
bool ledger_end(struct ledger *ledger, time_t now, int exit, struct error *err);

/* How many of those that a quorum asks for have agreed. */
struct agreement {
	unsigned needed, given;
};

/* What a person arms, when, and who it was. */
struct arming {
	const struct plan *plan;
	const char *const *message_ids; /* one a line of the plan, in its order */
	const char *by; /* for the record */
	const char *user; /* by the quorum's names for them; NULL: nobody's */
	const char *const *
	    valid; /* approvers' keys that stand today: others' signatures do not count */
	size_t valid_count;
	struct clock clock;
};
/*
 * Stores each line, all or none; an identical line again changes nothing, unless it
 * was cancelled. Unsent lines of older revisions are superseded, those of contacts
 * that the plan no longer has are cancelled. Refuses an older revision than the
 * newest armed one, and a line that says or goes to something else than what was sent.
 * After a recovery, a line whose wave had opened by then becomes unknown.
 * When fewer have agreed than the quorum in force asks for, no line is stored: the plan
 * is kept as proposed, and true returned.
 */
bool ledger_arm(struct ledger *ledger, const struct arming *arming,
    struct agreement *agreement, struct error *err);

/* The quorum in force, as quorum_write has it; nothing: there is none. */
bool ledger_quorum(struct ledger *ledger, struct text *text, struct error *err);
/*
 * Puts another in force, when as many have agreed to it as the one in force asks for a
 * change; else only the agreement is told. The first one needs nobody.
 */
struct adopting {
	const char *text, *by;
	const char *const *valid;
	size_t valid_count;
	struct clock clock;
};
bool ledger_adopt(struct ledger *ledger, const struct adopting *adopting,
    struct agreement *agreement, struct error *err);
/*
 * Keeps a signature of an approver of the quorum in force over a plan or a quorum, whose
 * digest is `subject`. That it is good has been seen; again by the same changes nothing.
 */
struct approving {
	unsigned char subject[DIGEST_SIZE];
	const char *fingerprint, *signature;
	struct clock clock;
};
bool ledger_approve(
    struct ledger *ledger, const struct approving *approving, struct error *err);
/* Who proposed this very plan; "" when nobody did. */
struct proposal {
	struct text by, user; /* owned by the caller */
};
bool ledger_proposal(struct ledger *ledger, const struct plan *plan,
    struct proposal *proposal, struct error *err);

/*
 * A line as it is armed, to be compared with the plan of now, and what its contact has of
 * the advisory by now: which nobody can take back. Strings are valid within the callback.
 */
struct armed_line {
	const char *contact, *line; /* as line_write had it */
	unsigned revision;
	unsigned had; /* the newest that went to the contact, or may have; 0: none */
	bool sure; /* that one was accepted */
};
/*
 * Of the newest armed revision that is not newer than the advisory's: ascending contact;
 * visit as of ledger_each.
 */
bool ledger_armed_lines(struct ledger *ledger, const struct advisory *advisory,
    bool (*visit)(void *ctx, const struct armed_line *line), void *ctx,
    struct error *err);

/* How a line compares with the last delivery that partner's contact accepted. */
enum novelty { NOVELTY_NONE, NOVELTY_NEW, NOVELTY_CHANGED };
bool ledger_novelty(struct ledger *ledger, const struct line *line, enum novelty *novelty,
    struct text *what, struct error *err);

struct armed {
	char *advisory; /* owned */
	unsigned revision;
};
/* Advisories with lines that are open at `now` and still to be sent; the caller frees them. */
bool ledger_open_advisories(struct ledger *ledger, time_t now, struct armed **armed,
    size_t *count, struct error *err);
void armed_free(struct armed *armed, size_t count);

/*
 * Compares the armed lines with the plan of now: contact gone -> blocked; only
 * `opens` differs and is later -> the row moves; anything else -> blocked. A
 * wave that is found open for the first time later than the limit -> held; a limit
 * below 0 judges no wave, for sending by hand.
 */
bool ledger_compare(struct ledger *ledger, const struct plan *plan, time_t now,
    time_t late_limit, struct error *err);

struct claim {
	const struct line *line;
	int64_t delivery, attempt, fence;
};

/* By hand, back-off and late limit do not count. */
enum claim_by { CLAIM_RUN, CLAIM_HAND };

/*
 * Those of `want` whose armed digest is the line's and which are due: planned
 * (or deferred, blocked; by hand held too) -> sending, in one transaction. Returns
 * how many claims it wrote to out (room for n), -1 on error. A claim leaves no
 * event: what becomes of it does.
 */
int ledger_claim(struct ledger *ledger, const struct line *const want[], size_t n,
    time_t now, enum claim_by by, struct claim out[], struct error *err);

/*
 * Durable before it returns GATE_OPEN: one UPDATE whose WHERE is the policy:
 * sending, attempt, fence, not held, due <= now < until -> committed. The mark is on
 * disk by then, too.
 */
enum gate ledger_gate(
    struct ledger *ledger, const struct claim *claim, time_t now, struct error *err);

/*
 * What became of an attempt. NOT_SENT and OUR_TROUBLE leave the line planned;
 * DEFERRED waits with back-off; the rest as their names say. Any doubt whether it
 * was sent makes it unknown.
 */
bool ledger_record(struct ledger *ledger, const struct claim *claim, enum outcome outcome,
    const struct reply *reply, time_t now, struct error *err);
/*
 * A claim that may not be sent: sending -> blocked with the reason. No attempt is
 * counted, and the same reason again leaves no trace.
 */
bool ledger_block(struct ledger *ledger, const struct claim *claim, const char *reason,
    time_t now, struct error *err);
/* The due lines of an advisory whose files have mistakes -> blocked with the reason. */
bool ledger_block_advisory(struct ledger *ledger, const char *advisory, unsigned revision,
    const char *reason, time_t now, struct error *err);
/* A claim that was not tried: sending -> what it was. */
bool ledger_release(
    struct ledger *ledger, const struct claim *claim, time_t now, struct error *err);
/* What the relay refused in this run counts as deferred: nothing was accepted. */
bool ledger_soften(struct ledger *ledger, time_t now, struct error *err);

/* What was sent to operators: an event, on which no row, state or count depends. */
struct note {
	const char *advisory; /* that it is about */
	const char *kind, *data; /* as the event has them; data is cut at 512 bytes */
};
/* Durable when it returns true. */
bool ledger_note(
    struct ledger *ledger, const struct note *note, time_t now, struct error *err);
/*
 * The same, before the final dot, by what keeps a delivery's gate shut, too: a hold on the
 * advisory or on all, a clock that has leapt ahead. *err says why it is not open.
 */
enum gate ledger_note_gate(
    struct ledger *ledger, const struct note *note, time_t now, struct error *err);
/* Whether there is one of that kind whose data begins with these words. */
bool ledger_noted(struct ledger *ledger, const char *kind, const char *words, bool *noted,
    struct error *err);

/*
 * What a person decides about one delivery: RETRY of a refused, expired, blocked or
 * held one and RESEND of an unknown one open it again for as long as its wave
 * lasts; ACCEPTED is for an unknown one. Refused otherwise, with what is possible.
 */
enum decision { DECIDE_RETRY, DECIDE_ACCEPTED, DECIDE_RESEND, DECIDE_GIVE_UP };
struct verdict {
	enum decision decision;
	const char *advisory;
	unsigned revision;
	const char *contact;
	const char *by, *reason;
	struct clock clock;
	bool dry_run; /* everything is asked, nothing is kept */
};
bool ledger_decide(
    struct ledger *ledger, const struct verdict *verdict, struct error *err);

/*
 * An old copy is taken for the ledger: whatever may have gone out since it was made
 * becomes unknown, and the mark is made anew. Gives the count of such lines.
 */
struct recovery {
	const char *by, *reason;
	struct clock clock;
	bool clock_ok; /* the person vouches for the clock, too */
	bool dry_run;
};
bool ledger_recover(struct ledger *ledger, const struct recovery *recovery, size_t *count,
    struct error *err);

/*
 * For whoever proves it elsewhere. The lines of one revision as they were armed, in the
 * order of their contacts and each ended by LF: what approvers signed, unless it moved since.
 */
bool ledger_plan(struct ledger *ledger, const char *advisory, unsigned revision,
    struct text *lines, struct error *err);
/* The signatures over just that plan or quorum, as they came. visit as of ledger_each. */
struct approval {
	const char *name, *fingerprint;
	time_t at;
	const char *signature;
};
bool ledger_approvals(struct ledger *ledger, const struct text *what,
    bool (*visit)(void *ctx, const struct approval *approval), void *ctx,
    struct error *err);
/* All events, a line each: number, time, run, delivery, hash, kind and data, between tabs. */
bool ledger_chain(struct ledger *ledger, struct text *chain, struct error *err);

/* Where the chain of events ends: to be kept elsewhere, and compared one day. */
struct ledger_head {
	int64_t event; /* 0: there is none */
	unsigned char hash[DIGEST_SIZE];
};
/*
 * Reads all of it, and adds what does not agree: pages, references, the chain of
 * events up to its first break, rows with their events, the mark. head is the end of
 * the chain, or the last event before the break. False when it cannot be read.
 */
bool ledger_verify(struct ledger *ledger, struct mistakes *mistakes,
    struct ledger_head *head, struct error *err);

/* The last event of now, without its time and programme; event 0: there is none. */
bool ledger_head(struct ledger *ledger, struct checkpoint *head, struct error *err);
/* Whether the run that ended last left anything. */
bool ledger_changed(const struct ledger *ledger);
/*
 * Whether the event of a checkpoint is in the chain, which ledger_verify proves; if not, a
 * mistake is added that says how they differ. False when it cannot be read.
 */
bool ledger_since(struct ledger *ledger, const struct checkpoint *since,
    struct mistakes *mistakes, struct error *err);

/*
 * A bar keeps claims and gates shut from outside of a run, also of one in flight: a hold on
 * an advisory or on all, or what was decided about a partner. The ledger holds it, and
 * its events say who set and lifted it.
 */
enum bar_on { BAR_ADVISORY, BAR_ALL, BAR_PARTNER };
struct bar {
	enum bar_on on;
	const char *name; /* of the advisory or the partner; "" for all */
	const char *word; /* "held", "suspended" or "removed"; NULL: it is lifted */
	const char *reason; /* read: "by WHO: WHY" */
	time_t since; /* read only */
};
/*
 * Sets it, or one of another word or reason in its place; or lifts it, which must be there.
 * With "removed" what has not gone out to the partner is cancelled, in the same
 * transaction, and the bar is not to be changed again.
 */
struct barring {
	struct bar bar;
	const char *by;
	struct clock clock;
	bool dry_run;
};
bool ledger_bar(struct ledger *ledger, const struct barring *barring, struct error *err);
/* Those in force; visit as of ledger_each. */
bool ledger_bars(struct ledger *ledger, bool (*visit)(void *ctx, const struct bar *bar),
    void *ctx, struct error *err);

/* How a partner stands in the ledger, whatever the files say. { 0 } before. */
struct standing {
	bool known; /* a line of it was armed once, or it is barred */
	bool barred, removed;
	struct text why; /* owned: "suspended in the ledger by ops (uid 1000): a leak" */
};
bool ledger_partner(struct ledger *ledger, const char *partner, struct standing *standing,
    struct error *err);

/*
 * What has not gone out of an advisory, or of one of its waves, is cancelled: all revisions,
 * for good unless it is armed again. Gives the count of lines.
 */
struct cancelling {
	const char *advisory, *wave; /* wave NULL: all */
	const char *by, *reason;
	struct clock clock;
	bool dry_run;
};
bool ledger_cancel(struct ledger *ledger, const struct cancelling *cancelling,
    size_t *count, struct error *err);

/*
 * What contacts have had of the advisory's earlier revisions, or may have had. It no longer
 * changes once this revision is armed. history_clear is due when it returns true.
 */
bool ledger_history(struct ledger *ledger, const struct advisory *advisory,
    struct history *history, struct error *err);

/*
 * Who knew: each delivery that left, or may have, of those that were given what is asked
 * for. From the ledger alone. Strings are valid within the callback.
 */
struct exposure {
	const char *advisory, *partner, *organisation, *countries, *contact, *address;
	const char *fingerprint, *tier, *wave, *message_id;
	const char
	    *edition; /* its digest in hexadecimal digits: the archive's name for it */
	unsigned revision;
	unsigned marks; /* how many of them its copy had; 0: it cannot be traced */
	bool sure; /* accepted by the relay, or settled as such; else it may have left */
	time_t
	    left; /* when it first went past its gate; sure ones that a person settled, too */
};
struct inquiry {
	const char *advisory; /* NULL: any; then sha256 is due */
	const char *class, *value; /* NULL: any */
	const unsigned char *sha256; /* of what was given; NULL: any */
	time_t before; /* it had left by then; 0: by now */
};
/* Ascending time, then contact. */
bool ledger_exposed(struct ledger *ledger, const struct inquiry *inquiry,
    bool (*visit)(void *ctx, const struct exposure *exposure), void *ctx,
    struct error *err);

/*
 * Whose copy of a revision has which marks: those that left, or may have. A copy has a
 * code, which a group of partners shares. Strings are valid within the callback.
 */
struct bearer {
	const char *contact, *partner;
	int64_t code;
};
/* Ascending contact. */
bool ledger_bearers(struct ledger *ledger, const char *advisory, unsigned revision,
    bool (*visit)(void *ctx, const struct bearer *bearer), void *ctx, struct error *err);
struct borne {
	int64_t code;
	unsigned groups; /* how many such codes there are; 0: it is a contact's own */
	struct mark mark; /* without its place */
};
/* Ascending code and position. */
bool ledger_codes(struct ledger *ledger, const char *advisory, unsigned revision,
    bool (*visit)(void *ctx, const struct borne *borne), void *ctx, struct error *err);

/* One row as `status` shows it. Strings are valid within the callback. */
struct delivery {
	const char *advisory, *contact, *partner, *address, *fingerprint, *tier, *wave;
	const char *state; /* the word of the manual: "planned", "given up" ... */
	const char *reason; /* why it is in it; may be empty */
	const char *bar; /* what keeps it from going: "held by ..."; may be empty */
	const char *message_id;
	unsigned revision;
	int attempts, code; /* code and reply: of the last attempt */
	const char *reply;
	time_t opens, due, until, next_try, changed; /* next_try 0: none */
	int64_t id;
	unsigned char digest[DIGEST_SIZE]; /* of the armed line */
};
/*
 * Ascending advisory, revision, contact; advisory NULL: all. Stops when visit
 * returns false; visit must not ask the ledger.
 */
bool ledger_each(struct ledger *ledger, const char *advisory,
    bool (*visit)(void *ctx, const struct delivery *delivery), void *ctx,
    struct error *err);

/* Likewise, of all advisories those that are not accepted, superseded, cancelled or given up. */
bool ledger_each_unsettled(struct ledger *ledger,
    bool (*visit)(void *ctx, const struct delivery *delivery), void *ctx,
    struct error *err);
/* The newest revision of which a line was armed; 0: none. */
bool ledger_newest(
    struct ledger *ledger, const char *advisory, unsigned *revision, struct error *err);

/* A delivery with what came before: for reports. 0: never. */
struct past {
	struct delivery delivery;
	time_t armed;
	time_t first_try, last_try, last_end; /* the attempts: began, began, ended */
	time_t found; /* its wave, open, by a first run */
	bool late; /* and that run took it for late */
};
/* One revision of an advisory as of one instant: ascending by contact. visit as above. */
bool ledger_past(struct ledger *ledger, const char *advisory, unsigned revision,
    bool (*visit)(void *ctx, const struct past *past), void *ctx, struct error *err);

/* NEWS: those that are new or were last told a day ago; COUNT visits none. */
enum telling { TELL_COUNT, TELL_NEWS, TELL_ALL };
/*
 * The rows that need a person or another run at `now`: due and not accepted, superseded,
 * cancelled or given up; blocked ones before they are due too. Those that are visited
 * are marked as told. visit as above.
 */
bool ledger_troubles(struct ledger *ledger, time_t now, enum telling telling,
    bool (*visit)(void *ctx, const struct delivery *delivery), void *ctx, size_t *total,
    struct error *err);

#endif
