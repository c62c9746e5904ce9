#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include "edge/confine.h"
#include "scratch.h"

/* In a child, as there is no way back. */
static void
expect(bool holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "# not so: %s (%s)\n", what, strerror(errno));
	_exit(1);
}

static bool
refused(long result)
{
	return result < 0 && (errno == EACCES || errno == EXDEV || errno == EPERM);
}

static bool
child_ends_well(void (*body)(void))
{
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		body();
		_exit(0);
	}
	return waitpid(pid, &status, 0) == pid && status == 0;
}

static bool
kernel_knows(void)
{
	if (!confine_knows())
		print_message("# left out: this kernel has no Landlock\n");
	return confine_knows();
}

static int
enter(void **state)
{
	int status = scratch_enter(state);

	put_bytes("out/old", "old", 3);
	put_bytes("in/old", "old", 3);
	return status;
}

static void
confine_to_in(void)
{
	static const char *const directories[] = { "in", "not-there" };
	struct error err;

	expect(confine_writes(directories, 2, &err), "is confined");
}

static void
try_files(void)
{
	confine_to_in();
	expect(open("in/new", O_WRONLY | O_CREAT | O_EXCL, 0600) >= 0, "makes inside");
	expect(open("in/old", O_WRONLY | O_TRUNC) >= 0, "writes inside");
	expect(rename("in/new", "in/old") == 0, "replaces inside");
	expect(mkdir("in/d", 0700) == 0 && rmdir("in/d") == 0, "directories inside");
	expect(unlink("in/old") == 0, "removes inside");
	expect(open("/dev/null", O_WRONLY) >= 0, "writes to nowhere");
	expect(open("out/old", O_RDONLY) >= 0, "reads outside");
	expect(refused(open("out/old", O_WRONLY)), "does not write outside");
	expect(refused(open("out/new", O_WRONLY | O_CREAT, 0600)), "nor make files");
	expect(refused(mkdir("out/d", 0700)), "nor directories");
	expect(refused(unlink("out/old")), "nor remove");
	expect(refused(rename("out/old", "in/new")), "nor take away");
	expect(refused(rename("out/old", "out/older")), "nor rename");
	expect(refused(symlink("out", "in/link")), "makes no links even inside");
	expect(refused(mkfifo("in/fifo", 0600)), "nor FIFOs");
}

static void
writes_stay_inside(void **state)
{
	(void)state;
	if (kernel_knows())
		assert_true(child_ends_well(try_files));
}

static void
try_programs(void)
{
	confine_to_in();
	expect(system("echo >in/new") == 0, "a program writes inside");
	expect(system("echo 2>&- >out/new") != 0, "and not outside");
	expect(access("out/new", F_OK) != 0, "indeed not");
}

static void
programs_inherit_it(void **state)
{
	(void)state;
	if (kernel_knows())
		assert_true(child_ends_well(try_programs));
}

static void
try_memory(void)
{
	static char *const arguments[] = { NULL };
	int ends[2];
	char byte = 1;
	void *memory;

	expect(pipe(ends) == 0, "has a pipe");
	expect(confine_to_memory(), "is confined");
	expect(write(ends[1], &byte, 1) == 1 && read(ends[0], &byte, 1) == 1,
	    "what is open can be used");
	memory = malloc(64 << 20);
	expect(memory != NULL, "there is memory");
	free(memory);
	expect(refused(open("out/old", O_RDONLY)), "opens nothing");
	expect(refused(socket(AF_INET, SOCK_STREAM, 0)), "speaks to nobody");
	expect(refused(socket(AF_UNIX, SOCK_STREAM, 0)), "not even here");
	expect(refused(fork()), "starts nothing");
	expect(refused(execv("/bin/true", arguments)), "becomes nothing");
	expect(refused(kill(getppid(), SIGTERM)), "ends nobody");
	expect(mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		   0) == MAP_FAILED,
	    "has no new code");
}

static void
memory_is_all(void **state)
{
	(void)state;
	assert_true(child_ends_well(try_memory));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(writes_stay_inside, enter, scratch_leave),
		cmocka_unit_test_setup_teardown(
		    programs_inherit_it, enter, scratch_leave),
		cmocka_unit_test_setup_teardown(memory_is_all, enter, scratch_leave),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
