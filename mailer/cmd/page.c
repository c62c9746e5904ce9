#include "cmd/page.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "base/mem.h"
#include "base/when.h"
#include "edge/stock.h"
#include "policy/template.h"

void
page_open(struct page *page, const char *title)
{
	*page = (struct page){ .values = value_new(VALUE_MAP, NULL, NULL) };
	page_put(value_map(page->values, "page"), "title",
	    pool_keep(&page->strings, title, strlen(title)));
}

void
page_close(struct page *page)
{
	value_free(page->values);
	pool_clear(&page->strings);
	*page = (struct page){ 0 };
}

void
page_put(struct value *map, const char *name, const char *string)
{
	value_add(map, value_string(name, NULL, string, strlen(string)));
}

void
page_format(
    struct page *page, struct value *map, const char *name, const char *format, ...)
{
	va_list arguments;
	char *string;

	va_start(arguments, format);
	if (vasprintf(&string, format, arguments) < 0)
		string = NULL;
	va_end(arguments);
	string = mem_made(string);
	page_put(map, name, pool_keep(&page->strings, string, strlen(string)));
	free(string);
}

void
page_text(struct page *page, struct value *map, const char *name, const struct text *text)
{
	page_put(map, name, pool_keep(&page->strings, text_string(text), text->size));
}

void
page_count(struct page *page, struct value *map, const char *name, size_t count,
    const char *noun)
{
	page_format(page, map, name, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

void
page_when(struct page *page, struct value *map, const char *name, time_t when)
{
	struct value *both = value_map(map, name);
	struct text iso = { 0 };
	struct tm tm = { 0 };
	char utc[64] = "";

	when_write(&iso, when);
	gmtime_r(&when, &tm);
	strftime(utc, sizeof utc, "%a %Y-%m-%d %H:%M UTC", &tm);
	page_text(page, both, "iso", &iso);
	page_format(page, both, "utc", "%s", utc);
	text_clear(&iso);
}

void
page_day(struct page *page, struct value *map, const char *name, time_t when)
{
	struct tm tm = { 0 };
	char day[32] = "";

	gmtime_r(&when, &tm);
	strftime(day, sizeof day, "%a %e %b", &tm);
	page_format(page, map, name, "%s", day);
}

void
page_span(struct page *page, struct value *map, const char *name, time_t when, time_t now)
{
	struct text span = { 0 };

	when_span(&span, when > now ? when - now : now - when);
	page_format(page, map, name, when > now ? "in %s" : "%s ago", text_string(&span));
	text_clear(&span);
}

struct value *
page_list(struct value *map, const char *name)
{
	struct value *list = value_new(VALUE_LIST, name, NULL);

	value_add(map, list);
	return list;
}

struct value *
page_row(struct value *list)
{
	struct value *row = value_new(VALUE_MAP, NULL, NULL);

	value_add(list, row);
	return row;
}

/* The templates of one rendering: each is parsed when it is first asked for. */
struct shelf {
	struct map parsed;
	struct pool names;
	struct mistakes *mistakes;
};

static const struct stock *
find(struct shelf *shelf, const char *name)
{
	return stock_find(pool_format(&shelf->names, "templates/page/%s.mustache", name));
}

static const struct template *
take(void *ctx, const char *name)
{
	struct shelf *shelf = ctx;
	const struct stock *stock = find(shelf, name);
	struct template *template;

	if (!stock)
		return NULL;
	template = map_get(&shelf->parsed, stock->name);
	if (template)
		return template;
	template =
	    template_parse(stock->name, stock->bytes, stock->size, shelf->mistakes);
	if (template)
		map_put(&shelf->parsed, stock->name, template);
	return template;
}

static void
put_back(struct shelf *shelf)
{
	for (size_t i = 0; i < shelf->parsed.room; i++)
		template_free(shelf->parsed.slots[i].thing);
	map_clear(&shelf->parsed);
	pool_clear(&shelf->names);
}

/* As a Content-Security-Policy wants it, of the partial's bytes: they hold no tag. */
static void
put_hash(struct page *page, struct shelf *shelf, const char *name)
{
	const struct stock *stock = find(shelf, name);
	unsigned char digest[DIGEST_SIZE];
	struct text hash = { 0 };

	if (!stock)
		return;
	digest_sha256(digest, stock->bytes, stock->size);
	text_adds(&hash, "sha256-");
	text_base64(&hash, digest, sizeof digest, 0);
	page_text(page, value_map(page->values, "page"), name, &hash);
	text_clear(&hash);
}

bool
page_render(struct text *html, struct page *page, const char *name, struct error *err)
{
	struct mistakes mistakes = { 0 };
	struct shelf shelf = { .mistakes = &mistakes };
	struct rendering rendering = { .html = true, .partial = take, .ctx = &shelf };
	const struct template *template = take(&shelf, name);
	bool ok = false;

	put_hash(page, &shelf, "style");
	put_hash(page, &shelf, "script");
	if (template)
		ok = template_render(html, template, page->values, &rendering, &mistakes);
	if (!ok)
		error_set(err, "%s: %s", name,
		    mistakes.count ? mistakes.all[0].message : "no page of that name");
	put_back(&shelf);
	mistakes_clear(&mistakes);
	return ok;
}
