#!/bin/sh
# archive_key: one copy of each edition that goes out is kept, sealed to a key of its own.
. "$(dirname "$0")/lib.sh"
make_programme
sed -i 's/^admits .*/admits   = guidance, detection/' "$D/forewarn.ini"
add_tier full 2 'guidance, detection, proof-of-concept' 'release - 5d'
add_partner acme entry XC soc@acme.example noc@acme.example
add_partner beta full XC soc@beta.example
make_key archive@psirt.example
archive=$(fingerprint '<archive@psirt.example>')
N=$D/advisories/ADV-1/1
echo 'send(300)' >"$N/poc.py"
printf '\n[proof-of-concept]\nattach.trigger = poc.py\n' >>"$N/advisory.ini"
set_up_keys
sed -i "s/^signer .*/&\narchive_key = $archive/" "$D/forewarn.ini"
start_relay
A=$D/state/archive
copy_of() { echo "$A/ADV-1.1.$(fw plan ADV-1 | sed -n "s|.*contact=$1 .*edition=\([0-9a-f]*\) .*|\1|p").asc"; }
is "$(fw check >/dev/null 2>&1; echo $?)" 0 'check accepts it'
arm ADV-1 >/dev/null 2>&1
[ ! -e "$A" ]
ok $? 'to arm keeps nothing'

# --- it cannot be kept: nobody is told -------------------------------------------
echo >"$A"
out=$(fw run 2>&1)
is "$? $(mail_count) $(states ADV-1)" '75 0 planned planned planned' 'where none can be kept, nobody is told'
has "$out" 'state/archive: is not a directory' 'and it is said'
rm "$A"
fw run >/dev/null 2>&1
is "$? $(mail_count)" '0 3' 'then all are'
is "$(ls "$A" | wc -l) $(stat -c %a "$A" "$A"/* | sort -u | paste -sd' ')" '2 600 700' 'one copy an edition, for nobody else'

# --- what it holds ---------------------------------------------------------------
for who in acme beta; do
	people --decrypt "$(copy_of $who/c1)" >"$T/copy" 2>/dev/null
	open_mail "$(mail_to "soc@$who.example")" >"$T/mail"
	cmp -s "$T/copy" "$T/mail"
	ok $? "$who: the copy is what it got, to the last byte"
done
has "$(/usr/bin/python3 tests/mime_check.py decoded "$T/copy")" 'send(300)' 'with its files'
people --list-packets "$(copy_of acme/c1)" 2>/dev/null | grep -c '^:pubkey enc' >"$T/count"
is "$(cat "$T/count")" 1 'it is sealed to one key'
people --batch --yes --delete-secret-keys "$archive"
people --decrypt "$(copy_of acme/c1)" >"$T/copy" 2>/dev/null
is "$? $(stat -c %s "$T/copy")" '2 0' 'and no partner opens it'
hasnt "$(cat $(mails))" "$(sed -n 5p "$(copy_of acme/c1)")" 'no mail carries it'
sum=$(sha256sum "$A"/*)
make_advisory ADV-2 1
fw run >/dev/null 2>&1
is "$(sha256sum "$A"/*)" "$sum" 'another run leaves it'

# --- a key that will not do ------------------------------------------------------
sed -i "s/^archive_key .*/archive_key = $(fingerprint '<soc@acme.example>')/" "$D/forewarn.ini"
out=$(fw check 2>&1)
is "$?" 2 "a partner's own key is refused"
has "$out" 'is that of acme/c1, too' 'and whose it is is said'
arm ADV-2 >/dev/null 2>&1
out=$(fw run 2>&1)
is "$? $(states ADV-2)" '75 planned planned planned' 'and a run tells nobody'
sed -i "s/^archive_key .*/archive_key = 0123456789ABCDEF0123456789ABCDEF01234567/" "$D/forewarn.ini"
is "$(fw check >/dev/null 2>&1; echo $?)" 2 'nor one that is not in the home'
finish
