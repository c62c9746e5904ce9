#include "cmd/couriers.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
	MOST_WAITING = 256,
	SHARING = 2, /* couriers a connection: one sends while the other records */
	MOST_WEIGHT = 32 * 1024 * 1024, /* bytes that nobody shares */
};

struct waiting {
	struct parcel parcel;
	struct waiting *next;
};

struct couriers {
	struct duty *duty; /* borrowed */
	struct connections *connections; /* owned */
	pthread_t *threads; /* owned */
	size_t
	    count; /* 0: one connection needs no thread, as nothing is done beside it */
	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t work, room;
	struct waiting *first, **last; /* owned */
	size_t waiting, weight, serving;
	bool proved; /* the relay has accepted a message */
	bool closing;
};

/* Until the relay is proved, one alone. */
static bool
may_take(struct couriers *couriers)
{
	return couriers->first && (couriers->serving == 0 || duty_proved(couriers->duty));
}

static bool
is_full(const struct couriers *couriers)
{
	return couriers->waiting >= MOST_WAITING || couriers->weight >= MOST_WEIGHT;
}

/* Waits for the next parcel; false: there will be none. */
static bool
take(struct couriers *couriers, struct parcel *parcel)
{
	struct waiting *waiting;

	pthread_mutex_lock(&couriers->mutex);
	while (!couriers->closing && !may_take(couriers))
		pthread_cond_wait(&couriers->work, &couriers->mutex);
	waiting = couriers->closing ? NULL : couriers->first;
	if (waiting) {
		couriers->first = waiting->next;
		if (!couriers->first)
			couriers->last = &couriers->first;
		couriers->waiting--;
		couriers->serving++;
		couriers->weight -= sealed_weight(waiting->parcel.sealed);
		*parcel = waiting->parcel;
		if (couriers->waiting <= MOST_WAITING / 2)
			pthread_cond_signal(&couriers->room);
	}
	pthread_mutex_unlock(&couriers->mutex);
	free(waiting);
	return waiting != NULL;
}

static void
served(struct couriers *couriers)
{
	pthread_mutex_lock(&couriers->mutex);
	couriers->serving--;
	if (!couriers->proved) {
		couriers->proved = duty_proved(couriers->duty);
		pthread_cond_broadcast(&couriers->work);
	}
	if (!couriers->first && !couriers->serving)
		pthread_cond_signal(&couriers->room);
	pthread_mutex_unlock(&couriers->mutex);
}

static void *
work(void *ctx)
{
	struct couriers *couriers = ctx;
	struct parcel parcel;

	while (take(couriers, &parcel)) {
		courier_serve(couriers->duty, couriers->connections, &parcel);
		served(couriers);
	}
	return NULL;
}

static bool
start(struct couriers *couriers, size_t most, struct error *err)
{
	while (couriers->count < most) {
		if (pthread_create(
			&couriers->threads[couriers->count], NULL, work, couriers) != 0)
			return error_set(err,
			    "connections: thread %zu of %zu cannot be started",
			    couriers->count + 1, most);
		couriers->count++;
	}
	return true;
}

struct couriers *
couriers_open(struct duty *duty, struct error *err)
{
	const struct smtp_settings *settings = &duty->session->config.smtp;
	size_t most = settings->connections > 1 ? settings->connections * SHARING : 0;
	struct couriers *couriers = mem_new(sizeof *couriers);

	couriers->duty = duty;
	couriers->threads = mem_array(most, sizeof *couriers->threads);
	couriers->last = &couriers->first;
	pthread_mutex_init(&couriers->mutex, NULL);
	pthread_cond_init(&couriers->work, NULL);
	pthread_cond_init(&couriers->room, NULL);
	couriers->connections = connections_open(settings, err);
	if (couriers->connections && start(couriers, most, err))
		return couriers;
	couriers_close(couriers);
	return NULL;
}

static void
put(struct couriers *couriers, const struct parcel *parcel)
{
	struct waiting *waiting = mem_new(sizeof *waiting);

	waiting->parcel = *parcel;
	pthread_mutex_lock(&couriers->mutex);
	while (is_full(couriers))
		pthread_cond_wait(&couriers->room, &couriers->mutex);
	*couriers->last = waiting;
	couriers->last = &waiting->next;
	couriers->waiting++;
	couriers->weight += sealed_weight(parcel->sealed);
	pthread_cond_signal(&couriers->work);
	pthread_mutex_unlock(&couriers->mutex);
}

void
couriers_send(struct couriers *couriers, struct parcel *parcel)
{
	if (couriers->count)
		put(couriers, parcel);
	else
		courier_serve(couriers->duty, couriers->connections, parcel);
}

void
couriers_wait(struct couriers *couriers)
{
	pthread_mutex_lock(&couriers->mutex);
	while (couriers->first || couriers->serving)
		pthread_cond_wait(&couriers->room, &couriers->mutex);
	pthread_mutex_unlock(&couriers->mutex);
}

void
couriers_close(struct couriers *couriers)
{
	if (!couriers)
		return;
	pthread_mutex_lock(&couriers->mutex);
	couriers->closing = true;
	pthread_cond_broadcast(&couriers->work);
	pthread_mutex_unlock(&couriers->mutex);
	for (size_t i = 0; i < couriers->count; i++)
		pthread_join(couriers->threads[i], NULL);
	connections_close(couriers->connections);
	pthread_cond_destroy(&couriers->room);
	pthread_cond_destroy(&couriers->work);
	pthread_mutex_destroy(&couriers->mutex);
	free(couriers->threads);
	free(couriers);
}
