#!/bin/sh
# When a line goes out: not before its wave, not late unasked, not when its time is over.
# The clock of forewarn only ever goes forward here, as the ledger demands.
. "$(dirname "$0")/lib.sh"
arm_in() { # arm_in '+50h' ADVISORY
	fw_at "$1" arm "$2" --digest "$(fw_at "$1" preview "$2" 2>/dev/null | sed -n 's/^plan digest: //p')" >/dev/null 2>&1
}

release() { # release ADVISORY '+3 days': a new advisory
	make_advisory "$1" 1
	sed -i "s/^release.*/release = $(from_now "$2")/" "$D/advisories/$1/1/advisory.ini"
}

rows() { sqlite3 "$D/state/ledger.db" 'SELECT * FROM delivery ORDER BY id; SELECT * FROM event ORDER BY seq'; }
states() { echo "$(state "$1" acme/c1), $(state "$1" beta/c1), $(state "$1" beta/c2)"; }

make_programme
add_tier full 2 'guidance, detection' 'release - 5bd'
sed -i 's/^opens = release - 4d/opens = release - 24h/
	s/^weekend.*/&\nholidays = 2026-12-25, 2027-01-01/' "$D/forewarn.ini"
add_partner acme full XC soc@acme.example
add_partner beta entry XC one@beta.example two@beta.example
set_up_keys
start_relay

# --- the plan --------------------------------------------------------------------
sed -i 's/^release.*/release = 2027-01-05T10:00:00Z/' "$D/advisories/ADV-1/1/advisory.ini"
out=$(fw preview ADV-1 --at 2026-12-20T09:30:00Z 2>&1)
has "$out" 'wave full, lasts 2 d
  opens 2026-12-28T10:00:00Z (Mon 2026-12-28 10:00 UTC), in 8 d' \
	'five business days before, over a holiday and two weekends'
has "$out" 'wave main, lasts 2 d
  opens 2027-01-04T10:00:00Z (Mon 2027-01-04 10:00 UTC), in 15 d' \
	'a day before is a day before'
out=$(TZ=Asia/Seoul fw preview ADV-1 --at 2026-12-29T10:00:00Z 2>&1)
has "$out" 'opens 2026-12-28T10:00:00Z (Mon 2026-12-28 19:00 KST), 1 d ago' 'an open wave, in local time'
sed -i 's/^weekend.*/weekend = friday, saturday/' "$D/forewarn.ini"
has "$(fw preview ADV-1 --at 2026-12-20T09:30:00Z 2>&1)" 'opens 2026-12-29T10:00:00Z (Tue' \
	'another weekend, another day'

# --- now -------------------------------------------------------------------------
release ADV-1 '+3 days'
release ADV-2 '+3 days 4 hours'
release ADV-3 '+20 days'
release ADV-4 '+3 days'
for id in 1 2 3 4; do arm ADV-$id >/dev/null 2>&1; done
echo 'severity = high' >>"$D/advisories/ADV-4/1/advisory.ini"
echo 'sevrity : high' >>"$D/advisories/ADV-4/1/advisory.ini"
before=$(rows)
arm ADV-1 >/dev/null 2>&1
is "$(rows)" "$before" 'the identical plan armed again changes nothing'

out=$(fw run 2>&1)
is $? 1 'one advisory has a mistake'
has "$out" 'ADV-4 acme/c1: blocked: advisories/ADV-4/1/advisory.ini:10: ' 'run says which, with its place'
is "$(states ADV-4)" 'blocked, planned, planned' 'it stops the due lines of that advisory'
is "$(states ADV-1)" 'accepted, planned, planned' 'the wave of another goes, late as it was armed'
sed -i '/^sev/d' "$D/advisories/ADV-4/1/advisory.ini"
out=$(fw run 2>&1)
is "$? $out" '0 ' 'mended, it goes with the next run'
is "$(states ADV-4)" 'accepted, planned, planned' '... and no wave before its time'
is "$(mail_count)" 3 'one mail for each advisory whose wave is open'

# --- 47 hours on -----------------------------------------------------------------
fw_at +47h run
is "$? $(mail_count)" '0 3' 'an hour before it opens, nothing goes'
fw_at +48.5h run
is "$? $(states ADV-1)" '0 accepted, accepted, accepted' 'half an hour after, all of it has gone'
is "$(states ADV-2)" 'accepted, planned, planned' 'and the wave that opens later has not'

# --- 2.5 hours after ADV-2's opened ----------------------------------------------
out=$(fw_at +54.5h run 2>&1)
is $? 1 'a wave that is found too late waits for a person'
is "$(states ADV-2)" 'accepted, held, held' '... all of it'
has "$out" 'ADV-2 beta/c1: held: late: found 2 h 3' '... and run says how late'
has "$out" 'next: forewarn send ADV-2 --to beta/c1, or forewarn retry ADV-2 beta/c1' '... and what to do'
out=$(fw_at +54.5h run 2>&1)
is "$? $out" '1 ' '... once'
out=$(fw_at +54.5h send ADV-2 --to beta/c1 2>&1)
is "$? $(states ADV-2)" '0 accepted, accepted, held' 'send by hand sends one'
fw_at +54.5h retry ADV-2 beta/c2
is "$? $(states ADV-2)" '0 accepted, accepted, planned' 'retry lets the other go'
fw_at +54.5h run
is "$? $(states ADV-2)" '0 accepted, accepted, accepted' '... with the next run'

add_partner corr entry XC soc@corr.example
fw keys import "$D/keys/soc@corr.example.asc" >/dev/null
arm_in +60h ADV-2
fw_at +63h run
is "$? $(state ADV-2 corr/c1)" '0 accepted' 'who is armed into an old wave is not late'

# --- over ------------------------------------------------------------------------
# ADV-3 opened after 19 days, and earlier for full, with no run at work.
out=$(fw_at +530h run 2>&1)
is "$? $(states ADV-3)" '1 expired, expired, expired' 'a wave that is over has expired'
has "$out" 'ADV-3 beta/c1: expired' '... and run says so'
has "$out" 'next: forewarn retry ADV-3 beta/c1; or forewarn settle ADV-3 beta/c1 give-up' '... and what to do'
out=$(fw_at +530h send ADV-3 --to beta/c1 2>&1)
is $? 2 'send does not send it'
has "$out" 'forewarn retry' '... and says what does'
fw_at +530h retry ADV-3 acme/c1 beta/c1 beta/c2
fw_at +531h run
is "$? $(states ADV-3)" '0 accepted, accepted, accepted' 'retry opens it again'
finish
