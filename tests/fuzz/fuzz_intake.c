/*
 * Any bytes as forewarn.ini (they name [programme]), as advisory.ini (they name
 * [advisory]) or as partners.ini, in a directory as an operator has it. What is
 * accepted keeps the rules of the whole, asked for here in another way.
 */
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "edge/config.h"
#include "edge/intake.h"
#include "edge/smtp_handle.h"
#include "policy/address.h"
#include "policy/name.h"
#include "fuzz.h"

enum { FILE_MOST = 4096, DAY = 86400, TEN_YEARS = 3660 * DAY, LEAVES = 512 };

static char folder[] = "/tmp/fw-fuzz-XXXXXX"; /* where the files of this process are */
static const char outside[] = "outside-1f83d9abfb41bd6b";

/* --- the directory ------------------------------------------------------------- */

static void
put(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && close(fd) == 0,
	    "a file can be written");
}

static void
put_string(const char *path, const char *string)
{
	put(path, string, strlen(string));
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static void
remove_folder(void)
{
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Texts and attachments good and bad, and what is none of the advisory's business. */
static void
fill_folder(void)
{
	must(mkdir("advisories", 0700) == 0 && mkdir("advisories/ADV-1", 0700) == 0 &&
		mkdir("advisories/ADV-1/1", 0700) == 0 &&
		mkdir("advisories/ADV-1/1/poc", 0700) == 0,
	    "there are directories");
	put_string("outside.txt", outside);
	put_string("advisories/ADV-1/1/summary.txt", "Update to 4.2.\n");
	put_string("advisories/ADV-1/1/summary.ko.txt", "\xea\xb0\x80\n");
	put_string("advisories/ADV-1/1/copy.txt", "Update to 4.2.\n");
	put_string("advisories/ADV-1/1/analysis.txt", "The length is not checked.\n");
	put_string("advisories/ADV-1/1/poc/trigger.py", "print('A' * 4096)\n");
	put_string("advisories/ADV-1/1/poc/rules.yar", "rule x { }\n");
	put_string("advisories/ADV-1/1/crlf.txt", "a\r\nb");
	put_string("advisories/ADV-1/1/empty.txt", "");
	must(symlink("../../../outside.txt", "advisories/ADV-1/1/link.txt") == 0,
	    "there is a link");
}

static void
enter_folder(void)
{
	static bool made;

	must(made || mkdtemp(folder), "a directory can be made");
	must(chdir(folder) == 0, "it is there");
	if (made)
		return;
	made = true;
	must(atexit(remove_folder) == 0, "it will go");
	fill_folder();
}

/* --- forewarn.ini -------------------------------------------------------------- */

static void
must_be_line(const char *string)
{
	must(!string || is_line(string, strlen(string)), "a value is one clean line");
}

static size_t
waves_of(const struct programme *programme, const struct tier *tier)
{
	size_t count = 0;

	for (size_t i = 0; i < programme->wave_count; i++)
		for (size_t j = 0; j < programme->waves[i].tier_count; j++)
			count += programme->waves[i].tiers[j] == tier;
	return count;
}

static void
check_opening(const struct programme *programme, const struct tier *high,
    const struct tier *low, time_t release)
{
	const struct calendar *calendar = &programme->calendar;
	const struct offset *first = &programme_wave_of(programme, high)->opens;
	const struct offset *second = &programme_wave_of(programme, low)->opens;

	must(offset_from(first, release, calendar) <=
		offset_from(second, release, calendar),
	    "who may have more is told no later");
}

static void
check_pair(
    const struct programme *programme, const struct tier *high, const struct tier *low)
{
	const struct calendar *calendar = &programme->calendar;
	const time_t noon = 1797595200; /* 2026-12-18T12:00:00Z, a Friday */

	must(high->rank > low->rank, "ranks are in order");
	for (size_t i = 0; i < low->admits.count; i++)
		must(classes_have(&high->admits, low->admits.names[i]),
		    "a higher rank has all that a lower one has");
	for (time_t day = 0; day < 20; day++)
		check_opening(programme, high, low, noon + day * DAY);
	for (size_t i = 0; i < calendar->holiday_count && i < 4; i++)
		for (time_t day = -9; day < 9; day++)
			check_opening(programme, high, low,
			    calendar->holidays[i] + day * DAY + DAY / 2);
}

static void
check_programme(const struct programme *programme)
{
	must(programme->calendar.weekend < 0x7f, "there is a business day");
	must(programme->late_limit > 0 && programme->late_limit <= TEN_YEARS,
	    "the late limit is a span");
	must(address_ok(programme->from) && address_ok(programme->reply_to),
	    "its addresses may be used");
	must(name_is_language(programme->language), "it speaks a language");
	must_be_line(programme->name);
	for (size_t i = 0; i < programme->tier_count; i++) {
		const struct tier *tier = &programme->tiers[i];

		must(name_is_id(tier->id) && tier->audience && *tier->audience &&
			tier->admits.count > 0 && name_is_id(tier->template),
		    "a tier is whole");
		must_be_line(tier->audience);
		must(waves_of(programme, tier) == 1, "a tier is in one wave");
		if (i > 0)
			check_pair(programme, tier, tier - 1);
	}
	for (size_t i = 0; i < programme->wave_count; i++)
		must(programme->waves[i].lasts > 0 &&
			programme->waves[i].lasts <= TEN_YEARS,
		    "a wave lasts");
	for (size_t i = 0; i < programme->rule_count; i++)
		must(programme->rules[i].tier && programme->rules[i].country_count > 0,
		    "a rule lowers somebody to a tier");
}

static void
check_smtp(const struct smtp_settings *smtp)
{
	struct error err = { "" };
	char *url = smtp_url(smtp, &err);

	must(url, "the relay's URL is one to libcurl, too");
	must(!strpbrk(url, "@ ?#"), "it is a host and a port");
	must(!smtp->clear || strncmp(url, "smtp://127.0.0.1", 16) == 0 ||
		strncmp(url, "smtp://[::1]", 12) == 0,
	    "in the clear to this machine alone");
	must(!smtp->user == (!smtp->password_file && !smtp->password_command),
	    "a login has a password");
	must(address_ok(smtp->bounce), "bounces go to an address");
	must(smtp->timeout > 0 && smtp->timeout <= TEN_YEARS, "patience is a span");
	must_be_line(smtp->user);
	must_be_line(smtp->password_file);
	must_be_line(smtp->ca_file);
	free(url);
}

static void
check_config(const uint8_t *bytes, size_t size)
{
	struct mistakes mistakes = { 0 };
	struct config config;

	put("forewarn.ini", bytes, size);
	if (config_read(&config, &mistakes)) {
		must(mistakes.errors == 0, "what has mistakes is not accepted");
		must(!config.signer || name_is_fingerprint(config.signer),
		    "the signer is a fingerprint");
		must_be_line(config.home);
		check_programme(&config.programme);
		check_smtp(&config.smtp);
	} else {
		must(mistakes.errors > 0, "refused for a reason");
	}
	must_be_lines(&mistakes);
	config_clear(&config);
	mistakes_clear(&mistakes);
}

/* --- a programme for partners and advisories ----------------------------------- */

static const char *entry_admits[] = { "guidance", "detection" };
static const char *restricted_admits[] = { "guidance" };

static struct tier tiers[] = {
	{ .id = "restricted", .rank = 1, .admits = { restricted_admits, 1 } },
	{ .id = "entry", .rank = 2, .admits = { entry_admits, 2 } },
};
static struct language korean = { "ko", true };
static const struct programme programme = { .language = "en",
	.tiers = tiers,
	.tier_count = 2,
	.languages = &korean,
	.language_count = 1 };

/* --- partners.ini -------------------------------------------------------------- */

static void
check_partner(const struct registry *registry, const struct partner *partner)
{
	size_t contacts = 0;

	must(name_is_id(partner->id) && partner->organisation && partner->tier &&
		partner->country_count > 0,
	    "a partner has a tier and a country");
	must_be_line(partner->organisation);
	for (size_t i = 0; i < partner->country_count; i++)
		must(name_is_country(partner->countries[i]), "a country is one");
	for (size_t i = 0; i < registry->contact_count; i++)
		contacts += registry->contacts[i]->partner == partner;
	must(contacts > 0, "a partner has a contact");
}

static void
check_contact(const struct registry *registry, size_t at)
{
	const struct contact *contact = registry->contacts[at];
	size_t size;

	must(contact->partner && name_is_contact(contact->to.id),
	    "a contact is a partner's");
	size = strlen(contact->partner->id);
	must(strncmp(contact->to.id, contact->partner->id, size) == 0 &&
		contact->to.id[size] == '/',
	    "and bears its name");
	must(address_ok(contact->to.mail) &&
		name_is_fingerprint(contact->to.fingerprint) &&
		name_is_language(contact->language),
	    "it has an address, a key, a language");
	must_be_line(contact->name);
	for (size_t i = 0; i < at; i++)
		must(strcasecmp(registry->contacts[i]->to.mail, contact->to.mail) != 0 &&
			strcmp(registry->contacts[i]->to.fingerprint,
			    contact->to.fingerprint) != 0,
		    "which are nobody else's");
	must(registry_contact(registry, contact->to.id) == contact,
	    "it is found by its name");
}

static void
check_partners(const uint8_t *bytes, size_t size)
{
	struct mistakes mistakes = { 0 };
	struct partner_files files;
	const struct registry *registry = &files.registry;

	put("partners.ini", bytes, size);
	if (intake_partners(&files, &programme, &mistakes)) {
		must(mistakes.errors == 0 && registry->partner_count > 0,
		    "what has mistakes is not accepted");
		for (size_t i = 0; i < registry->partner_count; i++)
			check_partner(registry, registry->partners[i]);
		for (size_t i = 1; i < registry->partner_count; i++)
			must(strcmp(registry->partners[i - 1]->id,
				 registry->partners[i]->id) < 0,
			    "partners are in order, each once");
		for (size_t i = 0; i < registry->contact_count; i++)
			check_contact(registry, i);
	} else {
		must(mistakes.errors > 0, "refused for a reason");
	}
	must_be_lines(&mistakes);
	partner_files_clear(&files);
	mistakes_clear(&mistakes);
}

/* --- advisory.ini -------------------------------------------------------------- */

/* The contents of files, and the class that each is in. */
struct contents {
	struct {
		const char *bytes, *class;
		size_t size;
	} all[LEAVES];
	size_t count;
};

/* A text has lost the line end that closes its file. */
static void
add_content(struct contents *contents, const struct value *value, const char *class)
{
	size_t size = value->size, i;

	size -= size && value->bytes[size - 1] == '\n';
	for (i = 0; i < contents->count; i++)
		must(contents->all[i].size != size ||
			memcmp(contents->all[i].bytes, value->bytes, size) != 0 ||
			strcmp(contents->all[i].class, class) == 0,
		    "no content is in two classes");
	if (contents->count == LEAVES)
		return;
	contents->all[i].bytes = value->bytes;
	contents->all[i].size = size;
	contents->all[i].class = class;
	contents->count++;
}

static void
check_value(const struct value *value, const char *class, struct contents *contents)
{
	bool is_text = value->kind == VALUE_TEXT;

	class = value->class ? value->class : class;
	must(value->bytes[value->size] == '\0', "a value ends with NUL");
	must(!memmem(value->bytes, value->size, outside, strlen(outside)),
	    "no file from outside");
	must(value->kind == VALUE_MAP || value->kind == VALUE_LIST || class,
	    "each value has a class");
	must(!value->class || name_is_id(value->class), "a class has a name");
	if (value->kind == VALUE_FILE)
		add_content(contents, value, class);
	if (value->kind == VALUE_STRING)
		must(utf8_text(value->bytes, value->size), "a string is clean text");
	for (size_t i = 0; i < value->count; i++) {
		if (is_text)
			add_content(contents, value->children[i], class);
		check_value(value->children[i], class, contents);
	}
}

/* Nothing under a class that is not asked for. */
static void
check_admitted(const struct value *value)
{
	must(!value->class || strcmp(value->class, "guidance") == 0,
	    "what is not admitted is not there");
	for (size_t i = 0; i < value->count; i++)
		check_admitted(value->children[i]);
}

static void
check_advisory(const uint8_t *bytes, size_t size)
{
	struct mistakes mistakes = { 0 };
	struct contents contents = { .count = 0 };
	struct advisory *advisory;
	struct value *admitted;

	put("advisories/ADV-1/1/advisory.ini", bytes, size);
	advisory = intake_advisory("ADV-1", 1, &programme, FILE_MOST, &mistakes);
	must(!advisory == (mistakes.errors > 0), "refused for a reason, and only then");
	must_be_lines(&mistakes);
	mistakes_clear(&mistakes);
	if (!advisory)
		return;
	must(strcmp(advisory->id, "ADV-1") == 0, "it is that of its folder");
	must(advisory->release >= 0, "it has a release");
	check_value(advisory->values, NULL, &contents);
	admitted = value_admit(advisory->values, &tiers[0].admits);
	if (admitted)
		check_admitted(admitted);
	value_free(admitted);
	advisory_free(advisory);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	int here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	must(here >= 0, "we are somewhere");
	enter_folder();
	if (size && memmem(bytes, size, "[programme]", 11))
		check_config(bytes, size);
	else if (size && memmem(bytes, size, "[advisory]", 10))
		check_advisory(bytes, size);
	else
		check_partners(bytes, size);
	must(fchdir(here) == 0 && close(here) == 0, "we are there again");
	return 0;
}
