#include "base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"

static void
write_place(struct text *text, struct place place)
{
	if (!place.file)
		return;
	text_adds(text, place.file);
	if (place.line)
		text_addf(text, ":%u", place.line);
	text_adds(text, ": ");
}

bool
error_set(struct error *err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(err->message, sizeof err->message, format, arguments);
	va_end(arguments);
	err->passes = false;
	err->line = 0;
	err->file = err->fact = 0;
	return false;
}

bool
error_at(struct error *err, struct place place, const char *format, ...)
{
	char fact[sizeof err->message];
	struct text message = { 0 };
	va_list arguments;
	size_t before;

	va_start(arguments, format);
	vsnprintf(fact, sizeof fact, format, arguments);
	va_end(arguments);
	write_place(&message, place);
	before = message.size;
	text_adds(&message, fact);
	error_set(err, "%s", text_string(&message));
	if (before < sizeof err->message) { /* else a name filled it all */
		err->line = place.line;
		err->file = place.file ? strlen(place.file) : 0;
		err->fact = before;
	}
	text_clear(&message);
	return false;
}

/* One mistake in a template shows in every edition: say it once. */
static bool
is_known(const struct mistakes *mistakes, const char *message)
{
	for (size_t i = 0; i < mistakes->count; i++)
		if (strcmp(mistakes->all[i].message, message) == 0)
			return true;
	return false;
}

/* The first `before` bytes of the message are its place. */
static void
keep(struct mistakes *mistakes, bool warning, const char *file, unsigned line,
    const char *message, size_t before)
{
	struct mistake mistake = { .warning = warning, .line = line };

	mistakes->errors += !warning;
	if (is_known(mistakes, message))
		return;
	mistake.message = mem_string(message);
	mistake.fact = mistake.message + before;
	mistake.file = file ? mem_string(file) : NULL;
	mistakes->all = mem_room(mistakes->all, mistakes->count, sizeof *mistakes->all);
	mistakes->all[mistakes->count++] = mistake;
}

static void __attribute__((format(printf, 4, 0))) add(struct mistakes *mistakes,
    bool warning, struct place place, const char *format, va_list arguments)
{
	struct text message = { 0 };
	char fact[512];
	size_t before;

	vsnprintf(fact, sizeof fact, format, arguments);
	write_place(&message, place);
	before = message.size;
	text_adds(&message, fact);
	keep(mistakes, warning, place.file, place.line, text_string(&message), before);
	text_clear(&message);
}

void
mistakes_add(struct mistakes *mistakes, struct place place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(mistakes, false, place, format, arguments);
	va_end(arguments);
}

void
mistakes_warn(struct mistakes *mistakes, struct place place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add(mistakes, true, place, format, arguments);
	va_end(arguments);
}

void
mistakes_error(struct mistakes *mistakes, const struct error *err)
{
	char *file = err->file ? mem_format("%.*s", (int)err->file, err->message) : NULL;

	keep(mistakes, false, file, err->line, err->message, err->fact);
	mistakes->passing += err->passes;
	free(file);
}

void
mistakes_clear(struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++) {
		free(mistakes->all[i].message);
		free(mistakes->all[i].file);
	}
	free(mistakes->all);
	*mistakes = (struct mistakes){ 0 };
}
