/*
 * A text, a copy of it in another one, and a third: what they have in common is found, as a
 * comparison of each byte with each finds it, and nothing else. Squeezed, a copy is the text.
 */
#include "policy/passage.h"
#include "copy.h"

enum { TEXT_MOST = 256, TEXTS = 2, FOUND_MOST = 4096 };

/* A text in each form. */
struct squeezed {
	struct text forms[SQUEEZE_FORMS];
};

struct comparison {
	struct squeezed texts[TEXTS], searched;
	struct passage found[FOUND_MOST];
	size_t found_count;
};

static void
squeeze_into(struct text *out, const char *bytes, size_t size, enum squeeze form)
{
	char *squeezed = malloc(size ? size : 1);

	must(squeezed, "there is memory");
	text_add(out, squeezed, squeeze(squeezed, bytes, size, form));
	free(squeezed);
}

static void
squeezed_make(struct squeezed *squeezed, const char *bytes, size_t size)
{
	*squeezed = (struct squeezed){ 0 };
	for (enum squeeze form = 0; form < SQUEEZE_FORMS; form++)
		squeeze_into(&squeezed->forms[form], bytes, size, form);
}

static void
squeezed_clear(struct squeezed *squeezed)
{
	for (enum squeeze form = 0; form < SQUEEZE_FORMS; form++)
		text_clear(&squeezed->forms[form]);
}

static bool
is_same(const struct text *a, const struct text *b)
{
	return a->size == b->size && (!a->size || memcmp(a->data, b->data, a->size) == 0);
}

/* --- squeeze -------------------------------------------------------------------- */

/* Each byte that is kept is there, and in its line. */
static void
check_dense(const char *bytes, size_t size, const struct text *dense)
{
	unsigned line = 1;
	size_t count = 0;

	for (size_t i = 0; i < size; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		line += byte == '\n';
		if (byte == ' ' || (byte >= 9 && byte <= 13))
			continue;
		must(count < dense->size &&
			dense->data[count] ==
			    (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte),
		    "all but blanks is kept");
		if (count % 7 == 0)
			must(squeeze_line(bytes, size, SQUEEZE_DENSE, count) == line,
			    "and its line is known");
		count++;
	}
	must(count == dense->size, "and nothing else is there");
}

static void
check_copy(const struct text *copy, enum copying kind, const struct squeezed *text)
{
	struct squeezed squeezed;
	enum squeeze form = kind == COPY_NUMBERED ? SQUEEZE_UNNUMBERED : SQUEEZE_BARE;

	squeezed_make(&squeezed, text_string(copy), copy->size);
	check_dense(text_string(copy), copy->size, &squeezed.forms[SQUEEZE_DENSE]);
	must(is_same(&squeezed.forms[form], &text->forms[SQUEEZE_BARE]),
	    "squeezed, a copy is the text");
	must(kind != COPY_WRAPPED ||
		is_same(&squeezed.forms[SQUEEZE_DENSE], &text->forms[SQUEEZE_DENSE]),
	    "where it only was wrapped, dense is enough");
	squeezed_clear(&squeezed);
}

/* --- passages -------------------------------------------------------------------- */

static bool
is_digit_at(const struct text *text, size_t at)
{
	return at < text->size && strchr("0123456789", text->data[at]) && text->data[at];
}

/* Of a number, both ends are digits, and so is what stands next to it. */
static bool
cuts_a_number(const struct text *searched, size_t at, size_t size)
{
	return (at && is_digit_at(searched, at - 1) && is_digit_at(searched, at)) ||
	    (is_digit_at(searched, at + size - 1) && is_digit_at(searched, at + size));
}

static const struct text *
form_of(const struct squeezed *squeezed, enum squeeze form)
{
	return &squeezed->forms[form];
}

static void
check_found(const struct comparison *comparison, const struct passage *passage)
{
	const struct text *form, *searched;
	size_t size = passage->to - passage->from;

	must(passage->text < TEXTS && passage->form < SQUEEZE_FORMS &&
		passage->searched_form < SQUEEZE_FORMS &&
		(passage->form == SQUEEZE_DENSE) ==
		    (passage->searched_form == SQUEEZE_DENSE),
	    "a passage is of a text, in forms that compare");
	form = form_of(&comparison->texts[passage->text], passage->form);
	searched = form_of(&comparison->searched, passage->searched_form);
	must(passage->size == form->size && passage->from < passage->to &&
		passage->to <= form->size && passage->at + size <= searched->size,
	    "it is within both");
	must(memcmp(form->data + passage->from, searched->data + passage->at, size) == 0,
	    "it is in both");
	if (form->size >= PASSAGE_LEAST)
		must(size >= PASSAGE_LEAST &&
			distinct(form->data + passage->from, size) >= PASSAGE_DISTINCT,
		    "it is no accident");
	else
		must(size == form->size && is_telling(form) &&
			!cuts_a_number(searched, passage->at, size),
		    "a short text is there as a whole");
}

/* A passage: from, to and at are exact where the text does not repeat itself. */
static void
must_be_found(const struct comparison *comparison, const struct passage *wanted)
{
	const struct text *form = form_of(&comparison->texts[wanted->text], wanted->form);
	size_t end = wanted->at + wanted->to - wanted->from;
	size_t often = wanted->size < PASSAGE_LEAST
	    ? 1
	    : repeats(form, wanted->from, wanted->to - wanted->from);

	for (size_t i = 0; i < comparison->found_count; i++) {
		const struct passage *passage = &comparison->found[i];

		if (passage->text == wanted->text && passage->form == wanted->form &&
		    passage->searched_form == wanted->searched_form &&
		    passage->at < end &&
		    wanted->at < passage->at + passage->to - passage->from &&
		    (often > 1 ||
			(passage->at == wanted->at && passage->to == wanted->to)))
			return;
	}
	must(often > REPEATS_MOST || comparison->found_count == FOUND_MOST,
	    "what two texts have in common is found");
}

static void
compare_runs(const struct comparison *comparison, struct passage wanted,
    const struct text *form, const struct text *searched)
{
	for (size_t at = 0; at < searched->size; at++)
		for (size_t from = 0; from < form->size; from++) {
			const char *a = searched->data + at, *b = form->data + from;
			size_t size = 0, most = searched->size - at;

			if (*a != *b || (at && from && a[-1] == b[-1]))
				continue;
			most = most < form->size - from ? most : form->size - from;
			while (size < most && a[size] == b[size])
				size++;
			wanted.at = at;
			wanted.from = from;
			wanted.to = from + size;
			if (size >= PASSAGE_LEAST &&
			    distinct(b, size) >= PASSAGE_DISTINCT)
				must_be_found(comparison, &wanted);
		}
}

/* The first place is enough. */
static void
compare_whole(const struct comparison *comparison, struct passage wanted,
    const struct text *form, const struct text *searched)
{
	size_t at = 0;

	while (at + form->size <= searched->size &&
	    (memcmp(searched->data + at, form->data, form->size) != 0 ||
		cuts_a_number(searched, at, form->size)))
		at++;
	wanted.at = at;
	wanted.to = form->size;
	if (at + form->size <= searched->size)
		must_be_found(comparison, &wanted);
}

/* What is unnumbered the same is not looked at twice. */
static bool
is_another(const struct squeezed *squeezed, enum squeeze form)
{
	return form != SQUEEZE_UNNUMBERED ||
	    squeezed->forms[form].size != squeezed->forms[SQUEEZE_BARE].size;
}

static void
compare(const struct comparison *comparison, size_t which, enum squeeze form,
    enum squeeze searched_form)
{
	const struct squeezed *squeezed = &comparison->texts[which];
	const struct text *text = form_of(squeezed, form);
	const struct text *searched = form_of(&comparison->searched, searched_form);
	struct passage wanted = { which, form, 0, 0, text->size, searched_form, 0 };

	if ((form == SQUEEZE_DENSE) != (searched_form == SQUEEZE_DENSE) ||
	    !is_another(squeezed, form) ||
	    !is_another(&comparison->searched, searched_form))
		return;
	if (text->size >= PASSAGE_LEAST)
		compare_runs(comparison, wanted, text, searched);
	else if (text->size && is_telling(text))
		compare_whole(comparison, wanted, text, searched);
}

static void
keep(void *ctx, const struct passage *passage)
{
	struct comparison *comparison = ctx;

	check_found(comparison, passage);
	if (comparison->found_count < FOUND_MOST)
		comparison->found[comparison->found_count++] = *passage;
}

static void
check(struct comparison *comparison, const struct passages *passages,
    const struct text *searched)
{
	squeezed_make(&comparison->searched, text_string(searched), searched->size);
	comparison->found_count = 0;
	passages_find(passages, text_string(searched), searched->size, keep, comparison);
	for (size_t i = 0; i < TEXTS; i++)
		for (enum squeeze a = 0; a < SQUEEZE_FORMS; a++)
			for (enum squeeze b = 0; b < SQUEEZE_FORMS; b++)
				compare(comparison, i, a, b);
	squeezed_clear(&comparison->searched);
}

/* The kind of copy, its form; the text and what is before and behind, each ended by 0xff. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size }, head;
	unsigned kind = input_byte(&in), form = input_byte(&in);
	struct text copy = { 0 }, searched = { 0 };
	struct comparison *comparison = calloc(1, sizeof *comparison);
	struct passages *passages = passages_new();
	size_t sizes[3];
	char *strings[3];
	uint8_t first = (uint8_t)kind;

	must(comparison, "there is memory");
	for (size_t i = 0; i < 3; i++) {
		strings[i] = input_until(&in, (char)0xff, &sizes[i]);
		sizes[i] = sizes[i] > TEXT_MOST ? TEXT_MOST : sizes[i];
	}
	for (size_t i = 0; i < TEXTS; i++) {
		squeezed_make(&comparison->texts[i], strings[i], sizes[i]);
		passages_add(passages, strings[i], sizes[i]);
	}
	head = (struct input){ &first, 1 };
	kind = input_copy(&head, strings[0], sizes[0]);
	copy_text(&copy, kind, form, strings[0], sizes[0]);
	check_copy(&copy, kind, &comparison->texts[0]);
	text_add(&searched, strings[1], sizes[1] / 2);
	text_addc(&searched, '\n');
	text_add(&searched, copy.data, copy.size);
	text_add(&searched, strings[2], sizes[2]);
	check(comparison, passages, &searched);
	for (size_t i = 0; i < TEXTS; i++)
		squeezed_clear(&comparison->texts[i]);
	for (size_t i = 0; i < 3; i++)
		free(strings[i]);
	passages_free(passages);
	text_clear(&copy);
	text_clear(&searched);
	free(comparison);
	return 0;
}
