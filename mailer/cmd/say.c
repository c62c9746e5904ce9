#include "cmd/say.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/when.h"
#include "cmd/colour.h"

void
say(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

void
say_next(const char *format, ...)
{
	va_list arguments;

	if (!isatty(STDOUT_FILENO))
		return;
	printf("next: ");
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
}

/*
 * What stands at the end of stderr, which is one for the whole process, as is this;
 * guarded by its lock.
 */
static char *standing; /* owned */

static void
lift(void)
{
	if (standing)
		fputs("\r\033[K", stderr);
}

static void
put_back(void)
{
	if (standing)
		fputs(standing, stderr);
	fflush(stderr);
}

void
say_standing(const char *line)
{
	flockfile(stderr);
	lift();
	free(standing);
	standing = line ? mem_string(line) : NULL;
	put_back();
	funlockfile(stderr);
}

bool
say_wrong(const char *format, ...)
{
	va_list arguments;

	fflush(stdout); /* so that both read in order on one terminal */
	flockfile(stderr); /* a line stays whole, whichever thread says it */
	lift();
	fputs("forewarn: ", stderr);
	va_start(arguments, format);
	vfprintf(stderr, format, arguments);
	va_end(arguments);
	fputc('\n', stderr);
	put_back();
	funlockfile(stderr);
	return false;
}

void
say_mistakes(const struct mistakes *mistakes)
{
	fflush(stdout);
	flockfile(stderr);
	lift();
	for (size_t i = 0; i < mistakes->count; i++) {
		if (mistakes->all[i].warning)
			fprintf(stderr, "%swarning:%s ",
			    colour(STDERR_FILENO, COLOUR_CARE),
			    colour(STDERR_FILENO, COLOUR_NONE));
		fprintf(stderr, "%s\n", mistakes->all[i].message);
	}
	put_back();
	funlockfile(stderr);
}

void
say_when(struct text *text, time_t when, time_t now)
{
	when_write(text, when);
	text_adds(text, " (");
	when_local(text, when);
	text_adds(text, when > now ? "), in " : "), ");
	when_span(text, when > now ? when - now : now - when);
	if (when <= now)
		text_adds(text, " ago");
}

bool
say_flush(void)
{
	return fflush(stdout) == 0 && !ferror(stdout);
}
