#!/bin/sh
# --json: what each command answers to programs is what forewarn-json(5) says, and all of it.
. "$(dirname "$0")/lib.sh"
make_programme
add_partner acme entry XC soc@acme.example noc@acme.example
add_partner beta entry XC soc@beta.example
set_up_keys
start_relay
mkdir "$T/json"

answer() { # answer NAME ARGUMENT...: kept for the comparison with the page
	name=$1
	shift
	fw "$@" --json >"$T/json/$name" 2>"$T/stderr"
}

of() { # of NAME EXPRESSION: of the answer, by Python
	/usr/bin/python3 -c 'import json, sys
a = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$T/json/$1" "$2"
}

# What a plan can say: a rule, personal editions, a file withheld, who is not told.
sed -i 's/^admits .*/admits   = guidance, detection/' "$D/forewarn.ini"
add_tier low 2 guidance 'release - 4d'
sed -i '/^\[tier.low\]/,$s/^rank = .*/rank = 0/; /^\[tier.low\]/,$s/^rank = 0/rank = 1/; /^\[tier.entry\]/,/^$/s/^rank .*/rank = 2/' "$D/forewarn.ini"
printf '\n[rule.reporting]\ncountries = XA\ntier = low\nreason = must report\n' >>"$D/forewarn.ini"
echo 'rule gateway { condition: false }' >"$D/advisories/ADV-1/1/gateway.yar"
printf '\n[detection]\nattach.rules = gateway.yar\n' >>"$D/advisories/ADV-1/1/advisory.ini"
sed -i 's/{{text.summary}}/Dear {{partner.organisation}}, this is {{notice}}./' "$D/templates/notice.mustache"
sed -i '/^text.summary/d' "$D/advisories/ADV-1/1/advisory.ini"
add_partner gamma entry XA soc@gamma.example
add_partner gone entry XC soc@gone.example
sed -i '/^\[gone\]/,$s/^status = active/status = suspended/' "$D/partners.ini"
sed -i "/^\[beta\]/a review_by = $(date -u -d '+3 days' +%F)" "$D/partners.ini"
make_key old@acme.example 2d
sed -i "/^mail = noc@acme/{n;s/.*/key = $(fingerprint '<old@acme.example>')/}" "$D/partners.ini"
fw keys import "$D"/keys/*@acme.example.asc "$D"/keys/*@g*.asc >/dev/null

answer nothing status
is $? 0 'status of nothing'
is "$(of nothing 'a["deliveries"]')" '[]' 'is an empty list'
answer keys keys list
is $? 0 'keys list'
is "$(of keys '[(k["use"], k.get("contact"), "expires" in k) for k in a["keys"]][1:]')" \
	"[('contact', 'acme/c2', True), ('contact', 'beta/c1', False), ('contact', 'gamma/c1', False), ('contact', 'gone/c1', False), ('signer', None, False), ('nobody', None, False)]" \
	'each key, what for and until when'
answer late keys list --at "$(from_now '+9 days')"
is $? 1 'keys list, when one has expired'
has "$(of late 'a["keys"][1]["blocked"]')" 'expired on' 'says so of that key'
answer check check
is $? 0 'check'
is "$(of check 'a["contacts"], a["blocked"], [m for m in a["mistakes"] if not m["warning"]]')" '(5, 0, [])' 'counts'
has "$(of check 'a["mistakes"]')" "'file': 'partners.ini', 'line': " 'and gives warnings their place'
sed -i 's/^tier = entry/teir = entry/' "$D/partners.ini"
answer mistakes check
is $? 2 'check, when there are mistakes'
is "$(of mistakes '[(m["file"], m["line"]) for m in a["mistakes"] if "teir" in m["message"]][0]')" "('partners.ini', 4)" \
	'gives each its place'
is "$(of mistakes '"contacts" in a')" False 'and counts nothing'
fw preview ADV-1 --json >"$T/out" 2>/dev/null
is "$?$(cat "$T/out")" 2 'what cannot be answered is not'
sed -i 's/^teir = entry/tier = entry/' "$D/partners.ini"

answer preview preview ADV-1
is $? 0 'preview'
is "$(of preview 'a["digest"]')" "$(fw preview ADV-1 2>/dev/null | sed -n 's/^plan digest: //p')" 'has the digest'
is "$(of preview '[(l["contact"], l["tier"], l.get("rules"), l["novelty"]) for l in a["lines"]][2:]')" \
	"[('beta/c1', 'entry', None, 'new'), ('gamma/c1', 'low', 'reporting', 'new')]" 'each line'
is "$(of preview '[(e["personal"], [i["given"] for i in e["items"] if i["name"] == "attach.rules"]) for e in a["editions"]][2:]')" \
	"[('beta/c1', [True]), ('gamma/c1', [False])]" 'each edition, and what is withheld'
is "$(of preview 'a["not_told"]')" "[{'contact': 'gone/c1', 'why': 'the partner is suspended'}]" 'who is not told'
answer one preview ADV-1 --to beta/c1
is "$(of one '[l["contact"] for l in a["lines"]]')" "['beta/c1']" '--to holds'
answer arm arm ADV-1 -n
is $? 0 'arm -n'
is "$(of arm '[a[k] for k in ("lines", "editions", "digest")]')" "$(of preview '[a[k] for k in ("lines", "editions", "digest")]')" \
	'shows what preview does'

arm ADV-1 >/dev/null
one_connection
patience 1m
fw hold ADV-1 --reason 'a leak' >/dev/null
answer held run -n
is "$(of held '[d["sends"] for d in a["deliveries"]]')" '[False, False, False, False]' 'run -n, while the advisory is held'
has "$(of held 'a["deliveries"][0]["why"]')" 'a leak' 'says why nothing would be sent'
has "$(of held 'a["deliveries"][0]["delivery"]["bar"]')" 'held by' 'and who holds it'
fw resume ADV-1 --reason 'no leak' >/dev/null
answer run run -n
is $? 0 'run -n'
is "$(of run '[(d["sends"], d["delivery"]["contact"]) for d in a["deliveries"]]')" \
	"[(True, 'acme/c1'), (True, 'acme/c2'), (True, 'beta/c1'), (True, 'gamma/c1')]" 'what would be sent'
sed -i 's/^mail = soc@beta/mail = desk@beta/' "$D/partners.ini"
answer changed run -n
has "$(of changed 'a["deliveries"][2]["why"]')" 'changed since it was armed' 'and why not'
sed -i 's/^mail = desk@beta/mail = soc@beta/' "$D/partners.ini"
sed -i 's/^tlp/tpl/' "$D/advisories/ADV-1/1/advisory.ini"
answer waits run -n
is "$(of waits 'a["waiting"][0]["mistakes"][0]["file"]')" advisories/ADV-1/1/advisory.ini 'what waits, with its mistakes'
sed -i 's/^tpl/tlp/' "$D/advisories/ADV-1/1/advisory.ini"

relay_does 'RCPT match old@acme.example 1 reply 550 5.1.1 no' 'RCPT match noc@acme.example 1 reply 550 5.1.1 no such user' \
	'RCPT match soc@beta.example 1 reply 450 4.2.0 later'
fw run >/dev/null 2>&1
answer status status
is $? 1 'status of troubles'
is "$(cat "$T/stderr")" '' 'is silent on stderr'
is "$(of status '[(d["contact"], d["state"]) for d in a["deliveries"]]')" \
	"[('acme/c1', 'accepted'), ('acme/c2', 'refused'), ('beta/c1', 'deferred'), ('gamma/c1', 'accepted')]" 'each delivery'
is "$(of status 'a["undone"]')" 2 'and how many are undone'
answer report report ADV-1
is "$? $(of report '[(w["wave"], w["lines"], w["accepted"], w["waiting"], w["stuck"]) for w in a["waves"]]')" \
	"1 [('low', 1, 1, 0, 0), ('main', 3, 1, 1, 1)]" 'report, of the waves'
is "$(of report '[d["delivery"]["contact"] for d in a["deliveries"] if "accepted" in d]')" \
	"['gamma/c1', 'acme/c1']" 'and of each delivery'
sed -i "/^mail = soc@acme/{n;s/.*/key = $(fingerprint '<noc@acme.example>')/}" "$D/partners.ini"
answer again preview ADV-1
is "$(of again 'a["lines"][0]["novelty"], a["lines"][0]["changed"]')" "('changed', 'key')" 'preview, when a key has changed'

answer partners partners list
is "$? $(of partners '[(p["partner"], p["file_status"]) for p in a["partners"]][0]')" "0 ('acme', 'active')" 'partners list'
fw partners suspend beta --reason 'a leak' >/dev/null
answer barred partners list
is "$(of barred '[p.get("ledger_status") for p in a["partners"]][:2]')" "[None, 'suspended']" 'shows what the ledger says'
answer told preview ADV-1
has "$(of told '[l["barred"] for l in a["lines"] if l["partner"] == "beta"][0]')" 'a leak' 'and so does preview'
fw partners restore beta --reason 'no leak' >/dev/null
answer due partners due
is "$(of due 'a["overdue"], a["ends"] == sorted(a["ends"], key=lambda e: e.get("when", ""))')" "(0, True)" 'partners due'
sed -i.kept '0,/^key = .*/s//key = 0000000000000000000000000000000000000000/' "$D/partners.ini"
answer gone partners due
is "$? $(of gone 'a["overdue"], "why" in a["ends"][0]')" '1 (1, True)' 'a key that is of no use is overdue'
mv "$D/partners.ini.kept" "$D/partners.ini"
answer exposed exposed ADV-1 --before "$(from_now '+1 day')"
is "$? $(of exposed 'a["sure"], a["perhaps"], sorted(e["contact"] for e in a["exposures"])')" \
	"0 (2, 0, ['acme/c1', 'gamma/c1'])" 'who had it'
sed -i "s/^release.*/release = $(from_now '+5 days')/" "$D/advisories/ADV-1/1/advisory.ini"
answer diff diff ADV-1
is "$? $(of diff '[(l["contact"], l["what"], l.get("sure")) for l in a["lines"]][2:]')" \
	"1 [('beta/c1', 'changed', None), ('gamma/c1', 'sent', True)]" 'what differs from what is armed'
answer explain explain gamma/c1 ADV-1
is "$? $(of explain '[(s["outcome"], s["file"]) for s in a["steps"] if s["about"] == "tier"]')" \
	"0 [('low', 'forewarn.ini')]" 'why it gets what it gets'

sqlite3 "$D/state/ledger.db" "SELECT symbol FROM mark JOIN delivery USING (code) WHERE contact = 'acme/c1'" |
	/usr/bin/python3 -c 'n = int(input())
print("".join("23456789ABCDEFGHJKLMNPQRSTUVWXYZ"[n >> s & 31] for s in range(35, -1, -5)))' >"$T/leak"
answer trace trace "$T/leak" "$PWD/README.md"
is "$? $(of trace '[(l.get("advisory"), l["read"]) for l in a["leaks"]], [s["contact"] for s in a["suspects"] if s["named"]]')" \
	"0 ([('ADV-1', 1), (None, 0)], ['acme/c1'])" 'whose copy leaked, by its notice number'

answer hold hold ADV-1 --reason so
is "$? $(of hold 'a["accepted"], a["perhaps"], a.get("all", False)')" '0 (2, 0, False)' 'hold'
answer resume resume ADV-1 --reason so
is "$? $(of resume 'a["accepted"]')" '0 2' 'resume'
answer cancel cancel ADV-1 --reason so -n
is "$? $(of cancel 'a["cancelled"], a["dry_run"]')" '0 (2, True)' 'cancel'
for name in ana ben; do
	make_key $name@psirt.example
	fw keys import "$D/keys/$name@psirt.example.asc" >/dev/null
	printf '\n[approver/%s]\nkey = %s\n' $name "$(fingerprint "<$name@psirt.example>")" >>"$D/forewarn.ini"
done
sed -i '/^\[openpgp\]/i approvals = 2\n' "$D/forewarn.ini"
make_advisory ADV-9 1
sed -i '/^text.summary/d' "$D/advisories/ADV-9/1/advisory.ini"
arm ADV-9 >/dev/null 2>&1
fw plan ADV-9 >"$T/plan.txt"
people --local-user '<ana@psirt.example>' --armor --detach-sign "$T/plan.txt"
answer plan plan ADV-9
is "$? $(of plan 'len(a["lines"]), a["digest"]')" "0 ($(wc -l <"$T/plan.txt"), '$(sha256sum <"$T/plan.txt" | cut -c1-64)')" 'plan'
answer armed arm ADV-9 --digest "$(sha256sum <"$T/plan.txt" | cut -c1-64)"
is "$? $(of armed 'a["armed"], a["needed"]')" '0 (False, 2)' 'arm'
for what in suspend restore remove; do
	answer $what partners $what gone --reason so
	is "$? $(of $what 'a["partner"]')" '0 gone' "partners $what"
done
answer approve approve ADV-9 "$T/plan.txt.asc"
is "$? $(of approve 'a["proposed"], a["given"], a["needed"], a["armed"]')" '0 (True, 1, 2, False)' 'approve'

answer blocked preview ADV-1 --at "$(from_now '+9 days')"
has "$(of blocked 'a["lines"][1]["blocked"]')" 'expired on' 'preview, when one has expired'
answer verify verify
is $? 0 'verify'
is "$(of verify 'a["sound"], a["mistakes"]')" '(True, [])' 'of a sound ledger'
sqlite3 "$D/state/ledger.db" "DROP TRIGGER delivery_state; UPDATE delivery SET state = 'planned' WHERE contact = 'acme/c1'"
answer unsound verify
is $? 1 'verify'
is "$(of unsound 'a["sound"], len(a["mistakes"])')" '(False, 1)' 'of an unsound one'

out=$(fw arm ADV-1 --json 2>&1)
is "$?$out" '2forewarn: arm: --json shows what would be armed with -n, and arms what --digest names' 'arm without -n'
out=$(fw run --json 2>&1)
is "$?$out" '2forewarn: run: --json tells what would be sent: give -n, too' 'run without -n'

is "$(/usr/bin/python3 tests/json_check.py --all mailer/man/forewarn-json.5 "$T"/json/*)" '' \
	'each answer is as the page says, and each key of the page was seen'
finish
