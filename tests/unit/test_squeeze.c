#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "policy/squeeze.h"

static void
assert_squeezed(const char *bytes, enum squeeze form, const char *wanted)
{
	size_t size = strlen(bytes);
	char *out = mem_new(size + 1);

	out[squeeze(out, bytes, size, form)] = '\0';
	assert_string_equal(out, wanted);
	free(out);
}

static void
white_space_and_case_never_count(void **state)
{
	(void)state;
	assert_squeezed("", SQUEEZE_DENSE, "");
	assert_squeezed(" \t\r\n\v\f", SQUEEZE_DENSE, "");
	assert_squeezed("Send(\r\n\t\"A\");\n", SQUEEZE_DENSE, "send(\"a\");");
	assert_squeezed("\xC3\x84", SQUEEZE_DENSE, "\xC3\x84"); /* ASCII case alone */
}

static void
marks_do_not_count_where_it_is_bare(void **state)
{
	(void)state;
	assert_squeezed("> > # send(\"A\");", SQUEEZE_BARE, "senda");
	assert_squeezed("\"send(\\\"A\\\");\\n\" \\", SQUEEZE_BARE, "senda");
	assert_squeezed("a &lt;b&gt; &amp;&amp; &#39;c&#39;", SQUEEZE_BARE, "abc");
	assert_squeezed("\xE2\x80\x9C"
			"a\xC2\xA0"
			"b\xE2\x80\x9D",
	    SQUEEZE_BARE, "ab");
	assert_squeezed("\\\\n", SQUEEZE_BARE, "");
	assert_squeezed("\\x41 & \\", SQUEEZE_BARE, "x41");
	assert_squeezed(
	    "\xEC\xA7\x80\xEA\xB8\x88.", SQUEEZE_BARE, "\xEC\xA7\x80\xEA\xB8\x88");
}

static void
a_number_at_the_start_of_a_line_is_dropped_once(void **state)
{
	(void)state;
	assert_squeezed(" 1\tfoo\n 2\tbar\n", SQUEEZE_UNNUMBERED, "foobar");
	assert_squeezed("> 12: 144, 145\n> 13: 146\n", SQUEEZE_UNNUMBERED, "144145146");
	assert_squeezed("1| a\r\n2| b\r3| c", SQUEEZE_UNNUMBERED, "abc");
	assert_squeezed("7z x 3\n", SQUEEZE_UNNUMBERED, "7zx3");
	assert_squeezed("1234567 a\n", SQUEEZE_UNNUMBERED, "1234567a");
	assert_squeezed("\n\n12\n\n", SQUEEZE_UNNUMBERED, "");
	assert_squeezed("1", SQUEEZE_UNNUMBERED, "");
}

static void
a_place_in_the_form_is_in_a_line(void **state)
{
	static const char text[] = "\nab\r\n> 1 c\n\n d";
	size_t size = strlen(text);

	(void)state;
	assert_int_equal(squeeze_line(text, size, SQUEEZE_DENSE, 0), 2);
	assert_int_equal(squeeze_line(text, size, SQUEEZE_DENSE, 1), 2);
	assert_int_equal(squeeze_line(text, size, SQUEEZE_DENSE, 2), 3);
	assert_int_equal(squeeze_line(text, size, SQUEEZE_DENSE, 5), 5);
	assert_int_equal(squeeze_line(text, size, SQUEEZE_BARE, 3), 3);
	assert_int_equal(squeeze_line(text, size, SQUEEZE_UNNUMBERED, 2), 3);
	assert_int_equal(squeeze_line(text, size, SQUEEZE_UNNUMBERED, 3), 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(white_space_and_case_never_count),
		cmocka_unit_test(marks_do_not_count_where_it_is_bare),
		cmocka_unit_test(a_number_at_the_start_of_a_line_is_dropped_once),
		cmocka_unit_test(a_place_in_the_form_is_in_a_line),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
