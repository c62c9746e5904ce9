/*
 * A template with variants, a list, an indicator and a number; a copy of what it renders to,
 * as people copy; and any other text as a leak. Each mark that the copy tells, the mangled
 * one tells, too; nothing tells of a mark that there is not; whose copy it is scores best.
 */
#include "policy/clue.h"
#include "policy/suspect.h"
#include "copy.h"

enum { HOLDERS = 3 };

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
	struct edition *copies[HOLDERS];
	struct clues clues;
};

static struct value *
strings(enum value_kind kind, const char *name, const char *const all[], size_t count)
{
	struct value *list = value_new(kind, name, "guidance");

	for (size_t i = 0; i < count; i++)
		value_add(list, value_string(NULL, NULL, all[i], strlen(all[i])));
	return list;
}

static void
make_world(struct world *world)
{
	static const char *const hosts[] = { "alpha.example", "bravo.example",
		"charlie.example" };
	static const char *const drops[] = { "drop-one.example", "drop-two.example" };
	struct value *root = value_new(VALUE_MAP, NULL, NULL), *list;

	*world = (struct world){ 0 };
	text_adds(&world->key, "0123456789abcdef0123456789abcdef");
	list = strings(VALUE_LIST, "hosts", hosts, 3);
	list->shuffled = true;
	value_add(value_map(root, "list"), list);
	value_add(value_map(root, "honey"), strings(VALUE_CHOICE, "drop", drops, 2));
	world->advisory =
	    (struct advisory){ .id = "ADV-1", .revision = 1, .values = root };
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
}

static void
end_world(struct world *world)
{
	for (size_t i = 0; i < HOLDERS; i++)
		edition_free(world->copies[i]);
	clues_clear(&world->clues);
	templates_clear(&world->templates);
	classes_clear(&world->tier.admits);
	value_free(world->advisory.values);
	text_clear(&world->key);
	must_be_lines(&world->mistakes);
	mistakes_clear(&world->mistakes);
}

/* False: the source is no template, or renders to no notice. */
static bool
print_copies(struct world *world, const char *source)
{
	static const char *const holders[HOLDERS] = { "acme/soc", "bolt/soc",
		"corp/soc" };
	struct text whole = { 0 };
	struct template *template;

	text_addf(&whole, "Subject: It was found\n\n%s\n", source);
	template =
	    template_parse("notice", text_string(&whole), whole.size, &world->mistakes);
	text_clear(&whole);
	if (!template)
		return false;
	templates_add(&world->templates, "notice", template);
	for (size_t i = 0; i < HOLDERS; i++) {
		const struct copy copy = { .tier = &world->tier,
			.language = "en",
			.person = &world->contact,
			.holder = holders[i] };

		world->copies[i] = edition_new(&world->brief, &copy, &world->mistakes);
		if (world->copies[i]->failed)
			return false;
	}
	clues_add(&world->clues, &world->brief,
	    &(struct copy){ .tier = &world->tier,
		.language = "en",
		.person = &world->contact,
		.holder = "" });
	return true;
}

/* What a text tells; each mark is one that copies have. */
static struct findings
read_text(const struct world *world, const struct text *text)
{
	struct findings findings = { 0 };
	struct leaked leaked;

	leaked_read(&leaked, text);
	clues_find(&world->clues, &leaked, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		const struct mark *mark = &findings.all[i].mark;

		must(mark->symbol < mark->of && mark->of != NOTICE_OF,
		    "a symbol is one of its mark");
		must(findings_of(&findings, mark->position) == &findings.all[i],
		    "a position is told once");
	}
	must(findings_read(&findings) <= findings.count, "no more is read than found");
	leaked_clear(&leaked);
	return findings;
}

static void
check_copy(const struct world *world, struct input *in, const struct text *clean,
    const struct findings *told)
{
	enum copying kind = input_copy(in, clean->data, clean->size);
	struct text mangled = { 0 };
	struct findings findings;

	copy_text(&mangled, kind, input_byte(in), clean->data, clean->size);
	findings = read_text(world, &mangled);
	for (size_t i = 0; i < told->count && kind != COPY_NUMBERED; i++)
		must(findings_of(&findings, told->all[i].mark.position),
		    "what a copy tells, it tells mangled");
	findings_clear(&findings);
	text_clear(&mangled);
}

static struct word
word_of(const struct edition *edition, int64_t code, unsigned groups)
{
	struct word word = { .code = code,
		.groups = groups,
		.marks = edition->marks,
		.count = edition->mark_count };

	return word;
}

static bool
all_as_in(const struct edition *edition, const struct findings *findings)
{
	for (size_t i = 0; i < edition->mark_count; i++) {
		const struct finding *finding =
		    findings_of(findings, edition->marks[i].position);

		if (finding && !finding->mixed &&
		    finding->mark.symbol != edition->marks[i].symbol)
			return false;
	}
	return true;
}

static void
check_scores(const struct world *world, struct findings *findings, unsigned groups)
{
	struct word words[HOLDERS];
	struct trail trail = { .findings = *findings, .words = words };
	struct suspect suspects[HOLDERS] = { 0 };
	const struct word *his[HOLDERS];

	trail.word_count = HOLDERS;
	for (size_t i = 0; i < HOLDERS; i++) {
		static const char *const names[HOLDERS] = { "0", "1", "2" };

		words[i] = word_of(world->copies[i], (int64_t)i, groups);
		his[i] = &words[i];
		suspects[i].words = &his[i];
		suspects[i].contact = (char *)(size_t)names[i];
	}
	suspects_judge(suspects, HOLDERS, HOLDERS, &trail, 1);
	for (size_t i = 0; i < HOLDERS; i++) {
		const struct suspect *suspect = &suspects[i];

		must(suspect->odds >= 0 && suspect->odds <= 1, "odds are odds");
		must(suspect->agrees <= suspect->read, "no more agree than are read");
		if (*suspect->contact == '0' && all_as_in(world->copies[0], findings))
			must(suspect->score >= suspects[0].score,
			    "whose copy it is scores as high as anybody");
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	unsigned groups = input_byte(&in) % 4 ? 0 : 16;
	char *source = input_string(&in);
	struct findings told, other;
	struct text clean = { 0 }, rest = { 0 };
	struct world world;

	make_world(&world);
	if (print_copies(&world, source)) {
		text_add(&clean, world.copies[0]->text.data, world.copies[0]->text.size);
		told = read_text(&world, &clean);
		check_copy(&world, &in, &clean, &told);
		check_scores(&world, &told, groups);
		text_add(&rest, in.bytes, in.size);
		other = read_text(&world, &rest);
		check_scores(&world, &other, groups);
		findings_clear(&other);
		findings_clear(&told);
	}
	text_clear(&clean);
	text_clear(&rest);
	end_world(&world);
	free(source);
	return 0;
}
