/*
 * Whatever is not clean text is refused wherever it stands in an INI file: each kind of
 * it at each place of a file with all the keys there are.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "edge/config.h"
#include "edge/intake.h"
#include "intake_world.h"
#include "said.h"

static const char config[] =
    "[programme]\nname = Example\nfrom = a@psirt.example\nreply_to = p@psirt.example\n"
    "language = en\nweekend = friday, saturday\nholidays = 2027-01-01, 2026-12-25\n"
    "late_limit = 30m\nreport = wave\nmax_file = 800K\n"
    "[openpgp]\nhome = state/gnupg\nsigner = 0123456789ABCDEF0123456789ABCDEF01234567\n"
    "timeout = 2m\n"
    "[smtp]\nurl = smtp://[::1]:2525\ntls = none\nca_file = ca.pem\nuser = forewarn\n"
    "password_file = secret/smtp\nbounce = b@psirt.example\nname = c.psirt.example\n"
    "max_message = 1234567\ntimeout = 2m\n"
    "[rule.law]\ncountries = XA, XB\ntier = low\nreason = by law\n"
    "[wave.early]\ntiers = high\nopens = release - 5bd\nlasts = 24h\n"
    "[wave.main]\ntiers = low\nopens = release - 24h\n"
    "[tier.high]\nrank = 20\nadmits = a, b\naudience = High\ntlp = RED\n"
    "[tier.low]\nrank = 3\nadmits = a\naudience = Low\ntemplate = general\n"
    "[language.ko]\nfallback = yes\n";

static const char partners[] =
    "[acme]\norganisation = Acme\ncountries = KR, US\ntier = validate\nstatus = active\n"
    "review_by = 2027-03-31\n"
    "[acme/soc]\nname = The team\nmail = soc@acme.example\nlanguage = en\n"
    "key = 89ABCDEF0123456789ABCDEF0123456789ABCDEF\n";

static const char advisory[] =
    "[advisory]\nid = ADV-1\nrelease = 2026-12-08T18:00:00Z\ntlp = AMBER+STRICT\n"
    "[guidance]\ntitle = Code execution\nlist.cves = CVE-2026-1234, CVE-2026-1235\n"
    "text.summary = summary.txt\n"
    "[poc]\nattach.trigger = poc/Trigger.py\nhint = look\n";

#define BYTES(string) \
	{ \
		string, sizeof string - 1 \
	}

static const struct {
	const char *bytes;
	size_t size;
} bad[] = { BYTES("\r"), BYTES("\r\n"), BYTES("\0"), BYTES("\a"), BYTES("\v"),
	BYTES("\f"), BYTES("\033"), BYTES("\177"), BYTES("\302\205") /* NEL */,
	BYTES("\302\233") /* CSI */, BYTES("\342\200\250") /* line separator */,
	BYTES("\342\200\251"), BYTES("\342\200\256") /* right to left */,
	BYTES("\342\201\246"), BYTES("\342\200\213") /* invisible */,
	BYTES("\357\273\277") /* byte order mark */, BYTES("\300\257") /* overlong */,
	BYTES("\355\240\200") /* half of a pair */, BYTES("\364\220\200\200"),
	BYTES("\342\202"), BYTES("\377") };

enum { BAD = sizeof bad / sizeof *bad };

static void
load_config(struct mistakes *mistakes)
{
	struct config read;

	config_read(&read, mistakes);
	config_clear(&read);
}

static void
load_partners(struct mistakes *mistakes)
{
	struct partner_files files = { 0 };

	intake_partners(&files, &programme, mistakes);
	partner_files_clear(&files);
}

static void
load_advisory(struct mistakes *mistakes)
{
	put_file("advisories/ADV-1/1/summary.txt", "A summary.\n");
	put_file("advisories/ADV-1/1/poc/Trigger.py", "go");
	advisory_free(intake_advisory("ADV-1", 1, &programme, 100, mistakes));
}

static const struct subject {
	const char *path, *content;
	void (*load)(struct mistakes *mistakes);
} subjects[] = { { "forewarn.ini", config, load_config },
	{ "partners.ini", partners, load_partners },
	{ "advisories/ADV-1/1/advisory.ini", advisory, load_advisory } };

enum { SUBJECTS = sizeof subjects / sizeof *subjects };

static unsigned
line_at(const char *content, size_t offset)
{
	unsigned line = 1;

	for (size_t i = 0; i < offset; i++)
		line += content[i] == '\n';
	return line;
}

static bool
begins(const char *string, const char *with)
{
	return strncmp(string, with, strlen(with)) == 0;
}

/* With `bytes` put in at `offset` the file must be refused; its line, or the next, is named. */
static void
refused(const struct subject *subject, size_t offset, const void *bytes, size_t size)
{
	unsigned line = line_at(subject->content, offset);
	char *place = mem_format("%s:%u: ", subject->path, line);
	char *next = mem_format("%s:%u: ", subject->path, line + 1);
	struct mistakes mistakes = { 0 };
	struct text text = { 0 };
	bool named = false;

	text_add(&text, subject->content, offset);
	text_add(&text, bytes, size);
	text_adds(&text, subject->content + offset);
	unlink(subject->path); /* to cut a file that stands costs more than a new one */
	put_bytes(subject->path, text.data, text.size);
	subject->load(&mistakes);
	for (size_t i = 0; i < mistakes.count; i++)
		named = named ||
		    (!mistakes.all[i].warning &&
			(begins(mistakes.all[i].message, place) ||
			    begins(mistakes.all[i].message, next)));
	if (!named)
		fail_msg("%s byte %zu: %02x...: %s", place, offset,
		    *(const unsigned char *)bytes,
		    mistakes.errors ? "another line is named" : "nothing is said");
	free(place);
	free(next);
	mistakes_clear(&mistakes);
	text_clear(&text);
}

static void
the_files_without_them_are_sound(void **state)
{
	(void)state;
	for (size_t i = 0; i < SUBJECTS; i++) {
		struct mistakes mistakes = { 0 };

		put_file(subjects[i].path, subjects[i].content);
		subjects[i].load(&mistakes);
		assert_nothing_said(&mistakes);
	}
}

/* A third of them at each place, so that each meets every line, thrice as soon. */
static void
what_is_not_clean_text_is_refused_at_each_place(void **state)
{
	(void)state;
	for (size_t i = 0; i < SUBJECTS; i++)
		for (size_t at = 0; subjects[i].content[at]; at++)
			for (size_t j = at % 3; j < BAD; j += 3)
				refused(&subjects[i], at, bad[j].bytes, bad[j].size);
}

/* A line feed in the midst of a line, and a line that is too long. */
static void
what_breaks_a_line_or_overlong_is_refused_at_each_place(void **state)
{
	char longer[1100];

	(void)state;
	memset(longer, 'x', sizeof longer);
	for (size_t i = 0; i < SUBJECTS; i++)
		for (size_t at = 1; subjects[i].content[at]; at++) {
			const char *here = subjects[i].content + at;

			refused(&subjects[i], at, longer, sizeof longer);
			if (here[0] != '\n' && here[-1] != '\n')
				refused(&subjects[i], at, "\n", 1);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(the_files_without_them_are_sound),
		IN_WORLD(what_is_not_clean_text_is_refused_at_each_place),
		IN_WORLD(what_breaks_a_line_or_overlong_is_refused_at_each_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
