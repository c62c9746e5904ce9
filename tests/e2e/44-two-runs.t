#!/bin/sh
# One run at a time, and a clock that goes on.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1

relay_does "DATA 1 wait $T/go"
"$FOREWARN" -C "$D" run >"$T/first" 2>&1 &
first=$!
relay_saw 'C DATA'

out=$(timeout 60 "$FOREWARN" -C "$D" run 2>&1)
is "$?:$out" 75: 'a second run ends at once, silently'
for command in check 'preview ADV-1' 'status ADV-1' 'keys list' 'run -n'; do
	timeout 60 "$FOREWARN" -C "$D" $command >/dev/null 2>&1
	code=$?
	[ $code -lt 2 ]
	ok $? "while a run is at work one may $command (exit $code)"
done
make_advisory ADV-2 1
arm ADV-2 >/dev/null 2>&1
is "$? $(states ADV-2)" '0 planned planned' 'and arm another advisory'
fw settle ADV-1 beta/c1 give-up --reason 'left today' >/dev/null
is "$?" 0 'and give up what has not gone yet'
fw settle ADV-1 acme/c1 give-up --reason 'stop it' >/dev/null
is "$?" 0 'even what is in flight'

"$FOREWARN" -C "$D" send ADV-2 --to acme/c1 >"$T/send" 2>&1 &
second=$!
touch "$T/go"
wait $first
is "$? $(cat "$T/first" | grep -c ledger) $(states ADV-1)" '1 0 given up given up' 'what was given up in flight is not sent'
is "$(grep -c '^1 C \.$' "$S/commands.log")" 0 'no final dot went out'
wait $second
is "$? $(cat "$T/send")" '0 ADV-2 acme/c1: accepted: 250 2.0.0 taken' 'send waits for the run, then sends'
is "$(states ADV-2) $(mail_count)" 'accepted planned 1' 'what was asked for'
out=$(fw send ADV-2 --to acme/c1 2>&1)
is $? 2 'not twice'
has "$out" 'is accepted: never sent twice' 'and says so'

# The clock.
out=$(fw_at -1h run 2>&1)
is "$? $(states ADV-2)" '75 accepted planned' 'nothing is sent by a clock that was set back'
has "$out" 'before what the ledger has seen' 'which is said'
has "$out" 'set the clock' 'with the next step'
out=$(fw_at -1h send ADV-2 --to beta/c1 2>&1)
is "$? $(states ADV-2)" '75 accepted planned' 'nor by hand'
out=$(fw_at -1h arm ADV-2 --digest 00 2>&1)
is $? 2 'nor armed'
fw_at -1h status >/dev/null
[ $? -lt 2 ]
ok $? 'status may be read'
fw run
is "$? $(states ADV-2) $(mail_count)" '0 accepted accepted 2' 'when the clock is right again, all goes on'

# Two at the same instant.
make_advisory ADV-3 1
arm ADV-3 >/dev/null 2>&1
for _ in 1 2 3 4; do
	"$FOREWARN" -C "$D" run >/dev/null 2>&1 &
	runs="${runs:-} $!"
done
wait $runs
fw run
is "$? $(states ADV-3) $(mail_count)" '0 accepted accepted 4' 'four runs at one instant send each mail once'
is "$(tests/ledger_check.py "$D/state/ledger.db")" '' 'and the ledger is whole'
finish
