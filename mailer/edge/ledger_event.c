#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/digest.h"
#include "base/mem.h"
#include "edge/ledger_inside.h"

enum { MOST = 512 };

void
ledger_clean(struct text *text, const char *string)
{
	text_clean(text, string, MOST);
}

void
ledger_list(struct text *text, const char *word)
{
	if (text->size)
		text_adds(text, ", ");
	text_adds(text, word);
}

void
ids_add(struct ids *ids, int64_t id)
{
	ids->all = mem_room(ids->all, ids->count, sizeof *ids->all);
	ids->all[ids->count++] = id;
}

void
ids_read(struct ids *ids, struct query *query)
{
	*ids = (struct ids){ 0 };
	while (query_next(query))
		ids_add(ids, row_int(query, 0));
}

void
ids_clear(struct ids *ids)
{
	free(ids->all);
	*ids = (struct ids){ 0 };
}

int64_t
ledger_chain_end(struct ledger *ledger, unsigned char hash[DIGEST_SIZE])
{
	struct query *query =
	    db_query(ledger->db, "SELECT seq, hash FROM event ORDER BY seq DESC LIMIT 1");

	if (query_next(query) && row_bytes(query, 1, hash, DIGEST_SIZE))
		return row_int(query, 0);
	query = db_query(ledger->db, "SELECT id FROM meta");
	if (query_next(query))
		digest_sha256(hash, row_text(query, 0), strlen(row_text(query, 0)));
	return 0;
}

static void
number_field(struct text *text, int64_t number)
{
	char string[24];

	snprintf(string, sizeof string, "%lld", (long long)number);
	digest_string(text, string);
}

void
ledger_event_hash(unsigned char hash[DIGEST_SIZE], const struct event *event,
    const unsigned char prev[DIGEST_SIZE], struct text *text)
{
	text->size = 0;
	digest_string(text, "forewarn-event-1");
	digest_field(text, prev, DIGEST_SIZE);
	number_field(text, event->seq);
	number_field(text, event->at);
	number_field(text, event->run);
	number_field(text, event->delivery);
	digest_string(text, event->kind);
	digest_string(text, event->data);
	digest_sha256(hash, text->data, text->size);
}

void
ledger_event(struct ledger *ledger, time_t now, int64_t delivery, const char *kind,
    const char *data)
{
	unsigned char prev[DIGEST_SIZE] = { 0 }, hash[DIGEST_SIZE];
	int64_t seq = ledger_chain_end(ledger, prev) + 1;
	const struct event event = { seq, now, ledger->run, delivery, kind, data };
	struct text text = { 0 };
	struct query *query;

	ledger_event_hash(hash, &event, prev, &text);
	text_clear(&text);
	query = db_query(ledger->db, "INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)");
	query_int(query, seq);
	query_int(query, now);
	query_int(query, ledger->run);
	query_int(query, delivery);
	query_text(query, kind);
	query_text(query, data);
	query_bytes(query, prev, sizeof prev);
	query_bytes(query, hash, sizeof hash);
	query_run(query);
	ledger->busy = true;
}

void
ledger_move(struct ledger *ledger, time_t now, int64_t delivery, const char *state,
    const char *reason)
{
	struct query *query = db_query(ledger->db,
	    "UPDATE delivery SET state = ?, reason = ?, changed = ? WHERE id = ?");

	query_text(query, state);
	query_text(query, reason);
	query_int(query, now);
	query_int(query, delivery);
	query_run(query);
	ledger_event(ledger, now, delivery, state, reason);
}

void
ledger_move_all(struct ledger *ledger, time_t now, struct query *which, const char *state,
    const char *reason)
{
	struct ids ids;

	ids_read(&ids, which);
	for (size_t i = 0; i < ids.count; i++)
		ledger_move(ledger, now, ids.all[i], state, reason);
	ids_clear(&ids);
}
