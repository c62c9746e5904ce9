#!/bin/sh
# What a relay says of one mailbox is that contact's own trouble: 4xx, 5xx, too large.
. "$(dirname "$0")/lib.sh"
# The clock only goes forward in here.
run_at() { fw_at "$1" run; }
arm_at() {
	fw_at "$1" arm "$2" --digest "$(fw_at "$1" preview "$2" 2>/dev/null |
		sed -n 's/^plan digest: //p')" >/dev/null
}
tries() { grep -c "C RCPT TO:<$1>" "$S/commands.log"; }

make_programme
patience 2m
for name in acme beta delta eps gamma; do
	add_partner $name entry XC soc@$name.example
done
set_up_keys
start_relay

relay_does \
	'RCPT match soc@beta.example 1 reply 450-4.2.1 the mailbox\n450 4.2.1 is busy' \
	'RCPT match soc@beta.example 2 reply 452 4.2.2 the mailbox is full' \
	'DOT match soc@gamma.example 1 reply 451 4.3.0 try later' \
	'RCPT match soc@delta.example 1 reply 550 5.1.1 no such user' \
	'DOT match soc@eps.example 1 reply 554 5.7.1 not today'
arm ADV-1 >/dev/null
out=$(fw run 2>&1)
is $? 1 'a run with refusals is not content'
is "$(states ADV-1)" 'accepted deferred refused refused deferred' \
	'4xx waits, 5xx is refused, the other has it'
has "$out" 'beta/c1: deferred: 450-4.2.1 the mailbox 4.2.1 is busy; next: again after' \
	'a reply of two lines is said whole, with the next step'
has "$out" 'delta/c1: refused: 550 5.1.1 no such user; next: forewarn retry ADV-1 delta/c1' \
	'a refusal names the way out'
is "$(mail_count)" 1 'a message refused at its dot was not taken'

relay_forgets
out=$(fw run 2>&1)
is $? 1 'the next run is not content'
is "$out" '' 'and says nothing twice'
hasnt "$(cat "$S/commands.log")" RCPT 'nobody is tried before the back-off is over'
run_at +4m 2>/dev/null
hasnt "$(cat "$S/commands.log")" RCPT 'not after four minutes either'

run_at +6m 2>/dev/null
is "$(states ADV-1)" 'accepted deferred refused refused accepted' \
	'after six minutes the deferred are tried, and one is deferred again'
is "$(tries soc@delta.example) $(tries soc@eps.example)" '0 0' 'the refused are not'
run_at +12m 2>/dev/null
is "$(tries soc@beta.example)" 1 'the second wait is twice as long'
run_at +17m 2>/dev/null
is "$(states ADV-1)" 'accepted accepted refused refused accepted' 'then it goes'
run_at +25h 2>/dev/null
is "$(tries soc@delta.example) $(tries soc@eps.example)" '0 0' \
	'a day later the refused were never tried again'

out=$(fw_at +25h retry ADV-1 delta/c1 eps/c1 --reason 'mended' 2>&1)
is $? 0 'a person opens them again'
run_at +25h
is $? 0 'and the run is content'
is "$(states ADV-1)" 'accepted accepted accepted accepted accepted' 'all have it'
is "$(mail_count) $(cat $(mails) | grep -c '^Message-ID:')" '5 5' 'once each'
is "$(cat $(mails) | grep '^To:' | sort | uniq -d)" '' 'nobody twice'

# Refusals before anything was accepted are rather the relay's trouble than theirs.
make_advisory ADV-2 1
arm_at +26h ADV-2
relay_forgets
relay_does 'RCPT * reply 550 5.7.1 relaying denied'
out=$(run_at +26h 2>&1)
is $? 75 'three refusals in a row, and nothing accepted, end the run'
is "$(grep -c 'C RCPT' "$S/commands.log")" 3 'after the third'
has "$out" 'the relay refused three contacts and accepted none: the run ends here' 'which is said'
is "$(states ADV-2)" 'deferred deferred deferred planned planned' 'they count as deferred'
has "$out" 'deferred: refused as all were in that run: 550 5.7.1 relaying denied' 'with what was said'
relay_does
run_at +27h
is $? 0 'when the relay is well again, all go'
is "$(states ADV-2)" 'accepted accepted accepted accepted accepted' 'by themselves'
is "$(mail_count)" 10 'once each'

# After an acceptance a refusal is the mailbox's, however many there are.
make_advisory ADV-3 1
arm_at +28h ADV-3
relay_does 'RCPT match soc@beta.example * reply 550 5.1.1 no' \
	'RCPT match soc@delta.example * reply 550 5.1.1 no' \
	'RCPT match soc@eps.example * reply 550 5.1.1 no'
run_at +28h 2>/dev/null
is $? 1 'refusals after an acceptance do not end the run'
is "$(states ADV-3)" 'accepted refused refused refused accepted' 'and stay refused'

# What is too large for our own limit says nothing about the relay.
sed -i 's/^timeout = .*/&\nmax_message = 20000/' "$D/forewarn.ini"
make_advisory ADV-4 1
make_advisory ADV-5 1
head -c 20000 /dev/urandom >"$D/advisories/ADV-4/1/big.bin"
echo 'attach.big = big.bin' >>"$D/advisories/ADV-4/1/advisory.ini"
arm_at +29h ADV-4
arm_at +29h ADV-5
relay_does
relay_forgets
out=$(run_at +29h 2>&1)
is $? 1 'messages above max_message leave the run discontent'
is "$(states ADV-4)" 'refused refused refused refused refused' 'they are not sent'
has "$out" 'is larger than max_message' 'and it is said why'
is "$(states ADV-5)" 'accepted accepted accepted accepted accepted' 'the others go'
is "$(grep -c 'C RCPT' "$S/commands.log")" 5 'the relay was not asked about the large ones'
finish
