/* template_node - what a template is once it is parsed; for the template's own files */
#ifndef POLICY_TEMPLATE_NODE_H
#define POLICY_TEMPLATE_NODE_H

#include "base/pool.h"
#include "policy/template.h"

enum { TEMPLATE_NESTING = 32 }; /* sections and partials within each other */

enum node_kind {
	NODE_TEXT,
	NODE_VARIABLE,
	NODE_SECTION,
	NODE_INVERTED,
	NODE_PARTIAL,
	NODE_VARIANT, /* a section that holds texts and bars alone */
	NODE_BAR, /* between two wordings of a variant */
};

/*
 * Nodes stand in one array, in the order of the source. The inside of a section is
 * what lies between it and its `end`. A text is at most one line.
 */
struct node {
	enum node_kind kind;
	unsigned line;
	const char *name; /* borrowed from the template; NULL for a text */
	const char
	    *bytes; /* a text, or the white space before a lone partial; borrowed */
	size_t size;
	bool begins; /* text: with it a line begins, so that indentation goes before it */
	bool alone; /* partial: the only thing on its line */
	bool raw; /* variable: never escaped */
	size_t end; /* section or variant: the first node behind it */
};

struct template
{
	const char *name; /* borrowed */
	char *source; /* owned */
	struct pool names;
	struct node *nodes; /* owned */
	size_t count;
};

#endif
