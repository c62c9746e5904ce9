/* folder - a programme's directory for a fuzzer that writes one of its files */
#ifndef FUZZ_FOLDER_H
#define FUZZ_FOLDER_H

#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "fuzz.h"

enum { FILE_MOST = 4096 };

static const char proof[] = "proof-6a09e667f3bcc908"; /* in the class "poc" */
static const char outside[] = "outside-1f83d9abfb41bd6b"; /* in no class */

static inline void
must_be_line(const char *string)
{
	must(!string || is_line(string, strlen(string)), "a value is one clean line");
}

static inline void
put(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0 && write(fd, bytes, size) == (ssize_t)size && close(fd) == 0,
	    "a file can be written");
}

static inline void
put_string(const char *path, const char *string)
{
	put(path, string, strlen(string));
}

/* Below TMPDIR, which is in memory and removed where tests/fuzz/run is at work. */
static inline const char *
folder(void)
{
	static char *path;
	const char *below = getenv("TMPDIR");

	if (path)
		return path;
	path = mem_format("%s/fw-fuzz-XXXXXX", below && *below ? below : "/tmp");
	must(mkdtemp(path), "a directory can be made");
	return path;
}

static inline int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

static inline void
remove_folder(void)
{
	nftw(folder(), remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Texts and attachments good and bad, and what is none of the advisory's business. */
static inline void
fill_folder(void)
{
	must(mkdir("advisories", 0700) == 0 && mkdir("advisories/ADV-1", 0700) == 0 &&
		mkdir("advisories/ADV-1/1", 0700) == 0 &&
		mkdir("advisories/ADV-1/1/poc", 0700) == 0,
	    "there are directories");
	put_string("outside.txt", outside);
	put_string("advisories/ADV-1/1/summary.txt", "Update to 4.2.\n");
	put_string("advisories/ADV-1/1/summary.ko.txt", "\xea\xb0\x80\n");
	put_string("advisories/ADV-1/1/copy.txt", "Update to 4.2.\n");
	put_string("advisories/ADV-1/1/analysis.txt", "The length is not checked.\n");
	put_string("advisories/ADV-1/1/poc/trigger.py", proof);
	must(mkdir("templates", 0700) == 0, "there are templates");
	put_string("templates/notice.mustache",
	    "Subject: {{title}}\n\n{{text.summary}}\n{{#exploit}}{{exploit}}{{/exploit}}"
	    "{{#text.analysis}}{{text.analysis}}{{/text.analysis}}");
	put_string("templates/notice-general.mustache",
	    "Subject: {{title}}\n\n{{#exploit}}{{exploit}}{{/exploit}}");
	put_string("advisories/ADV-1/1/poc/rules.yar", "rule x { }\n");
	put_string("advisories/ADV-1/1/crlf.txt", "a\r\nb");
	put_string("advisories/ADV-1/1/empty.txt", "");
	must(symlink("../../../outside.txt", "advisories/ADV-1/1/link.txt") == 0,
	    "there is a link");
}

static inline void
enter_folder(void)
{
	static bool filled;

	must(chdir(folder()) == 0, "the directory is there");
	if (filled)
		return;
	filled = true;
	must(atexit(remove_folder) == 0, "it will go");
	fill_folder();
}

/* An input that knows a canary says it itself. */
static inline bool
is_told(const uint8_t *bytes, size_t size)
{
	return size &&
	    (memmem(bytes, size, proof, strlen(proof)) ||
		memmem(bytes, size, outside, strlen(outside)));
}

/* Calls `check` in the directory. */
static inline void
in_folder(void (*check)(const uint8_t *, size_t), const uint8_t *bytes, size_t size)
{
	int here;

	if (is_told(bytes, size))
		return;
	here = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	must(here >= 0, "we are somewhere");
	enter_folder();
	check(bytes, size);
	must(fchdir(here) == 0 && close(here) == 0, "we are there again");
}

#endif
