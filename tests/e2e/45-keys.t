#!/bin/sh
# Every kind of key beside good ones: a bad one is one contact's trouble, the signer's is ours.
. "$(dirname "$0")/lib.sh"
make_programme
mkdir -p -m 700 "$T/people"
old='20260101T000000' # a moment when keys that are expired by now were made

# key MAIL PRIMARY [SUBKEY]
key() {
	people --quick-generate-key "<$1>" "$2" sign never 2>/dev/null
	[ $# -lt 3 ] || people --quick-add-key "$(fingerprint "<$1>")" "$3" encr never
	people --armor --export "<$1>" >"$D/keys/$1.asc"
}

key good@rsa.example rsa3072 rsa3072
key good@nist.example nistp256 nistp256
key bad@rsa.example rsa2048 rsa2048
key bad@dsa.example dsa1024 elg1024
key bad@sign.example ed25519
people --faked-system-time $old --quick-generate-key '<bad@expired.example>' future-default default 2d 2>/dev/null
people --armor --export '<bad@expired.example>' >"$D/keys/bad@expired.example.asc"
in_two_days() { # in_two_days HOME ...: a gpg whose clock is ahead
	at=$1
	shift
	gpg --homedir "$at" --batch --quiet --passphrase '' \
		--faked-system-time "$(date -u -d '+2 days' +%Y%m%dT%H%M%S)" "$@" 2>/dev/null
}
in_two_days "$T/people" --quick-generate-key '<bad@future.example>' future-default default never
in_two_days "$T/people" --export '<bad@future.example>' >"$T/future.gpg"
make_key bad@revoked.example
revoked=$(fingerprint '<bad@revoked.example>')
sed -i 's/^:-----/-----/' "$T/people/openpgp-revocs.d/$revoked.rev"
people --import "$T/people/openpgp-revocs.d/$revoked.rev" 2>/dev/null
people --armor --export '<bad@revoked.example>' >"$D/keys/bad@revoked.example.asc"
make_key bad@missing.example

: >"$D/keys/bad@future.example.asc" # gpg would not import it today
add_partner good entry XC good@curve.example good@rsa.example good@nist.example
for kind in disabled dsa expired future missing revoked rsa sign; do
	add_partner $kind entry XC bad@$kind.example 2>/dev/null
done
in_two_days "$T/people" --yes --delete-secret-and-public-key \
	"$(fingerprint '<bad@future.example>' 2>/dev/null)" # gpg would grumble about it ever after
mv "$D/keys/bad@missing.example.asc" "$T/"
rm "$D/keys/bad@future.example.asc"
set_up_keys
home=$D/state/gnupg
in_two_days "$home" --import "$T/future.gpg"
printf 'disable\nsave\n' | gpg --homedir "$home" --batch --quiet --command-fd 0 \
	--edit-key "$(fingerprint '<bad@disabled.example>')" >/dev/null 2>&1
start_relay
arm ADV-1 >/dev/null 2>&1

out=$(fw run 2>&1)
is $? 1 'a run with bad keys is not content'
is "$(state ADV-1 good/c1) $(state ADV-1 good/c2) $(state ADV-1 good/c3)" \
	'accepted accepted accepted' 'Curve 25519, RSA-3072 and NIST P-256 are served'
is "$(mail_count) $(cat $(mails) | grep -c '^To: good@')" '3 3' 'and nobody else'
while read -r kind why; do
	has "$out" "$kind/c1: blocked: $why" "$kind is blocked, with the reason"
done <<EOF
disabled key is disabled
dsa key is weak (DSA-1024)
expired key expired on 2026-01-03
future key is not valid before
missing key is not in the home
revoked key is revoked
rsa key is weak (RSA-2048)
sign key cannot encrypt
EOF
is "$(echo "$out" | grep -c .)" 8 'nothing else is said'
out=$(fw run 2>&1)
is "$?:$out $(mail_count)" '1: 3' 'the next run knows it all'

# Mended keys go at the next run, without a word to anybody.
people --quick-set-expire "$(fingerprint '<bad@expired.example>')" 1y
people --quick-set-expire "$(fingerprint '<bad@expired.example>')" 1y '*'
people --armor --export '<bad@expired.example>' >"$D/keys/bad@expired.example.asc"
fw keys import "$D/keys/bad@expired.example.asc" "$T/bad@missing.example.asc" >/dev/null
printf 'enable\nsave\n' | gpg --homedir "$home" --batch --quiet --command-fd 0 \
	--edit-key "$(fingerprint '<bad@disabled.example>')" >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$? $(state ADV-1 expired/c1) $(state ADV-1 missing/c1) $(state ADV-1 disabled/c1)" \
	'1 accepted accepted accepted' 'mended keys are served by the next run'
is "$(mail_count)" 6 'once each'

# An attacker's newer key with the same address is in the home: only the pinned one counts.
mkdir -m 700 "$T/thief"
thief() { gpg --homedir "$T/thief" --batch --quiet --no-tty --passphrase '' "$@" 2>/dev/null; }
for mail in good@curve.example good@rsa.example; do
	thief --quick-generate-key "<$mail>" future-default default never
done
thief --export >"$T/thief.gpg"
fw keys import "$T/thief.gpg" >/dev/null
make_advisory ADV-2 1
arm ADV-2 >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$(state ADV-2 good/c1) $(state ADV-2 good/c2)" 'accepted accepted' 'with two keys for an address the mail goes'
for mail in good@curve.example good@rsa.example; do
	has "$(open_mail "$(mail_to $mail)")" 'Update to 4.2' "$mail opens it"
	is "$(grep -c ENC_TO "$T/status")" 1 'which is sealed to one key'
	sed -n '/^-----BEGIN PGP/,/^-----END PGP/p' "$(mail_to $mail)" | tr -d '\r' | thief --decrypt >"$T/stolen"
	is "$? $(cat "$T/stolen")" '2 ' 'and the attacker does not'
done
gpgconf --homedir "$T/thief" --kill all

# The signer is ours: without it nothing is claimed.
make_advisory ADV-3 1
arm ADV-3 >/dev/null 2>&1
away() { # away NAME: what a run does without the signer
	relay_forgets
	out=$(fw run 2>&1)
	is "$? $(states ADV-3 | tr ' ' '\n' | sort -u)" '75 planned' "$1: try again later"
	is "$(sqlite3 "$D/state/ledger.db" "SELECT count(*) FROM attempt AS a JOIN delivery AS d
		ON d.id = a.delivery WHERE d.advisory = 'ADV-3'") $(cat "$S/commands.log")" '0 ' 'nothing was claimed'
}
gpgconf --homedir "$home" --kill all
mv "$home/private-keys-v1.d" "$T/private"
away 'the secret key is away'
has "$out" 'signer' 'and it is said whose key'
gpgconf --homedir "$home" --kill all
rm -rf "$home/private-keys-v1.d"
mv "$T/private" "$home/private-keys-v1.d"

right=$(sed -n 's/^signer = //p' "$D/forewarn.ini")
gpg --homedir "$home" --batch --quiet --pinentry-mode loopback --passphrase secret \
	--quick-generate-key '<locked@psirt.example>' ed25519 sign never 2>/dev/null
sed -i "s/^signer = .*/signer = $(gpg --homedir "$home" --list-keys --with-colons '<locked@psirt.example>' 2>/dev/null |
	awk -F: '/^fpr/ { print $10; exit }')/" "$D/forewarn.ini"
gpgconf --homedir "$home" --kill all
arm ADV-3 >/dev/null 2>&1
away 'the key wants a passphrase that nobody gives'
sed -i "s/^signer = .*/signer = $right/" "$D/forewarn.ini"

# A line in gpg.conf that could turn a mail to another key.
cp "$home/gpg.conf" "$T/gpg.conf"
relay_forgets
arm ADV-3 >/dev/null 2>&1
while read -r line; do
	echo "$line" | cat "$T/gpg.conf" - >"$home/gpg.conf"
	out=$(fw run 2>&1)
	is $? 2 "gpg.conf with '$line': no run"
	has "$out" "'$line': is not a line of ours" 'and it is shown'
done <<EOF
group good@curve.example = $right
encrypt-to $right
recipient $right
throw-keyids
comment hello
EOF
cp "$T/gpg.conf" "$home/gpg.conf"
touch "$home/gpg.conf-2.2"
fw run >/dev/null 2>&1
is "$? $(cat "$S/commands.log")" '2 ' 'nor with a file that gpg would read instead'
rm "$home/gpg.conf-2.2"
fw run >/dev/null 2>&1
is "$? $(state ADV-3 good/c1)" '1 accepted' 'when all is as it was, it goes'
finish
