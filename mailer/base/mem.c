#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

/*
 * Nothing sensible can be done without memory. Ending here is the same as a
 * crash, which every state of a delivery survives; 75 tells cron to try again.
 */
void
mem_out(void)
{
	static const char message[] = "forewarn: out of memory\n";
	ssize_t wrote = write(STDERR_FILENO, message, sizeof message - 1);

	(void)wrote; /* there is nothing else to be done */
	_exit(EX_TEMPFAIL);
}

void *
mem_made(void *thing)
{
	if (!thing)
		mem_out();
	return thing;
}

void *
mem_new(size_t size)
{
	return mem_made(calloc(1, size ? size : 1));
}

void *
mem_array(size_t count, size_t size)
{
	return mem_made(calloc(count ? count : 1, size ? size : 1));
}

char *
mem_string(const char *string)
{
	return mem_made(strdup(string));
}

char *
mem_format(const char *format, ...)
{
	char *string;
	va_list arguments;

	va_start(arguments, format);
	if (vasprintf(&string, format, arguments) < 0)
		string = NULL;
	va_end(arguments);
	return mem_made(string);
}

void *
mem_room(void *array, size_t count, size_t size)
{
	size_t room;

	if (count & (count - 1)) /* between powers of two there is room */
		return array;
	room = count ? 2 * count : 1;
	if (room > SIZE_MAX / 2 / size)
		mem_out();
	array = mem_made(realloc(array, room * size));
	memset((char *)array + count * size, 0, (room - count) * size);
	return array;
}
