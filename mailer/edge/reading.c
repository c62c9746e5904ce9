#include "edge/reading.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/when.h"
#include "policy/address.h"
#include "policy/name.h"

static bool
is_day(const char *value)
{
	time_t day;

	return when_parse_day(value, &day);
}

static bool
is_flag(const char *value)
{
	return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
}

const struct form form_id = { name_is_id,
	"is not a name; use a-z, 0-9, '.', '_' and '-', at most 64", false };
const struct form form_country = { name_is_country,
	"is not an ISO 3166 country code such as KR", false };
const struct form form_language = { name_is_language,
	"is not a language code such as ko or pt-br", false };
const struct form form_address = { address_ok,
	"is not a plain mail address such as name@host.example", false };
const struct form form_fingerprint = { name_is_fingerprint,
	"must be the full 40-digit fingerprint, in capitals and without blanks", true };
const struct form form_day = { is_day, "is not a day such as 2026-12-25", false };
const struct form form_flag = { is_flag, "is neither yes nor no", false };

void
read_refuse(const struct reading *reading, struct place place, const char *key,
    const char *value, const char *fault)
{
	struct text shown = { 0 };

	text_quote(&shown, value);
	mistakes_add(reading->mistakes, place, "[%s]: %s: '%s' %s",
	    reading->section->name, key, text_string(&shown), fault);
	text_clear(&shown);
}

static bool
fits(const struct reading *reading, struct place place, const char *key,
    const char *value, const struct form *form)
{
	if (!form || form->is(value))
		return true;
	if (form->secret)
		mistakes_add(reading->mistakes, place, "[%s]: %s: %s",
		    reading->section->name, key, form->fault);
	else
		read_refuse(reading, place, key, value, form->fault);
	return false;
}

const char *
read_need(const struct reading *reading, const char *key, const struct form *form)
{
	struct place place;
	const char *value = ini_need(reading->section, key, &place, reading->mistakes);

	return value && fits(reading, place, key, value, form) ? value : NULL;
}

const char *
read_may(const struct reading *reading, const char *key, const struct form *form)
{
	if (!ini_get(reading->section, key, NULL))
		return NULL;
	return read_need(reading, key, form);
}

/* Plain digits without a leading zero, as far as they go, up to 9 of them; 0: none. */
static size_t
digits(const char *value, unsigned *number)
{
	size_t size = strspn(value, "0123456789");

	if (size == 0 || size > 9 || value[0] == '0')
		return 0;
	*number = (unsigned)strtoul(value, NULL, 10);
	return size;
}

static bool
parse_bytes(const char *value, size_t *bytes)
{
	static const struct {
		const char *unit;
		size_t bytes;
	} units[] = { { "", 1 }, { "K", 1024 }, { "M", 1 << 20 } };
	unsigned number;
	size_t size = digits(value, &number);

	for (size_t i = 0; size && i < sizeof units / sizeof *units; i++) {
		if (strcmp(value + size, units[i].unit) != 0)
			continue;
		*bytes = number * units[i].bytes;
		return *bytes <= 1024 * units[2].bytes;
	}
	return false;
}

static bool
is_bytes(const char *value)
{
	size_t bytes;

	return parse_bytes(value, &bytes);
}

size_t
read_bytes(const struct reading *reading, const char *key, size_t absent)
{
	static const struct form form = { is_bytes,
		"is not a size such as 800K or 25M, at most 1024M", false };
	const char *value = read_may(reading, key, &form);
	size_t bytes = absent;

	if (value)
		parse_bytes(value, &bytes);
	return bytes;
}

static bool
is_span(const char *value)
{
	time_t seconds;

	return when_parse_span(value, &seconds);
}

time_t
read_span(const struct reading *reading, const char *key, time_t absent)
{
	static const struct form form = { is_span,
		"is not a span of time such as 90s, 30m, 48h or 14d", false };
	const char *value = read_may(reading, key, &form);
	time_t seconds = absent;

	if (value)
		when_parse_span(value, &seconds);
	return seconds;
}

unsigned
read_number(const struct reading *reading, const char *key, unsigned most)
{
	struct place place;
	const char *value = ini_need(reading->section, key, &place, reading->mistakes);
	unsigned number = 0;
	char *fault;

	if (!value)
		return 0;
	if (digits(value, &number) == strlen(value) && number <= most)
		return number;
	fault = mem_format("is not a whole number from 1 to %u", most);
	read_refuse(reading, place, key, value, fault);
	free(fault);
	return 0;
}

unsigned
read_may_number(const struct reading *reading, const char *key, unsigned most)
{
	struct place place;

	return ini_get(reading->section, key, &place) ? read_number(reading, key, most)
						      : 0;
}

struct list {
	const struct reading *reading;
	const char *key;
	const struct form *form;
	struct place place;
	const char **names;
	size_t count;
};

static void
add_element(void *ctx, const char *element, size_t size)
{
	struct list *list = ctx;
	const char *name = pool_keep(&list->reading->ini->strings, element, size);

	if (!fits(list->reading, list->place, list->key, name, list->form))
		return;
	for (size_t i = 0; i < list->count; i++) {
		if (strcmp(list->names[i], name) != 0)
			continue;
		read_refuse(list->reading, list->place, list->key, name,
		    "is there twice; remove one");
		return;
	}
	list->names = mem_room(list->names, list->count, sizeof *list->names);
	list->names[list->count++] = name;
}

size_t
read_list(const struct reading *reading, const char *key, const char *value,
    const struct form *form, const char ***names)
{
	struct list list = { .reading = reading, .key = key, .form = form };

	*names = NULL;
	if (!value)
		return 0;
	ini_get(reading->section, key, &list.place);
	if (!name_list(value, add_element, &list))
		mistakes_add(reading->mistakes, list.place,
		    "[%s]: %s: an element of the list is empty; remove the comma",
		    reading->section->name, key);
	*names = list.names;
	return list.count;
}

const struct tier *
read_tier(const struct reading *reading, const char *key, const char *id,
    const struct programme *programme)
{
	const struct tier *tier = id ? programme_tier(programme, id) : NULL;
	struct place place;

	/* Without any the mistake is that of forewarn.ini, and said there. */
	if (id && !tier && programme->tier_count) {
		ini_get(reading->section, key, &place);
		read_refuse(reading, place, key, id,
		    "is not a tier of forewarn.ini; add its section or correct the name");
	}
	return tier;
}

static bool
is_answer(const char *value)
{
	return strcmp(value, "yes") == 0 || strcmp(value, "no") == 0;
}

bool
read_yes(const struct reading *reading, const char *key)
{
	static const struct form form = { is_answer, "is neither yes nor no", false };
	const char *value = read_may(reading, key, &form);

	return value && strcmp(value, "yes") == 0;
}

static bool
is_seal(const char *value)
{
	return strcmp(value, "shared") == 0 || strcmp(value, "alone") == 0;
}

bool
read_alone(const struct reading *reading)
{
	static const struct form form = { is_seal, "is neither shared nor alone", false };
	const char *value = read_may(reading, "seal", &form);

	return value && strcmp(value, "alone") == 0;
}
