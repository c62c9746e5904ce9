#!/bin/sh
# No value of an INI file becomes a header, a recipient or a command: it is refused with
# its line, or it is sent as the plain words that it is.
. "$(dirname "$0")/lib.sh"
make_programme
cat >"$T/outer.py" <<'END'
"""The mail of one advisory: its headers are those of the list, once each; prints faults."""
import email, email.header, email.policy, email.utils, json, sys
FIELDS = ["Date", "From", "Reply-To", "To", "Message-ID", "Subject", "Auto-Submitted", "List-Id",
          "MIME-Version", "Content-Type"]
path, name = sys.argv[1:]
raw = open(path, "rb").read()
mail = email.message_from_bytes(raw, policy=email.policy.default)
about = json.load(open(path.replace(".eml", ".json")))
def must(holds, what):
    if not holds:
        print(what)
must(sorted(mail.keys()) == sorted(FIELDS), f"fields: {mail.keys()}")
must(raw.replace(b"\r\n", b"").isascii(), "not ASCII")
must(b"\r" not in raw.replace(b"\r\n", b"") and b"\n" not in raw.replace(b"\r\n", b""), "a bare CR or LF")
must(all(len(line) <= 998 for line in raw.split(b"\r\n")), "a line is too long")
must(about["rcpt_to"] == ["soc@acme.example"], f"RCPT: {about['rcpt_to']}")
must(about["mail_from"] == "advisories@psirt.example", f"MAIL: {about['mail_from']}")
must(str(mail["To"]) == "soc@acme.example", f"To: {mail['To']}")
must(str(mail["Subject"]) == "[...]", f"Subject: {mail['Subject']}")
senders = mail["From"].addresses
must([a.addr_spec for a in senders] == ["advisories@psirt.example"], f"From: {mail['From']}")
# The new parser keeps the fold between two encoded words of a phrase: the old one does not.
old = email.message_from_bytes(raw)["From"]
shown = str(email.header.make_header(email.header.decode_header(email.utils.parseaddr(old)[0])))
must(shown == name, f"name: {shown!r}")
must(not any(f.defects for f in mail.values()), f"defects: {[f.defects for f in mail.values()]}")
must(not mail.defects, f"defects: {mail.defects}")
must(mail.get_content_type() == "multipart/encrypted", mail.get_content_type())
END
cat >"$T/inner.py" <<'END'
"""What was sealed, from standard input: its Subject is the one wanted; prints faults."""
import email, email.policy, sys
subject, file = sys.argv[1:]
mail = email.message_from_bytes(sys.stdin.buffer.read(), policy=email.policy.default)
names = sorted(set(mail.keys()))
allowed = {"Date", "From", "Reply-To", "Subject", "HP-Outer", "Content-Type", "MIME-Version"}
if not set(names) <= allowed or len(mail.get_all("Subject")) != 1:
    print(f"fields: {names}")
if str(mail["Subject"]) != subject:
    print(f"Subject: {mail['Subject']!r}, not {subject!r}")
parts = list(mail.walk())
found = [part.get_filename() for part in parts if part.get_filename()]
if found != [file]:
    print(f"files: {found!r}")
if any(part.defects for part in parts) or any("bcc" in map(str.lower, p.keys()) for p in parts):
    print("a part has defects or a Bcc")
END
add_partner acme entry XC soc@acme.example
sed -i "/^\[acme.c1\]/s/$/\nname = Acme SOC/" "$D/partners.ini"
set_up_keys
start_relay
cp "$D/forewarn.ini" "$D/partners.ini" "$T"
printf 'Subject: %s\n\n%s\n' '{{title}} {{contact.name}} {{partner.organisation}}' \
	'{{text.summary}} {{note}} {{#list.l}}{{.}} {{/list.l}}' >"$D/templates/notice.mustache"

# --- words: sent as they are ------------------------------------------------------------
round=0
sent() { # sent NAME VALUE: as it stands between double or single quotes in the INI files
	round=$((round + 1))
	case $2 in *'"'*) q="'" ;; *) q='"' ;; esac
	id=INJ-$round
	printf '%s\n' "$q$2$q" >"$T/value"
	cp "$T/forewarn.ini" "$T/partners.ini" "$D"
	for key in name audience organisation; do
		printf '%s = %s\n' "$key" "$(cat "$T/value")" >"$T/line"
		sed -i -e "/^$key *=/{r $T/line" -e 'd}' "$D/forewarn.ini" "$D/partners.ini"
	done
	make_advisory $id 1
	sed -i /^title/d "$D/advisories/$id/1/advisory.ini"
	echo text >"$D/advisories/$id/1/$3"
	{
		printf 'title = %s\nnote = %s\n' "$(cat "$T/value")" "$(cat "$T/value")"
		[ "${2#*,}" != "$2" ] && echo 'list.l = x' || printf 'list.l = %s\n' "$(cat "$T/value")"
		printf 'attach.x = %s%s%s\n' "$q" "$3" "$q"
	} >>"$D/advisories/$id/1/advisory.ini"
	before=$(mail_count)
	out=$(arm $id 2>&1) && out=$(fw run 2>&1)
	is "$?$out" 0 "$1: sent"
	is "$(mail_count)" $((before + 1)) "$1: one mail"
	mail=$(mails | tail -1)
	is "$(/usr/bin/python3 "$T/outer.py" "$mail" "$2")" '' "$1: outside as it must be"
	is "$(open_mail "$mail" | /usr/bin/python3 "$T/inner.py" "[TLP:AMBER] $2 $2 $2" "$3")" '' \
		"$1: inside as it was written"
}
long=$(printf %0150d 0 | sed 's/0/ab cde/g')
sent 'escapes' 'x\r\nBcc: eve@evil.example\nTo: eve@evil.example' 'a\r\nb.txt'
sent 'an encoded word' '=?utf-8?q?x=0d=0aBcc:_eve=40evil.example?=' '=?utf-8?q?a=0d=0ab?='
sent 'an address' 'Eve <eve@evil.example>, eve@evil.example' 'a <b>, c@d'
sent 'quotes and backslashes' 'Ev"e \" <eve@evil.example>' "a\"; filename=\"b"
sent 'percent and semicolon' '%0d%0aBcc: eve@evil.example; x=y # z' "a%0d%0a; x*=utf-8''b"
sent 'a long one of 900 bytes' "$long" "$(printf %0100d 0)"
sent 'another script' '보안 권고 – Größe ✓' '권고.txt'
sent 'tags of a template' '{{text.summary}} {{{x}}} {{> y}}' '{{x}}'
is "$(grep -c 'C RCPT' "$S/commands.log")" "$round" 'each had one RCPT'
is "$(grep -ci 'evil' "$S/commands.log")" 0 'and no command names another'

# --- addresses and host names: refused ------------------------------------------------------
refused() { # refused NAME VALUE [UNREADABLE]: in each field that is an address or a host; VALUE is printf's
	v=$2
	printf "[programme]\nname = x\nfrom = $v\nreply_to = $v\n[smtp]\nbounce = $v\nname = $v\n" >"$D/forewarn.ini"
	fw keys init >"$T/out" 2>&1 # reads it first
	is $? 2 "$1: refused"
	for line in 3:from 4:reply_to 6:bounce 7:name; do
		grep -q "^forewarn.ini:${line%:*}: ${3:-.*}" "$T/out"
		ok $? "$1: not as ${line#*:}"
		[ -n "${3:-}" ] && break # one such byte spoils the file
	done
	round=$((round + 1))
	printf "[p$round]\norganisation = x\ncountries = KR\ntier = entry\n[p$round/c]\nmail = $2\nkey = %040d\n" \
		"$round" >"$D/partners.d/p$round.ini"
}
mkdir "$D/partners.d"
refused 'escapes' 'x@y.example\\\\r\\\\nBcc:eve'
refused 'a carriage return' 'x@y.example\rBcc: eve@evil.example' 'holds a carriage return'
refused 'two' 'x@y.example, eve@evil.example'
refused 'a name' 'Eve <eve@evil.example>'
refused 'brackets' '<x@y.example>'
refused 'parameters' '"x@y.example> SIZE=1"'
refused 'an encoded word' '=?utf-8?q?x?=@y.example'
refused 'quotes' '\\"x y\\"@z.example'
refused 'a comment' 'x(y)@z.example'
refused 'a NUL' 'x\000@y.example' 'holds a NUL'
refused 'a bidirectional character' 'x\342\200\256@y.example'
refused 'another script' 'x@größe.example'
refused 'a new line' 'x@y.example\nBcc: eve@evil.example' '\|forewarn.ini:4: is neither'
refused '900 bytes' "$(printf %0900d 0)@y.example"

cp "$T/forewarn.ini" "$T/partners.ini" "$D"
fw check >"$T/out" 2>&1
is $? 2 'contacts of such addresses are refused'
for file in "$D"/partners.d/*.ini; do
	grep -q "^partners.d/${file##*/}:[67]: " "$T/out"
	ok $? "$(sed -n 6p "$file" | tr -cd '[:print:]' | cut -c1-60)"
done
rm -r "$D/partners.d"

out=$(fw preview "$(printf 'INJ-1\r\nBcc: eve')" 2>&1)
is $? 2 'nor does the command line name such an advisory'
finish
