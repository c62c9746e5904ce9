#include "cmd/page_editions.h"

#include <string.h>

/* All texts together; personal editions can be as many as there are contacts. */
enum { TEXTS_MOST = 4 << 20 };

static void
add_files(struct value *map, const struct edition *edition)
{
	const struct value *files = edition_files(edition);
	struct value *list = page_list(map, "files");

	for (size_t i = 0; files && i < files->count; i++) {
		const struct value *file = files->children[i];
		struct value *row = page_row(list);

		page_put(row, "file", value_child(file, "file")->bytes);
		page_put(row, "size", value_child(file, "size")->bytes);
		page_put(row, "sha256", value_child(file, "sha256")->bytes);
	}
	if (list->count)
		page_put(map, "any_file", "yes");
}

static void
add_withheld(struct value *map, const struct edition *edition)
{
	struct value *list = page_list(map, "withheld");

	for (size_t i = 0; i < edition->item_count; i++) {
		struct value *row;

		if (edition->items[i].given)
			continue;
		row = page_row(list);
		page_put(row, "item", edition->items[i].name);
		page_put(row, "class", edition->items[i].class);
	}
	if (list->count)
		page_put(map, "any_withheld", "yes");
}

static void
add_contacts(struct page *page, struct value *map, const struct edition *edition,
    const struct outlooks *outlooks)
{
	struct text names = { 0 };

	for (size_t i = 0; i < outlooks->count; i++)
		if (outlooks->all[i].line->edition == edition)
			text_addf(&names, "%s%s", names.size ? ", " : "",
			    outlooks->all[i].line->to->to.id);
	page_text(page, map, "contacts_of", &names);
	text_clear(&names);
}

static void
add_edition(struct page *page, struct value *list, const struct readership *readership,
    const struct outlooks *outlooks)
{
	const struct edition *edition = readership->edition;
	struct value *row = page_row(list);
	struct text digest = { 0 };

	text_hex(&digest, edition->digest, DIGEST_SIZE);
	page_format(page, row, "id", "edition-%zu", list->count);
	page_put(row, "tier", edition->tier->id);
	page_put(row, "language", edition->language);
	page_put(row, "person", edition->owner ? edition->owner : "");
	page_put(row, "partly", edition->fell_back ? "partly" : "");
	page_count(page, row, "count", readership->contacts, "contact");
	page_put(row, "subject", text_string(&edition->subject));
	page_put(row, "text", text_string(&edition->text));
	page_text(page, row, "digest_of", &digest);
	add_contacts(page, row, edition, outlooks);
	add_files(row, edition);
	add_withheld(row, edition);
	text_clear(&digest);
}

void
page_editions(struct page *page, struct value *map, const struct outlooks *outlooks)
{
	struct value *list = page_list(map, "editions");
	size_t left = TEXTS_MOST, i;

	for (i = 0; i < outlooks->edition_count; i++) {
		const struct edition *edition = outlooks->editions[i].edition;

		if (i && edition->text.size > left)
			break;
		left -= edition->text.size < left ? edition->text.size : left;
		add_edition(page, list, &outlooks->editions[i], outlooks);
	}
	if (i < outlooks->edition_count)
		page_format(page, map, "unread", "%zu", outlooks->edition_count - i);
	if (i > 1)
		page_put(map, "comparable", "yes");
}
