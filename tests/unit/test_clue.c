#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "policy/clue.h"

enum { VARIANTS = 40 };

/* A programme of one tier, an advisory with a marked list and indicator, and a contact. */
struct world {
	struct text key;
	struct tier tier;
	struct programme programme;
	struct templates templates;
	struct advisory advisory;
	struct partner partner;
	struct contact contact;
	struct brief brief;
	struct mistakes mistakes;
	struct clues clues;
};

static void
add_values(struct world *world)
{
	struct value *root = value_new(VALUE_MAP, NULL, NULL);
	struct value *list = value_new(VALUE_LIST, "hosts", "guidance");
	struct value *honey = value_new(VALUE_CHOICE, "drop", "guidance");
	static const char *const hosts[] = { "alpha.evil.example", "bravo.evil.example",
		"charlie.evil.example", "delta.evil.example" };
	static const char *const drops[] = { "drop-one.example", "drop-two.example" };

	for (size_t i = 0; i < 4; i++)
		value_add(list, value_string(NULL, NULL, hosts[i], strlen(hosts[i])));
	for (size_t i = 0; i < 2; i++)
		value_add(honey, value_string(NULL, NULL, drops[i], strlen(drops[i])));
	list->shuffled = true;
	value_add(value_map(root, "list"), list);
	value_add(value_map(root, "honey"), honey);
	world->advisory = (struct advisory){ .id = "ADV-1",
		.revision = 1,
		.release = 1800000000,
		.tlp = TLP_AMBER,
		.values = root };
}

static void
add_template(struct world *world, const char *source)
{
	struct template *template =
	    template_parse("notice", source, strlen(source), &world->mistakes);

	assert_non_null(template);
	templates_add(&world->templates, "notice", template);
}

static void
set_up(struct world *world)
{
	struct text source = { 0 };

	*world = (struct world){ 0 };
	text_adds(&world->key, "a key of thirty-two bytes or more");
	text_adds(&source,
	    "Subject: A {{#variant}}flaw|weakness{{/variant}} was found in it\n\n"
	    "Dear {{partner.organisation}}, your number is {{notice}}.\n");
	for (int i = 0; i < VARIANTS; i++)
		text_addf(&source,
		    "Whoever has version %d \"of it\" {{#variant}}should change|ought to "
		    "alter{{/variant}} what stands in row %d.\n",
		    i, 7 * i + 3);
	text_adds(&source,
	    "{{#list.hosts}}\n- {{.}}\n{{/list.hosts}}\nAlso "
	    "{{honey.drop}} was seen.\n");
	add_values(world);
	add_template(world, text_string(&source));
	text_clear(&source);
	world->tier =
	    (struct tier){ .id = "entry", .audience = "Members", .template = "notice" };
	classes_add(&world->tier.admits, "guidance");
	world->programme = (struct programme){ .name = "P",
		.from = "a@b.example",
		.reply_to = "a@b.example",
		.language = "en" };
	world->partner = (struct partner){ .id = "acme", .organisation = "Acme Ltd" };
	world->contact = (struct contact){ { "acme/soc", NULL, NULL }, &world->partner,
		"Joe", "en", { NULL, 0 } };
	world->brief = (struct brief){ &world->programme, NULL, &world->templates,
		&world->advisory, "SIGNER", NULL, &world->key };
	clues_add(&world->clues, &world->brief,
	    &(struct copy){ .tier = &world->tier,
		.language = "en",
		.person = &world->contact,
		.holder = "" });
}

static void
tear_down(struct world *world)
{
	clues_clear(&world->clues);
	templates_clear(&world->templates);
	classes_clear(&world->tier.admits);
	value_free(world->advisory.values);
	text_clear(&world->key);
	assert_int_equal(world->mistakes.errors, 0);
	mistakes_clear(&world->mistakes);
}

static struct edition *
copy_of(struct world *world, const char *holder)
{
	const struct copy copy = { .tier = &world->tier,
		.language = "en",
		.person = &world->contact,
		.holder = holder };

	return edition_new(&world->brief, &copy, &world->mistakes);
}

static const struct mark *
mark_of(const struct edition *edition, uint64_t position)
{
	for (size_t i = 0; i < edition->mark_count; i++)
		if (edition->marks[i].position == position)
			return &edition->marks[i];
	return NULL;
}

/* How many marks are read of what leaked; none of them wrongly. */
static size_t
read_leak(const struct world *world, const struct edition *edition, const char *bytes,
    size_t size)
{
	struct findings findings = { 0 };
	struct text text = { 0 };
	struct leaked leaked;
	size_t read;

	text_add(&text, bytes, size);
	leaked_read(&leaked, &text);
	clues_find(&world->clues, &leaked, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const struct finding *finding = &findings.all[i];
		const struct mark *mark = mark_of(edition, finding->mark.position);

		assert_non_null(mark);
		assert_false(finding->mixed);
		assert_int_equal(finding->mark.symbol, mark->symbol);
	}
	read = findings_read(&findings);
	findings_clear(&findings);
	leaked_clear(&leaked);
	text_clear(&text);
	return read;
}

static void
all_marks_of_a_whole_copy_are_read(void **state)
{
	struct world world;

	(void)state;
	set_up(&world);
	for (int i = 0; i < 20; i++) {
		struct text whole = { 0 };
		struct edition *edition;
		char holder[32];

		snprintf(holder, sizeof holder, "partner-%d", i);
		edition = copy_of(&world, holder);
		/* The notice number is no clue; 1 + 40 + 2 + 1 are. */
		assert_int_equal(edition->mark_count, VARIANTS + 5);
		assert_int_equal(
		    read_leak(&world, edition, edition->text.data, edition->text.size),
		    VARIANTS + 3);
		text_addf(&whole, "Subject: %s\n\n%s", text_string(&edition->subject),
		    text_string(&edition->text));
		assert_int_equal(
		    read_leak(&world, edition, whole.data, whole.size), VARIANTS + 4);
		text_clear(&whole);
		edition_free(edition);
	}
	tear_down(&world);
}

static uint32_t
draw(uint32_t *seed, uint32_t below)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (*seed >> 8) % below;
}

/* As people and their programs copy: quoted, wrapped anew, shouted, in other marks. */
static void
mangle(struct text *out, const char *bytes, size_t size, uint32_t *seed)
{
	static const char *const begins[] = { "", "> ", "> > ", "| ", "\t", "# " };
	const char *begin = begins[draw(seed, 6)];
	size_t width = 30 + draw(seed, 80), column = 0;
	bool shout = draw(seed, 2), curl = draw(seed, 2), escape = draw(seed, 2);

	text_adds(out, begin);
	for (size_t i = 0; i < size; i++) {
		char byte = bytes[i];

		if (byte == '\n' || (byte == ' ' && column > width)) {
			text_adds(out, escape ? " =\r\n" : "\r\n");
			text_adds(out, begin);
			column = 0;
		} else if (byte == '"' && curl) {
			text_adds(out, "\xe2\x80\x9c");
		} else if (byte == ' ' && escape) {
			text_adds(out, "=20");
		} else {
			text_addc(out,
			    shout && byte >= 'a' && byte <= 'z' ? (char)(byte - 32)
								: byte);
			column++;
		}
	}
}

/* A part of it, mangled: what is read is what the copy has, and half of it at the least. */
static void
a_mangled_part_is_read_and_never_wrongly(void **state)
{
	struct world world;
	uint32_t seed = 20261128;

	(void)state;
	set_up(&world);
	for (int i = 0; i < 300; i++) {
		struct text part = { 0 };
		struct edition *edition;
		char holder[32];
		size_t from, size, lines = 0;

		snprintf(holder, sizeof holder, "partner-%d", i);
		edition = copy_of(&world, holder);
		from = draw(&seed, (uint32_t)edition->text.size / 2);
		size = draw(&seed, (uint32_t)(edition->text.size - from));
		mangle(&part, edition->text.data + from, size, &seed);
		for (size_t at = from; at < from + size; at++)
			lines += edition->text.data[at] == '\n';
		assert_true(
		    2 * read_leak(&world, edition, text_string(&part), part.size) + 2 >=
		    (lines < VARIANTS ? lines : VARIANTS));
		text_clear(&part);
		edition_free(edition);
	}
	tear_down(&world);
}

static void
another_text_gives_no_clue(void **state)
{
	static const char text[] =
	    "Whoever has a version of it should change what stands in some row; one "
	    "ought "
	    "to alter it. alpha.evil.example, charlie.evil.example were seen.";
	struct world world;
	struct edition *edition;

	(void)state;
	set_up(&world);
	edition = copy_of(&world, "acme/soc");
	assert_int_equal(read_leak(&world, edition, text, sizeof text - 1), 0);
	assert_int_equal(read_leak(&world, edition, "", 0), 0);
	edition_free(edition);
	tear_down(&world);
}

static void
a_notice_number_is_found_however_it_is_written(void **state)
{
	static const char *const samples[] = { "K7QF-2M9X", "k7qf2m9x",
		"> no. K7QF\n> 2M9X", "=4B7QF=2D2M9X" };
	struct mark mark = { .position = 5, .of = NOTICE_OF };
	struct text number = { 0 };

	(void)state;
	/* The symbol of that number. */
	for (mark.symbol = 0; number.size == 0;) {
		static const char digits[] = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ";

		for (const char *at = "K7QF2M9X"; *at; at++)
			mark.symbol =
			    mark.symbol << 5 | (uint64_t)(strchr(digits, *at) - digits);
		notice_write(&number, mark.symbol);
	}
	assert_string_equal(text_string(&number), "K7QF-2M9X");
	for (size_t i = 0; i < 4; i++) {
		struct findings findings = { 0 };
		struct text text = { 0 };
		struct leaked leaked;

		text_adds(&text, samples[i]);
		leaked_read(&leaked, &text);
		notice_find(&mark, &leaked, &findings);
		assert_int_equal(findings_read(&findings), 1);
		findings_clear(&findings);
		leaked_clear(&leaked);
		text_clear(&text);
	}
	text_clear(&number);
}

int
main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_marks_of_a_whole_copy_are_read),
		cmocka_unit_test(a_mangled_part_is_read_and_never_wrongly),
		cmocka_unit_test(another_text_gives_no_clue),
		cmocka_unit_test(a_notice_number_is_found_however_it_is_written),
	};

	if (argc > 1)
		cmocka_set_test_filter(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
