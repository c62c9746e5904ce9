/* What is compiled in is what the tree has, byte for byte. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "edge/stock.h"

/* "start/forewarn.ini" lies in contrib/, as all does but the templates. */
static void
source_of(char path[256], const char *name)
{
	snprintf(path, 256, "%s%s",
	    strncmp(name, "templates/", strlen("templates/")) == 0 ? "" : "contrib/",
	    name);
}

static void
each_file_is_that_of_the_tree(void **state)
{
	(void)state;
	for (size_t i = 0; i < stock_count; i++) {
		const struct stock *stock = &stock_all[i];
		struct text text = { 0 };
		struct error err;
		char path[256];

		source_of(path, stock->name);
		assert_true(file_read(path, 1 << 20, &text, &err));
		assert_int_equal(text.size, stock->size);
		assert_memory_equal(text_string(&text), stock->bytes, stock->size + 1);
		text_clear(&text);
	}
}

static void
a_file_is_found_by_its_name_alone(void **state)
{
	(void)state;
	assert_non_null(stock_find("templates/notice.mustache"));
	assert_non_null(stock_find("start/forewarn.ini"));
	assert_null(stock_find("templates"));
	assert_null(stock_find("forewarn.ini"));
}

static void
names_between_signs_are_filled_in(void **state)
{
	const struct stock_value values[] = { { "id", "ADV-1" }, { "from", "a@id@b" } };
	const struct stock stock = { "x", "@id@ <@from@> @none@ a@b @id", 29 };
	struct text text = { 0 };

	(void)state;
	stock_fill(&text, &stock, values, 2);
	assert_string_equal(text_string(&text), "ADV-1 <a@id@b> @none@ a@b @id");
	text_clear(&text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_file_is_that_of_the_tree),
		cmocka_unit_test(a_file_is_found_by_its_name_alone),
		cmocka_unit_test(names_between_signs_are_filled_in),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
