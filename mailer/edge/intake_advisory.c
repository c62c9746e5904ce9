#include "edge/intake.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/when.h"
#include "edge/folder.h"
#include "edge/intake_marks.h"
#include "edge/intake_material.h"
#include "edge/intake_views.h"
#include "edge/reading.h"
#include "policy/name.h"

enum { INI_MOST = 4 * 1024 * 1024 };

static const char top[] = "advisories";

static bool
is_instant(const char *value)
{
	time_t when;

	return when_parse(value, &when);
}

static bool
is_tlp(const char *value)
{
	enum tlp tlp;

	return tlp_parse(value, &tlp);
}

static bool
is_kind(const char *value)
{
	return strcmp(value, "notice") == 0 || strcmp(value, "withdrawal") == 0 ||
	    strcmp(value, "public") == 0;
}

static enum advisory_kind
read_kind(const struct reading *reading)
{
	static const struct form form = { is_kind,
		"is none of notice, withdrawal, public", false };
	const char *value = read_may(reading, "kind", &form);

	if (!value || strcmp(value, "notice") == 0)
		return ADVISORY_NOTICE;
	return strcmp(value, "public") == 0 ? ADVISORY_PUBLIC : ADVISORY_WITHDRAWAL;
}

/* The section [advisory]: what is true of the whole, and shown to all. */
static void
read_head(struct advisory *advisory, const struct reading *reading, const char *folder_id)
{
	static const struct form form_instant = { is_instant,
		"is not an instant with a zone such as 2026-12-08T18:00:00Z", false };
	static const struct form form_tlp = { is_tlp,
		"is none of CLEAR, GREEN, AMBER, AMBER+STRICT, RED", false };
	const char *value;
	struct place place;

	advisory->place = reading->section->place;
	advisory->id = read_need(reading, "id", NULL);
	if (advisory->id && strcmp(advisory->id, folder_id) != 0) {
		ini_get(reading->section, "id", &place);
		read_refuse(
		    reading, place, "id", advisory->id, "is not the name of its folder");
	}
	value = read_need(reading, "release", &form_instant);
	if (value)
		when_parse(value, &advisory->release);
	advisory->kind = read_kind(reading);
	value = read_need(reading, "tlp", &form_tlp);
	if (value)
		tlp_parse(value, &advisory->tlp);
}

static void
read_class(struct material *material, struct ini_section *section,
    const struct programme *programme)
{
	if (!programme_knows_class(programme, section->name))
		mistakes_warn(material->mistakes, section->place,
		    "[%s]: no tier admits this class; nobody will get what is in it",
		    section->name);
	material_read(material, section);
}

static void
read_sections(
    struct material *material, const char *id, const struct programme *programme)
{
	static const char *const keys[] = { "id", "release", "tlp", "kind", "marks" };
	static const struct ini_names known = { NULL, keys, 0,
		sizeof keys / sizeof *keys };
	struct ini *ini = material->ini;
	struct reading reading = { ini, ini_section(ini, "advisory"),
		material->mistakes };

	if (reading.section)
		read_head(material->advisory, &reading, id);
	else
		mistakes_add(material->mistakes, (struct place){ ini->file, 0 },
		    "the section [advisory] is missing");
	for (size_t i = 0; i < ini->count; i++)
		if (&ini->sections[i] != reading.section)
			read_class(material, &ini->sections[i], programme);
	if (reading.section)
		marks_read(material->advisory, &reading);
	ini_unused(ini, &known, material->mistakes);
}

static struct ini *
read_ini(int folder, const char *shown, struct mistakes *mistakes)
{
	char *path = mem_format("%s/advisory.ini", shown);
	struct text text = { 0 };
	struct error err;
	struct ini *ini = NULL;

	if (file_read_below(folder, "advisory.ini", path, INI_MOST, &text, &err))
		ini = ini_parse(path, text_string(&text), text.size, mistakes);
	else
		mistakes_error(mistakes, &err);
	text_clear(&text);
	free(path);
	return ini;
}

static struct advisory *
read_folder(int folder, const char *shown, const char *id, unsigned revision,
    const struct programme *programme, size_t max_file, struct mistakes *mistakes)
{
	size_t before = mistakes->errors;
	struct ini *ini = read_ini(folder, shown, mistakes);
	struct advisory *advisory = mem_new(sizeof *advisory);
	struct material material = { .advisory = advisory,
		.ini = ini,
		.folder = folder,
		.shown = shown,
		.max_file = max_file,
		.mistakes = mistakes };

	advisory->revision = revision;
	advisory->values = value_new(VALUE_MAP, NULL, NULL);
	if (ini) {
		read_sections(&material, id, programme);
		/* The strings of the file now live as long as the advisory. */
		advisory->strings = ini->strings;
		ini->strings = (struct pool){ 0 };
		ini_free(ini);
	}
	material_clear(&material);
	views_read(advisory, programme, mistakes);
	if (mistakes->errors == before)
		return advisory;
	advisory_free(advisory);
	return NULL;
}

struct advisory *
intake_advisory(const char *id, unsigned revision, const struct programme *programme,
    size_t max_file, struct mistakes *mistakes)
{
	struct advisory *advisory = NULL;
	char *path;
	int folder;

	if (!name_is_advisory(id)) {
		mistakes_add(mistakes, (struct place){ top, 0 },
		    "what was asked for is not the id of an advisory");
		return NULL;
	}
	path = mem_format("%s/%s/%u", top, id, revision);
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		mistakes_add(mistakes, (struct place){ path, 0 }, "%s", strerror(errno));
	else
		advisory = read_folder(
		    folder, path, id, revision, programme, max_file, mistakes);
	if (folder >= 0)
		close(folder);
	free(path);
	return advisory;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A whole number from 1 on without leading zero; 0: anything else. */
static unsigned
revision_of(const char *name)
{
	size_t size = strspn(name, "0123456789");

	if (size == 0 || size > 6 || name[size] || name[0] == '0')
		return 0;
	return (unsigned)strtoul(name, NULL, 10);
}

static bool
newest_of(
    const char *path, const struct names *names, unsigned *newest, struct error *err)
{
	for (size_t i = 0; i < names->count; i++) {
		unsigned revision = revision_of(names->all[i]);
		char *below = mem_format("%s/%s", path, names->all[i]);
		bool ok = revision && is_folder(below);

		if (!ok)
			error_set(err,
			    "%s: is not the folder of a revision, 1, 2, 3 ...; move it",
			    below);
		free(below);
		if (!ok)
			return false;
		if (revision > *newest)
			*newest = revision;
	}
	if (*newest == 0)
		return error_set(
		    err, "%s: has no revision; make the folder %s/1", path, path);
	return true;
}

unsigned
intake_newest_revision(const char *id, struct error *err)
{
	struct names names = { 0 };
	unsigned newest = 0;
	char *path;

	if (!name_is_advisory(id)) {
		error_set(
		    err, "%s: what was asked for is not the id of an advisory", top);
		return 0;
	}
	path = mem_format("%s/%s", top, id);
	if (!folder_read(&names, path, err) || !newest_of(path, &names, &newest, err))
		newest = 0;
	names_clear(&names);
	free(path);
	return newest;
}

bool
intake_advisory_ids(char ***ids, size_t *count, struct mistakes *mistakes)
{
	size_t before = mistakes->errors;
	struct names names = { 0 };
	struct error err;

	*ids = NULL;
	*count = 0;
	if (access(top, F_OK) != 0 && errno == ENOENT)
		return true; /* none yet */
	if (!folder_read(&names, top, &err))
		mistakes_error(mistakes, &err);
	for (size_t i = 0; i < names.count; i++) {
		char *path = mem_format("%s/%s", top, names.all[i]);

		if (!name_is_advisory(names.all[i]) || !is_folder(path))
			mistakes_add(mistakes, (struct place){ path, 0 },
			    "is not the folder of an advisory; move it");
		free(path);
	}
	if (mistakes->errors != before) {
		names_clear(&names);
		return false;
	}
	*ids = names.all;
	*count = names.count;
	return true;
}
