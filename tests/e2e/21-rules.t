#!/bin/sh
# Who is told what: rules lower, tiers tighten, and a line goes out only as it was armed.
. "$(dirname "$0")/lib.sh"
make_programme
add_tier middle 2 'guidance, detection' 'release - 4d'
add_tier full 3 'guidance, detection, reproduction' 'release - 4d'
sed -i 's/^from .*/&\nreply_to = psirt@psirt.example/
	s/^\[tier.entry\]/&\ntlp = CLEAR/; s/^\[tier.full\]/&\ntlp = RED\ntemplate = details/' "$D/forewarn.ini"
cat >>"$D/forewarn.ini" <<END

[rule.first]
countries = XA
tier      = middle
reason    = reports vulnerabilities

[rule.second]
countries = XB, XX
tier      = entry
reason    = reports them at once
END
printf 'Subject: {{title}}\n\n%s\n' 'Details at TLP:{{advisory.tlp}}: {{text.summary}} {{#text.how}}{{.}}{{/text.how}}' \
	>"$D/templates/details.mustache"
add_partner acme full XC soc@acme.example
add_partner both full XA,XB soc@both.example
add_partner gone full XC soc@gone.example
add_partner lower entry XA soc@lower.example
add_partner once full XA soc@once.example
sed -i '/^\[gone\]/,/^$/s/^status.*/status = suspended/' "$D/partners.ini"
make_key other@acme.example
set_up_keys
start_relay
has "$(fw keys import "$D/keys/other@acme.example.asc")" 'is pinned by nobody' \
	'a key in the home is nobody'\''s until it is pinned'

# --- rules, ranks, tlp -----------------------------------------------------------
out=$(fw preview ADV-1 2>&1)
has "$out" 'tier full, lowered to entry by rule first,second' 'the lowest rank wins, and all rules are named'
has "$out" 'tier full, lowered to middle by rule first' 'one rule lowers to its own tier'
has "$out" 'gone/c1: the partner is suspended' 'who is not told stands in the plan'
arm ADV-1 >/dev/null 2>&1
fw run
is $? 0 'all goes out'
tier_of() {
	sqlite3 "$D/state/ledger.db" "SELECT tier, rules FROM delivery WHERE contact = '$1' AND advisory = 'ADV-1'"
}
is "$(tier_of acme/c1) $(tier_of both/c1) $(tier_of lower/c1) $(tier_of once/c1) $(tier_of gone/c1)" \
	'full|- entry|first,second entry|first middle|first ' 'the ledger has tiers and rules, and no suspended'
has "$(read_mail "$(mail_to soc@acme)")" 'Subject: [TLP:RED] Remote' 'a tier tightens the label'
has "$(read_mail "$(mail_to soc@acme)")" 'Details at TLP:RED: Update' '... for its template, too'
has "$(read_mail "$(mail_to soc@lower)")" 'Subject: [TLP:AMBER] Remote' 'and never loosens it'
is "$(mail_to soc@gone)" '' 'the suspended has nothing'

# --- what was armed, and what is there now ---------------------------------------
make_next() { # make_next N: an advisory whose details are for the full tier only
	A=ADV-$1 N=$D/advisories/ADV-$1/1
	make_advisory $A 1
	echo "The trigger of $A" >"$N/how.txt"
	echo "rule $A" >"$N/trigger.yar"
	printf '\n[reproduction]\ntext.how = how.txt\nattach.trigger = trigger.yar\n' >>"$N/advisory.ini"
	arm $A >/dev/null 2>&1
}

keep() { # all files as they are
	mkdir "$T/kept" && cp -a "$D"/*.ini "$D/templates" "$D/advisories" "$T/kept"
}
restore() { # restore FILE...: as they were kept
	for file; do cp "$T/kept/$file" "$D/$file"; done
	rm -rf "$T/kept"
}

now() { # now ADVISORY CONTACT: its state and the reason
	sqlite3 -separator ': ' "$D/state/ledger.db" \
		"SELECT state, reason FROM delivery WHERE advisory = '$1' AND contact = '$2'"
}

# Each change is one contact's; the run stops that line and no other.
add_partner rule full XC soc@rule.example
add_partner away full XC soc@away.example
add_partner fired full XC soc@fired.example
add_partner keyed full XC soc@keyed.example
add_partner upper middle XC soc@upper.example
fw keys import "$D"/keys/*.asc >/dev/null
make_next 2
keep
sed -i "s/^mail = soc@acme/mail = other@acme/
	s/^key = $(fingerprint '<soc@keyed.example>')/key = $(fingerprint '<other@acme.example>')/
	/^\[upper\]/,/^$/s/^tier.*/tier = full/
	/^\[rule\]/,/^$/s/^countries.*/countries = XC, XZ/
	/^\[away\]/,/^$/s/^status.*/status = suspended/
	/^\[fired\]/,/^$/d; /^\[fired\/c1\]/,/^$/d" "$D/partners.ini"
sed -i 's/^\[rule.first\]/[rule.none]\ncountries = XZ\ntier = full\nreason = it lowers nobody\n\n&/' "$D/forewarn.ini"
before=$(mail_count)
out=$(fw run 2>&1)
is $? 1 'lines that changed: run is not content'
for line in 'acme changed: address; arm again' 'keyed changed: key; arm again' \
	'upper changed: tier, wave; arm again' 'rule changed: rules; arm again' \
	'away not in the plan: the partner is suspended' 'fired not in the plan: the contact is gone'; do
	contact=${line%% *}/c1 why=${line#* }
	is "$(now ADV-2 "$contact")" "blocked: $why" "$contact is $why"
	has "$out" "ADV-2 $contact: blocked: $why; next: " '... and run says so'
done
is "$(state ADV-2 lower/c1) $(state ADV-2 both/c1) $(state ADV-2 once/c1)" 'accepted accepted accepted' \
	'the lines that did not change went out'
is "$(($(mail_count) - before))" 3 'and nothing else did'
has "$(fw send ADV-2 --to away/c1 2>&1)" 'the partner is suspended' 'by hand it does not go either'
out=$(fw run 2>&1)
is "$? $out" '1 ' 'the next run says none of it again'

cp "$T/kept/partners.ini" "$T/partners.kept"
sed -i "s/^key = $(fingerprint '<soc@keyed.example>')/key = $(fingerprint '<other@acme.example>')/" "$T/kept/partners.ini"
restore partners.ini forewarn.ini
before=$(mail_count)
fw run 2>/dev/null
is "$? $(($(mail_count) - before))" '1 5' 'files as they were armed: those lines go out'
is "$(now ADV-2 keyed/c1)" 'blocked: changed: key; arm again' 'the one that did not go back stays'
out=$(arm ADV-2)
has "$out" 'keyed/c1 <soc@keyed.example>  NEW' 'arm shows a line that never went out as new'
has "$out" ' 1 NEW or CHANGED' '... and counts it'
fw run
is "$? $(state ADV-2 keyed/c1) $(($(mail_count) - before))" '0 accepted 6' 'armed again: it goes out'
open_mail "$(mail_to soc@keyed)" >/dev/null
is "$(awk '/ DECRYPTION_KEY /{ print $4 }' "$T/status")" "$(fingerprint '<other@acme.example>')" '... to the new key'
mv "$T/partners.kept" "$D/partners.ini"

# Each change is of one advisory, and of what only some may have.
for id in 3 4 5 6; do make_next $id; done
keep
sed -i 's/trigger/shorter trigger/' "$D/advisories/ADV-3/1/how.txt"
sed -i 's/$/ /' "$D/advisories/ADV-4/1/trigger.yar"
sed -i 's/^attach.trigger .*//' "$D/advisories/ADV-5/1/advisory.ini"
mv "$D/advisories/ADV-6/1/trigger.yar" "$D/advisories/ADV-6/1/other.yar"
sed -i 's/trigger.yar/other.yar/' "$D/advisories/ADV-6/1/advisory.ini"
before=$(mail_count)
fw run 2>/dev/null
is "$? $(($(mail_count) - before))" '1 16' 'editions that changed stop their lines, in every advisory'
while read -r id what; do
	is "$(now "$id" acme/c1)" 'blocked: changed: text or files; arm again' "$what: blocked"
	is "$(state "$id" once/c1)" accepted '... but not where it is withheld anyway'
done <<END
ADV-3 a text
ADV-4 a byte of an attachment
ADV-5 an attachment less
ADV-6 the name of an attachment
END
for id in 3 4 5 6; do
	cp "$T/kept/advisories/ADV-$id/1"/* "$D/advisories/ADV-$id/1/"
done
rm -rf "$T/kept"
before=$(mail_count)
fw run 2>/dev/null
is "$? $(($(mail_count) - before))" '0 20' 'files as they were armed: they go out'

# What every edition says.
make_next 7
keep
before=$(mail_count)
for what in name from reply_to audience; do
	sed -i "s/^$what .*/$what = other@psirt.example/" "$D/forewarn.ini"
	fw run 2>/dev/null
	is "$? $(now $A acme/c1)" '1 blocked: changed: text or files; arm again' "$what is in the line"
	cp "$T/kept/forewarn.ini" "$D/forewarn.ini"
done
sed -i 's/^\[wave.full\]/&\nlasts = 24h/' "$D/forewarn.ini"
echo 'More.' >>"$D/templates/notice.mustache"
fw run 2>/dev/null
is "$? $(now $A acme/c1)" '1 blocked: changed: length; arm again' 'the length of a wave: blocked'
is "$(now $A lower/c1)" 'blocked: changed: text or files; arm again' 'a template: blocked'
is "$(mail_count)" "$before" 'nothing went out'
restore forewarn.ini templates/notice.mustache
fw run 2>/dev/null
is "$? $(($(mail_count) - before))" '0 9' 'files as they were armed: all goes out'

# --- when it opens ---------------------------------------------------------------
make_next 8
keep
sed -i '/^\[wave.main\]/,/^$/s/^opens.*/opens = release - 24h/' "$D/forewarn.ini"
out=$(fw run 2>&1)
is "$? $out $(state $A acme/c1) $(state $A lower/c1)" '0  accepted planned' \
	'opens is later: those lines wait, without a word'
is "$(sqlite3 "$D/state/ledger.db" "SELECT count(*) FROM event WHERE kind = 'moved'")" 2 \
	'... with an event for each'
has "$(fw status $A)" 'opens 2' '... and status shows when'
restore forewarn.ini
out=$(fw run 2>&1)
is "$? $(state $A lower/c1)" '0 planned' 'earlier again: the line still waits, as it was moved'
has "$(fw send $A --to lower/c1 2>&1)" 'wave main opens' '... by hand, too'
arm $A >/dev/null 2>&1
fw run
is "$? $(state $A lower/c1)" '0 accepted' '... until it is armed again'

make_next 9
sed -i 's/^opens.*/opens = release - 5d/' "$D/forewarn.ini"
fw run 2>/dev/null
is "$? $(now $A acme/c1)" '1 blocked: changed: opening; arm again' 'opens is earlier: blocked'
finish
