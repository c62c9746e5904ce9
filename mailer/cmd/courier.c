#include "cmd/courier.h"

#include "cmd/command.h"
#include "cmd/say.h"
#include "policy/envelope.h"

static void
fill_envelope(struct envelope *envelope, struct text *message_id, struct text *answers,
    const struct session *session, const struct parcel *parcel)
{
	const struct programme *programme = &session->config.programme;
	const struct line *line = parcel->claim.line;

	session_message_id(message_id, session, line->advisory->id,
	    line->advisory->revision, line->to->to.id);
	if (line->answers)
		session_message_id(
		    answers, session, line->advisory->id, line->answers, line->to->to.id);
	*envelope = (struct envelope){
		.sender = session->config.smtp.bounce,
		.to = &line->to->to,
		.from_name = programme->name,
		.from = programme->from,
		.reply_to = programme->reply_to,
		.message_id = text_string(message_id),
		.in_reply_to = line->answers ? text_string(answers) : NULL,
		.date = parcel->date,
	};
}

/* What the gate needs when the whole message is out and its final dot is not. */
struct gate_keeper {
	struct duty *duty;
	const struct claim *claim;
	bool asked;
	const char *reason; /* why nothing at all may go out; NULL */
	bool held; /* nor anything of this advisory: err says why */
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
	keeper->reason = stop_reason(keeper->duty->stop);
	/* Another connection may have ended the run. */
	if (keeper->reason || duty_ended(keeper->duty))
		return GATE_HELD;
	gate = ledger_gate(
	    keeper->duty->session->ledger, keeper->claim, time(NULL), &keeper->err);
	keeper->held = gate == GATE_HELD;
	if (gate == GATE_ERROR) {
		keeper->code = EXIT_AGAIN;
		keeper->reason = keeper->err.message;
	}
	return gate;
}

/* What an outcome says about the relay, and whether to go on. */
static void
judge(struct duty *duty, const struct claim *claim, enum outcome outcome,
    const struct reply *reply, const struct gate_keeper *keeper)
{
	if (duty->verbose || outcome == OUR_TROUBLE)
		say_wrong("%s %s: %s: %s", claim->line->advisory->id,
		    claim->line->to->to.id, outcome_word(outcome), reply->text);
	if (outcome == NOT_SENT && keeper->reason)
		duty_end(duty, keeper->code, keeper->reason);
	if (keeper->held)
		duty_hold(duty, claim->line->advisory->id, keeper->err.message);
	duty_count(duty, outcome, reply, keeper->asked);
}

static void
hand_over(struct duty *duty, struct connections *connections, struct smtp *smtp,
    const struct parcel *parcel)
{
	const struct claim *claim = &parcel->claim;
	struct gate_keeper keeper = { .duty = duty, .claim = claim };
	struct text message_id = { 0 }, answers = { 0 };
	struct reply reply = { 0 };
	struct envelope envelope;
	enum outcome outcome;
	struct error err;

	fill_envelope(&envelope, &message_id, &answers, duty->session, parcel);
	outcome = smtp_send(smtp, &envelope, parcel->sealed, ask_gate, &keeper, &reply);
	/* The connection is another's while it is recorded that all is well. */
	if (outcome == ACCEPTED)
		connections_give(connections, smtp);
	/* Durable before anything else happens; what the relay said must not be lost. */
	if (ledger_record(
		duty->session->ledger, claim, outcome, &reply, time(NULL), &err)) {
		judge(duty, claim, outcome, &reply, &keeper);
	} else {
		say_wrong(
		    "%s %s: %s (%s), and the ledger could not record it; look in the "
		    "relay's log, then forewarn settle",
		    claim->line->advisory->id, claim->line->to->to.id,
		    outcome_word(outcome), reply.text);
		duty_end(duty, EXIT_AGAIN, err.message);
	}
	/* Else the run may have ended by now, and nobody begins another message on it. */
	if (outcome != ACCEPTED)
		connections_give(connections, smtp);
	text_clear(&message_id);
	text_clear(&answers);
}

void
courier_release(struct duty *duty, const struct claim *claim)
{
	struct error err;

	if (!ledger_release(duty->session->ledger, claim, time(NULL), &err))
		duty_end(duty, EXIT_AGAIN, err.message);
}

void
courier_serve(struct duty *duty, struct connections *connections, struct parcel *parcel)
{
	struct smtp *smtp = connections_take(connections);

	/* Asked last, as it may have taken long to come by the connection. */
	if (duty_turn(duty)) {
		hand_over(duty, connections, smtp, parcel);
	} else {
		connections_give(connections, smtp);
		courier_release(duty, &parcel->claim);
	}
	sealed_free(parcel->sealed);
}
