/* reading - the keys of one INI section as what they mean */
#ifndef EDGE_READING_H
#define EDGE_READING_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"
#include "edge/ini.h"
#include "policy/programme.h"

struct reading {
	struct ini *ini; /* its strings keep what is made here */
	struct ini_section *section;
	struct mistakes *mistakes;
};

/* What a value must be. `fault` follows the quoted value: "'x' is not ...". */
struct form {
	bool (*is)(const char *value);
	const char *fault;
	bool secret; /* the value is not quoted in messages */
};

/* A mistake about the value of a key: "[section]: key: 'value' FAULT". */
void read_refuse(const struct reading *reading, struct place place, const char *key,
    const char *value, const char *fault);

/*
 * The value, or NULL: absent, or a mistake that is added. A missing key is a mistake
 * for read_need alone; an empty value is one for both. form NULL: any line.
 */
const char *read_need(
    const struct reading *reading, const char *key, const struct form *form);
const char *read_may(
    const struct reading *reading, const char *key, const struct form *form);

/* These return `absent` when the key is not there, and after a mistake. */
size_t read_bytes(
    const struct reading *reading, const char *key, size_t absent); /* 25M */
time_t read_span(const struct reading *reading, const char *key, time_t absent); /* 48h */

/* yes | no; false when it is not there. */
bool read_yes(const struct reading *reading, const char *key);

/* seal = shared | alone; true when it is alone. */
bool read_alone(const struct reading *reading);

/* A whole number from 1 to `most`; 0 after a mistake, of which absence is one. */
unsigned read_number(const struct reading *reading, const char *key, unsigned most);

/* The same, but for absence: 0. */
unsigned read_may_number(const struct reading *reading, const char *key, unsigned most);

/*
 * A comma list without repeats, each element of the form; the caller frees *names.
 * `value` is what a read_need or read_may returned; NULL is an empty list.
 */
size_t read_list(const struct reading *reading, const char *key, const char *value,
    const struct form *form, const char ***names);

/* The tier of that id, as the key names it. NULL: no such tier, a mistake; or id is NULL. */
const struct tier *read_tier(const struct reading *reading, const char *key,
    const char *id, const struct programme *programme);

extern const struct form form_id, form_country, form_language, form_address,
    form_fingerprint, form_day, form_flag;

#endif
