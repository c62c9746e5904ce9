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
	return false;
}

bool
error_at(struct error *err, struct place place, const char *format, ...)
{
	char fact[sizeof err->message];
	struct text message = { 0 };
	va_list arguments;

	va_start(arguments, format);
	vsnprintf(fact, sizeof fact, format, arguments);
	va_end(arguments);
	write_place(&message, place);
	text_adds(&message, fact);
	error_set(err, "%s", text_string(&message));
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

static void __attribute__((format(printf, 4, 0))) add(struct mistakes *mistakes,
    bool warning, struct place place, const char *format, va_list arguments)
{
	struct text message = { 0 };
	char fact[512];

	vsnprintf(fact, sizeof fact, format, arguments);
	write_place(&message, place);
	text_adds(&message, fact);
	if (!is_known(mistakes, text_string(&message))) {
		mistakes->all =
		    mem_room(mistakes->all, mistakes->count, sizeof *mistakes->all);
		mistakes->all[mistakes->count++] =
		    (struct mistake){ warning, mem_string(text_string(&message)) };
	}
	mistakes->errors += !warning;
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
	mistakes_add(mistakes, (struct place){ NULL, 0 }, "%s", err->message);
	mistakes->passing += err->passes;
}

void
mistakes_clear(struct mistakes *mistakes)
{
	for (size_t i = 0; i < mistakes->count; i++)
		free(mistakes->all[i].message);
	free(mistakes->all);
	*mistakes = (struct mistakes){ 0 };
}
