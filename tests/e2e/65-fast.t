#!/bin/sh
# fast = yes: what is sealed alone goes by one gpg that stays, and when that errs in any
# way, each message takes a gpg of its own: no contact notices, the operator does.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
sed -i 's/^signer = .*/&\nfast = yes\ntimeout = 2s/' "$D/forewarn.ini"
printf 'Subject: %s for %s\n\n%s\n' '{{title}}' '{{partner.organisation}}' '{{text.summary}}' \
	>"$D/templates/notice.mustache"
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
make_key thief@evil.example
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1
cp "$D/state/ledger.db" "$T/armed.db"
cp -p "$D/secret/ledger.mark" "$T/armed.mark"

again() {
	rm -rf "$D"/state/ledger.db* "$S"/messages/*
	cp "$T/armed.db" "$D/state/ledger.db"
	cp -p "$T/armed.mark" "$D/secret/ledger.mark"
}
servers() { pgrep -f "homedir $D/state/gnupg .*[-]-server"; }

# Each mail opens with its contact's key, is signed, and names its own partner.
opened() {
	for name in acme beta; do
		read_mail "$(mail_to soc@$name.example)" >"$T/clear" 2>&1
		grep -q 'GOODSIG' "$T/status" && [ "$(grep -c ENC_TO "$T/status")" = 1 ] &&
			grep -q "gateway for $name Ltd" "$T/clear" && printf '%s ' $name
	done
}

strace -f -qq -e trace=execve -o "$T/calls" "$FOREWARN" -C "$D" run >"$T/out" 2>&1
is "$? $(cat "$T/out")" '0 ' 'two personal mails go, and nothing is said'
is "$(opened)" 'acme beta ' 'each to its own contact, signed'
is "$(grep -c '"--server"' "$T/calls") $(grep -c '"--encrypt"' "$T/calls")" '1 0' 'by one gpg'
is "$(servers)" '' 'which is gone'

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
*' --server '*) . $T/lie ;;
esac
exec $T/bin/gpg "\$@"
LIAR
chmod 755 "$T/liar"
thief=$(fingerprint '<thief@evil.example>')

# Between us and the true gpg: what it hears and says passes through, but for one line.
cat >"$T/between" <<'BETWEEN'
import os, re, select, socket, subprocess, sys

ours = socket.socket(fileno=int(os.environ["_assuan_connection_fd"]))
theirs, its = socket.socketpair()
os.environ["_assuan_connection_fd"] = str(its.fileno())
subprocess.Popen(sys.argv[3:], pass_fds=[its.fileno()])
its.close()
old, new = sys.argv[1].encode(), sys.argv[2].encode()
while True:
    for source in select.select([ours, theirs], [], [])[0]:
        data, passed, _, _ = socket.recv_fds(source, 4096, 4)
        if not data:
            sys.exit()
        if source is ours:
            data = re.sub(old, new, data)
        socket.send_fds(theirs if source is ours else ours, [data], passed)
        for fd in passed:
            os.close(fd)
BETWEEN

# left NAME WHY [LIE]: all have their mail all the same.
left() {
	again
	printf '%s\n' "$3" >"$T/lie"
	timeout -s KILL 60 unshare -m sh -c \
		'mount --bind "$1" /usr/bin/gpg && exec "$2" -C "$3" run >"$4" 2>&1' \
		sh "$T/liar" "$FOREWARN" "$D" "$T/out"
	is "$? $(states ADV-1) $(mail_count)" '0 accepted accepted 2' "$1: all are sent"
	is "$(opened)" 'acme beta ' '... to their own contacts'
	is "$(wc -l <"$T/out")" 1 '... the operator is told, once'
	has "$(cat "$T/out")" 'forewarn: [openpgp] fast: the fast way is left' '... that it was left'
	has "$(cat "$T/out")" "$2" "... $2"
	is "$(servers)" '' '... and nothing is left at work'
}
left 'a gpg that has no such mode' 'End of file' 'exit 2'
left 'one that hangs at its start' 'timed out' 'exec sleep 100'
between="exec /usr/bin/python3 $T/between"
left 'one that takes another recipient' 'is for another key than the pinned one' \
	"$between 'RECIPIENT .*' 'RECIPIENT $thief' $T/bin/gpg \"\$@\""
left 'one that was not told to forget' 'is for somebody else, too' \
	"$between '^RESET' 'RECIPIENT $thief' $T/bin/gpg \"\$@\""
left 'one that does nothing and says OK' 'is smaller than what went in' \
	"$between '^ENCRYPT' 'NOP' $T/bin/gpg \"\$@\""

# Between us and the agent, which signs another digest, but for the first on a connection.
cat >"$T/agent" <<'AGENT'
import os, re, socket, sys, threading

place = sys.argv[1]
os.rename(place, place + ".true")
here = socket.socket(socket.AF_UNIX)
here.bind(place)
here.listen()

def pass_on(source, to, digests):
    for line in source.makefile("rb"):
        digests += line.startswith(b"SETHASH")
        to.sendall(re.sub(rb"^SETHASH .*", b"SETHASH --hash=sha512 " + b"11" * 64, line) if digests > 1 else line)
    to.shutdown(socket.SHUT_WR)

print("ready", flush=True)
while True:
    asks = here.accept()[0]
    agent = socket.socket(socket.AF_UNIX)
    agent.connect(place + ".true")
    threading.Thread(target=pass_on, args=(asks, agent, 0), daemon=True).start()
    threading.Thread(target=pass_on, args=(agent, asks, -sys.maxsize), daemon=True).start()
AGENT
gpgconf --homedir "$D/state/gnupg" --launch gpg-agent
place=$(gpgconf --homedir "$D/state/gnupg" --list-dirs agent-socket)
mkfifo "$T/ready"
/usr/bin/python3 "$T/agent" "$place" >"$T/ready" 2>/dev/null &
agent=$!
read -r _ <"$T/ready"
left 'an agent that signs something else' 'its signature is not good' :
kill $agent
mv "$place.true" "$place"

hasnt "$(fw check 2>&1)" 'one signature takes' 'an Ed25519 key is quick'
home=$D/state/gnupg
echo allow-preset-passphrase >"$home/gpg-agent.conf"
gpgconf --homedir "$home" --reload gpg-agent
gpg --homedir "$home" --batch --quiet --passphrase secret \
	--quick-generate-key '<slow@psirt.example>' ed25519 sign never 2>/dev/null
slow=$(gpg --homedir "$home" --with-colons --with-keygrip -K slow@psirt.example 2>/dev/null |
	awk -F: '/^(fpr|grp)/ { print $10 }' | paste -sd' ')
echo "PRESET_PASSPHRASE ${slow#* } -1 736563726574" | gpg-connect-agent --homedir "$home" >/dev/null
cp "$D/forewarn.ini" "$T/kept.ini"
sed -i "s/^signer = .*/signer = ${slow% *}/; s/^timeout = 2s/timeout = 1m/" "$D/forewarn.ini"
out=$(fw check 2>&1)
is $? 0 'one with a passphrase is not, which is no mistake'
has "$out" "signer ${slow% *}: one signature takes " 'but check warns of it'
cp "$T/kept.ini" "$D/forewarn.ini"

again
sed -i 's/^fast = .*/fast = perhaps/' "$D/forewarn.ini"
out=$(fw run 2>&1)
is $? 2 'fast is a question of yes or no'
has "$out" "fast: 'perhaps' is neither yes nor no" 'which is said'
sed -i 's/^fast = .*/fast = no/' "$D/forewarn.ini"
strace -f -qq -e trace=execve -o "$T/calls" "$FOREWARN" -C "$D" run >"$T/out" 2>&1
is "$? $(grep -c '"--server"' "$T/calls") $(grep -c '"--encrypt"' "$T/calls") $(opened)" \
	'0 0 2 acme beta ' 'with no, each message takes a gpg of its own'
finish
