#!/bin/sh
# Each decision about a contact with the place that it was made at.
. "$(dirname "$0")/lib.sh"
make_programme
sed -i 's/^admits .*/admits   = guidance, detection/' "$D/forewarn.ini"
sed -i 's/^rank .*/rank = 2/' "$D/forewarn.ini"
add_tier low 1 'guidance' 'release'
add_tier full 3 'guidance, detection, proof-of-concept' 'release - 5d'
printf '\n[rule.reporting]\ncountries = XA\ntier = low\nreason = must report within 48 hours\n' >>"$D/forewarn.ini"
printf '\n[rule.idle]\ncountries = XB\ntier = full\nreason = nothing to lower\n' >>"$D/forewarn.ini"
echo 'x' >"$D/advisories/ADV-1/1/x.yar"
echo 'p' >"$D/advisories/ADV-1/1/p.py"
printf '\n[detection]\nattach.rules = x.yar\n[proof-of-concept]\nattach.trigger = p.py\n' >>"$D/advisories/ADV-1/1/advisory.ini"
add_partner acme full XA soc@acme.example
add_partner beta entry XB soc@beta.example
add_partner corp entry XC soc@corp.example
sed -i '/^\[corp\]/,/^status/s/^status.*/status = suspended/' "$D/partners.ini"
set_up_keys
at() { grep -n "$1" "$D/$2" | head -1 | cut -d: -f1; }

out=$(fw explain acme/c1 ADV-1 2>&1)
is $? 0 'explained'
has "$out" 'own tier           full' 'the tier that it has'
has "$out" 'the rule matches and lowers: XA: must report within 48 hours' 'the rule that lowers it, and why'
has "$out" "forewarn.ini:$(at '^\[rule.reporting' forewarn.ini)" 'and where that stands'
has "$out" 'tier               low: tier full, lowered to low by rule reporting' 'the tier that holds'
has "$out" 'attach.trigger     withheld: class proof-of-concept is not among what tier low admits' 'what is withheld and why'
has "$out" 'text.summary       given' 'and what is given'
has "$out" "partners.ini:$(at '^\[acme\]' partners.ini)" 'where the partner stands'
has "$out" 'key                ' 'and its key'
arm ADV-1 >/dev/null 2>&1
out=$(fw explain beta/c1 ADV-1 2>&1)
has "$out" 'the rule matches, and lowers nothing' 'a rule that changes nothing'
has "$out" 'delivery 1         planned' 'what the ledger says of it'
has "$out" 'attach.rules       given' 'each of its own tier'
out=$(fw explain corp/c1 ADV-1 2>&1)
has "$out" 'suspended, gets nothing' 'a suspended partner'
has "$out" 'the partner is suspended' 'is not in the plan'
fw hold ADV-1 --reason 'so' >/dev/null
has "$(fw explain beta/c1 ADV-1 2>&1)" 'held by' 'and what is held'
out=$(fw explain beta/c9 ADV-1 2>&1)
is $? 2 'nobody is an error'
is "$(fw explain acme/c1 ADV-1 --json | /usr/bin/python3 -c '
import json, sys
steps = {s["about"]: s for s in json.load(sys.stdin)["steps"]}
print(steps["tier"]["outcome"], steps["attach.trigger"]["outcome"], steps["reporting"]["file"])')" \
	'low withheld forewarn.ini' 'the same as JSON'
finish
