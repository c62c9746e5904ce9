#include "cmd/preview_files.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "cmd/preview_page.h"
#include "cmd/say.h"
#include "edge/mime.h"
#include "edge/pgp_seal.h"
#include "edge/preview_dir.h"
#include "policy/envelope.h"

struct writing {
	const struct plan_view *view;
	const struct options *options;
	struct preview_dir *dir;
	struct sealer *sealer; /* NULL: nothing is sealed */
	size_t files;
};

/* An edition without the bytes of its files: each is named, measured and hashed instead. */
struct outline {
	struct edition edition;
	struct pool strings;
};

static struct value *
describe(struct outline *outline, const struct value *file)
{
	const char *name = value_child(file, "file")->bytes, *text, *shown;
	struct value *described = value_new(VALUE_FILE, file->name, file->class);

	text = pool_format(&outline->strings,
	    "%s: %s bytes, SHA-256 %s\nits content is left out of this preview; "
	    "--attachments includes it\n",
	    name, value_child(file, "size")->bytes, value_child(file, "sha256")->bytes);
	shown = pool_format(&outline->strings, "%s.txt", name);
	described->bytes = text;
	described->size = strlen(text);
	value_add(described, value_string("file", NULL, shown, strlen(shown)));
	return described;
}

static void
outline_make(struct outline *outline, const struct edition *edition)
{
	const struct value *files = edition_files(edition);
	struct value *list;

	*outline = (struct outline){ .edition = *edition };
	outline->edition.admitted = value_new(VALUE_MAP, NULL, NULL);
	if (!files)
		return;
	list = value_new(VALUE_LIST, "attachments", NULL);
	for (size_t i = 0; i < files->count; i++)
		value_add(list, describe(outline, files->children[i]));
	value_add(outline->edition.admitted, list);
}

static void
outline_clear(struct outline *outline)
{
	value_free(outline->edition.admitted);
	pool_clear(&outline->strings);
}

/* What is sealed, byte for byte, or its outline. */
static void
make_payload(
    struct text *payload, const struct writing *writing, const struct edition *edition)
{
	const struct programme *programme = &writing->view->session->config.programme;
	struct outline outline;

	if (writing->options->attachments || writing->options->sealed) {
		mime_payload(payload, edition, programme, writing->view->now);
		return;
	}
	outline_make(&outline, edition);
	mime_payload(payload, &outline.edition, programme, writing->view->now);
	outline_clear(&outline);
}

static bool
write_file(
    struct writing *writing, const char *name, const struct text *text, struct error *err)
{
	bool ok = preview_dir_write(writing->dir, name, text, err);

	writing->files += ok;
	return ok;
}

static bool
write_mail(
    struct writing *writing, const char *stem, const struct text *text, struct error *err)
{
	char *name = mem_format("%s.eml", stem);
	bool ok;

	for (char *c = name; *c; c++)
		if (*c == '/')
			*c = '.';
	ok = write_file(writing, name, text, err);
	free(name);
	return ok;
}

static void
add_sealed(struct text *mail, const struct sealed *sealed)
{
	char buffer[4096];
	size_t offset = 0, got;

	while ((got = sealed_read(sealed, offset, buffer, sizeof buffer)) > 0) {
		text_add(mail, buffer, got);
		offset += got;
	}
}

/* The whole mail, outer header and all, as the relay would get it. */
static bool
write_sealed(struct writing *writing, const char *stem, const struct line *line,
    const struct recipient *to, struct error *err)
{
	const struct session *session = writing->view->session;
	const struct programme *programme = &session->config.programme;
	struct text payload = { 0 }, id = { 0 }, answers = { 0 }, mail = { 0 },
		    tail = { 0 };
	struct sealed *sealed = NULL;
	struct error bad = { 0 };
	struct envelope envelope = { session->config.smtp.bounce, to, programme->name,
		programme->from, programme->reply_to, NULL, NULL, writing->view->now };
	bool ok;

	session_message_id(
	    &id, session, line->advisory->id, line->advisory->revision, to->id);
	envelope.message_id = text_string(&id);
	if (line->answers) {
		session_message_id(
		    &answers, session, line->advisory->id, line->answers, to->id);
		envelope.in_reply_to = text_string(&answers);
	}
	make_payload(&payload, writing, line->edition);
	ok = mime_wrap(&mail, &tail, &envelope, err) &&
	    seal(writing->sealer, payload.data, payload.size, &to, 1, &sealed, &bad, err);
	if (ok && !sealed) {
		say_wrong("%s: not sealed: %s", stem, bad.message);
	} else if (ok) {
		add_sealed(&mail, sealed);
		text_add(&mail, tail.data, tail.size);
		ok = write_mail(writing, stem, &mail, err);
	}
	sealed_free(sealed);
	text_clear(&payload);
	text_clear(&id);
	text_clear(&answers);
	text_clear(&mail);
	text_clear(&tail);
	return ok;
}

static struct recipient
reviewer_of(const struct writing *writing)
{
	return (struct recipient){ "reviewer",
		writing->view->session->config.programme.reply_to,
		writing->options->reviewer };
}

/* The caller frees it. */
static char *
stem_of(const struct edition *edition)
{
	if (edition->person)
		return mem_string(edition->person->to.id);
	if (edition->group)
		return mem_format("%s.%s.group-%u", edition->tier->id, edition->language,
		    edition->group);
	return mem_format("%s.%s", edition->tier->id, edition->language);
}

/* One file an edition: for the first line shown that has it. */
static bool
write_edition(struct writing *writing, const struct line *line, struct error *err)
{
	const struct edition *edition = line->edition;
	const struct recipient reviewer = reviewer_of(writing);
	struct text payload = { 0 };
	char *stem = stem_of(edition);
	bool ok;

	if (writing->options->reviewer) {
		ok = write_sealed(writing, stem, line, &reviewer, err);
	} else {
		make_payload(&payload, writing, edition);
		ok = write_mail(writing, stem, &payload, err);
	}
	text_clear(&payload);
	free(stem);
	return ok;
}

static bool
is_first_shown(const struct writing *writing, size_t i)
{
	const struct plan *plan = writing->view->plan;

	for (size_t j = 0; j < i; j++)
		if (plan->lines[j].edition == plan->lines[i].edition &&
		    plan_view_shows(writing->view, &plan->lines[j]))
			return false;
	return true;
}

static bool
write_all(struct writing *writing, struct error *err)
{
	const struct plan *plan = writing->view->plan;

	for (size_t i = 0; i < plan->line_count; i++) {
		const struct line *line = &plan->lines[i];

		if (!plan_view_shows(writing->view, line))
			continue;
		if (writing->options->sealed) {
			if (!write_sealed(
				writing, line->to->to.id, line, &line->to->to, err))
				return false;
		} else if (is_first_shown(writing, i)) {
			if (!write_edition(writing, line, err))
				return false;
		}
	}
	return true;
}

/* As `gpg --decrypt` gives it back, and not within a mail. */
static bool
write_sealed_page(struct writing *writing, const struct text *html, struct error *err)
{
	const struct recipient reviewer = reviewer_of(writing), *to = &reviewer;
	struct sealed *sealed = NULL;
	struct text armour = { 0 };
	bool ok =
	    seal(writing->sealer, html->data, html->size, &to, 1, &sealed, err, err) &&
	    sealed;

	if (ok) {
		add_sealed(&armour, sealed);
		ok = write_file(writing, "index.html.asc", &armour, err);
	}
	sealed_free(sealed);
	text_clear(&armour);
	return ok;
}

/* Where everything is sealed, the page is nobody's unless there is a reviewer. */
static bool
write_page(struct writing *writing, struct error *err)
{
	struct text html = { 0 };
	bool ok;

	if (writing->options->sealed && !writing->options->reviewer)
		return true;
	ok = preview_page_make(&html, writing->view, err);
	if (ok && writing->options->reviewer)
		ok = write_sealed_page(writing, &html, err);
	else if (ok)
		ok = write_file(writing, "index.html", &html, err);
	text_clear(&html);
	return ok;
}

bool
preview_files_write(
    const struct plan_view *view, const struct options *options, struct error *err)
{
	const struct session *session = view->session;
	struct writing writing = { .view = view, .options = options };
	struct key key;
	bool ok;

	if (options->reviewer &&
	    !keyring_usable(session->keyring, options->reviewer, view->now, &key, err))
		return false;
	if (options->reviewer || options->sealed) {
		writing.sealer = sealer_open(session->keyring, session->config.signer,
		    session_key_time(session, view->now), err);
		if (!writing.sealer)
			return false;
	}
	writing.dir = preview_dir_open(options->output, err);
	ok = writing.dir && write_all(&writing, err) && write_page(&writing, err);
	if (ok)
		say("%zu files in %s%s", writing.files, options->output,
		    writing.sealer ? ""
				   : ", in clear: whoever reads them knows; begin with "
				     "index.html");
	preview_dir_close(writing.dir);
	sealer_close(writing.sealer);
	return ok;
}
