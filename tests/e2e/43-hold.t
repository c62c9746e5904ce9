#!/bin/sh
# The stop button: a file, or a signal. It works to the last moment before the final dot.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1

begin() { # a run in the background; returns when the relay has seen the command
	relay_forgets
	"$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
	run=$!
	relay_saw "C $1"
}
goes_on() { # what the relay waits for is there now; the run's exit code
	touch "$T/go"
	wait $run
	code=$?
	rm "$T/go"
	out=$(cat "$T/out")
}
dots() { grep -c '^[0-9]* C \.$' "$S/commands.log"; }

touch "$D/state/HOLD"
out=$(fw run 2>&1)
is "$? $(states ADV-1)" '1 planned planned' 'held at the start: nothing goes'
has "$out" 'held: state/HOLD is there; remove it to go on' 'and it is said why'
is "$(ls "$S"/wire.* 2>/dev/null)" '' 'the relay was not even spoken to'
out=$(fw send ADV-1 --to acme/c1 2>&1)
is "$? $(states ADV-1)" '1 planned planned' 'by hand nothing goes either'
rm "$D/state/HOLD"
ln -s nowhere "$D/state/HOLD"
fw run >/dev/null 2>&1
is "$? $(states ADV-1)" '1 planned planned' 'a link to nowhere holds as well'
rm "$D/state/HOLD"

relay_does "DATA 1 wait $T/go"
begin DATA
touch "$D/state/HOLD"
goes_on
is "$code $(dots) $(states ADV-1)" '1 0 planned planned' 'held in flight: no final dot goes out'
has "$out" 'held: state/HOLD is there' 'and it is said why'
is "$(mail_count)" 0 'the relay threw the message away'
rm "$D/state/HOLD"

for signal in TERM INT HUP; do
	relay_does "DATA 1 wait $T/go"
	begin DATA
	kill -$signal $run
	goes_on
	is "$code $(dots) $(states ADV-1)" '1 0 planned planned' "SIG$signal before the gate: no final dot"
	has "$out" 'stopped by a signal' 'and it is said why'
done

relay_does "DOT 1 wait $T/go"
begin '\.$'
kill -TERM $run
kill -TERM $run
goes_on
is "$code $(dots) $(states ADV-1)" '1 1 accepted planned' \
	'SIGTERM after the gate: the answer is waited for and recorded, then it ends'

relay_does "DOT 1 wait $T/go"
begin '\.$'
touch "$D/state/HOLD"
goes_on
is "$code $(dots) $(states ADV-1)" '0 1 accepted accepted' 'HOLD behind the gate comes too late for that one'
fw run
is $? 0 'nothing is due, so HOLD is no trouble'
is "$(mail_count)" 2 'each has one mail'

# A whole hour is not waited for, be it in the queue or at its head.
rm "$D/state/HOLD"
sed -i '/^url /i rate = 1/h' "$D/forewarn.ini"
make_advisory ADV-2 1
arm ADV-2 >/dev/null 2>&1
relay_forgets
timeout 20 "$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
run=$!
relay_saw 'S 250 2.0.0 taken'
touch "$D/state/HOLD"
wait $run
is "$? $(states ADV-2)" '1 accepted planned' 'held while a message waits for its turn: the run ends'
rm "$D/state/HOLD"
finish
