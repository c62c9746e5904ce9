#include "cmd/session.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "cmd/command.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/suggest.h"
#include "edge/confine.h"
#include "policy/envelope.h"
#include "policy/name.h"

static void
read_key(struct session *session, const char *path, struct text *key)
{
	struct error err;

	if (!file_own(path, &err) ||
	    !file_read_below(AT_FDCWD, path, path, 4096, key, &err))
		mistakes_error(&session->mistakes, &err);
	else if (key->size < 32)
		mistakes_add(&session->mistakes, (struct place){ path, 0 },
		    "is shorter than 32 bytes; restore it from the backup");
}

/* What `keys init` made must all be there; nothing else makes it. */
static void
check_set_up(struct session *session)
{
	static const struct {
		const char *path;
		bool (*ours)(const char *path, struct error *err);
	} made[] = { { PLACE_STATE, file_own_dir }, { PLACE_SECRET, file_own_dir },
		{ PLACE_LEDGER, file_own }, { PLACE_MESSAGE_KEY, file_own } };
	const char *ca_file = session->config.smtp.ca_file;
	struct error err;

	for (size_t i = 0; i < sizeof made / sizeof *made; i++)
		if (access(made[i].path, F_OK) != 0 && errno == ENOENT)
			mistakes_add(&session->mistakes,
			    (struct place){ made[i].path, 0 },
			    "is not there; forewarn keys init makes it once, later it "
			    "comes from a backup");
		else if (!made[i].ours(made[i].path, &err))
			mistakes_error(&session->mistakes, &err);
	if (!file_guarded(".", &err) || !file_guarded_above(".", &err))
		mistakes_error(&session->mistakes, &err);
	/* Whoever writes it is the relay. */
	if (ca_file && access(ca_file, F_OK) == 0 && !file_guarded(ca_file, &err))
		mistakes_error(&session->mistakes, &err);
}

static void
open_stores(struct session *session, enum ledger_use use)
{
	struct error err;

	check_set_up(session);
	if (access(PLACE_MESSAGE_KEY, F_OK) == 0)
		read_key(session, PLACE_MESSAGE_KEY, &session->message_key);
	if (access(PLACE_MARK_KEY, F_OK) == 0)
		read_key(session, PLACE_MARK_KEY, &session->mark_key);
	if (access(PLACE_LEDGER, F_OK) != 0)
		return;
	session->ledger = ledger_open(&place_ledger, use, &err);
	if (!session->ledger || !ledger_seen(session->ledger, &session->seen, &err))
		mistakes_error(&session->mistakes, &err);
}

static void
start_keeper(struct session *session)
{
	struct smtp_settings *smtp = &session->config.smtp;
	struct error err;

	if (!smtp->password_command)
		return;
	smtp->keeper = keeper_start(smtp->password_command, &err);
	if (!smtp->keeper)
		mistakes_error(&session->mistakes, &err);
}

/*
 * The keyring starts the gpg-agent, and an agent serves others later, with cards and
 * prompts: so it must be there before. From then on we write where we have to: in
 * secret/ it is the ledger's mark.
 */
void
session_open_home(struct session *session, const char *output)
{
	const char *directories[4] = { PLACE_STATE, PLACE_SECRET };
	size_t count = 2;
	struct error err;

	start_keeper(session);
	if (session->config.home) {
		session->keyring =
		    keyring_open(session->config.home, session->config.signer,
			session->config.gpg_timeout, &session->mistakes);
		directories[count++] = session->config.home;
	}
	if (output)
		directories[count++] = output;
	if (!confine_writes(directories, count, &err))
		mistakes_error(&session->mistakes, &err);
}

bool
session_here(struct mistakes *mistakes)
{
	if (access(PLACE_CONFIG, F_OK) == 0 || errno != ENOENT)
		return true;
	mistakes_add(mistakes, (struct place){ PLACE_CONFIG, 0 },
	    "is not in this directory; name the programme's with -C DIR, or make one "
	    "with "
	    "forewarn init DIR");
	return false;
}

bool
session_open_signer(struct session *session, const char *output)
{
	struct mistakes *mistakes = &session->mistakes;

	*session = (struct session){ 0 };
	if (session_here(mistakes)) {
		if (config_read(&session->config, mistakes))
			config_need_signer(&session->config, mistakes);
		session_open_home(session, output);
	}
	say_mistakes(mistakes);
	return mistakes->errors == 0;
}

bool
session_read(struct session *session, enum ledger_use use, const char *output)
{
	struct mistakes *mistakes = &session->mistakes;

	*session = (struct session){ 0 };
	if (!session_here(mistakes))
		return false;
	if (config_read(&session->config, mistakes))
		config_need_signer(&session->config, mistakes);
	session_open_home(session, output);
	intake_partners(&session->partners, &session->config.programme, mistakes);
	intake_templates(&session->templates, &session->config.programme, mistakes);
	open_stores(session, use);
	return mistakes->errors == 0;
}

bool
session_open(struct session *session, enum ledger_use use)
{
	bool ok = session_read(session, use, NULL);

	if (!ok)
		say_mistakes(&session->mistakes);
	return ok;
}

int
session_code(const struct session *session)
{
	const struct mistakes *mistakes = &session->mistakes;

	return mistakes->passing < mistakes->errors ? EXIT_REFUSED : EXIT_AGAIN;
}

void
session_close(struct session *session)
{
	keeper_stop(session->config.smtp.keeper);
	ledger_close(session->ledger);
	keyring_close(session->keyring);
	template_files_clear(&session->templates);
	partner_files_clear(&session->partners);
	config_clear(&session->config);
	text_clear(&session->message_key);
	text_clear(&session->mark_key);
	mistakes_clear(&session->mistakes);
}

/* Whether it has a folder; else which one may have been meant. */
static bool
is_advisory(const char *id, struct mistakes *mistakes)
{
	struct text words = { 0 };

	if (suggest_needless(id))
		return true;
	text_addc(&words, '\'');
	text_quote(&words, id);
	text_adds(&words,
	    name_is_advisory(id) ? "' is not in " PLACE_ADVISORIES "/"
				 : "' is not an advisory's name");
	suggest_advisory(&words, id);
	mistakes_add(mistakes, (struct place){ NULL, 0 }, "%s", text_string(&words));
	text_clear(&words);
	return false;
}

/* The newest revision, when none was asked for. */
static bool
choose_revision(const char *id, unsigned *revision, struct mistakes *mistakes)
{
	struct error err;

	if (!is_advisory(id, mistakes))
		return false;
	if (*revision)
		return true;
	*revision = intake_newest_revision(id, &err);
	if (!*revision)
		mistakes_error(mistakes, &err);
	return *revision != 0;
}

static bool
read_history(
    struct reading *reading, const struct session *session, struct mistakes *mistakes)
{
	struct error err;

	if (!session->ledger ||
	    ledger_history(session->ledger, reading->advisory, &reading->history, &err))
		return true;
	mistakes_error(mistakes, &err);
	return false;
}

struct brief
session_brief(const struct session *session, const struct advisory *advisory)
{
	return (struct brief){
		.programme = &session->config.programme,
		.registry = &session->partners.registry,
		.templates = &session->templates.templates,
		.advisory = advisory,
		.signer = session->config.signer,
		.mark_key = &session->mark_key,
	};
}

bool
reading_open(struct reading *reading, const struct session *session, const char *id,
    unsigned revision, struct mistakes *mistakes)
{
	struct brief brief;

	*reading = (struct reading){ 0 };
	if (!choose_revision(id, &revision, mistakes))
		return false;
	reading->advisory = intake_advisory(
	    id, revision, &session->config.programme, session->config.max_file, mistakes);
	brief = session_brief(session, reading->advisory);
	brief.history = &reading->history;
	if (reading->advisory && read_history(reading, session, mistakes) &&
	    plan_make(&reading->plan, &brief, mistakes))
		return true;
	reading_close(reading);
	return false;
}

void
reading_close(struct reading *reading)
{
	plan_clear(&reading->plan);
	history_clear(&reading->history);
	advisory_free(reading->advisory);
	*reading = (struct reading){ 0 };
}

void
session_message_id(struct text *id, const struct session *session, const char *advisory,
    unsigned revision, const char *contact)
{
	envelope_message_id(id, session->message_key.data, session->message_key.size,
	    advisory, revision, contact, session->config.programme.from);
}

time_t
session_key_time(const struct session *session, time_t now)
{
	return session->seen > now ? session->seen : now;
}
