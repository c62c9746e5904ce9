#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/pool.h"
#include "policy/tier.h"
#include "policy/value.h"

/* Random trees against a model of the rule, node by node. */

static const char *const some_classes[] = { "a", "b", "c", "d" };

enum { CLASSES = 4, NODES_MOST = 60 };

static unsigned
draw(uint64_t *seed, unsigned below)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (unsigned)(*seed >> 33) % below;
}

static void
grow(struct value *parent, struct pool *names, uint64_t *seed, unsigned depth,
    unsigned *count)
{
	unsigned children = depth < 5 ? draw(seed, 5) : 0;

	for (unsigned i = 0; i < children && *count < NODES_MOST; i++) {
		const char *class =
		    draw(seed, 2) ? some_classes[draw(seed, CLASSES)] : NULL;
		enum value_kind kind = draw(seed, VALUE_FALSE + 1);
		struct value *child =
		    value_new(kind, pool_format(names, "n%u", (*count)++), class);

		value_add(parent, child);
		child->bytes = child->name;
		child->size = strlen(child->name);
		if (kind != VALUE_STRING && kind != VALUE_FALSE)
			grow(child, names, seed, depth + 1, count);
	}
}

/*
 * The model: whether the node at the end of a path may stay, said with the whole
 * path in view and without recursion.
 */
static bool
model_allows(
    const struct value *const path[], size_t length, const struct classes *admits)
{
	bool covered = false;

	for (size_t i = 0; i < length; i++) {
		bool structure =
		    path[i]->kind == VALUE_MAP || path[i]->kind == VALUE_LIST;

		if (path[i]->class && !classes_have(admits, path[i]->class))
			return false;
		covered = covered || path[i]->class;
		if (!covered && !structure)
			return false;
	}
	return true;
}

static bool
is_hollow(const struct value *value)
{
	return value->kind == VALUE_MAP || value->kind == VALUE_LIST ||
	    value->kind == VALUE_TEXT;
}

/* A hollow node stays for the sake of one below it that is not hollow. */
static bool
model_keeps(const struct value *path[], size_t length, const struct classes *admits)
{
	const struct value *last = path[length - 1];

	if (!is_hollow(last))
		return model_allows(path, length, admits);
	for (size_t i = 0; i < last->count; i++) {
		path[length] = last->children[i];
		if (model_keeps(path, length + 1, admits))
			return true;
	}
	return false;
}

static void
model_write(struct text *text, const struct value *path[], size_t length,
    const struct classes *admits)
{
	const struct value *last = path[length - 1];

	if (model_keeps(path, length, admits))
		text_addf(text, "%zu:%s ", length, last->name);
	for (size_t i = 0; i < last->count; i++) {
		path[length] = last->children[i];
		model_write(text, path, length + 1, admits);
	}
}

static void
tree_write(struct text *text, const struct value *value, size_t depth)
{
	text_addf(text, "%zu:%s ", depth, value->name);
	for (size_t i = 0; i < value->count; i++)
		tree_write(text, value->children[i], depth + 1);
}

static void
compare_with_model(uint64_t seed)
{
	struct value *root = value_new(VALUE_MAP, "root", NULL), *left;
	const struct value *path[16] = { root };
	struct text expected = { 0 }, seen = { 0 };
	struct classes admits = { 0 };
	struct pool names = { 0 };
	uint64_t state = seed;
	unsigned count = 0;

	grow(root, &names, &state, 0, &count);
	for (size_t i = 0; i < CLASSES; i++)
		if (draw(&state, 2))
			classes_add(&admits, some_classes[i]);
	model_write(&expected, path, 1, &admits);
	left = value_admit(root, &admits);
	if (left)
		tree_write(&seen, left, 1);
	if (strcmp(text_string(&seen), text_string(&expected)) != 0)
		fail_msg("seed %llu: %s, not %s", (unsigned long long)seed,
		    text_string(&seen), text_string(&expected));
	value_free(left);
	value_free(root);
	text_clear(&expected);
	text_clear(&seen);
	classes_clear(&admits);
	pool_clear(&names);
}

static void
random_trees_are_pruned_as_the_model_says(void **state)
{
	(void)state;
	for (uint64_t seed = 1; seed <= 20000; seed++)
		compare_with_model(seed * 0x9e3779b97f4a7c15u);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(random_trees_are_pruned_as_the_model_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
