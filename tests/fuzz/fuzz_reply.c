/*
 * A conversation with a relay: lines that begin with ">" were sent, the others are what
 * the relay says, at any stage. A code is one that the relay said in a whole reply to
 * what was sent last, nothing is accepted without a 2xx behind the dot, and what is
 * told of it is one clean line without what a login was answered.
 */
#include "edge/smtp_dialogue.h"
#include "fuzz.h"

enum { SHOWN_MOST = 400, KEPT_MOST = 1000 };

/* What the relay has said since something was last sent. */
struct heard {
	int code; /* of the first whole reply; 0: none */
	bool quitting, logged_in;
};

static bool
starts(const char *line, const char *verb)
{
	return strncmp(line, verb, strlen(verb)) == 0;
}

/* RFC 5321, 4.2.1: the code of a reply's last line; or -1: it is none. */
static int
last_line_code(const char *line, size_t size)
{
	if (size < 4 || strspn(line, "0123456789") < 3)
		return -1;
	if (line[3] != ' ' && size != 5)
		return -1;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static void
hear(struct dialogue *dialogue, struct heard *heard, const char *line, size_t size)
{
	int code = last_line_code(line, size);

	dialogue_heard(dialogue, line, size);
	if (heard->quitting || heard->code || code < 0)
		return;
	heard->code = code;
	if (dialogue->stage == STAGE_LOGIN && code == 235)
		heard->logged_in = true;
}

static void
say(struct dialogue *dialogue, struct heard *heard, const char *line, size_t size)
{
	dialogue_sent(dialogue, line, size);
	heard->quitting = heard->quitting || starts(line, "QUIT");
	if (!heard->quitting)
		heard->code = 0;
	if (!heard->quitting && starts(line, "."))
		dialogue_enter(dialogue, STAGE_DOT);
}

static void
check_outcome(const struct dialogue *dialogue, const struct heard *heard)
{
	enum outcome outcome = dialogue_outcome(dialogue);
	int code = dialogue->code;

	must(code == heard->code, "a code is what the relay said");
	must(outcome != ACCEPTED || (dialogue->stage == STAGE_DOT && code / 100 == 2),
	    "accepted is a 2xx behind the dot");
	must(dialogue->stage != STAGE_DOT || code / 100 != 2 || outcome == ACCEPTED,
	    "and a 2xx behind the dot is accepted");
	must(dialogue->stage != STAGE_DOT || code || outcome == UNKNOWN,
	    "without a reply to the dot nobody knows");
	must(outcome != REFUSED || code / 100 == 5, "refused is a 5xx");
	must(outcome != DEFERRED || code / 100 == 4, "deferred is a 4xx");
	must(dialogue->logged_in == heard->logged_in, "the relay agrees to a login");
	must(dialogue_place(dialogue) && outcome_word(outcome), "both have their word");
}

static void
check_reply(const struct dialogue *dialogue)
{
	const char *kept = text_string(&dialogue->reply);
	struct text shown = { 0 };

	must(dialogue->reply.size <= KEPT_MOST, "what is kept is bounded");
	must(!dialogue->code || strspn(kept, "0123456789") >= 3,
	    "and begins with a code, however long the reply");
	must(dialogue->stage != STAGE_LOGIN ||
		strspn(kept, "0123456789. ") == strlen(kept),
	    "nothing is kept that could be a password");
	text_clean(&shown, kept, SHOWN_MOST);
	must(shown.size <= SHOWN_MOST && is_line(text_string(&shown), shown.size),
	    "what is told is one clean line");
	text_clear(&shown);
}

/* Lines, each ended by LF; libcurl gives us one at a time, with its end. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	struct dialogue dialogue = { 0 };
	struct heard heard = { 0 };

	while (in.size) {
		size_t length;
		bool ended = memchr(in.bytes, '\n', in.size);
		char *line = input_until(&in, '\n', &length);

		if (ended) /* where the NUL was */
			line[length++] = '\n';
		if (length && line[0] == '>')
			say(&dialogue, &heard, line + 1, length - 1);
		else
			hear(&dialogue, &heard, line, length);
		free(line);
		check_outcome(&dialogue, &heard);
		check_reply(&dialogue);
	}
	dialogue_clear(&dialogue);
	return 0;
}
