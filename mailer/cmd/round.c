#include "cmd/round.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/archive.h"
#include "cmd/command.h"
#include "cmd/say.h"
#include "edge/mime.h"

/* Lines claimed, and sealed together, at once. Few at first: the relay need not wait for more. */
enum { FIRST = 32, BATCH = 250 };

static void
payload_clear(struct payload *payload)
{
	text_clear(&payload->mime);
	*payload = (struct payload){ 0 };
}

void
round_open(struct round *round, const struct session *session, const struct stop *stop,
    enum claim_by by, bool verbose)
{
	*round = (struct round){ .by = by };
	duty_open(&round->duty, session, stop, verbose);
}

void
round_close(struct round *round)
{
	payload_clear(&round->payload);
	couriers_close(round->couriers);
	sealer_close(round->sealer);
	duty_close(&round->duty);
	*round = (struct round){ 0 };
}

bool
round_open_sealer(struct round *round)
{
	const struct session *session = round->duty.session;
	struct error err;

	if (round->sealer)
		return true;
	round->sealer = sealer_open(session->keyring, session->config.signer,
	    session_key_time(session, time(NULL)), &err);
	if (!round->sealer)
		duty_end(&round->duty, EXIT_AGAIN, err.message);
	else if (session->config.fast)
		sealer_hurry(round->sealer);
	return round->sealer;
}

/* The signer and the relay's password are proved before anything is claimed. */
static bool
open_edges(struct round *round)
{
	struct error err;

	if (!round_open_sealer(round))
		return false;
	if (!round->couriers && !(round->couriers = couriers_open(&round->duty, &err)))
		duty_end(&round->duty, EXIT_AGAIN, err.message);
	return round->couriers;
}

static const struct payload *
payload_for(struct round *round, const struct edition *edition)
{
	if (round->payload.edition != edition) {
		payload_clear(&round->payload);
		round->payload.edition = edition;
		round->payload.date = time(NULL);
		mime_payload(&round->payload.mime, edition,
		    &round->duty.session->config.programme, round->payload.date);
	}
	return &round->payload;
}

static void
block(struct round *round, const struct claim *claim, const char *why)
{
	struct duty *duty = &round->duty;
	struct error err;

	if (duty->verbose)
		say_wrong("%s %s: blocked: %s", claim->line->advisory->id,
		    claim->line->to->to.id, why);
	if (!ledger_block(duty->session->ledger, claim, why, time(NULL), &err))
		duty_end(duty, EXIT_AGAIN, err.message);
	progress_step(&duty->progress, false);
}

static void
send_off(struct round *round, const struct claim *claim, struct sealed *sealed,
    const struct error *bad)
{
	struct parcel parcel = { *claim, sealed, round->payload.date };

	if (sealed)
		couriers_send(round->couriers, &parcel);
	else
		block(round, claim, bad->message);
}

/* All goes on as well without the fast way, but whoever turned it on is to know. */
static void
tell_of_sealer(struct round *round)
{
	struct error note;

	if (sealer_note(round->sealer, &note))
		say_wrong("[openpgp] fast: %s", note.message);
}

/* Claims of one edition: mail, keys, the copy that is kept, seal. */
static void
serve(struct round *round, const struct claim claims[], size_t n)
{
	const struct payload *payload = payload_for(round, claims->line->edition);
	const struct recipient *to[BATCH];
	struct sealed *sealed[BATCH];
	struct error *bad = mem_array(n, sizeof *bad), err;

	for (size_t i = 0; i < n; i++)
		to[i] = &claims[i].line->to->to;
	if (archive_keep(round, payload, claims->line->advisory, &err) &&
	    seal(round->sealer, payload->mime.data, payload->mime.size, to, n, sealed,
		bad, &err)) {
		for (size_t i = 0; i < n; i++)
			send_off(round, &claims[i], sealed[i], &bad[i]);
	} else {
		duty_end(&round->duty, EXIT_AGAIN, err.message);
		for (size_t i = 0; i < n; i++)
			courier_release(&round->duty, &claims[i]);
	}
	tell_of_sealer(round);
	free(bad);
}

/* How many of the claims, from the first on, are sealed in one operation. */
static size_t
group_size(const struct claim claims[], size_t n)
{
	size_t size = 1;

	while (size < n && !line_sealed_alone(claims[0].line) &&
	    !line_sealed_alone(claims[size].line) &&
	    claims[size].line->edition == claims[0].line->edition)
		size++;
	return size;
}

static void
serve_all(struct round *round, const struct claim claims[], size_t n)
{
	for (size_t size; n; claims += size, n -= size) {
		size = group_size(claims, n);
		if (duty_goes_on(&round->duty))
			serve(round, claims, size);
		else
			for (size_t i = 0; i < size; i++)
				courier_release(&round->duty, &claims[i]);
	}
}

void
round_send(struct round *round, const struct line *const lines[], size_t count)
{
	struct ledger *ledger = round->duty.session->ledger;
	struct claim claims[BATCH];
	struct error err;

	duty_take_up(&round->duty);
	for (size_t i = 0, n; i < count && duty_goes_on(&round->duty); i += n) {
		size_t most = i ? BATCH : FIRST;
		int claimed;

		n = count - i < most ? count - i : most;
		if (!open_edges(round))
			return;
		claimed = ledger_claim(
		    ledger, lines + i, n, time(NULL), round->by, claims, &err);
		if (claimed < 0)
			duty_end(&round->duty, EXIT_AGAIN, err.message);
		else
			serve_all(round, claims, (size_t)claimed);
	}
	if (round->couriers)
		couriers_wait(round->couriers);
	payload_clear(&round->payload); /* the plan's editions go */
}
