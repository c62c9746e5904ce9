/* keys - the programme's OpenPGP home: made once, keys in, who expires when */
#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "cmd/command.h"
#include "cmd/json.h"
#include "cmd/place.h"
#include "cmd/say.h"
#include "cmd/session.h"
#include "cmd/set_up.h"
#include "cmd/table.h"

static int
keys_init(void)
{
	struct mistakes mistakes = { 0 };
	struct config config = { 0 };
	struct error err;
	int code = EXIT_REFUSED;

	if (!session_here(&mistakes) || !config_read(&config, &mistakes)) {
		say_mistakes(&mistakes);
	} else if (!set_up(config.home, &err)) {
		say_wrong("%s", err.message);
	} else {
		say("made %s, %s with its mark, %s and %s", config.home, PLACE_LEDGER,
		    PLACE_MESSAGE_KEY, PLACE_MARK_KEY);
		set_up_say(config.home);
		say("next: bring the signer's key into the home, set signer "
		    "in " PLACE_CONFIG
		    " to its fingerprint, as gpg --homedir %s -K shows it; then forewarn "
		    "keys import FILE...",
		    config.home);
		code = EXIT_DONE;
	}
	config_clear(&config);
	mistakes_clear(&mistakes);
	return code;
}

/* For a programme that is older than marks. */
static int
keys_marks(void)
{
	struct mistakes mistakes = { 0 };
	struct error err;
	bool ok = session_here(&mistakes);

	say_mistakes(&mistakes);
	if (ok && !(ok = set_up_key(PLACE_MARK_KEY, &err)))
		say_wrong("%s", err.message);
	if (ok)
		say("made %s; back it up now: without it no leak can be traced",
		    PLACE_MARK_KEY);
	mistakes_clear(&mistakes);
	return ok ? EXIT_DONE : EXIT_REFUSED;
}

/* Opens what keys need: the rules, the partners and the home, not templates or ledger. */
static bool
open_keys(struct session *session)
{
	*session = (struct session){ 0 };
	if (!session_here(&session->mistakes) ||
	    !config_read(&session->config, &session->mistakes))
		return false;
	session_open_home(session, NULL);
	intake_partners(
	    &session->partners, &session->config.programme, &session->mistakes);
	return session->keyring != NULL;
}

static bool
import(struct session *session, const char *file)
{
	struct imported imported = { 0 };
	struct error err;

	if (!keyring_import(session->keyring, file, &imported, &err))
		return say_wrong("%s", err.message);
	for (size_t i = 0; i < imported.count; i++) {
		const char *fingerprint = imported.fingerprints[i];
		const struct recipient *to =
		    registry_owner(&session->partners.registry, fingerprint);

		say("%s: %s %s%s", file, fingerprint,
		    to ? "is the key of " : "is pinned by nobody",
		    to ? to->id
		       : ": compare it by another channel, then set key = in "
			 "partners.ini");
	}
	free(imported.fingerprints);
	return true;
}

static int
keys_import(const struct options *options)
{
	struct session session;
	int code = EXIT_REFUSED;

	if (options->argument_count < 2) {
		say_wrong("keys import: name the files");
		return EXIT_REFUSED;
	}
	if (open_keys(&session)) {
		code = EXIT_DONE;
		for (size_t i = 1; i < options->argument_count; i++)
			if (!import(&session, options->arguments[i]))
				code = EXIT_REFUSED;
		if (code == EXIT_DONE)
			say_next("forewarn keys list, then forewarn check");
	} else {
		say_mistakes(&session.mistakes);
	}
	session_close(&session);
	return code;
}

static bool
list_pinned(struct table *table, const struct session *session,
    const struct recipient *to, time_t now)
{
	struct text expires = { 0 };
	struct error why;
	struct key key = { 0 };
	bool usable = keyring_usable(session->keyring, to->fingerprint, now, &key, &why);

	if (usable && key.expires)
		when_write(&expires, key.expires);
	if (usable)
		text_adds(&expires, key.expires ? "" : "never");
	if (expires.size > 10)
		expires.data[expires.size = 10] = '\0';
	table_row(table,
	    (const char *const[]){ to->id, to->fingerprint,
		usable ? text_string(&expires) : "BLOCKED",
		usable ? key.algorithm : why.message });
	text_clear(&expires);
	return usable;
}

/* Keys in the home that nobody pins: they are never used. */
static void
list_others(struct table *table, const struct session *session)
{
	for (size_t i = 0; i < keyring_count(session->keyring); i++) {
		struct key key;

		keyring_key(session->keyring, i, &key);
		if (session->config.signer &&
		    strcmp(key.fingerprint, session->config.signer) == 0)
			table_row(table,
			    (const char *const[]){ "(signer)", key.fingerprint, "",
				key.secret ? key.algorithm
					   : "its secret part is not here" });
		else if (!registry_owner(&session->partners.registry, key.fingerprint))
			table_row(table,
			    (const char *const[]){ "(pinned by nobody)", key.fingerprint,
				"", key.algorithm });
	}
}

static bool
put_pinned(struct json_t *object, const char *use, const struct session *session,
    const struct recipient *to, time_t now)
{
	struct error why;
	struct key key = { 0 };
	bool usable = keyring_usable(session->keyring, to->fingerprint, now, &key, &why);

	json_put_text(object, "use", use);
	json_put_text(object, use, to->id);
	json_put_text(object, "key", to->fingerprint);
	json_put_text(object, "algorithm", usable ? key.algorithm : NULL);
	json_put_when(object, "expires", usable ? key.expires : 0);
	json_put_text(object, "blocked", usable ? NULL : why.message);
	return usable;
}

static void
put_others(struct json_t *keys, const struct session *session)
{
	for (size_t i = 0; i < keyring_count(session->keyring); i++) {
		const char *signer = session->config.signer;
		struct json_t *object;
		struct key key;
		bool signs;

		keyring_key(session->keyring, i, &key);
		signs = signer && strcmp(key.fingerprint, signer) == 0;
		if (registry_owner(&session->partners.registry, key.fingerprint) &&
		    !signs)
			continue;
		object = json_add(keys);
		json_put_text(object, "use", signs ? "signer" : "nobody");
		json_put_text(object, "key", key.fingerprint);
		json_put_text(object, "algorithm", key.algorithm);
		json_put_when(object, "expires", key.expires);
		if (signs)
			json_put_yes(object, "secret", key.secret);
	}
}

/* Whether the key of every contact and operator can be used. */
static bool
answer_keys(const struct session *session, time_t now)
{
	const struct registry *registry = &session->partners.registry;
	struct json_t *answer = json_answer("keys list");
	struct json_t *keys;
	bool all = true;

	json_put_when(answer, "at", now);
	keys = json_put_list(answer, "keys");
	for (size_t i = 0; i < registry->contact_count; i++)
		all = put_pinned(json_add(keys), "contact", session,
			  &registry->contacts[i]->to, now) &&
		    all;
	for (size_t i = 0; i < registry->operator_count; i++)
		all = put_pinned(json_add(keys), "operator", session,
			  &registry->operators[i]->to, now) &&
		    all;
	put_others(keys, session);
	json_say(answer);
	return all;
}

static bool
show_keys(const struct session *session, time_t now)
{
	static const struct column columns[] = {
		{ "CONTACT", COLUMN_PLAIN },
		{ "KEY", COLUMN_COPY },
		{ "EXPIRES", COLUMN_STATE },
		{ "ALGORITHM", COLUMN_WORDS },
	};
	struct table table = { .columns = columns,
		.column_count = sizeof columns / sizeof *columns };
	const struct registry *registry = &session->partners.registry;
	bool all = true;

	for (size_t i = 0; i < registry->contact_count; i++)
		all =
		    list_pinned(&table, session, &registry->contacts[i]->to, now) && all;
	for (size_t i = 0; i < registry->operator_count; i++)
		all =
		    list_pinned(&table, session, &registry->operators[i]->to, now) && all;
	list_others(&table, session);
	table_print(&table);
	table_clear(&table);
	return all;
}

static int
keys_list(const struct options *options)
{
	struct session session;
	int code = EXIT_REFUSED;
	bool all;

	if (open_keys(&session) && session.mistakes.errors == 0) {
		all = options->json ? answer_keys(&session, options->now)
				    : show_keys(&session, options->now);
		code = all ? EXIT_DONE : EXIT_UNDONE;
	} else {
		say_mistakes(&session.mistakes);
	}
	session_close(&session);
	return code;
}

int
cmd_keys(const struct options *options)
{
	const char *what = options->argument_count ? options->arguments[0] : "";

	if (options->json && strcmp(what, "list") != 0) {
		say_wrong("keys: --json goes with list alone");
		return EXIT_REFUSED;
	}
	if (strcmp(what, "init") == 0 && options->argument_count == 1)
		return keys_init();
	if (strcmp(what, "marks") == 0 && options->argument_count == 1)
		return keys_marks();
	if (strcmp(what, "import") == 0)
		return keys_import(options);
	if (strcmp(what, "list") == 0 && options->argument_count == 1)
		return keys_list(options);
	say_wrong("keys: init, import FILE..., list, or marks");
	return EXIT_REFUSED;
}
