#!/bin/sh
# diff: the plan of now against the armed one: who gets what when now, and who has it already.
. "$(dirname "$0")/lib.sh"
make_programme
sed -i 's/^rank .*/rank     = 2/' "$D/forewarn.ini"
add_tier later 1 guidance 'release - 1d'
add_partner acme entry XA soc@acme.example
add_partner beta later XB soc@beta.example
add_partner corp later XC soc@corp.example
add_partner dune later XC soc@dune.example
add_partner echo later XC soc@echo.example
set_up_keys
start_relay
row() { echo "$out" | grep " $1 " | tr -s ' '; }
release() { sed -n 's/^release *= *//p' "$D/advisories/ADV-1/1/advisory.ini"; }

out=$(fw diff ADV-1 2>&1)
is "$?" 1 'what was never armed differs'
has "$out" 'none is armed' 'and that is said'
has "$out" '5 new, 0 gone, 0 changed, 0 same' 'all of it is new'
arm ADV-1 >/dev/null 2>&1
out=$(fw diff ADV-1 2>&1)
is "$? $(echo "$out" | head -2 | tail -1)" '0 0 new, 0 gone, 0 changed, 5 same' 'what was just armed is the same'
fw run >/dev/null 2>&1
is "$(states ADV-1)" 'accepted planned planned planned planned' 'the first wave is out'

# --- the embargo moves, a partner is lowered, another leaves, one comes ----------
before=$(release)
sed -i "s/^release.*/release = $(from_now '+9 days')/" "$D/advisories/ADV-1/1/advisory.ini"
after=$(release)
less() { date -u -d "$1 - $2 days" +%Y-%m-%dT%H:%M:%SZ; }
sed -i '/^\[corp\]/,/^$/d; /^\[corp\/c1\]/,/^$/d' "$D/partners.ini"
make_key noc@echo.example
sed -i "s/^mail = soc@echo.*/mail = noc@echo.example/; /^mail = noc@echo/{n;s/.*/key = $(fingerprint '<noc@echo.example>')/}" "$D/partners.ini"
add_partner fern later XF soc@fern.example
fw keys import "$D"/keys/*fern* "$D"/keys/noc* >/dev/null
out=$(fw diff ADV-1 2>&1)
is "$?" 1 'then they differ'
is "$(row beta/c1)" "CHANGED beta/c1 - opens $(less "$before" 1) -> $(less "$after" 1)" 'when it opens, with both times'
has "$(row acme/c1)" "SENT acme/c1 1 opens $(less "$before" 4) -> " 'who has it already is named, with its revision'
is "$(row corp/c1)" "GONE corp/c1 - tier later, opens $(less "$before" 1)" 'who gets nothing now'
is "$(row fern/c1)" "NEW fern/c1 - tier later, opens $(less "$after" 1)" 'who is new'
has "$(row echo/c1)" 'address soc@echo.example -> noc@echo.example, key ' 'another address and key'
has "$out" '1 new, 1 gone, 3 changed, 1 same' 'counted'
has "$out" '1 of them have it already' 'and how many have it'

fw diff ADV-1 --json >"$T/diff.json" 2>/dev/null
is "$? $(/usr/bin/python3 -c 'import json, sys
a = json.load(open(sys.argv[1]))
print([a[k] for k in ("new", "gone", "changed", "sent", "same", "had")], [l["contact"] for l in a["lines"] if l.get("sure")])' "$T/diff.json")" \
	"1 [1, 1, 3, 1, 0, 1] ['acme/c1']" 'as JSON'
arm ADV-1 >/dev/null 2>&1
out=$(fw diff ADV-1 2>&1)
is "$?" 0 'armed again, it is the same'
has "$(row acme/c1)" 'SENT acme/c1 1 opens' 'who has it keeps the time that it had'
hasnt "$out" 'corp/c1' 'who was cancelled is no difference'

# --- a text that was sent, and the next revision ---------------------------------
cp "$D/advisories/ADV-1/1/summary.txt" "$T/summary.txt"
echo 'and one word more' >>"$D/advisories/ADV-1/1/summary.txt"
out=$(fw diff ADV-1 2>&1)
is "$? $(row acme/c1)" '1 CHANGED acme/c1 1 edition, opens '"$(less "$before" 4) -> $(less "$after" 4)" 'a text changed after it went out'
is "$(row beta/c1)" 'CHANGED beta/c1 - edition' 'and before'
cp "$T/summary.txt" "$D/advisories/ADV-1/1/summary.txt"
cp -R "$D/advisories/ADV-1/1" "$D/advisories/ADV-1/2"
echo 'Update to 4.3.' >"$D/advisories/ADV-1/2/summary.txt"
out=$(fw diff ADV-1 2>&1)
has "$out" 'revision 2 of now against revision 1 as armed' 'another revision against the armed one'
has "$(row acme/c1)" 'CHANGED acme/c1 1 revision 1 -> 2, edition' 'who has had the older one'
has "$(row acme/c1)" 'answers - -> 1' 'and what it answers'
is "$(fw diff ADV-1 -R 1 >/dev/null 2>&1; echo $?)" 0 'the armed revision itself is the same'
out=$(fw diff 2>&1)
is "$? $out" '2 forewarn: diff: name one advisory' 'without an advisory'
finish
