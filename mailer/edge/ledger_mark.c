#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "edge/ledger_inside.h"

enum { MOST = 512 };

struct mark {
	char ledger[33]; /* its id */
	int64_t event;
	char head[2 * DIGEST_SIZE + 1];
};

static void
write_mark(struct text *text, const struct mark *mark)
{
	text_addf(text, "forewarn-mark-1\nledger %s\nevent %lld\nhead %s\n", mark->ledger,
	    (long long)mark->event, mark->head);
}

static bool
parse_mark(struct mark *mark, const char *string)
{
	struct text again = { 0 };
	long long event = -1;
	bool same;

	*mark = (struct mark){ 0 };
	/* NOLINTNEXTLINE(cert-err34-c): 18 digits fit, and all is compared below */
	sscanf(string,
	    "forewarn-mark-1 ledger %32[0-9a-f] event %18lld head %64[0-9a-fA-F]",
	    mark->ledger, &event, mark->head);
	mark->event = event;
	write_mark(&again, mark);
	same = event >= 0 && strcmp(text_string(&again), string) == 0;
	text_clear(&again);
	return same;
}

static int
open_folder(const char *path)
{
	char *copy = mem_string(path);
	int folder = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	free(copy);
	return folder;
}

static const char *
name_in_folder(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool
read_mark(const char *path, struct mark *mark, struct error *err)
{
	struct text text = { 0 };
	int folder;
	bool ok;

	if (access(path, F_OK) != 0 && errno == ENOENT)
		return error_set(err,
		    "%s: is not there, and without it nobody knows whether the ledger is"
		    " an old copy; put it back, or forewarn recover",
		    path);
	folder = open_folder(path);
	ok = file_own(path, err) &&
	    file_read_below(folder, name_in_folder(path), path, MOST, &text, err);
	if (folder >= 0)
		close(folder);
	if (ok && !parse_mark(mark, text_string(&text)))
		ok = error_set(err,
		    "%s: is not the mark of a ledger; put it back, or forewarn recover",
		    path);
	text_clear(&text);
	return ok;
}

static void
write_hash(char out[2 * DIGEST_SIZE + 1], const unsigned char hash[DIGEST_SIZE])
{
	struct text text = { 0 };

	text_hex(&text, hash, DIGEST_SIZE);
	snprintf(out, 2 * DIGEST_SIZE + 1, "%s", text_string(&text));
	text_clear(&text);
}

/* Where the ledger stands. */
static void
find_end(struct ledger *ledger, struct mark *mark)
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
holds(struct ledger *ledger, const struct mark *mark, const struct mark *end)
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
	struct mark mark = { 0 }, end = { 0 };

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

/* Under the lock, so that no slower writer puts an older mark over ours. */
static bool
keep_locked(struct ledger *ledger, int folder, struct error *err)
{
	struct text text = { 0 };
	struct mark end = { 0 };
	bool ok = true;

	if (!db_read(ledger->db, err))
		return false;
	find_end(ledger, &end);
	if (!db_end(ledger->db, true, err))
		return false;
	if (end.event != ledger->marked) {
		write_mark(&text, &end);
		ok = file_replace(
		    folder, name_in_folder(ledger->mark), text.data, text.size, err);
	}
	if (ok)
		ledger->marked = end.event;
	text_clear(&text);
	return ok;
}

bool
ledger_keep_mark(struct ledger *ledger, struct error *err)
{
	int folder = open_folder(ledger->mark);
	bool ok;

	if (folder < 0 || flock(folder, LOCK_EX) != 0)
		ok = error_set(
		    err, "%s: cannot be written: %s", ledger->mark, strerror(errno));
	else
		ok = keep_locked(ledger, folder, err);
	if (folder >= 0)
		close(folder);
	return ok;
}
