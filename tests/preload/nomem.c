/*
 * nomem - allocations that fail. Preloaded into forewarn, and into nothing that it starts:
 *
 *   NOMEM=FILE,WHO,FIRST,LAST LD_PRELOAD=build/tests/nomem.so build/forewarn ...
 *
 * Those from FIRST to LAST fail that WHO makes: "own", our executable, by itself or by a
 * function of libc; "library", any other; "child", whoever it is in a process that was
 * forked and has not become another program. With 0,0 none fails. FILE gets a line each:
 *
 *   failed N WHO FRAME...    the first that failed
 *   signal N WHO FRAME...    what died of it, and in whose code
 *   way N WHO FRAME...       with 0,0: the Nth is the first with these callers
 *   made N WHO               with 0,0: how many there were
 *
 * A FRAME is OBJECT+OFFSET, as `addr2line -e` takes it. Behind the lines FILE has NULs.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <malloc.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>
#include <unwind.h>

enum who { OWN, LIBRARY, CHILD, EVERYONE };
enum { FRESH, BUSY, OFF, ON };
enum { FRAMES = 40, WAYS = 1 << 16, WORDS = 1 << 24, LINE = 4096 };

/* glibc's own names for what stands behind those that we take. */
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

struct span {
	uintptr_t from, to;
};

struct trace {
	uintptr_t at[FRAMES];
	int count;
};

/* Shared with children. */
struct shared {
	_Atomic uint64_t made[EVERYONE];
	_Atomic size_t used; /* of the words */
};

static struct {
	_Atomic int state; /* FRESH ... */
	pid_t pid;
	enum who who;
	uint64_t first, last;
	struct shared *shared;
	char *words; /* FILE itself: a child of ours may write to none */
	struct span program, libc, loader, here;
	uint64_t ways[WAYS]; /* hashes */
} all;

static const char *const names[EVERYONE] = { "own", "library", "child" };

static bool
in(const struct span *span, uintptr_t at)
{
	return at >= span->from && at < span->to;
}

static _Unwind_Reason_Code
add_frame(struct _Unwind_Context *context, void *ctx)
{
	struct trace *trace = ctx;
	uintptr_t at = _Unwind_GetIP(context);

	if (!at || trace->count == FRAMES)
		return _URC_END_OF_STACK;
	if (!in(&all.here, at))
		trace->at[trace->count++] = at;
	return _URC_NO_REASON;
}

/* Whoever called libc, if libc was called. */
static bool
is_ours(const struct trace *trace)
{
	for (int i = 0; i < trace->count; i++)
		if (!in(&all.libc, trace->at[i]) && !in(&all.loader, trace->at[i]))
			return in(&all.program, trace->at[i]);
	return false;
}

static int __attribute__((format(printf, 3, 4)))
add(char line[LINE], int used, const char *format, ...)
{
	va_list arguments;
	int wrote;

	va_start(arguments, format);
	wrote = vsnprintf(line + used, (size_t)(LINE - used), format, arguments);
	va_end(arguments);
	return wrote < LINE - used ? used + wrote : used;
}

static int
add_where(char line[LINE], int used, uintptr_t at)
{
	Dl_info info = { 0 };
	const char *name;

	if (!dladdr((void *)at, &info) || !info.dli_fname)
		return add(line, used, " ?");
	name = strrchr(info.dli_fname, '/');
	return add(line, used, " %s+%#lx", name ? name + 1 : info.dli_fname,
	    (unsigned long)(at - (uintptr_t)info.dli_fbase));
}

/* No allocation on the way. */
static void
note(const char *what, unsigned long number, enum who who, const struct trace *trace)
{
	char line[LINE];
	int used = add(line, 0, "%s %lu %s", what, number, names[who]);
	size_t at;

	for (int i = 0; trace && i < trace->count; i++)
		used = add_where(line, used, trace->at[i]);
	line[used++] = '\n';
	at = atomic_fetch_add(&all.shared->used, (size_t)used);
	if (at + (size_t)used <= WORDS)
		memcpy(all.words + at, line, (size_t)used);
}

/* Once: it goes on where it stopped, and dies there. A confined child may not raise one. */
static void
die(int number)
{
	struct trace trace = { 0 };

	_Unwind_Backtrace(add_frame, &trace);
	note("signal", (unsigned long)number, is_ours(&trace) ? OWN : LIBRARY, &trace);
}

static int
look_at(struct dl_phdr_info *object, size_t size, void *ctx)
{
	struct span span = { UINTPTR_MAX, 0 };

	(void)size, (void)ctx;
	for (int i = 0; i < object->dlpi_phnum; i++) {
		const ElfW(Phdr) *part = &object->dlpi_phdr[i];
		uintptr_t from = object->dlpi_addr + part->p_vaddr;

		if (part->p_type != PT_LOAD)
			continue;
		span.from = from < span.from ? from : span.from;
		span.to = from + part->p_memsz > span.to ? from + part->p_memsz : span.to;
	}
	if (!all.program.to) /* the first is the program */
		all.program = span;
	if (in(&span, (uintptr_t)__libc_malloc))
		all.libc = span;
	if (in(&span, (uintptr_t)look_at))
		all.here = span;
	if (strstr(object->dlpi_name, "/ld-linux"))
		all.loader = span;
	return 0;
}

static bool
read_order(const char *order, char path[256])
{
	char who[16];

	if (!order ||
	    sscanf(order, "%255[^,],%15[^,],%lu,%lu", path, who, &all.first, &all.last) !=
		4)
		return false;
	while (all.who < EVERYONE && strcmp(who, names[all.who]) != 0)
		all.who++;
	return all.who < EVERYONE;
}

static void *
map(size_t size, int flags, int fd)
{
	void *memory =
	    mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | flags, fd, 0);

	if (memory == MAP_FAILED)
		_exit(99);
	return memory;
}

static bool
begin(void)
{
	static const int deadly[] = { SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL };
	const struct sigaction once = { .sa_handler = die,
		.sa_flags = (int)SA_RESETHAND };
	char path[256];
	int fd;

	if (strcmp(program_invocation_short_name, "forewarn") != 0 ||
	    !read_order(getenv("NOMEM"), path))
		return false;
	all.pid = getpid();
	dl_iterate_phdr(look_at, NULL);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || ftruncate(fd, WORDS) != 0)
		_exit(99);
	all.words = map(WORDS, 0, fd);
	all.shared = map(sizeof *all.shared, MAP_ANONYMOUS, -1);
	close(fd);
	for (size_t i = 0; i < sizeof deadly / sizeof *deadly; i++)
		sigaction(deadly[i], &once, NULL);
	unsetenv("LD_PRELOAD");
	return true;
}

/* As soon as anybody allocates: a library may before main, and before us. */
static void __attribute__((constructor)) look(void)
{
	int fresh = FRESH;

	if (atomic_compare_exchange_strong(&all.state, &fresh, BUSY))
		atomic_store(&all.state, begin() ? ON : OFF);
}

static void __attribute__((destructor)) tell(void)
{
	for (int i = 0; all.state == ON && !all.first && i < EVERYONE; i++)
		note("made", all.shared->made[i], (enum who)i, NULL);
}

static bool
is_new(const struct trace *trace)
{
	uint64_t hash = 14695981039346656037U; /* FNV-1a, by words */
	uint64_t i;

	for (int j = 0; j < trace->count; j++)
		hash = (hash ^ trace->at[j]) * 1099511628211U;
	for (i = hash % WAYS; all.ways[i] && all.ways[i] != hash; i = (i + 1) % WAYS)
		;
	if (all.ways[i])
		return false;
	all.ways[i] = hash;
	return true;
}

static bool
fails(void)
{
	struct trace trace = { 0 };
	enum who who;
	uint64_t n;

	if (all.state == FRESH)
		look();
	if (all.state != ON)
		return false;
	_Unwind_Backtrace(add_frame, &trace);
	who = getpid() != all.pid ? CHILD : is_ours(&trace) ? OWN : LIBRARY;
	n = atomic_fetch_add(&all.shared->made[who], 1) + 1;
	if (!all.first && is_new(&trace))
		note("way", n, who, &trace);
	if (who != all.who || n < all.first || n > all.last)
		return false;
	if (n == all.first)
		note("failed", n, who, &trace);
	errno = ENOMEM;
	return true;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	return fails() ? NULL : __libc_calloc(count, size);
}

void *
realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

void *
reallocarray(void *old, size_t count, size_t size)
{
	if (!count || size <= SIZE_MAX / count)
		return realloc(old, count * size);
	errno = ENOMEM;
	return NULL;
}

void *
memalign(size_t alignment, size_t size)
{
	return fails() ? NULL : __libc_memalign(alignment, size);
}

void *
aligned_alloc(size_t alignment, size_t size)
{
	return memalign(alignment, size);
}

int
posix_memalign(void **out, size_t alignment, size_t size)
{
	void *memory = memalign(alignment, size);

	if (memory)
		*out = memory;
	return memory ? 0 : ENOMEM;
}
