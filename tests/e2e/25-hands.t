#!/bin/sh
# What a person does by hand: arm at a terminal, send, retry, settle, look.
. "$(dirname "$0")/lib.sh"
make_programme
add_tier full 2 'guidance, detection' 'release - 4d'
sed -i '/^\[wave.main\]/,/^$/s/^opens.*/opens = release/' "$D/forewarn.ini"
add_partner acme full XC soc@acme.example lab@acme.example
add_partner beta entry XC soc@beta.example
add_partner gone full XC soc@gone.example
sed -i '/^\[gone\]/,/^$/s/^status.*/status = suspended/' "$D/partners.ini"
make_key nobody@else.example
set_up_keys
echo 'RCPT match soc@acme.example 1 reply 550 5.1.1 no such mailbox' >"$T/script"
start_relay --script "$T/script"

says() { # says CODE PART NAME COMMAND...: what it ends with, and a part of what it says
	code=$1 part=$2 name=$3
	shift 3
	out=$(fw "$@" 2>&1)
	is $? "$code" "$name"
	has "$out" "$part" '... and says so'
}
at_terminal() { # what arm says to who types the standard input
	script -qec "stty -echo; $FOREWARN -C $D arm ADV-1" /dev/null | tr -d '\r'
}
armed() { sqlite3 "$D/state/ledger.db" 'SELECT count(*) FROM delivery'; }

# --- arm at a terminal -----------------------------------------------------------
says 0 'nothing is armed; forewarn arm ADVISORY' 'status of nothing' status
out=$(echo 2 | at_terminal)
has "$out" 'How many contacts are NEW or CHANGED? Type the number to arm:' 'arm asks for the number'
has "$out" 'that is not the number; nothing was armed; count what is NEW or CHANGED above' 'a wrong one'
is "$(armed)" 0 '... arms nothing'
out=$(at_terminal </dev/null)
has "$out" 'arm: no number was typed; nothing was armed' 'the end of the input'
is "$(armed)" 0 '... arms nothing'
for answer in '' 03 '3 ' y 33; do
	echo "$answer" | at_terminal >/dev/null
done
is "$(armed)" 0 'neither does an answer that is not the very number'
says 0 'acme/c2 <lab@acme.example>  NEW' 'a dry run asks nothing' arm ADV-1 -n
out=$(echo 3 | at_terminal)
has "$out" 'armed: ADV-1 revision 1, 3 contacts' 'the number arms'
is "$(armed)" 3 '... all of it'

# --- send ------------------------------------------------------------------------
says 2 'send: name one advisory, and each contact with --to' 'send wants contacts' send ADV-1
says 2 'wave main opens 2' 'send before the wave' send ADV-1 --to beta/c1
says 2 'ADV-1 acme/c9: has no armed line; did you mean acme/c1?' 'send to nobody' send ADV-1 --to acme/c9
says 2 'ADV-1 gone/c1: has no armed line' 'send to the suspended' send ADV-1 --to gone/c1
says 2 'ADV-9 acme/c1: has no armed line' 'send what is not armed' send ADV-9 --to acme/c1
says 2 'wave main opens 2' 'one that cannot go stops all of a send' send ADV-1 --to acme/c2 --to beta/c1
is "$(mail_count)" 0 'none of it sent anything'
says 0 'would send ADV-1 revision 1 to acme/c2' 'a dry run says what it would do' send ADV-1 -t acme/c2 -n
is "$(mail_count) $(state ADV-1 acme/c2)" '0 planned' '... and does nothing'
says 0 'ADV-1 acme/c2: accepted: 250 2.0.0 taken' 'send' send ADV-1 --to acme/c2
says 2 'is accepted: never sent twice' 'send twice' send ADV-1 --to acme/c2
is "$(mail_count)" 1 '... sends once'
says 2 'send: --at is not an option of it' 'what sends has no other clock' send ADV-1 --to acme/c1 --at 2030-01-01T00:00:00Z
says 2 'run: --at is not an option of it' '... nor has run' run --at 2030-01-01T00:00:00Z
says 2 'takes no advisory' 'run sends what is due, not what is named' run ADV-1

# --- run -n, status, retry, settle -----------------------------------------------
says 0 'ADV-1 revision 1 to acme/c1 <soc@acme.example>: would be sent' 'run -n foretells' run -n
is "$(state ADV-1 acme/c1)" planned '... and does nothing'
says 1 'ADV-1 acme/c1: refused: 550 5.1.1 no such mailbox' 'a refusal is told' run
says 1 'forewarn retry ADV-1 acme/c1' 'status says what to do' status
has "$out" 'opens 2' '... and when the next wave opens'
says 2 'acme/c1: is refused; next: forewarn retry ADV-1 acme/c1' 'send does not send it' send ADV-1 --to acme/c1
says 2 'possible: retry, settle give-up' 'it was not accepted, whoever says so' settle ADV-1 acme/c1 accepted
says 2 'possible: nothing' 'nor is what was accepted given up' settle ADV-1 acme/c2 give-up
says 2 'settle: name the advisory, its contacts, and accepted, resend or give-up' 'another word' settle ADV-1 acme/c1 gone
says 2 'is not in the ledger' 'another contact' retry ADV-1 acme/c9
says 0 'it would be recorded' 'retry, dry' retry ADV-1 acme/c1 -n
is "$(state ADV-1 acme/c1)" refused '... changes nothing'
fw retry ADV-1 acme/c1 --reason 'the mailbox is there now'
fw run
is "$? $(state ADV-1 acme/c1)" '0 accepted' 'retry, and the next run sends it'
says 0 'it would be recorded' 'settle, dry' settle ADV-1 beta/c1 give-up -n
is "$(state ADV-1 beta/c1)" planned '... changes nothing'
fw settle ADV-1 beta/c1 give-up --reason 'told on the phone'
says 0 'given up' 'settle gives up' status ADV-1
has "$out" 'told on the phone' '... and status has the reason'
is "$(sqlite3 "$D/state/ledger.db" "SELECT count(*) FROM event WHERE data LIKE '%(uid $(id -u)): told on the phone'")" 1 \
	'... and an event who it was'
says 0 'given up' 'status is a reader: it takes another time' status --at 2030-01-01T00:00:00Z
says 2 '--at: is not a time like' '... that is one' status --at tomorrow

# --- keys list -------------------------------------------------------------------
says 0 "acme/c1             $(fingerprint '<soc@acme.example>')  never    Ed25519/Cv25519" 'keys list' keys list
has "$out" '(signer)' '... the signer'
has "$out" "(pinned by nobody)  $(fingerprint '<nobody@else.example>')" '... and keys that nobody pins'
gpg --homedir "$D/state/gnupg" --batch --yes --delete-keys "$(fingerprint '<soc@beta.example>')" 2>/dev/null
says 1 'BLOCKED' 'keys list: one is missing' keys list
finish
