#!/bin/sh
# public and withdraw: a revision that is made, shown and armed in one step.
. "$(dirname "$0")/lib.sh"
make_programme
sed -i 's/^admits .*/admits   = guidance/' "$D/forewarn.ini"
add_tier full 2 'guidance, proof-of-concept' 'release - 5d'
cat >"$D/templates/withdrawal.mustache" <<'EOF'
Subject: withdrawn: {{title}}

{{text.reason}}
EOF
N=$D/advisories/ADV-1/1
echo 'send(300)' >"$N/poc.py"
printf '\n# what shows it\n[proof-of-concept]\nattach.trigger = poc.py\n' >>"$N/advisory.ini"
sed -i "s/^release.*/release = $(from_now '+90 days')/" "$N/advisory.ini"
make_advisory ADV-2 1
add_partner acme full XA soc@acme.example
add_partner beta entry XB soc@beta.example
set_up_keys
start_relay
states_now() { sqlite3 "$D/state/ledger.db" "SELECT group_concat(contact || ' ' || tier || ' ' || state, ', ') FROM (SELECT * FROM delivery WHERE advisory = '$1' AND revision = $2 ORDER BY contact)"; }
last() { grep -l "^To: soc@$1.example" $(mails) | tail -1; }
digest() { fw preview "$1" | sed -n 's/^plan digest: //p'; }

# --- it is out -------------------------------------------------------------------
arm ADV-1 >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$? $(mail_count)" '0 0' 'three months early nothing is due'
out=$(fw public ADV-1 2>&1)
is "$? $(states_now ADV-1 2)" '2 ' 'without a terminal or a digest it is made, and not armed'
has "$out" 'advisories/ADV-1/2 tells everyone' 'it says what it made'
has "$out" '2 contacts, 1 editions' 'and shows the plan'
is "$(cat "$D/advisories/ADV-1/2/poc.py")" 'send(300)' 'it is a copy'
has "$(cat "$D/advisories/ADV-1/2/advisory.ini")" '# what shows it' 'comments and all'
is "$(grep -c '^release\|^kind' "$D/advisories/ADV-1/2/advisory.ini")" 2 'with one release and one kind'
out=$(fw public ADV-1 --digest "$(digest ADV-1)" 2>&1)
is "$? $(states_now ADV-1 2)" '0 acme/c1 entry planned, beta/c1 entry planned' 'again, with what was shown: it is armed'
is "$(ls "$D/advisories/ADV-1")" '1
2' 'and no third revision was made'
fw run >/dev/null 2>&1
is "$? $(mail_count)" '0 2' 'and goes out at once'
hasnt "$(open_mail "$(last acme)")" 'poc.py' 'as the lowest tier has it'
is "$(states_now ADV-1 1)" 'acme/c1 full superseded, beta/c1 entry superseded' 'what it was to be is superseded'

# --- taken back ------------------------------------------------------------------
arm ADV-2 >/dev/null 2>&1
relay_does 'RCPT match soc@beta.example reply 550 5.1.1 nobody'
fw run >/dev/null 2>&1
relay_does ''
out=$(fw withdraw ADV-2 2>&1)
is $? 2 'to withdraw takes a reason'
fw withdraw ADV-2 --reason 'It was another bug.' >/dev/null 2>&1
out=$(fw withdraw ADV-2 --reason 'It was another bug.' --digest "$(digest ADV-2)" 2>&1)
is "$? $(states_now ADV-2 2)" '0 acme/c1 full planned' 'it goes to those who had it'
fw run >/dev/null 2>&1
has "$(open_mail "$(last acme)")" 'It was another bug.' 'with the reason'
hasnt "$(open_mail "$(last acme)")" 'Update to 4.2' 'and nothing else of it'
has "$(cat "$(last acme)")" 'In-Reply-To:' 'in the thread of their mail'
is "$(fw verify >/dev/null 2>&1; echo $?)" 0 'the ledger agrees'

sed -i '/^title/d' "$D/advisories/ADV-1/2/advisory.ini"
cp -R "$D/advisories/ADV-1/2" "$D/advisories/ADV-1/3"
out=$(fw withdraw ADV-1 --reason x 2>&1)
is "$? $(ls "$D/advisories/ADV-1" | tail -1)" '2 3' 'without a title nothing is made'
has "$out" 'has no title to name' 'and it is said'
out=$(fw public ../x 2>&1)
is $? 2 'a path is no advisory'

# --- under the same approvals ----------------------------------------------------
make_key bob@psirt.example
fw keys import "$D/keys/bob@psirt.example.asc" >/dev/null
make_key carol@psirt.example
fw keys import "$D/keys/carol@psirt.example.asc" >/dev/null
sed -i '/^\[openpgp\]/i approvals = 2\n' "$D/forewarn.ini"
for name in bob carol; do
	printf '\n[approver/%s]\nkey = %s\n' $name "$(fingerprint "<$name@psirt.example>")" >>"$D/forewarn.ini"
done
make_advisory ADV-5 1
fw public ADV-5 >/dev/null 2>&1
has "$(fw public ADV-5 --digest "$(digest ADV-5)" --json)" '"armed":false' 'programs are told so'
out=$(fw public ADV-5 --digest "$(digest ADV-5)" 2>&1)
has "$out" '0 of 2 have agreed, nothing goes out yet' 'it asks for as many as any plan does'
is "$(states_now ADV-5 2)" '' 'and nothing is armed'
finish
