#include "template_samples.h"

static struct text
key(void)
{
	struct text text = { 0 };

	text_adds(&text, "a key of thirty-two bytes or more");
	return text;
}

/* What is rendered where each mark has that symbol. */
static void
check_symbol(const char *source, struct partials *partials, uint64_t symbol,
    const char *expected, size_t marks)
{
	struct marking marking = { .forced = true, .symbol = symbol };
	struct rendering how = { .marking = &marking };
	struct result result = render(source, partials, how);

	if (!result.ok || strcmp(text_string(&result.out), expected) != 0)
		fail_msg("%s\ngives %s\nnot %s\n%s", source, text_string(&result.out),
		    expected, text_string(&result.mistakes));
	assert_int_equal(marking.count, marks);
	marking_clear(&marking);
	result_clear(&result);
}

static void
a_copy_has_one_of_the_wordings(void **state)
{
	static const char lone[] = "{{#variant}}\nOne.\n|\nAnother,\nof two lines.\n"
				   "{{/variant}}\nEnd.\n";

	(void)state;
	check_symbol(
	    "It {{#variant}}must|has to{{/variant}} be.", NULL, 0, "It must be.", 1);
	check_symbol(
	    "It {{#variant}}must|has to{{/variant}} be.", NULL, 1, "It has to be.", 1);
	check_symbol(
	    "{{#variant}}a|b|c{{/variant}}{{#variant}}d|e{{/variant}}", NULL, 2, "ce", 2);
	check_symbol(lone, NULL, 0, "One.\nEnd.\n", 1);
	check_symbol(lone, NULL, 1, "Another,\nof two lines.\nEnd.\n", 1);
	check_symbol("a | b {{#variant}}c{{! no tag }}c|d{{/variant}} | e", NULL, 0,
	    "a | b cc | e", 1);
	check_symbol("{{=<% %>=}}<%#variant%>{{x}}|y<%/variant%>", NULL, 0, "{{x}}", 1);
}

static void
without_anybody_to_mark_it_is_the_first_one(void **state)
{
	static const struct sample samples[] = {
		{ "It {{#variant}}must|has to{{/variant}} be.", "It must be." },
		{ "{{#list.cves}}{{#variant}}{a|b}{{/variant}}{{/list.cves}}", "{a{a" },
	};

	(void)state;
	check_with(samples, COUNT(samples), NULL, (struct rendering){ 0 });
}

static void
a_variant_is_indented_as_its_partial_is(void **state)
{
	struct partial all[] = {
		{ .name = "part",
		    .source = "{{#variant}}\none\ntwo\n|\nthree\n{{/variant}}\n"
			      "x {{#variant}}y|z{{/variant}}\n" },
	};
	struct partials partials = { all, 1 };

	(void)state;
	check_symbol("a\n  {{>part}}\nb", &partials, 0, "a\n  one\n  two\n  x y\nb", 2);
	check_symbol("a\n  {{>part}}\nb", &partials, 1, "a\n  three\n  x z\nb", 2);
}

static void
hostile_variants_are_mistakes(void **state)
{
	static const struct sample samples[] = {
		{ "{{#variant}}{{/variant}}",
		    "notice:1: a variant is at least two wordings with '|' between "
		    "them\n" },
		{ "a\n{{#variant}}one{{/variant}}",
		    "notice:2: a variant is at least two wordings with '|' between "
		    "them\n" },
		{ "{{#variant}}one|{{/variant}}",
		    "notice:1: a wording is empty, or has no letter and no digit\n" },
		{ "{{#variant}}one| , |two{{/variant}}",
		    "notice:1: a wording is empty, or has no letter and no digit\n" },
		{ "{{#variant}}E-Mail|email{{/variant}}",
		    "notice:1: two wordings are alike but for case, white space or "
		    "marks, which do not survive copying\n" },
		{ "{{#variant}}a|b|a{{/variant}}",
		    "notice:1: two wordings are alike but for case, white space or "
		    "marks, which do not survive copying\n" },
		{ "{{#variant}}a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q{{/variant}}",
		    "notice:1: a variant has more than 16 wordings\n" },
		{ "{{^variant}}a|b{{/variant}}",
		    "notice:1: a variant has no inverse; write {{#variant}}\n" },
		{ "{{#variant}}a|{{title}}{{/variant}}",
		    "notice:1: a variant holds wordings alone, no tags\n"
		    "notice:1: a wording is empty, or has no letter and no digit\n" },
		{ "{{#variant}}a|b{{>part}}{{/variant}}",
		    "notice:1: a variant holds wordings alone, no tags\n" },
		{ "{{#variant}}a|{{#variant}}b|c{{/variant}}{{/variant}}",
		    "notice:1: a variant holds wordings alone, no tags\n" },
		{ "{{#variant}}a|b",
		    "notice:1: section 'variant' is opened, but not "
		    "closed\n" },
		{ "{{variant}}",
		    "notice:1: 'variant' is not defined in this edition; put it within "
		    "{{#variant}}\n" },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(samples); i++) {
		struct result result =
		    render(samples[i].source, NULL, (struct rendering){ 0 });

		if (result.ok)
			fail_msg("accepted: %s", samples[i].source);
		if (strcmp(text_string(&result.mistakes), samples[i].expected) != 0)
			fail_msg("%s\nsays %s\nnot %s", samples[i].source,
			    text_string(&result.mistakes), samples[i].expected);
		result_clear(&result);
	}
}

/* Where a mark is said to stand, its wording stands. */
static void
marks_are_where_they_are_said_to_be(void **state)
{
	struct text secret = key(), out = { 0 };
	struct marking marking = {
		.key = &secret, .advisory = "ADV-1", .holder = "acme/soc"
	};
	struct rendering how = { .marking = &marking };
	struct result result =
	    render("Before {{#variant}}one|another{{/variant}}, between "
		   "{{#variant}}first|second|third{{/variant}}.",
		NULL, how);
	static const char *const words[2][3] = { { "one", "another" },
		{ "first", "second", "third" } };

	(void)state;
	assert_true(result.ok);
	assert_int_equal(marking.count, 2);
	text_add(&out, result.out.data, result.out.size);
	for (size_t i = 0; i < 2; i++) {
		const struct mark *mark = &marking.marks[i];
		const char *word = words[i][mark->symbol];

		assert_int_equal(mark->of, 2 + i);
		assert_int_equal(mark->size, strlen(word));
		assert_memory_equal(out.data + mark->at, word, mark->size);
	}
	assert_true(marking.marks[0].position != marking.marks[1].position);
	marking_clear(&marking);
	result_clear(&result);
	text_clear(&out);
	text_clear(&secret);
}

/* The same wordings behind other words are another mark, and nothing else moves one. */
static void
a_position_is_the_wordings_and_what_is_before(void **state)
{
	static const char *const sources[] = {
		"All of this {{#variant}}must|has to{{/variant}} be done now",
		"{{title}}\n\nAll of this\n{{#variant}}must|has to{{/variant}} be undone",
		"Some of this {{#variant}}must|has to{{/variant}} be done now",
		"All of this {{#variant}}has to|must{{/variant}} be done now",
	};
	uint64_t positions[COUNT(sources)];
	struct text secret = key();

	(void)state;
	for (size_t i = 0; i < COUNT(sources); i++) {
		struct marking marking = {
			.key = &secret, .advisory = "A", .holder = "h"
		};
		struct rendering how = { .marking = &marking };
		struct result result = render(sources[i], NULL, how);

		assert_int_equal(marking.count, 1);
		positions[i] = marking.marks[0].position;
		for (size_t j = 0; j < i; j++)
			assert_int_equal(positions[j] == positions[i], i == 1);
		marking_clear(&marking);
		result_clear(&result);
	}
	text_clear(&secret);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_copy_has_one_of_the_wordings),
		cmocka_unit_test(without_anybody_to_mark_it_is_the_first_one),
		cmocka_unit_test(a_variant_is_indented_as_its_partial_is),
		cmocka_unit_test(hostile_variants_are_mistakes),
		cmocka_unit_test(marks_are_where_they_are_said_to_be),
		cmocka_unit_test(a_position_is_the_wordings_and_what_is_before),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
