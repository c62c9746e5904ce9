#include "policy/template_scan.h"

#include <string.h>

static const char white[] = " \t\r\n";
static const char marks[] = "!=#^/>&{<$";

bool
scan_is_mark(char byte)
{
	return memchr(marks, byte, sizeof marks - 1);
}

void
scan_start(struct scanner *scanner, const char *source, size_t size)
{
	*scanner = (struct scanner){
		.source = source,
		.end = source + size,
		.at = source,
		.line = 1,
		.open = { "{{", 2 },
		.close = { "}}", 2 },
	};
}

static const char *
find(const char *from, const char *to, struct span what)
{
	return memmem(from, (size_t)(to - from), what.bytes, what.size);
}

static unsigned
count_feeds(const char *from, const char *to)
{
	unsigned feeds = 0;

	while ((from = memchr(from, '\n', (size_t)(to - from)))) {
		feeds++;
		from++;
	}
	return feeds;
}

/* A tag ends in a delimiter, which is never white space, so that this sees only text. */
bool
scan_begins_line(const struct scanner *scanner, const char *at)
{
	return at == scanner->source || at[-1] == '\n';
}

static bool
is_white(char byte)
{
	return memchr(white, byte, sizeof white - 1);
}

static struct span
trimmed(const char *from, const char *to)
{
	while (from < to && is_white(*from))
		from++;
	while (from < to && is_white(to[-1]))
		to--;
	return (struct span){ from, (size_t)(to - from) };
}

static size_t
word_size(struct span span)
{
	size_t size = 0;

	while (size < span.size && !is_white(span.bytes[size]))
		size++;
	return size;
}

static bool
is_delimiter(struct span word)
{
	return word.size && word.size <= DELIMITER_MOST && word_size(word) == word.size &&
	    !memchr(word.bytes, '=', word.size);
}

bool
scan_set_delimiters(struct scanner *scanner, struct span content)
{
	const char *end = content.bytes + content.size;
	struct span open = { content.bytes, word_size(content) };
	struct span close = trimmed(open.bytes + open.size, end);

	if (!is_delimiter(open) || !is_delimiter(close))
		return false;
	scanner->open = open;
	scanner->close = close;
	return true;
}

/* The closing delimiter, with the mark before it that {{{x}}} and {{=x=}} ask for. */
static const char *
find_close(const struct scanner *scanner, const char *content, char before)
{
	const char *from = content, *close;

	while ((close = find(from, scanner->end, scanner->close))) {
		if (!before || (close > content && close[-1] == before))
			return close;
		from = close + 1;
	}
	return NULL;
}

/* The opening delimiter of another tag in one that should have ended before it, or NULL. */
static const char *
find_next(const struct scanner *scanner, const struct token *token)
{
	struct span open = scanner->open, content = token->content;

	if (token->mark == '!' || token->mark == '=')
		return NULL;
	if (open.size == scanner->close.size &&
	    memcmp(open.bytes, scanner->close.bytes, open.size) == 0)
		return NULL;
	return find(content.bytes, content.bytes + content.size, open);
}

/*
 * Reads the mark and the content of the tag at `from`; returns what is behind it. A
 * tag that has not ended goes up to the next one, so that more mistakes are found.
 */
static const char *
read_tag(const struct scanner *scanner, const char *from, struct token *token)
{
	const char *content = from + scanner->open.size, *close, *next;
	char before = '\0';

	if (content < scanner->end && scan_is_mark(*content))
		token->mark = *content++;
	if (token->mark == '{')
		before = '}';
	if (token->mark == '=')
		before = '=';
	close = find_close(scanner, content, before);
	if (!close)
		return scanner->end;
	token->content = trimmed(content, before ? close - 1 : close);
	next = find_next(scanner, token);
	if (next)
		return next;
	token->ended = true;
	return close + scanner->close.size;
}

/*
 * A tag that writes nothing itself takes its whole line along, from `from` up to
 * what is returned, if nothing else is on it.
 */
static const char *
take_line(
    const struct scanner *scanner, struct token *token, const char *from, const char *to)
{
	const char *line = from, *end = to;

	while (line > scanner->at && (line[-1] == ' ' || line[-1] == '\t'))
		line--;
	while (end < scanner->end && (*end == ' ' || *end == '\t'))
		end++;
	if (end + 1 < scanner->end && end[0] == '\r' && end[1] == '\n')
		end++;
	if (end < scanner->end && *end != '\n')
		return to;
	if (!scan_begins_line(scanner, line))
		return to;
	token->alone = true;
	token->indent = (struct span){ line, (size_t)(from - line) };
	token->before.size -= token->indent.size;
	return end < scanner->end ? end + 1 : end;
}

bool
scan_tag(struct scanner *scanner, struct token *token)
{
	const char *from = find(scanner->at, scanner->end, scanner->open), *to;

	if (!from)
		return false;
	*token = (struct token){
		.before = { scanner->at, (size_t)(from - scanner->at) },
		.before_line = scanner->line,
		.line = scanner->line + count_feeds(scanner->at, from),
		.begins = scan_begins_line(scanner, from),
	};
	to = read_tag(scanner, from, token);
	if (token->ended && token->mark && token->mark != '&' && token->mark != '{')
		to = take_line(scanner, token, from, to);
	scanner->line = token->line + count_feeds(from, to);
	scanner->at = to;
	return true;
}
