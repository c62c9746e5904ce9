#!/bin/sh
# The clock against the time since boot, which goes on as it will: steps, and a way back.
. "$(dirname "$0")/lib.sh"
# at '+2h' COMMAND...: the clock was set, and the machine knows how long it has been up.
at() { FAKETIME_DONT_FAKE_MONOTONIC=1 fw_at "$@"; }
sql() { sqlite3 "$D/state/ledger.db" "$1"; }
seen() { sql 'SELECT seen FROM meta'; }

make_programme
add_partner acme entry XC soc@acme.example
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
make_advisory ADV-2 1
sed -i "s/^release.*/release = $(from_now '+200 days')/" "$D/advisories/ADV-2/1/advisory.ini"
arm ADV-2 >/dev/null 2>&1
before=$(seen)

out=$(at +2h run 2>&1)
is "$? $(states ADV-1) $(mail_count)" '75 planned 0' 'a clock that leapt ahead sends nothing'
has "$out" 'and by the time since boot it is' 'which is said'
has "$out" 'set the clock, or if it is right, forewarn run --clock-ok' 'with the next step'
is "$(echo "$out" | grep -o '[0-9T:-]*Z' | wc -l)" 2 'and both times'
is "$(seen)" "$before" 'the time that was seen stays'
at +9y run >/dev/null 2>&1
is "$? $(states ADV-1) $(states ADV-2)" '75 planned planned' 'nor one in another decade'
at +9y send ADV-2 --to acme/c1 >/dev/null 2>&1
is "$? $(states ADV-2)" '75 planned' 'by hand neither'
at +9y settle ADV-2 acme/c1 give-up >/dev/null 2>&1
is "$? $(states ADV-2)" '2 planned' 'nor is anything decided'
out=$(at +9y arm ADV-2 --digest "$(at +9y preview ADV-2 2>/dev/null | sed -n 's/^plan digest: //p')" 2>&1)
is $? 2 'or armed'
fw run
is "$? $(states ADV-1) $(mail_count)" '0 accepted 1' 'when the clock is right again, all goes on'

# A person may vouch for it, once.
touch "$D/state/HOLD"
at +9y run --clock-ok >/dev/null 2>&1
is "$(states ADV-2)" 'expired' 'a person may say that it is right'
[ "$(seen)" -gt $((before + 200000000)) ]
ok $? 'then that time has been seen'
has "$(sql "SELECT data FROM event WHERE kind = 'clock'")" 'accepted by ' 'and it is an event'
out=$(fw run 2>&1)
is $? 75 'from then on today is the past'
has "$out" 'before what the ledger has seen' 'which is said'
rm "$D/state/HOLD"
fw run --clock-ok >/dev/null 2>&1
is "$?" 0 'the same word is the way back'
[ $(($(seen) - before)) -lt 3600 ]
ok $? 'then the time is today'
fw retry ADV-2 acme/c1 && fw run
is "$? $(states ADV-2)" '0 planned' 'and a line that expired in between waits for its wave'
at +9y run >/dev/null 2>&1
is $? 75 'it was once: the next leap is refused again'
fw verify >/dev/null
is $? 0 'the ledger is sound'

# Another boot.
sql "UPDATE meta SET boot_id = 'another'"
at +32d run >/dev/null 2>&1
is $? 75 'after a boot, more than a month later: refused'
at +30d run >/dev/null 2>&1
is $? 0 'a month: believed'
fw preview ADV-1 --clock-ok >/dev/null 2>&1
is $? 2 'only what sends takes a word for the clock'
finish
