/*
 * openat2 - a plain openat in its place, for valgrind: that of Debian 12 does not know the
 * system call, and forewarn opens none of its files without it.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <unistd.h>

long
syscall(long number, ...)
{
	long (*real)(long, ...);
	long all[6]; /* none takes more */
	va_list arguments;

	va_start(arguments, number);
	for (int i = 0; i < 6; i++)
		all[i] = va_arg(arguments, long);
	va_end(arguments);
	if (number == SYS_openat2) {
		const struct open_how *how = (const struct open_how *)all[2];

		return openat((int)all[0], (const char *)all[1], (int)how->flags,
		    (mode_t)how->mode);
	}
	*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	return real(number, all[0], all[1], all[2], all[3], all[4], all[5]);
}
