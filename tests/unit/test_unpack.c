#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "edge/intake.h"
#include "edge/unpack.h"
#include "intake_world.h"
#include "said.h"

/* Archives are made by Python; read is what stands in the file then. */
static struct text
make_archive(const char *python)
{
	struct text bytes = { 0 };
	struct error err;

	put_file("make.py", python);
	assert_int_equal(system("/usr/bin/python3 make.py"), 0);
	assert_true(file_read("out", 100 * 1024 * 1024, &bytes, &err));
	return bytes;
}

#define ZIP "import zipfile\nz = zipfile.ZipFile('out', 'w', zipfile.ZIP_DEFLATED)\n"

static void
assert_entry(
    const struct entries *entries, size_t which, const char *name, const char *bytes)
{
	assert_true(which < entries->count);
	assert_string_equal(entries->all[which].name, name);
	assert_string_equal(text_string(&entries->all[which].bytes), bytes);
}

static void
a_zip_gives_its_files(void **state)
{
	struct text bytes =
	    make_archive(ZIP "z.writestr('a/b.txt', 'one')\nz.mkdir('d') if "
			     "hasattr(z, 'mkdir') else 0\n"
			     "z.writestr('c', 'two')\nz.close()\n");
	struct entries entries;

	(void)state;
	assert_true(unpack_knows(bytes.data, bytes.size));
	unpack(&entries, text_string(&bytes), bytes.size, 10, 1000);
	assert_null(entries.missing);
	assert_int_equal(entries.count, 2);
	assert_entry(&entries, 0, "a/b.txt", "one");
	assert_entry(&entries, 1, "c", "two");
	entries_clear(&entries);
	entries_clear(&entries);
	text_clear(&bytes);
}

static void
what_is_compressed_or_a_tar_is_opened(void **state)
{
	static const char *const makers[] = {
		"import gzip\ngzip.open('out', 'wb').write(b'one')\n",
		"import bz2\nbz2.open('out', 'wb').write(b'one')\n",
		"import lzma\nlzma.open('out', 'wb').write(b'one')\n",
		"import tarfile, io\nt = tarfile.open('out', 'w')\n"
		"i = tarfile.TarInfo('out')\ni.size = 3\n"
		"t.addfile(i, io.BytesIO(b'one'))\nt.close()\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof makers / sizeof *makers; i++) {
		struct text bytes = make_archive(makers[i]);
		struct entries entries;

		assert_true(unpack_knows(bytes.data, bytes.size));
		unpack(&entries, text_string(&bytes), bytes.size, 10, 1000);
		assert_null(entries.missing);
		assert_int_equal(entries.count, 1);
		assert_entry(&entries, 0, i == 0 || i == 3 ? "out" : "data", "one");
		entries_clear(&entries);
		text_clear(&bytes);
	}
}

static void
a_zip_behind_something_else_is_opened(void **state)
{
	struct text bytes = make_archive(
	    ZIP "z.writestr('a', 'one')\nz.close()\nb = open('out', 'rb').read()\n"
		"open('out', 'wb').write(b'#!/bin/sh\\n' * 100 + b)\n");
	struct entries entries;

	(void)state;
	assert_true(unpack_knows(bytes.data, bytes.size));
	unpack(&entries, text_string(&bytes), bytes.size, 10, 1000);
	assert_int_equal(entries.count, 1);
	entries_clear(&entries);
	text_clear(&bytes);
}

static void
assert_missing(const char *python, const char *why, size_t there)
{
	struct text bytes = make_archive(python);
	struct entries entries;

	unpack(&entries, text_string(&bytes), bytes.size, 5, 100000);
	assert_non_null(entries.missing);
	assert_string_equal(entries.missing, why);
	assert_int_equal(entries.count, there);
	entries_clear(&entries);
	text_clear(&bytes);
}

static void
what_is_not_there_is_said(void **state)
{
	(void)state;
	assert_missing("import gzip\ngzip.open('out', 'wb').write(bytes(10**6))\n",
	    "is too large when unpacked", 0);
	assert_missing(ZIP "[z.writestr(str(i), 'x') for i in range(6)]\nz.close()\n",
	    "has too many files", 5);
	assert_missing(ZIP "z.writestr('a', 'one')\nz.writestr('b', 'two')\nz.close()\n"
			   "b = bytearray(open('out', 'rb').read())\n"
			   "b[6] |= 1\nb[b.index(b'PK\\1\\2') + 8] |= 1\n"
			   "open('out', 'wb').write(b)\n",
	    "is encrypted", 1);
	assert_missing(ZIP "z.writestr('a', 'one' * 99)\nz.close()\n"
			   "b = open('out', 'rb').read()\n"
			   "open('out', 'wb').write(b[:40])\n",
	    "is damaged or unknown", 1);
	assert_missing(
	    "open('out', 'w').write('plain text')\n", "is damaged or unknown", 0);
	assert_missing("open('out', 'w').write('')\n", "is damaged or unknown", 0);
}

/* An advisory whose file is `out`. */
static struct advisory *
read_advisory(const char *python, const char *class, struct mistakes *mistakes)
{
	struct text bytes = make_archive(python);
	struct advisory *advisory;
	char *ini = mem_format("[advisory]\nid = ADV-1\nrelease = 2026-12-08T18:00:00Z\n"
			       "tlp = AMBER\n[%s]\ntitle = A title\n[%s]\n"
			       "attach.pack = pack.bin\n",
	    strcmp(class, "poc") == 0 ? "guidance" : "poc", class);

	put_file("advisories/ADV-1/1/advisory.ini", ini);
	put_bytes("advisories/ADV-1/1/pack.bin", bytes.data, bytes.size);
	free(ini);
	text_clear(&bytes);
	advisory = intake_advisory("ADV-1", 1, &programme, 100 * 1024 * 1024, mistakes);
	assert_non_null(advisory);
	return advisory;
}

static const char *
view_named(const struct advisory *advisory, const char *path)
{
	for (size_t i = 0; i < advisory->view_count; i++)
		if (strcmp(advisory->views[i].path, path) == 0)
			return text_string(&advisory->views[i].bytes);
	return "";
}

#define NESTED \
	"import zipfile, gzip, base64, io\n" \
	"def pack(name, data):\n" \
	"\tf = io.BytesIO()\n" \
	"\tz = zipfile.ZipFile(f, 'w')\n" \
	"\tz.writestr(name, data)\n" \
	"\tz.close()\n" \
	"\treturn f.getvalue()\n" \
	"w = lambda data: open('out', 'wb').write(data)\n"

static void
an_advisory_keeps_what_its_files_hold(void **state)
{
	struct mistakes mistakes = { 0 };
	struct advisory *advisory;

	(void)state;
	advisory = read_advisory(NESTED
	    "w(pack('a.zip', pack('b.gz', gzip.compress(b'secret'))))\n",
	    "guidance", &mistakes);
	assert_string_equal(view_named(advisory, "pack.bin/a.zip/b.gz/data"), "secret");
	assert_nothing_said(&mistakes);
	advisory_free(advisory);
	/* Zeros at the start are no empty tar. */
	advisory = read_advisory(
	    NESTED "w(gzip.compress(bytes(2048) + b'secret'))\n", "guidance", &mistakes);
	assert_int_equal(advisory->view_count, 1);
	assert_int_equal(advisory->views[0].bytes.size, 2048 + 6);
	advisory_free(advisory);
	advisory = read_advisory(NESTED "w(b'Look:\\n\\n' + base64.encodebytes(pack('a', "
					"'secret')))\n",
	    "poc", &mistakes);
	assert_string_equal(
	    view_named(advisory, "pack.bin, decoded from line 3/a"), "secret");
	assert_nothing_said(&mistakes);
	advisory_free(advisory);
}

static void
of_an_office_document_the_words_count(void **state)
{
	struct mistakes mistakes = { 0 };
	struct advisory *advisory = read_advisory(ZIP
	    "z.writestr('[Content_Types].xml', '<?xml?><Types a=\"b\"/>')\n"
	    "z.writestr('word/document.xml', '<?xml?><p><t>import so</t><t "
	    "x=\"y\">cket</t></p>')\nz.writestr('word/media/logo.png', 'PNG')\n"
	    "z.close()\n",
	    "guidance", &mistakes);

	(void)state;
	assert_string_equal(
	    view_named(advisory, "pack.bin/word/document.xml"), "import socket");
	assert_string_equal(view_named(advisory, "pack.bin/word/media/logo.png"), "");
	assert_nothing_said(&mistakes);
	advisory_free(advisory);
}

static void
what_cannot_be_looked_into_is_a_warning(void **state)
{
	static const struct {
		const char *python, *why;
	} all[] = {
		{ "open('out', 'wb').write(b'Rar!\\x1a\\x07\\0' + bytes(99))\n",
		    "pack.bin is of a closed kind" },
		{ "open('out', 'w').write('-----BEGIN PGP MESSAGE-----\\n')\n",
		    "pack.bin is of a closed kind" },
		{ "import gzip\ngzip.open('out', 'wb').write(bytes(10**8))\n",
		    "pack.bin is too large when unpacked" },
		{ NESTED
		    "w(pack('a', pack('b', pack('c', pack('d', pack('e', 'x'))))))\n",
		    "pack.bin/a/b/c/d is packed too often" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct mistakes mistakes = { 0 };
		char *message = mem_format(
		    "advisories/ADV-1/1/advisory.ini:8: [guidance]: 'attach.pack': "
		    "cannot "
		    "be looked into: %s; see that it holds nothing of another class",
		    all[i].why);

		advisory_free(read_advisory(all[i].python, "guidance", &mistakes));
		assert_true(mistakes.all[0].warning);
		assert_said_only(&mistakes, message);
		/* All who have this class have the other one, too. */
		advisory_free(read_advisory(all[i].python, "poc", &mistakes));
		assert_nothing_said(&mistakes);
		free(message);
	}
}

static void
where_nothing_is_withheld_nothing_is_opened(void **state)
{
	struct mistakes mistakes = { 0 };
	struct advisory *advisory;

	(void)state;
	classes_add(&programme.tiers[0].admits, "poc");
	advisory = read_advisory(
	    ZIP "z.writestr('a', 'one')\nz.close()\n", "guidance", &mistakes);
	assert_int_equal(advisory->view_count, 0);
	advisory_free(advisory);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(a_zip_gives_its_files),
		IN_WORLD(what_is_compressed_or_a_tar_is_opened),
		IN_WORLD(a_zip_behind_something_else_is_opened),
		IN_WORLD(what_is_not_there_is_said),
		IN_WORLD(an_advisory_keeps_what_its_files_hold),
		IN_WORLD(of_an_office_document_the_words_count),
		IN_WORLD(what_cannot_be_looked_into_is_a_warning),
		IN_WORLD(where_nothing_is_withheld_nothing_is_opened),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
