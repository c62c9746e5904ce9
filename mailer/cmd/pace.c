#include "cmd/pace.h"

#include <time.h>

enum { SECOND = 1000000000 };

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

static int64_t
uptime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

/* Turns are handed out ahead of their time, so that none is lost; what was idle is. */
static int64_t
take_turn(struct pace *pace)
{
	int64_t now = uptime(), turn;

	pthread_mutex_lock(&pace->mutex);
	turn = pace->next > now ? pace->next : now;
	pace->next = turn + pace->interval;
	pthread_mutex_unlock(&pace->mutex);
	return turn;
}

void
pace_wait(struct pace *pace, const struct stop *stop)
{
	int64_t turn = pace->interval ? take_turn(pace) : 0, left = 0;

	do {
		if (turn)
			left = turn - uptime();
	} while (left > 0 && stop_wait(stop, left));
}
