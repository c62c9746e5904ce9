#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "policy/template.h"

static struct value *
put_string(struct value *parent, const char *name, const char *bytes)
{
	struct value *value = value_string(name, NULL, bytes, strlen(bytes));

	value_add(parent, value);
	return value;
}

static struct value *
put_new(struct value *parent, enum value_kind kind, const char *name)
{
	struct value *value = value_new(kind, name, NULL);

	value_add(parent, value);
	return value;
}

static void
put_file(struct value *list, const char *name, const char *size)
{
	struct value *file = put_new(list, VALUE_FILE, NULL);

	file->bytes = "the content is no name for a template";
	file->size = strlen(file->bytes);
	put_string(file, "file", name);
	put_string(file, "size", size);
}

static struct value *
notice(void)
{
	struct value *root = value_new(VALUE_MAP, NULL, NULL), *node, *below;

	put_string(root, "title", "Gateway <2.0> & \"friends\"");
	put_string(root, "severity", "critical");
	put_string(root, "tricky", "{{secret}} {{>footer}}");
	put_string(root, "secret", "never shown");
	put_string(root, "empty", "");
	put_string(root, "lines", "one\ntwo\n");
	put_new(root, VALUE_FALSE, "off");
	put_new(root, VALUE_LIST, "none");
	node = put_new(root, VALUE_MAP, "text");
	put_string(node, "summary", "In short.");
	below = put_new(node, VALUE_MAP, "deep");
	put_string(below, "down", "at the bottom");
	node = put_new(put_new(root, VALUE_MAP, "list"), VALUE_LIST, "cves");
	put_string(node, NULL, "CVE-2026-1");
	put_string(node, NULL, "CVE-2026-2");
	node = put_new(root, VALUE_LIST, "attachments");
	put_file(node, "gateway.yar", "120");
	put_file(node, "log.txt", "7");
	node = put_new(root, VALUE_LIST, "pairs");
	below = put_new(node, VALUE_LIST, NULL);
	put_string(below, NULL, "1");
	put_string(below, NULL, "2");
	below = put_new(node, VALUE_LIST, NULL);
	put_string(below, NULL, "3");
	node = put_new(root, VALUE_MAP, "vendor");
	put_string(node, "title", "Example Corp");
	put_new(node, VALUE_MAP, "text");
	return root;
}

/* Partials by name, parsed when they are first asked for. */
struct partial {
	const char *name, *source;
	struct template *template;
};

struct partials {
	struct partial *all;
	size_t count;
};

static const struct template *
find_partial(void *ctx, const char *name)
{
	struct partials *partials = ctx;

	for (size_t i = 0; i < partials->count; i++) {
		struct partial *partial = &partials->all[i];
		struct mistakes mistakes = { 0 };

		if (strcmp(partial->name, name) != 0)
			continue;
		if (!partial->template)
			partial->template = template_parse(
			    name, partial->source, strlen(partial->source), &mistakes);
		assert_non_null(partial->template);
		return partial->template;
	}
	return NULL;
}

/* What comes of a template; NULL where there were mistakes, which then are all in it. */
struct result {
	bool ok;
	struct text out, mistakes;
};

static void
result_clear(struct result *result)
{
	text_clear(&result->out);
	text_clear(&result->mistakes);
}

static struct result
render(const char *source, struct partials *partials, struct rendering how)
{
	struct mistakes mistakes = { 0 };
	struct result result = { 0 };
	struct value *data = notice();
	struct template *template =
	    template_parse("notice", source, strlen(source), &mistakes);

	how.partial = partials ? find_partial : NULL;
	how.ctx = partials;
	if (template)
		result.ok = template_render(&result.out, template, data, &how, &mistakes);
	for (size_t i = 0; i < mistakes.count; i++)
		text_addf(&result.mistakes, "%s\n", mistakes.all[i].message);
	for (size_t i = 0; partials && i < partials->count; i++) {
		template_free(partials->all[i].template);
		partials->all[i].template = NULL;
	}
	mistakes_clear(&mistakes);
	template_free(template);
	value_free(data);
	return result;
}

struct sample {
	const char *source, *expected;
};

static void
check_with(const struct sample *samples, size_t count, struct partials *partials,
    struct rendering how)
{
	for (size_t i = 0; i < count; i++) {
		struct result result = render(samples[i].source, partials, how);

		if (!result.ok ||
		    strcmp(text_string(&result.out), samples[i].expected) != 0)
			fail_msg("%s\ngives %s\nnot %s\n%s", samples[i].source,
			    text_string(&result.out), samples[i].expected,
			    text_string(&result.mistakes));
		result_clear(&result);
	}
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void
check(const struct sample *samples, size_t count)
{
	check_with(samples, count, NULL, (struct rendering){ 0 });
}

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
names_are_replaced_by_their_values(void **state)
{
	static const struct sample samples[] = {
		{ "", "" }, { "plain { text } }} alone", "plain { text } }} alone" },
		{ "[{{severity}}]", "[critical]" },
		{ "[{{ severity }}{{\n severity\t}}]", "[criticalcritical]" },
		{ "{{title}}", "Gateway <2.0> & \"friends\"" },
		{ "{{{severity}}}, {{& severity}}, {{{ severity }}}",
		    "critical, critical, critical" },
		{ "{{text.deep.down}}", "at the bottom" }, { "{{empty}}|", "|" },
		{ "  {{severity}}  \n",
		    "  critical  \n" }, /* never takes its line along */
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void
values_are_never_parsed_again(void **state)
{
	static const struct sample samples[] = {
		{ "{{tricky}}", "{{secret}} {{>footer}}" },
		{ "{{{tricky}}}", "{{secret}} {{>footer}}" },
		{ "{{#tricky}}{{.}}{{/tricky}}", "{{secret}} {{>footer}}" },
		{ "{{=<% %>=}}<%tricky%>", "{{secret}} {{>footer}}" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void
html_is_escaped_where_it_is_asked_for(void **state)
{
	static const struct sample samples[] = {
		{ "<{{title}}>", "<Gateway &lt;2.0&gt; &amp; &quot;friends&quot;>" },
		{ "{{{title}}}{{&title}}",
		    "Gateway <2.0> & \"friends\"Gateway <2.0> & \"friends\"" },
		{ "{{=<% %>=}}<%{title}%>", "Gateway <2.0> & \"friends\"" },
	};

	(void)state;
	check_with(samples, COUNT(samples), NULL, (struct rendering){ .html = true });
}

static void
sections_repeat_choose_and_step_inside(void **state)
{
	static const struct sample samples[] = {
		{ "{{#list.cves}}<{{.}}>{{/list.cves}}", "<CVE-2026-1><CVE-2026-2>" },
		{ "{{#severity}}is {{.}}/{{severity}}{{/severity}}",
		    "is critical/critical" },
		{ "{{#vendor}}{{title}}, {{severity}}{{/vendor}}",
		    "Example Corp, critical" },
		{ "{{#pairs}}({{#.}}{{.}}{{/.}}){{/pairs}}", "(12)(3)" },
		{ "{{#none}}x{{/none}}{{#off}}x{{/off}}{{#absent}}x{{/absent}}", "" },
		{ "{{#empty}}x{{/empty}}{{^empty}}nothing{{/empty}}", "nothing" },
		{ "{{#a.b.c}}x{{/a.b.c}}{{#severity.level}}x{{/severity.level}}", "" },
		{ "{{^none}}1{{/none}}{{^off}}2{{/off}}{{^absent}}3{{/absent}}", "123" },
		{ "{{^severity}}x{{/severity}}{{^list}}x{{/list}}{{^list.cves}}x"
		  "{{/list.cves}}",
		    "" },
		{ "{{#text}}{{#deep}}{{down}}{{summary}}{{/deep}}{{/text}}",
		    "at the bottomIn short." },
		{ "{{#text}}{{#text}}{{summary}}{{/text}}{{/text}}", "In short." },
		{ "{{# severity }}={{/ severity }}", "=" },
		{ "{{#off}}{{#absent}}{{undefined}}{{/absent}}{{/off}}", "" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

/* The vendor's own "text" hides the outer one, and has no summary. */
static void
the_first_part_of_a_name_decides(void **state)
{
	static const struct sample samples[] = {
		{ "{{#vendor}}{{#text.summary}}x{{/text.summary}}{{/vendor}}", "" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void
a_file_is_a_map_of_what_is_said_about_it(void **state)
{
	static const struct sample samples[] = {
		{ "{{#attachments}}\n{{file}} {{size}}\n{{/attachments}}\n",
		    "gateway.yar 120\nlog.txt 7\n" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void
comments_leave_nothing(void **state)
{
	static const struct sample samples[] = {
		{ "a{{! nothing }}b", "ab" },
		{ "a{{!\n {{ # broken }}b", "ab" },
		{ "a\n  {{! gone }}  \nb", "a\nb" },
		{ "a\n {{!\n gone\n }}\nb", "a\nb" },
		{ "{{!a}} {{!b}}\nc", " \nc" }, /* two on a line: none is alone */
		{ "{{!a}}", "" },
		{ "{{!}}x", "x" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void
a_tag_alone_takes_its_line_along(void **state)
{
	static const struct sample samples[] = {
		{ "a\n{{#severity}}\nb\n{{/severity}}\nc\n", "a\nb\nc\n" },
		{ "a\n \t{{#severity}} \t\nb\n  {{/severity}}\nc", "a\nb\nc" },
		{ "a\r\n{{#severity}}\r\nb\r\n{{/severity}}\r\nc\r\n",
		    "a\r\nb\r\nc\r\n" },
		{ "  {{#severity}}\nb\n  {{/severity}}", "b\n" },
		{ "a {{#severity}}\nb\n{{/severity}}\nc", "a \nb\nc" },
		{ "{{#severity}}b{{/severity}}\nc", "b\nc" },
		{ "{{#severity}} {{/severity}}\nc", " \nc" },
		{ "{{#severity}}\n\n{{/severity}}\n", "\n" },
		{ "{{^off}}\nb\n{{/off}}\n", "b\n" },
		{ "{{!a}}\rb\r", "\rb\r" }, /* a lone CR ends no line */
		{ "b\n{{!a}}\r", "b\n\r" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void
delimiters_can_be_set(void **state)
{
	static const struct sample samples[] = {
		{ "{{=<% %>=}}<%severity%>{{severity}}", "critical{{severity}}" },
		{ "{{= | | =}}|severity|,|#off|x|/off|.", "critical,." },
		{ "{{=[ ]=}}[severity][={{ }}=]{{severity}}", "criticalcritical" },
		{ "a\n {{=<% %>=}} \nb", "a\nb" },
		{ "a {{=<%\n%>=}}\nb<%severity%>", "a \nbcritical" },
		{ "{{#severity}}{{=<% %>=}}x<%/severity%>", "x" },
	};

	(void)state;
	check(samples, COUNT(samples));
}

static void
partials_are_put_in_and_indented(void **state)
{
	struct partial all[] = {
		{ .name = "footer", .source = "-- \n{{severity}}\n" },
		{ .name = "word", .source = "{{severity}}" },
		{ .name = "values", .source = "> {{lines}}\n{{lines}}|\n" },
		{ .name = "outer", .source = "a\n  {{>footer}}\nb {{>two}}\n" },
		{ .name = "two", .source = "1\n2" },
		{ .name = "list", .source = "{{#list.cves}}\n- {{.}}\n{{/list.cves}}\n" },
		{ .name = "odd", .source = "{{#off}}x{{/off}}y\n\n{{!gone}}\nz" },
		{ .name = "crlf", .source = "1\r\n2\r\n" },
		{ .name = "own", .source = "{{severity}}{{=<% %>=}}<%severity%>" },
		{ .name = "tree", .source = "({{#.}}{{>leaf}}{{/.}})" },
		{ .name = "leaf", .source = "{{.}}," },
	};
	struct partials partials = { all, COUNT(all) };
	static const struct sample samples[] = {
		{ "a\n{{>footer}}\nb\n", "a\n-- \ncritical\nb\n" },
		{ "a\n  {{>footer}}\nb\n", "a\n  -- \n  critical\nb\n" },
		{ "a {{>word}} b {{> word }}", "a critical b critical" },
		{ "  {{severity}} {{>two}}\n", "  critical 1\n2\n" },
		/* The inner lines of a value stay as they are. */
		{ " {{>values}}\n", " > one\ntwo\n\n one\ntwo\n|\n" },
		{ "\t{{>outer}}\n", "\ta\n\t  -- \n\t  critical\n\tb 1\n2\n" },
		{ "  {{>list}}\n", "  - CVE-2026-1\n  - CVE-2026-2\n" },
		{ " {{>odd}}", " y\n \n z" },
		{ "  {{>two}}\n>", "  1\n  2>" },
		{ "{{#list.cves}}\n {{>word}}\n{{/list.cves}}\n", " critical critical" },
		{ " {{>crlf}}\r\n.", " 1\r\n 2\r\n." },
		{ "{{=| |=}}|>own| |>own| {{severity}} |severity|",
		    "criticalcritical criticalcritical {{severity}} critical" },
		{ "{{>own}}{{severity}}", "criticalcriticalcritical" },
		{ "{{#pairs}}{{>tree}}{{/pairs}}", "(1,2,)(3,)" },
	};

	(void)state;
	check_with(samples, COUNT(samples), &partials, (struct rendering){ 0 });
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
		{ "{{ }}{{#}}{{/x}}{{&}}{{{}}}{{>}}{{^}}",
		    "notice:1: a tag has no name\nnotice:1: a tag has no name\n"
		    "notice:1: a tag has no name\nnotice:1: a tag has no name\n"
		    "notice:1: a tag has no name\nnotice:1: a tag has no name\n" },
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

static void
write_tag(void *ctx, enum tag tag, const char *name, struct place place)
{
	text_addf(ctx, "%c%s@%s:%u ", "v#^>"[tag], name, place.file, place.line);
}

static void
tags_are_visited_in_order(void **state)
{
	static const char source[] = "{{a}}\n{{#b}}\n{{!c}}{{^d.e}}{{{f}}}{{/d.e}}\n"
				     "{{/b}}\n  {{>g}}\n";
	struct mistakes mistakes = { 0 };
	struct template *template =
	    template_parse("notice", source, strlen(source), &mistakes);
	struct text seen = { 0 };

	(void)state;
	template_tags(template, write_tag, &seen);
	assert_string_equal(text_string(&seen),
	    "va@notice:1 #b@notice:2 ^d.e@notice:3 vf@notice:3 >g@notice:5 ");
	text_clear(&seen);
	template_free(template);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_replaced_by_their_values),
		cmocka_unit_test(values_are_never_parsed_again),
		cmocka_unit_test(html_is_escaped_where_it_is_asked_for),
		cmocka_unit_test(sections_repeat_choose_and_step_inside),
		cmocka_unit_test(the_first_part_of_a_name_decides),
		cmocka_unit_test(a_file_is_a_map_of_what_is_said_about_it),
		cmocka_unit_test(comments_leave_nothing),
		cmocka_unit_test(a_tag_alone_takes_its_line_along),
		cmocka_unit_test(delimiters_can_be_set),
		cmocka_unit_test(partials_are_put_in_and_indented),
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
		cmocka_unit_test(tags_are_visited_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
