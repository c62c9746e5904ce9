#!/bin/sh
# The mistakes that stop one advisory: `check` says each with its place; `run` sends the
# other advisories, and blocks the lines of this one.
. "$(dirname "$0")/lib.sh"
make_programme
sed -i '/^weekend/s/$/\nmax_file = 1K/;s/^admits .*/admits = guidance, detection/' "$D/forewarn.ini"
add_partner acme entry XC soc@acme.example
set_up_keys
start_relay
for id in GONE LATE TEXT; do make_advisory $id 1; done
for id in ADV-1 GONE LATE TEXT; do arm $id >/dev/null || exit 2; done
cd "$D/advisories" || exit 2
: >"$T/wanted"

# bad ID ADDED MESSAGE...: an advisory with lines 8 to ... added, and what is said of them.
bad() {
	id=$1
	[ -d "$id" ] || make_advisory "$id" 1
	printf "$2" >>"$id/1/advisory.ini"
	shift 2
	for message; do printf 'advisories/%s/1/%s\n' "$id" "$message" >>"$T/wanted"; done
}

# Files.
file() { # file ID PATH FACT
	bad "$1" "attach.x = $2\n" "advisory.ini:9: [guidance]: 'attach.x': $3"
}
for id in LINK LINKDIR FIFO DIR HARD UP ROOT EMPTY BIG NONE HIDDEN; do make_advisory $id 1; done
ln -s summary.txt LINK/1/x
ln -s . LINKDIR/1/d
mkfifo FIFO/1/x
mkdir DIR/1/x
echo secret >HARD/1/x
ln HARD/1/x HARD/1/y
: >EMPTY/1/x
head -c 1025 /dev/zero >BIG/1/x
echo words >HIDDEN/1/.x
file LINK x 'advisories/LINK/1/x: is or passes a symbolic link'
file LINKDIR d/summary.txt 'advisories/LINKDIR/1/d/summary.txt: is or passes a symbolic link'
file FIFO x 'advisories/FIFO/1/x: is not an ordinary file'
file DIR x 'advisories/DIR/1/x: is not an ordinary file'
file HARD x 'advisories/HARD/1/x: has a second name (hard link); copy it instead'
file UP ../../ADV-1/1/summary.txt 'advisories/UP/1/../../ADV-1/1/summary.txt: leads out of its directory'
file ROOT /etc/passwd 'advisories/ROOT/1//etc/passwd: leads out of its directory'
file EMPTY x 'the file is empty'
file BIG x 'advisories/BIG/1/x: is larger than 1024 bytes'
file NONE x 'advisories/NONE/1/x: No such file or directory'
file HIDDEN .x "the file's name begins with a dot, is empty or longer than 100 bytes"

# Classes.
for id in TWICE COPY NAMES TWO; do make_advisory $id 1; echo "rule $id" >$id/1/a; done
cp COPY/1/a COPY/1/b
cp TWICE/1/summary.txt TWICE/1/a
mkdir NAMES/1/sub
echo other >NAMES/1/sub/a
bad TWICE '[detection]\nattach.x = a\n' \
	"advisory.ini:10: [detection]: 'attach.x': 'a' has the content of 'summary.txt', which is in class 'guidance' (line 8); decide for one"
bad COPY 'attach.a = a\n[detection]\nattach.b = b\n' \
	"advisory.ini:11: [detection]: 'attach.b': 'b' has the content of 'a', which is in class 'guidance' (line 9); decide for one"
bad NAMES 'attach.a = a\nattach.b = sub/a\n' \
	"advisory.ini:10: [guidance]: 'attach.b': an attachment of that file name is there already (line 9); rename one"
bad TWO '[detection]\ntitle = x\n' \
	"advisory.ini:10: [detection]: 'title': is in class 'guidance' already (line 7); a name is given once"

# Texts.
text() { # text ID PRINTF FACT
	make_advisory "$1" 1
	printf "$2" >"$1/1/summary.txt"
	bad "$1" '' "advisory.ini:8: [guidance]: 'text.summary': the text $3"
}
text CRLF 'a\r\nb\r\n' 'holds a carriage return; save it with Unix line ends'
text BIDI 'a\342\200\256b\n' 'holds a control, invisible or bidirectional character, or is not UTF-8'
text NUL 'a\000b\n' 'holds a control, invisible or bidirectional character, or is not UTF-8'
text ESC 'a\033[2Jb\n' 'holds a control, invisible or bidirectional character, or is not UTF-8'
text LATIN 'M\374ller\n' 'holds a control, invisible or bidirectional character, or is not UTF-8'
text BOM '\357\273\277a\n' 'begins with a byte order mark; save it without'
text BLANK ' \n\n' 'is blank'

# Values and the head.
head_line() { # head_line ID SED MESSAGE
	make_advisory "$1" 1
	sed -i "$2" "$1/1/advisory.ini"
	bad "$1" '' "advisory.ini:$3"
}
head_line ZONE 's/^release .*/release = 2030-12-08T18:00:00/' \
	"3: [advisory]: release: '2030-12-08T18:00:00' is not an instant with a zone such as 2026-12-08T18:00:00Z"
head_line OTHER 's/^id .*/id = ADV-1/' "2: [advisory]: id: 'ADV-1' is not the name of its folder"
head_line WHITE 's/^tlp .*/tlp = WHITE/' \
	"4: [advisory]: tlp: 'WHITE' is none of CLEAR, GREEN, AMBER, AMBER+STRICT, RED"
head_line TITLE 's/^title .*/title = a; b/' \
	"7: 'title': ';' or '#' would begin a comment here; quote the value, or put the comment on a line of its own"
head_line HEADER 's/^title .*/title = a\rBcc: eve@evil.example/' \
	'7: holds a carriage return; save the file with Unix line ends'
head_line RELEASE '/^release/d' "1: [advisory]: 'release' is missing"
bad DOUBLE 'title = x\n' "advisory.ini:9: [guidance]: 'title' is there already, at line 7; remove one"
bad EMPTYVALUE 'x =\n' "advisory.ini:9: [guidance]: 'x': is empty; give a value or remove the line"
bad RESERVED 'tier = x\n' \
	"advisory.ini:9: [guidance]: 'tier': templates use this name for something else; choose another"
bad GRAMMAR 'text.a.b.c = x\n' \
	"advisory.ini:9: [guidance]: 'text.a.b.c': is not NAME, list.NAME, text.NAME, text.NAME.LANGUAGE, attach.NAME or honey.NAME, with a NAME of a-z, 0-9 and '-'"
bad COMMAS 'list.cves = CVE-2026-1,, CVE-2026-2\n' \
	'advisory.ini:9: [guidance]: list.cves: an element of the list is empty; remove the comma'
bad HONEY 'honey.drop = one.example\n' \
	"advisory.ini:9: [guidance]: 'honey.drop': has a single element; give at least two to mark copies with"
bad NOTICE 'notice = x\n' \
	"advisory.ini:9: [guidance]: 'notice': templates use this name for something else; choose another"

# Marks.
for id in PLAIN TAGS TORN; do make_advisory $id 1; done
printf 'A {{title}}\nb {{#variant}}c|d{{/variant}}\n' >TAGS/1/summary.txt
printf 'A\n{{#variant}}E-Mail|email{{/variant}}\n' >TORN/1/summary.txt
for id in PLAIN TAGS TORN; do sed -i 's/^tlp .*/&\nmarks = text.summary/' $id/1/advisory.ini; done
bad PLAIN '' "summary.txt: holds no {{#variant}}; write one, or take the text out of 'marks'"
bad TAGS '' "summary.txt:1: 'title': a text with marks holds no tag but {{#variant}}"
bad TORN '' 'summary.txt:2: two wordings are alike but for case, white space or marks, which do not survive copying'
head_line NOTHING 's/^tlp .*/&\nmarks = text.gone/' \
	"5: [advisory]: marks: 'text.gone' is no text.NAME and no list.NAME of this advisory"
head_line FACT 's/^tlp .*/&\nmarks = title/' \
	"5: [advisory]: marks: 'title' is no text.NAME and no list.NAME of this advisory"
make_advisory PARTS 1
sed -i 's/^tlp .*/&\nmarks = list.hosts/' PARTS/1/advisory.ini
bad PARTS 'list.hosts = a.example, A-EXAMPLE\n' \
	"advisory.ini:5: [advisory]: marks: 'list.hosts' an element is another or part of it, but for case and marks; no leaked copy would tell them apart"

mkdir -p FOLDER/1
bad FOLDER '' 'advisory.ini: the section [advisory] is missing'

# What shows only when the template meets it.
make_advisory UNSAID 1
sed -i /^title/d UNSAID/1/advisory.ini
echo "templates/notice.mustache:1: 'title' is not defined in this edition; put it within {{#title}}" >>"$T/wanted"

# A class that nobody gets is a warning.
bad UNHEARD '[hearsay]\nnote = x\n'
echo 'warning: advisories/UNHEARD/1/advisory.ini:9: [hearsay]: no tier admits this class; nobody will get what is in it' >>"$T/wanted"

# The armed ones go wrong after they were armed: a warning stands before the mistake.
mv GONE/1/summary.txt "$T/gone"
bad GONE '' "advisory.ini:8: [guidance]: 'text.summary': advisories/GONE/1/summary.txt: No such file or directory"
mkdir LATE/1/x
bad LATE '[hearsay]\nattach.x = x\n' "advisory.ini:10: [hearsay]: 'attach.x': advisories/LATE/1/x: is not an ordinary file"
echo 'warning: advisories/LATE/1/advisory.ini:9: [hearsay]: no tier admits this class; nobody will get what is in it' >>"$T/wanted"
printf 'a\rb' >TEXT/1/summary.txt
bad TEXT '' "advisory.ini:8: [guidance]: 'text.summary': the text holds a carriage return; save it with Unix line ends"

fw check >"$T/out" 2>&1
is $? 2 'check refuses'
grep -v 'running as root' "$T/out" >"$T/said"
while read -r line; do
	grep -qxF -- "$line" "$T/said"
	ok $? "$line"
done <"$T/wanted"
sort "$T/wanted" >"$T/sorted"
is "$(sort "$T/said" | diff "$T/sorted" -)" '' 'that and nothing else'

out=$(fw run 2>&1)
is $? 1 'run: something is left undone'
has "$out" "GONE acme/c1: blocked: advisories/GONE/1/advisory.ini:8: [guidance]: 'text.summary': advisories/GONE/1/summary.txt: No such file" 'a file that is gone blocks its advisory'
has "$out" "LATE acme/c1: blocked: advisories/LATE/1/advisory.ini:10: [hearsay]: 'attach.x'" 'the mistake is told, not the warning before it'
has "$out" 'TEXT acme/c1: blocked: ' 'so does a text'
hasnt "$out" 'ADV-1' 'the good one is nothing to speak of'
is "$(mail_count)" 1 'it alone went out'
is "$(state ADV-1 acme/c1)" accepted 'and was accepted'
for id in GONE LATE TEXT; do is "$(state $id acme/c1)" blocked "$id waits"; done

rm -r LATE TEXT
make_advisory LATE 1
mv "$T/gone" GONE/1/summary.txt
make_advisory TEXT 1
fw run >/dev/null 2>&1
is "$(state GONE acme/c1)" accepted 'what is mended as it was goes out with the next run'
finish
