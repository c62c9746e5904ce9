#!/bin/sh
# What a tier may not have does not come in through a side door.
. "$(dirname "$0")/lib.sh"
make_programme
cat >>"$D/forewarn.ini" <<EOF

[tier.validate]
rank     = 2
admits   = guidance, poc
audience = Validation partners

[wave.early]
tiers = validate
opens = release - 5d
EOF
add_partner acme entry XC soc@acme.example
add_partner beta validate XC soc@beta.example
set_up_keys
start_relay

folder=$D/advisories/ADV-1/1
at=$folder/rules/readme.txt
mkdir "$folder/rules"
cat >>"$folder/advisory.ini" <<EOF
attach.rules = rules/readme.txt

[poc]
attach.trigger = trigger.py
EOF
cat >"$folder/trigger.py" <<'EOF'
import socket, struct
table = b"PTBL" + struct.pack("<HH", 1, 0xFFFF)
with socket.create_connection(("gateway.example", 8089)) as s:
    s.sendall(b"EXDOC4" + table.ljust(64, b"\0"))
    print(s.recv(4096).hex(" ", 8))
EOF
poc() { cat "$folder/trigger.py"; }
harmless() { echo 'The rules match documents that are made to bring the first fault about.' >"$at"; }

harmless
out=$(fw check 2>&1)
is $? 0 'an advisory in order passes'
hasnt "$out" 'trigger' 'and nothing is said of its files'

# leaks NAME WHERE: what stands in the admitted file now is found there.
leaks() {
	out=$(fw check 2>&1)
	is $? 2 "$1: check refuses"
	is "$(echo "$out" | grep attach.trigger | sed 's/holds [0-9]* bytes/holds N bytes/')" \
		"advisories/ADV-1/1/advisory.ini:9: attach.rules: holds N bytes of attach.trigger (class poc) at line $2; tier entry may not have them" \
		"$1: and says where"
}

{ printf 'As follows.\n\n' && poc; } >"$at"
leaks 'as it is' '3 of readme.txt'
poc | sed 's/^/> /; s/$/\r/' | tr a-z A-Z >"$at"
leaks 'quoted, with CRLF, in capitals' '1 of readme.txt'
/usr/bin/python3 - "$T/inner.zip" "$at" "$folder/trigger.py" <<'EOF'
import sys
import zipfile

inner, outer, poc = sys.argv[1:]
with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as z:
    z.write(poc, "b/poc.py")
with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as z:
    z.write(inner, "a.zip")
EOF
leaks 'in a zip in a zip' '1 of readme.txt/a.zip/b/poc.py'
{ printf 'Payload: ' && poc | base64 -w0; } >"$at"
leaks 'in base64 of one line' '1 of readme.txt, decoded'
poc | gzip | base64 | sed 's/^/   > /' >"$at"
leaks 'in quoted base64 of gzip' '1 of readme.txt, decoded from line 1/data'
harmless

summary=$folder/summary.txt
cp "$summary" "$T/summary.txt"
{ echo 'Update to 4.2. To see it:' && poc; } >"$summary"
out=$(fw check 2>&1)
is $? 2 'in a text: check refuses'
has "$out" 'text.summary: holds' 'and names the text'
has "$out" 'at line 2; tier entry' 'and its line'
cp "$T/summary.txt" "$summary"

cp "$D/templates/notice.mustache" "$T/notice.mustache"
poc >>"$D/templates/notice.mustache"
out=$(fw check 2>&1)
is $? 2 'in a template: check refuses'
has "$out" "notice: renders to" 'and names the template'
cp "$T/notice.mustache" "$D/templates/notice.mustache"

# Those who may have it may have it twice.
sed -i 's/^admits   = guidance$/admits   = guidance, poc/' "$D/forewarn.ini"
poc | gzip >"$at"
out=$(fw check 2>&1)
is $? 0 'where no tier withholds anything, nothing is a leak'
sed -i '/^\[tier.entry\]/,/^audience/s/^admits .*/admits   = guidance/' "$D/forewarn.ini"

# --- arming and sending -------------------------------------------------------------
make_advisory ADV-2 1
out=$(fw preview ADV-1 -o "$T/preview" 2>&1)
is $? 2 'preview refuses'
is "$(ls "$T/preview" 2>/dev/null)" '' 'and writes no file'
out=$(fw arm ADV-1 --digest 00 2>&1)
is $? 2 'arm refuses'
has "$out" 'tier entry may not have them' 'and says why'
is "$(state ADV-1 acme/c1)" '' 'nothing is armed'

harmless
arm ADV-1 >/dev/null
arm ADV-2 >/dev/null
poc | gzip >"$at"
printf '\n[unused]\nnote = nobody gets this\n' >>"$folder/advisory.ini"
out=$(fw run 2>&1)
is $? 1 'run: a file that leaks since it was armed'
has "$out" 'ADV-1 acme/c1: blocked: advisories/ADV-1/1/advisory.ini:9: attach.rules: holds' 'blocks, and says why'
is "$(state ADV-1 acme/c1)" blocked 'the advisory waits'
is "$(state ADV-2 acme/c1)" accepted 'another one goes out'
for mail in $(mails); do
	hasnt "$(open_mail "$mail")" 'readme.txt' 'what was sent holds nothing of it'
done
harmless
sed -i '/^\[unused\]/,$d' "$folder/advisory.ini"
out=$(fw run 2>&1)
is $? 0 'put right, it goes out'
is "$(state ADV-1 acme/c1)" accepted 'to all'

# --- what cannot be looked into ---------------------------------------------------
make_advisory ADV-3 1
printf 'attach.pack = pack.bin\n[poc]\nattach.trigger = trigger.py\n' >>"$D/advisories/ADV-3/1/advisory.ini"
poc >"$D/advisories/ADV-3/1/trigger.py"
printf 'Rar!\032\007\000 and what is in it' >"$D/advisories/ADV-3/1/pack.bin"
out=$(fw check 2>&1)
is $? 0 'a closed archive is no mistake'
has "$out" "warning: advisories/ADV-3/1/advisory.ini:9: [guidance]: 'attach.pack': cannot be looked into: pack.bin is of a closed kind" \
	'but a warning'

# --- a withheld text that differs from copy to copy -------------------------------
make_advisory ADV-4 1
sed -i 's/^tlp .*/&\nmarks = text.steps/' "$D/advisories/ADV-4/1/advisory.ini"
printf 'text.more = more.txt\n[poc]\ntext.steps = steps.txt\n' >>"$D/advisories/ADV-4/1/advisory.ini"
printf '%s\n' 'Open it, {{#variant}}then wait|and be patient{{/variant}}, now {{#variant}}send|hand in{{/variant}} the frame' \
	>"$D/advisories/ADV-4/1/steps.txt"
for words in 'Open it, then wait, now send the frame' 'open it and be patient now hand in the frame'; do
	printf 'It goes thus: %s; more is not told.\n' "$words" >"$D/advisories/ADV-4/1/more.txt"
	out=$(fw check 2>&1)
	is $? 2 "'$words': check refuses"
	has "$out" 'bytes of text.steps (class poc)' 'as a copy of the withheld text reads so'
done
printf 'It goes in some way that is not told.\n' >"$D/advisories/ADV-4/1/more.txt"
fw check >/dev/null 2>&1
is $? 0 'other words pass'
finish
