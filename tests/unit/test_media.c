#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/media.h"

static void
the_ending_decides_whatever_its_case(void **state)
{
	(void)state;
	assert_string_equal(media_type("report.pdf"), "application/pdf");
	assert_string_equal(media_type("REPORT.PDF"), "application/pdf");
	assert_string_equal(media_type("a.tar.gz"), "application/gzip");
}

static void
what_a_client_might_run_or_rewrite_is_only_bytes(void **state)
{
	static const char *const names[] = { "page.html", "page.svg", "run.js", "run.exe",
		"notes.txt", "iocs.csv", "rules.yar", "pdf", "", "a." };

	(void)state;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		assert_string_equal(media_type(names[i]), "application/octet-stream");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_ending_decides_whatever_its_case),
		cmocka_unit_test(what_a_client_might_run_or_rewrite_is_only_bytes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
