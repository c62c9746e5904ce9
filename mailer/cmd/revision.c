#include "cmd/revision.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/tree.h"
#include "base/when.h"
#include "cmd/making.h"
#include "cmd/place.h"
#include "edge/intake.h"

enum { INI_MOST = 4 * 1024 * 1024 };

static const char *const kinds[] = {
	[REVISION_COPY] = "",
	[REVISION_PUBLIC] = "public",
	[REVISION_WITHDRAWAL] = "withdrawal",
};

/* What is made of the newest revision's advisory.ini, line by line. */
struct rewriting {
	enum revision what;
	struct text *out;
	bool head; /* in [advisory] */
	struct text section; /* the header of another one */
	bool titled, same; /* a title was met; the kind is the one that is asked for */
};

static bool
is_key(const char *line, size_t size, const char *key)
{
	size_t length = strlen(key);

	return size > length && strncmp(line, key, length) == 0 &&
	    (line[length] == ' ' || line[length] == '\t' || line[length] == '=');
}

static void
add_line(struct text *out, const char *line, size_t size)
{
	text_add(out, line, size);
	text_addc(out, '\n');
}

/* The header of [advisory] and what is new in it. */
static void
begin_head(struct rewriting *rewriting, const char *line, size_t size)
{
	add_line(rewriting->out, line, size);
	text_addf(rewriting->out, "kind = %s\n", kinds[rewriting->what]);
	if (rewriting->what != REVISION_PUBLIC)
		return;
	text_adds(rewriting->out, "release = ");
	when_write(rewriting->out, time(NULL));
	text_addc(rewriting->out, '\n');
}

static void
in_head(struct rewriting *rewriting, const char *line, size_t size)
{
	if (is_key(line, size, "kind")) {
		const char *value = line + strcspn(line, "=") + 1;

		value += strspn(value, " \t");
		rewriting->same = strncmp(value, kinds[rewriting->what],
				      strlen(kinds[rewriting->what])) == 0;
		return;
	}
	if (rewriting->what != REVISION_PUBLIC || !is_key(line, size, "release"))
		add_line(rewriting->out, line, size);
}

/* A withdrawal keeps the title, in its class, and gives its reason there. */
static void
in_class(struct rewriting *rewriting, const char *line, size_t size)
{
	if (rewriting->what == REVISION_PUBLIC) {
		add_line(rewriting->out, line, size);
	} else if (is_key(line, size, "title")) {
		rewriting->titled = true;
		text_add(
		    rewriting->out, rewriting->section.data, rewriting->section.size);
		add_line(rewriting->out, line, size);
		text_adds(rewriting->out, "text.reason = reason.txt\n");
	}
}

static void
rewrite_line(struct rewriting *rewriting, const char *line, size_t size)
{
	bool header = size && line[0] == '[';

	if (header)
		rewriting->head = strncmp(line, "[advisory]", strlen("[advisory]")) == 0;
	if (header && rewriting->head) {
		begin_head(rewriting, line, size);
	} else if (rewriting->head) {
		in_head(rewriting, line, size);
	} else {
		if (header) {
			text_clear(&rewriting->section);
			add_line(&rewriting->section, line, size);
		}
		in_class(rewriting, line, size);
	}
}

static void
rewrite(struct rewriting *rewriting, const struct text *ini)
{
	const char *line = text_string(ini);

	while (*line) {
		size_t size = strcspn(line, "\n");

		rewrite_line(rewriting, line, size);
		line += size + (line[size] == '\n');
	}
	text_clear(&rewriting->section);
}

static bool
write_below(
    const char *folder, const char *name, const struct text *text, struct error *err)
{
	char *path = mem_format("%s/%s", folder, name);
	bool ok;

	unlink(path); /* a copy that is rewritten */
	ok = tree_write(path, text, err);
	free(path);
	return ok;
}

static bool
write_reason(const char *folder, const char *reason, struct error *err)
{
	struct text text = { 0 };
	bool ok;

	text_addf(&text, "%s\n", reason);
	ok = write_below(folder, "reason.txt", &text, err);
	text_clear(&text);
	return ok;
}

static bool
fill(const struct config *config, const char *from, const char *folder,
    enum revision what, const char *reason, const struct text *ini, struct error *err)
{
	if (what != REVISION_WITHDRAWAL &&
	    !tree_copy(from, folder, config->max_file, err))
		return false;
	if (what == REVISION_WITHDRAWAL && !write_reason(folder, reason, err))
		return false;
	return what == REVISION_COPY || write_below(folder, "advisory.ini", ini, err);
}

/* The new advisory.ini, or that the newest is of the kind already. */
static bool
prepare(
    const char *from, enum revision what, struct text *ini, bool *same, struct error *err)
{
	struct rewriting rewriting = { .what = what, .out = ini };
	char *path = mem_format("%s/advisory.ini", from);
	struct text old = { 0 };
	bool ok = file_read_below(AT_FDCWD, path, path, INI_MOST, &old, err);

	if (ok)
		rewrite(&rewriting, &old);
	if (ok && what == REVISION_WITHDRAWAL && !rewriting.titled)
		ok = error_set(err,
		    "%s: has no title to name; make the revision by hand, with kind = "
		    "withdrawal",
		    path);
	*same = rewriting.same;
	text_clear(&old);
	free(path);
	return ok;
}

bool
revision_make(const struct config *config, const char *id, enum revision what,
    const char *reason, unsigned *number, struct error *err)
{
	char *above = mem_format("%s/%s", PLACE_ADVISORIES, id);
	unsigned newest = intake_newest_revision(id, err);
	char *from = mem_format("%s/%u", above, newest);
	char *name = mem_format("%u", newest + 1);
	struct making making = { 0 };
	struct text ini = { 0 };
	bool same = false, ok = newest > 0;

	if (ok && what != REVISION_COPY)
		ok = prepare(from, what, &ini, &same, err);
	*number = same ? newest : newest + 1;
	if (ok && !same)
		ok = making_begin(&making, above, name, err) &&
		    making_end(&making,
			fill(config, from, making.part, what, reason, &ini, err), err);
	making_clear(&making);
	text_clear(&ini);
	free(name);
	free(from);
	free(above);
	return ok;
}
