#!/bin/sh
# Eight connections at once: how many there are, what a sick relay costs, and the stop
# button in mid-wave. What went out is told by the relay's own record.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
add_contacts acme entry 40
set_up_keys
start_relay

# begin ADVISORY [FAULT...]: a run in the background, of forty messages that are due.
begin() {
	advisory=$1
	shift
	rm -f "$S"/messages/* "$T/go" "$D/state/HOLD"
	make_advisory "$advisory" 1
	arm "$advisory" >/dev/null 2>&1
	relay_forgets
	relay_does "$@"
	"$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
	run=$!
}
from_2_to() { # from_2_to LAST VERB ACTION: for each of those times
	seq 2 "$1" | sed "s:.*:$2 & $3:"
}
ends() { # what the relay waits for is there now
	touch "$T/go"
	wait $run
	code=$?
	stand "$advisory"
}
stand() { # how many of the advisory are in which state
	stand=$(sqlite3 "$D/state/ledger.db" "SELECT count(*) || ' ' || state FROM delivery
		WHERE advisory = '$1' GROUP BY state ORDER BY state" | paste -sd,)
}
seen() { grep -c "$1" "$S/commands.log"; }
# The most connections that were open at one time, and before the first acceptance.
most() {
	awk '$2 == "+" { n++ } $2 == "-" { n-- } n > most { most = n }
		/ S 250 2.0.0 taken/ && !first { first = most } END { print most + 0, first + 0 }' "$S/commands.log"
}
# The rest goes in the next run: each contact has one mail, and nobody two.
mended() { # mended NAME
	relay_does
	rm -f "$D/state/HOLD"
	fw run >/dev/null 2>&1
	stand "$advisory"
	is "$stand, $(mail_count) mails to $(grep -h '^To: ' $(mails) | sort -u | wc -l)" \
		'40 accepted, 40 mails to 40' "$1"
	is "$(tests/ledger_check.py "$D/state/ledger.db")" '' '... and the ledger is whole'
}

# --- a relay in good health ------------------------------------------------------
begin ADV-10 "$(from_2_to 9 DOT "wait $T/go")"
relay_saw ' C \.$' 9
ok $? 'eight messages are out to the dot at one time'
ends
is "$code $stand" '0 40 accepted' 'all are sent'
is "$(most)" '8 1' 'on eight connections at most, and one until the relay has accepted a message'
is "$(seen ' +$') $(seen ' C EHLO') $(seen ' C MAIL')" '8 16 40' 'which are kept: a greeting before TLS and in it, for each'
is "$(mail_count) $(grep -h '^To: ' $(mails) | sort -u | wc -l)" '40 40' 'each contact has one mail'

sed -i '/^url /i connections = 3' "$D/forewarn.ini"
begin ADV-11 "$(from_2_to 4 DOT "wait $T/go")"
relay_saw ' C \.$' 4
ends
is "$code $stand: $(most)" '0 40 accepted: 3 1' 'connections = 3: three'
sed -i 's/^connections .*/connections = 8/' "$D/forewarn.ini"

# --- a sick one ------------------------------------------------------------------
begin ADV-20 'DATA * close'
ends
is "$code $stand" '75 40 planned' 'it hangs up on the first: the run ends'
is "$(seen ' C MAIL') $(most)" '2 1 0' '... after two messages, one after the other'
mended 'and none is lost'

begin ADV-21 "$(from_2_to 40 DATA close)"
ends
is "$code $stand" '75 1 accepted,39 planned' 'it hangs up on all behind the first: the run ends'
# The accepted one, eight, the one of them whose kept connection is opened anew, and one that
# begins between two that fail.
mail=$(seen ' C MAIL')
ok $((mail > 11)) "... after those that are under way: $mail"
mended 'and none is lost'

begin ADV-22 "$(from_2_to 40 DOT record-then-close)"
ends
unknown=$(states ADV-22 | grep -o unknown | wc -l)
is "$code $stand" "75 1 accepted,$((39 - unknown)) planned,$unknown unknown" \
	'it takes what is behind the first and says nothing: the run ends'
ok $((unknown < 2 || unknown > 9)) "... and no more are unknown: $unknown"
relay_does
fw run >/dev/null 2>&1
is $? 1 'what is unknown is not sent again'
stand ADV-22
is "$stand, $(mail_count) mails to $(grep -h '^To: ' $(mails) | sort -u | wc -l)" \
	"$((40 - unknown)) accepted,$unknown unknown, 40 mails to 40" '... but the others are, once'

# --- the stop button -------------------------------------------------------------
hold() { touch "$D/state/HOLD"; }
term() { kill -TERM $run; }
n=30
for how in hold term; do
	begin ADV-$n "$(from_2_to 9 DATA "wait $T/go")"
	relay_saw ' C DATA$' 9
	$how
	ends
	is "$code $stand, $(seen ' C \.$') dots" '1 1 accepted,39 planned, 1 dots' \
		"$how before eight dots: none of them goes out, and all are what they were"
	mended 'the next run sends the rest'
	begin ADV-$((n + 1)) "$(from_2_to 9 DOT "wait $T/go")"
	relay_saw ' C \.$' 9
	$how
	ends
	is "$code $stand, $(seen ' C \.$') dots" '1 9 accepted,31 planned, 9 dots' \
		"$how behind eight dots: these are heard out and recorded, and no more go out"
	mended 'the next run sends the rest'
	n=$((n + 2))
done
finish
