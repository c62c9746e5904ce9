#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "edge/intake.h"
#include "intake_world.h"
#include "said.h"

#define HEAD \
	"[advisory]\nid = ADV-1\nrelease = 2026-12-08T18:00:00Z\ntlp = AMBER+STRICT\n"

static struct advisory *
advisory_of(const char *rest, struct mistakes *mistakes)
{
	char *content = mem_format("%s%s", HEAD, rest);

	put_file("advisories/ADV-1/1/advisory.ini", content);
	free(content);
	return intake_advisory("ADV-1", 1, &programme, 100, mistakes);
}

static void
write_leaf(void *ctx, const char *path, const struct value *leaf)
{
	text_addf(ctx, "%s %s %u\n", path, leaf->class, leaf->place.line);
}

static const struct value *
file_of(const struct advisory *advisory, size_t i)
{
	return value_child(advisory->values, "attachments")->children[i];
}

static void
everything_in_an_advisory_has_its_class(void **state)
{
	struct mistakes mistakes = { 0 };
	struct text leaves = { 0 }, hex = { 0 };
	struct advisory *advisory;
	const struct value *text, *file, *list;
	unsigned char digest[DIGEST_SIZE];

	(void)state;
	put_file("advisories/ADV-1/1/summary.txt", "A summary.\n\nTwo.\n\n");
	put_file("advisories/ADV-1/1/summary.ko.txt", "\xec\x9a\x94\xec\x95\xbd.");
	put_bytes("advisories/ADV-1/1/poc/Trigger.py", "\0\r\xff", 3);
	advisory = advisory_of("[guidance]\n" /* 5 */
			       "title = \"Code; execution\"\n"
			       "list.cves = CVE-2026-1234, CVE-2026-1235\n"
			       "text.summary = summary.txt\n"
			       "text.summary.ko = summary.ko.txt\n"
			       "[poc]\n" /* 10 */
			       "attach.trigger = poc/Trigger.py\n"
			       "hint = look\n",
	    &mistakes);
	assert_nothing_said(&mistakes);
	assert_string_equal(advisory->id, "ADV-1");
	assert_int_equal(advisory->revision, 1);
	assert_int_equal(advisory->release, 1796752800);
	assert_int_equal(advisory->tlp, TLP_AMBER_STRICT);
	value_leaves(advisory->values, write_leaf, &leaves);
	assert_string_equal(text_string(&leaves),
	    "title guidance 6\nlist.cves guidance 7\ntext.summary guidance 8\n"
	    "attach.trigger poc 11\nhint poc 12\n");
	text_clear(&leaves);

	assert_string_equal(
	    value_child(advisory->values, "title")->bytes, "Code; execution");
	text = value_child(value_child(advisory->values, "text"), "summary");
	assert_int_equal(text->kind, VALUE_TEXT);
	/* Only the line end that closes the file is gone. */
	assert_string_equal(value_child(text, "")->bytes, "A summary.\n\nTwo.\n");
	assert_string_equal(value_child(text, "ko")->bytes, "\xec\x9a\x94\xec\x95\xbd.");
	assert_string_equal(
	    value_child(text, "ko")->place.file, "advisories/ADV-1/1/advisory.ini");
	list = value_child(value_child(advisory->values, "list"), "cves");
	assert_int_equal(list->count, 2);
	assert_string_equal(list->children[1]->bytes, "CVE-2026-1235");
	digest_sha256(digest, "13:CVE-2026-1234\n13:CVE-2026-1235\n", 34);
	assert_memory_equal(list->sha256, digest, sizeof digest);

	file = file_of(advisory, 0);
	assert_string_equal(file->name, "trigger");
	assert_int_equal(file->size, 3);
	assert_memory_equal(file->bytes, "\0\r\xff", 3);
	digest_sha256(digest, "\0\r\xff", 3);
	assert_memory_equal(file->sha256, digest, sizeof digest);
	text_hex(&hex, digest, sizeof digest);
	assert_string_equal(value_child(file, "sha256")->bytes, text_string(&hex));
	assert_string_equal(value_child(file, "file")->bytes, "Trigger.py");
	assert_string_equal(value_child(file, "size")->bytes, "3");
	text_clear(&hex);
	advisory_free(advisory);
}

/* What a tier does not admit is not in its copy, however deep one looks. */
static void
nothing_of_a_denied_class_is_left(void **state)
{
	struct mistakes mistakes = { 0 };
	struct text leaves = { 0 };
	struct advisory *advisory;
	struct value *left;

	(void)state;
	put_file("advisories/ADV-1/1/a.txt", "For all.\n");
	put_file("advisories/ADV-1/1/b.txt", "For few.\n");
	advisory = advisory_of("[poc]\nhint = x\nlist.tips = y\ntext.how = b.txt\n"
			       "attach.how = b.txt\n[guidance]\ntext.what = a.txt\n",
	    &mistakes);
	assert_nothing_said(&mistakes);
	left = value_admit(advisory->values, &programme.tiers[0].admits);
	value_leaves(left, write_leaf, &leaves);
	assert_string_equal(text_string(&leaves), "text.what guidance 11\n");
	assert_int_equal(left->count, 1);
	value_free(left);
	text_clear(&leaves);
	advisory_free(advisory);
}

#define INI "advisories/ADV-1/1/advisory.ini"

static void
each_mistake_of_an_advisory_is_told(void **state)
{
	static const char grammar[] =
	    "is not NAME, list.NAME, text.NAME, "
	    "text.NAME.LANGUAGE, attach.NAME or honey.NAME, with a NAME of "
	    "a-z, 0-9 and '-'";
	static const struct {
		const char *rest, *where, *fact;
	} all[] = {
		{ "x = y\n[guidance]\n", ":5: [advisory]: 'x' is not a known key here",
		    "" },
		{ "[guidance]\ntitle =\n", ":6: [guidance]: 'title': ",
		    "is empty; give a value or remove the line" },
		{ "[guidance]\ntext = a\n", ":6: [guidance]: 'text': ",
		    "templates use this name for something else; choose another" },
		{ "[guidance]\npartner = a\n", ":6: [guidance]: 'partner': ",
		    "templates use this name for something else; choose another" },
		{ "[guidance]\na.b = c\n", ":6: [guidance]: 'a.b': ", grammar },
		{ "[guidance]\nlists.b = c\n", ":6: [guidance]: 'lists.b': ", grammar },
		{ "[guidance]\na_b = c\n", ":6: [guidance]: 'a_b': ", grammar },
		{ "[guidance]\n4a = c\n", ":6: [guidance]: '4a': ", grammar },
		{ "[guidance]\nlist. = c\n", ":6: [guidance]: 'list.': ", grammar },
		{ "[guidance]\nlist.a.ko = c\n",
		    ":6: [guidance]: 'list.a.ko': ", grammar },
		{ "[guidance]\nattach.a.ko = c\n",
		    ":6: [guidance]: 'attach.a.ko': ", grammar },
		{ "[guidance]\ntext.a.korean = c\n",
		    ":6: [guidance]: 'text.a.korean': ", grammar },
		{ "[guidance]\nlist.a = b,,c\n", ":6: [guidance]: list.a: ",
		    "an element of the list is empty; remove the comma" },
		{ "[guidance]\ntitle = a\n[poc]\ntitle = b\n", ":8: [poc]: 'title': ",
		    "is in class 'guidance' already (line 6); a name is given once" },
		{ "[guidance]\nlist.a = a\n[poc]\nlist.a = b\n", ":8: [poc]: 'list.a': ",
		    "is in class 'guidance' already (line 6); a name is given once" },
		{ "[guidance]\nattach.a = a.bin\n[poc]\nattach.a = b.bin\n",
		    ":8: [poc]: 'attach.a': ",
		    "is in class 'guidance' already (line 6); a name is given once" },
		{ "[guidance]\ntext.a = a.txt\n[poc]\ntext.a.ko = b.txt\n",
		    ":8: [poc]: 'text.a.ko': ",
		    "'text.a' is in class 'guidance' already (line 6); all its languages "
		    "belong to one class" },
		{ "[guidance]\ntext.a = a.txt\n[poc]\nattach.a = a.txt\n",
		    ":8: [poc]: 'attach.a': ",
		    "'a.txt' has the content of 'a.txt', which is in class 'guidance' "
		    "(line "
		    "6); decide for one" },
		{ "[guidance]\nattach.a = a.bin\n[poc]\nattach.b = sub/copy.bin\n",
		    ":8: [poc]: 'attach.b': ",
		    "'sub/copy.bin' has the content of 'a.bin', which is in class "
		    "'guidance' (line 6); decide for one" },
		{ "[poc]\nattach.a = a.bin\nattach.b = sub/a.bin\n",
		    ":7: [poc]: 'attach.b': ",
		    "an attachment of that file name is there already (line 6); rename "
		    "one" },
		{ "[poc]\nattach.a = none.bin\n", ":6: [poc]: 'attach.a': ",
		    "advisories/ADV-1/1/none.bin: No such file or directory" },
		{ "[poc]\nattach.a = empty\n",
		    ":6: [poc]: 'attach.a': ", "the file is empty" },
		{ "[poc]\nattach.a = large\n", ":6: [poc]: 'attach.a': ",
		    "advisories/ADV-1/1/large: is larger than 100 bytes" },
		{ "[poc]\nattach.a = ../2/secret\n", ":6: [poc]: 'attach.a': ",
		    "advisories/ADV-1/1/../2/secret: leads out of its directory" },
		{ "[poc]\nattach.a = /etc/passwd\n", ":6: [poc]: 'attach.a': ",
		    "advisories/ADV-1/1//etc/passwd: leads out of its directory" },
		{ "[poc]\nattach.a = link\n", ":6: [poc]: 'attach.a': ",
		    "advisories/ADV-1/1/link: is or passes a symbolic link" },
		{ "[poc]\nattach.a = hard\n", ":6: [poc]: 'attach.a': ",
		    "advisories/ADV-1/1/hard: has a second name (hard link); copy it "
		    "instead" },
		{ "[poc]\nattach.a = fifo\n", ":6: [poc]: 'attach.a': ",
		    "advisories/ADV-1/1/fifo: is not an ordinary file" },
		{ "[poc]\nattach.a = .hidden\n", ":6: [poc]: 'attach.a': ",
		    "the file's name begins with a dot, is empty or longer than 100 "
		    "bytes" },
		{ "[poc]\ntext.a = crlf.txt\n", ":6: [poc]: 'text.a': ",
		    "the text holds a carriage return; save it with Unix line ends" },
		{ "[poc]\ntext.a = bom.txt\n", ":6: [poc]: 'text.a': ",
		    "the text begins with a byte order mark; save it without" },
		{ "[poc]\ntext.a = latin1.txt\n", ":6: [poc]: 'text.a': ",
		    "the text holds a control, invisible or bidirectional character, or "
		    "is "
		    "not UTF-8" },
		{ "[poc]\ntext.a = bidi.txt\n", ":6: [poc]: 'text.a': ",
		    "the text holds a control, invisible or bidirectional character, or "
		    "is "
		    "not UTF-8" },
		{ "[poc]\ntext.a = blank.txt\n",
		    ":6: [poc]: 'text.a': ", "the text is blank" },
	};

	(void)state;
	put_file("advisories/ADV-1/1/a.txt", "a\n");
	put_file("advisories/ADV-1/1/b.txt", "b\n");
	put_file("advisories/ADV-1/1/a.bin", "aa");
	put_file("advisories/ADV-1/1/b.bin", "bb");
	put_file("advisories/ADV-1/1/sub/copy.bin", "aa");
	put_file("advisories/ADV-1/1/sub/a.bin", "other");
	put_file("advisories/ADV-1/1/.hidden", "h");
	put_file("advisories/ADV-1/1/empty", "");
	put_file("advisories/ADV-1/1/crlf.txt", "a\r\nb\r\n");
	put_file("advisories/ADV-1/1/bom.txt",
	    "\xef\xbb\xbf"
	    "a\n");
	put_file("advisories/ADV-1/1/latin1.txt", "\xe4\n");
	put_file("advisories/ADV-1/1/bidi.txt", "a\xe2\x80\xae b\n");
	put_file("advisories/ADV-1/1/blank.txt", " \n\t\n");
	put_bytes("advisories/ADV-1/1/large", (char[101]){ 0 }, 101);
	put_file("advisories/ADV-1/2/secret", "s");
	put_file("elsewhere", "e");
	assert_int_equal(symlink("a.bin", "advisories/ADV-1/1/link"), 0);
	assert_int_equal(link("elsewhere", "advisories/ADV-1/1/hard"), 0);
	assert_int_equal(mkfifo("advisories/ADV-1/1/fifo", 0600), 0);
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		struct mistakes mistakes = { 0 };
		char *message = mem_format(INI "%s%s", all[i].where, all[i].fact);

		if (advisory_of(all[i].rest, &mistakes))
			fail_msg("accepted: %s", all[i].rest);
		assert_said_only(&mistakes, message);
		free(message);
	}
}

static void
one_file_twice_in_one_class_is_allowed(void **state)
{
	struct mistakes mistakes = { 0 };
	struct advisory *advisory;

	(void)state;
	put_file("advisories/ADV-1/1/a.txt", "a\n");
	advisory = advisory_of("[poc]\ntext.a = a.txt\nattach.a = a.txt\n", &mistakes);
	assert_nothing_said(&mistakes);
	advisory_free(advisory);
}

static void
a_class_that_no_tier_admits_is_a_warning(void **state)
{
	struct mistakes mistakes = { 0 };
	struct advisory *advisory = advisory_of("[gudiance]\ntitle = x\n", &mistakes);

	(void)state;
	assert_non_null(advisory);
	assert_int_equal(mistakes.errors, 0);
	assert_said_only(&mistakes,
	    INI ":5: [gudiance]: no tier admits this class; nobody "
		"will get what is in it");
	advisory_free(advisory);
}

static void
the_head_of_an_advisory_is_complete(void **state)
{
	struct mistakes mistakes = { 0 };

	(void)state;
	put_file(
	    INI, "[advisory]\nid = ADV-2\nrelease = 2026-12-08T18:00:00\ntlp = PINK\n");
	assert_null(intake_advisory("ADV-1", 1, &programme, 100, &mistakes));
	assert_int_equal(mistakes.errors, 3);
	assert_said(&mistakes,
	    INI ":2: [advisory]: id: 'ADV-2' is not the name of its "
		"folder");
	assert_said(&mistakes,
	    INI ":3: [advisory]: release: '2026-12-08T18:00:00' is not "
		"an instant with a zone such as 2026-12-08T18:00:00Z");
	assert_said(&mistakes,
	    INI ":4: [advisory]: tlp: 'PINK' is none of CLEAR, GREEN, "
		"AMBER, AMBER+STRICT, RED");
	mistakes_clear(&mistakes);
	put_file(INI, "[guidance]\n");
	assert_null(intake_advisory("ADV-1", 1, &programme, 100, &mistakes));
	assert_said_only(&mistakes, INI ": the section [advisory] is missing");
	assert_null(intake_advisory("ADV-1", 2, &programme, 100, &mistakes));
	assert_said_only(&mistakes, "advisories/ADV-1/2: No such file or directory");
	assert_null(intake_advisory("../ADV-1", 1, &programme, 100, &mistakes));
	assert_said_only(
	    &mistakes, "advisories: what was asked for is not the id of an advisory");
}

static void
the_newest_revision_is_the_highest_number(void **state)
{
	struct error err;

	(void)state;
	put_file("advisories/ADV-1/.notes", "x");
	assert_int_equal(intake_newest_revision("ADV-1", &err), 0);
	assert_string_equal(err.message,
	    "advisories/ADV-1: has no revision; make the folder advisories/ADV-1/1");
	put_file("advisories/ADV-1/9/advisory.ini", "x");
	put_file("advisories/ADV-1/10/advisory.ini", "x");
	assert_int_equal(intake_newest_revision("ADV-1", &err), 10);
	put_file("advisories/ADV-1/11", "a file");
	assert_int_equal(intake_newest_revision("ADV-1", &err), 0);
	assert_int_equal(remove("advisories/ADV-1/11"), 0);
	assert_int_equal(mkdir("advisories/ADV-1/012", 0700), 0);
	assert_int_equal(intake_newest_revision("ADV-1", &err), 0);
	assert_string_equal(err.message,
	    "advisories/ADV-1/012: is not the folder of a "
	    "revision, 1, 2, 3 ...; move it");
	assert_int_equal(intake_newest_revision("ADV-2", &err), 0);
	assert_string_equal(err.message, "advisories/ADV-2: No such file or directory");
}

static void
advisories_are_listed_in_order(void **state)
{
	struct mistakes mistakes = { 0 };
	char **ids;
	size_t count;

	(void)state;
	assert_true(intake_advisory_ids(&ids, &count, &mistakes));
	assert_int_equal(count, 0);
	free(ids);
	put_file("advisories/B-2/1/advisory.ini", "");
	put_file("advisories/A-10/1/advisory.ini", "");
	put_file("advisories/.git/x", "");
	assert_true(intake_advisory_ids(&ids, &count, &mistakes));
	assert_int_equal(count, 2);
	assert_string_equal(ids[0], "A-10");
	assert_string_equal(ids[1], "B-2");
	for (size_t i = 0; i < count; i++)
		free(ids[i]);
	free(ids);
	put_file("advisories/README", "");
	put_file("advisories/a..b/1/advisory.ini", "");
	assert_false(intake_advisory_ids(&ids, &count, &mistakes));
	assert_int_equal(mistakes.errors, 2);
	assert_said(
	    &mistakes, "advisories/README: is not the folder of an advisory; move it");
	mistakes_clear(&mistakes);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_WORLD(everything_in_an_advisory_has_its_class),
		IN_WORLD(nothing_of_a_denied_class_is_left),
		IN_WORLD(each_mistake_of_an_advisory_is_told),
		IN_WORLD(one_file_twice_in_one_class_is_allowed),
		IN_WORLD(a_class_that_no_tier_admits_is_a_warning),
		IN_WORLD(the_head_of_an_advisory_is_complete),
		IN_WORLD(the_newest_revision_is_the_highest_number),
		IN_WORLD(advisories_are_listed_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
