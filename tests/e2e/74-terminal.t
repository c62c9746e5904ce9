#!/bin/sh
# On a terminal: tables fit its width, colours say what words say; piped, all is plain and whole.
# GOLDEN=write makes tests/golden/ anew; look at what has changed.
. "$(dirname "$0")/lib.sh"
export TERM=xterm

screen() { # screen COLUMNS ARGUMENT...: what a terminal of that width shows
	columns=$1
	shift
	/usr/bin/python3 tests/pty_run.py "$columns" "$FOREWARN" -C "$D" "$@"
}

# What differs from run to run, by as many characters: keys, digests, times.
plain() {
	sed -E -e 's/\x1b\[[0-9]*m//g' -e 's/[0-9A-F]{40}/0123456789ABCDEF0123456789ABCDEF01234567/g' \
		-e 's/[0-9a-f]{64}/0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef/g' \
		-e 's/<[0-9a-f]+@/<0123456789abcdef@/g' \
		-e 's/2[0-9]{3}-[0-9]{2}-[0-9]{2}/YYYY-MM-DD/g; s/[0-9]{2}:[0-9]{2}:[0-9]{2}Z/hh:mm:ssZ/g' \
		-e 's/\(...( YYYY-MM-DD )[0-9:]{5}/(Day\1hh:mm/g; s/( |DD )[0-9]{2}:[0-9]{2}Z/\1hh:mmZ/g; s/[0-9]{2}-[0-9]{2} hh/MM-DD hh/g' |
		grep -Ev 'running as root|Landlock'
}

golden() { # golden NAME COLUMNS ARGUMENT...
	name=tests/golden/$1-$2
	shift
	got=$(screen "$@" | plain)
	[ "${GOLDEN:-}" != write ] || printf '%s\n' "$got" >"$name"
	is "$got" "$(cat "$name")" "${name#tests/golden/}: as ever"
	is "$(printf '%s\n' "$got" | too_wide "$1")" '' 'and nothing passes the edge'
}

too_wide() { # too_wide COLUMNS: lines that are wider, but for what must not be broken
	/usr/bin/python3 -c 'import sys
for line in sys.stdin:
    if len(line.rstrip("\n")) > int(sys.argv[1]) and "digest: " not in line and "warning: " not in line:
        print(line, end="")' "$1"
}

release=$(from_now '+900 days')
at=$(date -u -d "$release - 100 days" +%Y-%m-%dT%H:%M:%SZ)
make_programme
sed -i "s/^release.*/release = $release/" "$D/advisories/ADV-1/1/advisory.ini"
sed -i 's/^opens .*/opens = release - 50d/; s/wave.main/wave.main-coordination/' "$D/forewarn.ini"
add_tier early 2 guidance 'release - 1000d'
printf '\n[rule.mandatory-reporting]\ncountries = XA\ntier = entry\nreason = %s\n' \
	'must report vulnerabilities to its government within 48 hours' >>"$D/forewarn.ini"
add_partner acme early XC soc@acme.example noc@acme.example desk@acme.example
add_partner international-response-team early XA emergency-desk@international-response.example
add_partner gone entry XC soc@gone.example
sed -i '/^\[gone/,$s/^status = active/status = suspended/' "$D/partners.ini"
sed -i "/^\[acme\]/a review_by = $(date -u -d "$at + 9 days" +%F)" "$D/partners.ini"
make_key old@acme.example "$(date -u -d "$at + 9 days" +%F)"
sed -i "/^mail = desk@acme/{n;s/.*/key = $(fingerprint '<old@acme.example>')/}" "$D/partners.ini"
set_up_keys
start_relay

for columns in 80 120; do
	golden check $columns check --at "$at"
	golden preview $columns preview ADV-1 --at "$at"
	golden keys-list $columns keys list --at "$at"
	golden help $columns status --help
done
is "$(screen 80 --help | too_wide 80)" '' 'no line of --help is wider than 80'

arm ADV-1 >/dev/null
one_connection
relay_does 'RCPT match noc@acme.example 1 reply 550 5.1.1 <noc@acme.example>: Recipient address rejected: User unknown in virtual mailbox table' \
	'RCPT match desk@acme.example 1 reply 450 4.2.0 greylisted'
fw run >/dev/null 2>&1
for columns in 80 120; do
	golden status $columns status --at "$at"
done
has "$(screen 40 status)" 'international-response-team/c1
  planned' 'on a narrow one an id is whole, and has a line of its own'

# What comes next is for people.
has "$(screen 80 check --at "$at")" 'next: forewarn preview ADV-1' 'check says what comes next'
has "$(screen 80 preview ADV-1 --at "$at")" 'next: forewarn arm ADV-1' 'and preview'
hasnt "$(fw check --at "$at" 2>&1)" 'next:' 'but not to a pipe'

# Piped, nothing is cut, and each row is one line.
out=$(fw status)
has "$out" 'User unknown in virtual mailbox table
' 'a piped row holds the whole reply'
hasnt "$out" '…' 'and nothing is cut'
hasnt "$out" "$(printf '\033')" 'or coloured'

# A terminal that wants none has no colours.
red=$(printf '\033[31m')
has "$(screen 80 status)" "${red}refused" 'on a terminal states have colours'
has "$(screen 80 preview ADV-1 --at "$(from_now '+900 days')")" "${red}BLOCKED" 'and what is blocked'
has "$(screen 80 check --at "$at")" "$(printf '\033[33mwarning:')" 'and warnings'
export NO_COLOR=1
hasnt "$(screen 80 status)" "$red" 'none with NO_COLOR'
export NO_COLOR=
has "$(screen 80 status)" "$red" 'which is set only when it is not empty'
unset NO_COLOR
hasnt "$(TERM=dumb screen 80 status)" "$red" 'none where TERM is dumb'
hasnt "$(env -u TERM /usr/bin/python3 tests/pty_run.py 80 "$FOREWARN" -C "$D" status)" "$red" 'or not set'
finish
