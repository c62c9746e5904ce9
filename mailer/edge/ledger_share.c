/*
 * A commit costs a sync of the disk however much is in it. So the first who asks
 * takes with it all who have come to wait meanwhile; who comes later waits for the next.
 */
#include <errno.h>

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
	struct request *first;

	pthread_mutex_lock(&sharing->mutex);
	first = sharing->first;
	sharing->first = NULL;
	sharing->last = &sharing->first;
	pthread_mutex_unlock(&sharing->mutex);
	return first;
}

/* Who has waited longest leads next. */
static void
hand_on(struct sharing *sharing)
{
	pthread_mutex_lock(&sharing->mutex);
	sharing->led = sharing->first != NULL;
	if (sharing->led)
		sem_post(&sharing->first->woken);
	pthread_mutex_unlock(&sharing->mutex);
}

/* Serves all who wait, the leader's own request among them, and wakes each. */
static void
lead(struct ledger *ledger, const struct request *own)
{
	struct request *first = take_waiting(&ledger->sharing), *next;

	serve_all(ledger, first);
	hand_on(&ledger->sharing);
	for (; first; first = next) {
		next = first->next;
		first->served = true;
		if (first != own)
			sem_post(
			    &first->woken); /* from here on it is its owner's again */
	}
}

static void
wait(struct request *request)
{
	while (sem_wait(&request->woken) != 0 && errno == EINTR)
		;
}

void
ledger_share(struct ledger *ledger, struct request *request)
{
	struct sharing *sharing = &ledger->sharing;
	bool leads;

	request->served = false;
	request->next = NULL;
	sem_init(&request->woken, 0, 0);
	pthread_mutex_lock(&sharing->mutex);
	*sharing->last = request;
	sharing->last = &request->next;
	leads = !sharing->led;
	sharing->led = true;
	pthread_mutex_unlock(&sharing->mutex);
	if (!leads)
		wait(request);
	if (!request->served)
		lead(ledger, request);
	sem_destroy(&request->woken);
}
