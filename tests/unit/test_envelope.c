#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

#include "policy/address.h"
#include "policy/envelope.h"

static const char key[] = "a key of the programme";
static const char from[] = "advisories@psirt.example";

static void
make(struct text *id, const char *advisory, unsigned revision, const char *contact)
{
	text_clear(id);
	envelope_message_id(id, key, strlen(key), advisory, revision, contact, from);
}

/* printf '13:ADV-2026-0007\n1:1\n8:acme/soc\n' | openssl dgst -sha256 -hmac 'a key of the programme' */
static void
an_id_is_half_an_hmac_at_the_domain_of_from(void **state)
{
	struct text id = { 0 };

	(void)state;
	make(&id, "ADV-2026-0007", 1, "acme/soc");
	assert_string_equal(
	    text_string(&id), "01348eba95caa55abcbd5d43795d42e9@psirt.example");
	assert_true(address_ok(text_string(&id)));
	text_clear(&id);
}

static void
the_same_delivery_keeps_its_id_and_any_other_has_its_own(void **state)
{
	static const struct {
		const char *advisory;
		unsigned revision;
		const char *contact;
	} others[] = { { "ADV-2026-0008", 1, "acme/soc" },
		{ "ADV-2026-0007", 2, "acme/soc" }, { "ADV-2026-0007", 1, "acme/psirt" },
		{ "ADV-2026-0007", 11, "acme/soc" },
		{ "ADV-2026-0007\n1", 1, "acme/soc" }, { "ADV-2026-000", 71, "acme/soc" },
		{ "", 1, "ADV-2026-0007acme/soc" } };
	struct text id = { 0 }, other = { 0 };

	(void)state;
	make(&id, "ADV-2026-0007", 1, "acme/soc");
	make(&other, "ADV-2026-0007", 1, "acme/soc");
	assert_string_equal(text_string(&id), text_string(&other));
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		make(&other, others[i].advisory, others[i].revision, others[i].contact);
		assert_string_not_equal(text_string(&id), text_string(&other));
	}
	text_clear(&id);
	text_clear(&other);
}

static void
without_the_key_nobody_can_make_the_id(void **state)
{
	struct text id = { 0 }, other = { 0 };

	(void)state;
	make(&id, "ADV-2026-0007", 1, "acme/soc");
	envelope_message_id(
	    &other, "another key", 11, "ADV-2026-0007", 1, "acme/soc", from);
	assert_string_not_equal(text_string(&id), text_string(&other));
	assert_null(strstr(text_string(&id), "0007"));
	assert_null(strstr(text_string(&id), "acme"));
	text_clear(&id);
	text_clear(&other);
}

/* A delivery's has 32 digits, so that no random bytes can make one of them. */
static void
what_goes_to_an_operator_has_no_deliverys_id(void **state)
{
	const unsigned char nonce[ENVELOPE_NONCE] = { 1, 0x34, 0x8e, 0xba };
	struct text id = { 0 };

	(void)state;
	envelope_operator_id(&id, nonce, from);
	assert_string_equal(
	    text_string(&id), "01348eba00000000000000000000000000000000@psirt.example");
	assert_true(address_ok(text_string(&id)));
	text_clear(&id);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_goes_to_an_operator_has_no_deliverys_id),
		cmocka_unit_test(an_id_is_half_an_hmac_at_the_domain_of_from),
		cmocka_unit_test(
		    the_same_delivery_keeps_its_id_and_any_other_has_its_own),
		cmocka_unit_test(without_the_key_nobody_can_make_the_id),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
