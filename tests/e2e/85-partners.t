#!/bin/sh
# partners: suspended, restored and removed, for lines armed before and in the middle of a wave.
. "$(dirname "$0")/lib.sh"
make_programme
one_connection
patience 2m
add_partner acme entry XC soc@acme.example cert@acme.example
add_partner beta entry XC soc@beta.example ir@beta.example
add_partner gamma entry XE soc@gamma.example
sed -i 's/^\[gamma\]$/&\nreview_by = 2031-05-04/' "$D/partners.ini"
printf '[rule.far]\ncountries = XE\ntier = low\nreason = not there\n' >>"$D/forewarn.ini"
sed -i 's/^rank .*/rank = 2/' "$D/forewarn.ini"
add_tier low 1 guidance 'release - 1d'
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
cp "$D/partners.ini" "$T/partners.ini"

db() { sqlite3 "$D/state/ledger.db" "$1"; }
bars() { db "SELECT group_concat(name || ' ' || word, ', ') FROM bar"; }
verified() { fw verify >/dev/null 2>&1 && tests/ledger_check.py "$D/state/ledger.db"; }

# --- wrong use -------------------------------------------------------------------
out=$(fw partners 2>&1)
is $? 2 'what to do must be said'
has "$out" 'partners: list, due, or suspend' 'and which there are is said'
out=$(fw partners suspend acme 2>&1)
is "$? $(bars)" '2 ' 'a reason is due'
has "$out" '--reason TEXT' 'and asked for'
out=$(fw partners suspend acmee --reason x 2>&1)
is "$? $(bars)" '2 ' 'who is no partner is not suspended'
has "$out" 'did you mean acme?' 'and who may be meant is said'
out=$(fw partners suspend acme/c1 --reason x 2>&1)
is "$? $(bars)" '2 ' 'a contact is no partner'
out=$(fw partners restore acme --reason x 2>&1)
is $? 2 'who is not suspended is not restored'
has "$out" 'there is no bar to lift' 'and it is said'
fw partners suspend acme --reason x -n >/dev/null 2>&1
is "$? $(bars)" '0 ' 'a dry run changes nothing'

# --- between arm and run -----------------------------------------------------------
out=$(fw partners suspend acme --reason 'their mail is read by others' 2>&1)
is $? 0 'a partner is suspended'
has "$out" 'also of a run in flight' 'and it is said what that means'
out=$(fw run 2>&1)
is "$? $(states ADV-1)" '1 blocked blocked accepted accepted planned' 'no contact of it gets what was armed before'
is "$(mail_to soc@acme.example)$(mail_to cert@acme.example)" '' 'as the relay has it'
out=$(fw status ADV-1)
has "$out" 'their mail is read by others' 'status says why'
has "$out" 'forewarn partners restore acme' 'and what ends that'
out=$(fw send ADV-1 --to acme/c1 2>&1)
is "$(mail_to soc@acme.example)" '' 'nor does anything go by hand'
out=$(fw partners list)
is $? 0 'they are listed'
has "$out" 'acme Ltd' 'with their organisation'
has "$out" 'active; suspended in the ledger by' 'with both, what the file says and the ledger'
has "$(echo "$out" | grep ^gamma)" ' low ' 'with the tier that holds'
has "$(echo "$out" | grep ^gamma)" '2031-05-04' 'with their review'
has "$out" 'acme/c1, acme/c2' 'and their contacts'
out=$(fw partners list --json | /usr/bin/python3 -c '
import json, sys
for p in json.load(sys.stdin)["partners"]:
    print(p["partner"], p["tier"], p["file_status"], p.get("ledger_status", "-"))')
is "$out" 'acme entry active suspended
beta entry active -
gamma low active -' 'as JSON, too'
has "$(fw check 2>&1)" "partner 'acme': suspended in the ledger by" 'check tells of it'
has "$(fw preview ADV-1 2>&1)" 'suspended in the ledger by' 'and so does preview'
has "$(fw preview ADV-1 --json)" '"barred"' 'as JSON, too'
fw preview ADV-1 -o "$T/page" >/dev/null 2>&1
has "$(cat "$T/page/index.html")" 'Gets nothing, whatever is planned' 'and on its page'
out=$(fw_at '-2 days' partners restore acme --reason x 2>&1)
is "$? $(bars)" '2 acme suspended' 'no wrong clock lets it go'
fw partners restore acme --reason 'a new server' >/dev/null 2>&1
is "$? $(bars)" '0 ' 'it is restored'
fw run >/dev/null 2>&1
is "$? $(states ADV-1)" '0 accepted accepted accepted accepted planned' 'and gets what was armed'
is "$(mail_count)" 4 'each contact once'

# --- between claim and gate, in mid-wave ---------------------------------------------
make_advisory ADV-2 1
arm ADV-2 >/dev/null 2>&1
relay_forgets
relay_does "DATA 2 wait $T/go"
"$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
run=$!
relay_saw '^[0-9]* C DATA' 2
is $? 0 'a run is at the second message'
fw partners suspend beta --reason 'a leak' >/dev/null 2>&1
is $? 0 'another terminal suspends the next ones'
touch "$T/go"
wait $run
is $? 1 'the run leaves something undone'
is "$(states ADV-2 | cut -d' ' -f1,2)" 'accepted accepted' 'the others go on'
is "$(db "SELECT count(*) FROM delivery WHERE advisory = 'ADV-2' AND partner = 'beta' AND state = 'accepted'")" 0 \
	'nothing more goes to either contact of it'
is "$(mail_count)" 6 'as the relay counts'
relay_does

# --- removed -------------------------------------------------------------------------
fw partners remove beta --reason 'sold to others' >/dev/null 2>&1
is "$? $(bars)" '0 beta removed' 'a suspended one is removed'
is "$(states ADV-2)" 'accepted accepted cancelled cancelled planned' 'what had not gone out to it is cancelled'
is "$(states ADV-1)" 'accepted accepted accepted accepted planned' 'what had gone out has gone out'
out=$(fw partners restore beta --reason x 2>&1)
is "$? $(bars)" '2 beta removed' 'and it is not restored'
has "$out" 'take it out of the partner files' 'it is said what to do'
out=$(fw partners suspend beta --reason x 2>&1)
is "$? $(bars)" '2 beta removed' 'nor made less of'
fw run >/dev/null 2>&1
is "$? $(mail_count)" '0 6' 'the next run has nothing to do'
make_advisory ADV-3 1
arm ADV-3 >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$? $(states ADV-3)" '1 accepted accepted blocked blocked planned' 'armed anew it is blocked, as it is still in the files'
is "$(cmp "$D/partners.ini" "$T/partners.ini" && echo same)" same 'which nobody has rewritten'

# A partner that the files no longer know can be stopped all the same.
sed -i '/^\[acme/,/^\[beta\]/{/^\[beta\]/!d}' "$D/partners.ini"
fw partners suspend acme --reason 'gone' >/dev/null 2>&1
is "$? $(bars)" '0 acme suspended, beta removed' 'one that only the ledger knows is suspended'
cp "$T/partners.ini" "$D/partners.ini"
fw partners restore acme --reason 'back' >/dev/null 2>&1

# --- mail = of a vetted partner edited -------------------------------------------------
make_advisory ADV-4 1
arm ADV-4 >/dev/null 2>&1
sed -i 's/soc@acme.example/soc@evil.example/' "$D/partners.ini"
has "$(fw preview ADV-4 2>/dev/null)" 'CHANGED' 'another address is shown as a change'
fw run >/dev/null 2>&1
is "$? $(state ADV-4 acme/c1)" '1 blocked' 'and blocks the line until it is armed again'
is "$(mail_to soc@evil.example)" '' 'nothing goes there'

# --- what ends soon --------------------------------------------------------------------
cp "$T/partners.ini" "$D/partners.ini"
sed -i "s/^\[acme\]$/&\nreview_by = $(date -u -d '-3 days' +%F)\nagreement_until = $(date -u -d '+9 days' +%F)/" "$D/partners.ini"
out=$(fw partners due)
is "$? $(echo "$out" | awk '/^20/ { print $2, $3, $4 }' | paste -sd,)" \
	'1 review acme overdue,agreement acme soon' 'what is overdue and what ends soon is listed in its order'
has "$out" '1 overdue, 1 soon' 'and counted'
out=$(fw partners due --within 2d)
is "$? $(echo "$out" | tail -1)" '1 1 overdue, 0 soon' 'within a span'
out=$(fw partners due --mail 2>&1)
is $? 2 'without an operator nobody gets a mail'
has "$out" '[operator/NAME]' 'and it is said what to add'
make_key ana@psirt.example
printf '\n[operator/ana]\nmail = ana@psirt.example\nkey = %s\n' "$(fingerprint '<ana@psirt.example>')" >>"$D/partners.ini"
fw keys import "$D/keys/ana@psirt.example.asc" >/dev/null 2>&1
before=$(mail_count)
fw hold --all >/dev/null 2>&1
fw partners due --mail >/dev/null 2>&1
is "$? $(mail_count)" "1 $before" 'a hold on all keeps it here'
fw resume --all --reason 'go on' >/dev/null 2>&1
out=$(fw partners due --mail 2>&1)
is "$? $out $(mail_count)" "0  $((before + 1))" 'the operator gets one, and cron has nothing to say'
mail=$(mail_to ana@psirt.example)
is "$(grep -c 'overdue\|agreement' "$mail")" 0 'nothing of it is in clear'
text=$(read_mail "$mail")
has "$text" 'review     acme: overdue' 'it says what is overdue'
has "$text" 'agreement  acme: soon' 'and what ends soon'
has "$(cat "$T/status")" GOODSIG 'it is signed'
mails_now=$(mail_count)
sed -i '/^review_by = 20[^3]/d' "$D/partners.ini"
out=$(fw partners due --within 10d --json)
is "$? $(echo "$out" | grep -o '"whose": *"[a-z]*"' | tr -d ' ')" '0 "whose":"acme"' 'what is only soon is no failure'
fw partners due --mail --within 1d >/dev/null 2>&1
is "$? $(mail_count)" "0 $mails_now" 'when nothing is due, nothing is sent'
make_key late@acme.example 4d
fw keys import "$D/keys/late@acme.example.asc" >/dev/null 2>&1
printf '\n[acme/late]\nmail = late@acme.example\nkey = %s\n' "$(fingerprint '<late@acme.example>')" >>"$D/partners.ini"
has "$(fw partners due | tr -s ' ')" ' key acme/late soon' 'a key that expires is there, too'
out=$(fw partners due --within soon 2>&1)
is $? 2 'a span is one'

# --- overdue = block --------------------------------------------------------------
make_advisory ADV-7 1
sed -i '/^\[acme\/late\]/,$d' "$D/partners.ini"
add_partner delta entry XC soc@delta.example
fw keys import "$D/keys/soc@delta.example.asc" >/dev/null
sed -i "/^\[acme\]/a review_by = 2020-01-01" "$D/partners.ini"
arm ADV-7 >/dev/null 2>&1
sed -i '/^\[programme\]/a overdue = block' "$D/forewarn.ini"
has "$(fw run -n 2>&1)" 'its review was due on 2020-01-01' 'a partner whose review is overdue would get nothing'
fw run >/dev/null 2>&1
is "$? $(db "SELECT DISTINCT state FROM delivery WHERE advisory = 'ADV-7' AND partner = 'acme'")" '1 blocked' 'and gets nothing'
has "$(fw status ADV-7)" 'its review was due on 2020-01-01; set review_by anew' 'status says why'
fw run >/dev/null 2>&1
fw send ADV-7 --to acme/c1 >/dev/null 2>&1
is "$(db "SELECT DISTINCT state FROM delivery WHERE advisory = 'ADV-7' AND partner = 'acme'")" 'blocked' 'nor by another run, nor by hand'
is "$(db "SELECT count(*) FROM delivery WHERE advisory = 'ADV-7' AND partner = 'delta' AND state = 'accepted'")" 1 'others do'
sed -i "s/^review_by = 2020-01-01/review_by = $(date -u -d '+1 year' +%F)/" "$D/partners.ini"
fw run >/dev/null 2>&1
is "$(db "SELECT DISTINCT state FROM delivery WHERE advisory = 'ADV-7' AND partner = 'acme'")" 'accepted' 'a new date, and it goes out as it was armed'
sed -i 's/^overdue = block/overdue = blok/' "$D/forewarn.ini"
has "$(fw check 2>&1)" "overdue: 'blok' is neither warn nor block" 'another word is a mistake'
sed -i '/^overdue/d' "$D/forewarn.ini"

has "$(db "SELECT group_concat(data, '|') FROM event WHERE kind = 'bar partner acme'")" \
	'a new server' 'who decided what and why is in the chain'
is "$(verified)" '' 'the ledger is whole'
finish
