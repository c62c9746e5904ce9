#include "cmd/couriers.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

enum {
	MOST_WAITING = 256,
	MOST_WEIGHT = 32 * 1024 * 1024, /* bytes that nobody shares */
};

struct waiting {
	struct parcel parcel;
	struct waiting *next;
};

struct connection {
	struct couriers *couriers;
	struct smtp *smtp; /* owned */
	pthread_t thread;
};

struct couriers {
	struct duty *duty; /* borrowed */
	struct connection *connections; /* owned */
	size_t count; /* of those that are open */
	bool
	    threaded; /* one connection alone needs no thread: nothing is done beside it */
	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t work, room;
	struct waiting *first, **last; /* owned */
	size_t waiting, weight, serving;
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
	/* The first one that was accepted lets all of them to work. */
	pthread_cond_broadcast(&couriers->work);
	pthread_cond_signal(&couriers->room);
	pthread_mutex_unlock(&couriers->mutex);
}

static void *
work(void *ctx)
{
	struct connection *connection = ctx;
	struct couriers *couriers = connection->couriers;
	struct parcel parcel;

	while (take(couriers, &parcel)) {
		courier_serve(couriers->duty, connection->smtp, &parcel);
		served(couriers);
	}
	return NULL;
}

static bool
start(struct couriers *couriers, struct error *err)
{
	struct connection *one = &couriers->connections[couriers->count];
	const struct smtp_settings *settings = &couriers->duty->session->config.smtp;

	one->couriers = couriers;
	one->smtp = couriers->count ? smtp_another(couriers->connections[0].smtp)
				    : smtp_open(settings, err);
	if (!one->smtp)
		return false;
	if (couriers->threaded && pthread_create(&one->thread, NULL, work, one) != 0) {
		smtp_close(one->smtp);
		return error_set(
		    err, "connection %zu: no thread can be started", couriers->count + 1);
	}
	couriers->count++;
	return true;
}

struct couriers *
couriers_open(struct duty *duty, struct error *err)
{
	struct couriers *couriers = mem_new(sizeof *couriers);
	size_t most = duty->session->config.smtp.connections;

	couriers->duty = duty;
	couriers->threaded = most > 1;
	couriers->connections = mem_array(most, sizeof *couriers->connections);
	couriers->last = &couriers->first;
	pthread_mutex_init(&couriers->mutex, NULL);
	pthread_cond_init(&couriers->work, NULL);
	pthread_cond_init(&couriers->room, NULL);
	while (couriers->count < most)
		if (!start(couriers, err)) {
			couriers_close(couriers);
			return NULL;
		}
	return couriers;
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
	if (couriers->threaded)
		put(couriers, parcel);
	else
		courier_serve(couriers->duty, couriers->connections[0].smtp, parcel);
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
	for (size_t i = 0; couriers->threaded && i < couriers->count; i++)
		pthread_join(couriers->connections[i].thread, NULL);
	/* The first one last: the others borrow from it. */
	for (size_t i = couriers->count; i > 0; i--)
		smtp_close(couriers->connections[i - 1].smtp);
	pthread_cond_destroy(&couriers->room);
	pthread_cond_destroy(&couriers->work);
	pthread_mutex_destroy(&couriers->mutex);
	free(couriers->connections);
	free(couriers);
}
