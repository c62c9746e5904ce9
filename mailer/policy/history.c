#include "policy/history.h"

#include <stdlib.h>
#include <string.h>

void
history_clear(struct history *history)
{
	for (size_t i = 0; i < history->prior_count; i++) {
		free(history->priors[i]->given);
		free(history->priors[i]);
	}
	free(history->priors);
	free(history->holdings);
	pool_clear(&history->strings);
	*history = (struct history){ 0 };
}

static int
compare_contact(const void *contact, const void *holding)
{
	return strcmp(contact, ((const struct holding *)holding)->contact);
}

const struct prior *
history_of(const struct history *history, const char *contact)
{
	const struct holding *holding = NULL;

	if (history->count)
		holding = bsearch(contact, history->holdings, history->count,
		    sizeof *history->holdings, compare_contact);
	return holding ? holding->prior : NULL;
}

static int
compare_name(const void *name, const void *given)
{
	return strcmp(name, ((const struct given *)given)->name);
}

const struct given *
prior_given(const struct prior *prior, const char *name)
{
	if (!prior->count)
		return NULL;
	return bsearch(
	    name, prior->given, prior->count, sizeof *prior->given, compare_name);
}
