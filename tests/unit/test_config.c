#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "edge/config.h"
#include "said.h"
#include "scratch.h"

static const char sound[] = "[programme]\n" /* 1 */
			    "name = Example Programme\n"
			    "from = advisories@psirt.example\n"
			    "[openpgp]\n"
			    "home = state/gnupg\n" /* 5 */
			    "signer = 0123456789ABCDEF0123456789ABCDEF01234567\n"
			    "[smtp]\n"
			    "url = smtps://relay.psirt.example\n"
			    "[tier.entry]\n"
			    "rank = 1\n" /* 10 */
			    "admits = guidance\n"
			    "audience = Members\n"
			    "[wave.main]\n"
			    "tiers = entry\n"
			    "opens = release\n"; /* 15 */

static void
assert_config(struct config *config)
{
	struct mistakes mistakes = { 0 };
	bool ok = config_read(config, &mistakes);

	assert_nothing_said(&mistakes);
	assert_true(ok);
}

static void
what_is_not_set_has_its_default(void **state)
{
	struct config config;
	const struct programme *programme = &config.programme;

	(void)state;
	put_file("forewarn.ini", sound);
	assert_config(&config);
	assert_string_equal(programme->reply_to, "advisories@psirt.example");
	assert_string_equal(programme->language, "en");
	assert_int_equal(programme->late_limit, 3600);
	assert_false(programme->report_waves);
	assert_int_equal(programme->calendar.weekend, 1 | 64);
	assert_string_equal(programme->tiers[0].template, "notice");
	assert_false(programme->tiers[0].tightens);
	assert_int_equal(programme->waves[0].lasts, 48 * 3600);
	assert_int_equal(config.max_file, 10 * 1024 * 1024);
	assert_string_equal(config.smtp.bounce, "advisories@psirt.example");
	assert_false(config.smtp.clear);
	assert_null(config.smtp.user);
	assert_null(config.smtp.ca_file);
	assert_null(config.smtp.name);
	assert_int_equal(config.smtp.max_message, 25 * 1024 * 1024);
	assert_int_equal(config.smtp.timeout, 60);
	config_clear(&config);
	config_clear(&config);
}

static void
all_that_is_set_is_read(void **state)
{
	struct config config;
	const struct programme *programme = &config.programme;
	struct text rank = { 0 };

	(void)state;
	put_file("forewarn.ini",
	    "[programme]\n"
	    "name = \"Example; Programme\"\n"
	    "from = advisories@psirt.example\n"
	    "reply_to = psirt@psirt.example\n"
	    "language = de\n"
	    "weekend = friday\n"
	    "holidays = 2027-01-01, 2026-12-25\n"
	    "late_limit = 30m\n"
	    "report = wave\n"
	    "max_file = 800K\n"
	    "[openpgp]\n"
	    "home = state/gnupg\n"
	    "signer = 0123456789ABCDEF0123456789ABCDEF01234567\n"
	    "[smtp]\n"
	    "url = smtp://[::1]:2525\n"
	    "tls = none\n"
	    "ca_file = ca.pem\n"
	    "user = forewarn\n"
	    "password_command = pass show smtp\n"
	    "bounce = bounces@psirt.example\n"
	    "name = client.psirt.example\n"
	    "max_message = 1234567\n"
	    "timeout = 2m\n"
	    /* Rules and waves may stand before the tiers, and tiers in any order. */
	    "[rule.law]\ncountries = XA, XB\ntier = low\nreason = by law\n"
	    "[wave.early]\ntiers = high\nopens = release - 5bd\nlasts = 24h\n"
	    "[wave.main]\ntiers = low\nopens = release - 24h\n"
	    "[tier.high]\nrank = 20\nadmits = a, b\naudience = High\ntlp = RED\n"
	    "[tier.low]\nrank = 3\nadmits = a\naudience = Low\ntemplate = general\n"
	    "[language.ko]\nfallback = yes\n[language.pt-br]\nfallback = no\n");
	assert_config(&config);
	assert_string_equal(programme->name, "Example; Programme");
	assert_int_equal(programme->calendar.weekend, 32);
	assert_int_equal(programme->calendar.holiday_count, 2);
	assert_int_equal(programme->late_limit, 1800);
	assert_true(programme->report_waves);
	assert_int_equal(config.max_file, 800 * 1024);
	assert_true(config.smtp.clear);
	assert_string_equal(config.smtp.password_command, "pass show smtp");
	assert_int_equal(config.smtp.max_message, 1234567);
	assert_int_equal(config.smtp.timeout, 120);

	text_addf(&rank, "%s<%s", programme->tiers[0].id, programme->tiers[1].id);
	assert_string_equal(text_string(&rank), "low<high");
	text_clear(&rank);
	assert_true(programme->tiers[1].tightens);
	assert_int_equal(programme->tiers[1].tlp, TLP_RED);
	assert_true(classes_have(&programme->tiers[1].admits, "b"));
	assert_ptr_equal(programme->waves[0].tiers[0], &programme->tiers[1]);
	assert_int_equal(programme->waves[0].lasts, 24 * 3600);
	assert_ptr_equal(programme->rules[0].tier, &programme->tiers[0]);
	assert_int_equal(programme->rules[0].country_count, 2);
	assert_true(programme_falls_back(programme, "ko"));
	assert_false(programme_falls_back(programme, "pt-br"));
	config_clear(&config);
}

/* The sound file with line `line` replaced (0: with something added behind it). */
static void
put_changed(unsigned line, const char *instead)
{
	struct text text = { 0 };
	unsigned here = 1;

	for (const char *p = sound, *end; *p; p = end, here++) {
		end = strchr(p, '\n') + 1;
		if (here == line)
			text_adds(&text, instead);
		else
			text_add(&text, p, (size_t)(end - p));
	}
	if (line == 0)
		text_adds(&text, instead);
	put_file("forewarn.ini", text_string(&text));
	text_clear(&text);
}

struct wrong {
	unsigned line;
	const char *instead, *message; /* behind "forewarn.ini:" */
};

static void
assert_each_refused(const struct wrong *all, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct config config;
		struct mistakes mistakes = { 0 };
		struct text message = { 0 };

		put_changed(all[i].line, all[i].instead);
		if (config_read(&config, &mistakes))
			fail_msg("accepted: %s", all[i].instead);
		config_clear(&config);
		text_addf(&message, "forewarn.ini:%s", all[i].message);
		assert_said_only(&mistakes, text_string(&message));
		text_clear(&message);
	}
}

static void
each_wrong_line_is_told(void **state)
{
	static const struct wrong all[] = {
		{ 2, "", "1: [programme]: 'name' is missing" },
		{ 2, "name =\n", "2: [programme]: 'name' is empty" },
		{ 2, "name = x\nfrm = y\n",
		    "3: [programme]: 'frm' is not a known key here; did you mean "
		    "'from'?" },
		{ 3, "from = Advisories <a@psirt.example>\n",
		    "3: [programme]: from: 'Advisories <a@psirt.example>' is not a plain "
		    "mail "
		    "address such as name@host.example" },
		{ 2, "name = x\nreply_to =\n", "3: [programme]: 'reply_to' is empty" },
		{ 2, "name = x\nlanguage = EN\n",
		    "3: [programme]: language: 'EN' is not a language code such as ko or "
		    "pt-br" },
		{ 2, "name = x\nweekend = saturday, funday\n",
		    "3: [programme]: weekend: 'funday' is not a day of the week such as "
		    "saturday" },
		{ 2, "name = x\nweekend = saturday,\n",
		    "3: [programme]: weekend: an element of the list is empty; remove "
		    "the "
		    "comma" },
		{ 2,
		    "name = x\nweekend = monday, tuesday, wednesday, thursday, friday, "
		    "saturday, sunday\n",
		    "3: [programme]: weekend: 'monday, tuesday, wednesday, thursday, "
		    "friday, "
		    "saturday, sunday' leaves no business day" },
		{ 2, "name = x\nholidays = 2026-12-25, 2026-12-25\n",
		    "3: [programme]: holidays: '2026-12-25' is there twice; remove one" },
		{ 2, "name = x\nholidays = 2026-02-30\n",
		    "3: [programme]: holidays: '2026-02-30' is not a day such as "
		    "2026-12-25" },
		{ 2, "name = x\nlate_limit = 1\n",
		    "3: [programme]: late_limit: '1' is not a span of time such as 90s, "
		    "30m, "
		    "48h or 14d" },
		{ 2, "name = x\nmax_file = 010M\n",
		    "3: [programme]: max_file: '010M' is not a size such as 800K or 25M, "
		    "at "
		    "most 1024M" },
		{ 2, "name = x\nmax_file = 0\n",
		    "3: [programme]: max_file: '0' is not a size such as 800K or 25M, at "
		    "most 1024M" },
		{ 2, "name = x\nmax_file = 99999999M\n",
		    "3: [programme]: max_file: '99999999M' is not a size such as 800K or "
		    "25M, at most 1024M" },
		{ 2, "name = x\nmax_file = 18446744073709551617\n",
		    "3: [programme]: max_file: '18446744073709551617' is not a size such "
		    "as "
		    "800K or 25M, at most 1024M" },
		{ 6, "signer = 89ABCDEF\n",
		    "6: [openpgp]: signer: must be the full 40-digit fingerprint, in "
		    "capitals and without blanks" },
		{ 10, "rank = 08\n",
		    "10: [tier.entry]: rank: '08' is not a whole number from 1 to 1000" },
		{ 10, "rank = 12x\n",
		    "10: [tier.entry]: rank: '12x' is not a whole number from 1 to "
		    "1000" },
		{ 10, "rank = 0\n",
		    "10: [tier.entry]: rank: '0' is not a whole number from 1 to 1000" },
		{ 10, "rank = -1\n",
		    "10: [tier.entry]: rank: '-1' is not a whole number from 1 to 1000" },
		{ 10, "rank = 99999999999\n",
		    "10: [tier.entry]: rank: '99999999999' is not a whole number from 1 "
		    "to 1000" },
		{ 11, "admits = guidance, Guidance\n",
		    "11: [tier.entry]: admits: 'Guidance' is not a name; use a-z, 0-9, "
		    "'.', "
		    "'_' and '-', at most 64" },
		{ 11, "admits = guidance, guidance\n",
		    "11: [tier.entry]: admits: 'guidance' is there twice; remove one" },
		{ 11, "admits =\n", "11: [tier.entry]: 'admits' is empty" },
		{ 12, "", "9: [tier.entry]: 'audience' is missing" },
		{ 12, "audience = x\ntemplate = notice.ko\n",
		    "13: [tier.entry]: template: 'notice.ko' is not a template's name, "
		    "which "
		    "has no dot" },
		{ 12, "audience = x\ntlp = amber\n",
		    "13: [tier.entry]: tlp: 'amber' is none of CLEAR, GREEN, AMBER, "
		    "AMBER+STRICT, RED" },
		{ 15, "opens = 5bd before release\n",
		    "15: [wave.main]: opens: '5bd before release' is not 'release' or an "
		    "offset such as 'release - 5bd' or 'release + 30m'" },
		{ 15, "opens = release\nlasts = 2 days\n",
		    "16: [wave.main]: lasts: '2 days' is not a span of time such as 90s, "
		    "30m, 48h or 14d" },
		{ 14, "tiers = entry, entyr\n",
		    "14: [wave.main]: tiers: 'entyr' is not a tier of forewarn.ini; add "
		    "its "
		    "section or correct the name" },
		{ 0, "[rule.law]\ncountries = UK\ntier = entry\nreason = x\n",
		    "17: [rule.law]: countries: 'UK' is not an ISO 3166 country code "
		    "such as "
		    "KR" },
		{ 0, "[rule.law]\ncountries = KR\ntier = low\nreason = x\n",
		    "18: [rule.law]: tier: 'low' is not a tier of forewarn.ini; add its "
		    "section or correct the name" },
		{ 0, "[rule.law]\ncountries = KR\ntier = entry\n",
		    "16: [rule.law]: 'reason' is missing" },
		{ 0, "[language.ko]\nfallback = true\n",
		    "17: [language.ko]: fallback: 'true' is neither yes nor no" },
		{ 0, "[language.ko]\n", "16: [language.ko]: 'fallback' is missing" },
		{ 0, "[language.korean]\nfallback = no\n",
		    "16: [language.korean]: what follows 'language.' is not a name that "
		    "a "
		    "language can have" },
		{ 0, "[tier.a/b]\nrank = 2\nadmits = guidance\naudience = x\n",
		    "16: [tier.a/b]: what follows 'tier.' is not a name that a tier can "
		    "have" },
		{ 0, "[waves.late]\n",
		    "16: [waves.late]: is not a known section; did you mean "
		    "[wave.late]?" },
		{ 0, "[limits]\n", "16: [limits]: is not a known section" },
		/* The rules of the whole. */
		{ 0, "[tier.idle]\nrank = 2\nadmits = guidance\naudience = x\n",
		    "16: tier 'idle': is in no wave; name it in the tiers of one" },
	};

	(void)state;
	assert_each_refused(all, sizeof all / sizeof *all);
}

#define URL_FAULT \
	"8: [smtp]: url: must be smtps://HOST[:PORT] or smtp://HOST[:PORT] and nothing " \
	"more; a login goes under 'user'"

static void
the_relay_is_a_scheme_a_host_and_a_port(void **state)
{
	static const char *const bad[] = { "relay.example", "https://relay.example",
		"smtp:relay.example", "smtps://", "smtps://relay.example/",
		"smtps://relay.example/path", "smtps://user:secret@relay.example",
		"smtps://relay.example?x=y", "smtps://relay.example:0",
		"smtps://relay.example:65536", "smtps://relay.example:025",
		"smtps://relay.example:", "smtps://relay.example:25x",
		"smtps://-relay.example", "smtps://relay..example",
		"smtps://relay.example.", "smtps://::1", "smtps://[::1", "smtps://[::1]x",
		"smtps://[localhost]", "smtps://1.2.3", "smtps://300.1.1.1",
		"smtps://re lay.example", "SMTPS://relay.example",
		"smtps://r%65lay.example" };
	static const char *const good[] = { "smtps://relay.example:465",
		"smtp://relay.example:65535", "smtp://localhost", "smtp://192.0.2.1:25",
		"smtps://[2001:db8::1]:465", "smtps://a-b.example" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
		char *line = mem_format("url = %s\n", bad[i]);

		assert_each_refused(&(struct wrong){ 8, line, URL_FAULT }, 1);
		free(line);
	}
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char *line = mem_format("url = %s\n", good[i]);
		struct config config;

		put_changed(8, line);
		assert_config(&config);
		assert_string_equal(config.smtp.url, good[i]);
		config_clear(&config);
		free(line);
	}
}

static void
clear_text_goes_to_this_machine_alone(void **state)
{
	static const char fault[] = "9: [smtp]: tls: 'none' is allowed only with "
				    "smtp://127.0.0.1 or smtp://[::1]";
	static const struct wrong all[] = {
		{ 8, "url = smtp://relay.example\ntls = none\n", fault },
		{ 8, "url = smtp://localhost\ntls = none\n", fault },
		{ 8, "url = smtp://127.0.0.1.example\ntls = none\n", fault },
		{ 8, "url = smtp://127.0.0.2\ntls = none\n", fault },
		{ 8, "url = smtps://127.0.0.1\ntls = none\n",
		    "9: [smtp]: tls: 'none' contradicts smtps://" },
		{ 8, "url = smtp://127.0.0.1\ntls = no\n",
		    "9: [smtp]: tls: 'no' is neither required nor none" },
	};
	struct config config;

	(void)state;
	assert_each_refused(all, sizeof all / sizeof *all);
	put_changed(8, "url = smtp://127.0.0.1:2525\ntls = none\n");
	assert_config(&config);
	assert_true(config.smtp.clear);
	config_clear(&config);
	put_changed(8, "url = smtp://127.0.0.1:2525\ntls = required\n");
	assert_config(&config);
	assert_false(config.smtp.clear);
	config_clear(&config);
}

static void
a_user_has_exactly_one_password(void **state)
{
	static const struct wrong all[] = {
		{ 8, "url = smtps://r.example\nuser = u\n",
		    "7: [smtp]: 'user' needs password_file or password_command" },
		{ 8, "url = smtps://r.example\npassword_file = p\n",
		    "7: [smtp]: a password without 'user' has no use; add 'user' or "
		    "remove "
		    "it" },
		{ 8,
		    "url = smtps://r.example\nuser = u\npassword_file = p\n"
		    "password_command = q\n",
		    "7: [smtp]: has both password_file and password_command; remove "
		    "one" },
		{ 8, "url = smtps://r.example\nname = a b\n",
		    "9: [smtp]: name: 'a b' is not a host's name" },
		{ 8, "url = smtps://r.example\nbounce = <>\n",
		    "9: [smtp]: bounce: '<>' is not a plain mail address such as "
		    "name@host.example" },
	};

	(void)state;
	assert_each_refused(all, sizeof all / sizeof *all);
}

static void
connections_rate_and_seals_are_read(void **state)
{
	static const struct {
		const char *rate;
		int64_t interval; /* nanoseconds */
	} good[] = { { "600/min", 100000000 }, { "1/s", 1000000000 },
		{ "36000/h", 100000000 }, { "7/min", 8571428571 },
		{ "1/h", 3600000000000 }, { "9999999/s", 100 } };
	struct config config;

	(void)state;
	put_file("forewarn.ini", sound);
	assert_config(&config);
	assert_int_equal(config.smtp.connections, 8);
	assert_int_equal(config.smtp.interval, 0);
	assert_false(config.programme.tiers[0].alone);
	config_clear(&config);
	for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
		char *lines = mem_format("url = smtps://r.example\nconnections = 64\n"
					 "rate = %s\n",
		    good[i].rate);

		put_changed(8, lines);
		assert_config(&config);
		assert_int_equal(config.smtp.connections, 64);
		assert_int_equal(config.smtp.interval, good[i].interval);
		config_clear(&config);
		free(lines);
	}
	put_changed(12, "audience = x\nseal = alone\n");
	assert_config(&config);
	assert_true(config.programme.tiers[0].alone);
	config_clear(&config);
}

static void
wrong_connections_rates_and_seals_are_told(void **state)
{
	static const char *const counts[] = { "0", "65", "abc", "-1", "+8", "08", "8 8",
		"4294967297" };
	static const char *const rates[] = { "0/min", "5/day", "600", "/min", "600/",
		"600 / min", "-1/s", "1.5/s", "06/s", "10000000/h", "600/min/s",
		"600/MIN" };

	(void)state;
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
		char *line =
		    mem_format("url = smtps://r.example\nconnections = %s\n", counts[i]);
		char *fault = mem_format(
		    "9: [smtp]: connections: '%s' is not a whole number from 1 to 64",
		    counts[i]);

		assert_each_refused(&(struct wrong){ 8, line, fault }, 1);
		free(line);
		free(fault);
	}
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		char *line = mem_format("url = smtps://r.example\nrate = %s\n", rates[i]);
		char *fault = mem_format(
		    "9: [smtp]: rate: '%s' is not a rate such as 600/min", rates[i]);

		assert_each_refused(&(struct wrong){ 8, line, fault }, 1);
		free(line);
		free(fault);
	}
	assert_each_refused(
	    &(struct wrong){ 12, "audience = x\nseal = x\n",
		"13: [tier.entry]: seal: 'x' is neither shared nor alone" },
	    1);
	assert_each_refused(&(struct wrong){ 8, "url = smtps://r.example\nrate =\n",
				"9: [smtp]: 'rate' is empty" },
	    1);
}

static void
all_mistakes_are_said_at_once(void **state)
{
	struct config config;
	struct mistakes mistakes = { 0 };

	(void)state;
	put_file("forewarn.ini",
	    "[programme]\nname = x\nfrom = nobody\ncolour = red\n"
	    "[tier.a]\nrank = 08\nadmits = a,,b\naudience = x\n"
	    "[wave.b]\ntiers = c\nopens = soon\n[wavy.d]\n");
	assert_false(config_read(&config, &mistakes));
	assert_int_equal(mistakes.errors, 9);
	assert_said(&mistakes, "forewarn.ini: the section [openpgp] is missing");
	assert_said(&mistakes, "forewarn.ini: the section [smtp] is missing");
	mistakes_clear(&mistakes);
	config_clear(&config);

	put_file("forewarn.ini", "");
	assert_false(config_read(&config, &mistakes));
	assert_int_equal(mistakes.errors, 5);
	assert_said(&mistakes, "forewarn.ini: has no tier; add a section [tier.NAME]");
	assert_said(&mistakes, "forewarn.ini: has no wave; add a section [wave.NAME]");
	mistakes_clear(&mistakes);
	config_clear(&config);

	assert_int_equal(remove("forewarn.ini"), 0);
	assert_false(config_read(&config, &mistakes));
	assert_said_only(&mistakes, "forewarn.ini: No such file or directory");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_set_has_its_default),
		cmocka_unit_test(all_that_is_set_is_read),
		cmocka_unit_test(each_wrong_line_is_told),
		cmocka_unit_test(the_relay_is_a_scheme_a_host_and_a_port),
		cmocka_unit_test(clear_text_goes_to_this_machine_alone),
		cmocka_unit_test(a_user_has_exactly_one_password),
		cmocka_unit_test(connections_rate_and_seals_are_read),
		cmocka_unit_test(wrong_connections_rates_and_seals_are_told),
		cmocka_unit_test(all_mistakes_are_said_at_once),
	};

	return cmocka_run_group_tests(tests, scratch_enter, scratch_leave);
}
