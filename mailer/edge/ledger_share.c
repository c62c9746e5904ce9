/*
 * A commit costs a sync of the disk however much is in it. So the first who asks
 * takes with it all who have come to wait meanwhile; who comes later waits for the next.
 */
#include "edge/ledger_inside.h"

static time_t
latest(const struct request *request)
{
	time_t now = 0;

	for (; request; request = request->next)
		if (request->now > now)
			now = request->now;
	return now;
}

static void
fail(struct request *request, const struct error *why)
{
	request->gate = GATE_ERROR;
	request->ok = false;
	*request->err = *why;
}

static bool
any_open(const struct request *request)
{
	while (request && request->gate != GATE_OPEN)
		request = request->next;
	return request != NULL;
}

static bool
commit(struct ledger *ledger, struct request *first, struct error *err)
{
	unsigned char hash[DIGEST_SIZE];

	if (!ledger_write(ledger, latest(first), err))
		return false;
	ledger->sharing.batch = ledger_chain_end(ledger, hash) + 1;
	for (struct request *request = first; request; request = request->next)
		request->serve(ledger, request);
	return db_end(ledger->db, true, err);
}

/* The mark is moved before any message is out, so that no copy from before passes for the ledger. */
static void
serve_all(struct ledger *ledger, struct request *first)
{
	struct error why;

	if (!commit(ledger, first, &why)) {
		for (struct request *request = first; request; request = request->next)
			fail(request, &why);
	} else if (any_open(first) && !ledger_keep_mark(ledger, &why)) {
		for (struct request *request = first; request; request = request->next)
			if (request->gate == GATE_OPEN)
				fail(request, &why);
	}
}

static struct request *
take_waiting(struct sharing *sharing)
{
	struct request *first = sharing->first;

	sharing->first = NULL;
	sharing->last = &sharing->first;
	return first;
}

/* The mutex is held, but not while the ledger is written. */
static void
lead(struct ledger *ledger)
{
	struct sharing *sharing = &ledger->sharing;
	struct request *first = take_waiting(sharing), *next;

	sharing->led = true;
	pthread_mutex_unlock(&sharing->mutex);
	serve_all(ledger, first);
	pthread_mutex_lock(&sharing->mutex);
	sharing->led = false;
	for (; first; first = next) {
		next = first->next;
		first->served = true; /* from here on it is its owner's again */
	}
	pthread_cond_broadcast(&sharing->served);
}

void
ledger_share(struct ledger *ledger, struct request *request)
{
	struct sharing *sharing = &ledger->sharing;

	request->served = false;
	request->next = NULL;
	pthread_mutex_lock(&sharing->mutex);
	*sharing->last = request;
	sharing->last = &request->next;
	while (!request->served) {
		if (sharing->led)
			pthread_cond_wait(&sharing->served, &sharing->mutex);
		else
			lead(ledger);
	}
	pthread_mutex_unlock(&sharing->mutex);
}
