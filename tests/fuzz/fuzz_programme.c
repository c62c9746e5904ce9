/*
 * Any bytes as forewarn.ini. What is accepted keeps the rules of the whole, asked for here
 * in another way; partners, templates and an advisory that are good are read by it,
 * sound or not, and a plan that comes of it gives nobody what its tier does not admit.
 */
#include "base/mem.h"
#include "edge/config.h"
#include "edge/intake.h"
#include "edge/smtp_handle.h"
#include "policy/address.h"
#include "policy/name.h"
#include "policy/plan.h"
#include "folder.h"

enum { DAY = 86400, TEN_YEARS = 3660 * DAY };

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
	struct error err = { 0 };
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

static const char good_partners[] =
    "[acme]\norganisation = Acme\ncountries = KR\ntier = entry\nstatus = active\n"
    "[acme/soc]\nmail = soc@acme.example\n"
    "key = 89ABCDEF0123456789ABCDEF0123456789ABCDEF\n"
    "[beta]\norganisation = Beta\ncountries = XA\ntier = validate\nstatus = active\n"
    "[beta/soc]\nmail = soc@beta.example\nlanguage = ko\n"
    "key = 0000CDEF0123456789ABCDEF0123456789ABCDEF\n";
static const char good_advisory[] =
    "[advisory]\nid = ADV-1\nrelease = 2026-12-08T18:00:00Z\ntlp = AMBER\n"
    "[guidance]\ntitle = Gateway\ntext.summary = summary.txt\n"
    "[poc]\nexploit = proof-6a09e667f3bcc908\ntext.analysis = poc/trigger.py\n";

/* Who has no tier with that class sees no byte of it; who has, does. */
static void
check_line(const struct line *line, const struct programme *programme)
{
	bool given = strstr(text_string(&line->edition->text), proof);

	must(line->tier->rank <= line->to->partner->tier->rank, "rules lower, only");
	must(line->wave == programme_wave_of(programme, line->tier), "a tier's own wave");
	must(line->opens ==
		offset_from(
		    &line->wave->opens, line->advisory->release, &programme->calendar),
	    "a line opens with its wave");
	must(!given || classes_have(&line->tier->admits, "poc"),
	    "what a tier does not admit is not in its edition");
	must(is_line(text_string(&line->edition->subject), line->edition->subject.size),
	    "a Subject is one clean line");
}

static void
check_plan(const struct config *config, const struct partner_files *partners,
    const struct template_files *templates, const struct advisory *advisory)
{
	static char bytes[] = "0123456789abcdef0123456789abcdef";
	static const struct text key = { bytes, sizeof bytes - 1, sizeof bytes };
	struct brief brief = { &config->programme, &partners->registry,
		&templates->templates, advisory, config->signer, NULL, &key };
	struct mistakes mistakes = { 0 };
	struct plan plan;

	if (!config->signer)
		return;
	if (plan_make(&plan, &brief, &mistakes)) {
		must(plan.line_count + plan.absence_count ==
			partners->registry.contact_count,
		    "each contact has a line or is told why not");
		for (size_t i = 0; i < plan.line_count; i++)
			check_line(&plan.lines[i], &config->programme);
	}
	must_be_lines(&mistakes);
	plan_clear(&plan);
	mistakes_clear(&mistakes);
}

/* Good partners, templates and an advisory by this programme, which may be a broken one. */
static void
check_others(const struct config *config, bool sound)
{
	struct mistakes mistakes = { 0 };
	struct partner_files partners;
	struct template_files templates;
	struct advisory *advisory;
	bool good;

	put_string("partners.ini", good_partners);
	put_string("advisories/ADV-1/1/advisory.ini", good_advisory);
	good = intake_partners(&partners, &config->programme, &mistakes);
	good &= intake_templates(&templates, &config->programme, &mistakes);
	advisory = intake_advisory("ADV-1", 1, &config->programme, FILE_MOST, &mistakes);
	must(advisory, "an advisory is good whatever the programme");
	if (sound && good)
		check_plan(config, &partners, &templates, advisory);
	must_be_lines(&mistakes);
	advisory_free(advisory);
	template_files_clear(&templates);
	partner_files_clear(&partners);
	mistakes_clear(&mistakes);
}

static void
check_config(const uint8_t *bytes, size_t size)
{
	struct mistakes mistakes = { 0 };
	struct config config;
	bool sound;

	put("forewarn.ini", bytes, size);
	sound = config_read(&config, &mistakes);
	must(sound == (mistakes.errors == 0), "refused for a reason, and only then");
	must_be_lines(&mistakes);
	if (sound) {
		must(!config.signer || name_is_fingerprint(config.signer),
		    "the signer is a fingerprint");
		must_be_line(config.home);
		check_programme(&config.programme);
		check_smtp(&config.smtp);
	}
	check_others(&config, sound);
	config_clear(&config);
	mistakes_clear(&mistakes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	in_folder(check_config, bytes, size);
	return 0;
}
