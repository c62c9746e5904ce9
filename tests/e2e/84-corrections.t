#!/bin/sh
# Another revision is an update to those who had one: in the thread of their own mail, saying
# what is new to them; a withdrawal goes to them alone.
. "$(dirname "$0")/lib.sh"
make_programme
sed -i 's/^admits .*/admits   = guidance, detection/; s/^rank .*/rank = 2/' "$D/forewarn.ini"
add_tier low 1 'guidance' 'release + 1d'
add_tier full 3 'guidance, detection, proof-of-concept' 'release - 5d'
sed -i 's/^\[tier\..*/&\nupdate = update/' "$D/forewarn.ini"
cat >"$D/templates/update.mustache" <<'EOF'
Subject: {{title}} (update)

Since revision {{update.since}}.
{{#update.added}}NEW {{.}}
{{/update.added}}
{{#update.changed}}CHANGED {{.}}
{{/update.changed}}
{{#update.removed}}GONE {{.}}
{{/update.removed}}
{{text.summary}}
EOF
cat >"$D/templates/withdrawal.mustache" <<'EOF'
Subject: withdrawn: {{title}}

{{text.reason}}
EOF
N=$D/advisories/ADV-1/1
echo 'rule gateway { condition: false }' >"$N/gateway.yar"
echo 'send(300)' >"$N/poc.py"
printf '\n[detection]\nattach.rules = gateway.yar\n[proof-of-concept]\nattach.trigger = poc.py\n' >>"$N/advisory.ini"
add_partner acme full XA soc@acme.example
add_partner beta entry XB soc@beta.example
add_partner corp entry XC soc@corp.example
add_partner dune low XD soc@dune.example
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
relay_does 'RCPT match soc@corp.example reply 550 5.1.1 nobody'
fw run >/dev/null 2>&1
relay_does ''
had() { sqlite3 "$D/state/ledger.db" "SELECT group_concat(contact || ' ' || state, ', ') FROM (SELECT * FROM delivery WHERE advisory = 'ADV-1' AND revision = $1 ORDER BY contact)"; }
is "$(had 1)" 'acme/c1 accepted, beta/c1 accepted, corp/c1 refused, dune/c1 planned' 'two have had revision 1'
first() { grep -l "^To: soc@$1.example" $(mails) | head -1; }
last() { grep -l "^To: soc@$1.example" $(mails) | tail -1; }
id_of() { sed -n 's/^Message-ID: *\(<.*>\)\r$/\1/p' "$1"; }

# Between the two acme is lowered to the entry tier by a rule, and corp's mailbox is there again.
printf '\n[rule.reporting]\ncountries = XA\ntier = entry\nreason = must report\n' >>"$D/forewarn.ini"
cp -R "$N" "$D/advisories/ADV-1/2"
echo 'rule gateway2 { condition: true }' >"$D/advisories/ADV-1/2/gateway.yar"
echo 'Update to 4.3.' >"$D/advisories/ADV-1/2/notes.txt"
sed -i '/^attach.rules/a text.notes = notes.txt' "$D/advisories/ADV-1/2/advisory.ini"
plan=$(fw plan ADV-1)
has "$(echo "$plan" | grep acme)" ' answers=1' 'the line of who had it says what it answers'
hasnt "$(echo "$plan" | grep corp)" 'answers' 'and of who had nothing it does not'
arm ADV-1 >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$(had 2)" 'acme/c1 accepted, beta/c1 accepted, corp/c1 accepted, dune/c1 planned' 'revision 2 goes to them and to who is due'
is "$(had 1)" 'acme/c1 accepted, beta/c1 accepted, corp/c1 superseded, dune/c1 superseded' 'the rest of 1 is superseded'
for who in acme beta; do
	mail=$(last $who)
	is "$(sed -n 's/^In-Reply-To: *\(<.*>\)\r$/\1/p' "$mail")" "$(id_of "$(first $who)")" "$who: in the thread of its own mail"
done
hasnt "$(cat "$(last corp)")" 'In-Reply-To' 'corp: a first mail, and no answer'
text=$(open_mail "$(last beta)")
has "$text" 'Since revision 1.' 'beta: an update'
has "$text" 'NEW text.notes' 'what is new to it'
has "$text" 'CHANGED attach.rules' 'and what has changed'
hasnt "$text" 'GONE' 'nothing is gone for it'
hasnt "$text" 'trigger' 'and of what it may not have it hears nothing'
text=$(open_mail "$(last acme)")
has "$text" 'GONE attach.trigger' 'acme: what its lower tier no longer has is named as gone'
hasnt "$text" 'send(300)' 'and is not there'
text=$(open_mail "$(last corp)")
hasnt "$text" '(update)' 'corp: a notice like any other'
fw run >/dev/null 2>&1
is "$? $(mail_count)" '0 5' 'the plan is still the one that was armed'

# --- a doubt, and a withdrawal ---------------------------------------------------
mkdir "$D/advisories/ADV-1/3"
sed '/^\[guidance/,$d; s/^tlp.*/&\nkind = withdrawal/' "$N/advisory.ini" >"$D/advisories/ADV-1/3/advisory.ini"
printf '[guidance]\ntitle = Remote code execution in the gateway\ntext.reason = reason.txt\n' >>"$D/advisories/ADV-1/3/advisory.ini"
echo 'It was another bug.' >"$D/advisories/ADV-1/3/reason.txt"
out=$(fw preview ADV-1 2>&1)
has "$out" 'dune/c1: it has had nothing that is withdrawn' 'who has had nothing is not told'
arm ADV-1 >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$? $(had 3)" '0 acme/c1 accepted, beta/c1 accepted, corp/c1 accepted' 'the withdrawal goes to those who had it'
has "$(open_mail "$(last corp)")" 'It was another bug.' 'and says why'
is "$(sed -n 's/^In-Reply-To: *\(<.*>\)\r$/\1/p' "$(last corp)")" "$(id_of "$(first corp)")" 'in the thread of its mail'
is "$(fw verify >/dev/null 2>&1; echo $?)" 0 'the ledger agrees'

# --- public ----------------------------------------------------------------------
make_advisory ADV-2 1
cp "$N/poc.py" "$D/advisories/ADV-2/1/"
printf '[proof-of-concept]\nattach.trigger = poc.py\n' >>"$D/advisories/ADV-2/1/advisory.ini"
sed -i "s/^release.*/release = $(from_now '-1 minute')/; s/^tlp.*/&\nkind = public/" "$D/advisories/ADV-2/1/advisory.ini"
out=$(fw preview ADV-2 2>&1)
has "$out" '1 editions' 'public: one edition'
arm ADV-2 >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$? $(sqlite3 "$D/state/ledger.db" "SELECT count(*) || ' ' || group_concat(DISTINCT tier) FROM delivery WHERE advisory = 'ADV-2' AND state = 'accepted'")" \
	'0 4 low' 'for everyone, at its release, as the lowest tier has it'
hasnt "$(open_mail "$(last beta)")" 'poc.py' 'and no more than that'
out=$(sed -i 's/^kind = public/kind = publik/' "$D/advisories/ADV-2/1/advisory.ini"; fw check 2>&1)
has "$out" "kind: 'publik' is none of notice, withdrawal, public" 'another kind is a mistake'
finish
