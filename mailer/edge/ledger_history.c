#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "edge/ledger_inside.h"

/* The same for all that were given the same; made when it is not there. */
static struct prior *
prior_for(struct history *history, int64_t manifest, unsigned revision)
{
	struct prior *prior;

	for (size_t i = 0; i < history->prior_count; i++) {
		prior = history->priors[i];
		if (prior->manifest == manifest && prior->revision == revision)
			return prior;
	}
	prior = mem_new(sizeof *prior);
	prior->revision = revision;
	prior->manifest = manifest;
	history->priors =
	    mem_room(history->priors, history->prior_count, sizeof(struct prior *));
	return history->priors[history->prior_count++] = prior;
}

static void
read_given(struct ledger *ledger, struct history *history, struct prior *prior)
{
	struct query *query = db_query(ledger->db,
	    "SELECT name, sha256 FROM item WHERE manifest = ? AND given ORDER BY name");

	query_int(query, prior->manifest);
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
	struct query *query;

	*history = (struct history){ 0 };
	if (!db_read(ledger->db, err))
		return false;
	query = ask(ledger, advisory);
	while (query_next(query)) {
		struct prior *prior =
		    prior_for(history, row_int(query, 2), (unsigned)row_int(query, 1));

		add_holding(history, row_text(query, 0), prior);
	}
	for (size_t i = 0; i < history->prior_count; i++)
		read_given(ledger, history, history->priors[i]);
	if (db_end(ledger->db, true, err))
		return true;
	history_clear(history);
	return false;
}
