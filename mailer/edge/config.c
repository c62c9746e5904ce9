#include "edge/config.h"

#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "edge/config_policy.h"
#include "edge/config_smtp.h"
#include "edge/reading.h"

enum { LATE_LIMIT_DEFAULT = 3600, MAX_FILE_DEFAULT = 10 * 1024 * 1024 };
enum { ALL_DAYS = 0x7f, APPROVALS_MOST = 100 };
enum { GPG_TIMEOUT_DEFAULT = 120, GPG_TIMEOUT_MOST = 86400 }; /* seconds */
#define LANGUAGE_DEFAULT "en"

static bool
is_weekday(const char *value)
{
	unsigned bit;

	return calendar_day(value, &bit);
}

static void
read_weekend(struct calendar *calendar, const struct reading *reading)
{
	static const struct form form = { is_weekday,
		"is not a day of the week such as saturday", false };
	const char *value = read_may(reading, "weekend", NULL);
	const char **days;
	size_t count = read_list(reading, "weekend", value, &form, &days);
	struct place place;
	unsigned bit;

	for (size_t i = 0; i < count; i++)
		if (calendar_day(days[i], &bit))
			calendar->weekend |= bit;
	free(days);
	if (!value) {
		calendar_day("saturday", &bit);
		calendar->weekend |= bit;
		calendar_day("sunday", &bit);
		calendar->weekend |= bit;
	} else if (calendar->weekend == ALL_DAYS) {
		ini_get(reading->section, "weekend", &place);
		read_refuse(reading, place, "weekend", value, "leaves no business day");
	}
}

static void
read_holidays(struct calendar *calendar, const struct reading *reading)
{
	const char **days;
	size_t count = read_list(
	    reading, "holidays", read_may(reading, "holidays", NULL), &form_day, &days);
	time_t midnight;

	for (size_t i = 0; i < count; i++)
		if (when_parse_day(days[i], &midnight))
			calendar_holiday(calendar, midnight);
	free(days);
}

static bool
is_report(const char *value)
{
	return strcmp(value, "no") == 0 || strcmp(value, "wave") == 0;
}

static bool
read_report(const struct reading *reading)
{
	static const struct form form = { is_report, "is neither no nor wave", false };
	const char *value = read_may(reading, "report", &form);

	return value && strcmp(value, "wave") == 0;
}

static bool
is_overdue(const char *value)
{
	return strcmp(value, "warn") == 0 || strcmp(value, "block") == 0;
}

static bool
read_overdue(const struct reading *reading)
{
	static const struct form form = { is_overdue, "is neither warn nor block",
		false };
	const char *value = read_may(reading, "overdue", &form);

	return value && strcmp(value, "block") == 0;
}

static void
read_programme(struct config *config, const struct reading *reading)
{
	struct programme *programme = &config->programme;

	programme->place = reading->section->place;
	programme->name = read_need(reading, "name", NULL);
	programme->from = read_need(reading, "from", &form_address);
	programme->reply_to = read_may(reading, "reply_to", &form_address);
	if (!programme->reply_to)
		programme->reply_to = programme->from;
	programme->language = read_may(reading, "language", &form_language);
	if (!programme->language)
		programme->language = LANGUAGE_DEFAULT;
	programme->late_limit = read_span(reading, "late_limit", LATE_LIMIT_DEFAULT);
	programme->report_waves = read_report(reading);
	config->max_file = read_bytes(reading, "max_file", MAX_FILE_DEFAULT);
	programme->overdue_blocks = read_overdue(reading);
	programme->quorum.needed = read_may_number(reading, "approvals", APPROVALS_MOST);
	read_weekend(&programme->calendar, reading);
	read_holidays(&programme->calendar, reading);
}

static void
read_openpgp(struct config *config, const struct reading *reading)
{
	time_t timeout = read_span(reading, "timeout", GPG_TIMEOUT_DEFAULT);
	struct place place;
	const char *value;

	config->home = read_need(reading, "home", NULL);
	config->signer = read_may(reading, "signer", &form_fingerprint);
	config->archive_key = read_may(reading, "archive_key", &form_fingerprint);
	config->fast = read_yes(reading, "fast");
	config->gpg_timeout = (int)timeout;
	if (timeout >= 1 && timeout <= GPG_TIMEOUT_MOST)
		return;
	config->gpg_timeout = GPG_TIMEOUT_DEFAULT;
	value = ini_get(reading->section, "timeout", &place);
	read_refuse(reading, place, "timeout", value, "is not between 1s and 1d");
}

/* False, with a mistake, when the file has no such section. */
static bool
find(struct reading *reading, const char *section)
{
	reading->section = ini_section(reading->ini, section);
	if (!reading->section)
		mistakes_add(reading->mistakes, (struct place){ reading->ini->file, 0 },
		    "the section [%s] is missing", section);
	return reading->section;
}

static void
read_all(struct config *config, struct mistakes *mistakes)
{
	static const char *const sections[] = { "programme", "openpgp", "smtp", "tier",
		"wave", "rule", "language", "approver", "marks" };
	static const char *const keys[] = { "name", "from", "reply_to", "language",
		"weekend", "holidays", "late_limit", "report", "max_file", "home",
		"signer", "archive_key", "fast", "url", "ca_file", "user",
		"password_file", "password_command", "bounce", "max_message", "tls",
		"timeout", "rank", "admits", "audience", "template", "tlp", "tiers",
		"opens", "lasts", "countries", "tier", "reason", "fallback", "approvals",
		"key", "update", "groups", "overdue" };
	static const struct ini_names known = { sections, keys,
		sizeof sections / sizeof *sections, sizeof keys / sizeof *keys };
	struct reading reading = { config->ini, NULL, mistakes };

	if (find(&reading, "programme"))
		read_programme(config, &reading);
	if (find(&reading, "openpgp"))
		read_openpgp(config, &reading);
	if (find(&reading, "smtp"))
		config_smtp(&config->smtp, &reading, config->programme.from);
	config_policy(&config->programme, config->ini, mistakes);
	ini_unused(config->ini, &known, mistakes);
}

bool
config_read(struct config *config, struct mistakes *mistakes)
{
	size_t before = mistakes->errors;

	*config = (struct config){ .programme.language = LANGUAGE_DEFAULT,
		.ini = ini_read("forewarn.ini", mistakes) };
	if (config->ini)
		read_all(config, mistakes);
	/* The rules of the whole are asked only of parts that are sound. */
	if (mistakes->errors == before)
		programme_check(&config->programme, mistakes);
	return mistakes->errors == before;
}

void
config_need_signer(const struct config *config, struct mistakes *mistakes)
{
	const struct ini_section *section = ini_section(config->ini, "openpgp");

	if (!config->signer)
		mistakes_add(mistakes, section->place,
		    "[openpgp]: 'signer' is missing; once its key is in the home, give "
		    "the fingerprint that gpg --homedir %s -K shows",
		    config->home);
}

void
config_clear(struct config *config)
{
	programme_clear(&config->programme);
	ini_free(config->ini);
	*config = (struct config){ 0 };
}
