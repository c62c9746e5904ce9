/* said - what readers had to say, for tests */
#ifndef TESTS_SAID_H
#define TESTS_SAID_H

#include <string.h>

#include "base/error.h"
#include "base/text.h"

static inline void
assert_said(const struct mistakes *mistakes, const char *message)
{
	struct text all = { 0 };
	bool said = false;

	for (size_t i = 0; i < mistakes->count; i++) {
		said |= strcmp(mistakes->all[i].message, message) == 0;
		text_addf(&all, "\n  %s", mistakes->all[i].message);
	}
	if (!said)
		fail_msg("not said: %s\nbut:%s", message, text_string(&all));
	text_clear(&all);
}

/* The one mistake, and no other. */
static inline void
assert_said_only(struct mistakes *mistakes, const char *message)
{
	assert_said(mistakes, message);
	for (size_t i = 0; i < mistakes->count; i++)
		assert_string_equal(mistakes->all[i].message, message);
	assert_int_equal(mistakes->count, 1);
	mistakes_clear(mistakes);
}

static inline void
assert_nothing_said(const struct mistakes *mistakes)
{
	if (mistakes->count)
		fail_msg("said: %s", mistakes->all[0].message);
}

#endif
