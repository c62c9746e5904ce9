#!/bin/sh
# So many keys that gpg would pass most of them for each contact: a group is sealed in a home
# with its own keys alone, and what is wrong with that home is as if there had been none.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
add_contacts acme entry 260
make_key thief@evil.example
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
home=$D/state/gnupg

# What a run leaves when it is killed: keys, and a lock of gpg's.
mkdir "$home/slice-killed"
touch "$home/slice-killed/pubring.kbx" "$home/slice-killed/.#lk0x00005e55.host.2147483646"
strace -f -qq -s 300 -e trace=execve -o "$T/calls" "$FOREWARN" -C "$D" run >"$T/out" 2>&1
is "$? $(mail_count)" '0 260' 'all is sent'
grep -e '"--encrypt"' "$T/calls" >"$T/sealed"
is "$(wc -l <"$T/sealed") $(grep -c /slice- "$T/sealed")" '2 1' 'in two groups, the large one among its own keys'
is "$(ls -d "$home"/slice-* 2>/dev/null)" '' 'nothing is left of it, nor of what was left before'

# A sample of both groups, and of the ends of the keyring.
bad=
for i in 1 2 9 10 40 100 101 199 259 260; do
	file=$(mail_to "c$i@acme.example")
	sed -n '/^-----BEGIN PGP MESSAGE/,/^-----END PGP MESSAGE/p' "$file" | gpg --list-packets 2>/dev/null |
		grep -c ':pubkey enc packet:' | grep -qx 1 && open_mail "$file" | grep -q . &&
		grep -q 'VALIDSIG' "$T/status" || bad="$bad c$i"
done
is "$bad" '' 'each opens with its own key, and carries no other'

if ! unshare -m true 2>/dev/null; then
	ok 0 'a gpg that errs there # SKIP no mounts here'
	finish
fi
mkdir "$T/bin"
cp /usr/bin/gpg "$T/bin/gpg"
# It may write where forewarn may.
cat >"$T/liar" <<LIAR
#!/bin/sh
case " \$* " in
*/slice-*--encrypt*) echo >>$D/state/asked; . $T/lie ;;
*--encrypt*) echo >>$D/state/others ;;
esac
exec $T/bin/gpg "\$@"
LIAR
chmod 755 "$T/liar"

# lies ADVISORY OTHERS LIE NAME: gpg does that in there, and so many gpgs encrypt elsewhere.
lies() {
	make_advisory "$1" 1
	arm "$1" >/dev/null 2>&1
	mails | xargs rm -f
	: >"$D/state/asked"
	: >"$D/state/others"
	echo "$3" >"$T/lie"
	timeout -s KILL 240 unshare -m sh -c \
		'mount --bind "$1" /usr/bin/gpg && exec "$2" -C "$3" run >"$4" 2>&1' \
		sh "$T/liar" "$FOREWARN" "$D" "$T/out"
	is "$? $(mail_count) $(wc -l <"$D/state/asked") $(wc -l <"$D/state/others")" "0 260 1 $2" "$4"
	is "$(ls -d "$home"/slice-* 2>/dev/null)" '' 'and nothing is left of it'
}
lies ADV-2 2 'exit 2' 'gpg fails there: all is sent, as one group'
lies ADV-3 2 "rm $home/S.gpg-agent; exec $T/bin/gpg \"\$@\"" 'the agent is not found from there: likewise'
finish
