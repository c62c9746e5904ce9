#!/bin/sh
# hold, resume and cancel: from another terminal, in the middle of a wave of 200.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
add_tier late 2 'guidance' 'release - 5d'
sed -i 's/^lasts.*//' "$D/forewarn.ini"
add_contacts acme entry 200
add_partner beta late XC soc@beta.example
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
make_advisory ADV-2 1
arm ADV-2 >/dev/null 2>&1

db() { sqlite3 "$D/state/ledger.db" "$1"; }
count() { db "SELECT count(*) FROM delivery WHERE advisory = '$1' AND state = '$2'"; }

out=$(fw hold ADV-9 2>&1)
is $? 2 'a hold on no advisory is an error'
has "$out" 'ADV-9: there is no such advisory' 'and says so'
out=$(fw hold 2>&1)
is $? 2 'which one must be said'
out=$(fw hold ADV-1 --all 2>&1)
is $? 2 'and but one'
out=$(fw resume ADV-1 --reason 'a mistake' 2>&1)
is $? 2 'what is not held is not resumed'
has "$out" 'there is no bar to lift' 'and says so'
out=$(fw hold ADV-1 -n 2>&1)
is "$? $(db 'SELECT count(*) FROM bar')" '0 0' 'a dry run holds nothing'

# --- in mid-wave -----------------------------------------------------------------
# The relay stops at the fortieth message, so that the hold falls into the wave.
relay_does "DATA 40 wait $T/go"
"$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
run=$!
until [ "$(grep -c '^[0-9]* C DATA' "$S/commands.log" 2>/dev/null)" -ge 40 ]; do sleep 0.05; done
out=$(fw hold ADV-1 --reason 'a leak is suspected' 2>&1)
is $? 0 'held while a run is at work'
has "$out" 'nothing of ADV-1 goes out from here on' 'and it is said'
touch "$T/go"
wait $run
is $? 1 'the run ends with something left undone'
out=$(cat "$T/out")
has "$out" 'ADV-1: held by' 'it says that it is held'
has "$out" 'a leak is suspected' 'and why'
sent=$(count ADV-1 accepted)
ok "$([ "$sent" -ge 30 ] && [ "$sent" -lt 200 ]; echo $?)" "the wave was cut in the middle: $sent of 201 are out"
is "$(count ADV-1 planned)" $((201 - sent)) 'and the rest is planned'
is "$(count ADV-2 accepted)" 201 'the other advisory went on'
is "$(mail_count)" $((201 + sent)) 'as the relay counts'
is "$(db "SELECT count(*) FROM attempt WHERE outcome = 'not sent'" | awk '{ print ($1 < 20) }')" 1 \
	'what waited behind the hold was not even tried'

out=$(fw run 2>&1)
is "$? $(count ADV-1 accepted)" "1 $sent" 'the next run sends nothing of it'
out=$(fw status ADV-1 2>&1)
has "$out" 'held by' 'status says that it is held'
has "$out" 'forewarn resume ADV-1' 'and what ends that'
one=$(db "SELECT contact FROM delivery WHERE advisory = 'ADV-1' AND state = 'planned' LIMIT 1")
out=$(fw send ADV-1 --to "$one" 2>&1)
is "$(count ADV-1 accepted)" "$sent" 'by hand nothing goes either'
has "$out" 'held by' 'and it is said why'

out=$(fw resume ADV-1 2>&1)
is $? 2 'to resume takes a reason'
out=$(fw resume ADV-1 --reason 'no leak after all' 2>&1)
is $? 0 'resumed'
fw run >/dev/null 2>&1
is "$? $(count ADV-1 accepted)" '0 201' 'and what is left goes out'
is "$(mail_count)" 402 'each once'
is "$(fw verify >/dev/null 2>&1; echo $?)" 0 'the ledger agrees with its events'

# --- all, and cancel -------------------------------------------------------------
make_advisory ADV-3 1
make_advisory ADV-4 1
arm ADV-3 >/dev/null 2>&1
arm ADV-4 >/dev/null 2>&1
fw hold --all >/dev/null 2>&1
is $? 0 'all is held at once, the reason may wait'
fw run >/dev/null 2>&1
is "$? $(count ADV-3 accepted) $(count ADV-4 accepted)" '1 0 0' 'nothing of any advisory goes'
out=$(fw_at '-2 days' hold ADV-4 2>&1)
is $? 0 'no clock keeps a person from shutting a gate'
out=$(fw_at '-2 days' resume --all --reason x 2>&1)
is $? 2 'but to open it the clock must be right'
out=$(fw cancel ADV-3 --wave late --reason 'sent too early' 2>&1)
is "$? $(count ADV-3 cancelled)" '0 1' 'one wave is cancelled'
fw cancel ADV-3 --reason 'not yet' >/dev/null 2>&1
is "$? $(count ADV-3 cancelled)" '0 201' 'and then the rest'
fw resume --all --reason 'go on' >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$? $(count ADV-3 accepted) $(count ADV-4 accepted)" '1 0 0' 'cancelled stays cancelled, ADV-4 has a hold of its own'
fw resume ADV-4 --reason 'go on' >/dev/null 2>&1
arm ADV-3 >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$? $(count ADV-3 accepted) $(count ADV-4 accepted)" '0 201 201' 'armed again it goes'
has "$(db "SELECT group_concat(data, '|') FROM event WHERE kind LIKE 'bar %'")" \
	'a leak is suspected' 'who held what and why is in the chain'
# --- a wave that closes while it is held ---------------------------------------------
make_advisory ADV-6 1
arm ADV-6 >/dev/null 2>&1
fw hold ADV-6 --reason 'not sure' >/dev/null 2>&1
fw_at '+60h' run >/dev/null 2>&1
is "$? $(count ADV-6 expired)" '1 201' 'what closes while it is held is expired'
fw_at '+60h' resume ADV-6 --reason 'sure now' >/dev/null 2>&1
fw_at '+60h' run >/dev/null 2>&1
is "$? $(count ADV-6 expired)" '1 201' 'and waits for a person when it is resumed'
fw_at '+60h' retry ADV-6 beta/c1 --reason 'late is better' >/dev/null 2>&1
fw_at '+60h' run >/dev/null 2>&1
is "$(count ADV-6 accepted) $(count ADV-6 expired)" '1 200' 'who decides line by line'

is "$(tests/ledger_check.py "$D/state/ledger.db")" '' 'the ledger is whole'
finish
