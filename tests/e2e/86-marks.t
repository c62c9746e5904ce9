#!/bin/sh
# Marks: each contact's copy has its own wordings, order, made-up indicator and number, or each
# group of partners has; a leaked copy, mangled as people do, tells whose it was, and what is
# no copy tells of nobody.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
add_contacts ant entry 1
for partner in bee cat dog eel fox; do
	add_contacts "$partner" entry 1
done
N=$D/advisories/ADV-1/1

mark_up() { # mark_up ADVISORY: sixty variants, six elements in pairs, a made-up indicator
	folder=$D/advisories/$1/1
	for i in $(seq 60); do
		printf 'Step %s of this matter %s {{#variant}}must be taken|has to be done{{/variant}} by station %s,\n' \
			"$i" "$1" "$((i * 37))"
	done >>"$folder/summary.txt"
	sed -i 's/^tlp .*/&\nmarks = text.summary, list.hosts/' "$folder/advisory.ini"
	cat >>"$folder/advisory.ini" <<END
list.hosts = alpha.example, bravo.example, charlie.example, delta.example
honey.drop = drop-one.example, drop-two.example, drop-three.example
END
}
mark_up ADV-1
cat >"$D/templates/notice.mustache" <<'END'
Subject: {{title}}

Notice {{notice}}
{{#variant}}Please read all of this|You are asked to read it all{{/variant}}.

{{text.summary}}

Hosts that were seen:
{{#list.hosts}}
- {{.}}
{{/list.hosts}}
- {{honey.drop}}
END
set_up_keys
start_relay

# --- the key ---------------------------------------------------------------------
mv "$D/secret/mark.key" "$T/mark.key"
fw preview ADV-1 >/dev/null 2>"$T/stderr"
is $? 2 'marks need their key'
has "$(cat "$T/stderr")" 'forewarn keys marks makes it' 'and it is said what makes it'
fw keys marks >/dev/null
is $? 0 'keys marks makes one'
fw keys marks >/dev/null 2>&1
is $? 2 'and never a second one'
chmod 644 "$D/secret/mark.key"
fw preview ADV-1 >/dev/null 2>&1
is $? 2 'it is for us alone'
rm "$D/secret/mark.key"
mv "$T/mark.key" "$D/secret/mark.key"

# --- a copy a contact ------------------------------------------------------------
fw preview ADV-1 >"$T/preview"
has "$(cat "$T/preview")" 'marks     65, 65 bits' 'preview counts the marks'
has "$(cat "$T/preview")" '6 contacts, 6 editions' 'and each contact has a copy of its own'
arm ADV-1 >/dev/null
fw run 2>"$T/stderr"
is "$? $(mail_count)" '0 6' 'all is sent'
copy() { # copy MAIL: what its contact reads
	open_mail "$(mail_to "$1")" | /usr/bin/python3 -c 'import sys, email, email.policy
m = email.message_from_binary_file(sys.stdin.buffer, policy=email.policy.default)
print(next(p for p in m.walk() if p.get_content_type() == "text/plain").get_content(), end="")'
}
for partner in ant bee cat dog eel fox; do
	copy "c1@$partner.example" >"$T/$partner"
done
is "$(cat "$T/ant" "$T/bee" "$T/cat" "$T/dog" "$T/eel" "$T/fox" | grep -c '^Notice [2-9A-Z]\{4\}-[2-9A-Z]\{4\}$')" 6 'each has a number'
is "$(sort -u "$T/ant" "$T/bee" "$T/cat" "$T/dog" "$T/eel" "$T/fox" | grep -c '^Notice')" 6 'of its own'
hasnt "$(cat "$T/cat")" '{{' 'and no tag is left'
is "$(grep -c 'alpha.example\|bravo.example\|charlie.example\|delta.example' "$T/cat")" 4 'no element of a list is lost'
is "$(grep -c 'drop-' "$T/cat")" 1 'one of the made-up indicators is there'
fw preview ADV-1 -o "$T/out" >/dev/null
is "$(grep -rlF "$(sed -n 's/^Notice //p' "$T/cat")" "$T/out" --exclude=index.html | wc -l)" 1 'preview shows what was sent, mark by mark'

# --- a leak ----------------------------------------------------------------------
named() { /usr/bin/python3 -c 'import json, sys
print(" ".join(s["contact"] for s in json.load(sys.stdin)["suspects"] if s["named"]))'; }
# Half of it, without number and list, in curled marks, upper case, wrapped at 60, quoted twice.
sed -n '12,42p' "$T/cat" | tr 'a-z' 'A-Z' | tr -s '\n' ' ' | fold -s -w 60 |
	sed "s/MATTER/\xe2\x80\x9cMATTER\xe2\x80\x9d/; s/^/> > /" >"$T/mangled"
fw trace "$T/mangled" >"$T/table"
is $? 0 'half of a copy, mangled, is traced'
has "$(cat "$T/table")" 'cat/c1: it was a copy of theirs' 'to its contact'
is "$(grep -c 'copy of theirs' "$T/table")" 1 'and to nobody else'
is "$(fw trace --json "$T/mangled" | named)" cat/c1 'by --json, too'
/usr/bin/python3 -c 'import quopri, sys
sys.stdout.buffer.write(quopri.encodestring(open(sys.argv[1], "rb").read().replace(b"must", b"m\xc3\xbcst").replace(b"m\xc3\xbcst", b"must"), quotetabs=True))' "$T/cat" >"$T/quoted"
is "$(fw trace --json "$T/quoted" | named)" cat/c1 'quoted-printable as it came'
base64 "$T/cat" >"$T/encoded"
is "$(fw trace --json "$T/encoded" | named)" cat/c1 'and base64'
grep '^Notice' "$T/cat" >"$T/number"
fw trace "$T/number" --advisory ADV-1/1 >"$T/table"
is "$? $(grep -c '^cat/c1: ' "$T/table")" '0 1' 'a notice number alone is found'
printf '%s\n' "$(sed -n '20,25p' "$T/cat")" >"$T/few"
fw trace "$T/few" >"$T/table"
is $? 1 'six marks name nobody'
has "$(cat "$T/table")" 'not enough marks' 'and that is said'
cat "$T/cat" "$T/dog" >"$T/both"
fw trace "$T/both" >"$T/table"
has "$(cat "$T/table")" 'more say two things' 'what two copies differ in says nothing'
hasnt "$(cat "$T/table")" 'ant/c1: it was' 'and no third one is named'
sed 's/{{[^}]*}}/ /g; s/|/ /g' "$N/summary.txt" >"$T/innocent"
fw trace "$T/innocent" "$PWD/README.md" >"$T/table" 2>&1
is $? 1 'the text without marks, and another one, name nobody'

# --- later -----------------------------------------------------------------------
cp -R "$D/advisories/ADV-1/1" "$D/advisories/ADV-1/2"
echo 'A last line that the first revision did not have.' >>"$D/advisories/ADV-1/2/summary.txt"
arm ADV-1 >/dev/null
fw run 2>"$T/stderr"
copy c1@cat.example >"$T/cat.2"
is "$(diff "$T/cat" "$T/cat.2")" "$(diff "$T/cat" "$T/cat.2" | grep -A1 '^[0-9]*a[0-9]*$' | head -1)
> A last line that the first revision did not have." 'a revision moves no mark'
cp "$D/partners.ini" "$T/partners.ini"
sed -i '/^\[cat\]/,/^$/d; /^\[cat\/c1\]/,/^$/d' "$D/partners.ini"
is "$(grep -c cat "$D/partners.ini") $(fw trace --json "$T/mangled" | named)" '0 cat/c1' 'who has gone is named all the same'
fw trace "$T/mangled" --advisory ADV-9 >/dev/null 2>&1
is $? 2 'an advisory whose files are not there cannot be looked at'
cp "$T/partners.ini" "$D/partners.ini"

# --- a copy a group --------------------------------------------------------------
printf '\n[marks]\ngroups = 16\n' >>"$D/forewarn.ini"
for i in 2 3 4 5 6 7; do
	make_advisory "ADV-$i" 1
	mark_up "ADV-$i"
done
fw preview ADV-2 >"$T/preview"
has "$(cat "$T/preview")" 'en, personal to group ' 'preview says the group'
for i in 2 3 4 5 6 7; do
	arm "ADV-$i" >/dev/null
done
before=$(mails)
fw run 2>"$T/stderr"
is "$? $(mail_count)" '0 48' 'six more are sent to each'
for mail in $(mails); do
	case "$before" in *"$mail"*) ;; *) echo "$mail" ;; esac
done >"$T/new"
is "$(tests/seal_check.py $(cat "$T/new") | cut -d' ' -f3 | sort -u | wc -l)" \
	"$(sqlite3 "$D/state/ledger.db" "SELECT count(DISTINCT edition) FROM delivery WHERE advisory <> 'ADV-1'")" \
	'one encryption for each group that has a partner'
for mail in $(grep -l '^To: c1@dog.example' $(cat "$T/new")); do
	n=$((${n:-0} + 1))
	open_mail "$mail" | /usr/bin/python3 tests/mime_check.py decoded /dev/stdin >"$T/leak.$n"
done
fw trace "$T/leak.1" >"$T/table"
is $? 1 'a group of sixteen is not a name'
is "$(fw trace --json "$T"/leak.[1-6] | named)" dog/c1 'six leaks are'

# --- the record ------------------------------------------------------------------
fw verify >/dev/null
is $? 0 'the ledger proves whose copy had which marks'
sqlite3 "$D/state/ledger.db" 'UPDATE mark SET symbol = 1 - symbol WHERE of = 2 AND code = 1'
fw verify >/dev/null 2>"$T/stderr"
has "$? $(cat "$T/stderr")" 'the marks of code 1 were changed' 'and tells when they were changed'
sqlite3 "$D/state/ledger.db" 'UPDATE mark SET symbol = 1 - symbol WHERE of = 2 AND code = 1'
is "$(tests/ledger_check.py "$D/state/ledger.db")" '' 'the ledger is whole'
finish
