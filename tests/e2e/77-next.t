#!/bin/sh
# forewarn alone says what is to be done here, the most urgent first.
. "$(dirname "$0")/lib.sh"

next() { # next CODE NAME [LINE...]: all that it says but for its last line
	wanted=$1 name=$2
	shift 2
	out=$(fw 2>&1)
	is "$?" "$wanted" "$name: $wanted"
	is "$out" "$(printf '%s\n' "$@" 'forewarn --help lists the commands')" "$name: what is to be done"
}

mkdir "$D"
next 2 'an empty directory' \
	'no programme is in this directory: forewarn init DIR makes one, forewarn -C DIR goes to one'
is "$(find "$D" -mindepth 1)" '' 'and nothing was made'
make_programme
add_partner acme entry XC soc@acme.example noc@acme.example
next 2 'no keys yet' 'the programme has no keys and no ledger: forewarn keys init'
set_up_keys
start_relay
armed='ADV-1 revision 1 is not armed: forewarn preview ADV-1, then forewarn arm ADV-1'
next 0 'an advisory that is not armed' "$armed"
sed -i 's/^tier = /teir = /' "$D/partners.ini"
next 2 'a mistake' 'the programme has mistakes, and sends nothing: forewarn check' "$armed"
sed -i 's/^teir = /tier = /' "$D/partners.ini"
mv "$D/advisories" "$T/advisories"
next 0 'no advisory' 'there is no advisory: forewarn advisory new ID'
mkdir "$D/advisories"
make_advisory ADV-0 1
arm ADV-0 >/dev/null
fw run
next 0 'nothing' 'all is well: nothing waits for you'
mv "$T/advisories/ADV-1" "$D/advisories"

# Half an hour more, that the span stays what it is.
release=$(from_now '+3 days 30 minutes')
sed -i "s/^release.*/release = $release/" "$D/advisories/ADV-1/1/advisory.ini"
sed -i 's/^opens = .*/opens = release - 1d/' "$D/forewarn.ini"
arm ADV-1 >/dev/null
has "$(fw)" 'wave main of ADV-1 opens in 2 d: forewarn status ADV-1' 'a wave that opens'
sed -i 's/^release.*/release = 2200-01-01T00:00:00Z/' "$D/advisories/ADV-1/1/advisory.ini"
make_key old@acme.example 1d
sed -i "/^mail = noc@acme/{n;s/.*/key = $(fingerprint '<old@acme.example>')/}" "$D/partners.ini"
fw keys import "$D/keys/old@acme.example.asc" >/dev/null
mv "$D/advisories/ADV-1/1" "$D/advisories/ADV-1/2"
sed -i "s/^release.*/release = $release/" "$D/advisories/ADV-1/2/advisory.ini"
next 0 'a newer revision' 'wave main of ADV-1 opens in 2 d: forewarn status ADV-1' \
	'ADV-1 revision 2 is not armed: forewarn preview ADV-1, then forewarn arm ADV-1'
arm ADV-1 >/dev/null
next 0 'a key that expires before' \
	'wave main of ADV-1 opens in 2 d; 1 of its keys cannot be used then: forewarn keys list'

make_advisory ADV-2 1
sed -i "s/^release.*/release = $(from_now '+1 day')/" "$D/advisories/ADV-2/1/advisory.ini"
arm ADV-2 >/dev/null
opens='wave main of ADV-1 opens in 2 d; 1 of its keys cannot be used then: forewarn keys list'
next 1 'due' '2 deliveries are due: forewarn run sends them' "$opens"
out=$(fw_at '+20m' 2>&1)
has "$out" '2 deliveries are due, the first for 20 min; does cron run?: forewarn run' 'due for long'
fw hold ADV-2 --reason 'a leak' >/dev/null
next 1 'an advisory that is held' 'deliveries wait for you: 2 held: forewarn status' "$opens"
fw resume ADV-2 --reason 'no leak' >/dev/null
touch "$D/state/HOLD"
next 1 'held' 'nothing is sent: state/HOLD is there; rm state/HOLD lets it go on' \
	'2 deliveries are due: forewarn run sends them' "$opens"
rm "$D/state/HOLD"
relay_does 'RCPT match noc@acme.example 1 reply 550 5.1.1 no'
one_connection
fw run >/dev/null 2>&1
next 1 'troubles' 'deliveries wait for you: 1 refused: forewarn status' "$opens"
fw settle ADV-2 acme/c2 give-up
for i in 3 4 5 6 7; do
	make_advisory ADV-$i 1
done
is "$(fw | sed -n '6,$p')" 'and 1 more
forewarn --help lists the commands' 'not more than five lines'
rm -r "$D"/advisories/ADV-[3-7]
mv "$D/state/gnupg" "$T/gnupg"
next 2 'no home' 'the programme has mistakes, and sends nothing: forewarn check' \
	'wave main of ADV-1 opens in 2 d: forewarn status ADV-1'
mv "$T/gnupg" "$D/state/gnupg"
echo spoilt >"$D/state/ledger.db"
is "$(fw 2>/dev/null | head -1)" 'the programme has mistakes, and sends nothing: forewarn check' 'a spoilt ledger'
finish
