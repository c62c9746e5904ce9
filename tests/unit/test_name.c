#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "policy/name.h"

#define SIXTY_FOUR "a234567890123456789012345678901234567890123456789012345678901234"

static void
check_all(bool (*is)(const char *), bool wanted, const char *const all[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is(all[i]) != wanted)
			fail_msg("%s: %s", wanted ? "refused" : "accepted", all[i]);
}

#define GOOD(is, ...) CHECK(is, true, __VA_ARGS__)
#define BAD(is, ...) CHECK(is, false, __VA_ARGS__)
#define CHECK(is, wanted, ...) \
	check_all(is, wanted, (const char *const[]){ __VA_ARGS__ }, \
	    sizeof(const char *const[]){ __VA_ARGS__ } / sizeof(const char *))

static void
ids_are_lower_case_and_short(void **state)
{
	(void)state;
	GOOD(name_is_id, "a", "0", "proof-of-concept", "acme.kr_1", SIXTY_FOUR);
	BAD(name_is_id, "", "A", "-a", ".a", "_a", "a b", "a/b", "a:b", "\xc3\xa9",
	    SIXTY_FOUR "5");
}

static void
a_contact_is_a_partner_and_a_name(void **state)
{
	(void)state;
	GOOD(name_is_contact, "acme/soc", SIXTY_FOUR "/" SIXTY_FOUR);
	BAD(name_is_contact, "acme", "acme/", "/soc", "acme/soc/x", "acme//soc",
	    "Acme/soc", "acme/Soc", SIXTY_FOUR "5/soc", "");
}

static void
values_have_no_dot_since_it_separates(void **state)
{
	(void)state;
	GOOD(name_is_value, "title", "cvss-4", "a");
	BAD(name_is_value, "", "4cvss", "a.b", "a_b", "Title", "-a");
}

static void
an_advisory_id_cannot_walk_up(void **state)
{
	(void)state;
	GOOD(name_is_advisory, "ADV-2026-0007", "a.b_c", "7");
	BAD(name_is_advisory, "", ".", "..", "a..b", "../x", "a/b", ".hidden", "-n",
	    "a b", SIXTY_FOUR "5");
}

static void
languages_are_lower_case_tags(void **state)
{
	(void)state;
	GOOD(name_is_language, "ko", "pt-br", "zh-hant-tw", "yue");
	BAD(name_is_language, "", "k", "KO", "pt_br", "pt-", "pt-b", "pt-BR", "-br", "k0",
	    "pt-123456789", "abcd");
}

static void
only_assigned_and_user_assigned_countries_are_known(void **state)
{
	size_t count = 0;

	(void)state;
	GOOD(name_is_country, "KR", "US", "GB", "DE", "TW", "XA", "XK", "AA", "ZZ", "QM",
	    "QZ", "QA", "ZW", "AD");
	BAD(name_is_country, "", "K", "UK", "EU", "kr", "KOR", "K1", "QL", "AB", "ZX",
	    "SU", " K", "K ");
	for (char a = 'A'; a <= 'Z'; a++)
		for (char b = 'A'; b <= 'Z'; b++)
			count += name_is_country((char[]){ a, b, '\0' });
	/* ISO 3166-1 has 249, and AA, QM to QZ, XA to XZ, ZZ are the users'. */
	assert_int_equal(count, 249 + 1 + 14 + 26 + 1);
}

static void
a_fingerprint_is_forty_capital_hex_digits(void **state)
{
	(void)state;
	GOOD(name_is_fingerprint, "0123456789ABCDEF0123456789ABCDEF01234567");
	BAD(name_is_fingerprint, "", "89ABCDEF",
	    "0123456789abcdef0123456789abcdef01234567",
	    "0123456789ABCDEF0123456789ABCDEF0123456",
	    "0123456789ABCDEF0123456789ABCDEF012345678",
	    "0123 4567 89AB CDEF 0123  4567 89AB CDEF",
	    "0x23456789ABCDEF0123456789ABCDEF01234567",
	    "G123456789ABCDEF0123456789ABCDEF01234567");
}

static void
join(void *ctx, const char *element, size_t size)
{
	text_addc(ctx, '<');
	text_add(ctx, element, size);
	text_addc(ctx, '>');
}

static void
a_list_is_trimmed_and_has_no_empty_element(void **state)
{
	static const struct {
		const char *list, *elements;
		bool ok;
	} all[] = { { "a", "<a>", true }, { " a ,\tb c ,d", "<a><b c><d>", true },
		{ "", "", false }, { " ", "", false }, { "a,", "<a>", false },
		{ ",a", "<a>", false }, { "a,,b", "<a><b>", false },
		{ "a, ,b", "<a><b>", false } };

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct text seen = { 0 };

		assert_int_equal(name_list(all[i].list, join, &seen), all[i].ok);
		assert_string_equal(text_string(&seen), all[i].elements);
		text_clear(&seen);
	}
}

static void
the_nearest_name_is_at_most_two_edits_away(void **state)
{
	static const char *const known[] = { "tier", "tiers", "rank", "admits", "key" };
	const size_t n = sizeof known / sizeof *known;

	(void)state;
	assert_string_equal(name_nearest("teir", known, n), "tier");
	assert_string_equal(name_nearest("admit", known, n), "admits");
	assert_string_equal(name_nearest("ramk", known, n), "rank");
	/* What is known elsewhere is not what was meant here. */
	assert_string_equal(name_nearest("tier", known, n), "tiers");
	assert_string_equal(name_nearest("amdits", known, n), "admits");
	assert_string_equal(name_nearest("addmitz", known, n), "admits");
	assert_null(name_nearest("other", known, n));
	assert_null(name_nearest("organisation", known, n));
	assert_null(name_nearest("x", known, n));
	assert_null(name_nearest("", known, n));
	assert_null(name_nearest("tier", known, 0));
	assert_null(name_nearest(SIXTY_FOUR SIXTY_FOUR, known, n));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ids_are_lower_case_and_short),
		cmocka_unit_test(a_contact_is_a_partner_and_a_name),
		cmocka_unit_test(values_have_no_dot_since_it_separates),
		cmocka_unit_test(an_advisory_id_cannot_walk_up),
		cmocka_unit_test(languages_are_lower_case_tags),
		cmocka_unit_test(only_assigned_and_user_assigned_countries_are_known),
		cmocka_unit_test(a_fingerprint_is_forty_capital_hex_digits),
		cmocka_unit_test(a_list_is_trimmed_and_has_no_empty_element),
		cmocka_unit_test(the_nearest_name_is_at_most_two_edits_away),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
