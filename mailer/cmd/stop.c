#include "cmd/stop.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "cmd/place.h"

/* The lock goes with the process, whatever ends it: no file to clean up. */
static enum lock
take_lock(struct stop *stop, bool wait, struct error *err)
{
	stop->lock = open(PLACE_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (stop->lock >= 0 && flock(stop->lock, wait ? LOCK_EX : LOCK_EX | LOCK_NB) == 0)
		return LOCK_TAKEN;
	if (stop->lock >= 0 && errno == EWOULDBLOCK)
		return LOCK_BUSY;
	error_set(err, "%s: %s", PLACE_LOCK, strerror(errno));
	return LOCK_FAILED;
}

enum lock
stop_open(struct stop *stop, bool wait, struct error *err)
{
	sigset_t set;
	enum lock lock;

	*stop = (struct stop){ -1, -1 };
	lock = take_lock(stop, wait, err);
	if (lock != LOCK_TAKEN) {
		stop_close(stop);
		return lock;
	}
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	stop->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return LOCK_TAKEN;
}

void
stop_close(struct stop *stop)
{
	if (stop->signals >= 0)
		close(stop->signals);
	if (stop->lock >= 0)
		close(stop->lock);
	*stop = (struct stop){ -1, -1 };
}

const char *
stop_reason(const struct stop *stop)
{
	struct pollfd signals = { stop->signals, POLLIN, 0 };

	/* Anything but a clear "not there" holds. */
	if (faccessat(AT_FDCWD, PLACE_HOLD, F_OK, AT_SYMLINK_NOFOLLOW) == 0 ||
	    errno != ENOENT)
		return "held: " PLACE_HOLD " is there; remove it to go on";
	if (poll(&signals, 1, 0) > 0)
		return "stopped by a signal; the next run goes on";
	return NULL;
}

void
stop_wait(const struct stop *stop, int64_t nanoseconds)
{
	struct pollfd signals = { stop->signals, POLLIN, 0 };
	const struct timespec span = { nanoseconds / 1000000000,
		nanoseconds % 1000000000 };

	ppoll(&signals, 1, &span, NULL);
}
