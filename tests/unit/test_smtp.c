#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>
#include <time.h>

#include "edge/mime.h"
#include "relay.h"

static void
what_arrives_is_the_wrapped_seal_byte_for_byte(void **state)
{
	struct world *world = *state;
	struct relay relay = relay_start(world, "none", NULL, NULL, "");
	const struct recipient to = { "partner/soc", "soc@partner.example",
		world->contact };
	const struct smtp_settings settings = settings_for(&relay);
	const struct envelope envelope = envelope_to(&to);
	struct smtp *smtp = smtp_to(&settings);
	struct asked asked = { 0, GATE_OPEN };
	struct text expected = { 0 }, tail = { 0 }, got;
	struct sealed *sealed;
	struct reply reply;
	struct error err;
	char buffer[4096];
	size_t n;

	for (int i = 0; i < 100000; i++)
		text_addf(&world->payload, "line %d of a long text\r\n", i);
	sealed = seal_for(world, &to);
	assert_true(sealed_size(sealed) > 1000000);
	assert_int_equal(
	    smtp_send(smtp, &envelope, sealed, ask, &asked, &reply), ACCEPTED);
	assert_true(mime_wrap(&expected, &tail, &envelope, &err));
	for (size_t at = 0; (n = sealed_read(sealed, at, buffer, sizeof buffer)); at += n)
		text_add(&expected, buffer, n);
	text_add(&expected, tail.data, tail.size);
	got = relay_file(&relay, "messages/0001.eml");
	assert_int_equal(got.size, expected.size);
	assert_memory_equal(got.data, expected.data, got.size);
	assert_in_file(&relay, "messages/0001.json",
	    "\"mail_from\": \"bounces@psirt.example\", \"rcpt_to\": "
	    "[\"soc@partner.example\"]",
	    true);
	assert_in_file(&relay, "commands.log", "EHLO psirt.example\n", true);
	text_clear(&world->payload);
	text_adds(&world->payload, "Content-Type: text/plain\r\n\r\nembargoed\r\n");
	text_clear(&expected);
	text_clear(&tail);
	text_clear(&got);
	sealed_free(sealed);
	smtp_close(smtp);
	relay_end(&relay);
}

/* What a relay does to one message, and what becomes of that. */
static const struct {
	const char *fault; /* VERB and ACTION */
	enum outcome outcome;
	int code;
	const char *words;
	bool armed; /* the gate was asked */
} rows[] = {
	{ "RCPT reply 550 5.1.1 no such user", REFUSED, 550, "550 5.1.1 no such user",
	    false },
	{ "RCPT reply 451 4.7.1 come back", DEFERRED, 451, "451 4.7.1 come back", false },
	{ "RCPT reply 550-5.7.1 not\\n550 5.7.1 here", REFUSED, 550,
	    "550-5.7.1 not 5.7.1 here", false },
	{ "RCPT reply 530 5.7.0 login first", OUR_TROUBLE, 530, "530 5.7.0", false },
	{ "RCPT reply 535 5.7.8 who", OUR_TROUBLE, 535, "535 5.7.8", false },
	{ "RCPT reply 354 what", NOT_SENT, 0, "at RCPT TO", false },
	{ "RCPT then-close 421 4.3.2 shutting down", NOT_SENT, 421, "421 4.3.2", false },
	{ "RCPT close", NOT_SENT, 0, "at RCPT TO", false },
	{ "RCPT rst", NOT_SENT, 0, "at RCPT TO", false },
	{ "RCPT half 25", NOT_SENT, 0, "at RCPT TO", false },
	{ "DATA reply 554 5.5.1 no", REFUSED, 554, "554 5.5.1 no", false },
	{ "DATA reply 450 4.5.1 later", DEFERRED, 450, "450 4.5.1 later", false },
	{ "DATA reply 250 what", NOT_SENT, 0, "at DATA", false },
	{ "DATA then-close 421 4.3.2 going", NOT_SENT, 421, "421 4.3.2 going", false },
	{ "DATA close", NOT_SENT, 0, "at DATA", false },
	{ "DOT reply 250 2.0.0 taken as 4711", ACCEPTED, 250, "250 2.0.0 taken as 4711",
	    true },
	{ "DOT reply 251 2.1.5 forwarded", ACCEPTED, 251, "251 2.1.5 forwarded", true },
	{ "DOT reply 554 5.7.1 looks like spam", REFUSED, 554, "554 5.7.1 looks", true },
	{ "DOT reply 452 4.3.1 disk full", DEFERRED, 452, "452 4.3.1 disk full", true },
	{ "DOT then-close 421 4.3.2 shutting down", DEFERRED, 421, "421 4.3.2", true },
	{ "DOT reply 535 5.7.8 who", OUR_TROUBLE, 535, "535 5.7.8", true },
	{ "DOT reply 354 what", UNKNOWN, 354, "354 what", true },
	{ "DOT close", UNKNOWN, 0, "after the final dot", true },
	{ "DOT rst", UNKNOWN, 0, "after the final dot", true },
	{ "DOT half 25", UNKNOWN, 0, "after the final dot", true },
	{ "DOT half 250", UNKNOWN, 0, "after the final dot", true },
	{ "DOT then-close 250-2.0.0 taken", UNKNOWN, 0, "after the final dot", true },
	{ "DOT then-close hello", UNKNOWN, 0, "after the final dot", true },
	{ "DOT accept-then-close", ACCEPTED, 250, "250 2.0.0 taken", true },
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Each row's fault strikes the messages for rowN@partner.example. */
static void
write_rows(struct text *script)
{
	for (size_t i = 0; i < ROWS; i++) {
		size_t verb = strcspn(rows[i].fault, " ");

		text_addf(script, "%.*s match row%zu@partner.example *%s\n", (int)verb,
		    rows[i].fault, i, rows[i].fault + verb);
	}
}

static void
check_row(const struct world *world, struct smtp *smtp, size_t i)
{
	struct asked asked = { 0, GATE_OPEN };
	struct reply reply;
	char *mail = mem_format("row%zu@partner.example", i);
	enum outcome outcome = send_to(world, smtp, mail, &asked, &reply);

	assert_outcome(
	    rows[i].fault, outcome, rows[i].outcome, &reply, rows[i].code, rows[i].words);
	assert_int_equal(asked.times, rows[i].armed);
	free(mail);
}

static void
each_misdeed_has_its_outcome_and_the_next_message_arrives(void **state)
{
	struct world *world = *state;
	struct text script = { 0 };
	struct smtp_settings settings;
	struct relay relay;

	write_rows(&script);
	relay = relay_start(world, "none", NULL, NULL, text_string(&script));
	settings = settings_for(&relay);
	for (size_t i = 0; i < ROWS; i++) { /* as the first message of a connection */
		struct smtp *smtp = smtp_to(&settings);

		check_row(world, smtp, i);
		assert_good(world, smtp);
		smtp_close(smtp);
	}
	relay_end(&relay);
	text_clear(&script);
}

static void
the_outcomes_are_the_same_inside_tls_on_a_kept_connection(void **state)
{
	struct world *world = *state;
	char *ca = mem_format("%s/ca/ca.pem", world->dir);
	struct text script = { 0 };
	struct smtp_settings settings;
	struct relay relay;
	struct smtp *smtp;

	write_rows(&script);
	relay = relay_start(world, "implicit", NULL, NULL, text_string(&script));
	settings = settings_for(&relay);
	settings.ca_file = ca;
	smtp = smtp_to(&settings);
	assert_good(world, smtp);
	for (size_t i = 0; i < ROWS; i++) {
		check_row(world, smtp, i);
		assert_good(world, smtp);
	}
	smtp_close(smtp);
	relay_end(&relay);
	text_clear(&script);
	free(ca);
}

/* Up to MAIL FROM every contact would fare the same. */
static void
trouble_before_the_recipient_is_ours(void **state)
{
	static const struct {
		const char *fault;
		int code;
		const char *words;
	} ours[] = {
		{ "GREETING * reply 421 4.3.2 too busy", 421, "421 4.3.2 too busy" },
		{ "GREETING * reply 554 5.7.1 go away", 554, "554 5.7.1 go away" },
		{ "GREETING * close", 0, "connecting" },
		{ "GREETING * rst", 0, "connecting" },
		{ "GREETING * half 22", 0, "connecting" },
		{ "EHLO * close", 0, "at EHLO" },
		{ "MAIL * reply 550 5.7.1 sender refused", 550,
		    "550 5.7.1 sender refused" },
		{ "MAIL * reply 451 4.3.0 trouble", 451, "451 4.3.0 trouble" },
		{ "MAIL * reply 530 5.7.0 login first", 530, "530 5.7.0 login first" },
		{ "MAIL * then-close 421 4.3.2 bye", 421, "421 4.3.2 bye" },
		{ "MAIL * close", 0, "at MAIL FROM" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof ours / sizeof *ours; i++) {
		struct relay relay =
		    relay_start(world, "none", NULL, NULL, ours[i].fault);
		struct smtp_settings settings = settings_for(&relay);
		struct smtp *smtp = smtp_to(&settings);
		struct asked asked = { 0, GATE_OPEN };
		struct reply reply;
		enum outcome outcome =
		    send_to(world, smtp, "soc@partner.example", &asked, &reply);

		assert_outcome(ours[i].fault, outcome, OUR_TROUBLE, &reply, ours[i].code,
		    ours[i].words);
		assert_int_equal(asked.times, 0);
		smtp_close(smtp);
		relay_end(&relay);
	}
}

static void
a_relay_that_is_not_there_is_our_trouble(void **state)
{
	struct world *world = *state;
	struct relay relay = relay_start(world, "none", NULL, NULL, "");
	char *url = mem_string(relay.url);
	struct smtp_settings settings = settings_for(&relay);
	struct asked asked = { 0, GATE_OPEN };
	struct reply reply;
	struct smtp *smtp;

	relay_end(&relay);
	settings.url = url;
	smtp = smtp_to(&settings);
	assert_outcome("away",
	    send_to(world, smtp, "soc@partner.example", &asked, &reply), OUR_TROUBLE,
	    &reply, 0, "connecting: ");
	smtp_close(smtp);
	free(url);
}

static void
a_silent_relay_is_left_in_time(void **state)
{
	static const struct {
		const char *fault;
		enum outcome outcome;
		const char *words;
	} silent[] = {
		{ "GREETING 1 hang", OUR_TROUBLE, "connecting" },
		{ "EHLO 1 hang", OUR_TROUBLE, "at EHLO" },
		{ "RCPT 1 drip 25", NOT_SENT, "at RCPT TO: the relay is silent" },
		{ "DATA 1 hang", NOT_SENT, "at DATA: the relay is silent" },
	};
	struct world *world = *state;

	for (size_t i = 0; i < sizeof silent / sizeof *silent; i++) {
		struct relay relay =
		    relay_start(world, "none", NULL, NULL, silent[i].fault);
		struct smtp_settings settings = settings_for(&relay);
		struct asked asked = { 0, GATE_OPEN };
		struct timespec began, ended;
		struct reply reply;
		struct smtp *smtp;

		settings.timeout = 1;
		smtp = smtp_to(&settings);
		clock_gettime(CLOCK_MONOTONIC, &began);
		assert_outcome(silent[i].fault,
		    send_to(world, smtp, "soc@partner.example", &asked, &reply),
		    silent[i].outcome, &reply, 0, silent[i].words);
		assert_good(world, smtp);
		smtp_close(smtp);
		clock_gettime(CLOCK_MONOTONIC, &ended);
		assert_true(ended.tv_sec - began.tv_sec < 8);
		relay_end(&relay);
	}
}

/* Libcurl would use the connection again, and wait for it when cleaning up. */
static void
silence_after_the_dot_is_unknown_and_the_connection_never_used_again(void **state)
{
	struct world *world = *state;
	struct relay relay = relay_start(
	    world, "none", NULL, NULL, "DOT 1 record-then-hang\nDOT 3 drip 25\n");
	struct smtp_settings settings = settings_for(&relay);
	struct smtp *smtp;

	settings.timeout_dot = 1;
	smtp = smtp_to(&settings);
	for (int i = 0; i < 2; i++) {
		struct asked asked = { 0, GATE_OPEN };
		struct reply reply;

		assert_outcome("dot",
		    send_to(world, smtp, "soc@partner.example", &asked, &reply), UNKNOWN,
		    &reply, 0, "after the final dot");
		assert_int_equal(asked.times, 1);
		settings.timeout_dot = 20;
		assert_good(world, smtp);
		smtp_close(smtp);
		settings.timeout_dot = 1;
		smtp = smtp_to(&settings);
	}
	assert_in_file(&relay, "messages/0002.json", "\"connection\": 2", true);
	smtp_close(smtp);
	relay_end(&relay);
}

static void
a_shut_gate_sends_no_dot(void **state)
{
	static const enum gate shut[] = { GATE_HELD, GATE_CLOSED, GATE_LOST, GATE_ERROR };
	struct world *world = *state;

	for (size_t i = 0; i < sizeof shut / sizeof *shut; i++) {
		struct relay relay = relay_start(world, "none", NULL, NULL, "");
		struct smtp_settings settings = settings_for(&relay);
		struct smtp *smtp = smtp_to(&settings);
		struct asked asked = { 0, shut[i] };
		struct reply reply;

		assert_outcome("gate",
		    send_to(world, smtp, "soc@partner.example", &asked, &reply), NOT_SENT,
		    &reply, 0, "not sent: the gate was ");
		assert_int_equal(asked.times, 1);
		assert_good(world, smtp);
		assert_in_file(&relay, "wire.1", "-----END PGP MESSAGE-----", true);
		assert_in_file(&relay, "wire.1", "\r\n.\r\n", false);
		assert_in_file(&relay, "wire.1", "QUIT", false);
		/* The good one's message is the first: none was taken before. */
		assert_in_file(
		    &relay, "messages/0001.json", "good@partner.example", true);
		smtp_close(smtp);
		relay_end(&relay);
	}
}

/* The relay has read no more than the start of the message when it leaves. */
static void
a_relay_that_left_in_the_message_is_not_sent_the_dot(void **state)
{
	static const char *const faults[] = { "BODY 1 close\n", "BODY 1 rst\n",
		"BODY 1 then-close 421 4.3.2 bye\n" };
	struct world *world = *state;

	for (int i = 0; i < 400000; i++)
		text_addf(&world->payload, "line %d of a long text\r\n", i);
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct relay relay = relay_start(world, "none", NULL, NULL, faults[i]);
		struct smtp_settings settings = settings_for(&relay);
		struct smtp *smtp = smtp_to(&settings);
		struct asked asked = { 0, GATE_OPEN };
		struct reply reply;

		assert_outcome(faults[i],
		    send_to(world, smtp, "soc@partner.example", &asked, &reply), NOT_SENT,
		    &reply, 0, "in the message");
		assert_int_equal(asked.times, 0);
		smtp_close(smtp);
		relay_end(&relay);
	}
	text_clear(&world->payload);
	text_adds(&world->payload, "Content-Type: text/plain\r\n\r\nembargoed\r\n");
}

static void
a_relay_that_has_left_before_the_gate_is_noticed(void **state)
{
	struct world *world = *state;
	struct relay relay =
	    relay_start(world, "none", NULL, NULL, "DATA 1 then-mute 354 go on");
	struct smtp_settings settings = settings_for(&relay);
	struct smtp *smtp = smtp_to(&settings);
	struct asked asked = { 0, GATE_OPEN };
	struct reply reply;

	assert_outcome("left",
	    send_to(world, smtp, "soc@partner.example", &asked, &reply), NOT_SENT, &reply,
	    0, "the relay hung up in the message");
	assert_int_equal(asked.times, 0);
	assert_good(world, smtp);
	assert_in_file(&relay, "wire.1", "\r\n.\r\n", false);
	smtp_close(smtp);
	relay_end(&relay);
}

static void
what_dies_on_a_kept_connection_is_tried_once_on_a_new_one(void **state)
{
	static const char *const faults[] = { "MAIL 2 then-close 421 4.4.2 idle too long",
		"MAIL 2 close", "MAIL 2 reply 451 4.5.3 enough on this connection",
		"RCPT 2 close", "RCPT 2 then-close 421 4.4.2 idle", "DATA 2 rst" };
	struct world *world = *state;

	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
		struct relay relay = relay_start(world, "none", NULL, NULL, faults[i]);
		struct smtp_settings settings = settings_for(&relay);
		struct smtp *smtp = smtp_to(&settings);

		assert_good(world, smtp);
		assert_good(world, smtp);
		assert_good(world, smtp);
		assert_in_file(&relay, "messages/0001.json", "\"connection\": 1", true);
		assert_in_file(&relay, "messages/0002.json", "\"connection\": 2", true);
		assert_in_file(&relay, "messages/0003.json", "\"connection\": 2", true);
		assert_in_file(&relay, "messages/0004.json", "", false);
		smtp_close(smtp);
		relay_end(&relay);
	}
}

static void
no_relay_can_hold_us_at_the_end(void **state)
{
	struct world *world = *state;
	struct relay relay = relay_start(world, "none", NULL, NULL,
	    "QUIT * hang\nRCPT match gone@partner.example * reply 550 5.1.1 gone\n");
	struct smtp_settings settings = settings_for(&relay);
	struct smtp *smtp = smtp_to(&settings);
	struct asked asked = { 0, GATE_OPEN };
	struct timespec began, ended;
	struct reply reply;

	clock_gettime(CLOCK_MONOTONIC, &began);
	assert_outcome("QUIT",
	    send_to(world, smtp, "gone@partner.example", &asked, &reply), REFUSED, &reply,
	    550, "550 5.1.1 gone");
	assert_good(world, smtp);
	smtp_close(smtp);
	clock_gettime(CLOCK_MONOTONIC, &ended);
	assert_true(ended.tv_sec - began.tv_sec < 8);
	relay_end(&relay);
}

static void
a_message_that_is_too_large_is_refused_here(void **state)
{
	struct world *world = *state;
	struct relay relay = relay_start(world, "none", NULL, NULL, "");
	struct smtp_settings settings = settings_for(&relay);
	struct smtp *smtp = smtp_to(&settings);
	struct asked asked = { 0, GATE_OPEN };
	struct reply reply;

	settings.max_message = 500;
	assert_outcome("large",
	    send_to(world, smtp, "soc@partner.example", &asked, &reply), REFUSED, &reply,
	    0, "bytes is larger than max_message");
	assert_int_equal(asked.times, 0);
	settings.max_message = 500000;
	assert_good(world, smtp);
	smtp_close(smtp);
	relay_end(&relay);
}

/* What a relay says may be seen on a terminal. */
static void
a_reply_is_shown_clean_and_short(void **state)
{
	struct world *world = *state;
	struct text script = { 0 };
	struct smtp_settings settings;
	struct relay relay;
	struct smtp *smtp;
	struct asked asked = { 0, GATE_OPEN };
	struct reply reply;

	text_adds(&script, "RCPT 1 reply 550 \x1b[2J\x07 bell\nRCPT 2 reply 550 ");
	for (int i = 0; i < 100; i++)
		text_adds(&script, "long ");
	text_adds(&script, "\n");
	relay = relay_start(world, "none", NULL, NULL, text_string(&script));
	settings = settings_for(&relay);
	smtp = smtp_to(&settings);
	assert_outcome("escapes",
	    send_to(world, smtp, "soc@partner.example", &asked, &reply), REFUSED, &reply,
	    550, "550 \\x1B[2J\\x07 bell");
	assert_outcome("long",
	    send_to(world, smtp, "soc@partner.example", &asked, &reply), REFUSED, &reply,
	    550, "550 long long");
	smtp_close(smtp);
	relay_end(&relay);
	text_clear(&script);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_arrives_is_the_wrapped_seal_byte_for_byte),
		cmocka_unit_test(
		    each_misdeed_has_its_outcome_and_the_next_message_arrives),
		cmocka_unit_test(
		    the_outcomes_are_the_same_inside_tls_on_a_kept_connection),
		cmocka_unit_test(trouble_before_the_recipient_is_ours),
		cmocka_unit_test(a_relay_that_is_not_there_is_our_trouble),
		cmocka_unit_test(a_silent_relay_is_left_in_time),
		cmocka_unit_test(
		    silence_after_the_dot_is_unknown_and_the_connection_never_used_again),
		cmocka_unit_test(a_shut_gate_sends_no_dot),
		cmocka_unit_test(a_relay_that_has_left_before_the_gate_is_noticed),
		cmocka_unit_test(a_relay_that_left_in_the_message_is_not_sent_the_dot),
		cmocka_unit_test(
		    what_dies_on_a_kept_connection_is_tried_once_on_a_new_one),
		cmocka_unit_test(no_relay_can_hold_us_at_the_end),
		cmocka_unit_test(a_message_that_is_too_large_is_refused_here),
		cmocka_unit_test(a_reply_is_shown_clean_and_short),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
