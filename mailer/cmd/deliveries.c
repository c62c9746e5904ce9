#include "cmd/deliveries.h"

#include <string.h>

#include "base/when.h"
#include "cmd/command.h"
#include "cmd/say.h"

static bool
is(const struct delivery *delivery, const char *state)
{
	return strcmp(delivery->state, state) == 0;
}

static bool
is_settled(const struct delivery *delivery)
{
	return is(delivery, "accepted") || is(delivery, "superseded") ||
	    is(delivery, "cancelled") || is(delivery, "given up");
}

bool
deliveries_barred(const struct delivery *delivery)
{
	return *delivery->bar && !is_settled(delivery) && !is(delivery, "unknown");
}

/* Whoever set the bar is named in it. */
static void
next_of_bar(struct text *text, const struct delivery *delivery)
{
	bool held = strncmp(delivery->bar, "held", strlen("held")) == 0;

	text_addf(text, "%s; then forewarn ", delivery->bar);
	if (held)
		text_addf(text, "resume %s", delivery->advisory);
	else if (strncmp(delivery->bar, "removed", strlen("removed")) == 0)
		text_addf(
		    text, "settle %s %s give-up", delivery->advisory, delivery->contact);
	else
		text_addf(text, "partners restore %s, or forewarn settle %s %s give-up",
		    delivery->partner, delivery->advisory, delivery->contact);
}

void
deliveries_next(struct text *text, const struct delivery *delivery, time_t now)
{
	const char *advisory = delivery->advisory, *contact = delivery->contact;

	if (deliveries_barred(delivery)) {
		next_of_bar(text, delivery);
	} else if (is(delivery, "planned") && delivery->due > now) {
		text_adds(text, "opens ");
		say_when(text, delivery->due, now);
	} else if (is(delivery, "planned")) {
		text_adds(text, "the next run sends it");
	} else if (is(delivery, "deferred")) {
		text_adds(text, "again after ");
		when_write(text, delivery->next_try);
		text_addf(text, "; now: forewarn send %s --to %s", advisory, contact);
	} else if (is(delivery, "refused") || is(delivery, "expired")) {
		text_addf(text, "forewarn retry %s %s; or forewarn settle %s %s give-up",
		    advisory, contact, advisory, contact);
	} else if (is(delivery, "unknown")) {
		text_addf(text,
		    "look for %s in the relay's log; then forewarn settle %s %s "
		    "accepted|resend|give-up",
		    delivery->message_id, advisory, contact);
	} else if (is(delivery, "blocked")) {
		text_addf(text,
		    "mend it, and the next run sends it; or forewarn settle %s %s "
		    "give-up",
		    advisory, contact);
	} else if (is(delivery, "held")) {
		text_addf(text, "forewarn send %s --to %s, or forewarn retry %s %s",
		    advisory, contact, advisory, contact);
	} else if (is(delivery, "sending") || is(delivery, "committed")) {
		text_adds(text, "a run is at it");
	}
}

bool
deliveries_open(const struct delivery *delivery, enum claim_by by, time_t now)
{
	bool hand = by == CLAIM_HAND;

	if (now < delivery->due || now >= delivery->until)
		return false;
	if (is(delivery, "deferred"))
		return hand || delivery->next_try <= now;
	return is(delivery, "planned") || is(delivery, "blocked") ||
	    (hand && is(delivery, "held"));
}

bool
deliveries_same(const struct delivery *delivery, const struct plan *plan)
{
	const struct line *line = plan_line(plan, delivery->contact);
	unsigned char digest[DIGEST_SIZE];

	if (!line || delivery->revision != plan->advisory->revision)
		return false;
	line_digest(digest, line);
	return memcmp(digest, delivery->digest, DIGEST_SIZE) == 0;
}

bool
deliveries_sendable(const struct delivery *delivery, time_t now, struct text *why)
{
	struct text next = { 0 };

	if (deliveries_barred(delivery)) {
		next_of_bar(why, delivery);
		return false;
	}
	if (is(delivery, "planned") || is(delivery, "deferred") ||
	    is(delivery, "blocked") || is(delivery, "held")) {
		if (now >= delivery->due && now < delivery->until)
			return true;
		if (now < delivery->due) {
			text_addf(why, "wave %s opens ", delivery->wave);
			say_when(why, delivery->due, now);
			return false;
		}
		text_adds(why, "its time is over; forewarn retry opens it again");
		return false;
	}
	text_addf(why, "is %s", delivery->state);
	deliveries_next(&next, delivery, now);
	if (is(delivery, "accepted"))
		text_adds(why, ": never sent twice");
	else if (next.size)
		text_addf(why, "; next: %s", text_string(&next));
	text_clear(&next);
	return false;
}

void
deliveries_put(struct json_t *object, const struct delivery *delivery, time_t now)
{
	struct text next = { 0 };

	json_put_text(object, "advisory", delivery->advisory);
	json_put_number(object, "revision", delivery->revision);
	json_put_text(object, "contact", delivery->contact);
	json_put_text(object, "partner", delivery->partner);
	json_put_text(object, "mail", delivery->address);
	json_put_text(object, "key", delivery->fingerprint);
	json_put_text(object, "tier", delivery->tier);
	json_put_text(object, "wave", delivery->wave);
	json_put_text(object, "state", delivery->state);
	json_put_text(object, "reason", delivery->reason);
	json_put_text(object, "bar", delivery->bar);
	json_put_number(object, "attempts", delivery->attempts);
	if (delivery->code)
		json_put_number(object, "code", delivery->code);
	json_put_text(object, "reply", delivery->reply);
	json_put_text(object, "message_id", delivery->message_id);
	json_put_when(object, "opens", delivery->opens);
	json_put_when(object, "due", delivery->due);
	json_put_when(object, "until", delivery->until);
	json_put_when(object, "next_try", delivery->next_try);
	json_put_when(object, "changed", delivery->changed);
	json_put_bytes(object, "line", delivery->digest, sizeof delivery->digest);
	deliveries_next(&next, delivery, now);
	json_put_text(object, "next", text_string(&next));
	text_clear(&next);
}

struct teller {
	time_t now;
	bool heading; /* events stand above: the same words are said once more */
};

static bool
tell(void *ctx, const struct delivery *delivery)
{
	struct teller *teller = ctx;
	struct text next = { 0 };

	if (teller->heading)
		say_wrong("left undone:");
	teller->heading = false;
	deliveries_next(&next, delivery, teller->now);
	say_wrong("%s %s: %s%s%s; next: %s", delivery->advisory, delivery->contact,
	    delivery->state, *delivery->reason ? ": " : "", delivery->reason,
	    text_string(&next));
	text_clear(&next);
	return true;
}

int
deliveries_tell_troubles(struct ledger *ledger, bool all)
{
	struct teller teller = { time(NULL), all };
	size_t total = 0;
	struct error err;

	if (!ledger_troubles(ledger, teller.now, all ? TELL_ALL : TELL_NEWS, tell,
		&teller, &total, &err)) {
		say_wrong("%s", err.message);
		return EXIT_AGAIN;
	}
	return total ? EXIT_UNDONE : EXIT_DONE;
}
