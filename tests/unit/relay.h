/* relay - a relay that errs by script, and messages sealed by real keys to send to it; include behind cmocka.h */
#ifndef TESTS_RELAY_H
#define TESTS_RELAY_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "edge/pgp_keys.h"
#include "edge/pgp_seal.h"
#include "edge/smtp.h"

/* A GnuPG home with a signer and a contact, certificates, and a message for anybody. */
struct world {
	char dir[32];
	struct keyring *keyring;
	struct sealer *sealer;
	char signer[41], contact[41];
	struct text payload;
};

static void shell(const char *format, ...) __attribute__((format(printf, 1, 2)));

static inline void
shell(const char *format, ...)
{
	char command[1024];
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(command, sizeof command, format, arguments);
	va_end(arguments);
	if (system(command) != 0)
		fail_msg("failed: %s", command);
}

static inline void
make_key(struct world *world, const char *user, char fingerprint[41])
{
	char command[512];
	FILE *listing;

	shell("gpg --homedir %s/home --batch --quiet --passphrase '' "
	      "--quick-generate-key '%s' future-default default never 2>/dev/null",
	    world->dir, user);
	snprintf(command, sizeof command,
	    "gpg --homedir %s/home --batch --with-colons -k '=%s' 2>/dev/null |"
	    " awk -F: '$1 == \"fpr\" { print $10; exit }'",
	    world->dir, user);
	listing = popen(command, "r");
	assert_non_null(listing);
	assert_int_equal(fscanf(listing, "%40s", fingerprint), 1);
	pclose(listing);
}

static inline int
world_make(void **state)
{
	struct world *world = mem_new(sizeof *world);
	struct mistakes mistakes = { 0 };
	struct error err;
	char *home;

	*state = world;
	strcpy(world->dir, "/tmp/fw.XXXXXX");
	assert_non_null(mkdtemp(world->dir));
	home = mem_format("%s/home", world->dir);
	assert_true(keyring_init(home, &err));
	make_key(world, "Signer <advisories@psirt.example>", world->signer);
	make_key(world, "SOC <soc@partner.example>", world->contact);
	world->keyring = keyring_open(home, world->signer, 60, &mistakes);
	assert_non_null(world->keyring);
	world->sealer = sealer_open(world->keyring, world->signer, time(NULL), &err);
	assert_non_null(world->sealer);
	shell("tests/make-ca.sh %s/ca server wrong-host expired", world->dir);
	text_adds(&world->payload, "Content-Type: text/plain\r\n\r\nembargoed\r\n");
	mistakes_clear(&mistakes);
	free(home);
	return 0;
}

static inline int
world_end(void **state)
{
	struct world *world = *state;

	sealer_close(world->sealer);
	keyring_close(world->keyring);
	text_clear(&world->payload);
	shell("gpgconf --homedir %s/home --kill all; rm -rf %s", world->dir, world->dir);
	free(world);
	return 0;
}

/* A relay of its own for a test: tests/smtpd.py, ended by closing its standard input. */
struct relay {
	pid_t pid;
	int input;
	char *dir, *url; /* owned */
};

/* What is not needed is NULL; tls is as smtpd.py has it, cert a name of make-ca.sh. */
static inline struct relay
relay_start(const struct world *world, const char *tls, const char *cert,
    const char *auth, const char *script)
{
	static unsigned count;
	struct relay relay = { .dir = mem_format("%s/relay%u", world->dir, ++count) };
	char *pem = mem_format("%s/ca/%s.pem", world->dir, cert ? cert : "server");
	char *key = mem_format("%s/ca/%s.key", world->dir, cert ? cert : "server");
	char *faults = mem_format("%s/script", relay.dir), port[8] = "";
	struct error err;
	int dir, in[2], out[2];

	assert_int_equal(mkdir(relay.dir, 0700), 0);
	dir = open(relay.dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(file_write_new(dir, "script", script, strlen(script), &err));
	close(dir);
	assert_true(pipe2(in, O_CLOEXEC) == 0 && pipe2(out, O_CLOEXEC) == 0);
	relay.pid = fork();
	assert_true(relay.pid >= 0);
	if (relay.pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		execl("tests/smtpd.py", "smtpd.py", "--dir", relay.dir, "--tls", tls,
		    "--cert", pem, "--key", key, "--script", faults,
		    auth ? "--auth" : NULL, auth, NULL);
		_exit(127);
	}
	relay.input = in[1];
	close(in[0]);
	close(out[1]);
	assert_true(read(out[0], port, sizeof port - 1) > 1);
	close(out[0]);
	port[strcspn(port, "\n")] = '\0';
	relay.url = mem_format(
	    "%s://127.0.0.1:%s", strcmp(tls, "implicit") == 0 ? "smtps" : "smtp", port);
	free(faults);
	free(key);
	free(pem);
	return relay;
}

static inline void
relay_end(struct relay *relay)
{
	int status;

	close(relay->input);
	assert_int_equal(waitpid(relay->pid, &status, 0), relay->pid);
	assert_int_equal(status, 0);
	free(relay->dir);
	free(relay->url);
}

/* A file that the relay left; empty when there is none. */
static inline struct text
relay_file(const struct relay *relay, const char *name)
{
	char *path = mem_format("%s/%s", relay->dir, name);
	struct text text = { 0 };
	struct error err;

	file_read(path, 1 << 24, &text, &err);
	free(path);
	return text;
}

static inline void
assert_in_file(const struct relay *relay, const char *name, const char *words, bool there)
{
	struct text text = relay_file(relay, name);
	bool found = text.size && memmem(text.data, text.size, words, strlen(words));

	if (found != there)
		fail_msg("%s: %s \"%s\":\n%s", name, there ? "lacks" : "has", words,
		    text_string(&text));
	text_clear(&text);
}

static inline struct smtp_settings
settings_for(const struct relay *relay)
{
	return (struct smtp_settings){ .url = relay->url,
		.bounce = "bounces@psirt.example",
		.name = "psirt.example",
		.clear = strncmp(relay->url, "smtp:", 5) == 0,
		.timeout = 20 };
}

static inline struct smtp *
smtp_to(const struct smtp_settings *settings)
{
	struct error err;
	struct smtp *smtp = smtp_open(settings, &err);

	if (!smtp)
		fail_msg("%s", err.message);
	return smtp;
}

/* The gate of these tests: how often it was asked, and what it says. */
struct asked {
	unsigned times;
	enum gate answer;
};

static inline enum gate
ask(void *ctx)
{
	struct asked *asked = ctx;

	asked->times++;
	return asked->answer;
}

static inline struct sealed *
seal_for(const struct world *world, const struct recipient *to)
{
	struct sealed *sealed = NULL;
	struct error bad, err;

	if (!seal(world->sealer, world->payload.data, world->payload.size, &to, 1,
		&sealed, &bad, &err))
		fail_msg("%s", err.message);
	if (!sealed)
		fail_msg("%s", bad.message);
	return sealed;
}

static inline struct envelope
envelope_to(const struct recipient *to)
{
	return (struct envelope){ .sender = "bounces@psirt.example",
		.to = to,
		.from_name = "PSIRT",
		.from = "advisories@psirt.example",
		.reply_to = "psirt@psirt.example",
		.message_id = "0123456789abcdef@psirt.example",
		.date = 1796752800 };
}

static inline enum outcome
send_to(const struct world *world, struct smtp *smtp, const char *mail,
    struct asked *asked, struct reply *reply)
{
	const struct recipient to = { "partner/soc", mail, world->contact };
	const struct envelope envelope = envelope_to(&to);
	struct sealed *sealed = seal_for(world, &to);
	enum outcome outcome = smtp_send(smtp, &envelope, sealed, ask, asked, reply);

	sealed_free(sealed);
	return outcome;
}

static inline void
assert_outcome(const char *what, enum outcome outcome, enum outcome expected,
    const struct reply *reply, int code, const char *words)
{
	if (outcome != expected || reply->code != code || !strstr(reply->text, words))
		fail_msg("%s: %s %d \"%s\", not %s %d \"%s\"", what,
		    outcome_word(outcome), reply->code, reply->text,
		    outcome_word(expected), code, words);
	assert_true(strlen(reply->text) <= 400);
}

/* The next message goes through, asks its gate once, and says so. */
static inline void
assert_good(const struct world *world, struct smtp *smtp)
{
	struct asked asked = { 0, GATE_OPEN };
	struct reply reply;
	enum outcome outcome =
	    send_to(world, smtp, "good@partner.example", &asked, &reply);

	assert_outcome("good", outcome, ACCEPTED, &reply, 250, "250 2.0.0 taken");
	assert_int_equal(asked.times, 1);
}

#endif
