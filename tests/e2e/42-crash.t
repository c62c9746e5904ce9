#!/bin/sh
# Killed wherever it may be: never sent twice, never lost, and the ledger stays whole.
. "$(dirname "$0")/lib.sh"
make_programme
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
cp "$D/state/ledger.db" "$T/armed.db"
cp -p "$D/secret/ledger.mark" "$T/armed.mark"

# The relay has the mail, and we die before we hear of it.
relay_does "DOT 1 record-then-kill $T/pid"
sh -c 'echo $$ >"$0" && exec "$@"' "$T/pid" "$FOREWARN" -C "$D" run >/dev/null 2>&1
is $? 137 'the relay takes the dot and kills us'
is "$(states ADV-1)" 'committed sending' 'the first had passed the gate'
relay_does
out=$(fw run 2>&1)
is $? 1 'the next run is not content'
is "$(states ADV-1)" 'unknown accepted' 'the first is unknown, the other goes'
has "$out" 'acme/c1: unknown: the run before broke off while it was sent; next: look for' \
	'which is said, with the next step'
fw run
is "$(mail_count)" 2 'and no second mail of it ever goes by itself'
is "$(tests/ledger_check.py "$D/state/ledger.db")" '' 'the ledger is whole'

again() { # the programme as it was armed, and a relay that has taken nothing
	rm -rf "$D"/state/ledger.db* "$S"/messages/*
	cp "$T/armed.db" "$D/state/ledger.db"
	cp -p "$T/armed.mark" "$D/secret/ledger.mark" # or it would be an old copy
}

# crash CALL N: killed at the nth such system call, before it is made; then a good run.
crash() {
	strace -qq -o /dev/null -e trace="$1" -e signal=none -e inject="$1:signal=KILL:when=$2" \
		"$FOREWARN" -C "$D" run >/dev/null 2>&1
	killed=$?
	before=$(mail_count)
	fw run >/dev/null 2>&1
	after=$?
}

# The relay's own record against the ledger's word.
settled() {
	states=$(states ADV-1)
	copies=$(cat $(mails) /dev/null | sed -n 's/^To: soc@\(.*\).example.*/\1/p' | sort | paste -sd' ')
	case "$after $states: $copies" in
	'0 accepted accepted: acme beta') ;;
	'1 unknown accepted: acme beta' | '1 unknown accepted: beta') ;;
	'1 accepted unknown: acme beta' | '1 accepted unknown: acme') ;;
	*) echo "exit $after: $states, the relay has: $copies" ;;
	esac
	tests/ledger_check.py "$D/state/ledger.db"
}

# A whole run, to know where its gate is: the first sync behind the first word to the relay.
again
strace -qq -e trace=fdatasync,pwrite64,sendto -o "$T/calls" "$FOREWARN" -C "$D" run
is "$? $(states ADV-1)" '0 accepted accepted' 'a run under strace is as any other'
gate=$(awk '/^fdatasync/ { n++; if (said) { print n; exit } } /^sendto/ { said = 1 }' "$T/calls")
again
crash fdatasync "$gate"
is "$killed $before $after $(mail_count) $(settled)" '137 0 0 2 ' \
	'killed at the sync of the gate: no dot went out, and both are sent later, once'
again
crash fdatasync $((gate - 1))
is "$killed $before $after $(mail_count) $(settled)" '137 0 0 2 ' \
	'killed at the sync of the claim: both are sent later, once'
again
crash fdatasync $((gate + 1))
is "$killed $before $after $(mail_count) $(settled)" '137 1 0 2 ' \
	'killed when the acceptance was recorded: it is not sent again'

sweep() { # sweep CALL FIRST STEP
	faults=
	for n in $(seq "$2" "$3" "$(grep -c "^$1" "$T/calls")"); do
		again
		crash "$1" "$n"
		faults="$faults$(settled | sed "s/^/$1 $n: /")"
	done
	is "$faults" '' "killed at each ${3}th $1, from the ${2}th on"
}
sweep fdatasync 3 7
sweep pwrite64 4 19
sweep sendto 3 7
finish
