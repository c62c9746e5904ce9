#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/tlp.h"

static void
a_label_is_read_back_as_itself(void **state)
{
	(void)state;
	for (enum tlp tlp = TLP_CLEAR; tlp <= TLP_RED; tlp++) {
		enum tlp back = TLP_CLEAR;

		assert_true(tlp_parse(tlp_label(tlp) + strlen("TLP:"), &back));
		assert_int_equal(back, tlp);
	}
	assert_string_equal(tlp_label(TLP_AMBER_STRICT), "TLP:AMBER+STRICT");
}

static void
no_other_spelling_is_a_label(void **state)
{
	static const char *const bad[] = { "", "amber", "TLP:AMBER", "WHITE", "AMBER ",
		"AMBER + STRICT", "STRICT", "RED+STRICT" };
	enum tlp tlp;

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(tlp_parse(bad[i], &tlp));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_label_is_read_back_as_itself),
		cmocka_unit_test(no_other_spelling_is_a_label),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
