#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/text.h"
#include "edge/intake.h"
#include "said.h"
#include "scratch.h"

#define KEY_A "0123456789ABCDEF0123456789ABCDEF01234567"
#define KEY_B "89ABCDEF0123456789ABCDEF0123456789ABCDEF"

/* A programme of two tiers; what intake asks of it, and no more. */
static struct programme programme;

static int
enter(void **state)
{
	programme = (struct programme){ .language = "en" };
	programme.tiers = mem_array(2, sizeof *programme.tiers);
	programme.tier_count = 2;
	programme.tiers[0] = (struct tier){ .id = "entry",
		.rank = 1,
		.template = "notice",
		.place = { "forewarn.ini", 9 } };
	programme.tiers[1] = (struct tier){ .id = "validate",
		.rank = 2,
		.template = "details",
		.place = { "forewarn.ini", 19 } };
	classes_add(&programme.tiers[0].admits, "guidance");
	classes_add(&programme.tiers[1].admits, "guidance");
	classes_add(&programme.tiers[1].admits, "poc");
	return scratch_enter(state);
}

static int
leave(void **state)
{
	programme_clear(&programme);
	return scratch_leave(state);
}

#define ACME \
	"[acme]\norganisation = Acme Threat Research\ncountries = KR, US\n" \
	"tier = validate\nstatus = active\nreview_by = 2027-03-31\n" \
	"[acme/soc]\nmail = soc@acme.example\nkey = " KEY_A "\nlanguage = en\n"
#define BETA \
	"[beta/cert]\nmail = cert@beta.example\nkey = " KEY_B "\n" \
	"[beta]\norganisation = Beta\ncountries = XA\ntier = entry\n" \
	"status = suspended\n"

static void
partners_may_stand_in_one_file_or_in_many(void **state)
{
	struct partner_files files;
	struct mistakes mistakes = { 0 };
	const struct contact *contact;

	(void)state;
	put_file("partners.ini", BETA);
	put_file("partners.d/acme.ini", ACME);
	put_file("partners.d/.acme.ini.swp", "junk");
	assert_true(intake_partners(&files, &programme, &mistakes));
	assert_nothing_said(&mistakes);
	assert_int_equal(files.registry.partner_count, 2);
	assert_string_equal(files.registry.partners[0]->id, "acme");
	contact = registry_contact(&files.registry, "acme/soc");
	assert_string_equal(contact->to.mail, "soc@acme.example");
	assert_string_equal(contact->to.fingerprint, KEY_A);
	assert_ptr_equal(contact->partner->tier, &programme.tiers[1]);
	assert_int_equal(contact->partner->country_count, 2);
	assert_int_equal(contact->partner->status, PARTNER_ACTIVE);
	assert_int_equal(contact->partner->review_by, 1806451200);
	assert_string_equal(contact->place.file, "partners.d/acme.ini");
	assert_int_equal(contact->place.line, 7);
	contact = registry_contact(&files.registry, "beta/cert");
	assert_string_equal(contact->language, "en"); /* the programme's */
	assert_int_equal(contact->partner->status, PARTNER_SUSPENDED);
	assert_null(contact->name);
	partner_files_clear(&files);
	partner_files_clear(&files);
}

static void
assert_partners_refused(const char *content, const char *message)
{
	struct partner_files files;
	struct mistakes mistakes = { 0 };

	put_file("partners.ini", content);
	if (intake_partners(&files, &programme, &mistakes))
		fail_msg("accepted: %s", content);
	assert_said_only(&mistakes, message);
}

static void
each_mistake_of_a_partner_is_told(void **state)
{
	static const char contact[] = "[a/b]\nmail = a@b.example\nkey = " KEY_A "\n";
	static const struct {
		const char *partner, *message;
	} all[] = {
		{ "[a]\norganisation = A\ncountries = KR\n",
		    "partners.ini:4: [a]: 'tier' is missing" },
		{ "[a]\norganisation = A\ntier = entry\n",
		    "partners.ini:4: [a]: 'countries' is missing" },
		{ "[a]\ncountries = KR\ntier = entry\n",
		    "partners.ini:4: [a]: 'organisation' is missing" },
		{ "[a]\norganisation = A\ncountries = KR\nteir = entry\ntier = entry\n",
		    "partners.ini:7: [a]: 'teir' is not a known key here; did you mean "
		    "'tier'?" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entri\n",
		    "partners.ini:7: [a]: tier: 'entri' is not a tier of forewarn.ini; "
		    "add "
		    "its section or correct the name" },
		{ "[a]\norganisation = A\ncountries = KR, UK\ntier = entry\n",
		    "partners.ini:6: [a]: countries: 'UK' is not an ISO 3166 country "
		    "code "
		    "such as KR" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entry\nstatus = on\n",
		    "partners.ini:8: [a]: status: 'on' is neither active nor suspended" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entry\nreview_by = "
		  "May\n",
		    "partners.ini:8: [a]: review_by: 'May' is not a day such as "
		    "2026-12-25" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = entry\n[c/d]\nmail = "
		  "c@d.example\nkey = " KEY_B "\n",
		    "partners.ini:8: contact 'c/d': its partner is not there; add its "
		    "section" },
		{ "[a]\norganisation = A\ncountries = KR\ntier = "
		  "entry\n[c]\norganisation = "
		  "C\ncountries = KR\ntier = entry\n",
		    "partners.ini:8: partner 'c': has no contact; add a section "
		    "[c/NAME]" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *content = mem_format("%s%s", contact, all[i].partner);

		assert_partners_refused(content, all[i].message);
		free(content);
	}
}

static void
each_mistake_of_a_contact_is_told(void **state)
{
	static const char partner[] =
	    "[a]\norganisation = A\ncountries = KR\ntier = entry\n";
	static const char key[] = "[a/b]: key: must be the full 40-digit fingerprint, in "
				  "capitals and without blanks";
	static const struct {
		const char *contact, *where, *fact;
	} all[] = {
		{ "[a/b]\nmail = a@b.example\nkey = 89ABCDEF\n", "7", key },
		{ "[a/b]\nmail = a@b.example\nkey = 0x0123456789ABCDEF\n", "7", key },
		{ "[a/b]\nmail = a@b.example\n"
		  "key = 0123 4567 89AB CDEF 0123  4567 89AB CDEF 0123 4567\n",
		    "7", key },
		{ "[a/b]\nmail = a@b.example\nkey = "
		  "0123456789abcdef0123456789abcdef01234567\n",
		    "7", key },
		{ "[a/b]\nmail = a@b.example\n", "5", "[a/b]: 'key' is missing" },
		{ "[a/b]\nkey = " KEY_A "\n", "5", "[a/b]: 'mail' is missing" },
		{ "[a/b]\nmail = A <a@b.example>\nkey = " KEY_A "\n", "6",
		    "[a/b]: mail: 'A <a@b.example>' is not a plain mail address such as "
		    "name@host.example" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A "\nlanguage = KO\n", "8",
		    "[a/b]: language: 'KO' is not a language code such as ko or pt-br" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A "\nname =\n", "8",
		    "[a/b]: 'name' is empty" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A "\ntier = entry\n", "8",
		    "[a/b]: 'tier' is not a known key here" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A
		  "\n[a/c/d]\nmail = c@b.example\n"
		  "key = " KEY_B "\n",
		    "8", "[a/c/d]: is not the name of a contact; write PARTNER/NAME" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A
		  "\n[a/c]\nmail = A@B.example\n"
		  "key = " KEY_B "\n",
		    "8",
		    "contact 'a/c': its address is that of contact 'a/b', too "
		    "(partners.ini:5)" },
		{ "[a/b]\nmail = a@b.example\nkey = " KEY_A
		  "\n[a/c]\nmail = c@b.example\n"
		  "key = " KEY_A "\n",
		    "8",
		    "contact 'a/c': its key is that of contact 'a/b', too "
		    "(partners.ini:5)" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		char *content = mem_format("%s%s", partner, all[i].contact);
		char *message =
		    mem_format("partners.ini:%s: %s", all[i].where, all[i].fact);

		assert_partners_refused(content, message);
		free(content);
		free(message);
	}
}

static void
a_partner_file_speaks_of_its_own_partner(void **state)
{
	struct partner_files files;
	struct mistakes mistakes = { 0 };

	(void)state;
	put_file("partners.ini", BETA);
	put_file("partners.d/acme.ini", ACME);
	put_file("partners.d/beta.ini", BETA);
	put_file("partners.d/gamma.ini", "[acme/extra]\nmail = x@y.example\n");
	put_file("partners.d/acme.ini~", ACME);
	put_file("partners.d/Acme.ini", ACME);
	put_file("partners.d/bad.ini", "[bad\n");
	assert_int_equal(mkdir("partners.d/old.ini", 0700), 0);
	assert_false(intake_partners(&files, &programme, &mistakes));
	assert_said(&mistakes,
	    "partners.d/beta.ini:4: partner 'beta': is there already "
	    "(partners.ini:4)");
	assert_said(&mistakes,
	    "partners.d/beta.ini:1: contact 'beta/cert': its address is "
	    "that of contact 'beta/cert', too (partners.ini:1)");
	assert_said(&mistakes,
	    "partners.d/gamma.ini:1: [acme/extra]: is not of partner "
	    "'gamma', whose file this is; move it");
	assert_said(&mistakes, "partners.d/gamma.ini:1: [acme/extra]: 'key' is missing");
	assert_said(&mistakes,
	    "partners.d/gamma.ini: the section [gamma] is missing; a "
	    "file is named after its partner");
	assert_said(&mistakes,
	    "partners.d/acme.ini~: is not named PARTNER.ini; rename or "
	    "remove it");
	assert_said(&mistakes,
	    "partners.d/Acme.ini: is not named PARTNER.ini; rename or "
	    "remove it");
	assert_said(
	    &mistakes, "partners.d/bad.ini:1: the section's name has no ']' at its end");
	assert_said(&mistakes, "partners.d/old.ini: is not an ordinary file");
	mistakes_clear(&mistakes);
}

static void
a_programme_without_partners_is_a_mistake(void **state)
{
	static const char nobody[] =
	    "partners.ini: there is no partner; write it, or one "
	    "file a partner in partners.d";
	struct partner_files files;
	struct mistakes mistakes = { 0 };

	(void)state;
	assert_false(intake_partners(&files, &programme, &mistakes));
	assert_said_only(&mistakes, nobody);
	assert_int_equal(mkdir("partners.d", 0700), 0);
	assert_false(intake_partners(&files, &programme, &mistakes));
	assert_said_only(&mistakes, nobody);
}

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
	static const char grammar[] = "is not NAME, list.NAME, text.NAME, "
				      "text.NAME.LANGUAGE or attach.NAME, with a NAME of "
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

static void
templates_have_a_name_and_perhaps_a_language(void **state)
{
	struct template_files files;
	struct mistakes mistakes = { 0 };

	(void)state;
	put_file("templates/notice.mustache", "Subject: x\n\n{{text.a}}\n");
	put_file("templates/notice.pt-br.mustache", "Subject: y\n\nb\n");
	put_file("templates/details.en.mustache", "Subject: z\n\nc\n");
	put_file("templates/.notice.mustache.swp", "");
	assert_true(intake_templates(&files, &programme, &mistakes));
	assert_nothing_said(&mistakes);
	assert_int_equal(files.templates.count, 3);
	assert_non_null(map_get(&files.templates.names, "notice.pt-br"));
	template_files_clear(&files);
}

static void
each_mistake_of_the_templates_is_told(void **state)
{
	struct template_files files;
	struct mistakes mistakes = { 0 };

	(void)state;
	assert_false(intake_templates(&files, &programme, &mistakes));
	assert_said(&mistakes, "templates: No such file or directory");
	mistakes_clear(&mistakes);
	put_file("templates/notice.mustache", "Subject: x\r\n\r\nb\r\n");
	put_file("templates/notice.KO.mustache", "x");
	put_file("templates/a.b.c.mustache", "x");
	put_file("templates/notice.txt", "x");
	put_file("templates/.mustache", "x");
	put_file("templates/broken.mustache", "{{#a}}");
	assert_false(intake_templates(&files, &programme, &mistakes));
	assert_int_equal(mistakes.errors, 6);
	assert_said(&mistakes,
	    "templates/notice.mustache: holds a carriage return, a control, invisible or "
	    "bidirectional character, or is not UTF-8");
	assert_said(&mistakes,
	    "templates/notice.KO.mustache: is not named NAME.mustache or "
	    "NAME.LANGUAGE.mustache; rename or remove it");
	assert_said(&mistakes,
	    "forewarn.ini:19: tier 'validate': its template is not there; write "
	    "templates/details.mustache");
	mistakes_clear(&mistakes);
}

#define IN_SCRATCH(test) cmocka_unit_test_setup_teardown(test, enter, leave)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCRATCH(partners_may_stand_in_one_file_or_in_many),
		IN_SCRATCH(each_mistake_of_a_partner_is_told),
		IN_SCRATCH(each_mistake_of_a_contact_is_told),
		IN_SCRATCH(a_partner_file_speaks_of_its_own_partner),
		IN_SCRATCH(a_programme_without_partners_is_a_mistake),
		IN_SCRATCH(everything_in_an_advisory_has_its_class),
		IN_SCRATCH(nothing_of_a_denied_class_is_left),
		IN_SCRATCH(each_mistake_of_an_advisory_is_told),
		IN_SCRATCH(one_file_twice_in_one_class_is_allowed),
		IN_SCRATCH(a_class_that_no_tier_admits_is_a_warning),
		IN_SCRATCH(the_head_of_an_advisory_is_complete),
		IN_SCRATCH(the_newest_revision_is_the_highest_number),
		IN_SCRATCH(advisories_are_listed_in_order),
		IN_SCRATCH(templates_have_a_name_and_perhaps_a_language),
		IN_SCRATCH(each_mistake_of_the_templates_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
