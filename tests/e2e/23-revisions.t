#!/bin/sh
# Revisions: the newest armed one is what goes out; what was sent stays as it was.
. "$(dirname "$0")/lib.sh"
make_programme
add_tier full 2 'guidance, detection' 'release - 4d'
sed -i '/^\[wave.main\]/,/^$/s/^opens.*/opens = release/' "$D/forewarn.ini"
add_partner acme full XC soc@acme.example
add_partner beta full XC soc@beta.example
add_partner corr entry XC soc@corr.example
set_up_keys
start_relay
states() { # states REVISION
	sqlite3 -separator ' ' "$D/state/ledger.db" "SELECT substr(contact, 1, 4), state FROM delivery
		WHERE advisory = 'ADV-1' AND revision = $1 ORDER BY contact" | paste -sd' '
}
N=$D/advisories/ADV-1

# acme has revision 1; beta's key came late, and corr's wave is not open.
gpg --homedir "$D/state/gnupg" --batch --yes --delete-keys "$(fingerprint '<soc@beta.example>')" 2>/dev/null
out=$(arm ADV-1)
has "$out" 'acme/c1 <soc@acme.example>  NEW' 'who had nothing yet is new'
has "$out" ' 3 NEW or CHANGED' 'all are'
fw run 2>/dev/null
is "$? $(states 1)" '1 acme accepted beta blocked corr planned' 'revision 1 is half out'

# --- what was sent stays ---------------------------------------------------------
cp "$N/1/summary.txt" "$T/summary"
echo 'Update to 4.3.' >"$N/1/summary.txt"
out=$(arm ADV-1 2>&1)
is $? 2 'a revision that was sent is frozen'
has "$out" 'ADV-1: revision 1 has been sent to acme/c1; make revision 2' '... and says what to do'
hasnt "$out" 'armed: ' '... and nothing of it is armed'
cp "$T/summary" "$N/1/summary.txt"
arm ADV-1 >/dev/null 2>&1
is "$? $(states 1)" '0 acme accepted beta blocked corr planned' 'as it was, it can be armed again'

# --- the next one ----------------------------------------------------------------
cp -r "$N/1" "$N/2"
echo 'Update to 4.3, not 4.2.' >"$N/2/summary.txt"
fw keys import "$D/keys/soc@beta.example.asc" >/dev/null
out=$(fw preview ADV-1 --revision 1 2>&1)
has "$out" 'ADV-1 revision 1, TLP:AMBER' 'an older revision can still be looked at'
out=$(arm ADV-1)
has "$out" 'ADV-1 revision 2, TLP:AMBER' 'arm takes the newest'
hasnt "$(echo "$out" | grep acme/c1)" 'NEW' 'who had revision 1 as it is now is not new'
has "$out" 'beta/c1 <soc@beta.example>  NEW' 'who had nothing is'
has "$out" ' 2 NEW or CHANGED' '... and they are counted'
is "$(states 1)" 'acme accepted beta superseded corr superseded' 'what was not sent is superseded'
out=$(fw send ADV-1 --to corr/c1 2>&1)
is $? 2 'of the new one nothing goes before its wave'
fw run
is "$? $(states 2)" '0 acme accepted beta accepted corr planned' 'revision 2 goes to all whose wave is open'
is "$(states 1)" 'acme accepted beta superseded corr superseded' '... and revision 1 does not'
is "$(mail_count)" 3 'three mails in all'
has "$(read_mail "$(mail_to soc@beta)")" 'Update to 4.3, not 4.2.' '... with the new text'
hasnt "$(grep -h '^Message-ID' $(mails) | sort | uniq -d)" Message 'each is a message of its own'

out=$(fw retry ADV-1 beta/c1 --revision 1 2>&1)
is $? 2 'what is superseded is over'
has "$out" 'is superseded; possible: nothing' '... and says so'
out=$(fw arm ADV-1 --revision 1 --digest "$(fw preview ADV-1 --revision 1 2>/dev/null | sed -n 's/^plan digest: //p')" 2>&1)
is $? 2 'an older revision is not armed'
has "$out" 'revision 2 is armed, which is newer than revision 1' '... and says why'
fw run
is "$? $(mail_count)" '0 3' 'nothing more goes out'

# --- new, changed, gone ----------------------------------------------------------
make_key new@acme.example
fw keys import "$D/keys/new@acme.example.asc" >/dev/null
sed -i "s/^mail = soc@acme.*/mail = new@acme.example/
	s/^key = $(fingerprint '<soc@acme.example>')/key = $(fingerprint '<new@acme.example>')/
	/^\[beta\]/,/^$/s/^tier.*/tier = entry/
	/^\[corr\]/,/^$/d; /^\[corr\/c1\]/,/^$/d" "$D/partners.ini"
cp -r "$N/2" "$N/3"
out=$(arm ADV-1)
has "$out" 'acme/c1 <new@acme.example>  CHANGED: address, key' 'what changed since the last delivery is shown'
has "$out" 'beta/c1 <soc@beta.example>  CHANGED: tier' '... the tier, too'
has "$out" ' 2 NEW or CHANGED' '... and counted'
is "$(states 2)" 'acme accepted beta accepted corr superseded' 'and who is gone gets neither'
fw run
is "$? $(states 3)" '0 acme accepted beta planned' 'revision 3 goes to the new address'
open_mail "$(mail_to new@acme)" >/dev/null
has "$(cat "$T/status")" "$(fingerprint '<new@acme.example>')" '... and key'
sed -i '/^\[acme\]/,/^$/d; /^\[acme\/c1\]/,/^$/d' "$D/partners.ini"
arm ADV-1 >/dev/null 2>&1
fw run
is "$? $(states 3)" '0 acme accepted beta planned' 'who was told and is gone stays told'

# --- attempts of one delivery ----------------------------------------------------
# The relay hangs up within its answer; a person says: again. The wire has both attempts.
stop_relay
make_advisory ADV-2 1
sed -i '/^\[beta\]/,/^$/s/^tier.*/tier = full/' "$D/partners.ini"
arm ADV-2 >/dev/null 2>&1
echo 'DOT 1 half 250 2.0.0 ta' >"$T/script"
rm -rf "$S"/messages "$S"/wire.*
start_relay --script "$T/script"
fw run 2>/dev/null
is "$? $(state ADV-2 beta/c1)" '1 unknown' 'no whole answer: nobody knows'
fw settle ADV-2 beta/c1 resend --reason 'not in the log of the relay'
fw run
is "$? $(state ADV-2 beta/c1) $(mail_count)" '0 accepted 1' 'a person says: again'
is "$(find "$S" -name 'wire.*.tls' | wc -l)" 2 'it was tried twice'
is "$(cat "$S"/wire.*.tls | grep -ac '^Message-ID')" 2 '... whole'
is "$(cat "$S"/wire.*.tls | grep -a '^Message-ID' | sort -u | wc -l)" 1 'both attempts have one Message-ID'
is "$(for wire in "$S"/wire.*.tls; do sed -n '/^-----BEGIN PGP/,/^-----END PGP/p' "$wire" | md5sum; done | sort -u | wc -l)" 2 \
	'... and each a ciphertext of its own'
for wire in "$S"/wire.*.tls; do
	is "$(read_mail "$wire" | sed -n 's/^Date: //p')" "$(sed -n 's/^Date: \(.*\)\r$/\1/p' "$wire")" \
		'Date is the same inside and outside'
done
finish
