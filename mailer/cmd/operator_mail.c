#include "cmd/operator_mail.h"

#include <stdlib.h>

#include "base/digest.h"
#include "base/mem.h"
#include "cmd/command.h"
#include "cmd/say.h"
#include "edge/mime.h"
#include "policy/envelope.h"

bool
operator_mail_open(struct operator_mail *mail, struct duty *duty, struct sealer *sealer,
    const struct smtp_settings *settings, struct error *err)
{
	*mail = (struct operator_mail){ .duty = duty, .sealer = sealer };
	mail->smtp = smtp_open(settings, err);
	return mail->smtp;
}

void
operator_mail_close(struct operator_mail *mail)
{
	smtp_close(mail->smtp);
	*mail = (struct operator_mail){ 0 };
}

/* One message on its way to one operator. */
struct passage {
	struct operator_mail *mail;
	const struct bulletin *bulletin;
	const struct operator* to;
	struct text message_id;
	bool asked; /* the gate */
	const char *reason; /* why nothing at all may go out; NULL */
	int code; /* the exit code with it */
	struct error err;
};

/* Durable before anything else happens. */
static enum gate
record_gate(struct passage *passage)
{
	const struct bulletin *bulletin = passage->bulletin;
	struct text data = { 0 };
	struct note note = { bulletin->advisory, bulletin->before, NULL };
	enum gate gate;

	text_addf(&data, "%s operator=%s message-id=%s", bulletin->about,
	    passage->to->to.id, text_string(&passage->message_id));
	note.data = text_string(&data);
	gate = ledger_note_gate(
	    passage->mail->duty->session->ledger, &note, time(NULL), &passage->err);
	text_clear(&data);
	return gate;
}

/* The reply stands last, as the end is cut. */
static void
record(struct passage *passage, const char *outcome, const char *reply)
{
	const struct bulletin *bulletin = passage->bulletin;
	struct duty *duty = passage->mail->duty;
	struct text data = { 0 };
	struct note note = { bulletin->advisory, bulletin->after, NULL };

	text_addf(&data, "%s operator=%s outcome=%s message-id=%s: %s", bulletin->about,
	    passage->to->to.id, outcome, text_string(&passage->message_id), reply);
	note.data = text_string(&data);
	if (!ledger_note(duty->session->ledger, &note, time(NULL), &passage->err))
		duty_end(duty, EXIT_AGAIN, passage->err.message);
	text_clear(&data);
}

/* As of a notice: HOLD and signals, another's end, a clock that goes on, the ledger. */
static enum gate
ask_gate(void *ctx)
{
	struct passage *passage = ctx;
	struct duty *duty = passage->mail->duty;
	enum gate gate;

	passage->asked = true;
	passage->code = EXIT_UNDONE;
	passage->reason = stop_reason(duty->stop);
	if (passage->reason || duty_ended(duty))
		return GATE_HELD;
	gate = record_gate(passage);
	if (gate == GATE_ERROR)
		passage->code = EXIT_AGAIN;
	if (gate != GATE_OPEN)
		passage->reason = passage->err.message;
	return gate;
}

/* What an outcome says about the relay, and whether to go on. */
static void
judge(struct passage *passage, enum outcome outcome, const struct reply *reply)
{
	struct operator_mail *mail = passage->mail;
	const char *suspicion;

	if (outcome == NOT_SENT && passage->reason)
		duty_end(mail->duty, passage->code, passage->reason);
	tally_add(&mail->tally, outcome, reply, passage->asked);
	suspicion = tally_suspicion(&mail->tally);
	if (outcome == OUR_TROUBLE)
		suspicion = "the relay is in trouble: nothing more is sent";
	if (suspicion)
		duty_end(mail->duty, EXIT_AGAIN, suspicion);
}

static bool
hand_over(struct passage *passage, const struct sealed *sealed, time_t date)
{
	struct operator_mail *mail = passage->mail;
	const struct session *session = mail->duty->session;
	const struct programme *programme = &session->config.programme;
	const struct envelope envelope = {
		.sender = session->config.smtp.bounce,
		.to = &passage->to->to,
		.from_name = programme->name,
		.from = programme->from,
		.reply_to = programme->reply_to,
		.message_id = text_string(&passage->message_id),
		.date = date,
	};
	struct reply reply = { 0 };
	enum outcome outcome =
	    smtp_send(mail->smtp, &envelope, sealed, ask_gate, passage, &reply);
	const char *word = outcome_word(outcome);

	record(passage, word, reply.text);
	if (mail->duty->verbose || outcome != ACCEPTED)
		say_wrong("%s for %s: %s: %s", passage->bulletin->what,
		    passage->to->to.id, word, reply.text);
	judge(passage, outcome, &reply);
	return outcome == ACCEPTED;
}

/* bad: why it could not be sealed. True: the relay has it. */
static bool
serve(struct passage *passage, const struct sealed *sealed, const struct error *bad,
    time_t date)
{
	unsigned char nonce[ENVELOPE_NONCE];
	bool accepted = false;

	digest_random(nonce, sizeof nonce);
	envelope_operator_id(&passage->message_id, nonce,
	    passage->mail->duty->session->config.programme.from);
	if (sealed && duty_turn(passage->mail->duty)) {
		accepted = hand_over(passage, sealed, date);
	} else if (!sealed) {
		say_wrong("%s for %s: blocked: %s", passage->bulletin->what,
		    passage->to->to.id, bad->message);
		record(passage, "blocked", bad->message);
	}
	text_clear(&passage->message_id);
	return accepted;
}

static void
tell_of_sealer(struct sealer *sealer)
{
	struct error note;

	if (sealer_note(sealer, &note))
		say_wrong("[openpgp] fast: %s", note.message);
}

size_t
operator_mail_send(struct operator_mail *mail, const struct bulletin *bulletin,
    const struct operator* const to[], size_t count)
{
	const struct recipient **recipients = mem_array(count, sizeof *recipients);
	struct sealed **sealed = mem_array(count, sizeof *sealed);
	struct error *bad = mem_array(count, sizeof *bad), err;
	struct text payload = { 0 };
	time_t date = time(NULL);
	size_t accepted = 0;

	for (size_t i = 0; i < count; i++)
		recipients[i] = &to[i]->to;
	mime_payload(
	    &payload, bulletin->edition, &mail->duty->session->config.programme, date);
	if (!seal(mail->sealer, payload.data, payload.size, recipients, count, sealed,
		bad, &err))
		duty_end(mail->duty, EXIT_AGAIN, err.message);
	for (size_t i = 0; i < count; i++) {
		struct passage passage = {
			.mail = mail, .bulletin = bulletin, .to = to[i]
		};

		if (!duty_ended(mail->duty))
			accepted += serve(&passage, sealed[i], &bad[i], date);
		sealed_free(sealed[i]);
	}
	tell_of_sealer(mail->sealer);
	text_clear(&payload);
	free(bad);
	free(sealed);
	free(recipients);
	return accepted;
}
