#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/templates.h"

struct source {
	const char *name, *text;
};

static void
load(struct templates *templates, const struct source *sources, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct mistakes mistakes = { 0 };
		struct template *template = template_parse(
		    sources[i].name, sources[i].text, strlen(sources[i].text), &mistakes);

		assert_non_null(template);
		templates_add(templates, sources[i].name, template);
	}
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void
the_language_is_preferred_and_a_fall_back_is_told(void **state)
{
	static const struct source sources[] = { { "notice", "hello" },
		{ "notice.ko", "annyeong" }, { "footer", "bye" }, { "extra.ko", "x" } };
	struct templates templates = { 0 };
	bool fell_back = false;
	struct choice korean = { &templates, "ko", false, true, &fell_back };
	struct choice english = { &templates, "en", true, false, &fell_back };
	struct choice french = { &templates, "fr", false, false, &fell_back };
	struct choice silent = { &templates, "ko", false, true, NULL };

	(void)state;
	load(&templates, sources, COUNT(sources));
	assert_ptr_equal(templates_choose(&korean, "notice"), templates.all[1]);
	assert_null(templates_choose(&korean, "lost"));
	assert_ptr_equal(templates_choose(&english, "notice"), templates.all[0]);
	assert_null(templates_choose(&english, "extra"));
	assert_null(templates_choose(&french, "notice"));
	assert_false(fell_back);
	assert_ptr_equal(templates_choose(&silent, "footer"), templates.all[2]);
	assert_ptr_equal(templates_choose(&korean, "footer"), templates.all[2]);
	assert_true(fell_back);
	templates_clear(&templates);
	assert_int_equal(templates.count, 0);
}

static void
a_choice_serves_the_partials_of_a_rendering(void **state)
{
	static const struct source sources[] = { { "notice.ko", "{{>footer}}" },
		{ "footer", "bye" } };
	struct templates templates = { 0 };
	bool fell_back = false;
	struct choice korean = { &templates, "ko", false, true, &fell_back };
	struct rendering how = { .partial = templates_choose, .ctx = &korean };
	struct mistakes mistakes = { 0 };
	struct text out = { 0 };

	(void)state;
	load(&templates, sources, COUNT(sources));
	assert_true(template_render(
	    &out, templates_choose(&korean, "notice"), NULL, &how, &mistakes));
	assert_string_equal(text_string(&out), "bye");
	assert_true(fell_back);
	text_clear(&out);
	templates_clear(&templates);
}

static bool
is_personal(struct templates *templates, const char *language, const char *name)
{
	bool fell_back = false;
	struct choice choice = { templates, language, false, true, &fell_back };
	const struct template *template;
	bool personal;

	template = templates_choose(&choice, name);
	assert_non_null(template);
	fell_back = false;
	personal = templates_personal(&choice, template);
	assert_false(fell_back); /* to look is not to render */
	return personal;
}

static void
what_names_its_reader_is_personal(void **state)
{
	static const struct source sources[] = {
		{ "plain",
		    "{{contacts}} {{partnership.x}} {{advisory.id}} contact.name" },
		{ "direct", "Dear {{contact.name}}" },
		{ "raw", "{{{partner.organisation}}}" },
		{ "section", "{{#partner.organisation}}x{{/partner.organisation}}" },
		{ "inverted", "{{^contact.name}}x{{/contact.name}}" },
		{ "whole", "{{#partner}}{{organisation}}{{/partner}}" },
		{ "hidden", "{{#off}}{{contact.name}}{{/off}}" },
		{ "by-partial", "{{#off}}{{>ring}}{{/off}}" },
		{ "ring", "{{>gnir}}" },
		{ "gnir", "{{>ring}}{{>direct}}" },
		{ "ring-only", "{{>ring-only}}{{>lost}}" },
		{ "by-language", "{{>greeting}}" },
		{ "greeting", "Hello" },
		{ "greeting.ko", "{{contact.name}}" },
	};
	static const char *const personal[] = { "direct", "raw", "section", "inverted",
		"whole", "hidden", "by-partial", "ring", "gnir" };
	static const char *const common[] = { "plain", "ring-only", "greeting",
		"by-language" };
	struct templates templates = { 0 };

	(void)state;
	load(&templates, sources, COUNT(sources));
	for (size_t i = 0; i < COUNT(personal); i++)
		if (!is_personal(&templates, "en", personal[i]))
			fail_msg("not personal: %s", personal[i]);
	for (size_t i = 0; i < COUNT(common); i++)
		if (is_personal(&templates, "en", common[i]))
			fail_msg("personal: %s", common[i]);
	assert_true(is_personal(&templates, "ko", "by-language"));
	templates_clear(&templates);
}

static void
names_that_nothing_defines_are_mistakes(void **state)
{
	static const struct source sources[] = {
		{ "good",
		    "{{advisory.id}}{{advisory.revision}}{{advisory.release}}"
		    "{{advisory.tlp}}{{programme.name}}{{tier.audience}}"
		    "{{partner.organisation}}{{contact.name}}{{title}}{{text.x}}"
		    "{{#advisory}}{{id}}{{/advisory}}{{>footer}}{{>good}}" },
		{ "bad",
		    "{{advisory.titel}}\n{{#tier.id}}\n{{/tier.id}}"
		    "{{^contact.mail}}{{/contact.mail}}\n{{programme.name.x}}\n"
		    "{{>lost}}{{>foot}}" },
		{ "footer.ko", "x" },
	};
	static const char *const expected[] = {
		"bad:1: 'advisory.titel' is never defined",
		"bad:2: 'tier.id' is never defined",
		"bad:3: 'contact.mail' is never defined",
		"bad:4: 'programme.name.x' is never defined",
		"bad:5: there is no partial 'lost'",
		"bad:5: there is no partial 'foot'",
	};
	struct templates templates = { 0 };
	struct mistakes mistakes = { 0 };

	(void)state;
	load(&templates, sources, COUNT(sources));
	templates_check(&templates, &mistakes);
	for (size_t i = 0; i < COUNT(expected) && i < mistakes.count; i++)
		assert_string_equal(mistakes.all[i].message, expected[i]);
	assert_int_equal(mistakes.errors, COUNT(expected));
	mistakes_clear(&mistakes);
	templates_clear(&templates);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_language_is_preferred_and_a_fall_back_is_told),
		cmocka_unit_test(a_choice_serves_the_partials_of_a_rendering),
		cmocka_unit_test(what_names_its_reader_is_personal),
		cmocka_unit_test(names_that_nothing_defines_are_mistakes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
