#!/bin/sh
# Nothing of a notice, a password or a key is left where it does not belong.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
set_up_keys
canary=$(canary) password=$(canary)
echo "$canary text" >"$D/advisories/ADV-1/1/summary.txt"
sed -i "s/^title .*/title = $canary title\nattach.tool = $canary.bin/" "$D/advisories/ADV-1/1/advisory.ini"
echo "$canary file" >"$D/advisories/ADV-1/1/$canary.bin"
(umask 077 && echo "$password" >"$D/secret/relay")
sed -i "s/^timeout = .*/&\nuser = psirt\npassword_file = secret\/relay/" "$D/forewarn.ini"
start_relay --auth "psirt:$password"
arm ADV-1 >/dev/null 2>&1
mkdir "$T/tmp"
export TMPDIR="$T/tmp"

begin() {
	relay_forgets
	sh -c 'echo $$ >"$0" && exec "$@"' "$T/pid" "$FOREWARN" -C "$D" run -v >"$T/out" 2>&1 &
	run=$!
	relay_saw "C $1"
}

relay_does "DATA 1 wait $T/go"
begin DATA
is "$(secrets_in "/proc/$run/cmdline" "/proc/$run/environ")" '' 'while it runs, neither arguments nor environment show it'
is "$(ls -A "$T/tmp")$(secrets_in "$D/state")" '' 'nor do temporary files or the ledger'
is "$(sed -n 's/^Max core file size *\([0-9]*\) *\([0-9]*\) .*/\1 \2/p' "/proc/$run/limits")" '0 0' 'it may leave no core'
kill -SEGV $run
wait $run 2>/dev/null
is $? 139 'killed by a fault in the midst of it'
touch "$T/go"
is "$(find "$T" -name 'core*')$(ls -A "$T/tmp")$(secrets_in "$D/state" "$T/out")" '' 'nothing is left behind'

rm "$T/go"
relay_does "DOT 1 kill $T/pid"
begin '\.$'
wait $run 2>/dev/null
is $? 137 'killed at the dot'
is "$(ls -A "$T/tmp")$(secrets_in "$D/state" "$T/out")" '' 'nothing is left behind'

# By a command, and a relay that says back what it heard.
relay_does 'AUTH * reply 535 5.7.8 wrong: '"$password"
sed -i "s#^password_file = .*#password_command = /bin/cat $D/secret/relay#" "$D/forewarn.ini"
out=$(fw run -v 2>&1)
is $? 75 'a relay that repeats the password'
hasnt "$out" "$password" 'is not quoted'
is "$(secrets_in "$D/state")" '' 'nor recorded'
relay_does
fw settle ADV-1 acme/c1 resend --reason "nothing in the relay's log"
out=$(strace -qq -f -v -y -s 9999 -o "$T/calls" -e trace=execve,openat,openat2,creat,mkdir,symlink,rename \
	"$FOREWARN" -C "$D" run -v 2>&1)
is "$? $(states ADV-1)" '0 accepted accepted' 'with the password of a command all goes'
if [ "$(id -u)" = 0 ]; then # the program lets nobody else look into it
	grep -a 'execve(.*= 0$' "$T/calls" >"$T/execs"
	has "$(cat "$T/execs")" '"/bin/cat"' 'it starts programs'
	is "$(secrets_in "$T/execs")" '' 'no program that it starts is told any in arguments or environment'
	is "$(grep -aE 'O_CREAT|O_WRONLY|O_RDWR|creat\(|mkdir\(|rename\(' "$T/calls" |
		grep -avE "\"(state|$D/state)/|<$D/state/checkpoints>, |\"secret/ledger\.mark\"|\"/dev/(null|tty)\"|ENOENT|EEXIST")" '' \
		'nothing is written but in state/, and the mark of the ledger'
fi
out="$out$(fw status; fw run -n; fw check 2>&1)"
hasnt "$out" "$canary" 'no output quotes a notice'
hasnt "$out" "$password" 'nor the password'
is "$(grep -laF "$canary" "$S"/wire.* "$S"/messages/* "$S"/commands.log)" '' 'nor did the relay see any'
is "$(cat "$S"/wire.*[0-9] | grep -ac AUTH)" 0 'the login went through TLS alone'
is "$(grep -rla 'PRIVATE KEY\|private-key' "$D/state" | grep -v '/gnupg/private-keys-v1.d/\|/openpgp-revocs.d/')" '' \
	'secret keys are where gpg has them and nowhere else'
is "$(find "$D/state" -perm /077)" '' 'and nobody else may open any of it'
has "$(open_mail "$(mail_to soc@acme.example)")" "$(printf %s "$canary" | base64 -w0 | cut -c1-10)" 'the contact has it'
finish
