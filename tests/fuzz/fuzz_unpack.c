/*
 * What the child that unpacks says, hostile or cut: no more than there is, and "all is there"
 * only where it said so. Archives made here are read as what was put in; spoiled ones
 * stay within the limits.
 */
#include <archive.h>
#include <archive_entry.h>

#include "base/text.h"
#include "edge/unpack.h"
#include "fuzz.h"

enum { MOST_ENTRIES = 6, MOST_BYTES = 2048, FILES = 4, ROOM = 1 << 16 };

static void
check_limits(const struct entries *entries, size_t most_bytes)
{
	size_t bytes = 0;

	must(entries->count <= MOST_ENTRIES, "no more entries than asked for");
	for (size_t i = 0; i < entries->count; i++)
		bytes += entries->all[i].bytes.size;
	must(bytes <= most_bytes, "no more bytes than there may be");
}

static void
take(struct entries *entries, const void *said, size_t size)
{
	char *exact = malloc(size ? size : 1);

	must(exact, "there is memory");
	if (size)
		memcpy(exact, said, size);
	entries_take(entries, exact, size, MOST_ENTRIES);
	check_limits(entries, size);
	free(exact);
}

static void
check_hostile(const uint8_t *bytes, size_t size)
{
	struct entry_head end = { 0, 0 };
	struct entries entries;

	take(&entries, bytes, size);
	if (size >= sizeof end)
		memcpy(&end, bytes + size - sizeof end, sizeof end);
	must(entries.missing || (end.name_size == ENTRIES_END && end.size == 0 && size),
	    "all is there where it says so");
	entries_clear(&entries);
}

/* --- what a child says ----------------------------------------------------------- */

/* Some entries, each a name and bytes. */
struct files {
	char *names[FILES], *bytes[FILES];
	size_t sizes[FILES], count;
};

static void
files_make(struct files *files, struct input *in, unsigned count)
{
	*files = (struct files){ .count = count % (FILES + 1) };
	for (size_t i = 0; i < files->count; i++) {
		files->names[i] = input_string(in);
		files->bytes[i] = input_until(in, (char)0xff, &files->sizes[i]);
	}
}

static void
files_clear(struct files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->names[i]);
		free(files->bytes[i]);
	}
}

static bool
is_file(const struct files *files, size_t which, const struct entry *entry)
{
	return entry->bytes.size == files->sizes[which] &&
	    (!files->sizes[which] ||
		memcmp(entry->bytes.data, files->bytes[which], files->sizes[which]) == 0);
}

/* Cut anywhere, the entries before the cut are there, and it is said that not all is. */
static void
check_said(const struct files *files, size_t ending, size_t cut)
{
	struct text said = { 0 };
	struct entry_head head;
	struct entries entries;
	size_t whole = 0;

	for (size_t i = 0; i < files->count; i++) {
		head = (struct entry_head){ strlen(files->names[i]), files->sizes[i] };
		text_add(&said, &head, sizeof head);
		text_adds(&said, files->names[i]);
		text_add(&said, files->bytes[i], files->sizes[i]);
		whole += said.size <= cut;
	}
	head = (struct entry_head){ ENTRIES_END, ending };
	text_add(&said, &head, sizeof head);
	cut = cut < said.size ? cut : said.size;
	take(&entries, said.data, cut);
	must(!entries.missing == (cut == said.size && ending == 0),
	    "all is there when the child has said so, and only then");
	must(entries.count == whole, "what came is there");
	for (size_t i = 0; i < entries.count; i++)
		must(strcmp(entries.all[i].name, files->names[i]) == 0 &&
			is_file(files, i, &entries.all[i]),
		    "as it came");
	entries_clear(&entries);
	text_clear(&said);
}

/* --- archives ------------------------------------------------------------------------ */

typedef int set(struct archive *);

static void
write_file(struct archive *archive, const struct files *files, size_t which)
{
	struct archive_entry *entry = archive_entry_new();
	char name[] = { (char)('a' + which), '\0' };

	archive_entry_set_pathname(entry, name);
	archive_entry_set_filetype(entry, AE_IFREG);
	archive_entry_set_perm(entry, 0600);
	archive_entry_set_size(entry, (la_int64_t)files->sizes[which]);
	must(archive_write_header(archive, entry) == ARCHIVE_OK &&
		archive_write_data(archive, files->bytes[which], files->sizes[which]) ==
		    (la_ssize_t)files->sizes[which],
	    "an archive can be written");
	archive_entry_free(entry);
}

/* The file of that name; 7z has those without bytes last. */
static size_t
file_of(const struct entry *entry, size_t count)
{
	size_t number = (unsigned char)entry->name[0] - (size_t)'a';

	must(number < count && !entry->name[1], "a name is what it was");
	return number;
}

/* As one program or another packs; returns the size. */
static size_t
pack(char *packed, const struct files *files, set *format, set *filter)
{
	struct archive *archive = archive_write_new();
	size_t used = 0;

	must(archive && format(archive) == ARCHIVE_OK && filter(archive) == ARCHIVE_OK &&
		archive_write_set_bytes_in_last_block(archive, 1) == ARCHIVE_OK &&
		archive_write_open_memory(archive, packed, ROOM, &used) == ARCHIVE_OK,
	    "an archive can be made");
	for (size_t i = 0; i < files->count; i++)
		write_file(archive, files, i);
	must(archive_write_close(archive) == ARCHIVE_OK, "and ended");
	archive_write_free(archive);
	return used;
}

static void
check_archive(struct files some, unsigned kind, size_t spoil)
{
	static set *const formats[] = { archive_write_set_format_zip,
		archive_write_set_format_7zip, archive_write_set_format_ustar,
		archive_write_set_format_pax, archive_write_set_format_cpio_newc };
	static set *const filters[] = { archive_write_add_filter_gzip,
		archive_write_add_filter_bzip2, archive_write_add_filter_xz,
		archive_write_add_filter_zstd, archive_write_add_filter_compress,
		archive_write_add_filter_lz4, archive_write_add_filter_lzip };
	enum { FORMATS = sizeof formats / sizeof *formats };
	bool raw = kind >= FORMATS;
	static char packed[ROOM];
	struct entries entries;
	size_t size;

	if (raw)
		some.count = 1;
	size = pack(packed, &some, raw ? archive_write_set_format_raw : formats[kind],
	    raw ? filters[kind - FORMATS] : archive_write_add_filter_none);
	must(unpack_knows(packed, size), "an archive is known");
	unpack(&entries, packed, size, MOST_ENTRIES, MOST_BYTES);
	check_limits(&entries, MOST_BYTES);
	must(!entries.missing && entries.count == some.count, "all of it is read");
	for (size_t i = 0; i < entries.count; i++)
		must(is_file(&some, raw ? 0 : file_of(&entries.all[i], some.count),
			 &entries.all[i]),
		    "as it was packed");
	entries_clear(&entries);
	packed[spoil % size] ^= (char)(1 + spoil / size % 255);
	unpack(&entries, packed, size, MOST_ENTRIES, MOST_BYTES);
	check_limits(&entries, MOST_BYTES);
	entries_clear(&entries);
}

/* A child costs much: seldom. */
static void
check_archives(const struct files *files, unsigned kind, size_t spoil)
{
	size_t bytes = 0;

	for (size_t i = 0; i < files->count; i++)
		bytes += files->sizes[i];
	if (kind < 12 && spoil % 8 == 7 && files->count && files->sizes[0] &&
	    bytes <= MOST_BYTES)
		check_archive(*files, kind, spoil);
}

/* Five bytes: kind, how many files, ending, cut (two); then names by NUL and bytes by 0xff. */
int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct input in = { bytes, size };
	unsigned kind = input_byte(&in), count = input_byte(&in);
	size_t ending = input_byte(&in) % 6, cut = (size_t)input_byte(&in) << 8;
	struct files files;

	cut += input_byte(&in);
	check_hostile(bytes, size);
	files_make(&files, &in, count);
	check_said(&files, ending, cut);
	check_archives(&files, kind, cut);
	files_clear(&files);
	return 0;
}
