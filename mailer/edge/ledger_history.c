#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/ledger_inside.h"

static struct prior *
find_prior(struct history *history, const int64_t manifests[], int64_t manifest,
    unsigned revision)
{
	for (size_t i = 0; i < history->prior_count; i++)
		if (manifests[i] == manifest && history->priors[i]->revision == revision)
			return history->priors[i];
	return NULL;
}

static void
read_given(
    struct ledger *ledger, struct history *history, struct prior *prior, int64_t manifest)
{
	struct query *query = db_query(ledger->db,
	    "SELECT name, sha256 FROM item WHERE manifest = ? AND given ORDER BY name");

	query_int(query, manifest);
	while (query_next(query)) {
		const char *name = row_text(query, 0);
		struct given *given;

		prior->given = mem_room(prior->given, prior->count, sizeof *given);
		given = &prior->given[prior->count++];
		given->name = pool_keep(&history->strings, name, strlen(name));
		row_bytes(query, 1, given->sha256, DIGEST_SIZE);
	}
}

/* An accepted one has reached its contact; one that was ever unknown may have. */
static struct query *
ask(struct ledger *ledger, const struct advisory *advisory)
{
	struct query *query = db_query(ledger->db,
	    "SELECT contact, revision, manifest FROM delivery AS d"
	    " WHERE advisory = ?1 AND revision < ?2"
	    "  AND (state IN ('accepted', 'committed', 'unknown')"
	    "   OR EXISTS (SELECT 1 FROM event WHERE delivery = d.id AND kind = "
	    "'unknown'))"
	    " ORDER BY contact, revision");

	query_text(query, advisory->id);
	query_int(query, advisory->revision);
	return query;
}

/* A contact's later revision takes the place of its earlier one. */
static void
add_holding(struct history *history, const char *contact, const struct prior *prior)
{
	struct holding *last =
	    history->count ? &history->holdings[history->count - 1] : NULL;

	if (last && strcmp(last->contact, contact) == 0) {
		last->prior = prior;
		return;
	}
	history->holdings =
	    mem_room(history->holdings, history->count, sizeof *history->holdings);
	history->holdings[history->count++] =
	    (struct holding){ pool_keep(&history->strings, contact, strlen(contact)),
		    prior };
}

bool
ledger_history(struct ledger *ledger, const struct advisory *advisory,
    struct history *history, struct error *err)
{
	int64_t *manifests = NULL;
	struct query *query;

	*history = (struct history){ 0 };
	if (!db_read(ledger->db, err))
		return false;
	query = ask(ledger, advisory);
	while (query_next(query)) {
		unsigned revision = (unsigned)row_int(query, 1);
		int64_t manifest = row_int(query, 2);
		struct prior *prior = find_prior(history, manifests, manifest, revision);

		if (!prior) {
			manifests =
			    mem_room(manifests, history->prior_count, sizeof *manifests);
			manifests[history->prior_count] = manifest;
			prior = mem_new(sizeof *prior);
			prior->revision = revision;
			history->priors = mem_room(history->priors, history->prior_count,
			    sizeof(struct prior *));
			history->priors[history->prior_count++] = prior;
		}
		add_holding(history, row_text(query, 0), prior);
	}
	for (size_t i = 0; i < history->prior_count; i++)
		read_given(ledger, history, history->priors[i], manifests[i]);
	free(manifests);
	if (db_end(ledger->db, true, err))
		return true;
	history_clear(history);
	return false;
}
