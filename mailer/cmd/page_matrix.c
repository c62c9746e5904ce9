#include "cmd/page_matrix.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* The columns before the items: contact, countries, state; what a column's width takes. */
enum { FIXED = 3, LETTERS = 4 };
enum { LARGE = 300 }; /* rows that a browser lays out at once in no time */
/* About what rows take of a page, which has an end. A row's markup, a cell's, and all. */
enum { ROW_SIZE = 300, CELL_SIZE = 24, ROWS_MOST = 10 << 20 };

struct matrix {
	struct page *page;
	const struct plan_view *view;
	struct value *map;
	struct value *tiers, *countries, *waves; /* words to filter by, each once */
	size_t *columns; /* owned: indexes of items, those of one class together */
	size_t column_count;
	size_t left; /* bytes for rows */
};

/* Keeps the list ascending. */
static void
add_choice(struct value *list, const char *word)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		if (strcmp(list->children[i]->bytes, word) == 0)
			return;
	page_put(list, NULL, word);
	for (; i > 0 && strcmp(list->children[i - 1]->bytes, word) > 0; i--) {
		struct value *last = list->children[i];

		list->children[i] = list->children[i - 1];
		list->children[i - 1] = last;
	}
}

/* In the order in which the advisory first names the classes. */
static void
order_columns(struct matrix *matrix, const struct edition *edition)
{
	const struct item *items = edition->items;

	matrix->columns = mem_array(edition->item_count, sizeof *matrix->columns);
	for (size_t i = 0; i < edition->item_count; i++) {
		bool told = false;

		for (size_t j = 0; j < i && !told; j++)
			told = strcmp(items[j].class, items[i].class) == 0;
		for (size_t j = i; j < edition->item_count && !told; j++)
			if (strcmp(items[j].class, items[i].class) == 0)
				matrix->columns[matrix->column_count++] = j;
	}
}

static bool
begins_class(const struct matrix *matrix, const struct edition *edition, size_t column)
{
	const struct item *items = edition->items;

	return column == 0 ||
	    strcmp(items[matrix->columns[column]].class,
		items[matrix->columns[column - 1]].class) != 0;
}

/* How many columns stand together from here on. */
static size_t
class_span(const struct matrix *matrix, const struct edition *edition, size_t column)
{
	size_t span = 1;

	while (column + span < matrix->column_count &&
	    !begins_class(matrix, edition, column + span))
		span++;
	return span;
}

/* A class's name goes across its columns, or upright where they are too narrow. */
static void
add_columns(struct matrix *matrix, const struct edition *edition)
{
	struct value *items = page_list(matrix->map, "items");

	for (size_t i = 0; i < matrix->column_count; i++) {
		const struct item *item = &edition->items[matrix->columns[i]];
		struct value *row = page_row(items);
		const char *edge = "";

		if (begins_class(matrix, edition, i))
			edge =
			    strlen(item->class) > class_span(matrix, edition, i) * LETTERS
			    ? " from upright"
			    : " from";
		page_put(row, "item", item->name);
		page_put(row, "class", item->class);
		page_put(row, "edge", edge);
	}
}

static void
add_cells(struct matrix *matrix, struct value *group, const struct edition *edition)
{
	struct value *list = page_list(group, "cells");

	for (size_t i = 0; i < matrix->column_count; i++) {
		bool given = edition->items[matrix->columns[i]].given;
		bool edge = begins_class(matrix, edition, i);
		struct value *cell = page_row(list);

		page_put(cell, "word", given ? "given" : "withheld");
		page_put(cell, "sign",
		    given      ? edge ? "g from" : "g"
			: edge ? "w from"
			       : "w");
	}
}

/* Of words that commas join. */
static bool
has_word(const char *words, const char *word)
{
	size_t size = strlen(word);

	for (; *words; words += *words == ',') {
		size_t next = strcspn(words, ",");

		if (next == size && memcmp(words, word, size) == 0)
			return true;
		words += next;
	}
	return false;
}

static void
add_lowering(struct matrix *matrix, struct value *group, const struct line *line)
{
	const struct programme *programme = &matrix->view->session->config.programme;
	struct text text = { 0 };

	if (line->tier != line->to->partner->tier) {
		text_addf(&text, "Lowered from tier %s.", line->to->partner->tier->id);
		for (size_t i = 0; i < programme->rule_count; i++)
			if (programme->rules[i].tier == line->tier &&
			    has_word(line->rules, programme->rules[i].id))
				text_addf(&text, " Rule %s: %s.", programme->rules[i].id,
				    programme->rules[i].reason);
	}
	page_text(matrix->page, group, "lowered", &text);
	text_clear(&text);
}

static struct value *
add_group(struct matrix *matrix, struct value *groups, const struct line *line)
{
	struct value *group = page_row(groups);

	page_put(group, "tier", line->tier->id);
	page_put(group, "wave", line->wave->id);
	page_when(matrix->page, group, "opens", line->opens);
	add_lowering(matrix, group, line);
	add_cells(matrix, group, line->edition);
	add_choice(matrix->tiers, line->tier->id);
	add_choice(matrix->waves, line->wave->id);
	return page_list(group, "rows");
}

static struct value *
add_contact(struct matrix *matrix, struct value *rows, const struct contact *to)
{
	const struct partner *partner = to->partner;
	struct value *row = page_row(rows);
	struct text countries = { 0 };

	for (size_t i = 0; i < partner->country_count; i++) {
		text_addf(&countries, "%s%s", i ? " " : "", partner->countries[i]);
		add_choice(matrix->countries, partner->countries[i]);
	}
	page_put(row, "organisation", partner->organisation);
	page_put(row, "contact", to->to.id);
	page_put(row, "mail", to->to.mail);
	page_text(matrix->page, row, "countries", &countries);
	text_clear(&countries);
	return row;
}

static void
add_tag(struct value *tags, const char *kind, const char *word, const char *fact)
{
	struct value *tag = page_row(tags);

	page_put(tag, "kind", kind);
	page_put(tag, "word", word);
	page_put(tag, "fact", fact);
}

static void
add_state(struct matrix *matrix, struct value *row, const struct outlook *outlook)
{
	static const char *const words[] = { "known", "new", "changed" };
	bool blocked = outlook->key_state >= KEY_EARLY;
	struct value *tags = page_list(row, "tags");

	if (blocked)
		add_tag(tags, "blocked", "BLOCKED", outlook->key_trouble);
	if (outlook->novelty == NOVELTY_NEW)
		add_tag(tags, "new", "NEW", "");
	if (outlook->novelty == NOVELTY_CHANGED)
		add_tag(tags, "changed", "CHANGED", outlook->changes);
	page_format(matrix->page, row, "state", "%s%s", words[outlook->novelty],
	    blocked ? " blocked" : "");
}

static bool
has_room(struct matrix *matrix, const struct contact *to)
{
	size_t size = ROW_SIZE + CELL_SIZE * matrix->column_count + strlen(to->to.id) +
	    strlen(to->to.mail) + strlen(to->partner->organisation);

	if (matrix->left < size) {
		matrix->left = 0;
		return false;
	}
	matrix->left -= size;
	return true;
}

static void
add_absences(struct matrix *matrix)
{
	const struct plan *plan = matrix->view->plan;
	struct value *rows = page_list(value_map(matrix->map, "absent"), "rows");

	for (size_t i = 0; i < plan->absence_count; i++) {
		const struct absence *absence = &plan->absences[i];
		struct value *row = add_contact(matrix, rows, absence->to);

		page_put(row, "why", absence->why);
	}
	if (plan->absence_count)
		page_put(matrix->map, "any_absent", "yes");
}

static void
fill(struct matrix *matrix, const struct outlooks *outlooks)
{
	struct value *groups = page_list(matrix->map, "groups"), *rows = NULL;
	size_t unlisted = 0;

	if (outlooks->count) {
		order_columns(matrix, outlooks->all[0].line->edition);
		add_columns(matrix, outlooks->all[0].line->edition);
	}
	page_format(matrix->page, matrix->map, "fixed", "%d", FIXED);
	page_format(matrix->page, matrix->map, "beyond", "%zu", 1 + matrix->column_count);
	page_format(
	    matrix->page, matrix->map, "width", "%zu", FIXED + matrix->column_count);
	for (size_t i = 0; i < outlooks->count; i++) {
		const struct outlook *outlook = &outlooks->all[i];

		if (i == 0 || !outlook_alike(outlook, outlook - 1))
			rows = add_group(matrix, groups, outlook->line);
		if (has_room(matrix, outlook->line->to))
			add_state(matrix, add_contact(matrix, rows, outlook->line->to),
			    outlook);
		else
			unlisted++;
	}
	if (unlisted)
		page_count(matrix->page, matrix->map, "unlisted", unlisted, "contact");
	if (outlooks->count > LARGE)
		page_put(matrix->map, "large", "large");
	if (!matrix->view->only_count)
		add_absences(matrix);
}

void
page_matrix(struct page *page, struct value *map, const struct plan_view *view,
    const struct outlooks *outlooks)
{
	struct matrix matrix = {
		.page = page,
		.view = view,
		.map = value_map(map, "matrix"),
		.left = ROWS_MOST,
	};

	matrix.tiers = page_list(matrix.map, "tiers");
	matrix.countries = page_list(matrix.map, "countries");
	matrix.waves = page_list(matrix.map, "waves");
	fill(&matrix, outlooks);
	free(matrix.columns);
}
