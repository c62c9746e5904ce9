#include "edge/smtp.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "edge/mime.h"
#include "edge/secret.h"
#include "edge/smtp_transfer.h"
#include "policy/address.h"

enum { LONGEST_REPLY = 400 };

/* What several connections share, read once. */
struct login {
	char *url; /* owned; its path is the name for EHLO */
	struct text password;
};

struct smtp {
	const struct smtp_settings *settings; /* borrowed */
	struct login *login; /* owned by the first of several connections */
	bool first;
	CURL *curl; /* NULL: no connection */
	struct transfer transfer;
	char trouble[CURL_ERROR_SIZE]; /* libcurl's words */
};

const char *
outcome_word(enum outcome outcome)
{
	static const char *const words[] = {
		[ACCEPTED] = "accepted",
		[DEFERRED] = "deferred",
		[REFUSED] = "refused",
		[NOT_SENT] = "not sent",
		[UNKNOWN] = "unknown",
		[OUR_TROUBLE] = "our trouble",
	};

	return words[outcome];
}

/* One line for people: what is not clean as \xNN. */
static void
say(struct reply *reply, int code, const char *words)
{
	struct text text = { 0 };

	text_clean(&text, words, LONGEST_REPLY);
	reply->code = code;
	memcpy(reply->text, text_string(&text), text.size + 1);
	text_clear(&text);
}

static bool
make_handle(struct smtp *smtp)
{
	if (smtp->curl)
		return true;
	smtp->curl = smtp_handle(
	    smtp->settings, smtp->login->url, text_string(&smtp->login->password));
	return smtp->curl && transfer_attach(&smtp->transfer, smtp->curl) &&
	    curl_easy_setopt(smtp->curl, CURLOPT_ERRORBUFFER, smtp->trouble) == CURLE_OK;
}

/*
 * Libcurl keeps a connection with an unanswered dot and would use it again, and its
 * clean-up waits for the answer to QUIT. Hanging up first (SHUT_RDWR), or no longer
 * listening (SHUT_RD: QUIT still goes out), makes it return at once.
 */
static void
let_go(struct smtp *smtp, int how)
{
	curl_socket_t fd = CURL_SOCKET_BAD;

	if (!smtp->curl)
		return;
	curl_easy_getinfo(smtp->curl, CURLINFO_ACTIVESOCKET, &fd);
	if (fd != CURL_SOCKET_BAD)
		shutdown(fd, how);
	curl_easy_cleanup(smtp->curl);
	smtp->curl = NULL;
	dialogue_clear(&smtp->transfer.dialogue);
}

/* Sending */

/* After the dot only a whole reply counts, as libcurl and we both have heard it. */
static bool
was_answered(const struct smtp *smtp, CURLcode rc)
{
	long code = 0;

	curl_easy_getinfo(smtp->curl, CURLINFO_RESPONSE_CODE, &code);
	return (rc == CURLE_OK || rc == CURLE_WEIRD_SERVER_REPLY) &&
	    code == smtp->transfer.dialogue.code;
}

static enum outcome
judge(struct smtp *smtp, CURLcode rc)
{
	struct transfer *transfer = &smtp->transfer;

	if (transfer->why)
		return transfer->stopped;
	if (transfer_is_shut(transfer))
		return NOT_SENT;
	if (transfer->asked && !was_answered(smtp, rc))
		dialogue_enter(&transfer->dialogue, STAGE_DOT);
	/* It went past the gate: a person must look. */
	if (!transfer->asked && rc == CURLE_OK)
		return UNKNOWN;
	/* A relay that refuses what has not logged in says nothing about the contact. */
	if (!transfer->asked && smtp->settings->user && !transfer->dialogue.logged_in)
		return OUR_TROUBLE;
	return dialogue_outcome(&transfer->dialogue);
}

static const char *
gate_word(enum gate gate)
{
	static const char *const words[] = {
		[GATE_OPEN] = "open",
		[GATE_HELD] = "held",
		[GATE_CLOSED] = "closed",
		[GATE_LOST] = "lost to another run",
		[GATE_ERROR] = "in error",
	};

	return words[gate];
}

/* What the operator is to know of it. */
static void
explain(const struct smtp *smtp, CURLcode rc, struct reply *reply)
{
	const struct transfer *transfer = &smtp->transfer;
	const struct dialogue *dialogue = &smtp->transfer.dialogue;
	struct text text = { 0 };

	if (transfer->why)
		text_adds(&text, transfer->why);
	else if (transfer_is_shut(transfer))
		text_addf(&text, "not sent: the gate was %s", gate_word(transfer->found));
	else if (dialogue_decided(dialogue))
		text_addf(&text, "%s%s", text_string(&dialogue->reply),
		    dialogue->stage == STAGE_LOGIN ? "(the relay refuses our login)"
						   : "");
	else if (rc == CURLE_ABORTED_BY_CALLBACK)
		text_addf(&text, "%s: the relay is silent", dialogue_place(dialogue));
	else
		text_addf(&text, "%s: %s", dialogue_place(dialogue),
		    smtp->trouble[0] ? smtp->trouble : curl_easy_strerror(rc));
	say(reply, dialogue_decided(dialogue) ? dialogue->code : 0, text_string(&text));
	text_clear(&text);
}

static CURLcode
attempt(struct smtp *smtp, const struct envelope *envelope, bool *reused)
{
	struct curl_slist *to = curl_slist_append(NULL, envelope->to->mail);
	bool had_one = smtp->curl != NULL;
	CURLcode rc = CURLE_FAILED_INIT;
	long connects = 0;

	smtp->trouble[0] = '\0';
	transfer_start(&smtp->transfer);
	if (to && make_handle(smtp) &&
	    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM, envelope->sender) ==
		CURLE_OK &&
	    curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, to) == CURLE_OK)
		rc = curl_easy_perform(smtp->curl);
	if (smtp->curl)
		curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &connects);
	*reused = had_one && connects == 0;
	curl_slist_free_all(to);
	return rc;
}

/*
 * A connection that was kept may have died or been told to leave since: what fails
 * on it, before the gate and not for the message's sake, is tried once more on a
 * new one. The gate is therefore never asked twice.
 */
static enum outcome
deliver(struct smtp *smtp, const struct envelope *envelope, struct reply *reply)
{
	enum outcome outcome;
	bool reused;
	CURLcode rc;

	do {
		rc = attempt(smtp, envelope, &reused);
		outcome = judge(smtp, rc);
		explain(smtp, rc, reply);
		if (rc != CURLE_OK)
			let_go(smtp, SHUT_RDWR);
	} while (reused && !smtp->transfer.asked && !smtp->transfer.why &&
	    (outcome == OUR_TROUBLE || outcome == NOT_SENT));
	return outcome;
}

static bool
is_for(const struct envelope *envelope, const struct sealed *sealed, struct error *err)
{
	const struct recipient *to = envelope->to, *key = sealed_to(sealed);

	if (strcmp(to->id, key->id) != 0 || strcmp(to->mail, key->mail) != 0 ||
	    strcmp(to->fingerprint, key->fingerprint) != 0)
		return error_set(err, "%s: the message is sealed for another", to->id);
	if (!address_ok(to->mail))
		return error_set(err, "%s: not a mail address we may use", to->id);
	if (!address_ok(envelope->sender))
		return error_set(err, "bounce: not a mail address we may use");
	return true;
}

enum outcome
smtp_send(struct smtp *smtp, const struct envelope *envelope, const struct sealed *sealed,
    enum gate (*gate)(void *ctx), void *ctx, struct reply *reply)
{
	struct transfer *transfer = &smtp->transfer;
	struct message *message = &transfer->message;
	size_t most = smtp->settings->max_message;
	enum outcome outcome = OUR_TROUBLE;
	struct error err;

	*reply = (struct reply){ 0 };
	transfer->gate = gate;
	transfer->ctx = ctx;
	transfer->asked = false;
	transfer->why = NULL;
	message->sealed = sealed;
	if (!is_for(envelope, sealed, &err) ||
	    !mime_wrap(&message->head, &message->tail, envelope, &err)) {
		say(reply, 0, err.message);
	} else if (most && message_size(message) > most) {
		error_set(&err, "message of %zu bytes is larger than max_message",
		    message_size(message));
		say(reply, 0, err.message);
		outcome = REFUSED;
	} else {
		outcome = deliver(smtp, envelope, reply);
	}
	message_clear(message);
	return outcome;
}

/* Opening */

static bool
take_password(
    struct text *password, const struct smtp_settings *settings, struct error *err)
{
	if (!settings->user)
		return true;
	if (!*settings->user || !utf8_line(settings->user, strlen(settings->user)))
		return error_set(err, "user: must be one line of clean text");
	if (settings->password_file)
		return secret_from_file(settings->password_file, password, err);
	if (settings->keeper)
		return keeper_ask(settings->keeper, password, err);
	return error_set(err, "user: needs password_file or password_command");
}

static struct smtp *
another(const struct smtp_settings *settings, struct login *login)
{
	struct smtp *smtp = mem_new(sizeof *smtp);

	smtp->settings = smtp->transfer.settings = settings;
	smtp->login = login;
	curl_global_init(CURL_GLOBAL_DEFAULT);
	return smtp;
}

struct smtp *
smtp_open(const struct smtp_settings *settings, struct error *err)
{
	struct login *login = mem_new(sizeof *login);
	struct smtp *smtp = another(settings, login);

	smtp->first = true;
	login->url = smtp_url(settings, err);
	if (login->url && take_password(&login->password, settings, err))
		return smtp;
	smtp_close(smtp);
	return NULL;
}

struct smtp *
smtp_another(const struct smtp *smtp)
{
	return another(smtp->settings, smtp->login);
}

static void
login_free(struct login *login)
{
	text_clear(&login->password);
	free(login->url);
	free(login);
}

void
smtp_close(struct smtp *smtp)
{
	if (!smtp)
		return;
	let_go(smtp, SHUT_RD);
	dialogue_clear(&smtp->transfer.dialogue);
	if (smtp->first)
		login_free(smtp->login);
	free(smtp);
	curl_global_cleanup();
}
