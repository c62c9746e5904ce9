#!/bin/sh
# report = wave: once a wave has gone out, a sealed summary to the operators; whatever
# becomes of it, partners have their mail and the exit code is theirs.
. "$(dirname "$0")/lib.sh"

events() { # events KIND: what they say, in their order
	sqlite3 "$D/state/ledger.db" "SELECT data FROM event WHERE kind = '$1' ORDER BY seq"
}

to() { mails | xargs -r sed -n 's/^To: //p' | tr -d '\r' | paste -sd' '; } # in the order they came

subject() { read_mail "$(mail_to "$1")" | sed -n 's/^Subject: //p'; }

make_programme
one_connection
add_tier full 2 'guidance, detection' 'release - 5d'
add_partner acme full XC a@acme.example b@acme.example
add_partner beta entry XC soc@beta.example
make_key ana@psirt.example
printf '[operator/ana]\nmail = ana@psirt.example\nkey = %s\n' "$(fingerprint '<ana@psirt.example>')" >>"$D/partners.ini"
set_up_keys
start_relay

sed -i '/^weekend/i report = yes' "$D/forewarn.ini"
has "$(fw check 2>&1)" "forewarn.ini:4: [programme]: report: 'yes' is neither no nor wave" 'it is no or wave'
sed -i 's/^report .*/report = no/' "$D/forewarn.ini"
arm ADV-1 >/dev/null
fw run
is "$? $(to | tr ' ' '\n' | sort | paste -sd' ')" '0 a@acme.example b@acme.example soc@beta.example' 'report = no: nobody is told'

# --- trouble of its own ------------------------------------------------------------------
trouble() { # trouble ADVISORY WANTED NAME
	make_advisory "$1" 1
	arm "$1" >/dev/null
	out=$(fw run 2>&1)
	is "$? $(states "$1")" '0 accepted accepted accepted' "$3: each partner has its mail, and the exit code is theirs"
	has "$out" "$2" '... and it is said'
	relay_does
	out=$(fw run 2>&1)
	is "$?$out" 0 '... once'
}
sed -i 's/^report .*/report = wave/' "$D/forewarn.ini"
relay_does 'RCPT match ana@psirt.example reply 550 5.1.1 no such mailbox'
trouble ADV-3 'forewarn: report for operator/ana: refused: 550 5.1.1 no such mailbox' 'an operator whom the relay refuses'
relay_does 'DOT match ana@psirt.example close'
trouble ADV-4 'forewarn: report for operator/ana: unknown: ' 'a relay that hangs up'
relay_does 'MAIL 4 reply 421 4.3.2 going down'
trouble ADV-5 'forewarn: report for operator/ana: ' 'a relay that goes away'
gpg --homedir "$D/state/gnupg" --batch --yes --delete-keys "$(fingerprint '<ana@psirt.example>')" 2>/dev/null
trouble ADV-6 'forewarn: report for operator/ana: blocked: ' 'an operator without a key'
fw keys import "$D/keys/ana@psirt.example.asc" >/dev/null

# --- each wave, once ---------------------------------------------------------------------
rm "$S"/messages/*
sed -i 's/^opens = release - 4d/opens = release - 2d/' "$D/forewarn.ini"
make_advisory ADV-2 1
arm ADV-2 >/dev/null
relay_does 'RCPT match b@acme.example 1 reply 451 4.2.1 mailbox busy'
fw run 2>/dev/null
is "$? $(to)" '1 a@acme.example ana@psirt.example' 'behind the mails of a wave comes the report; the exit code is that of the mails'
mail=$(mail_to ana@psirt.example)
is "$(grep -c '^Subject: \[\.\.\.\]' "$mail") $(grep -c 'ADV-2\|accepted' "$mail")" '1 0' 'outside it says nothing'
is "$(subject ana@psirt.example)" 'ADV-2 wave full: 1 of 2 accepted' 'inside it says which wave, and how many'
read_mail "$mail" >"$T/opened"
has "$(cat "$T/status")" 'GOODSIG' 'it is signed'
is "$(grep -c ENC_TO "$T/status")" 1 'and encrypted to the operator alone'
has "$(cat "$T/opened")" '1 deferred' 'it says what waits'
has "$(cat "$T/opened")" 'wave main: 0 of 1 accepted; opens ' 'and what is to come'
is "$(events reported | grep -c '^advisory=ADV-2 revision=1 wave=full operator=operator/ana outcome=accepted message-id=')" 1 'it is recorded'
fw_at '+1h' run
is "$? $(to)" '0 a@acme.example ana@psirt.example b@acme.example' 'the wave is not reported again'
fw_at '+24h' run
is "$? $(to)" '0 a@acme.example ana@psirt.example b@acme.example soc@beta.example ana@psirt.example' \
	'the next wave has one of its own'
is "$(subject ana@psirt.example)" 'ADV-2 wave main: 1 of 1 accepted' '... and says so'
is "$(sqlite3 "$D/state/ledger.db" "SELECT count(*) FROM delivery WHERE contact LIKE 'operator%'")" 0 'no report is a delivery'

fw verify >/dev/null
is $? 0 'the ledger is sound'

sed -i '/^\[operator/,$d' "$D/partners.ini"
has "$(fw check 2>&1)" 'report = wave, and nobody gets it; add a section [operator/NAME] to partners.ini' \
	'check finds a report that nobody gets'
finish
