#include "template_samples.h"

#include "base/pool.h"

/* Each source gives exactly these messages, and no output. */
static void
check_mistakes(const struct sample *samples, size_t count, struct partials *partials)
{
	for (size_t i = 0; i < count; i++) {
		struct result result =
		    render(samples[i].source, partials, (struct rendering){ 0 });

		if (result.ok || result.out.size)
			fail_msg("accepted: %s", samples[i].source);
		assert_string_equal(text_string(&result.mistakes), samples[i].expected);
		result_clear(&result);
	}
}

static void
an_absent_name_is_a_mistake_in_its_line(void **state)
{
	static const struct sample samples[] = {
		{ "a\n\n{{text.analysis}}",
		    "notice:3: 'text.analysis' is not defined in this edition; put it "
		    "within {{#text.analysis}}\n" },
		{ "{{off}}",
		    "notice:1: 'off' is not defined in this edition; put it within "
		    "{{#off}}\n" },
		{ "{{#vendor}}\n{{text.summary}}{{/vendor}}",
		    "notice:2: 'text.summary' is not defined in this edition; put it "
		    "within {{#text.summary}}\n" },
		{ "{{{severity.level}}}",
		    "notice:1: 'severity.level' is not defined in this edition; put it "
		    "within {{#severity.level}}\n" },
	};

	(void)state;
	check_mistakes(samples, COUNT(samples), NULL);
}

static void
only_a_string_can_be_written(void **state)
{
	static const struct sample samples[] = {
		{ "{{list}}",
		    "notice:1: 'list' is a group of values, which cannot be written as "
		    "such\n" },
		{ "{{list.cves}}",
		    "notice:1: 'list.cves' is a list, which cannot be written as "
		    "such\n" },
		{ "{{#attachments}}{{.}}{{/attachments}}",
		    "notice:1: '.' is a file, which cannot be written as such\n" },
	};

	(void)state;
	check_mistakes(samples, COUNT(samples), NULL);
}

static void
all_mistakes_are_told_and_each_once(void **state)
{
	struct partial all[] = { { .name = "part", .source = "\n{{absent}}" } };
	struct partials partials = { all, 1 };
	static const struct sample samples[] = {
		{ "{{#list.cves}}\n{{absent}}{{/"
		  "list.cves}}\n{{list}}\n{{>lost}}{{>part}}",
		    "notice:2: 'absent' is not defined in this edition; put it within "
		    "{{#absent}}\n"
		    "notice:3: 'list' is a group of values, which cannot be written as "
		    "such\n"
		    "notice:4: there is no partial 'lost'\n"
		    "part:2: 'absent' is not defined in this edition; put it within "
		    "{{#absent}}\n" },
	};

	(void)state;
	check_mistakes(samples, COUNT(samples), &partials);
}

static void
a_lenient_rendering_writes_nothing_for_what_is_absent(void **state)
{
	static const struct sample samples[] = {
		{ "[{{absent}}{{a.b}}{{off}}{{list}}{{>lost}}]", "[]" },
		{ "a\n{{>lost}}\nb", "a\nb" },
	};

	(void)state;
	check_with(samples, COUNT(samples), NULL, (struct rendering){ .lenient = true });
}

static void
a_broken_template_tells_all_its_mistakes(void **state)
{
	static const struct sample samples[] = {
		{ "a\n{{b", "notice:2: a tag is opened, but not closed\n" },
		{ "a\n{{b\n\n{{c}}\n{{}}",
		    "notice:2: a tag is opened, but not closed\n"
		    "notice:5: a tag has no name\n" },
		{ "{{{b}}", "notice:1: a tag is opened, but not closed\n" },
		{ "{{=b}}", "notice:1: a tag is opened, but not closed\n" },
		{ "{{=}}", "notice:1: a tag is opened, but not closed\n" },
		{ "{{", "notice:1: a tag is opened, but not closed\n" },
		{ "{{!\n", "notice:1: a tag is opened, but not closed\n" },
		{ "\n{{#a}}\n{{^b}}",
		    "notice:2: section 'a' is opened, but not closed\n"
		    "notice:3: section 'b' is opened, but not closed\n" },
		{ "{{#a}}\n{{/b}}{{/a}}",
		    "notice:2: 'b' is closed where 'a', opened in line 1, is still "
		    "open\n" },
		{ "{{#a}}\n{{#b}}\n{{/a}}",
		    "notice:3: 'a' is closed where 'b', opened in line 2, is still "
		    "open\n" },
		{ "{{/a}}", "notice:1: 'a' is closed, but no section is open\n" },
		{ "{{ }}\n{{#}}{{/x}}\n{{&}}\n{{{}}}\n{{>}}\n{{^}}",
		    "notice:1: a tag has no name\nnotice:2: a tag has no name\n"
		    "notice:3: a tag has no name\nnotice:4: a tag has no name\n"
		    "notice:5: a tag has no name\nnotice:6: a tag has no name\n" },
		{ "{{a b}}{{a..b}}{{.a}}{{a.}}{{ #a}}{{..}}",
		    "notice:1: 'a b' is not a name\nnotice:1: 'a..b' is not a name\n"
		    "notice:1: '.a' is not a name\nnotice:1: 'a.' is not a name\n"
		    "notice:1: '#a' is not a name\nnotice:1: '..' is not a name\n" },
		{ "{{a\x1b[0m}}", "notice:1: 'a\\x1B[0m' is not a name\n" },
		{ "{{=a=}}",
		    "notice:1: delimiters are two words of at most 32 bytes without "
		    "'='\n" },
		{ "{{=a b c=}}",
		    "notice:1: delimiters are two words of at most 32 bytes without "
		    "'='\n" },
		{ "{{=a= b=}}",
		    "notice:1: delimiters are two words of at most 32 bytes without "
		    "'='\n" },
		{ "{{=  =}}",
		    "notice:1: delimiters are two words of at most 32 bytes without "
		    "'='\n" },
		{ "{{<parent}}\n{{$block}}{{>*name}}",
		    "notice:1: inheritance ({{<x}}) is not supported\n"
		    "notice:2: inheritance ({{$x}}) is not supported\n"
		    "notice:2: a partial whose name is a value ({{>*x}}) is not "
		    "supported\n" },
	};

	(void)state;
	check_mistakes(samples, COUNT(samples), NULL);
}

static void
nesting_is_bounded(void **state)
{
	struct partial all[] = {
		{ .name = "self", .source = "\n{{>self}}{{>self}}" },
		{ .name = "ring", .source = "{{#severity}}{{>gnir}}{{/severity}}" },
		{ .name = "gnir", .source = "{{>ring}}{{>ring}}" },
	};
	struct partials partials = { all, COUNT(all) };
	static const struct sample samples[] = {
		{ "{{>self}}{{>self}}",
		    "self:2: sections and partials are nested more than 32 deep; does a "
		    "partial call itself\n" },
		{ "{{>ring}}{{>ring}}",
		    "ring:1: sections and partials are nested more than 32 deep; does a "
		    "partial call itself\n" },
	};

	(void)state;
	check_mistakes(samples, COUNT(samples), &partials);
}

static void
nest(struct text *source, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		text_adds(source, "{{#severity}}");
	text_adds(source, "x");
	for (unsigned i = 0; i < depth; i++)
		text_adds(source, "{{/severity}}");
}

static void
thirty_two_sections_are_the_most(void **state)
{
	struct text source = { 0 };
	struct result result;

	(void)state;
	nest(&source, 32);
	result = render(text_string(&source), NULL, (struct rendering){ 0 });
	assert_true(result.ok);
	assert_string_equal(text_string(&result.out), "x");
	result_clear(&result);
	text_clear(&source);
	nest(&source, 33);
	result = render(text_string(&source), NULL, (struct rendering){ 0 });
	assert_false(result.ok);
	assert_string_equal(text_string(&result.mistakes),
	    "notice:1: sections are nested more than 32 deep\n");
	result_clear(&result);
	text_clear(&source);
}

/* Partials that double each other would write 32 GiB, or nothing 2^30 times. */
static void
what_partials_can_blow_up_is_bounded(void **state)
{
	static const char *const ends[] = { "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "" };
	static const char *const messages[] = {
		":1: the rendering is larger than 16777216 bytes\n",
		":1: the rendering takes more than 16777216 steps; lists or partials are "
		"nested too often\n",
	};
	struct partial all[31] = { 0 };
	struct pool strings = { 0 };
	struct partials partials = { all, 31 };

	(void)state;
	for (size_t end = 0; end < 2; end++) {
		struct result result;

		for (int i = 0; i < 31; i++)
			all[i] =
			    (struct partial){ .name = pool_format(&strings, "p%d", i),
				    .source = pool_format(
					&strings, "{{>p%d}}{{>p%d}}", i + 1, i + 1) };
		all[30].source = ends[end];
		result = render("{{>p0}}", &partials, (struct rendering){ 0 });
		assert_false(result.ok);
		assert_int_equal(result.out.size, 0);
		assert_non_null(strstr(text_string(&result.mistakes), messages[end]));
		result_clear(&result);
	}
	pool_clear(&strings);
}

static void
a_source_is_at_most_a_mebibyte(void **state)
{
	static char big[(1 << 20) + 1];
	struct mistakes mistakes = { 0 };
	struct template *template;

	(void)state;
	memset(big, 'x', sizeof big);
	template = template_parse("big", big, sizeof big - 1, &mistakes);
	assert_non_null(template);
	template_free(template);
	assert_null(template_parse("big", big, sizeof big, &mistakes));
	assert_string_equal(
	    mistakes.all[0].message, "big: a template is at most 1048576 bytes");
	mistakes_clear(&mistakes);
	template_free(NULL);
}

/* What stood in the text before stays; of a failed rendering nothing does. */
static void
a_failed_rendering_leaves_nothing_behind(void **state)
{
	static const char source[] = "{{severity}} {{absent}}";
	struct mistakes mistakes = { 0 };
	struct value *data = notice();
	struct template *template =
	    template_parse("notice", source, strlen(source), &mistakes);
	struct text out = { 0 };

	(void)state;
	text_adds(&out, "before");
	assert_false(
	    template_render(&out, template, data, &(struct rendering){ 0 }, &mistakes));
	assert_string_equal(text_string(&out), "before");
	assert_int_equal(out.data[7], 0);
	assert_true(template_render(
	    &out, template, data, &(struct rendering){ .lenient = true }, &mistakes));
	assert_string_equal(text_string(&out), "beforecritical ");
	mistakes_clear(&mistakes);
	text_clear(&out);
	template_free(template);
	value_free(data);
}

/* value_speak comes first; that it was forgotten must not look like an absent name. */
static void
a_text_without_a_language_is_a_mistake_even_if_lenient(void **state)
{
	static const char *const sources[] = { "{{analysis}}",
		"{{#analysis}}x{{/analysis}}", "{{^analysis}}x{{/analysis}}" };
	struct value *data = value_new(VALUE_MAP, NULL, NULL);

	(void)state;
	put_string(put_new(data, VALUE_TEXT, "analysis"), "", "An analysis.");
	for (size_t i = 0; i < COUNT(sources); i++) {
		struct mistakes mistakes = { 0 };
		struct template *template =
		    template_parse("notice", sources[i], strlen(sources[i]), &mistakes);
		struct text out = { 0 };

		assert_false(template_render(&out, template, data,
		    &(struct rendering){ .lenient = true }, &mistakes));
		assert_int_equal(mistakes.count, 1);
		assert_string_equal(mistakes.all[0].message,
		    "notice:1: 'analysis' is a text without a language");
		mistakes_clear(&mistakes);
		template_free(template);
		text_clear(&out);
	}
	value_free(data);
}

static void
nothing_at_all_can_be_rendered_with(void **state)
{
	static const char source[] = "{{^title}}no title{{/title}}{{#.}}x{{/.}}";
	struct mistakes mistakes = { 0 };
	struct template *template =
	    template_parse("notice", source, strlen(source), &mistakes);
	struct text out = { 0 };

	(void)state;
	assert_true(
	    template_render(&out, template, NULL, &(struct rendering){ 0 }, &mistakes));
	assert_string_equal(text_string(&out), "no title");
	text_clear(&out);
	template_free(template);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_absent_name_is_a_mistake_in_its_line),
		cmocka_unit_test(only_a_string_can_be_written),
		cmocka_unit_test(all_mistakes_are_told_and_each_once),
		cmocka_unit_test(a_lenient_rendering_writes_nothing_for_what_is_absent),
		cmocka_unit_test(a_broken_template_tells_all_its_mistakes),
		cmocka_unit_test(nesting_is_bounded),
		cmocka_unit_test(thirty_two_sections_are_the_most),
		cmocka_unit_test(what_partials_can_blow_up_is_bounded),
		cmocka_unit_test(a_source_is_at_most_a_mebibyte),
		cmocka_unit_test(a_failed_rendering_leaves_nothing_behind),
		cmocka_unit_test(a_text_without_a_language_is_a_mistake_even_if_lenient),
		cmocka_unit_test(nothing_at_all_can_be_rendered_with),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
