#!/bin/sh
# A rehearsal: each edition to the operators, marked, sealed, by the way of a run; the
# partners get nothing, and no delivery knows of it.
. "$(dirname "$0")/lib.sh"

add_operator() { # add_operator NAME: with a key
	make_key "$1@psirt.example"
	printf '[operator/%s]\nmail = %s@psirt.example\nkey = %s\n\n' "$1" "$1" \
		"$(fingerprint "<$1@psirt.example>")" >>"$D/partners.ini"
}

deliveries() { # all that the ledger has of deliveries
	sqlite3 "$D/state/ledger.db" 'SELECT * FROM delivery; SELECT * FROM attempt; SELECT * FROM wave_found'
}

events() { # events KIND: what they say, in their order
	sqlite3 "$D/state/ledger.db" "SELECT data FROM event WHERE kind = '$1' ORDER BY seq"
}

recipients() { mails | xargs -r sed -n 's/^To: //p' | tr -d '\r' | sort | uniq -c | sed 's/^ *//' | paste -sd' '; }

digest() { fw preview "$1" 2>/dev/null | sed -n 's/^plan digest: //p'; }

opened() { # opened FILE: all of it, in $T/opened
	read_mail "$1" >"$T/opened"
}

make_programme
printf '\n[language.ko]\nfallback = yes\n' >>"$D/forewarn.ini"
add_tier full 2 'guidance, proof-of-concept' 'release - 5d'
add_partner acme entry XC soc@acme.example lab@acme.example
add_partner beta full XC soc@beta.example
add_partner gamma full XC soc@gamma.example
printf 'language = ko\n' >"$T/ko"
sed -i '/^mail = soc@gamma.example/r '"$T/ko" "$D/partners.ini"
add_operator ana
add_operator ben
poc=$(canary)
printf '\n[proof-of-concept]\nattach.trigger = trigger.py\n' >>"$D/advisories/ADV-1/1/advisory.ini"
echo "# $poc" >"$D/advisories/ADV-1/1/trigger.py"
guidance=$(sed -n 's/^Reference //p' "$D/advisories/ADV-1/1/summary.txt")
cat >>"$D/templates/notice.mustache" <<'EOF'
{{#attachments}}
{{file}}
{{/attachments}}
EOF
set_up_keys
start_relay

# --- what is asked ----------------------------------------------------------------------
before=$(digest ADV-1)
out=$(fw rehearse ADV-1 -n 2>&1)
is $? 0 'a dry run'
is "$(echo "$out" | grep -c '^would rehearse')" 3 '... names each edition, one a tier and language'
has "$out" 'each to operator/ben <ben@psirt.example>' '... and each operator'
is "$(mail_count)" 0 '... and sends nothing'
out=$(fw rehearse ADV-1 --to acme/c1 2>&1)
is $? 2 'a contact is no one to rehearse with'
is "$out" "forewarn: rehearse: acme/c1: is a partner's contact; a rehearsal goes to operators alone" '... which is said'
out=$(fw rehearse ADV-1 --to operator/bem 2>&1)
is "$out" 'forewarn: rehearse: operator/bem: is not an operator; did you mean operator/ben?' 'a typo is no operator'
out=$(fw rehearse 2>&1)
is "$?$out" '2forewarn: rehearse: name one advisory' 'an advisory is named'
touch "$D/state/HOLD"
out=$(fw rehearse ADV-1 2>&1)
is $? 1 'HOLD stops a rehearsal'
has "$out" 'held: state/HOLD is there' '... and it says so'
rm "$D/state/HOLD"
is "$(mail_count)" 0 'nothing of all that was sent'
is "$(events rehearsing)$(events rehearsed)" '' '... or recorded'

fw hold ADV-1 -r 'seen on a forum' >/dev/null
out=$(fw rehearse ADV-1 2>&1)
is $? 1 'a hold of the advisory stops one'
has "$out" 'forewarn: advisory ADV-1: held by' '... and it says whose'
has "$out" 'seen on a forum' '... and why'
is "$(mail_count)$(events rehearsing)" 0 '... before the final dot'
fw resume ADV-1 -r 'was another' >/dev/null
relay_does "DATA 1 wait $T/go"
"$FOREWARN" -C "$D" rehearse ADV-1 --to operator/ana >"$T/out" 2>&1 &
rehearsal=$!
relay_saw 'C DATA'
touch "$D/state/HOLD" "$T/go"
wait $rehearsal
is $? 1 'HOLD stops one in flight'
has "$(cat "$T/out")" 'held: state/HOLD is there' '... and it says so'
is "$(mail_count)$(events rehearsing)" 0 '... before the final dot'
rm "$D/state/HOLD"
relay_does

# --- a rehearsal ------------------------------------------------------------------------
ledger_before=$(deliveries)
out=$(fw rehearse ADV-1 2>&1)
is $? 0 'a rehearsal'
has "$out" 'rehearsed: ADV-1 revision 1; 6 of 6 mails to operators accepted, none to partners' 'says what was done'
has "$out" "plan digest: $before" '... for which plan'
is "$(recipients)" '3 ana@psirt.example 3 ben@psirt.example' 'the operators got each edition, nobody else anything'
is "$(grep -c '^RCPT' "$S/commands.log")" "$(grep -c '^RCPT.*<\(ana\|ben\)@psirt.example>' "$S/commands.log")" \
	'nobody else was even named to the relay'
is "$(grep -hc '^Subject: \[\.\.\.\]' $(mails) | sort -u)" 1 'outside the subject tells nothing'
is "$(grep -il rehears $(mails) /dev/null)" '' '... nor does anything else'
full=0 entry=0 korean=0
for mail in $(mails); do
	opened "$mail"
	grep -q '^Subject: \[REHEARSAL\] \[TLP:AMBER\] Remote code' "$T/opened" || continue
	grep -qF "$guidance" "$T/opened" || continue
	if grep -q '^REHEARSAL: tier full, language en; wave full opens 20' "$T/opened"; then
		grep -qF "$poc" "$T/opened" && full=$((full + 1))
	elif grep -q '^REHEARSAL: tier full, language ko; wave full opens 20' "$T/opened"; then
		grep -qF "$poc" "$T/opened" && korean=$((korean + 1))
	elif grep -q '^REHEARSAL: tier entry, language en; wave main opens 20' "$T/opened"; then
		grep -qF "$poc" "$T/opened" || entry=$((entry + 1))
	fi
done
is "$full $korean $entry" '2 2 2' 'inside each says which it is, and holds what that tier may have and no more'
is "$(sed -n 's/^Message-ID: *<\([0-9a-f]*\)@psirt.example>.*/\1/p' $(mails) | sort -u | grep -cx '[0-9a-f]\{40\}')" 6 \
	'a Message-ID is nobody else'\''s, and no delivery has one like it'
open_mail "$(mail_to ana@psirt.example)" >/dev/null
has "$(cat "$T/status")" 'GOODSIG' 'they are signed'

# --- what it leaves ---------------------------------------------------------------------
is "$(deliveries)" "$ledger_before" 'no delivery, attempt or wave has changed'
is "$(events rehearsed | grep -c 'advisory=ADV-1 revision=1 edition=[0-9a-f]\{64\} operator=operator/\(ana\|ben\) outcome=accepted message-id=')" 6 \
	'each is recorded, with its outcome'
is "$(events rehearsing | wc -l)" 6 '... and was before it went out'
fw verify >/dev/null
is $? 0 'the ledger is sound'
is "$(digest ADV-1)" "$before" 'the plan is what it was'
has "$(fw preview ADV-1 2>/dev/null)" '4 NEW or CHANGED' 'all is still new to the contacts'
out=$(fw rehearse ADV-1 --to operator/ben --to operator/ben 2>&1)
has "$out" '3 of 3 mails' 'to one of them, once'
is "$(recipients)" '3 ana@psirt.example 6 ben@psirt.example' '... and no other'

# --- trouble ----------------------------------------------------------------------------
relay_does 'RCPT match ana@psirt.example reply 550 5.1.1 no such mailbox'
out=$(fw rehearse ADV-1 2>&1)
is $? 1 'an operator whom the relay refuses is left out'
has "$out" 'forewarn: rehearsal for operator/ana: refused: 550 5.1.1 no such mailbox' '... which is said'
has "$out" '3 of 6 mails' '... and the other one has it all'
relay_does
make_key late@psirt.example
cp "$D/partners.ini" "$T/partners.ini"
printf '[operator/late]\nmail = late@psirt.example\nkey = %s\n' "$(fingerprint '<late@psirt.example>')" >>"$D/partners.ini"
out=$(fw rehearse ADV-1 --to operator/late 2>&1)
is $? 1 'an operator without a key here is left out'
has "$out" 'rehearsal for operator/late: blocked: ' '... which is said'
out=$(fw check 2>&1)
is $? 1 'check finds it'
has "$out" "operator 'operator/late' is blocked: " '... and names the operator'
has "$out" 'operators: 3 (1 blocked)' '... apart from contacts'
has "$(fw keys list 2>/dev/null | grep operator/ana)" "$(fingerprint '<ana@psirt.example>')" 'keys list has operators'
has "$(fw keys import "$D/keys/ana@psirt.example.asc")" 'is the key of operator/ana' 'keys import knows them'
cp "$T/partners.ini" "$D/partners.ini"

# --- hostile sections -------------------------------------------------------------------
refused() { # refused LINES MESSAGE NAME
	printf '%b' "$1" >>"$D/partners.ini"
	out=$(fw rehearse ADV-1 2>&1)
	is $? 2 "$3"
	has "$out" "partners.ini:$(($(wc -l <"$T/partners.ini") + 1)): $2" '... is refused at its line'
	cp "$T/partners.ini" "$D/partners.ini"
}
count_before=$(mail_count)
key=0123456789ABCDEF0123456789ABCDEF01234567
refused "[operator/eve]\nmail = SOC@acme.example\nkey = $key\n" \
	"operator 'operator/eve': its address is that of contact 'acme/c1'" "an operator with a contact's address"
refused "[operator/eve]\nmail = eve@psirt.example\nkey = $(fingerprint '<soc@beta.example>')\n" \
	"operator 'operator/eve': its key is that of contact 'beta/c1'" "an operator with a contact's key"
refused "[operator]\norganisation = O\ncountries = XC\ntier = full\n" \
	"partner 'operator': the name is kept for the programme's own people" 'a partner called operator'
is "$(mail_count)" "$count_before" 'and nothing was sent'

# --- killed, and then the real thing -----------------------------------------------------
ledger_before=$(deliveries)
relay_does "DOT 2 record-then-kill $T/pid"
sh -c 'echo $$ >"$1"; shift; exec "$@"' - "$T/pid" "$FOREWARN" -C "$D" rehearse ADV-1 2>/dev/null
is $? 137 'a rehearsal is killed behind a final dot'
is "$(deliveries)" "$ledger_before" 'no delivery has changed'
is "$(sqlite3 "$D/state/ledger.db" "SELECT count(*) FROM event AS e WHERE kind = 'rehearsing' AND NOT EXISTS
	(SELECT 1 FROM event WHERE kind = 'rehearsed'
	 AND instr(data, substr(e.data, instr(e.data, 'message-id='))))")" 1 \
	'the ledger has one that nobody knows the end of'
relay_does
rehearsals=$(mail_count)
is "$(digest ADV-1)" "$before" 'the plan is what it was'
arm ADV-1 >/dev/null
is $? 0 'what was rehearsed is armed'
fw run
is $? 0 '... and a run sends it'
is "$(states ADV-1)" 'accepted accepted accepted accepted' 'to each'
is "$(($(mail_count) - rehearsals))" 4 '... once'
is "$(mails | tail -4 | xargs sed -n 's/^To: //p' | tr -d '\r' | sort | paste -sd' ')" \
	'lab@acme.example soc@acme.example soc@beta.example soc@gamma.example' '... and to nobody else'
opened "$(mail_to soc@beta.example)"
is "$(grep -ci rehears "$T/opened")" 0 'the real one bears no mark'
ledger_before=$(deliveries)
fw rehearse ADV-1 >/dev/null 2>&1
is $? 0 'a rehearsal afterwards'
is "$(deliveries)" "$ledger_before" '... leaves what was sent as it was'
fw run
is $? 0 '... and a run has nothing to do'
fw verify >/dev/null
is $? 0 'the ledger is sound'
finish
