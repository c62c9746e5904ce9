#!/bin/sh
# A preview is files and words: no connection, no change of the ledger, no file replaced.
. "$(dirname "$0")/lib.sh"
make_programme
mkdir "$D/advisories/ADV-1/1/poc"
echo 'rule gateway { condition: false }' >"$D/advisories/ADV-1/1/gateway.yar"
echo 'attach.rules = gateway.yar' >>"$D/advisories/ADV-1/1/advisory.ini"
add_partner acme entry XC soc@acme.example noc@acme.example
set_up_keys
make_key reviewer@psirt.example
reviewer=$(fingerprint '<reviewer@psirt.example>')
fw keys import "$D/keys/reviewer@psirt.example.asc" >/dev/null

before=$(sqlite3 "$D/state/ledger.db" .dump | sha256sum)
strace -f -e trace=connect,sendto,bind -o "$T/trace" "$FOREWARN" -C "$D" preview ADV-1 \
	-o "$T/sealed" --sealed >/dev/null 2>&1
is $? 0 'a sealed preview'
is "$(grep -cE 'AF_INET6?' "$T/trace")" 0 'no network socket, by us or by gpg'
is "$(sqlite3 "$D/state/ledger.db" .dump | sha256sum)" "$before" 'the ledger is as it was'
is "$(ls "$T/sealed")" 'acme.c1.eml
acme.c2.eml' 'one file a contact'
has "$(open_mail "$T/sealed/acme.c1.eml")" 'filename="gateway.yar"' 'as the contact would get it, files and all'
is "$(grep -c ENC_TO "$T/status")" 1 'sealed to it alone'

fw preview ADV-1 -o "$T/clear" >/dev/null 2>&1
is "$(ls "$T/clear")" 'entry.en.eml
index.html' 'one file an edition, and a page'
clear=$(cat "$T/clear/entry.en.eml")
hasnt "$clear" "$(base64 -w0 "$D/advisories/ADV-1/1/gateway.yar" | head -c 40)" 'a file is not in it'
out=$(/usr/bin/python3 - "$T/clear/entry.en.eml" <<'EOF'
import email, email.policy, sys
mail = email.message_from_binary_file(open(sys.argv[1], "rb"), policy=email.policy.default)
print([part.get_content() for part in mail.iter_attachments()][0])
EOF
)
has "$out" "gateway.yar: 34 bytes, SHA-256 $(sha256sum <"$D/advisories/ADV-1/1/gateway.yar" | cut -c1-64)" \
	'it is named, measured and hashed'
fw preview ADV-1 -o "$T/full" --attachments >/dev/null 2>&1
has "$(cat "$T/full/entry.en.eml")" 'filename="gateway.yar"' '--attachments includes it'

out=$(fw preview ADV-1 -o "$T/clear" 2>&1)
is $? 2 'a file that stands is not replaced'
has "$out" 'entry.en.eml' 'and is named'
mkdir -m 755 "$T/open"
out=$(fw preview ADV-1 -o "$T/open" 2>&1)
is $? 2 'a directory that others may enter is refused'

fw preview ADV-1 -o "$T/review" --for "$reviewer" >/dev/null 2>&1
is $? 0 'for a reviewer'
has "$(open_mail "$T/review/entry.en.eml")" 'Update to 4.2' 'who can open it'
hasnt "$(cat "$T/review/entry.en.eml")" 'Update to 4.2' 'and nobody else'
out=$(fw preview ADV-1 -o "$T/review2" --for "$(echo "$reviewer" | tr '0-9A-F' 'F0-9A-E')" 2>&1)
is $? 2 'an unknown reviewer is an error'
is "$(ls "$T/review2" 2>/dev/null)" '' 'and nothing is written'

out=$(fw preview ADV-1 --to acme/c2 2>&1)
has "$out" 'acme/c2' '--to shows the contact'
hasnt "$out" 'acme/c1 ' 'and no other'
out=$(fw preview ADV-1 --to acme/c9 2>&1)
is $? 2 '--to with a typo is an error'
out=$(fw preview ADV-1 --at "$(from_now '-7 days')" 2>&1)
has "$out" ', in 5 d 23 h' '--at asks about another time'
finish
