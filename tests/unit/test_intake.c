#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "edge/intake.h"
#include "intake_world.h"
#include "said.h"

#define KEY_A "0123456789ABCDEF0123456789ABCDEF01234567"
#define KEY_B "89ABCDEF0123456789ABCDEF0123456789ABCDEF"

#define ACME \
	"[acme]\norganisation = Acme Threat Research\ncountries = KR, US\n" \
	"tier = validate\nstatus = active\nreview_by = 2027-03-31\n" \
	"[acme/soc]\nmail = soc@acme.example\nkey = " KEY_A "\nlanguage = en\n"
#define BETA \
	"[beta/cert]\nmail = cert@beta.example\nkey = " KEY_B "\n" \
	"[beta]\norganisation = Beta\ncountries = XA\ntier = entry\n" \
	"status = suspended\n"

static void
partners_may_stand_in_one_file_or_in_many(void **state)
{
	struct partner_files files;
	struct mistakes mistakes = { 0 };
	const struct contact *contact;

	(void)state;
	put_file("partners.ini", BETA);
	put_file("partners.d/acme.ini", ACME);
	put_file("partners.d/.acme.ini.swp", "junk");
	assert_true(intake_partners(&files, &programme, &mistakes));
	assert_nothing_said(&mistakes);
	assert_int_equal(files.registry.partner_count, 2);
	assert_string_equal(files.registry.partners[0]->id, "acme");
	contact = registry_contact(&files.registry, "acme/soc");
	assert_string_equal(contact->to.mail, "soc@acme.example");
	assert_string_equal(contact->to.fingerprint, KEY_A);
	assert_ptr_equal(contact->partner->tier, &programme.tiers[1]);
	assert_int_equal(contact->partner->country_count, 2);
	assert_int_equal(contact->partner->status, PARTNER_ACTIVE);
	assert_int_equal(contact->partner->review_by, 1806451200);
	assert_string_equal(contact->place.file, "partners.d/acme.ini");
	assert_int_equal(contact->place.line, 7);
	contact = registry_contact(&files.registry, "beta/cert");
	assert_string_equal(contact->language, "en"); /* the programme's */
	assert_int_equal(contact->partner->status, PARTNER_SUSPENDED);
	assert_null(contact->name);
	partner_files_clear(&files);
	partner_files_clear(&files);
}

static void
assert_partners_refused(const char *content, const char *message)
{
	struct partner_files files;
	struct mistakes mistakes = { 0 };

	put_file("partners.ini", content);
	if (intake_partners(&files, &programme, &mistakes))
		fail_msg("accepted: %s", content);
	assert_said_only(&mistakes, message);
}

static void
each_mistake_of_a_partner_is_told(void **state)
{
	static const char contact[] = "[a/b]\nmail = a@b.example\nkey = " KEY_A "\n";
	static const struct {
		const char *partner, *message;
	} all[] = {
		{ "[a]\norganisation = A\ncountries = KR\n",
		    "partners.ini:4: [a]: 'tier' is missing" },
		{ "[a]\norganisation = A\ntier = entry\n",
		    "partners.ini:4: [a]: 'countries' is missing" },
		{ "[a]\ncountries = KR\ntier = entry\n",
		    "partners.ini:4: [a]: 'organisation' is missing" },
		{ "[a]\norganisation = A\ncountries = KR\nteir = entry\ntier = entry\n",
		    "partners.ini:7: [a]: 'teir' is not a known key here; did you mean "
		    "'tier'?" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entri\n",
		    "partners.ini:7: [a]: tier: 'entri' is not a tier of forewarn.ini; "
		    "add "
		    "its section or correct the name" },
		{ "[a]\norganisation = A\ncountries = KR, UK\ntier = entry\n",
		    "partners.ini:6: [a]: countries: 'UK' is not an ISO 3166 country "
		    "code "
		    "such as KR" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entry\nstatus = on\n",
		    "partners.ini:8: [a]: status: 'on' is neither active nor suspended" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entry\nseal = x\n",
		    "partners.ini:8: [a]: seal: 'x' is neither shared nor alone" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entry\nreview_by = "
		  "May\n",
		    "partners.ini:8: [a]: review_by: 'May' is not a day such as "
		    "2026-12-25" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entry\n[c/d]\nmail = "
		  "c@d.example\nkey = " KEY_B "\n",
		    "partners.ini:8: contact 'c/d': its partner is not there; add its "
		    "section" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = "
		  "entry\n[c]\norganisation = "
		  "C\ncountries = KR\ntier = entry\n",
		    "partners.ini:8: partner 'c': has no contact; add a section "
		    "[c/NAME]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *content = mem_format("%s%s", contact, all[i].partner);

		assert_partners_refused(content, all[i].message);
		free(content);
	}
}

static void
each_mistake_of_a_contact_is_told(void **state)
{
	static const char partner[] =
	    "[a]\norganisation = A\ncountries = KR\ntier = entry\n";
	static const char key[] = "[a/b]: key: must be the full 40-digit fingerprint, in "
				  "capitals and without blanks";
	static const struct {
		const char *contact, *where, *fact;
	} all[] = {
		{ "[a/b]\nmail = a@b.example\nkey = 89ABCDEF\n", "7", key },
		{ "[a/b]\nmail = a@b.example\nkey = 0x0123456789ABCDEF\n", "7", key },
		{ "[a/b]\nmail = a@b.example\n"
		  "key = 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567\n",
		    "7", key },
		{ "[a/b]\nmail = a@b.example\nkey = "
		  "0123456789abcdef0123456789abcdef01234567\n",
		    "7", key },
		{ "[a/b]\nmail = a@b.example\n", "5", "[a/b]: 'key' is missing" },
		{ "[a/b]\nkey = " KEY_A "\n", "5", "[a/b]: 'mail' is missing" },
		{ "[a/b]\nmail = A <a@b.example>\nkey = " KEY_A "\n", "6",
		    "[a/b]: mail: 'A <a@b.example>' is not a plain mail address such as "
		    "name@host.example" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A "\nlanguage = KO\n", "8",
		    "[a/b]: language: 'KO' is not a language code such as ko or pt-br" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A "\nname =\n", "8",
		    "[a/b]: 'name' is empty" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A "\ntier = entry\n", "8",
		    "[a/b]: 'tier' is not a known key here" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A
		  "\n[a/c/d]\nmail = c@b.example\n"
		  "key = " KEY_B "\n",
		    "8", "[a/c/d]: is not the name of a contact; write PARTNER/NAME" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A
		  "\n[a/c]\nmail = A@B.example\n"
		  "key = " KEY_B "\n",
		    "8",
		    "contact 'a/c': its address is that of contact 'a/b', too "
		    "(partners.ini:5)" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A
		  "\n[a/c]\nmail = c@b.example\n"
		  "key = " KEY_A "\n",
		    "8",
		    "contact 'a/c': its key is that of contact 'a/b', too "
		    "(partners.ini:5)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *content = mem_format("%s%s", partner, all[i].contact);
		char *message =
		    mem_format("partners.ini:%s: %s", all[i].where, all[i].fact);

		assert_partners_refused(content, message);
		free(content);
		free(message);
	}
}

static void
operators_are_no_partners(void **state)
{
	struct partner_files files;
	struct mistakes mistakes = { 0 };
	const struct operator* operator;

	(void)state;
	put_file("partners.ini",
	    "[operator/ben]\nname = Ben\nmail = ben@psirt.example\nkey = " KEY_B "\n"
	    "[operator/ana]\nmail = ana@psirt.example\nlanguage = ko\nkey = "
	    "456789ABCDEF0123456789ABCDEF0123456789AB\n");
	put_file("partners.d/acme.ini", ACME);
	assert_true(intake_partners(&files, &programme, &mistakes));
	assert_nothing_said(&mistakes);
	assert_int_equal(files.registry.partner_count, 1);
	assert_int_equal(files.registry.contact_count, 1);
	assert_int_equal(files.registry.operator_count, 2);
	operator= registry_operator(&files.registry, "operator/ben");
	assert_ptr_equal(operator, files.registry.operators[1]);
	assert_string_equal(operator->to.mail, "ben@psirt.example");
	assert_string_equal(operator->to.fingerprint, KEY_B);
	assert_string_equal(operator->name, "Ben");
	assert_string_equal(operator->language, "en"); /* the programme's */
	assert_int_equal(operator->place.line, 1);
	assert_string_equal(files.registry.operators[0]->language, "ko");
	partner_files_clear(&files);
}

static void
each_mistake_of_an_operator_is_told(void **state)
{
	static const struct {
		const char *section, *more, *message;
	} all[] = {
		{ "[operator/ana]", "key = " KEY_B "\n",
		    "partners.ini:11: [operator/ana]: 'mail' is missing" },
		{ "[operator/ana]", "mail = ana@psirt.example\n",
		    "partners.ini:11: [operator/ana]: 'key' is missing" },
		{ "[operator/ana]", "mail = ana@psirt.example\nkey = 89ABCDEF\n",
		    "partners.ini:13: [operator/ana]: key: must be the full 40-digit "
		    "fingerprint, in capitals and without blanks" },
		{ "[operator/ana]", "mail = ana\nkey = " KEY_B "\n",
		    "partners.ini:12: [operator/ana]: mail: 'ana' is not a plain mail "
		    "address such as name@host.example" },
		{ "[operator/ana]",
		    "mail = ana@psirt.example\nkey = " KEY_B "\ntier = validate\n",
		    "partners.ini:14: [operator/ana]: 'tier' is not a known key here" },
		{ "[operator/a/b]", "mail = ana@psirt.example\nkey = " KEY_B "\n",
		    "partners.ini:11: [operator/a/b]: is not the name of an operator; "
		    "write operator/NAME" },
		{ "[operator/]", "mail = ana@psirt.example\nkey = " KEY_B "\n",
		    "partners.ini:11: [operator/]: is not the name of an operator; write "
		    "operator/NAME" },
		{ "[operator/ana]", "mail = Soc@acme.example\nkey = " KEY_B "\n",
		    "partners.ini:11: operator 'operator/ana': its address is that of "
		    "contact 'acme/soc', too (partners.ini:7)" },
		{ "[operator/ana]", "mail = ana@psirt.example\nkey = " KEY_A "\n",
		    "partners.ini:11: operator 'operator/ana': its key is that of "
		    "contact "
		    "'acme/soc', too (partners.ini:7)" },
		{ "[operator]", "organisation = O\ncountries = KR\ntier = validate\n",
		    "partners.ini:11: partner 'operator': the name is kept for the "
		    "programme's own people, one section [operator/NAME] each; choose "
		    "another" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *content = mem_format(ACME "%s\n%s", all[i].section, all[i].more);

		assert_partners_refused(content, all[i].message);
		free(content);
	}
}

static void
operators_stand_in_one_file(void **state)
{
	static const char ana[] =
	    "[operator/ana]\nmail = ana@psirt.example\nkey = " KEY_B "\n";
	struct partner_files files;
	struct mistakes mistakes = { 0 };
	char *acme = mem_format(ACME "%s", ana);

	(void)state;
	put_file("partners.d/acme.ini", acme);
	put_file("partners.d/operator.ini", ana);
	assert_false(intake_partners(&files, &programme, &mistakes));
	assert_int_equal(mistakes.errors, 2);
	assert_said(&mistakes,
	    "partners.d/acme.ini:11: [operator/ana]: is not of partner 'acme', whose "
	    "file this is; move it");
	assert_said(&mistakes,
	    "partners.d/operator.ini: is no partner's; move its sections to "
	    "partners.ini");
	mistakes_clear(&mistakes);
	free(acme);
}

static void
a_partner_file_speaks_of_its_own_partner(void **state)
{
	struct partner_files files;
	struct mistakes mistakes = { 0 };

	(void)state;
	put_file("partners.ini", BETA);
	put_file("partners.d/acme.ini", ACME);
	put_file("partners.d/beta.ini", BETA);
	put_file("partners.d/gamma.ini", "[acme/extra]\nmail = x@y.example\n");
	put_file("partners.d/acme.ini~", ACME);
	put_file("partners.d/Acme.ini", ACME);
	put_file("partners.d/bad.ini", "[bad\n");
	assert_int_equal(mkdir("partners.d/old.ini", 0700), 0);
	assert_false(intake_partners(&files, &programme, &mistakes));
	assert_said(&mistakes,
	    "partners.d/beta.ini:4: partner 'beta': is there already "
	    "(partners.ini:4)");
	assert_said(&mistakes,
	    "partners.d/beta.ini:1: contact 'beta/cert': its address is "
	    "that of contact 'beta/cert', too (partners.ini:1)");
	assert_said(&mistakes,
	    "partners.d/gamma.ini:1: [acme/extra]: is not of partner "
	    "'gamma', whose file this is; move it");
	assert_said(&mistakes, "partners.d/gamma.ini:1: [acme/extra]: 'key' is missing");
	assert_said(&mistakes,
	    "partners.d/gamma.ini: the section [gamma] is missing; a "
	    "file is named after its partner");
	assert_said(&mistakes,
	    "partners.d/acme.ini~: is not named PARTNER.ini; rename or "
	    "remove it");
	assert_said(&mistakes,
	    "partners.d/Acme.ini: is not named PARTNER.ini; rename or "
	    "remove it");
	assert_said(
	    &mistakes, "partners.d/bad.ini:1: the section's name has no ']' at its end");
	assert_said(&mistakes, "partners.d/old.ini: is not an ordinary file");
	mistakes_clear(&mistakes);
}

static void
a_programme_without_partners_is_a_mistake(void **state)
{
	static const char nobody[] =
	    "partners.ini: there is no partner; write it, or one "
	    "file a partner in partners.d";
	struct partner_files files;
	struct mistakes mistakes = { 0 };

	(void)state;
	assert_false(intake_partners(&files, &programme, &mistakes));
	assert_said_only(&mistakes, nobody);
	assert_int_equal(mkdir("partners.d", 0700), 0);
	assert_false(intake_partners(&files, &programme, &mistakes));
	assert_said_only(&mistakes, nobody);
}

static void
templates_have_a_name_and_perhaps_a_language(void **state)
{
	struct template_files files;
	struct mistakes mistakes = { 0 };

	(void)state;
	put_file("templates/notice.mustache", "Subject: x\n\n{{text.a}}\n");
	put_file("templates/notice.pt-br.mustache", "Subject: y\n\nb\n");
	put_file("templates/details.en.mustache", "Subject: z\n\nc\n");
	put_file("templates/.notice.mustache.swp", "");
	assert_true(intake_templates(&files, &programme, &mistakes));
	assert_nothing_said(&mistakes);
	assert_int_equal(files.templates.count, 3);
	assert_non_null(map_get(&files.templates.names, "notice.pt-br"));
	template_files_clear(&files);
}

static void
each_mistake_of_the_templates_is_told(void **state)
{
	struct template_files files;
	struct mistakes mistakes = { 0 };

	(void)state;
	assert_false(intake_templates(&files, &programme, &mistakes));
	assert_said(&mistakes, "templates: No such file or directory");
	mistakes_clear(&mistakes);
	put_file("templates/notice.mustache", "Subject: x\r\n\r\nb\r\n");
	put_file("templates/notice.KO.mustache", "x");
	put_file("templates/a.b.c.mustache", "x");
	put_file("templates/notice.txt", "x");
	put_file("templates/.mustache", "x");
	put_file("templates/broken.mustache", "{{#a}}");
	assert_false(intake_templates(&files, &programme, &mistakes));
	assert_int_equal(mistakes.errors, 6);
	assert_said(&mistakes,
	    "templates/notice.mustache:1: holds a carriage return, a control, invisible "
	    "or "
	    "bidirectional character, or is not UTF-8");
	assert_said(&mistakes,
	    "templates/notice.KO.mustache: is not named NAME.mustache or "
	    "NAME.LANGUAGE.mustache; rename or remove it");
	assert_said(&mistakes,
	    "forewarn.ini:19: tier 'validate': its template is not there; write "
	    "templates/details.mustache");
	mistakes_clear(&mistakes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(partners_may_stand_in_one_file_or_in_many),
		IN_WORLD(each_mistake_of_a_partner_is_told),
		IN_WORLD(each_mistake_of_a_contact_is_told),
		IN_WORLD(operators_are_no_partners),
		IN_WORLD(each_mistake_of_an_operator_is_told),
		IN_WORLD(operators_stand_in_one_file),
		IN_WORLD(a_partner_file_speaks_of_its_own_partner),
		IN_WORLD(a_programme_without_partners_is_a_mistake),
		IN_WORLD(templates_have_a_name_and_perhaps_a_language),
		IN_WORLD(each_mistake_of_the_templates_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
