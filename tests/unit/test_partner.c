#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "policy/partner.h"
#include "said.h"

#define KEY_A "0123456789ABCDEF0123456789ABCDEF01234567"
#define KEY_B "89ABCDEF0123456789ABCDEF0123456789ABCDEF"
#define KEY_C "456789ABCDEF0123456789ABCDEF0123456789AB"

static struct tier low = { .id = "low", .rank = 1 }, middle = { .id = "mid", .rank = 2 },
		   high = { .id = "high", .rank = 3 };

/* Two partners with a contact each, and an operator; nothing in it is owned. */
struct two {
	struct partner acme, beta;
	struct contact one, two;
	struct partner *partners[2];
	struct contact *contacts[2];
	struct operator ana;
	struct operator* operators[1];
	struct registry registry;
	struct programme programme;
	struct mistakes mistakes;
};

static void
prepare(struct two *two)
{
	*two = (struct two){ .programme = { .tiers = &low, .tier_count = 1 } };
	two->acme = (struct partner){ .id = "acme", .place = { "p", 1 } };
	two->beta = (struct partner){ .id = "beta", .place = { "p", 10 } };
	two->one = (struct contact){ { "acme/soc", "soc@acme.example", KEY_A },
		.partner = &two->acme, .language = "en", .place = { "p", 5 } };
	two->two = (struct contact){ { "beta/cert", "cert@beta.example", KEY_B },
		.partner = &two->beta, .language = "en", .place = { "p", 15 } };
	two->partners[0] = &two->acme;
	two->partners[1] = &two->beta;
	two->contacts[0] = &two->one;
	two->contacts[1] = &two->two;
	two->ana = (struct operator){ { "operator/ana", "ana@psirt.example", KEY_C },
		.language = "en", .place = { "p", 20 } };
	two->operators[0] = &two->ana;
	two->registry =
	    (struct registry){ two->partners, 2, two->contacts, 2, two->operators, 1 };
	two->programme.language = "en";
}

static void
a_sound_registry_has_nothing_to_say(void **state)
{
	struct two two;

	(void)state;
	prepare(&two);
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_nothing_said(&two.mistakes);
	assert_ptr_equal(registry_contact(&two.registry, "beta/cert"), &two.two);
	assert_null(registry_contact(&two.registry, "beta"));
	assert_null(registry_contact(&(struct registry){ 0 }, "beta/cert"));
}

static void
an_operator_is_no_contact(void **state)
{
	struct two two;

	(void)state;
	prepare(&two);
	assert_null(registry_contact(&two.registry, "operator/ana"));
	assert_null(registry_operator(&two.registry, "acme/soc"));
	assert_ptr_equal(registry_operator(&two.registry, "operator/ana"), &two.ana);
	assert_ptr_equal(registry_owner(&two.registry, KEY_B), &two.two.to);
	assert_ptr_equal(registry_owner(&two.registry, KEY_C), &two.ana.to);
	assert_null(registry_owner(&two.registry, "another"));
}

static void
what_is_an_operators_is_no_contacts(void **state)
{
	struct operator second;
	struct two two;

	(void)state;
	prepare(&two);
	two.ana.to.mail = "SOC@acme.example";
	two.ana.to.fingerprint = KEY_B;
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_int_equal(two.mistakes.errors, 2);
	assert_said(&two.mistakes,
	    "p:20: operator 'operator/ana': its address is that of contact 'acme/soc', "
	    "too (p:5)");
	assert_said(&two.mistakes,
	    "p:20: operator 'operator/ana': its key is that of contact 'beta/cert', too "
	    "(p:15)");
	mistakes_clear(&two.mistakes);
	prepare(&two);
	second = two.ana;
	second.to.id = "operator/ben";
	second.place.line = 30;
	two.registry.operators = (struct operator*[]){ &two.ana, &second };
	two.registry.operator_count = 2;
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_int_equal(two.mistakes.errors, 2);
	assert_said(&two.mistakes,
	    "p:30: operator 'operator/ben': its address is that of operator "
	    "'operator/ana', too (p:20)");
	assert_said(&two.mistakes,
	    "p:30: operator 'operator/ben': its key is that of operator 'operator/ana', "
	    "too (p:20)");
	mistakes_clear(&two.mistakes);
}

static void
no_partner_is_called_operator(void **state)
{
	struct two two;

	(void)state;
	prepare(&two);
	two.beta.id = "operator";
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_said_only(&two.mistakes,
	    "p:10: partner 'operator': the name is kept for the programme's own people, "
	    "one section [operator/NAME] each; choose another");
}

static void
partner_and_contact_need_each_other(void **state)
{
	struct two two;

	(void)state;
	prepare(&two);
	two.two.partner = NULL;
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_int_equal(two.mistakes.errors, 2);
	assert_said(&two.mistakes,
	    "p:10: partner 'beta': has no contact; add a section [beta/NAME]");
	assert_said(&two.mistakes,
	    "p:15: contact 'beta/cert': its partner is not there; add its section");
	mistakes_clear(&two.mistakes);
}

static void
an_address_in_other_case_is_the_same(void **state)
{
	struct two two;

	(void)state;
	prepare(&two);
	two.two.to.mail = "SOC@Acme.Example";
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_said_only(&two.mistakes,
	    "p:15: contact 'beta/cert': its address is that of contact 'acme/soc', too "
	    "(p:5)");
}

static void
keys_and_ids_are_nobody_elses(void **state)
{
	struct two two;

	(void)state;
	prepare(&two);
	two.two.to.fingerprint = KEY_A;
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_said_only(&two.mistakes,
	    "p:15: contact 'beta/cert': its key is that of contact 'acme/soc', too "
	    "(p:5)");
	prepare(&two);
	two.beta.id = "acme";
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_said_only(&two.mistakes, "p:10: partner 'acme': is there already (p:1)");
	prepare(&two);
	two.two.to.id = "acme/soc";
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_said_only(&two.mistakes,
	    "p:15: contact 'acme/soc': its id is that of contact 'acme/soc', too (p:5)");
}

static void
a_language_that_nothing_declares_is_a_warning(void **state)
{
	struct two two;
	struct language korean = { "ko", true };

	(void)state;
	prepare(&two);
	two.two.language = "kr";
	two.programme.languages = &korean;
	two.programme.language_count = 1;
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_int_equal(two.mistakes.errors, 0);
	assert_said_only(&two.mistakes,
	    "p:15: contact 'beta/cert': language 'kr' has no section [language.kr]; "
	    "whatever is not written in it cannot be sent");
	two.two.language = "ko";
	registry_check(&two.registry, &two.programme, &two.mistakes);
	assert_nothing_said(&two.mistakes);
}

static void
assert_tier(struct partner *partner, struct rule *rules, size_t count, const char *tier,
    const char *names)
{
	struct programme programme = { .rules = rules, .rule_count = count };
	struct text text = { 0 };

	assert_string_equal(partner_tier(partner, &programme, &text)->id, tier);
	assert_string_equal(text_string(&text), names);
	text_clear(&text);
}

static void
the_lowest_of_all_that_match_holds(void **state)
{
	const char *xa[] = { "XA" }, *both[] = { "XA", "XB" }, *kr[] = { "KR" };
	const char *home[] = { "US", "XB" };
	struct partner partner = { .countries = home, .country_count = 2, .tier = &high };
	struct rule rules[] = { { .id = "a", .countries = xa, 1, &low },
		{ .id = "b", .countries = both, 2, &middle },
		{ .id = "c", .countries = kr, 1, &low },
		{ .id = "d", .countries = both, 2, &high } };

	(void)state;
	assert_tier(&partner, rules, 0, "high", "-");
	assert_tier(&partner, rules, 1, "high", "-");
	assert_tier(&partner, rules, 4, "mid", "b,d");
	home[0] = "XA";
	assert_tier(&partner, rules, 4, "low", "a,b,d");
	/* A rule never raises. */
	partner.tier = &low;
	assert_tier(&partner, &rules[3], 1, "low", "d");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_registry_has_nothing_to_say),
		cmocka_unit_test(an_operator_is_no_contact),
		cmocka_unit_test(what_is_an_operators_is_no_contacts),
		cmocka_unit_test(no_partner_is_called_operator),
		cmocka_unit_test(partner_and_contact_need_each_other),
		cmocka_unit_test(an_address_in_other_case_is_the_same),
		cmocka_unit_test(keys_and_ids_are_nobody_elses),
		cmocka_unit_test(a_language_that_nothing_declares_is_a_warning),
		cmocka_unit_test(the_lowest_of_all_that_match_holds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
