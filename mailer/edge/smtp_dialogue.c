#include "edge/smtp_dialogue.h"

#include <string.h>

enum { MOST_KEPT = 1000 };

void
dialogue_clear(struct dialogue *dialogue)
{
	text_clear(&dialogue->reply);
	*dialogue = (struct dialogue){ 0 };
}

void
dialogue_enter(struct dialogue *dialogue, enum stage stage)
{
	dialogue->stage = stage;
	dialogue->code = 0;
	text_clear(&dialogue->reply);
}

/* What has no verb of these is a line of the login. */
static enum stage
stage_of(const char *line, size_t size, enum stage now)
{
	static const struct {
		const char *verb;
		enum stage stage;
	} verbs[] = {
		{ "EHLO ", STAGE_HELLO },
		{ "HELO ", STAGE_HELLO },
		{ "STARTTLS\r\n", STAGE_TLS },
		{ "AUTH ", STAGE_LOGIN },
		{ "MAIL FROM:", STAGE_SENDER },
		{ "RCPT TO:", STAGE_RECIPIENT },
		{ "DATA\r\n", STAGE_DATA },
	};

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		size_t length = strlen(verbs[i].verb);

		if (size >= length && memcmp(line, verbs[i].verb, length) == 0)
			return verbs[i].stage;
	}
	return now;
}

void
dialogue_sent(struct dialogue *dialogue, const char *line, size_t size)
{
	if (size >= 4 && memcmp(line, "QUIT", 4) == 0)
		dialogue->quitting = true;
	if (!dialogue->quitting)
		dialogue_enter(dialogue, stage_of(line, size, dialogue->stage));
}

/* A relay may repeat what it did not understand, and that may be the password. */
static size_t
harmless(const char *line, size_t size)
{
	size_t plain = 0;

	while (plain < size && strchr("0123456789. ", line[plain]))
		plain++;
	return plain;
}

static void
keep(struct dialogue *dialogue, const char *line, size_t size)
{
	struct text *reply = &dialogue->reply;
	size_t room = MOST_KEPT - reply->size, code;

	while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
		size--;
	/* The code is said once: "550-no such user", "550 here" */
	if (reply->size) {
		code = size < 4 ? size : 4;
		line += code;
		size -= code;
	}
	if (dialogue->stage == STAGE_LOGIN)
		size = harmless(line, size);
	if (size == 0 || room < 2)
		return;
	if (reply->size) {
		text_addc(reply, ' ');
		room--;
	}
	text_add(reply, line, size < room ? size : room);
}

static bool
is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

/* The same idea of a complete reply as libcurl's, lest the two disagree. */
void
dialogue_heard(struct dialogue *dialogue, const char *line, size_t size)
{
	if (dialogue->quitting || size < 4 || !is_digit(line[0]) || !is_digit(line[1]) ||
	    !is_digit(line[2]))
		return;
	if (dialogue->code) /* one more than we asked for */
		return;
	keep(dialogue, line, size);
	if (line[3] != ' ' && size != 5)
		return;
	dialogue->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
	if (dialogue->stage == STAGE_TLS && dialogue->code == 220)
		dialogue->encrypted = true;
	if (dialogue->stage == STAGE_LOGIN && dialogue->code == 235)
		dialogue->logged_in = true;
}

const char *
dialogue_place(const struct dialogue *dialogue)
{
	static const char *const places[] = {
		[STAGE_CONNECT] = "connecting",
		[STAGE_HELLO] = "at EHLO",
		[STAGE_TLS] = "at STARTTLS",
		[STAGE_LOGIN] = "at the login",
		[STAGE_SENDER] = "at MAIL FROM",
		[STAGE_RECIPIENT] = "at RCPT TO",
		[STAGE_DATA] = "at DATA",
		[STAGE_BODY] = "in the message",
		[STAGE_DOT] = "after the final dot",
	};

	return places[dialogue->stage];
}

bool
dialogue_decided(const struct dialogue *dialogue)
{
	return dialogue->code >= 400 || (dialogue->stage == STAGE_DOT && dialogue->code);
}

/* RFC 4954: a login is missing, too weak, wrong, or needs encryption. */
static bool
is_about_us(int code)
{
	return code == 530 || code == 534 || code == 535 || code == 538;
}

static enum outcome
outcome_of_reply(int code, enum outcome otherwise)
{
	switch (code / 100) {
	case 2:
		return ACCEPTED;
	case 4:
		return DEFERRED;
	case 5:
		return REFUSED;
	default:
		return otherwise;
	}
}

enum outcome
dialogue_outcome(const struct dialogue *dialogue)
{
	if (is_about_us(dialogue->code))
		return OUR_TROUBLE;
	switch (dialogue->stage) {
	case STAGE_RECIPIENT:
	case STAGE_DATA:
		if (dialogue->code < 400 || dialogue->code == 421)
			return NOT_SENT;
		return outcome_of_reply(dialogue->code, NOT_SENT);
	case STAGE_BODY:
		return NOT_SENT;
	case STAGE_DOT:
		return outcome_of_reply(dialogue->code, UNKNOWN);
	default:
		return OUR_TROUBLE;
	}
}
