#!/bin/sh
# Landlock: once a run has read its own settings it writes in state/ and secret/ alone,
# and so does what it starts; gpg and its agent do not mind.
. "$(dirname "$0")/lib.sh"
if ! /usr/bin/python3 -c 'import ctypes; exit(ctypes.CDLL(None).syscall(444, None, 0, 1) < 1)'; then
	echo '1..0 # SKIP this kernel has no Landlock'
	exit
fi
privileges() { sed -n 's/^NoNewPrivs:[[:space:]]*//p' "/proc/$1/status"; }
agent() { gpg-connect-agent --homedir "$D/state/gnupg" 'getinfo pid' /bye | sed -n 's/^D //p'; }

make_programme
patience 2m
add_partner acme entry XC soc@acme.example noc@acme.example
fw keys init >/dev/null
fw keys import "$D"/keys/*.asc >/dev/null
is "$(privileges "$(agent)")" 0 'the agent that the first import started is free'
rm -r "$D/state" "$D/secret/ledger.mark" "$D/secret/message-id.key" "$D/secret/mark.key"
gpgconf --homedir "$D/state/gnupg" --kill all 2>/dev/null
set_up_keys
gpgconf --homedir "$D/state/gnupg" --kill all

# A gpg that is not gpg alone: GPGME asks gpgconf for it.
mkdir "$T/bin"
cat >"$T/bin/gpgconf" <<EOF
#!/bin/sh
$(command -v gpgconf) "\$@" | sed "s#$(command -v gpg)#$T/bin/gpg#"
EOF
# It tries for us; it inherits what forewarn may.
cat >"$T/bin/gpg" <<EOF
#!/bin/sh
for place in "$T" "$D" "$D/advisories/ADV-1/1" "$D/state" "$D/state/gnupg" "$D/secret" /dev/shm; do
	(echo >"\$place/foul.\$\$") 2>/dev/null && echo "\$place" && rm "\$place/foul.\$\$"
done >"$D/state/places"
exec $(command -v gpg) "\$@"
EOF
# What keeps a password may have to write elsewhere.
cat >"$T/keeper" <<EOF
#!/bin/sh
echo >"$T/kept" && echo s3cret
EOF
chmod 755 "$T/keeper" "$T/bin/gpg" "$T/bin/gpgconf"
sed -i "s#^timeout = .*#&\nuser = psirt\npassword_command = $T/keeper#" "$D/forewarn.ini"
start_relay --auth psirt:s3cret
arm ADV-1 >/dev/null 2>&1
relay_does "DATA 1 wait $T/go"
PATH=$T/bin:$PATH "$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
run=$!
relay_saw 'C DATA'
is "$(cat "$D/state/places")" "$D/state
$D/state/gnupg
$D/secret" 'gpg can write there, and nowhere else'
[ -e "$T/kept" ]
ok $? 'but a password_command can'
is "$(privileges $run)" 1 'forewarn and what it starts can have no other rights'
is "$(privileges "$(agent)")" 0 'but the agent can'

gpgconf --homedir "$D/state/gnupg" --kill all
touch "$T/go"
wait $run
is "$?$(cat "$T/out")" 0 'an agent that goes away is started again in the midst of it'
is "$(mail_count)" 2 'and both mails are signed and out'

# A page of the programme, and keys, are what others wrote: read behind the fence.
if [ "$(id -u)" = 0 ]; then # the program lets nobody else look into it
	for command in check run 'preview ADV-1' 'arm ADV-1 -n' "keys import $D/keys/soc@acme.example.asc"; do
		strace -qq -o "$T/calls" -e trace=landlock_restrict_self,openat,openat2 "$FOREWARN" -C "$D" $command >/dev/null 2>&1
		is "$(grep -oE '^landlock_restrict_self.*= 0|partners.ini|soc@acme.example.asc' "$T/calls" | head -1 | cut -c1-22)" \
			landlock_restrict_self "$command: reads partners and keys behind it"
	done
	out=$(strace -qq -o /dev/null -e inject=landlock_create_ruleset:error=ENOSYS "$FOREWARN" -C "$D" check 2>&1)
	is $? 0 'a kernel without it will do'
	has "$out" 'this kernel has no Landlock' 'and check says so'
	out=$(strace -qq -o /dev/null -e inject=landlock_restrict_self:error=E2BIG "$FOREWARN" -C "$D" run 2>&1)
	is $? 2 'but one that has it and refuses will not'
	has "$out" 'the kernel does not confine this process' 'which is said'
fi
fw preview ADV-1 -o "$T/preview" >/dev/null 2>&1
[ -s "$T/preview/entry.en.eml" ]
ok $? 'a preview is written where it was asked for'
finish
