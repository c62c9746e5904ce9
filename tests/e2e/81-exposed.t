#!/bin/sh
# Who knew what when: from the ledger alone, with the programme's files gone.
. "$(dirname "$0")/lib.sh"
make_programme
add_tier full 2 'guidance, proof-of-concept' 'release - 5d'
mkdir "$D/advisories/ADV-1/1/poc"
echo 'send(b"\xff" * 300)' >"$D/advisories/ADV-1/1/poc/poc.py"
printf '\n[proof-of-concept]\nattach.trigger = poc/poc.py\n' >>"$D/advisories/ADV-1/1/advisory.ini"
sha=$(sha256sum <"$D/advisories/ADV-1/1/poc/poc.py" | cut -c1-64)
add_partner acme full XA soc@acme.example
add_partner beta full XB soc@beta.example
add_partner corp entry XC soc@corp.example
add_partner dune entry XC soc@dune.example
sed -i '/^organisation = beta/s/=.*/= =HYPERLINK("evil"), "Beta"/; s/^countries = XB/countries = XB, XD/' "$D/partners.ini"
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
relay_does 'RCPT match soc@dune.example reply 550 5.1.1 nobody' 'DOT match soc@corp.example close'
fw run >/dev/null 2>&1
db() { sqlite3 "$D/state/ledger.db" "$1"; }
is "$(db 'SELECT count(*) FROM delivery')" 4 'four lines'
db "SELECT contact, state FROM delivery" >"$T/states"
mid=$(db "SELECT max(changed) FROM delivery")

mkdir "$T/gone"
mv "$D/forewarn.ini" "$D/partners.ini" "$D/advisories" "$D/templates" "$T/gone"
had() { fw exposed "$@" --json | /usr/bin/python3 -c '
import json, sys
answer = json.load(sys.stdin)
print(*[e["contact"] + ("" if e["sure"] else "?") for e in sorted(answer["exposures"], key=lambda e: e["contact"])])
assert answer["sure"] == sum(e["sure"] for e in answer["exposures"])
'; }
by_state() { # by_state CONDITION: what an independent count says
	db "SELECT contact || iif(state = 'accepted', '', '?') FROM delivery
		WHERE state IN ('accepted', 'unknown') AND $1 ORDER BY contact" | paste -sd' '
}
has "$(cat "$T/states")" 'accepted' 'some have it'
has "$(cat "$T/states")" 'unknown' 'one may have'
is "$(had ADV-1)" "$(by_state 1)" 'all who had it, or may have; the files are gone'
is "$(had ADV-1 --class proof-of-concept)" "$(by_state "tier = 'full'")" 'who had something of a class'
is "$(had ADV-1 --value attach.trigger)" "$(by_state "tier = 'full'")" 'who had a value'
is "$(had ADV-1 --sha256 "$sha")" "$(by_state "tier = 'full'")" 'who had a file, by what it holds'
is "$(had --sha256 "$(echo "$sha" | tr a-f A-F)")" "$(by_state "tier = 'full'")" '... of any advisory'
is "$(had ADV-1 --class guidance)" "$(by_state 1)" 'and who had what all were given'
is "$(had ADV-2)" '' 'of another nobody had anything'
is "$(had ADV-1 --before "$(date -u -d "@$((mid - 3600))" +%Y-%m-%dT%H:%M:%SZ)")" '' 'nobody had it an hour before'
is "$(had ADV-1 --before "$(date -u -d "@$((mid + 1))" +%Y-%m-%dT%H:%M:%SZ)")" "$(by_state 1)" 'and all by the end'

out=$(fw exposed ADV-1)
has "$out" 'perhaps' 'the table says what is not sure'
has "$out" 'XB, XD' 'and the countries of the day'
csv=$(fw exposed ADV-1 --csv)
has "$(fw exposed ADV-1 --json)" "$(db "SELECT lower(hex(edition)) FROM delivery WHERE contact = 'acme/c1'")" 'and programs the edition'
has "$csv" "\"'=HYPERLINK(\"\"evil\"\"), \"\"Beta\"\"\"" 'no field is a formula'
is "$(echo "$csv" | /usr/bin/python3 -c 'import csv, sys; rows = list(csv.reader(sys.stdin)); print(len(rows), {len(r) for r in rows})')" \
	"$(($(by_state 1 | wc -w) + 1)) {15}" 'each row has all its fields'
for wrong in '' 'ADV-1 ADV-2' '--class x' 'ADV-1 --sha256 12' 'ADV-1 --before noon' 'ADV-1 --csv --json'; do
	# shellcheck disable=SC2086 # its words
	out=$(fw exposed $wrong 2>&1)
	is $? 2 "refused: exposed $wrong"
done

# --- what became of a doubt ------------------------------------------------------
mv "$T"/gone/* "$D"
doubtful=$(db "SELECT contact FROM delivery WHERE state = 'unknown'")
fw settle ADV-1 "$doubtful" give-up >/dev/null
has "$(had ADV-1)" "$doubtful?" 'a doubt that was given up stays one'
db "SELECT contact FROM delivery WHERE state = 'refused'" >"$T/refused"
hasnt "$(had ADV-1)" "$(cat "$T/refused")" 'who was refused had nothing'

# --- a hundred thousand deliveries ------------------------------------------------
fw arm ADV-1 >/dev/null 2>&1
sqlite3 "$D/state/ledger.db" <<'EOF'
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
INSERT INTO delivery (advisory, revision, contact, message_id, partner, address, fingerprint, tier,
	wave, rules, edition, manifest, line, digest, opens, armed, lasts, due, until, state, changed)
SELECT 'ADV-9', 1, 'p' || i || '/c', 'm' || i, 'p' || i, 'c@x', 'F', tier, wave, '-', edition, manifest,
	line, digest, 1, 1, 1, 1, 9, 'planned', 1 FROM n, (SELECT * FROM delivery WHERE contact = 'acme/c1');
INSERT INTO event SELECT (SELECT max(seq) FROM event) + id, 5, 1, id, 'committed', '', zeroblob(32), zeroblob(32)
	FROM delivery WHERE advisory = 'ADV-9';
UPDATE delivery SET state = 'sending' WHERE advisory = 'ADV-9';
UPDATE delivery SET state = 'committed' WHERE advisory = 'ADV-9';
UPDATE delivery SET state = 'accepted' WHERE advisory = 'ADV-9';
EOF
begin=$(date +%s%N)
is "$(fw exposed ADV-9 --class proof-of-concept --csv | wc -l)" 100001 'each of a hundred thousand is named'
ok 0 "in $((($(date +%s%N) - begin) / 1000000)) ms"
finish
