#!/bin/sh
# Trouble of the relay, or between it and us, is nobody's fault: lines stay as they were.
. "$(dirname "$0")/lib.sh"
make_programme
for name in acme beta gamma; do
	add_partner $name entry XC soc@$name.example
done
patience 1m
set_up_keys
arm ADV-1 >/dev/null 2>&1
start_relay

adv=ADV-1 sent=0
# fails NAME [WORDS]: a run that sends nothing, says so and leaves all as it was.
fails() {
	out=$(timeout 100 "$FOREWARN" -C "$D" run 2>&1)
	is "$? $(states $adv) $(mail_count)" "75 planned planned planned $sent" "$1"
	[ $# -lt 2 ] || has "$out" "$2" "... $2"
}

relay_does 'GREETING * reply 421 4.3.2 closing down'
fails 'a greeting of 421' '421 4.3.2 closing down'
relay_does 'GREETING * reply 554 5.3.2 no service here'
fails 'a greeting of 554'
relay_does 'EHLO * reply 550 5.7.1 go away' 'HELO * reply 550 5.7.1 go away'
fails 'EHLO and HELO refused'
relay_forgets
relay_does 'EHLO * reply 502 5.5.1 not implemented'
fails 'EHLO refused and HELO taken: there is no STARTTLS'
relay_does 'EHLO * nostarttls'
fails 'STARTTLS is not offered'
relay_does 'STARTTLS * reply 454 4.7.0 not now'
fails 'STARTTLS is refused'
relay_does 'STARTTLS * reply 220 go ahead'
fails 'STARTTLS is agreed to and no TLS follows'
hasnt "$(cat "$S/commands.log")" 'C MAIL' 'none of these saw a mail command in clear'
relay_does 'MAIL * reply 550 5.1.8 bad sender'
fails 'our sender is refused' '550 5.1.8 bad sender'
relay_does 'MAIL * reply 451 4.3.0 out of order'
fails 'our sender is deferred'
relay_does 'RCPT * reply 530 5.7.0 authentication required'
fails 'a login is wanted where we have none' '530 5.7.0'

for verb in GREETING EHLO STARTTLS MAIL RCPT DATA; do
	relay_does "$verb * close"
	fails "hung up at $verb"
done
for verb in GREETING MAIL DATA; do
	relay_does "$verb * rst"
	fails "connection reset at $verb"
done
relay_does 'RCPT * then-close 421 4.3.2 closing down'
fails 'told to go at RCPT' 'hung up on two messages in a row'

# Silence: each fault meets one of six runs, which have one contact left each.
relay_does 'GREETING 1 hang' 'EHLO 1 hang' 'STARTTLS 1 hang' 'MAIL 1 hang' \
	'RCPT 1 hang' 'DATA 1 hang'
all_run() {
	for i in 1 2 3 4 5 6; do
		{ "$FOREWARN" -C "$T/$i" run >/dev/null 2>&1; echo $? >"$T/$i.code"; } &
		runs="${runs:-} $!"
	done
	wait $runs
	runs=
	cat "$T"/[1-6].code | sort -n | paste -sd' '
}
for i in 1 2 3 4 5 6; do
	cp -a "$D" "$T/$i"
	patience 2s "$T/$i"
	for name in beta gamma; do
		"$FOREWARN" -C "$T/$i" settle ADV-1 $name/c1 give-up
	done
done
is "$(all_run) $(mail_count)" '1 1 75 75 75 75 0' 'no run waits longer than it was told for a silent relay'
relay_does
for i in 1 2 3 4 5 6; do
	patience 1m "$T/$i"
done
is "$(all_run) $(mail_count)" '0 0 0 0 0 0 6' 'then each sends its one mail'
for i in 1 2 3 4 5 6; do
	gpgconf --homedir "$T/$i/state/gnupg" --kill all
done
sent=6

# A message that does not fit the buffers between us, so that it is cut in its midst.
head -c 3000000 /dev/urandom >"$D/advisories/ADV-1/1/big.bin"
echo 'attach.big = big.bin' >>"$D/advisories/ADV-1/1/advisory.ini"
arm ADV-1 >/dev/null 2>&1
relay_does 'BODY 1 close' 'BODY 2 hang'
patience 2s
fails 'hung up, and silence, in the message'
patience 1m

relay_does
fw run
is "$? $(states ADV-1) $(mail_count)" '0 accepted accepted accepted 9' \
	'after all this trouble each gets the mail once'

# Whom we talk to.
make_advisory ADV-2 1
arm ADV-2 >/dev/null 2>&1
adv=ADV-2 sent=9
tests/make-ca.sh "$T/other"
sed -i "s#^ca_file = .*#ca_file = $T/other/ca.pem#" "$D/forewarn.ini"
fails 'a certificate of an unknown authority'
sed -i "s#^ca_file = .*#ca_file = $S/ca.pem#" "$D/forewarn.ini"
tests/make-ca.sh "$S" wrong-host expired
for fault in wrong-host expired; do
	stop_relay
	start_relay --cert "$S/$fault.pem" --key "$S/$fault.key"
	relay_forgets
	fails "a certificate that is $fault"
	hasnt "$(cat "$S/commands.log")" 'C MAIL' 'and no mail command'
done
stop_relay
fails 'the relay is away' 'connecting'

# Who we are.
sed -i "s/^timeout = .*/&\nuser = psirt\npassword_file = secret\/relay/" "$D/forewarn.ini"
(umask 077 && echo wrong >"$D/secret/relay")
start_relay
relay_does
fails 'the relay would take the mail without a login' 'offers no login'
stop_relay
start_relay --auth psirt:sesame
fails 'a wrong password' '535'
echo sesame >"$D/secret/relay"
relay_does 'EHLO * noauth'
fails 'no login is offered' '530'
relay_does 'AUTH * close'
fails 'hung up at the login'
relay_does 'AUTH * hang'
patience 2s
fails 'silence at the login'
patience 1m
chmod 644 "$D/secret/relay"
fails 'a password that others may read'
chmod 600 "$D/secret/relay"

# After the final dot nobody knows.
relay_does 'DOT 1 record-then-close' 'DOT 2 rst'
out=$(fw run 2>&1)
is "$? $(states ADV-2)" '75 unknown unknown planned' 'two without an answer end the run'
has "$out" 'took two messages and answered neither' 'which is said'
has "$out" 'acme/c1: unknown: after the final dot:' 'and where it was'
relay_does 'DOT 1 half 250 2.0.0 taken'
fw run >/dev/null 2>&1
is "$? $(states ADV-2)" '1 unknown unknown unknown' 'half an answer is none'
relay_does
relay_forgets
fw run >/dev/null 2>&1
is "$? $(states ADV-2) $(grep -c RCPT "$S/commands.log")" '1 unknown unknown unknown 0' \
	'nothing is sent again by itself'
first=$(mail_to soc@acme.example)
fw settle ADV-2 gamma/c1 accepted --reason "in the relay's log"
fw settle ADV-2 acme/c1 resend --reason 'the contact has nothing'
fw settle ADV-2 beta/c1 give-up --reason 'told by telephone'
fw run
is "$? $(states ADV-2)" '0 accepted given up accepted' 'a person settles it'
is "$(grep -c 'C RCPT' "$S/commands.log")" 1 'one more mail'
second=$(mail_to soc@acme.example)
is "$(grep ^Message-ID "$second")" "$(grep ^Message-ID "$first")" 'bears the same Message-ID'
[ "$first" != "$second" ] && ! cmp -s "$first" "$second"
ok $? 'and was sealed anew'
is "$(ls "$S"/wire.* | wc -l) clear, $(cat "$S"/wire.*[0-9] | grep -c MAIL) with mail commands" \
	"$(ls "$S"/wire.* | wc -l) clear, 0 with mail commands" 'all that was said in clear led to TLS'
finish
