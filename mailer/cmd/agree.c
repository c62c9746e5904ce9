#include "cmd/agree.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/pool.h"
#include "cmd/clock.h"
#include "cmd/say.h"

bool
agreeing_open(struct agreeing *agreeing, const struct session *session)
{
	struct text text = { 0 };
	struct error err;
	bool ok = ledger_quorum(session->ledger, &text, &err);

	*agreeing = (struct agreeing){ 0 };
	if (!ok)
		say_wrong("%s", err.message);
	else if (text.size && !quorum_read(&agreeing->quorum, text_string(&text)))
		ok = say_wrong("the quorum in force cannot be read; forewarn verify");
	text_clear(&text);
	agreeing->valid =
	    mem_array(agreeing->quorum.approver_count, sizeof *agreeing->valid);
	for (size_t i = 0; i < agreeing->quorum.approver_count; i++) {
		const char *fingerprint = agreeing->quorum.approvers[i].fingerprint;

		if (keyring_stands(session->keyring, fingerprint,
			session_key_time(session, time(NULL)), &err))
			agreeing->valid[agreeing->count++] = fingerprint;
	}
	return ok;
}

void
agreeing_close(struct agreeing *agreeing)
{
	free(agreeing->valid);
	quorum_clear(&agreeing->quorum);
	*agreeing = (struct agreeing){ 0 };
}

void
agree_asked(struct text *text, const struct session *session)
{
	quorum_write(text, &session->config.programme.quorum);
}

static bool
adopt(const struct session *session, const char *text, const char *by)
{
	struct adopting adopting = { .text = text, .by = by };
	struct agreement agreement;
	struct error err;

	clock_read(&adopting.clock);
	if (!ledger_adopt(session->ledger, &adopting, &agreement, &err))
		return say_wrong("%s", err.message);
	if (agreement.given < agreement.needed)
		return say_wrong(
		    "forewarn.ini asks for another quorum than the one in force, and "
		    "only that can change it: let its approvers sign what forewarn plan "
		    "--quorum prints, then forewarn approve --quorum FILE");
	say_wrong(
	    "the quorum of forewarn.ini is in force from now on"); /* no part of an answer */
	return true;
}

bool
agree_on_quorum(const struct session *session, const char *by)
{
	const struct quorum *asked = &session->config.programme.quorum;
	struct text now = { 0 }, text = { 0 };
	struct error err;
	bool ok = ledger_quorum(session->ledger, &now, &err);

	agree_asked(&text, session);
	if (!ok)
		say_wrong("%s", err.message);
	else if (strcmp(text_string(&now), text_string(&text)) != 0 &&
	    (now.size || quorum_for_change(asked) > 1))
		ok = adopt(session, text_string(&text), by);
	text_clear(&now);
	text_clear(&text);
	return ok;
}

/* The Message-ID of each line, stable over all its attempts. */
static const char **
make_ids(struct pool *pool, const struct session *session, const struct plan *plan)
{
	const char **ids = mem_array(plan->line_count, sizeof *ids);

	for (size_t i = 0; i < plan->line_count; i++) {
		struct text id = { 0 };

		session_message_id(&id, session, plan->advisory->id,
		    plan->advisory->revision, plan->lines[i].to->to.id);
		ids[i] = pool_keep(pool, id.data, id.size);
		text_clear(&id);
	}
	return ids;
}

void
agree_say(const struct plan *plan, const struct agreement *agreement)
{
	const char *id = plan->advisory->id;

	if (agreement->given >= agreement->needed) {
		say("armed: %s revision %u, %zu contacts; forewarn run sends each when "
		    "its wave opens",
		    id, plan->advisory->revision, plan->line_count);
		return;
	}
	say("proposed: %s revision %u; %u of %u have agreed, nothing goes out yet", id,
	    plan->advisory->revision, agreement->given, agreement->needed);
	say("next: each approver looks at what forewarn plan %s prints, signs it with "
	    "gpg "
	    "-b --armor, and forewarn approve %s FILE takes it",
	    id, id);
}

bool
agree_and_arm(const struct session *session, const struct plan *plan,
    const struct armer *armer, struct agreement *agreement)
{
	struct agreeing agreeing;
	struct pool pool = { 0 };
	struct error err;
	bool ok;

	if (!agree_on_quorum(session, armer->by) || !agreeing_open(&agreeing, session))
		return false;
	struct arming arming = {
		.plan = plan,
		.message_ids = make_ids(&pool, session, plan),
		.by = armer->by,
		.user = armer->user,
		.valid = agreeing.valid,
		.valid_count = agreeing.count,
	};
	clock_read(&arming.clock);
	ok = ledger_arm(session->ledger, &arming, agreement, &err);
	if (!ok)
		say_wrong("%s", err.message);
	free((void *)(size_t)arming.message_ids);
	pool_clear(&pool);
	agreeing_close(&agreeing);
	return ok;
}
