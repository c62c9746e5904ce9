#include "cmd/connections.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/mem.h"

struct connections {
	struct smtp **all; /* owned, and each */
	size_t count;
	pthread_mutex_t mutex; /* of what follows */
	pthread_cond_t given;
	struct smtp **idle; /* owned */
	size_t idle_count;
};

struct connections *
connections_open(const struct smtp_settings *settings, struct error *err)
{
	struct smtp *first = smtp_open(settings, err);
	struct connections *connections;

	if (!first)
		return NULL;
	connections = mem_new(sizeof *connections);
	connections->all = mem_array(settings->connections, sizeof(struct smtp *));
	connections->idle = mem_array(settings->connections, sizeof(struct smtp *));
	pthread_mutex_init(&connections->mutex, NULL);
	pthread_cond_init(&connections->given, NULL);
	for (size_t i = 0; i < settings->connections; i++) {
		connections->all[i] = i ? smtp_another(first) : first;
		connections->idle[i] = connections->all[i];
	}
	connections->count = connections->idle_count = settings->connections;
	return connections;
}

void
connections_close(struct connections *connections)
{
	if (!connections)
		return;
	/* The first one last: the others borrow from it. */
	for (size_t i = connections->count; i > 0; i--)
		smtp_close(connections->all[i - 1]);
	pthread_cond_destroy(&connections->given);
	pthread_mutex_destroy(&connections->mutex);
	free(connections->idle);
	free(connections->all);
	free(connections);
}

/* The one that was used last is the likeliest to be still there. */
struct smtp *
connections_take(struct connections *connections)
{
	struct smtp *smtp;

	pthread_mutex_lock(&connections->mutex);
	while (!connections->idle_count)
		pthread_cond_wait(&connections->given, &connections->mutex);
	smtp = connections->idle[--connections->idle_count];
	pthread_mutex_unlock(&connections->mutex);
	return smtp;
}

void
connections_give(struct connections *connections, struct smtp *smtp)
{
	pthread_mutex_lock(&connections->mutex);
	connections->idle[connections->idle_count++] = smtp;
	pthread_cond_signal(&connections->given);
	pthread_mutex_unlock(&connections->mutex);
}
