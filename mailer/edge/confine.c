#include "edge/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Of Linux 6.2, the third of its versions; before it, what can be named can be truncated. */
#define TRUNCATE (UINT64_C(1) << 14)

enum { VERSION_TRUNCATE = 3 };

/*
 * Landlock, by system calls: no library of Debian's has it. Reading and starting
 * programs are left as they were: gpg may lie and look anywhere.
 */
static const uint64_t inside = LANDLOCK_ACCESS_FS_WRITE_FILE |
    LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
    LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
    LANDLOCK_ACCESS_FS_MAKE_SOCK | TRUNCATE;
static const uint64_t nowhere = LANDLOCK_ACCESS_FS_MAKE_CHAR |
    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
    LANDLOCK_ACCESS_FS_MAKE_SYM;

static long
version(void)
{
	return syscall(
	    SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

bool
confine_knows(void)
{
	return version() > 0;
}

/* What cannot be opened gets no rule, so that nothing can be written there. */
static bool
allow(int rules, const char *path, uint64_t rights)
{
	int directory = open(path, O_PATH | O_CLOEXEC);
	struct landlock_path_beneath_attr beneath = { .allowed_access = rights,
		.parent_fd = directory };
	bool ok;

	if (directory < 0)
		return true;
	ok = syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath,
		 0) == 0;
	close(directory);
	return ok;
}

static bool
allow_all(int rules, uint64_t known, const char *const directories[], size_t count)
{
	const uint64_t device = LANDLOCK_ACCESS_FS_WRITE_FILE | TRUNCATE;

	if (!allow(rules, "/dev/null", device & known))
		return false;
	for (size_t i = 0; i < count; i++)
		if (!allow(rules, directories[i], inside & known))
			return false;
	return true;
}

bool
confine_writes(const char *const directories[], size_t count, struct error *err)
{
	uint64_t known = version() >= VERSION_TRUNCATE ? ~UINT64_C(0) : ~TRUNCATE;
	struct landlock_ruleset_attr attributes = { .handled_access_fs =
							(inside | nowhere) & known };
	int rules;
	bool ok;

	if (!confine_knows())
		return true;
	rules =
	    (int)syscall(SYS_landlock_create_ruleset, &attributes, sizeof attributes, 0);
	ok = rules >= 0 && allow_all(rules, known, directories, count) &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	    syscall(SYS_landlock_restrict_self, rules, 0) == 0;
	if (!ok)
		error_set(
		    err, "the kernel does not confine this process: %s", strerror(errno));
	if (rules >= 0)
		close(rules);
	return ok;
}

/* Memory, but none that is code. */
static bool
allow_memory(scmp_filter_ctx filter, int call)
{
	return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
		   SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0)) == 0;
}

bool
confine_to_memory(void)
{
	/* The sanitizers ask for the signals' stack before they end. */
	static const int calls[] = { SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(brk),
		SCMP_SYS(munmap), SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex),
		SCMP_SYS(rt_sigreturn), SCMP_SYS(exit), SCMP_SYS(exit_group),
		SCMP_SYS(sigaltstack) };
	/* An error and not the end: libraries look for what they can do without. */
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ERRNO(EPERM));
	bool ok = filter && allow_memory(filter, SCMP_SYS(mmap)) &&
	    allow_memory(filter, SCMP_SYS(mprotect));

	for (size_t i = 0; ok && i < sizeof calls / sizeof *calls; i++)
		ok = seccomp_rule_add(filter, SCMP_ACT_ALLOW, calls[i], 0) == 0;
	ok = ok && seccomp_load(filter) == 0;
	seccomp_release(filter);
	return ok;
}
