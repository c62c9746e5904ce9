#include "cmd/pace.h"

#include <time.h>

void
pace_open(struct pace *pace, int64_t interval)
{
	*pace = (struct pace){ .interval = interval };
	pthread_mutex_init(&pace->mutex, NULL);
}

void
pace_close(struct pace *pace)
{
	pthread_mutex_destroy(&pace->mutex);
}

int64_t
pace_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Turns are handed out ahead of their time, so that none is lost; what was idle is. */
int64_t
pace_turn(struct pace *pace, int64_t now)
{
	int64_t turn;

	pthread_mutex_lock(&pace->mutex);
	turn = pace->next > now ? pace->next : now;
	pace->next = turn + pace->interval;
	pthread_mutex_unlock(&pace->mutex);
	return turn;
}
