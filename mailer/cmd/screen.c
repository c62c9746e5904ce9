#include "cmd/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/text.h"
#include "base/utf8.h"
#include "cmd/say.h"

enum { HANGING = 2 };

size_t
screen_width(int fd)
{
	struct winsize size;

	if (!isatty(fd) || ioctl(fd, TIOCGWINSZ, &size) != 0)
		return 0;
	return size.ws_col;
}

bool
screen_redraws(int fd)
{
	const char *term = getenv("TERM");

	return term && *term && strcmp(term, "dumb") != 0 && isatty(fd);
}

/* Columns of a word; what sets a colour takes none. */
static size_t
columns_of(const char *word, size_t size)
{
	struct text shown = { 0 };
	size_t columns;

	for (size_t i = 0; i < size; i++)
		if (word[i] == '\033')
			i += strcspn(word + i, "m");
		else
			text_addc(&shown, word[i]);
	columns = utf8_columns(text_string(&shown));
	text_clear(&shown);
	return columns;
}

void
screen_say(size_t indent, const char *words, size_t width)
{
	struct text line = { 0 };
	size_t used = indent;

	text_addf(&line, "%*s", (int)indent, "");
	for (size_t gap, size; *words; words += gap + size) {
		size_t columns;

		gap = strspn(words, " ");
		size = strcspn(words + gap, " ");
		columns = columns_of(words + gap, size);
		if (width && used > indent && used + gap + columns > width) {
			say("%s", text_string(&line));
			text_clear(&line);
			used = indent + HANGING;
			text_addf(&line, "%*s", (int)used, "");
		} else {
			text_add(&line, words, gap);
			used += gap;
		}
		text_add(&line, words + gap, size);
		used += columns;
	}
	say("%s", text_string(&line));
	text_clear(&line);
}
