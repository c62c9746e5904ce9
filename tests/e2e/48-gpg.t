#!/bin/sh
# A gpg, or an agent, that hangs, dies or lies: nothing goes out, and the run ends.
. "$(dirname "$0")/lib.sh"
make_programme
sed -i 's/^signer = .*/&\ntimeout = 2s/' "$D/forewarn.ini"
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
make_key thief@evil.example
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
home=$D/state/gnupg

# The agent does not answer: a card that nobody touches, a pinentry that nobody sees.
agent=$(gpg-connect-agent --homedir "$home" 'GETINFO pid' /bye | sed -n 's/^D //p')
kill -STOP "$agent"
for command in run check; do
	out=$(timeout -s KILL 30 "$FOREWARN" -C "$D" $command 2>&1)
	is "$? $(states ADV-1)" '2 planned planned' "an agent that hangs: $command does not"
	has "$out" 'gpg did not stir' 'and says why'
done
out=$(timeout -s KILL 30 "$FOREWARN" -C "$D" run 2>&1)
is "$? $(cat "$S/commands.log")" '2 ' 'the lock is free, and the relay was not spoken to'
kill -CONT "$agent"

# A gpg of our own in place of the system's, for the run alone.
if ! unshare -m true 2>/dev/null; then
	ok 0 'a gpg that errs # SKIP no mounts here'
	finish
fi
mkdir "$T/bin"
cp /usr/bin/gpg "$T/bin/gpg"
cat >"$T/liar" <<LIAR
#!/bin/sh
case " \$* " in
*" \$(cat $T/when) "*) . $T/lie ;;
esac
exec $T/bin/gpg "\$@"
LIAR
chmod 755 "$T/liar"
thief=$(fingerprint '<thief@evil.example>')

# lies WHEN LIE: what a run does while gpg, given that option, does that.
lies() {
	echo "$1" >"$T/when"
	echo "$2" >"$T/lie"
	rm -f "$T/pid"
	timeout -s KILL 30 unshare -m sh -c \
		'mount --bind "$1" /usr/bin/gpg && exec "$2" -C "$3" run >"$4" 2>&1' \
		sh "$T/liar" "$FOREWARN" "$D" "$T/out"
	code=$?
	out=$(cat "$T/out")
	[ ! -e "$T/pid" ] || kill "$(cat "$T/pid")" 2>/dev/null
}
trouble() { # trouble NAME WHEN LIE: ours, so that all lines stay as they were
	lies "$2" "$3"
	is "$code $(states ADV-1) $(mail_count)" "75 planned planned 0" "$1"
}
for when in --detach --encrypt; do
	trouble "a gpg that hangs at $when" $when "echo \$\$ >$T/pid; exec sleep 100"
	has "$out" 'gpg did not stir' 'it is said'
	trouble "killed at $when" $when 'kill -9 $$'
	trouble "ends with an error at $when" $when 'exit 2'
	trouble "says that all is well at $when, and nothing else" $when 'exit 0'
	trouble "makes noise at $when" $when 'head -c 100000 /dev/urandom; exit 0'
done
trouble 'hangs in the midst of its output' --encrypt "$T/bin/gpg \"\$@\" | head -c 500; echo \$\$ >$T/pid; exec sleep 100"

# What gpg says is good, and is not: the message itself is looked at.
audited() { # audited NAME REASON: the contacts wait, with the reason
	is "$code $(states ADV-1) $(mail_count)" '1 blocked blocked 0' "$1"
	has "$(sqlite3 "$D/state/ledger.db" "SELECT reason FROM delivery LIMIT 1")" "$2" "... $2"
}
lies --encrypt "$T/bin/gpg \"\$@\" | head -c 500; exit 0"
audited 'half a message' 'is smaller than what went in'
lies --encrypt "exec $T/bin/gpg --recipient $thief \"\$@\""
audited 'a second recipient' 'is for somebody else, too'
lies --encrypt "for key in \$*; do :; [ \${#key} -ne 40 ] || to=\$key; done
	exec $T/bin/gpg --group \$to=$thief \"\$@\""
audited 'another recipient' 'is for another key than the pinned one'
lies --encrypt "exec $T/bin/gpg --throw-keyids \"\$@\""
audited 'a hidden recipient' 'is for nobody we know'
lies --encrypt "$T/bin/gpg \"\$@\"; cat $T/lie; exit 0"
audited 'something behind the message' 'something follows its encrypted data'
lies --list-secret-keys 'exit 2'
is "$code $(mail_count)" '75 0' 'secret keys that cannot be listed'
lies --list-keys 'echo garbage; exit 0'
is "$(mail_count)" 0 'keys that are listed as noise'
is "$(cat "$S"/wire.* "$S/commands.log" 2>/dev/null | grep -c 'MAIL FROM')" 0 \
	'in all of this the relay was told nothing'

fw run
is "$? $(states ADV-1) $(mail_count)" '0 accepted accepted 2' 'with the right gpg both go, once'
finish
