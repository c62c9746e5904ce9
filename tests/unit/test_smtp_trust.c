#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "edge/smtp_message.h"
#include "relay.h"

static void
without_trust_in_the_relay_nothing_is_said(void **state)
{
	static const struct {
		const char *what, *tls, *cert, *fault, *words;
		bool own_ca;
	} bad[] = {
		{ "unknown authority", "implicit", NULL, "", "connecting", false },
		{ "wrong host", "implicit", "wrong-host", "", "connecting", true },
		{ "expired", "implicit", "expired", "", "connecting", true },
		{ "unknown authority", "starttls", NULL, "", "at STARTTLS", false },
		{ "wrong host", "starttls", "wrong-host", "", "at STARTTLS", true },
		{ "expired", "starttls", "expired", "", "at STARTTLS", true },
		{ "stripped", "starttls", NULL, "EHLO * nostarttls", "STARTTLS", true },
		{ "no EHLO", "starttls", NULL, "EHLO * reply 502 5.5.1 no",
		    "502 5.5.1 no", true },
		{ "refused", "starttls", NULL, "STARTTLS * reply 454 4.7.0 no",
		    "454 4.7.0 no", true },
		{ "no TLS at all", "none", NULL, "", "STARTTLS", true },
	};
	struct world *world = *state;
	char *ca = mem_format("%s/ca/ca.pem", world->dir);

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		struct relay relay =
		    relay_start(world, bad[i].tls, bad[i].cert, NULL, bad[i].fault);
		struct smtp_settings settings = settings_for(&relay);
		struct asked asked = { 0, GATE_OPEN };
		struct smtp *smtp;
		struct reply reply;
		enum outcome outcome;

		settings.clear = false;
		settings.ca_file = bad[i].own_ca ? ca : NULL;
		smtp = smtp_to(&settings);
		outcome = send_to(world, smtp, "soc@partner.example", &asked, &reply);
		assert_outcome(
		    bad[i].what, outcome, OUR_TROUBLE, &reply, reply.code, bad[i].words);
		assert_int_equal(asked.times, 0);
		assert_in_file(&relay, "commands.log", "MAIL FROM", false);
		smtp_close(smtp);
		relay_end(&relay);
	}
	free(ca);
}

static void
with_starttls_nothing_of_the_message_is_in_the_clear(void **state)
{
	struct world *world = *state;
	char *ca = mem_format("%s/ca/ca.pem", world->dir);
	struct relay relay = relay_start(world, "starttls", NULL, NULL, "");
	struct smtp_settings settings = settings_for(&relay);
	struct smtp *smtp;

	settings.clear = false;
	settings.ca_file = ca;
	smtp = smtp_to(&settings);
	assert_good(world, smtp);
	assert_good(world, smtp);
	smtp_close(smtp);
	assert_in_file(&relay, "wire.1", "EHLO psirt.example\r\nSTARTTLS\r\n", true);
	assert_in_file(&relay, "wire.1", "partner.example", false);
	assert_in_file(&relay, "wire.1.tls", "-----END PGP MESSAGE-----", true);
	assert_in_file(&relay, "messages/0002.json", "\"tls\": true", true);
	relay_end(&relay);
	free(ca);
}

/* Logs in with the password as the relay and its script want it. */
static enum outcome
log_in(const struct world *world, const char *password, const char *script, char **dir,
    struct reply *reply)
{
	struct relay relay =
	    relay_start(world, "none", NULL, "forewarn:correct horse canary", script);
	struct smtp_settings settings = settings_for(&relay);
	struct asked asked = { 0, GATE_OPEN };
	char *file = mem_format("%s/password", relay.dir);
	int fd = open(file, O_WRONLY | O_CREAT | O_EXCL, 0600);
	enum outcome outcome;
	struct smtp *smtp;

	assert_int_equal(
	    write(fd, password, strlen(password)), (ssize_t)strlen(password));
	close(fd);
	settings.user = "forewarn";
	settings.password_file = file;
	smtp = smtp_to(&settings);
	outcome = send_to(world, smtp, "soc@partner.example", &asked, reply);
	if (outcome == ACCEPTED)
		assert_good(world, smtp);
	smtp_close(smtp);
	assert_null(strstr(reply->text, "canary"));
	*dir = mem_string(relay.dir);
	relay_end(&relay);
	free(file);
	return outcome;
}

static void
a_login_is_made_and_needed(void **state)
{
	static const struct {
		const char *password, *script, *words;
		enum outcome outcome;
	} logins[] = {
		{ "correct horse canary\n", "", "250 2.0.0 taken", ACCEPTED },
		{ "wrong canary\n", "", "535 5.7.8 (the relay refuses our login)",
		    OUR_TROUBLE },
		{ "correct horse canary\n", "EHLO * noauth\n", "", OUR_TROUBLE },
		{ "correct horse canary\n",
		    "EHLO * noauth\nMAIL * reply 250 ok\nRCPT * reply 550 5.7.1 no "
		    "relaying\n",
		    "550 5.7.1 no relaying", OUR_TROUBLE },
		{ "correct horse canary\n",
		    "EHLO * noauth\nMAIL * reply 250 ok\nRCPT * reply 250 ok\n"
		    "DATA * reply 354 go on\n",
		    "the relay offers no login", OUR_TROUBLE },
		{ "wrong canary\n",
		    "AUTH * reply 500 5.5.1 not understood: wrong canary\n",
		    "500 5.5.1 (the relay refuses our login)", OUR_TROUBLE },
		{ "wrong canary\n", "AUTH * reply 454 4.7.0 later\n", "454 4.7.0 ",
		    OUR_TROUBLE },
	};
	struct reply reply;
	char *dir;

	for (size_t i = 0; i < sizeof logins / sizeof *logins; i++) {
		enum outcome outcome =
		    log_in(*state, logins[i].password, logins[i].script, &dir, &reply);

		assert_outcome(logins[i].script, outcome, logins[i].outcome, &reply,
		    reply.code, logins[i].words);
		free(dir);
	}
}

static void
an_envelope_that_is_not_the_seals_is_refused(void **state)
{
	struct world *world = *state;
	const struct recipient to = { "partner/soc", "soc@partner.example",
		world->contact };
	const struct recipient others[] = {
		{ "partner/other", to.mail, to.fingerprint },
		{ to.id, "other@partner.example", to.fingerprint },
		{ to.id, to.mail, world->signer },
	};
	struct relay relay = relay_start(world, "none", NULL, NULL, "");
	struct smtp_settings settings = settings_for(&relay);
	struct smtp *smtp = smtp_to(&settings);
	struct sealed *sealed = seal_for(world, &to);
	struct asked asked = { 0, GATE_OPEN };
	struct reply reply;

	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct envelope envelope = envelope_to(&others[i]);

		assert_outcome("other",
		    smtp_send(smtp, &envelope, sealed, ask, &asked, &reply), OUR_TROUBLE,
		    &reply, 0, "the message is sealed for another");
	}
	assert_int_equal(asked.times, 0);
	assert_in_file(&relay, "commands.log", "", false);
	sealed_free(sealed);
	smtp_close(smtp);
	relay_end(&relay);
}

static void
an_address_that_could_say_more_is_refused(void **state)
{
	static const char *const bad[] = {
		"soc@partner.example>\r\nRCPT TO:<evil@else.example",
		"soc@partner.example\n",
		"<soc@partner.example>",
		"soc@partner.example> SIZE=1",
		"soc@partn\xc3\xa9r.example",
		"soc",
		"",
	};
	struct world *world = *state;
	struct relay relay = relay_start(world, "none", NULL, NULL, "");
	struct smtp_settings settings = settings_for(&relay);
	struct smtp *smtp = smtp_to(&settings);
	struct asked asked = { 0, GATE_OPEN };
	struct reply reply;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		const struct recipient to = { "partner/soc", bad[i], world->contact };
		const struct recipient good = { "partner/soc", "soc@partner.example",
			world->contact };
		struct envelope envelope = envelope_to(&good);
		struct sealed *sealed = seal_for(world, &good);

		envelope.sender = bad[i];
		assert_outcome(bad[i],
		    smtp_send(smtp, &envelope, sealed, ask, &asked, &reply), OUR_TROUBLE,
		    &reply, 0, "not a mail address");
		assert_outcome(bad[i], send_to(world, smtp, to.mail, &asked, &reply),
		    OUR_TROUBLE, &reply, 0, "not a mail address");
		sealed_free(sealed);
	}
	assert_int_equal(asked.times, 0);
	assert_in_file(&relay, "commands.log", "", false);
	smtp_close(smtp);
	relay_end(&relay);
}

/* A bare line end before a dot ends the message for some relays, and another follows. */
static void
bare_line_ends_and_eight_bits_never_go_out(void **state)
{
	static const char *const bad[] = { "A: b\n.\nMAIL", "A: b\r.\r\n", "\n", "\r\r\n",
		"A: \xc3\xa9\r\n", "A: \x7f\r\n" };
	struct world *world = *state;
	const struct recipient to = { "partner/soc", "soc@partner.example",
		world->contact };
	struct sealed *sealed = seal_for(world, &to);
	char buffer[64];
	size_t size;

	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		for (size_t room = 1; room < sizeof buffer; room += 20) {
			struct message message = { .sealed = sealed };
			bool clean;

			text_adds(&message.head, bad[i]);
			do
				clean = message_read(&message, buffer, room, &size);
			while (clean && size);
			assert_false(clean);
			/* Nor anything behind it. */
			assert_true(message.offset <= strlen(bad[i]));
			message_clear(&message);
		}
	sealed_free(sealed);
}

static void
settings_that_would_weaken_us_are_refused(void **state)
{
	static const struct {
		struct smtp_settings settings;
		const char *words;
	} bad[] = {
		{ { .url = "http://relay.example" }, "url: must be" },
		{ { .url = "relay.example:25" }, "url: must be" },
		{ { .url = "smtps://user:hunter2@relay.example" }, "url: must be" },
		{ { .url = "smtps://relay.example/path" }, "url: must be" },
		{ { .url = "smtps://relay.example?q" }, "url: must be" },
		{ { .url = "smtp://relay.example", .clear = true }, "tls: none" },
		{ { .url = "smtp://localhost", .clear = true }, "tls: none" },
		{ { .url = "smtp://127.0.0.2", .clear = true }, "tls: none" },
		{ { .url = "smtps://127.0.0.1", .clear = true }, "tls: none" },
		{ { .url = "smtps://relay.example", .name = "x\r\nRSET" }, "name: " },
		{ { .url = "smtps://relay.example", .name = "" }, "name: " },
		{ { .url = "smtps://relay.example", .user = "forewarn" }, "user: needs" },
		{ { .url = "smtps://relay.example", .user = "a\nb" }, "user: must be" },
		{ { .url = "smtps://relay.example",
		      .user = "forewarn",
		      .password_file = "/nonexistent" },
		    "/nonexistent: " },
	};
	struct error err;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		assert_null(smtp_open(&bad[i].settings, &err));
		if (!strstr(err.message, bad[i].words) || strstr(err.message, "hunter2"))
			fail_msg("%s: %s", bad[i].settings.url, err.message);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(without_trust_in_the_relay_nothing_is_said),
		cmocka_unit_test(with_starttls_nothing_of_the_message_is_in_the_clear),
		cmocka_unit_test(a_login_is_made_and_needed),
		cmocka_unit_test(an_envelope_that_is_not_the_seals_is_refused),
		cmocka_unit_test(an_address_that_could_say_more_is_refused),
		cmocka_unit_test(bare_line_ends_and_eight_bits_never_go_out),
		cmocka_unit_test(settings_that_would_weaken_us_are_refused),
	};

	return cmocka_run_group_tests(tests, world_make, world_end);
}
