#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "policy/rehearsal.h"

static const struct tier entry = { .id = "entry" }, full = { .id = "full" };
static const struct wave early = { .id = "early" }, main_wave = { .id = "main" };
static const struct contact soc = { .to = { .id = "acme/soc" } },
			    lab = { .to = { .id = "beta/lab" } };

static struct edition
edition(const struct tier *tier, const char *language, const struct contact *person)
{
	struct edition edition = { .tier = tier,
		.language = language,
		.person = person,
		.owner = person ? person->to.id : NULL };

	text_adds(&edition.subject, "[TLP:RED] Gateway");
	text_adds(&edition.text, "TLP:RED\n\nUpdate.\n");
	return edition;
}

static void
each_edition_is_rehearsed_once_and_of_personal_ones_a_sample(void **state)
{
	struct edition shared = edition(&entry, "en", NULL),
		       korean = edition(&entry, "ko", NULL),
		       socs = edition(&full, "en", &soc),
		       labs = edition(&full, "en", &lab),
		       labs_korean = edition(&full, "ko", &lab);
	struct edition *all[] = { &socs, &shared, &korean, &shared, &labs, &labs_korean };
	struct line lines[6] = { 0 };
	struct plan plan = { .lines = lines, .line_count = 6 };
	struct rehearsal *list;

	(void)state;
	for (size_t i = 0; i < 6; i++)
		lines[i].edition = all[i];
	assert_int_equal(rehearsal_list(&list, &plan), 4);
	assert_ptr_equal(list[0].line, &lines[0]);
	assert_int_equal(list[0].contacts, 2); /* the lab's is like it */
	assert_ptr_equal(list[1].line, &lines[1]);
	assert_int_equal(list[1].contacts, 2);
	assert_ptr_equal(list[2].line, &lines[2]);
	assert_ptr_equal(list[3].line, &lines[5]);
	free(list);
	assert_int_equal(rehearsal_list(&list, &(struct plan){ 0 }), 0);
	free(list);
	for (size_t i = 0; i < 6; i++) {
		text_clear(&all[i]->subject);
		text_clear(&all[i]->text);
	}
}

static void
assert_marked(const struct edition *original, size_t contacts, const char *text)
{
	const struct line line = { .edition = original,
		.wave = original->tier == &full ? &early : &main_wave,
		.opens = 1796752800 };
	const struct rehearsal rehearsal = { &line, contacts };
	struct edition copy;

	rehearsal_mark(&copy, &rehearsal);
	assert_string_equal(text_string(&copy.subject), "[REHEARSAL] [TLP:RED] Gateway");
	assert_string_equal(text_string(&copy.text), text);
	assert_ptr_equal(copy.admitted, original->admitted);
	assert_memory_equal(copy.digest, original->digest, DIGEST_SIZE);
	rehearsal_clear(&copy);
	/* What is sent to partners has not changed. */
	assert_string_equal(text_string(&original->subject), "[TLP:RED] Gateway");
	assert_string_equal(text_string(&original->text), "TLP:RED\n\nUpdate.\n");
}

static void
a_copy_says_which_one_it_is(void **state)
{
	struct edition shared = edition(&entry, "ko", NULL),
		       socs = edition(&full, "en", &soc);
	struct value admitted = { 0 };

	(void)state;
	shared.admitted = &admitted;
	shared.digest[0] = 7;
	assert_marked(&shared, 3,
	    "REHEARSAL: tier entry, language ko; wave main opens 2026-12-08T18:00:00Z\n\n"
	    "TLP:RED\n\nUpdate.\n");
	assert_marked(&socs, 12,
	    "REHEARSAL: tier full, language en; wave early opens 2026-12-08T18:00:00Z\n"
	    "A sample: this is what acme/soc gets; each of 12 contacts has its own\n\n"
	    "TLP:RED\n\nUpdate.\n");
	text_clear(&shared.subject);
	text_clear(&shared.text);
	text_clear(&socs.subject);
	text_clear(&socs.text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(
		    each_edition_is_rehearsed_once_and_of_personal_ones_a_sample),
		cmocka_unit_test(a_copy_says_which_one_it_is),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
