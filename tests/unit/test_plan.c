#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/when.h"
#include "policy/plan.h"

#define KEY_A "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define KEY_B "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define KEY_C "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"
#define SIGNER "DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD"

/* Two tiers in two waves, a country rule, three partners with a contact each. */
struct fixture {
	struct tier tiers[2];
	const struct tier *early[1], *late[1];
	struct wave waves[2];
	const char *countries[1], *at_home[1], *abroad[1];
	struct rule rules[1];
	struct language languages[1];
	struct programme programme;
	struct partner partners[3];
	struct contact contacts[3];
	struct contact *contact_list[3];
	struct registry registry;
	struct templates templates;
	struct advisory advisory;
	struct brief brief;
	struct mistakes mistakes;
	struct plan plan;
};

static void
add_template(struct fixture *fixture, const char *name, const char *source)
{
	struct template *template =
	    template_parse(name, source, strlen(source), &fixture->mistakes);

	assert_non_null(template);
	templates_add(&fixture->templates, name, template);
}

static struct value *
add_string(struct value *parent, const char *name, const char *class, const char *bytes)
{
	struct value *value = value_string(name, class, bytes, strlen(bytes));

	value_add(parent, value);
	return value;
}

static void
fill_values(struct fixture *fixture)
{
	struct value *root = value_new(VALUE_MAP, NULL, NULL), *text, *file, *list;

	add_string(root, "title", "guidance", "Flaw in the gateway");
	text = value_new(VALUE_TEXT, "summary", "guidance");
	add_string(text, "", "guidance", "Update now.");
	add_string(text, "ko", "guidance", "지금 갱신하십시오.");
	value_add(value_map(root, "text"), text);
	text = value_new(VALUE_TEXT, "analysis", "reproduction");
	add_string(text, "", "reproduction", "Send a long header.");
	value_add(value_map(root, "text"), text);
	list = value_new(VALUE_LIST, "attachments", NULL);
	file = value_new(VALUE_FILE, "trigger", "reproduction");
	file->bytes = "boom()";
	file->size = 6;
	digest_sha256(file->sha256, file->bytes, file->size);
	add_string(file, "file", NULL, "trigger.py");
	add_string(file, "size", NULL, "6");
	add_string(file, "sha256", NULL, "00");
	value_add(list, file);
	value_add(root, list);
	fixture->advisory.values = root;
}

static void
fill_programme(struct fixture *fixture)
{
	fixture->tiers[0] = (struct tier){
		.id = "entry", .rank = 1, .audience = "Members", .template = "notice"
	};
	fixture->tiers[1] = (struct tier){ .id = "validate",
		.rank = 2,
		.audience = "Validators",
		.template = "notice" };
	classes_add(&fixture->tiers[0].admits, "guidance");
	classes_add(&fixture->tiers[1].admits, "guidance");
	classes_add(&fixture->tiers[1].admits, "reproduction");
	fixture->early[0] = &fixture->tiers[1];
	fixture->late[0] = &fixture->tiers[0];
	fixture->waves[0] = (struct wave){ "early", fixture->early, 1, { -86400, false },
		172800, { NULL, 0 } };
	fixture->waves[1] =
	    (struct wave){ "main", fixture->late, 1, { 0, false }, 172800, { NULL, 0 } };
	fixture->countries[0] = "XA";
	fixture->rules[0] = (struct rule){ "reporting", fixture->countries, 1,
		&fixture->tiers[0], "must report", { NULL, 0 } };
	fixture->languages[0] = (struct language){ "ko", true };
	fixture->programme = (struct programme){ .name = "Example Programme",
		.from = "a@psirt.example",
		.reply_to = "b@psirt.example",
		.language = "en",
		.tiers = fixture->tiers,
		.tier_count = 2,
		.waves = fixture->waves,
		.wave_count = 2,
		.rules = fixture->rules,
		.rule_count = 1,
		.languages = fixture->languages,
		.language_count = 1 };
}

static void
fill_people(struct fixture *fixture)
{
	static const char *const ids[] = { "acme/soc", "beta/soc", "corp/soc" };
	static const char *const partners[] = { "acme", "beta", "corp" };
	static const char *const mails[] = { "s@acme.example", "s@beta.example",
		"s@corp.example" };
	static const char *const keys[] = { KEY_A, KEY_B, KEY_C };

	fixture->at_home[0] = "XC";
	fixture->abroad[0] = "XA";
	for (size_t i = 0; i < 3; i++) {
		fixture->partners[i] = (struct partner){ .id = partners[i],
			.organisation = "An organisation",
			.countries = fixture->at_home,
			.country_count = 1,
			.tier = &fixture->tiers[i == 0] };
		fixture->contacts[i] = (struct contact){
			.to = { ids[i], mails[i], keys[i] },
			.partner = &fixture->partners[i],
			.language = "en",
		};
		fixture->contact_list[i] = &fixture->contacts[i];
	}
	fixture->registry =
	    (struct registry){ .contacts = fixture->contact_list, .contact_count = 3 };
}

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof *fixture);

	fill_programme(fixture);
	fill_people(fixture);
	fill_values(fixture);
	fixture->advisory.id = "ADV-1";
	fixture->advisory.revision = 1;
	fixture->advisory.tlp = TLP_AMBER;
	assert_true(when_parse("2026-12-08T18:00:00Z", &fixture->advisory.release));
	add_template(fixture, "notice",
	    "Subject: "
	    "{{title}}\n\n{{text.summary}}\n{{#text.analysis}}{{.}}\n{{/text.analysis}}");
	fixture->brief = (struct brief){ &fixture->programme, &fixture->registry,
		&fixture->templates, &fixture->advisory, SIGNER, NULL, NULL };
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	plan_clear(&fixture->plan);
	classes_clear(&fixture->tiers[0].admits);
	classes_clear(&fixture->tiers[1].admits);
	value_free(fixture->advisory.values);
	templates_clear(&fixture->templates);
	mistakes_clear(&fixture->mistakes);
	free(fixture);
	return 0;
}

static void
make(struct fixture *fixture)
{
	plan_clear(&fixture->plan);
	assert_true(plan_make(&fixture->plan, &fixture->brief, &fixture->mistakes));
}

static void
fails(struct fixture *fixture, const char *message)
{
	plan_clear(&fixture->plan);
	assert_false(plan_make(&fixture->plan, &fixture->brief, &fixture->mistakes));
	assert_int_equal(fixture->mistakes.count, 1);
	assert_string_equal(fixture->mistakes.all[0].message, message);
	assert_int_equal(fixture->plan.line_count, 0);
}

static void
each_contact_gets_its_tiers_text_files_and_wave(void **state)
{
	struct fixture *fixture = *state;
	const struct line *first, *second;

	make(fixture);
	assert_int_equal(fixture->plan.line_count, 3);
	first = plan_line(&fixture->plan, "acme/soc");
	second = plan_line(&fixture->plan, "beta/soc");
	assert_string_equal(
	    text_string(&first->edition->subject), "[TLP:AMBER] Flaw in the gateway");
	assert_string_equal(text_string(&first->edition->text),
	    "TLP:AMBER\nFor: Validators\n\nUpdate now.\nSend a long header.\n");
	assert_string_equal(text_string(&second->edition->text),
	    "TLP:AMBER\nFor: Members\n\nUpdate now.\n");
	assert_non_null(edition_files(first->edition));
	assert_null(edition_files(second->edition));
	assert_int_equal(first->opens, second->opens - 86400);
	assert_int_equal(second->opens, fixture->advisory.release);
	assert_null(plan_line(&fixture->plan, "nobody/soc"));
}

static void
contacts_of_a_tier_and_language_share_an_edition(void **state)
{
	struct fixture *fixture = *state;

	fixture->contacts[2].language = "ko";
	make(fixture);
	assert_int_equal(fixture->plan.edition_count, 3);
	fixture->contacts[2].language = "en";
	make(fixture);
	assert_int_equal(fixture->plan.edition_count, 2);
	assert_ptr_equal(plan_line(&fixture->plan, "beta/soc")->edition,
	    plan_line(&fixture->plan, "corp/soc")->edition);
}

/* With one variant there are two words: of two contacts each has one, whoever is away. */
static void
who_is_suspended_keeps_its_marks_from_others(void **state)
{
	struct fixture *fixture = *state;
	unsigned char digest[DIGEST_SIZE];
	struct text key = { 0 };

	templates_clear(&fixture->templates);
	add_template(fixture, "notice",
	    "Subject: {{title}}\n\n{{#variant}}One|Another{{/variant}} word.\n");
	fixture->brief.mark_key = &key;
	for (char digit = 'a'; digit < 'u'; digit++) {
		text_addc(&key, digit);
		fixture->partners[1].status = PARTNER_ACTIVE;
		make(fixture);
		assert_int_equal(fixture->plan.edition_count, 3);
		memcpy(digest, plan_line(&fixture->plan, "corp/soc")->edition->digest,
		    DIGEST_SIZE);
		assert_memory_not_equal(digest,
		    plan_line(&fixture->plan, "beta/soc")->edition->digest, DIGEST_SIZE);
		fixture->partners[1].status = PARTNER_SUSPENDED;
		make(fixture);
		assert_memory_equal(digest,
		    plan_line(&fixture->plan, "corp/soc")->edition->digest, DIGEST_SIZE);
	}
	assert_int_equal(fixture->mistakes.count, 0);
	fixture->partners[0].tier = fixture->partners[1].tier;
	make(fixture);
	assert_int_equal(fixture->mistakes.count, 1);
	assert_string_equal(fixture->mistakes.all[0].fact,
	    "1 copies for tier entry in en have the marks of others: 2 different ones "
	    "can be made; add variants, twice as many with each");
	text_clear(&key);
}

static void
marks_without_their_key_are_a_mistake(void **state)
{
	struct fixture *fixture = *state;

	templates_clear(&fixture->templates);
	add_template(fixture, "notice", "Subject: {{title}}\n\nNotice {{notice}}\n");
	fails(fixture,
	    "notice:1: renders to text with marks, and secret/mark.key is not there; "
	    "forewarn keys marks makes it once, later it comes from a backup");
}

static void
the_manifest_says_what_was_given_and_withheld(void **state)
{
	struct fixture *fixture = *state;
	const struct edition *edition;
	unsigned char summary[DIGEST_SIZE];

	make(fixture);
	edition = plan_line(&fixture->plan, "beta/soc")->edition;
	assert_int_equal(edition->item_count, 4);
	assert_string_equal(edition->items[0].name, "title");
	assert_true(edition->items[0].given);
	assert_string_equal(edition->items[1].name, "text.summary");
	assert_string_equal(edition->items[2].name, "text.analysis");
	assert_false(edition->items[2].given);
	assert_string_equal(edition->items[3].name, "attach.trigger");
	assert_false(edition->items[3].given);
	memcpy(summary, edition->items[2].sha256, sizeof summary);
	for (size_t i = 0; i < sizeof summary; i++)
		assert_int_equal(summary[i], 0);
}

static void
a_rule_lowers_the_partners_of_its_countries(void **state)
{
	struct fixture *fixture = *state;
	const struct line *line;

	fixture->partners[0].countries = fixture->abroad;
	make(fixture);
	line = plan_line(&fixture->plan, "acme/soc");
	assert_ptr_equal(line->tier, &fixture->tiers[0]);
	assert_string_equal(line->rules, "reporting");
	assert_string_equal(
	    line->why, "tier validate, lowered to entry by rule reporting");
	assert_int_equal(line->opens, fixture->advisory.release);
	assert_null(edition_files(line->edition));
}

static void
a_suspended_partner_has_no_line(void **state)
{
	struct fixture *fixture = *state;

	fixture->partners[1].status = PARTNER_SUSPENDED;
	make(fixture);
	assert_null(plan_line(&fixture->plan, "beta/soc"));
	assert_int_equal(fixture->plan.absence_count, 1);
	assert_string_equal(fixture->plan.absences[0].why, "the partner is suspended");
}

static void
a_line_is_written_without_prose(void **state)
{
	struct fixture *fixture = *state;
	struct text text = { 0 }, wanted = { 0 };
	const struct line *line;

	make(fixture);
	line = plan_line(&fixture->plan, "acme/soc");
	line_write(&text, line);
	text_adds(&wanted,
	    "forewarn-line-1 advisory=ADV-1 revision=1 contact=acme/soc partner=acme "
	    "address=s@acme.example key=" KEY_A " tier=validate wave=early edition=");
	text_hex(&wanted, line->edition->digest, DIGEST_SIZE);
	text_adds(&wanted, " opens=2026-12-07T18:00:00Z lasts=172800 rules=-");
	assert_string_equal(text_string(&text), text_string(&wanted));
	text_clear(&text);
	text_clear(&wanted);
}

/* Whether a change of the files shows in the digest of that contact's line. */
static bool
changes(
    struct fixture *fixture, const unsigned char before[DIGEST_SIZE], const char *contact)
{
	unsigned char after[DIGEST_SIZE];

	make(fixture);
	line_digest(after, plan_line(&fixture->plan, contact));
	return memcmp(before, after, DIGEST_SIZE) != 0;
}

static void
whatever_a_contact_would_see_changes_its_line_and_no_other(void **state)
{
	struct fixture *fixture = *state;
	unsigned char acme[DIGEST_SIZE], beta[DIGEST_SIZE];
	struct value *file;

	make(fixture);
	line_digest(acme, plan_line(&fixture->plan, "acme/soc"));
	line_digest(beta, plan_line(&fixture->plan, "beta/soc"));
	assert_false(changes(fixture, acme, "acme/soc"));

	file = value_child(fixture->advisory.values, "attachments")->children[0];
	file->sha256[0] ^= 1;
	assert_true(changes(fixture, acme, "acme/soc"));
	assert_false(changes(fixture, beta, "beta/soc"));
	file->sha256[0] ^= 1;

	fixture->contacts[0].to.mail = "other@acme.example";
	assert_true(changes(fixture, acme, "acme/soc"));
	assert_false(changes(fixture, beta, "beta/soc"));
	fixture->contacts[0].to.mail = "s@acme.example";

	fixture->brief.signer = KEY_C;
	assert_true(changes(fixture, beta, "beta/soc"));
	fixture->brief.signer = SIGNER;

	fixture->advisory.release++;
	assert_true(changes(fixture, beta, "beta/soc"));
	fixture->advisory.release--;
	assert_false(changes(fixture, acme, "acme/soc"));
}

static void
a_tier_may_only_tighten_the_label(void **state)
{
	struct fixture *fixture = *state;

	fixture->tiers[0].tightens = fixture->tiers[1].tightens = true;
	fixture->tiers[0].tlp = TLP_RED;
	fixture->tiers[1].tlp = TLP_GREEN;
	make(fixture);
	assert_memory_equal(
	    text_string(&plan_line(&fixture->plan, "beta/soc")->edition->text),
	    "TLP:RED\n", 8);
	assert_memory_equal(
	    text_string(&plan_line(&fixture->plan, "acme/soc")->edition->text),
	    "TLP:AMBER\n", 10);
}

static void
a_contact_reads_its_language_or_falls_back_by_rule(void **state)
{
	struct fixture *fixture = *state;
	const struct line *line;

	fixture->contacts[0].language = "ko";
	make(fixture);
	line = plan_line(&fixture->plan, "acme/soc");
	assert_non_null(strstr(text_string(&line->edition->text), "지금"));
	assert_non_null(strstr(text_string(&line->edition->text), "Send a long"));
	assert_true(line->edition->fell_back);
	fixture->languages[0].fallback = false;
	plan_clear(&fixture->plan);
	assert_false(plan_make(&fixture->plan, &fixture->brief, &fixture->mistakes));
}

static void
a_template_that_names_a_contact_makes_personal_editions(void **state)
{
	struct fixture *fixture = *state;

	templates_clear(&fixture->templates);
	add_template(
	    fixture, "notice", "Subject: {{title}}\n\nTo {{partner.organisation}}\n");
	fixture->partners[1].organisation = "Beta GmbH";
	make(fixture);
	assert_int_equal(fixture->plan.edition_count, 3);
	assert_non_null(
	    strstr(text_string(&plan_line(&fixture->plan, "beta/soc")->edition->text),
		"To Beta GmbH\n"));
	assert_null(strstr(
	    text_string(&plan_line(&fixture->plan, "corp/soc")->edition->text), "Beta"));
}

static void
a_careless_template_cannot_leak_and_is_told_so(void **state)
{
	struct fixture *fixture = *state;

	templates_clear(&fixture->templates);
	add_template(fixture, "notice", "Subject: {{title}}\n\n{{text.analysis}}\n");
	plan_clear(&fixture->plan);
	assert_false(plan_make(&fixture->plan, &fixture->brief, &fixture->mistakes));
	assert_int_equal(fixture->mistakes.count, 1);
	assert_non_null(strstr(fixture->mistakes.all[0].message, "notice:3"));
	assert_non_null(strstr(fixture->mistakes.all[0].message, "text.analysis"));
}

static void
values_are_data_and_never_rendered(void **state)
{
	struct fixture *fixture = *state;
	struct value *title = value_child(fixture->advisory.values, "title");

	title->bytes = "{{text.analysis}}";
	title->size = strlen(title->bytes);
	make(fixture);
	assert_string_equal(
	    text_string(&plan_line(&fixture->plan, "beta/soc")->edition->subject),
	    "[TLP:AMBER] {{text.analysis}}");
}

static void
a_template_must_render_a_subject(void **state)
{
	struct fixture *fixture = *state;

	templates_clear(&fixture->templates);
	add_template(fixture, "notice", "Hello {{title}}\n");
	fails(fixture,
	    "notice:1: a template renders to a line 'Subject: ...', an empty line, and "
	    "the "
	    "text");
}

static void
a_wave_that_names_no_class_of_a_tier_still_tells(void **state)
{
	struct fixture *fixture = *state;

	classes_clear(&fixture->tiers[0].admits);
	templates_clear(&fixture->templates);
	add_template(fixture, "notice", "Subject: A notice\n\n{{advisory.id}}\n");
	make(fixture);
	assert_string_equal(
	    text_string(&plan_line(&fixture->plan, "beta/soc")->edition->text),
	    "TLP:AMBER\nFor: Members\n\nADV-1\n");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		TEST(each_contact_gets_its_tiers_text_files_and_wave),
		TEST(contacts_of_a_tier_and_language_share_an_edition),
		TEST(who_is_suspended_keeps_its_marks_from_others),
		TEST(marks_without_their_key_are_a_mistake),
		TEST(the_manifest_says_what_was_given_and_withheld),
		TEST(a_rule_lowers_the_partners_of_its_countries),
		TEST(a_suspended_partner_has_no_line),
		TEST(a_line_is_written_without_prose),
		TEST(whatever_a_contact_would_see_changes_its_line_and_no_other),
		TEST(a_tier_may_only_tighten_the_label),
		TEST(a_contact_reads_its_language_or_falls_back_by_rule),
		TEST(a_template_that_names_a_contact_makes_personal_editions),
		TEST(a_careless_template_cannot_leak_and_is_told_so),
		TEST(values_are_data_and_never_rendered),
		TEST(a_template_must_render_a_subject),
		TEST(a_wave_that_names_no_class_of_a_tier_still_tells),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
