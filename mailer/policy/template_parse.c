#include "policy/template.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "policy/template_node.h"
#include "policy/template_scan.h"
#include "policy/template_variant.h"

enum { SOURCE_MOST = 1 << 20, NAME_MOST = 128 };

struct parser {
	struct template *template;
	struct scanner scanner;
	size_t sections[TEMPLATE_NESTING]; /* those still open, innermost last */
	size_t section_count;
	struct mistakes *mistakes;
};

static struct place
place_of(const struct parser *parser, unsigned line)
{
	return (struct place){ parser->template->name, line };
}

static struct node *
add_node(struct parser *parser, enum node_kind kind, unsigned line)
{
	struct template *template = parser->template;
	struct node *node;

	template->nodes =
	    mem_room(template->nodes, template->count, sizeof *template->nodes);
	node = &template->nodes[template->count++];
	node->kind = kind;
	node->line = line;
	return node;
}

static void
add_text(struct parser *parser, const char *bytes, size_t size, unsigned line)
{
	struct node *node = add_node(parser, NODE_TEXT, line);

	node->bytes = bytes;
	node->size = size;
	node->begins = scan_begins_line(&parser->scanner, bytes);
}

static struct node *
open_at(const struct parser *parser, size_t depth)
{
	return &parser->template->nodes[parser->sections[depth - 1]];
}

static bool
in_variant(const struct parser *parser)
{
	return parser->section_count &&
	    open_at(parser, parser->section_count)->kind == NODE_VARIANT;
}

/* The bar of a variant at the start, which takes its line along if it is alone; 0: none. */
static size_t
bar(const struct parser *parser, struct span text)
{
	if (*text.bytes != '|' || !in_variant(parser))
		return 0;
	return text.size > 1 && text.bytes[1] == '\n' &&
		scan_begins_line(&parser->scanner, text.bytes)
	    ? 2
	    : 1;
}

/* A node a line, since a partial may be indented; and one a wording. */
static void
add_lines(struct parser *parser, struct span text, unsigned line)
{
	while (text.size) {
		const char *feed = memchr(text.bytes, '\n', text.size);
		size_t size = bar(parser, text);

		if (size)
			add_node(parser, NODE_BAR, line);
		else {
			size = feed ? (size_t)(feed + 1 - text.bytes) : text.size;
			for (size_t i = 0; i < size && in_variant(parser); i++)
				if (text.bytes[i] == '|')
					size = i;
			add_text(parser, text.bytes, size, line);
		}
		line += text.bytes[size - 1] == '\n';
		text.bytes += size;
		text.size -= size;
	}
}

static bool
has_empty_part(struct span name)
{
	if (name.bytes[0] == '.' || name.bytes[name.size - 1] == '.')
		return name.size > 1;
	return memmem(name.bytes, name.size, "..", 2);
}

static bool
is_name(struct span name)
{
	if (name.size > NAME_MOST || !utf8_line(name.bytes, name.size))
		return false;
	if (memchr(name.bytes, ' ', name.size) || scan_is_mark(name.bytes[0]))
		return false;
	return !has_empty_part(name);
}

/* NULL after a mistake. */
static const char *
take_name(struct parser *parser, const struct token *token)
{
	struct place place = place_of(parser, token->line);
	struct span name = token->content;
	struct text quoted = { 0 };
	const char *kept;

	if (!name.size) {
		mistakes_add(parser->mistakes, place, "a tag has no name");
		return NULL;
	}
	kept = pool_keep(&parser->template->names, name.bytes, name.size);
	if (is_name(name))
		return kept;
	text_quote(&quoted, kept);
	mistakes_add(parser->mistakes, place, "'%s' is not a name", text_string(&quoted));
	text_clear(&quoted);
	return NULL;
}

/* One without a name is opened too, and closed by any: that is one mistake, not two. */
static void
open_section(struct parser *parser, const struct token *token)
{
	const char *name = take_name(parser, token);
	enum node_kind kind = token->mark == '#' ? NODE_SECTION : NODE_INVERTED;

	if (name && strcmp(name, "variant") == 0) {
		if (kind == NODE_INVERTED)
			mistakes_add(parser->mistakes, place_of(parser, token->line),
			    "a variant has no inverse; write {{#variant}}");
		kind = NODE_VARIANT;
	}
	add_node(parser, kind, token->line)->name = name ? name : "";
	if (parser->section_count < TEMPLATE_NESTING) {
		parser->sections[parser->section_count++] = parser->template->count - 1;
		return;
	}
	mistakes_add(parser->mistakes, place_of(parser, token->line),
	    "sections are nested more than %d deep", TEMPLATE_NESTING);
	parser->section_count = 0; /* the rest cannot be judged */
	parser->scanner.at = parser->scanner.end;
}

/* How deep the innermost open section of that name is; 0: none is. */
static size_t
depth_of(const struct parser *parser, const char *name)
{
	size_t depth = parser->section_count;

	while (depth && strcmp(open_at(parser, depth)->name, name) != 0)
		depth--;
	return depth;
}

static void
check_variant(const struct parser *parser, size_t section)
{
	const struct node *node = &parser->template->nodes[section];
	const char *fault = NULL;

	if (node->kind == NODE_VARIANT)
		fault = variant_fault(parser->template, section);
	if (fault)
		mistakes_add(parser->mistakes, place_of(parser, node->line), "%s", fault);
}

/* After a wrong name, what that name opened is closed, so that the rest can be judged. */
static void
close_section(struct parser *parser, const struct token *token)
{
	const char *name = take_name(parser, token);
	struct place place = place_of(parser, token->line);
	size_t depth = parser->section_count;
	const struct node *section;

	if (!name || !depth) {
		parser->section_count -= depth > 0;
		if (name)
			mistakes_add(parser->mistakes, place,
			    "'%s' is closed, but no section is open", name);
		return;
	}
	section = open_at(parser, depth);
	if (*section->name && strcmp(section->name, name) != 0) {
		mistakes_add(parser->mistakes, place,
		    "'%s' is closed where '%s', opened in line %u, is still open", name,
		    section->name, section->line);
		depth = depth_of(parser, name);
	}
	if (!depth)
		return;
	open_at(parser, depth)->end = parser->template->count;
	parser->section_count = depth - 1;
	check_variant(parser, parser->sections[depth - 1]);
}

static void
add_variable(struct parser *parser, const struct token *token)
{
	const char *name = take_name(parser, token);
	struct node *node = add_node(parser, NODE_VARIABLE, token->line);

	node->name = name;
	node->raw = token->mark != '\0';
}

static void
add_partial(struct parser *parser, const struct token *token)
{
	const char *name = NULL;
	struct node *node;

	if (token->content.size && token->content.bytes[0] == '*')
		mistakes_add(parser->mistakes, place_of(parser, token->line),
		    "a partial whose name is a value ({{>*x}}) is not supported");
	else
		name = take_name(parser, token);
	node = add_node(parser, NODE_PARTIAL, token->line);
	node->name = name;
	node->alone = token->alone;
	node->bytes = token->indent.bytes;
	node->size = token->indent.size;
}

static void
add_tag(struct parser *parser, const struct token *token)
{
	struct place place = place_of(parser, token->line);

	if (in_variant(parser) && token->mark != '!' && token->mark != '/')
		mistakes_add(
		    parser->mistakes, place, "a variant holds wordings alone, no tags");
	switch (token->mark) {
	case '!':
		break;
	case '=':
		if (!scan_set_delimiters(&parser->scanner, token->content))
			mistakes_add(parser->mistakes, place,
			    "delimiters are two words of at most %d bytes without '='",
			    DELIMITER_MOST);
		break;
	case '#':
	case '^':
		open_section(parser, token);
		break;
	case '/':
		close_section(parser, token);
		break;
	case '>':
		add_partial(parser, token);
		break;
	case '<':
	case '$':
		mistakes_add(parser->mistakes, place,
		    "inheritance ({{%cx}}) is not supported", token->mark);
		break;
	default:
		add_variable(parser, token);
	}
}

static void
parse(struct parser *parser)
{
	struct scanner *scanner = &parser->scanner;
	struct token token;

	while (scan_tag(scanner, &token)) {
		if (!token.ended) {
			mistakes_add(parser->mistakes, place_of(parser, token.line),
			    "a tag is opened, but not closed");
			continue;
		}
		add_lines(parser, token.before, token.before_line);
		if (token.begins && !token.alone) /* where an indentation goes */
			add_text(parser, token.before.bytes + token.before.size, 0,
			    token.line);
		add_tag(parser, &token);
	}
	add_lines(parser,
	    (struct span){ scanner->at, (size_t)(scanner->end - scanner->at) },
	    scanner->line);
	for (size_t depth = 1; depth <= parser->section_count; depth++) {
		const struct node *section = open_at(parser, depth);

		if (*section->name)
			mistakes_add(parser->mistakes, place_of(parser, section->line),
			    "section '%s' is opened, but not closed", section->name);
	}
}

struct template *
template_parse(
    const char *name, const char *source, size_t size, struct mistakes *mistakes)
{
	struct parser parser = { .mistakes = mistakes };
	size_t before = mistakes->errors;
	struct template *template;

	if (size > SOURCE_MOST) {
		mistakes_add(mistakes, (struct place){ name, 0 },
		    "a template is at most %d bytes", SOURCE_MOST);
		return NULL;
	}
	template = mem_new(sizeof *template);
	template->name = name;
	template->source = mem_new(size + 1);
	if (size)
		memcpy(template->source, source, size);
	parser.template = template;
	scan_start(&parser.scanner, template->source, size);
	parse(&parser);
	if (parser.mistakes->errors == before)
		return template;
	template_free(template);
	return NULL;
}
