#include "edge/unpack.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "edge/confine.h"

enum { SECONDS_MOST = 10, ZIP_TAIL = 65536 + 22 };

struct magic {
	size_t at, size;
	const char *bytes;
};

static bool
begins(const char *bytes, size_t size, const struct magic known[], size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (size >= known[i].at + known[i].size &&
		    memcmp(bytes + known[i].at, known[i].bytes, known[i].size) == 0)
			return true;
	return false;
}

static bool
is_compressed(const char *bytes, size_t size)
{
	static const struct magic known[] = { { 0, 2, "\x1F\x8B" }, { 0, 2, "\x1F\x9D" },
		{ 0, 3, "BZh" }, { 0, 5, "\xFD\x37zXZ" }, { 0, 4, "\x28\xB5\x2F\xFD" },
		{ 0, 4, "\x04\x22\x4D\x18" }, { 0, 4, "LZIP" } };

	return begins(bytes, size, known, sizeof known / sizeof *known);
}

static bool
is_archive(const char *bytes, size_t size)
{
	static const struct magic known[] = { { 0, 4, "PK\3\4" }, { 257, 5, "ustar" },
		{ 0, 6, "7z\xBC\xAF\x27\x1C" }, { 0, 5, "07070" },
		{ 0, 8, "!<arch>\n" } };
	size_t tail = size > ZIP_TAIL ? size - ZIP_TAIL : 0;

	/* A zip may have anything before it. */
	return begins(bytes, size, known, sizeof known / sizeof *known) ||
	    memmem(bytes + tail, size - tail, "PK\5\6", 4) != NULL;
}

bool
unpack_knows(const char *bytes, size_t size)
{
	return is_compressed(bytes, size) || is_archive(bytes, size);
}

enum ending { ALL_THERE, TOO_MANY, TOO_LARGE, ENCRYPTED, DAMAGED, ENDINGS };

struct child {
	int fd;
	struct archive *archive;
	size_t most_entries, most_bytes;
};

static void
put(const struct child *child, const void *bytes, size_t size)
{
	const char *rest = bytes;

	while (size) {
		ssize_t wrote = write(child->fd, rest, size);

		if (wrote < 0 && errno == EINTR)
			continue;
		if (wrote < 0)
			_exit(1);
		rest += wrote;
		size -= (size_t)wrote;
	}
}

/* No filter that would start a program. */
static void
support_compressed(struct archive *archive)
{
	archive_read_support_filter_gzip(archive);
	archive_read_support_filter_compress(archive);
	archive_read_support_filter_bzip2(archive);
	archive_read_support_filter_xz(archive);
	archive_read_support_filter_zstd(archive);
	archive_read_support_filter_lz4(archive);
	archive_read_support_filter_lzip(archive);
	archive_read_support_format_raw(archive);
}

static void
support_archives(struct archive *archive)
{
	archive_read_support_format_zip(archive);
	archive_read_support_format_7zip(archive);
	archive_read_support_format_tar(archive);
	archive_read_support_format_cpio(archive);
	archive_read_support_format_ar(archive);
}

/*
 * Either of these: in what is compressed an archive would hide what is not of it,
 * and a thousand zeros are an empty tar.
 */
static struct archive *
open_archive(const char *bytes, size_t size)
{
	struct archive *archive = archive_read_new();

	if (!archive)
		return NULL;
	if (is_compressed(bytes, size))
		support_compressed(archive);
	else
		support_archives(archive);
	if (archive_read_open_memory(archive, bytes, size) == ARCHIVE_OK)
		return archive;
	archive_read_free(archive);
	return NULL;
}

static enum ending
put_entry(struct child *child, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);
	struct text bytes = { 0 };
	char buffer[16384];
	struct entry_head head;
	la_ssize_t got;

	if (!name)
		name = "?";
	while ((got = archive_read_data(child->archive, buffer, sizeof buffer)) > 0) {
		if ((size_t)got > child->most_bytes - bytes.size)
			return TOO_LARGE;
		text_add(&bytes, buffer, (size_t)got);
	}
	head = (struct entry_head){ strlen(name), bytes.size };
	put(child, &head, sizeof head);
	put(child, name, head.name_size);
	put(child, bytes.data, bytes.size);
	child->most_bytes -= bytes.size;
	text_clear(&bytes);
	return got < 0 ? DAMAGED : ALL_THERE;
}

/* Goes on behind an entry that is encrypted or damaged, where that can be done. */
static enum ending
put_all(struct child *child)
{
	enum ending worst = ALL_THERE;
	struct archive_entry *entry;
	size_t count = 0;
	int code;

	while ((code = archive_read_next_header(child->archive, &entry)) == ARCHIVE_OK ||
	    code == ARCHIVE_WARN) {
		enum ending ending;

		if (archive_entry_filetype(entry) != AE_IFREG &&
		    archive_entry_filetype(entry) != 0)
			continue;
		if (++count > child->most_entries)
			return TOO_MANY;
		ending = archive_entry_is_encrypted(entry) ? ENCRYPTED
							   : put_entry(child, entry);
		if (ending == TOO_LARGE)
			return TOO_LARGE;
		worst = ending != ALL_THERE ? ending : worst;
	}
	if (code == ARCHIVE_EOF)
		return worst;
	return archive_read_has_encrypted_entries(child->archive) > 0 ? ENCRYPTED
								      : DAMAGED;
}

/* Nothing but the pipe is open, and nothing of ours goes on: the parent has the clean-up. */
static void __attribute__((noreturn))
be_child(struct child *child, const char *bytes, size_t size)
{
	static const struct rlimit time = { SECONDS_MOST, SECONDS_MOST };
	static const struct rlimit none = { 0, 0 };
	struct entry_head head = { ENTRIES_END, DAMAGED };

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGPIPE, SIG_DFL);
	setrlimit(RLIMIT_CPU, &time);
	setrlimit(RLIMIT_FSIZE, &none);
	setrlimit(RLIMIT_CORE, &none);
	if (dup2(child->fd, 0) < 0 || close_range(1, ~0U, 0) != 0 || !confine_to_memory())
		_exit(1);
	child->fd = 0;
	child->archive = open_archive(bytes, size);
	if (child->archive)
		head.size = put_all(child);
	put(child, &head, sizeof head);
	_exit(0);
}

static bool
read_all(int fd, struct text *said, size_t most)
{
	char buffer[65536];
	ssize_t got;

	do {
		got = read(fd, buffer, sizeof buffer);
		if (got > 0)
			text_add(said, buffer, (size_t)got);
	} while ((got > 0 && said->size <= most) || (got < 0 && errno == EINTR));
	explicit_bzero(buffer, sizeof buffer);
	return got == 0;
}

static void
add_entry(struct entries *entries, const char *name, const struct entry_head *head)
{
	struct entry *entry;

	entries->all = mem_room(entries->all, entries->count, sizeof *entries->all);
	entry = &entries->all[entries->count++];
	entry->name = mem_format("%.*s", (int)head->name_size, name);
	text_add(&entry->bytes, name + head->name_size, head->size);
}

void
entries_take(struct entries *entries, const char *said, size_t size, size_t most_entries)
{
	static const char *const why[ENDINGS] = { NULL, "has too many files",
		"is too large when unpacked", "is encrypted", "is damaged or unknown" };
	size_t at = 0;
	struct entry_head head;

	*entries = (struct entries){ .missing = "could not be unpacked" };
	while (size - at >= sizeof head) {
		size_t rest = size - at - sizeof head;

		memcpy(&head, said + at, sizeof head);
		at += sizeof head;
		if (head.name_size == ENTRIES_END && !rest && head.size < ENDINGS) {
			entries->missing = why[head.size];
			return;
		}
		if (entries->count == most_entries || head.name_size > 65536 ||
		    head.name_size > rest || head.size > rest - head.name_size)
			return;
		add_entry(entries, said + at, &head);
		at += head.name_size + head.size;
	}
}

void
unpack(struct entries *entries, const char *bytes, size_t size, size_t most_entries,
    size_t most_bytes)
{
	struct child child = { -1, NULL, most_entries, most_bytes };
	struct text said = { 0 };
	int ends[2];
	pid_t pid;

	*entries = (struct entries){ .missing = "could not be unpacked" };
	if (pipe2(ends, O_CLOEXEC) != 0)
		return;
	child.fd = ends[1];
	pid = fork();
	if (pid == 0)
		be_child(&child, bytes, size);
	close(ends[1]);
	if (pid > 0 && read_all(ends[0], &said, most_bytes + most_entries * 65536))
		entries_take(entries, text_string(&said), said.size, most_entries);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		;
	text_clear(&said);
}

void
entries_clear(struct entries *entries)
{
	for (size_t i = 0; i < entries->count; i++) {
		free(entries->all[i].name);
		text_clear(&entries->all[i].bytes);
	}
	free(entries->all);
	*entries = (struct entries){ 0 };
}
