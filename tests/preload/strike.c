/*
 * strike - kills forewarn before one of its writing calls, counted over all its threads, as
 * strace cannot. Preloaded into forewarn, and into nothing that it starts:
 *
 *   STRIKE=FILE,N LD_PRELOAD=build/tests/strike.so build/forewarn ...
 *
 * Before the Nth call all is over (SIGKILL). With 0 it lives, and FILE gets a line for
 * each call, CALL COUNT, when it ends; behind them FILE has NULs.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum call { WRITE, PWRITE, WRITEV, SEND, SENDMSG, SYNC, TRUNCATE, UNLINK, RENAME, CALLS };

static const char *const names[CALLS] = { "write", "pwrite", "writev", "send", "sendmsg",
	"sync", "truncate", "unlink", "rename" };

enum { WORDS = 4096 };

static struct {
	pid_t pid; /* 0: not our programme */
	char *words; /* FILE itself, as forewarn closes what it has not opened */
	unsigned long strike;
	atomic_ulong made, of[CALLS];
} all;

static void __attribute__((constructor)) begin(void)
{
	const char *order = getenv("STRIKE");
	char path[256];
	int fd;

	if (!order || strcmp(program_invocation_short_name, "forewarn") != 0 ||
	    sscanf(order, "%255[^,],%lu", path, &all.strike) != 2)
		return;
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, WORDS) != 0)
		_exit(99);
	all.words = mmap(NULL, WORDS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (all.words == MAP_FAILED)
		_exit(99);
	close(fd);
	unsetenv("LD_PRELOAD");
	all.pid = getpid();
}

static void __attribute__((destructor)) tell(void)
{
	int at = 0;

	for (int i = 0; all.pid == getpid() && i < CALLS; i++)
		at += snprintf(all.words + at, (size_t)(WORDS - at), "%s %lu\n", names[i],
		    atomic_load(&all.of[i]));
}

static void
count(enum call call)
{
	if (all.pid != getpid())
		return;
	atomic_fetch_add(&all.of[call], 1);
	if (atomic_fetch_add(&all.made, 1) + 1 == all.strike)
		kill(all.pid, SIGKILL);
}

ssize_t
write(int fd, const void *bytes, size_t n)
{
	count(WRITE);
	return syscall(SYS_write, fd, bytes, n);
}

ssize_t
pwrite(int fd, const void *bytes, size_t n, off_t at)
{
	count(PWRITE);
	return syscall(SYS_pwrite64, fd, bytes, n, at);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t n, off64_t at)
{
	count(PWRITE);
	return syscall(SYS_pwrite64, fd, bytes, n, at);
}

ssize_t
writev(int fd, const struct iovec *parts, int n)
{
	count(WRITEV);
	return syscall(SYS_writev, fd, parts, n);
}

ssize_t
send(int fd, const void *bytes, size_t n, int flags)
{
	count(SEND);
	return syscall(SYS_sendto, fd, bytes, n, flags, NULL, 0);
}

ssize_t
sendmsg(int fd, const struct msghdr *message, int flags)
{
	count(SENDMSG);
	return syscall(SYS_sendmsg, fd, message, flags);
}

int
fsync(int fd)
{
	count(SYNC);
	return (int)syscall(SYS_fsync, fd);
}

int
fdatasync(int fd)
{
	count(SYNC);
	return (int)syscall(SYS_fdatasync, fd);
}

int
ftruncate(int fd, off_t size)
{
	count(TRUNCATE);
	return (int)syscall(SYS_ftruncate, fd, size);
}

int
ftruncate64(int fd, off64_t size)
{
	count(TRUNCATE);
	return (int)syscall(SYS_ftruncate, fd, size);
}

int
unlink(const char *path)
{
	count(UNLINK);
	return (int)syscall(SYS_unlink, path);
}

int
rename(const char *from, const char *to)
{
	count(RENAME);
	return (int)syscall(SYS_rename, from, to);
}
