#include "cmd/clock.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define BOOT_ID "/proc/sys/kernel/random/boot_id"

time_t
clock_since_boot(void)
{
	struct timespec since = { 0 };

	clock_gettime(CLOCK_BOOTTIME, &since);
	return since.tv_sec;
}

/* Left empty where it cannot be known. */
static void
read_boot_id(char *id, size_t size)
{
	int fd = open(BOOT_ID, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? 0 : read(fd, id, size - 1);

	id[got > 0 ? got : 0] = '\0';
	id[strcspn(id, "\n")] = '\0';
	if (fd >= 0)
		close(fd);
}

void
clock_read(struct clock *clock)
{
	*clock = (struct clock){ .now = time(NULL), .boot = clock_since_boot() };
	read_boot_id(clock->boot_id, sizeof clock->boot_id);
}
