#include "cmd/json.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/when.h"

/* Nothing fails here: there is memory or an end, and strings are clean. */
struct json_t *
json_answer(const char *command)
{
	json_t *answer;

	json_set_alloc_funcs(mem_new, free);
	answer = json_object();
	json_put_number(answer, "forewarn", JSON_FORMAT);
	json_put_text(answer, "command", command);
	return answer;
}

void
json_say(struct json_t *answer)
{
	json_dumpf(answer, stdout, JSON_COMPACT | JSON_ENSURE_ASCII);
	putchar('\n');
	json_decref(answer);
}

void
json_drop(struct json_t *answer)
{
	json_decref(answer);
}

void
json_put_text(struct json_t *object, const char *key, const char *value)
{
	struct text clean = { 0 };

	if (!value || !*value)
		return;
	text_clean(&clean, value, (size_t)-1);
	json_object_set_new(object, key, json_string(text_string(&clean)));
	text_clear(&clean);
}

void
json_put_number(struct json_t *object, const char *key, long long value)
{
	json_object_set_new(object, key, json_integer(value));
}

void
json_put_yes(struct json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

void
json_put_when(struct json_t *object, const char *key, time_t when)
{
	struct text text = { 0 };

	if (when)
		when_write(&text, when);
	json_put_text(object, key, text_string(&text));
	text_clear(&text);
}

void
json_put_bytes(struct json_t *object, const char *key, const void *bytes, size_t size)
{
	struct text text = { 0 };

	text_hex(&text, bytes, size);
	json_put_text(object, key, text_string(&text));
	text_clear(&text);
}

void
json_put_mistakes(struct json_t *object, const char *key, const struct mistakes *mistakes)
{
	struct json_t *list = json_put_list(object, key);

	for (size_t i = 0; i < mistakes->count; i++) {
		const struct mistake *mistake = &mistakes->all[i];
		struct json_t *one = json_add(list);

		json_put_text(one, "file", mistake->file);
		if (mistake->line)
			json_put_number(one, "line", mistake->line);
		json_put_text(one, "message", mistake->fact);
		json_put_yes(one, "warning", mistake->warning);
	}
}

struct json_t *
json_put_list(struct json_t *object, const char *key)
{
	json_t *list = json_array();

	json_object_set_new(object, key, list);
	return list;
}

struct json_t *
json_put_object(struct json_t *object, const char *key)
{
	json_t *child = json_object();

	json_object_set_new(object, key, child);
	return child;
}

struct json_t *
json_add(struct json_t *list)
{
	json_t *object = json_object();

	json_array_append_new(list, object);
	return object;
}
