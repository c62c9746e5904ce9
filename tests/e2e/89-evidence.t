#!/bin/sh
# report --evidence: what proves an advisory's course, looked at with gpg, sha256sum and coreutils.
. "$(dirname "$0")/lib.sh"
make_programme
add_partner acme entry XC soc@acme.example
add_partner beta entry XC soc@beta.example
make_key bob@psirt.example
make_key carol@psirt.example
bob=$(fingerprint '<bob@psirt.example>')
sed -i '/^\[openpgp\]/i approvals = 2\n' "$D/forewarn.ini"
printf '\n[approver/bob]\nkey = %s\n\n[approver/carol]\nkey = %s\n' "$bob" "$(fingerprint '<carol@psirt.example>')" >>"$D/forewarn.ini"
set_up_keys
start_relay
fw plan ADV-1 >"$T/plan.txt"
for name in bob carol; do
	rm -f "$T/plan.txt.asc"
	people --local-user "<$name@psirt.example>" --armor --detach-sign "$T/plan.txt"
	arm ADV-1 >/dev/null 2>&1
	fw approve ADV-1 "$T/plan.txt.asc" >/dev/null 2>&1
done
fw run >/dev/null 2>&1
is "$? $(states ADV-1)" '0 accepted accepted' 'approved by two, and sent'
mv "$D/partners.ini" "$T/" && mv "$D/advisories" "$T/"
E=$T/evidence
out=$(fw report ADV-1 --evidence -o "$E" 2>&1)
is "$?" 0 'written, with the partners and the advisory gone'
has "$out" "$E/verify.sh" 'and what to do with it is said'
is "$(stat -c %a "$E" "$E"/* | sort -u | paste -sd' ')" '600 700' 'for nobody else'

# --- with gpg, sha256sum and coreutils -------------------------------------------
people --verify "$E/SHA256SUMS.asc" "$E/SHA256SUMS" 2>"$T/gpg"
is "$? $(grep -c 'advisories@psirt.example' "$T/gpg")" '0 1' 'the signer has signed the sums'
is "$(cd "$E" && sha256sum --check --quiet --strict SHA256SUMS 2>&1)" '' 'the files have them'
is "$(find "$E" -type f ! -name 'SHA256SUMS*' -printf '%f\n' | sort)" "$(cut -c67- "$E/SHA256SUMS" | sort)" 'and no file is left out'
cmp -s "$E/plan.txt" "$T/plan.txt"
ok $? 'the plan is what the approvers signed'
is "$(cut -d' ' -f2 "$E/approvals.txt" | paste -sd' ')" 'plan.txt plan.txt' 'two approved it'
people --verify "$E/$(sed -n 's/ .* bob$//p' "$E/approvals.txt")" "$E/plan.txt" 2>"$T/gpg"
is "$? $(grep -c '<bob@psirt.example>' "$T/gpg")" '0 1' 'one was bob'
has "$(cat "$E/approvals.txt")" " $bob bob" 'as it says'
has "$(cat "$E/quorum.txt")" "$bob" 'who was to agree'
is "$(tr -d '"\r' <"$E/deliveries.csv" | awk -F, 'NR > 1 { print $2, $9, $NF }' | head -1)" \
	"acme/c1 accepted $(head -1 "$E/plan.txt" | tr -d '\n' | sha256sum | cut -c1-64)" 'each with the digest of its line in the plan'
checkpoint=$(ls "$E"/checkpoint-*.txt)
people --verify "$checkpoint.asc" "$checkpoint" 2>/dev/null
ok $? 'the checkpoint is signed'
has "$(cut -f1,5 "$E/chain.txt" | tr '\t' ' ')" "$(sed -n 's/^event //p; s/^hash //p' "$checkpoint" | paste -sd' ')" 'and is in the chain'
cat >"$T/gpg-as-people" <<END
#!/bin/sh
exec /usr/bin/gpg --homedir "$T/people" --batch --quiet --no-tty "\$@"
END
mkdir "$T/bin" && mv "$T/gpg-as-people" "$T/bin/gpg" && chmod +x "$T/bin/gpg"
proves() { PATH=$T/bin:$PATH sh "$1/verify.sh" 2>/dev/null; }
out=$(proves "$E")
is "$? $out" "0 sound up to event $(tail -1 "$E/chain.txt" | cut -f1)" 'its own script says that all agrees'

# --- each change is found, even with sums made anew ------------------------------
spoil() { # spoil FILE SED: in a copy, whose sums are signed again
	rm -rf "$T/copy" && cp -R "$E" "$T/copy" && sed -i "$2" "$T/copy/$1"
	(cd "$T/copy" && sha256sum $(cut -c67- SHA256SUMS) >"$T/sums" && mv "$T/sums" SHA256SUMS && rm SHA256SUMS.asc)
	gpg --homedir "$D/state/gnupg" --batch --quiet --armor --detach-sign "$T/copy/SHA256SUMS" 2>/dev/null
}
spoil plan.txt 's/tier=entry/tier=other/'
out=$(proves "$T/copy")
is "$?" 1 'a plan that nobody approved'
spoil chain.txt '3s/	[0-9]*	/	1	/'
out=$(proves "$T/copy")
is "$? $out" '1 chain.txt: event 3 is not what was written' 'an event with another time'
spoil "${checkpoint##*/}" 's/^hash .*/hash 00/'
out=$(proves "$T/copy")
is "$?" 1 'another checkpoint'
rm -rf "$T/copy" && cp -R "$E" "$T/copy" && echo >>"$T/copy/deliveries.csv"
out=$(proves "$T/copy")
is "$?" 1 'and what was changed without new sums'

# --- what is refused -------------------------------------------------------------
out=$(fw report ADV-1 --evidence -o "$E" 2>&1)
is "$?" 2 'nothing is written over'
out=$(fw report ADV-1 --evidence 2>&1)
is "$? $out" '2 forewarn: report: --evidence takes -o DIR, and neither --json nor --at' 'a directory is needed'
out=$(fw report ADV-9 --evidence -o "$T/none" 2>&1)
is "$?" 2 'nothing was armed of it'
finish
