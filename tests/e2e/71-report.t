#!/bin/sh
# The report: what the ledger says, during a wave, after it, and when the programme has gone.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
sed -i 's/^rank .*/rank     = 2/' "$D/forewarn.ini"
add_tier later 1 guidance 'release - 71h'
add_contacts acme entry 7
add_partner beta later XC soc@beta.example
add_partner gone entry XC soc@gone.example
set_up_keys
start_relay

# report NAME [OPTION...]: a page in $T/NAME, made for the second of the real clock
report() {
	name=$1
	shift
	now=$(date +%s)
	fw report ADV-1 -o "$T/$name" --at "$(date -u -d "@$now" +%Y-%m-%dT%H:%M:%SZ)" "$@" >"$T/said" 2>&1
}

# checked NAME [REVISION]: what the page and the ledger disagree about
checked() { /usr/bin/python3 tests/report_check.py "$D/state/ledger.db" "$T/$1/index.html" ADV-1 "${2:-1}" "$now" 2>&1; }

out=$(fw report ADV-1 2>&1)
is "$?:$out" '2:forewarn: ADV-1: nothing of it is armed; see forewarn status' 'no report before anything is armed'
arm ADV-1 >/dev/null 2>&1
report armed
is "$? $(checked armed)" '1 ' 'what is armed and due is undone; the page has it'
is "$(stat -c %a "$T/armed" "$T/armed/index.html" | paste -sd' ')" '700 600' 'nobody else can read it'
report armed
has "$?$(cat "$T/said")" "2forewarn: $T/armed/index.html: " 'a page that stands is not written over'

# Stopped at the dot of the last one, with one refused, one deferred and one unknown.
sed -i '/^\[gone\]/,/^$/s/^status.*/status = suspended/' "$D/partners.ini"
one_connection
relay_does 'RCPT match c2@acme.example 1 reply 550 5.1.1 <script>alert(1)</script> & "no such user"' \
	'RCPT match c3@acme.example 1 reply 450 4.2.0 later' \
	'DOT match c4@acme.example 1 record-then-close' "DOT match c7@acme.example 1 wait $T/go"
"$FOREWARN" -C "$D" run >"$T/run" 2>&1 &
run=$!
relay_saw 'C \.' 5
is "$(state ADV-1 acme/c7)" committed 'a run is at work'
report during
is "$? $(checked during)" '1 ' 'a report while a run is at it has the numbers of that instant'
has "$(fw report ADV-1)" 'acme/c2  refused   main  1      550 5.1.1 <script>' 'on the terminal, too'
touch "$T/go"
wait $run
is "$? $(states ADV-1)" '1 accepted refused deferred unknown accepted accepted accepted planned blocked' \
	'the run did not notice'

report after
is "$? $(checked after)" '1 ' 'after it the page is as the ledger'
page=$(cat "$T/after/index.html")
has "$page" '550 5.1.1 &lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;no such user&quot;' 'markup in a reply is text'
is "$(grep -c '<script' "$T/after/index.html")" 1 'the page has no script but its own'
has "$page" 'forewarn settle ADV-1 acme/c4 accepted|resend|give-up' 'the next step stands with the unknown'
has "$page" 'forewarn retry ADV-1 acme/c2' 'and with the refused'
hasnt "$page" 'Remote code execution' 'no title'
table=$(fw report ADV-1 | tr -s ' ')
has "$table" "main $(sqlite3 "$D/state/ledger.db" "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', min(due), 'unixepoch')
	FROM delivery WHERE wave = 'main'") 8 8 4 1 3 0" 'the table has the counts'

in_browser report_page_check "$T/after/index.html"

# Only the ledger is left, and its mark.
mkdir "$T/alone"
cp -r "$D/state" "$T/alone"
at=$(from_now now)
is "$("$FOREWARN" -C "$T/alone" report ADV-1 --at "$at" 2>&1)" "$(fw report ADV-1 --at "$at")" \
	'without a file of the programme it is the same'

# Another revision: the first one is still to be had.
make_advisory ADV-1 2
arm ADV-1 >/dev/null 2>&1
report second
is "$(checked second 2)" '' 'the newest armed revision is reported'
report first --revision 1
is "$(checked first 1)" '' 'or the one that is asked for'
has "$(cat "$T/first/index.html")" 'superseded' 'with what was superseded'
fw report ADV-1 --revision 3 >/dev/null 2>&1
is $? 2 'one that was never armed is an error'

# What a person has stopped is stuck, whatever its state.
fw hold ADV-1 --reason 'a leak' >/dev/null
report stopped
is "$(checked stopped 2)" '' 'while the advisory is held, nothing of it waits for a run'
has "$(fw report ADV-1)" 'a leak' 'and the reason is said'
fw resume ADV-1 --reason 'no leak' >/dev/null

# A wave that its first run finds late waits, and at its end what was not sent has expired.
fw_at '+5h' run >/dev/null 2>&1
is "$(state ADV-1 beta/c1)" held 'a late wave is held'
report late
is "$(checked late 2)" '' 'held ones are stuck'
has "$(cat "$T/late/index.html")" 'too late: it waited for a person' 'and the wave says why'
has "$(fw report ADV-1)" 'forewarn send ADV-1 --to beta/c1' 'with the next step'
now=$(($(date +%s) + 60 * 3600))
fw_at '+60h' run >/dev/null 2>&1
fw report ADV-1 -o "$T/end" --at "$(date -u -d "@$now" +%Y-%m-%dT%H:%M:%SZ)" >/dev/null 2>&1
is "$? $(checked end 2)" '1 ' 'what has expired is stuck, too'
is "$(sqlite3 "$D/state/ledger.db" "SELECT count(*) > 0 FROM delivery WHERE state = 'expired'")" 1 '(some has)'
finish
