#include "edge/stock.h"

#include <string.h>

const struct stock *
stock_find(const char *name)
{
	for (size_t i = 0; i < stock_count; i++)
		if (strcmp(stock_all[i].name, name) == 0)
			return &stock_all[i];
	return NULL;
}

const char *
stock_below(const struct stock *stock, const char *prefix)
{
	size_t size = strlen(prefix);

	return strncmp(stock->name, prefix, size) == 0 ? stock->name + size : NULL;
}

/* The value whose @NAME@ begins here; NULL: none. */
static const struct stock_value *
value_at(const char *at, const struct stock_value values[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t size = strlen(values[i].name);

		if (strncmp(at + 1, values[i].name, size) == 0 && at[1 + size] == '@')
			return &values[i];
	}
	return NULL;
}

void
stock_fill(struct text *text, const struct stock *stock,
    const struct stock_value values[], size_t count)
{
	const char *rest = stock->bytes, *at = rest;

	while ((at = strchr(at, '@'))) {
		const struct stock_value *value = value_at(at, values, count);

		if (!value) {
			at++;
			continue;
		}
		text_add(text, rest, (size_t)(at - rest));
		text_adds(text, value->value);
		rest = at += strlen(value->name) + 2;
	}
	text_adds(text, rest);
}
