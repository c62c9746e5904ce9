#include "cmd/round.h"

#include <string.h>

#include "cmd/command.h"
#include "cmd/say.h"
#include "edge/mime.h"

enum {
	BATCH = 16, /* lines claimed at once */
	MOST_REFUSED = 3, /* with nothing accepted */
	MOST_LOST = 2, /* in a row */
};

static void
payload_clear(struct payload *payload)
{
	text_clear(&payload->mime);
	*payload = (struct payload){ 0 };
}

void
round_close(struct round *round)
{
	payload_clear(&round->payload);
	smtp_close(round->smtp);
	sealer_close(round->sealer);
	*round = (struct round){ 0 };
}

static void
end(struct round *round, int code, const char *why)
{
	if (!round->ended)
		round->ended = code;
	say_wrong("%s", why);
}

/* The signer and the relay's password are proved before anything is claimed. */
static bool
open_edges(struct round *round)
{
	const struct config *config = &round->session->config;
	struct error err;

	if (!round->sealer)
		round->sealer = sealer_open(round->session->keyring, config->signer,
		    session_key_time(round->session, time(NULL)), &err);
	if (round->sealer && !round->smtp)
		round->smtp = smtp_open(&config->smtp, &err);
	if (!round->sealer || !round->smtp)
		end(round, EXIT_AGAIN, err.message);
	return round->sealer && round->smtp;
}

static const struct payload *
payload_for(struct round *round, const struct edition *edition)
{
	if (round->payload.edition != edition) {
		payload_clear(&round->payload);
		round->payload.edition = edition;
		round->payload.date = time(NULL);
		mime_payload(&round->payload.mime, edition,
		    &round->session->config.programme, round->payload.date);
	}
	return &round->payload;
}

static void
fill_envelope(struct envelope *envelope, struct text *message_id,
    const struct round *round, const struct line *line)
{
	const struct session *session = round->session;
	const struct programme *programme = &session->config.programme;

	envelope_message_id(message_id, session->message_key.data,
	    session->message_key.size, line->advisory->id, line->advisory->revision,
	    line->to->to.id, programme->from);
	*envelope = (struct envelope){
		.sender = session->config.smtp.bounce,
		.to = &line->to->to,
		.from_name = programme->name,
		.from = programme->from,
		.reply_to = programme->reply_to,
		.message_id = text_string(message_id),
		.date = round->payload.date,
	};
}

/* What the gate needs when the whole message is out and its final dot is not. */
struct gate_keeper {
	struct round *round;
	const struct claim *claim;
	bool asked;
	const char *reason; /* why nothing at all may go out; NULL */
	int code; /* the exit code with it */
	struct error err;
};

static enum gate
ask_gate(void *ctx)
{
	struct gate_keeper *keeper = ctx;
	enum gate gate;

	keeper->asked = true;
	keeper->code = EXIT_UNDONE;
	keeper->reason = stop_reason(keeper->round->stop);
	if (keeper->reason)
		return GATE_HELD;
	gate = ledger_gate(
	    keeper->round->session->ledger, keeper->claim, time(NULL), &keeper->err);
	if (gate == GATE_ERROR) {
		keeper->code = EXIT_AGAIN;
		keeper->reason = keeper->err.message;
	}
	return gate;
}

/* A relay that fails one contact after another is in trouble itself. */
static const char *
suspect(const struct round *round)
{
	if (round->lost_in_row >= MOST_LOST)
		return "the relay hung up on two messages in a row: the run ends here";
	if (round->unknown_in_row >= MOST_LOST)
		return "the relay took two messages and answered neither: the run ends "
		       "here";
	if (round->refused >= MOST_REFUSED && !round->accepted)
		return "the relay refused three contacts and accepted none: the run ends "
		       "here";
	return NULL;
}

static void
count(struct round *round, enum outcome outcome, const struct reply *reply, bool asked)
{
	bool lost = outcome == NOT_SENT && !asked;
	/* Without a code it is our own limit, not the relay. */
	bool refused = outcome == REFUSED && reply->code;

	round->lost_in_row = lost ? round->lost_in_row + 1 : 0;
	round->unknown_in_row = outcome == UNKNOWN ? round->unknown_in_row + 1 : 0;
	round->accepted += outcome == ACCEPTED;
	round->refused += refused;
}

/* What an outcome says about the relay, and whether to go on. */
static void
judge(struct round *round, const struct claim *claim, enum outcome outcome,
    const struct reply *reply, const struct gate_keeper *keeper)
{
	const char *trouble;
	struct error err;

	count(round, outcome, reply, keeper->asked);
	if (round->verbose || outcome == OUR_TROUBLE)
		say_wrong("%s %s: %s: %s", claim->line->advisory->id,
		    claim->line->to->to.id, outcome_word(outcome), reply->text);
	trouble = suspect(round);
	if (outcome == OUR_TROUBLE)
		end(round, EXIT_AGAIN, "the relay is in trouble: the run ends here");
	else if (outcome == NOT_SENT && keeper->reason)
		end(round, keeper->code, keeper->reason);
	else if (trouble)
		end(round, EXIT_AGAIN, trouble);
	if (round->ended == EXIT_AGAIN && !round->accepted && round->refused &&
	    !ledger_soften(round->session->ledger, time(NULL), &err))
		say_wrong("%s", err.message);
}

static void
hand_over(struct round *round, const struct claim *claim, const struct sealed *sealed)
{
	struct gate_keeper keeper = { .round = round, .claim = claim };
	struct text message_id = { 0 };
	struct reply reply = { 0 };
	struct envelope envelope;
	enum outcome outcome;
	struct error err;

	fill_envelope(&envelope, &message_id, round, claim->line);
	outcome = smtp_send(round->smtp, &envelope, sealed, ask_gate, &keeper, &reply);
	/* Durable before anything else happens; what the relay said must not be lost. */
	if (ledger_record(
		round->session->ledger, claim, outcome, &reply, time(NULL), &err)) {
		judge(round, claim, outcome, &reply, &keeper);
	} else {
		say_wrong("%s %s: %s (%s), and the ledger could not record it: settle it "
			  "by hand",
		    claim->line->advisory->id, claim->line->to->to.id,
		    outcome_word(outcome), reply.text);
		end(round, EXIT_AGAIN, err.message);
	}
	text_clear(&message_id);
}

static void
block(struct round *round, const struct claim *claim, const char *why)
{
	struct error err;

	if (round->verbose)
		say_wrong("%s %s: blocked: %s", claim->line->advisory->id,
		    claim->line->to->to.id, why);
	if (!ledger_block(round->session->ledger, claim, why, time(NULL), &err))
		end(round, EXIT_AGAIN, err.message);
}

static void
release(struct round *round, const struct claim *claim)
{
	struct error err;

	if (!ledger_release(round->session->ledger, claim, time(NULL), &err))
		end(round, EXIT_AGAIN, err.message);
}

/* One claimed line: key, mail, seal, gate, relay, record. */
static void
serve(struct round *round, const struct claim *claim)
{
	const struct recipient *to = &claim->line->to->to;
	const char *held = stop_reason(round->stop);
	const struct payload *payload;
	struct sealed *sealed = NULL;
	struct error err, bad;
	struct key key;

	if (held)
		end(round, EXIT_UNDONE, held);
	if (round->ended) {
		release(round, claim);
		return;
	}
	if (!keyring_usable(round->session->keyring, to->fingerprint,
		session_key_time(round->session, time(NULL)), &key, &bad)) {
		block(round, claim, bad.message);
		return;
	}
	payload = payload_for(round, claim->line->edition);
	if (!seal(round->sealer, payload->mime.data, payload->mime.size, &to, 1, &sealed,
		&bad, &err)) {
		end(round, EXIT_AGAIN, err.message);
		release(round, claim);
	} else if (sealed) {
		hand_over(round, claim, sealed);
	} else {
		block(round, claim, bad.message);
	}
	sealed_free(sealed);
}

void
round_send(struct round *round, const struct line *const lines[], size_t count)
{
	struct claim claims[BATCH];
	struct error err;

	for (size_t i = 0; i < count && !round->ended; i += BATCH) {
		size_t n = count - i < BATCH ? count - i : BATCH;
		int claimed;

		if (!open_edges(round))
			return;
		claimed = ledger_claim(round->session->ledger, lines + i, n, time(NULL),
		    round->by, claims, &err);
		if (claimed < 0)
			end(round, EXIT_AGAIN, err.message);
		for (int j = 0; j < claimed; j++)
			serve(round, &claims[j]);
	}
	payload_clear(&round->payload); /* the plan's editions go */
}
