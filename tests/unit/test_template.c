#include "template_samples.h"

static void
check(const struct sample *samples, size_t count)
{
	check_with(samples, count, NULL, (struct rendering){ 0 });
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
		cmocka_unit_test(tags_are_visited_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
