#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "policy/address.h"

#define TEN "abcdefghij"
#define SIXTY TEN TEN TEN TEN TEN TEN

static void
plain_addresses_pass(void **state)
{
	static const char *const good[] = { "a@b.example", "early-warning@acme.example",
		"First.Last+tag@sub.acme.example", "o'hara@acme.example",
		"x@xn--mnchen-3ya.example", "1@2.example", "a@b-c.example",
		SIXTY "abcd@acme.example", "a@" SIXTY "abc.example" };

	(void)state;
	for (size_t i = 0; i < sizeof good / sizeof *good; i++)
		if (!address_ok(good[i]))
			fail_msg("refused: %s", good[i]);
}

/* Whatever could add a recipient, a command or a header field must fail here. */
static void
whatever_is_not_plain_fails(void **state)
{
	static const char *const bad[] = { "", "@", "a", "a@", "@acme.example", "a@acme",
		"a b@acme.example", "a@acme .example", " a@acme.example",
		"a@acme.example ", "a@acme.example\n", "a\r\n@acme.example",
		"ok@acme.example>\r\nRCPT TO:<evil@b.example", "<a@acme.example>",
		"a@acme.example,b@acme.example", "a@b@acme.example", ".a@acme.example",
		"a.@acme.example", "a..b@acme.example", "\"a\"@acme.example",
		"a(x)@acme.example", "a\\b@acme.example", "a@[192.0.2.1]", "a@192.0.2.1",
		"a@acme.example.", "a@.acme.example", "a@acme..example",
		"a@-acme.example", "a@acme-.example", "a@ac_me.example",
		"a@acme.example:25", "a@acme.ex%mple", "j\xc3\xb6rg@acme.example",
		"a@m\xc3\xbcnchen.example", "a\x7f@acme.example", "a\t@acme.example",
		"a;b@acme.example", "=?utf-8?q?x?=@acme.example", "a@acme.example;",
		SIXTY "abcde@acme.example", "a@" SIXTY "abcd.example",
		"a@" SIXTY "." SIXTY "." SIXTY "." SIXTY ".abcde.example" };

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (address_ok(bad[i]))
			fail_msg("accepted: %s", bad[i]);
}

static void
the_domain_is_behind_the_at(void **state)
{
	(void)state;
	assert_string_equal(address_domain("a@acme.example"), "acme.example");
	assert_string_equal(address_domain("a"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain_addresses_pass),
		cmocka_unit_test(whatever_is_not_plain_fails),
		cmocka_unit_test(the_domain_is_behind_the_at),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
