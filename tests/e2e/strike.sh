# A run on eight connections that is killed before one of its writing calls, a good one, and
# a person who settles what is unknown; then the relay's own record against the ledger's.
# Sourced behind lib.sh.

make_strike_programme() { # six contacts, armed; in clear text, which has more calls
	make_programme
	patience 2m
	sed -i 's/^timeout = .*/&\ntls = none/' "$D/forewarn.ini"
	add_contacts acme entry 6
	set_up_keys
	start_relay --tls none --seconds 3600
	arm ADV-1 >/dev/null 2>&1
	cp "$D/state/ledger.db" "$T/armed.db"
	cp -p "$D/secret/ledger.mark" "$T/armed.mark"
}

again() { # the programme as it was armed, and a relay that has taken nothing
	rm -rf "$D"/state/ledger.db* "$S"/messages/*
	cp "$T/armed.db" "$D/state/ledger.db"
	cp -p "$T/armed.mark" "$D/secret/ledger.mark"
	relay_forgets
}

relay_rests() { # all its connections have ended, and what was under way on them
	begun=$(grep -c ' +$' "$S/commands.log")
	[ "$begun" = 0 ] || relay_saw ' -$' "$begun"
}

struck_run() { # struck_run N: see tests/preload/strike.c
	STRIKE=$T/words,$1 LD_PRELOAD=${FOREWARN%/*}/tests/strike.so \
		timeout -k 5 60 "$FOREWARN" -C "$D" run >"$T/out" 2>&1
	struck=$?
	tr -d '\0' <"$T/words" >"$T/calls"
	relay_rests
}

taken() { grep -hs '^To: ' "$S"/messages/*.eml | tr -d '\r' | cut -d' ' -f2 | sort; }
stand() { echo "$(states ADV-1): $(taken | wc -l) mails to $(taken | sort -u | wc -l)"; }
all_is_well='accepted accepted accepted accepted accepted accepted: 6 mails to 6'
in_state() { # the contacts in one
	sqlite3 "$D/state/ledger.db" "SELECT contact FROM delivery WHERE state = '$1' ORDER BY contact"
}

check_mended() { # what is wrong behind a good run, and a person who goes by the relay's record
	[ -z "$(taken | uniq -d)" ] || echo "two mails to $(taken | uniq -d),"
	fw run >"$T/out.2" 2>&1
	relay_rests
	[ -z "$(taken | uniq -d)" ] || echo "by the next run two mails to $(taken | uniq -d),"
	[ -z "$(states ADV-1 | sed 's/accepted//g; s/unknown//g; s/ //g')" ] || echo "then $(states ADV-1),"
	for contact in $(in_state accepted); do
		taken | grep -qx "${contact#acme/}@acme.example" || echo "$contact has no mail,"
	done
	for contact in $(in_state unknown); do
		what=resend
		! taken | grep -qx "${contact#acme/}@acme.example" || what=accepted
		fw settle ADV-1 "$contact" $what || echo "$contact cannot be settled,"
	done
	fw run >/dev/null 2>&1
	relay_rests
	[ "$(stand)" = "$all_is_well" ] || echo "settled $(stand),"
	[ -z "$(secrets_in "$D/state" "$T/out" "$T/out.2")" ] || echo 'a secret is left,'
	tests/ledger_check.py "$D/state/ledger.db"
}

strike() { # strike N: one such case
	again
	struck_run "$1"
	cases=$((cases + 1))
	if [ $struck = 0 ]; then
		missed=$((missed + 1)) # threads share their transactions now so, now so
		return
	fi
	before=$(stand)
	{
		[ $struck = 137 ] || echo "it ended with $struck,"
		check_mended
	} >"$T/faults" 2>&1
	is "$(cat "$T/faults")" '' "killed before call $1"
	[ ! -s "$T/faults" ] || { echo "had: $before" && cat "$T/out" "$T/out.2"; } | sed 's/^/# /'
}

# strikes STEP: at each STEPth call of a whole run.
strikes() {
	again
	struck_run 0
	is "$struck $(stand)" "0 $all_is_well" 'a run that is counted is as any other'
	is "$(awk '$1 ~ /^(write|pwrite|send|sync)$/ && $2 { n++ } END { print n }' "$T/calls")" 4 \
		'its writes, syncs, and words to the relay are counted'
	calls=$(awk '{ n += $2 } END { print n }' "$T/calls")
	cases=0 missed=0
	for n in $(seq "$1" "$1" "$calls"); do
		strike "$n"
	done
	ok $((missed * 5 > cases)) "of $calls calls $cases were tried, and all but $missed struck"
}
