#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/digest.h"
#include "base/file.h"
#include "base/mem.h"
#include "edge/ledger_inside.h"

/*
 * The mark's file has two slots, each in a block of its own, that are written in turn:
 * a write that is cut short spoils one, and the other stands. To write in place costs
 * one sync, where a file that replaces another costs two and a rename.
 */
enum { SLOTS = 2, BLOCK = 4096, LONGEST = 256 };

struct high_water {
	int64_t turn; /* the higher is the newer; 0: there is none */
	char ledger[33]; /* its id */
	int64_t event;
	char head[2 * DIGEST_SIZE + 1];
};

static void
write_hash(char out[2 * DIGEST_SIZE + 1], const unsigned char hash[DIGEST_SIZE])
{
	struct text text = { 0 };

	text_hex(&text, hash, DIGEST_SIZE);
	snprintf(out, 2 * DIGEST_SIZE + 1, "%s", text_string(&text));
	text_clear(&text);
}

/* One line that proves itself. */
static void
write_mark(struct text *text, const struct high_water *mark)
{
	unsigned char sum[DIGEST_SIZE];
	char hex[2 * DIGEST_SIZE + 1];

	text_addf(text, "forewarn-mark-2 turn %lld ledger %s event %lld head %s",
	    (long long)mark->turn, mark->ledger, (long long)mark->event, mark->head);
	digest_sha256(sum, text->data, text->size);
	write_hash(hex, sum);
	text_addf(text, " sum %.16s\n", hex);
}

static bool
parse_mark(struct high_water *mark, const char *string)
{
	long long turn = 0, event = -1;
	struct text again = { 0 };
	bool same;

	*mark = (struct high_water){ 0 };
	/* NOLINTNEXTLINE(cert-err34-c): 18 digits fit, and all is compared below */
	sscanf(string,
	    "forewarn-mark-2 turn %18lld ledger %32[0-9a-f] event %18lld"
	    " head %64[0-9a-f]",
	    &turn, mark->ledger, &event, mark->head);
	mark->turn = turn;
	mark->event = event;
	write_mark(&again, mark);
	same = turn > 0 && event >= 0 && strcmp(text_string(&again), string) == 0;
	text_clear(&again);
	return same;
}

/* The newer of the slots; its turn is 0 when there is none. */
static void
newest(struct high_water *newest, int file)
{
	char line[LONGEST];
	struct high_water mark;
	ssize_t size;

	*newest = (struct high_water){ 0 };
	for (int slot = 0; slot < SLOTS; slot++) {
		size = pread(file, line, sizeof line - 1, (off_t)slot * BLOCK);
		line[size > 0 ? size : 0] = '\0'; /* what follows the line is NUL, too */
		if (parse_mark(&mark, line) && mark.turn > newest->turn)
			*newest = mark;
	}
}

static bool
read_mark(const char *path, struct high_water *mark, struct error *err)
{
	int file;

	*mark = (struct high_water){ 0 };
	if (access(path, F_OK) != 0 && errno == ENOENT)
		return error_set(err,
		    "%s: is not there, and without it nobody knows whether the ledger is"
		    " an old copy; put it back, or forewarn recover",
		    path);
	if (!file_own(path, err))
		return false;
	file = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	if (file < 0)
		return error_set(err, "%s: cannot be read: %s", path, strerror(errno));
	newest(mark, file);
	close(file);
	return mark->turn ||
	    error_set(err,
		"%s: is not the mark of a ledger; put it back, or forewarn recover",
		path);
}

/* Where the ledger stands. */
static void
find_end(struct ledger *ledger, struct high_water *mark)
{
	struct query *query = db_query(ledger->db, "SELECT id FROM meta");
	unsigned char hash[DIGEST_SIZE] = { 0 };

	if (query_next(query))
		snprintf(mark->ledger, sizeof mark->ledger, "%s", row_text(query, 0));
	mark->event = ledger_chain_end(ledger, hash);
	write_hash(mark->head, hash);
}

/* Whether the event that the mark names is in the ledger, with its hash. */
static bool
holds(struct ledger *ledger, const struct high_water *mark, const struct high_water *end)
{
	struct query *query =
	    db_query(ledger->db, "SELECT hash FROM event WHERE seq = ?");
	unsigned char hash[DIGEST_SIZE];
	char head[2 * DIGEST_SIZE + 1];

	if (mark->event == end->event)
		return strcmp(mark->head, end->head) == 0;
	if (mark->event == 0)
		return true;
	query_int(query, mark->event);
	if (!query_next(query) || !row_bytes(query, 0, hash, sizeof hash))
		return false;
	write_hash(head, hash);
	return strcmp(mark->head, head) == 0;
}

bool
ledger_check_mark(struct ledger *ledger, struct error *err)
{
	static const char advice[] = "put the newest ledger back, or forewarn recover";
	struct high_water mark, end = { 0 };

	/* The mark first: it only ever follows the ledger. */
	if (!read_mark(ledger->mark, &mark, err))
		return false;
	find_end(ledger, &end);
	if (strcmp(mark.ledger, end.ledger) != 0)
		return error_set(err, "%s: is not the ledger that %s is of; %s",
		    ledger->path, ledger->mark, advice);
	if (mark.event > end.event)
		return error_set(err,
		    "%s: is an old copy: it ends with event %lld, and by %s event %lld"
		    " was written; %s",
		    ledger->path, (long long)end.event, ledger->mark,
		    (long long)mark.event, advice);
	if (!holds(ledger, &mark, &end))
		return error_set(err,
		    "%s: is not what %s is of: its event %lld is another; %s",
		    ledger->path, ledger->mark, (long long)mark.event, advice);
	ledger->marked = mark.event;
	return true;
}

/* A new file must be found again after a crash, as its folder has it. */
static bool
sync_folder(const char *path)
{
	char *copy = mem_string(path);
	int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	bool ok = folder >= 0 && fsync(folder) == 0;

	if (folder >= 0)
		close(folder);
	free(copy);
	return ok;
}

static bool
write_slot(int file, const struct high_water *mark)
{
	off_t at = (off_t)(mark->turn % SLOTS) * BLOCK;
	struct text text = { 0 };
	char slot[LONGEST] = "";
	bool ok;

	write_mark(&text, mark);
	memcpy(slot, text.data, text.size < sizeof slot ? text.size : sizeof slot);
	text_clear(&text);
	ok = pwrite(file, slot, sizeof slot, at) == (ssize_t)sizeof slot;
	return ok && fdatasync(file) == 0;
}

/* Under the lock, so that no slower writer puts an older mark over ours. */
static bool
keep_locked(struct ledger *ledger, int file, struct error *err)
{
	struct high_water before, end = { 0 };

	if (!db_read(ledger->db, err))
		return false;
	find_end(ledger, &end);
	if (!db_end(ledger->db, true, err))
		return false;
	newest(&before, file);
	end.turn = before.turn + 1;
	if ((before.event != end.event || strcmp(before.head, end.head) != 0) &&
	    (!write_slot(file, &end) || (!before.turn && !sync_folder(ledger->mark))))
		return error_set(
		    err, "%s: cannot be written: %s", ledger->mark, strerror(errno));
	ledger->marked = end.event;
	return true;
}

bool
ledger_keep_mark(struct ledger *ledger, struct error *err)
{
	int file = open(ledger->mark, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	bool ok;

	if (file < 0 || flock(file, LOCK_EX) != 0)
		ok = error_set(
		    err, "%s: cannot be written: %s", ledger->mark, strerror(errno));
	else
		ok = keep_locked(ledger, file, err);
	if (file >= 0)
		close(file);
	return ok;
}
