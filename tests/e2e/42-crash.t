#!/bin/sh
# Broken off wherever it may be: never sent twice, never lost, and the ledger stays whole.
# All places and all ways are tests/long/; here are those with a name, and each seventh.
. "$(dirname "$0")/lib.sh"
. tests/e2e/crash.sh
make_crash_programme tls

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

learn
# The gate is the first sync behind the first word to the relay.
gate=$(awk '$1 == "fdatasync" && said { print $2; exit } $1 == "sendto" { said = 1 }' "$T/points")
behind() { # behind CALL N CALL: which one of the latter is the first behind it
	awk -v call="$1" -v n="$2" -v then="$3" '
		found && $1 == then { print $2; exit } $1 == call && $2 == n { found = 1 }' "$T/points"
}
at() { # at FAULT CALL N WANTED NAME: copies before, and how a good run then ends
	crash "$1" "$2" "$3"
	is "$before, $mended" "$4" "$5"
}
at KILL fdatasync $((gate - 1)) ", $all_is_well" 'at the sync of the claim: both are sent later, once'
at KILL fdatasync "$gate" ", $all_is_well" 'at the sync of the gate: no dot went out, and both are sent later'
at KILL pwrite64 "$(behind fdatasync "$gate" pwrite64)" ", $all_is_well" \
	'before the mark is written: no dot went out, and both are sent later'
dot=$(behind fdatasync "$gate" sendto)
at KILL sendto "$dot" ', 1 unknown accepted: beta' 'before the dot: nobody can know, a person decides'
at SEGV sendto "$dot" 'acme, 1 unknown accepted: acme beta' 'behind the dot: likewise, and it is not sent again'
at KILL fdatasync $((gate + 2)) "acme, $all_is_well" 'when the answer was recorded: it is not sent again'

sweep 7 KILL ENOSPC EIO+ KILL ENOSPC+ EIO SEGV
finish
