/* json - what a command answers to a program: one object, once, on stdout (Jansson) */
#ifndef CMD_JSON_H
#define CMD_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "base/error.h"

/* The version of the format; man forewarn-json says when it goes up. */
enum { JSON_FORMAT = 1 };

/*
 * An object or a list. What is put into another belongs to it. Keys are literals, and
 * stand in the order in which they were put. What is not known is left out: no null.
 */
struct json_t;

/* An answer begins with its format and its command, "keys list". */
struct json_t *json_answer(const char *command);
/* On one line, in ASCII; frees it. */
void json_say(struct json_t *answer);
/* Frees it unsaid: what it was about went wrong, and stderr says so. */
void json_drop(struct json_t *answer);

/* NULL and "" are left out; what is not clean UTF-8 goes in as \xNN. */
void json_put_text(struct json_t *object, const char *key, const char *value);
void json_put_number(struct json_t *object, const char *key, long long value);
void json_put_yes(struct json_t *object, const char *key, bool value);
/* RFC 3339 in UTC; 0 is left out. */
void json_put_when(struct json_t *object, const char *key, time_t when);
/* In hexadecimal digits. */
void json_put_bytes(
    struct json_t *object, const char *key, const void *bytes, size_t size);
/* All of them: the list is there even when it is empty. */
void json_put_mistakes(
    struct json_t *object, const char *key, const struct mistakes *mistakes);

/* A new list or object under the key, and a new object at a list's end: borrowed. */
struct json_t *json_put_list(struct json_t *object, const char *key);
struct json_t *json_put_object(struct json_t *object, const char *key);
struct json_t *json_add(struct json_t *list);

#endif
