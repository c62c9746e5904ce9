#include "cmd/foresight.h"

#include "cmd/command.h"
#include "cmd/deliveries.h"
#include "cmd/json.h"
#include "cmd/say.h"

/* One advisory as a run would find it. */
struct foresight {
	const struct session *session;
	const struct reading *reading;
	time_t now;
	struct json_t *deliveries, *waiting; /* borrowed; NULL: in words */
};

/* The same questions that a run asks, in the same order. */
static bool
would_send(
    const struct foresight *foresight, const struct delivery *delivery, struct text *why)
{
	const struct plan *plan = &foresight->reading->plan;
	struct error err;
	struct key key;

	if (deliveries_barred(delivery)) {
		text_adds(why, delivery->bar);
		return false;
	}
	if (!plan_line(plan, delivery->contact)) {
		text_adds(why, "the plan of now has no line for it");
		return false;
	}
	if (*delivery->bar) {
		text_adds(why, delivery->bar);
		return false;
	}
	if (partner_lapsed(
		plan_line(plan, delivery->contact)->to->partner, foresight->now, why))
		return false;
	if (!deliveries_same(delivery, plan)) {
		text_adds(why, "changed since it was armed; arm again");
		return false;
	}
	if (keyring_usable(foresight->session->keyring, delivery->fingerprint,
		session_key_time(foresight->session, foresight->now), &key, &err))
		return true;
	text_adds(why, err.message);
	return false;
}

static void
foretell_one(const struct foresight *foresight, const struct delivery *delivery)
{
	struct text why = { 0 };
	bool sends = would_send(foresight, delivery, &why);

	if (foresight->deliveries) {
		struct json_t *one = json_add(foresight->deliveries);

		json_put_yes(one, "sends", sends);
		json_put_text(one, "why", text_string(&why));
		deliveries_put(
		    json_put_object(one, "delivery"), delivery, foresight->now);
	} else {
		say("%s revision %u to %s <%s>: would be %s%s", delivery->advisory,
		    delivery->revision, delivery->contact, delivery->address,
		    sends ? "sent" : "blocked: ", text_string(&why));
	}
	text_clear(&why);
}

static bool
foretell(void *ctx, const struct delivery *delivery)
{
	const struct foresight *foresight = ctx;

	if (delivery->revision == foresight->reading->advisory->revision &&
	    deliveries_open(delivery, CLAIM_RUN, foresight->now))
		foretell_one(foresight, delivery);
	return true;
}

static void
tell_mistakes(const struct foresight *foresight, const struct armed *armed,
    const struct mistakes *mistakes)
{
	if (foresight->waiting) {
		struct json_t *one = json_add(foresight->waiting);

		json_put_text(one, "advisory", armed->advisory);
		json_put_number(one, "revision", armed->revision);
		json_put_mistakes(one, "mistakes", mistakes);
	} else {
		say("%s: would wait: it has mistakes", armed->advisory);
	}
	say_mistakes(mistakes);
}

static bool
foretell_advisory(
    const struct foresight *foresight, const struct armed *armed, struct error *err)
{
	const struct session *session = foresight->session;
	struct foresight here = *foresight;
	struct mistakes mistakes = { 0 };
	struct reading reading;
	bool ok = true;

	here.reading = &reading;
	if (reading_open(&reading, session, armed->advisory, armed->revision, &mistakes))
		ok = ledger_each(session->ledger, armed->advisory, foretell, &here, err);
	else
		tell_mistakes(foresight, armed, &mistakes);
	reading_close(&reading);
	mistakes_clear(&mistakes);
	return ok;
}

static bool
foretell_all(struct foresight *foresight, struct error *err)
{
	struct armed *armed = NULL;
	size_t count = 0;
	bool ok = ledger_open_advisories(
	    foresight->session->ledger, foresight->now, &armed, &count, err);

	for (size_t i = 0; i < count && ok; i++)
		ok = foretell_advisory(foresight, &armed[i], err);
	armed_free(armed, count);
	return ok;
}

int
foresight_say(const struct session *session, time_t now, bool json)
{
	struct foresight foresight = { .session = session, .now = now };
	struct json_t *answer = NULL;
	struct error err;
	bool ok;

	if (json) {
		answer = json_answer("run");
		json_put_when(answer, "at", now);
		foresight.deliveries = json_put_list(answer, "deliveries");
		foresight.waiting = json_put_list(answer, "waiting");
	}
	ok = foretell_all(&foresight, &err);
	if (!ok)
		say_wrong("%s", err.message);
	if (answer && ok)
		json_say(answer);
	else if (answer)
		json_drop(answer);
	return ok ? EXIT_DONE : EXIT_AGAIN;
}
