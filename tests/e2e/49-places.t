#!/bin/sh
# What the program stands on: its home of keys, its directories and their parents, the
# relay's name, and where its words go. Whatever is missing or strange, nothing goes out.
. "$(dirname "$0")/lib.sh"
make_programme
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
home=$D/state/gnupg

untouched() { # untouched STATUS NAME: the run ended so, and nothing was claimed or said
	is "$code $(states ADV-1) $(mail_count) $(sqlite3 "$D/state/ledger.db" \
		'SELECT count(*) FROM attempt') $(cat "$S/commands.log")" "$1 planned planned 0 0 " "$2"
}
run() {
	out=$(timeout -s KILL 30 "$FOREWARN" -C "$D" run 2>&1)
	code=$?
}

# The home of keys.
gpgconf --homedir "$home" --kill all
mv "$home" "$T/home"
run
untouched 2 'no home of keys'
has "$out" 'state/gnupg: is missing; forewarn keys init makes it' 'which is said'
mkdir -m 700 "$home"
cp "$T/home/gpg.conf" "$home/"
run
untouched 75 'an empty home'
has "$out" 'signer' 'it is said that the signer is not there'
gpgconf --homedir "$home" --kill all
rm -r "$home"
ln -s "$T/home" "$home"
run
untouched 2 'a home that is a link'
rm "$home"
: >"$home"
run
untouched 2 'a home that is a file'
rm "$home"
mv "$T/home" "$home"
for damage in ': >' 'head -c 4000 /dev/urandom >' 'truncate -s 100'; do
	cp -p "$home/pubring.kbx" "$T/ring"
	sh -c "$damage \"\$1\"" sh "$home/pubring.kbx"
	run
	[ "$code" -eq 2 ] || [ "$code" -eq 75 ]
	ok $? "keys spoilt by '$damage': exit $code"
	code=
	untouched '' 'and nothing is begun'
	gpgconf --homedir "$home" --kill all
	cp -p "$T/ring" "$home/pubring.kbx"
done
if [ "$(id -u)" != 0 ]; then # whom modes bind
	chmod 0 "$home/pubring.kbx"
	run
	untouched 75 'keys that we may not read'
	chmod 600 "$home/pubring.kbx"
fi

# Whoever may write a directory above can put another programme in the place of this one.
gpgconf --homedir "$home" --kill all # its sockets would move along
mkdir -m 755 "$T/above"
mv "$D" "$T/above/p"
D=$T/above/p
chmod 777 "$T/above"
run
is "$code" 2 'a directory above that anybody may write'
has "$out" "above: anybody may write it; chmod o-w it" 'which is named'
has "$("$FOREWARN" -C "$D" check 2>&1)" 'above: anybody may write it' 'by check, too'
chmod 1777 "$T/above"
out=$("$FOREWARN" -C "$D" check 2>&1)
hasnt "$out" 'anybody may write' 'with the sticky bit, as /tmp has it, all is well'
chmod 755 "$T/above"
if [ "$(id -u)" = 0 ]; then
	chown 65534 "$T/above"
	run
	is "$code" 2 'a directory above that is of another user'
	has "$out" 'above: belongs to another user' 'which is named'
	chown 0 "$T/above"
fi
gpgconf --homedir "$D/state/gnupg" --kill all
mv "$T/above/p" "$T/p"
D=$T/p

# The relay's name: one that does not resolve, or not to where it listens.
sed -i 's/^url .*/url = smtp:\/\/relay.invalid:2525/' "$D/forewarn.ini"
run
is "$code $(states ADV-1)" '75 planned planned' 'a name that does not resolve'
has "$out" 'relay.invalid' 'which is said'
if unshare -m true 2>/dev/null; then
	named() { # named LINE...: /etc/hosts for the run alone
		printf '%s elsewhere.example\n' "$@" >"$T/hosts"
		timeout -s KILL 60 unshare -m sh -c \
			'mount --bind "$1" /etc/hosts && exec "$2" -C "$3" run >"$4" 2>&1' \
			sh "$T/hosts" "$FOREWARN" "$D" "$T/out"
		code=$?
	}
	tests/make-ca.sh "$S" wrong-host
	stop_relay
	start_relay --cert "$S/wrong-host.pem" --key "$S/wrong-host.key"
	sed -i "s/^url .*/url = smtp:\/\/elsewhere.example:$port/" "$D/forewarn.ini"
	named 127.0.0.9
	is "$code $(states ADV-1)" '75 planned planned' 'a name that leads elsewhere'
	named ::1
	is "$code $(states ADV-1)" '75 planned planned' 'a name that is IPv6 where nobody listens'
	named ::1 127.0.0.1
	is "$code $(states ADV-1) $(mail_count)" '0 accepted accepted 2' 'IPv6, then IPv4: the one that answers'
	stop_relay
	start_relay
else
	ok 0 'names of our own # SKIP no mounts here'
fi
sed -i "s/^url .*/url = smtp:\/\/127.0.0.1:$port/" "$D/forewarn.ini"

# Where words go: each command with nowhere to write.
make_advisory ADV-2 1
digest=$(fw preview ADV-2 2>/dev/null | sed -n 's/^plan digest: //p')
while read -r full closed words; do
	"$FOREWARN" -C "$D" $words >/dev/full 2>/dev/full
	is $? "$full" "$words: on a full disk, exit $full"
	"$FOREWARN" -C "$D" $words <&- >&- 2>&-
	is $? "$closed" "$words: with nothing open, exit $closed"
done <<END
1 0 check
1 0 preview ADV-2
1 0 status
1 0 report ADV-1
1 0 keys list
1 0 verify
0 0 run -n
0 0 run
2 2 send ADV-2 --to acme/c1
2 2 retry ADV-1 acme/c1
2 2 settle ADV-1 acme/c1 accepted
1 0 arm ADV-2 --digest $digest
2 2 keys import $D/keys/none.asc
2 2 keys init
2 2 recover
END
is "$(states ADV-2)" 'planned planned' 'an arming that could not be shown was said to have failed, and stands'
fw run
is "$? $(states ADV-2)" '0 accepted accepted' 'and the next run sends it'
is "$(tests/ledger_check.py "$D/state/ledger.db")" '' 'the ledger is whole'
finish
