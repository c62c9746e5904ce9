#!/bin/sh
# A plan goes out when enough different people have signed exactly it, and no sooner.
. "$(dirname "$0")/lib.sh"
make_programme
sed -i 's/^admits .*/admits   = guidance/; s/^language.*//' "$D/forewarn.ini"
add_tier full 2 'guidance, proof-of-concept' 'release - 5d'
add_partner acme entry XC soc@acme.example
add_partner beta entry XC soc@beta.example
for name in alice bob carol dave mallory; do make_key "$name@psirt.example"; done
key_of() { fingerprint "<$1@psirt.example>"; }
sed -i '/^\[openpgp\]/i approvals = 2\n' "$D/forewarn.ini"
for name in alice bob carol dave; do
	printf '\n[approver/%s]\nkey = %s\n' $name "$(key_of $name)" >>"$D/forewarn.ini"
done
sed -i "/^\[approver\/alice\]/a user = $(id -un)" "$D/forewarn.ini"
set_up_keys
start_relay
states_now() { sqlite3 "$D/state/ledger.db" "SELECT group_concat(state, ' ') FROM delivery WHERE advisory = '$1'"; }
sign() { # sign NAME FILE
	rm -f "$2.asc" && people --local-user "<$1@psirt.example>" --armor --detach-sign "$2"
}

out=$(arm ADV-1 2>&1)
is "$? $(states_now ADV-1)" '0 ' 'armed by one alone: nothing is armed'
has "$out" 'proposed: ADV-1 revision 1; 1 of 2 have agreed' 'it is proposed, and who armed counts once'
fw run >/dev/null 2>&1
is "$? $(mail_count)" '0 0' 'a run finds nothing to send'

fw plan ADV-1 >"$T/plan.txt"
is "$(sha256sum <"$T/plan.txt" | cut -c1-64)" "$(fw preview ADV-1 | sed -n 's/^plan digest: //p')" \
	'what approvers sign is what preview shows the digest of'
sign alice "$T/plan.txt"
out=$(fw approve ADV-1 "$T/plan.txt.asc" 2>&1)
is "$? $(states_now ADV-1)" '0 ' 'the signature of who armed is no second one'
has "$out" '1 of 2 have agreed' 'they count once'
sign mallory "$T/plan.txt"
out=$(fw approve ADV-1 "$T/plan.txt.asc" 2>&1)
is "$? $(states_now ADV-1)" '2 ' "a stranger's good signature is refused"
has "$out" 'is not an approver of the quorum in force' 'and says so'
sed 's/tier=entry/tier=full/' "$T/plan.txt" >"$T/other.txt"
sign bob "$T/other.txt"
out=$(fw approve ADV-1 "$T/other.txt.asc" 2>&1)
is "$? $(states_now ADV-1)" '2 ' 'a signature over another plan is refused'
cat "$T/plan.txt" >"$T/two.txt" && sign bob "$T/two.txt" && cp "$T/two.txt.asc" "$T/both.asc"
sign carol "$T/two.txt" && cat "$T/two.txt.asc" >>"$T/both.asc"
out=$(fw approve ADV-1 "$T/both.asc" 2>&1)
is "$? $(states_now ADV-1)" '2 ' 'two signatures in one file are refused'
echo nothing >"$T/junk"
out=$(fw approve ADV-1 "$T/junk" 2>&1)
is $? 2 'junk is refused'

sign bob "$T/plan.txt"
cp "$T/plan.txt.asc" "$T/bob.asc"
out=$(fw approve ADV-1 "$T/plan.txt.asc" 2>&1)
is "$? $(states_now ADV-1)" '0 planned planned' 'the second one arms it'
has "$out" 'armed: ADV-1 revision 1' 'and it is said'
fw run >/dev/null 2>&1
is "$? $(mail_count)" '0 2' 'now it goes out'
has "$(sqlite3 "$D/state/ledger.db" "SELECT data FROM event WHERE kind = 'approved'")" "bob, key $(key_of bob)" \
	'who approved is in the chain'
is "$(fw verify >/dev/null 2>&1; echo $?)" 0 'and the ledger agrees with it'

# --- approval first, a change, a revoked key -------------------------------------
make_advisory ADV-2 1
fw plan ADV-2 >"$T/plan.txt"
for name in bob carol; do
	sign $name "$T/plan.txt"
	out=$(fw approve ADV-2 "$T/plan.txt.asc" 2>&1)
done
is "$? $(states_now ADV-2)" '0 ' 'approved by two, and armed by nobody'
echo 'and one word more' >>"$D/advisories/ADV-2/1/summary.txt"
out=$(arm ADV-2 2>&1)
is "$? $(states_now ADV-2)" '0 ' "a file that changed since has nobody's approval"
has "$out" '1 of 2' 'only who arms it now'
fw plan ADV-2 >"$T/plan.txt"
sign bob "$T/plan.txt" && cp "$T/plan.txt.asc" "$T/bob2.asc"
sed 's/^:-----/-----/' "$T/people/openpgp-revocs.d/$(key_of bob).rev" | sed -n '/^-----BEGIN/,$p' >"$T/bob.rev"
gpg --homedir "$D/state/gnupg" --batch --quiet --import "$T/bob.rev" 2>/dev/null
out=$(fw approve ADV-2 "$T/bob2.asc" 2>&1)
is "$? $(states_now ADV-2)" '2 ' 'a revoked key approves nothing'
has "$out" 'revoked' 'and says so'
sign carol "$T/plan.txt"
fw approve ADV-2 "$T/plan.txt.asc" >/dev/null 2>&1
is "$? $(states_now ADV-2)" '0 planned planned' 'another approver does'

make_advisory ADV-3 1
sqlite3 "$D/state/ledger.db" "INSERT INTO approval SELECT x'$(fw plan ADV-3 | sha256sum | cut -c1-64)', '$(key_of carol)', 'carol', 1, 'x'"
has "$(fw verify 2>&1)" 'approval by carol: no event tells of it' 'an approval that was written by hand is found'
sqlite3 "$D/state/ledger.db" "DELETE FROM approval WHERE at = 1"

# --- the quorum itself -----------------------------------------------------------
sed -i 's/^approvals = 2/approvals = 1/' "$D/forewarn.ini"
out=$(arm ADV-3 2>&1)
is "$? $(states_now ADV-3)" '2 ' 'asking for fewer in the file arms nothing'
has "$out" 'only that can change it' 'and says what would'
fw plan --quorum >"$T/quorum.txt"
sign carol "$T/quorum.txt"
out=$(fw approve --quorum "$T/quorum.txt.asc" 2>&1)
has "$out" '1 of 2 have agreed to the new quorum' 'one of the old quorum is not enough'
sign dave "$T/quorum.txt"
out=$(fw approve --quorum "$T/quorum.txt.asc" 2>&1)
has "$out" 'is in force from now on' 'two are'
arm ADV-3 >/dev/null 2>&1
is "$? $(states_now ADV-3)" '0 planned planned' 'and one alone may arm again'

sed -i '/^\[tier.entry\]/a approvals = 3' "$D/forewarn.ini"
arm ADV-3 >/dev/null 2>&1
make_advisory ADV-4 1
out=$(arm ADV-4 2>&1)
has "$out" '1 of 3' 'a tier may ask for more'
is "$(fw verify >/dev/null 2>&1; echo $?)" 0 'the ledger agrees with all of it'

sed -i '/^\[tier.entry\]/,/^$/s/^approvals = 3/approvals = 9/' "$D/forewarn.ini"
out=$(fw check 2>&1)
has "$out" '9 are needed, and there are 4 approvers' 'a quorum beyond reach is a mistake'
sed -i "s/^approvals = 9/approvals = 3/; s/$(key_of dave)/$(key_of carol)/" "$D/forewarn.ini"
has "$(fw check 2>&1)" "its key is that of approver 'carol', too" 'nobody counts twice'
finish
