#!/bin/sh
# Thirty contacts, sealed to in groups and sent on eight connections: what two of them share
# is of one edition, and who is to be sealed to alone shares nothing. No more than are claimed
# at once: which edition a claim's end falls in is the draw of the canaries.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
add_tier full 2 'guidance, detection' 'release - 4d'
add_tier solo 3 'guidance, detection' 'release - 4d'
sed -i 's/^\[tier.solo\]/&\nseal = alone/' "$D/forewarn.ini"
printf '\n[language.ko]\nfallback = yes\n' >>"$D/forewarn.ini"
add_contacts ant entry 6
add_contacts asp entry 6
add_contacts fox full 5
add_contacts fly full 5
add_contacts far full 3
add_contacts sun solo 5
# asp and fly read Korean, far wants no shared seal.
sed -i 's/^\[asp\/.*\|^\[fly\/.*/&\nlanguage = ko/; s/^\[far\]/&\nseal = alone/' "$D/partners.ini"

N=$D/advisories/ADV-1/1
for what in english korean title rules name; do
	canary >"$T/$what"
done
{ echo 'Update now.' && cat "$T/english"; } >"$N/summary.txt"
{ echo '지금 업데이트하십시오.' && cat "$T/korean"; } >"$N/summary.ko.txt"
{ head -c 9000 /dev/urandom | base64 && cat "$T/rules"; } >"$N/$(cat "$T/name").yar"
sed -i "s/^title .*/title = $(cat "$T/title")/
	s/^text.summary .*/&\ntext.summary.ko = summary.ko.txt/" "$N/advisory.ini"
printf '\n[detection]\nattach.rules = %s.yar\n' "$(cat "$T/name")" >>"$N/advisory.ini"
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>"$T/log"
fw run 2>>"$T/log"
is "$? $(mail_count)" '0 30' 'all is sent'
has "$(cat "$S/commands.log")" '2 +' 'on several connections'

# --- what each one reads ---------------------------------------------------------
edition() { # edition ADDRESS
	case $1 in
	*@ant.*) echo 'english title' ;;
	*@asp.*) echo 'korean title' ;;
	*@fly.*) echo 'korean name rules title' ;;
	*) echo 'english name rules title' ;;
	esac
}
pinned() { grep -A1 "^mail = $1\$" "$D/partners.ini" | sed -n 's/^key = //p'; }
wrong=
for mail in $(mails); do
	to=$(sed -n 's/^To: \(.*\)\r$/\1/p' "$mail")
	read_mail "$mail" >"$T/seen"
	seen=$(for what in english korean name rules title; do
		! grep -qF "$(cat "$T/$what")" "$T/seen" || echo $what
	done | paste -sd' ')
	[ "$seen" = "$(edition "$to")" ] || wrong="$wrong $to reads: $seen;"
	grep -q ' GOODSIG ' "$T/status" || wrong="$wrong $to: no signature;"
	[ "$(awk '/ DECRYPTION_KEY /{ print $4 }' "$T/status")" = "$(pinned "$to")" ] ||
		wrong="$wrong $to: another's key;"
	grep -q "\"rcpt_to\": \[\"$to\"\]" "${mail%.eml}.json" || wrong="$wrong $to: another's envelope;"
done
is "$wrong" '' 'each reads its own edition, by its own key, and nothing of another'

# --- who shares ------------------------------------------------------------------
tests/seal_check.py $(mails) >"$T/seals"
is "$(awk '$2 != 1' "$T/seals")" '' 'each message has one session key'
group() { # group PARTNER: how many messages, of how many encryptions
	awk -v at="@$1.example" 'index($1, at) { n++; seen[$3] }
		END { for (i in seen) m++; print n, "of", m }' "$T/seals"
}
is "$(group ant), $(group asp), $(group fox), $(group fly)" '6 of 1, 6 of 1, 5 of 1, 5 of 1' \
	'contacts of one edition share its encryption'
is "$(group far), $(group sun)" '3 of 3, 5 of 5' 'seal = alone, of a partner or a tier: each has its own'
is "$(cut -d' ' -f3 "$T/seals" | sort -u | wc -l)" 12 'and no two editions, nor groups, share any'

is "$(secrets_in "$S" "$D/state" "$T/log")" '' 'no secret is on the wire, in the ledger, or was said'
is "$(tests/ledger_check.py "$D/state/ledger.db")" '' 'the ledger is whole'
finish
