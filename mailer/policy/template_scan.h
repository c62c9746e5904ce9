/* template_scan - where the tags of a template are, and what goes with them */
#ifndef POLICY_TEMPLATE_SCAN_H
#define POLICY_TEMPLATE_SCAN_H

#include <stdbool.h>
#include <stddef.h>

enum { DELIMITER_MOST = 32 };

struct span {
	const char *bytes; /* borrowed from the source */
	size_t size;
};

struct scanner {
	const char *source, *end; /* borrowed */
	const char *at; /* what is still to be read */
	unsigned line; /* of at */
	struct span open, close; /* the delimiters */
};

struct token {
	struct span before; /* text that stays, from the last tag on */
	unsigned before_line;
	unsigned line;
	bool ended; /* else: the closing delimiter is not there */
	char mark; /* NUL: a plain variable */
	struct span content; /* between the delimiters, trimmed */
	bool begins; /* a line begins with it */
	bool alone; /* nothing but white space shared its lines, and is gone with it */
	struct span indent; /* where it is alone: the white space before it */
};

bool scan_is_mark(char byte); /* what makes a tag more than a plain variable */

void scan_start(struct scanner *scanner, const char *source, size_t size);
/* The next tag; false when there is none, and the rest is text. */
bool scan_tag(struct scanner *scanner, struct token *token);
/* The content of a {{=tag=}}; false when it is none, and nothing is changed. */
bool scan_set_delimiters(struct scanner *scanner, struct span content);

/* Whether a line of the source begins there. */
bool scan_begins_line(const struct scanner *scanner, const char *at);

#endif
