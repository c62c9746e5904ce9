#!/bin/sh
# A disk that is full, failing or read-only stops the run; what the relay said is not lost.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
set_up_keys
one_connection
start_relay
arm ADV-1 >/dev/null 2>&1
cp "$D/state/ledger.db" "$T/armed.db"
cp -p "$D/secret/ledger.mark" "$T/armed.mark"

again() { # the programme as it was armed, and a relay that has taken nothing
	rm -rf "$D"/state/ledger.db* "$S"/messages/*
	cp "$T/armed.db" "$D/state/ledger.db"
	cp -p "$T/armed.mark" "$D/secret/ledger.mark" # or it would be an old copy
	relay_forgets
}
dots() { grep -c '^[0-9]* C \.$' "$S/commands.log"; }

# failing CALL ERROR WHEN: from that moment on no such call succeeds; then a good run.
failing() {
	again
	relay_does "$3 1 wait $T/go"
	"$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
	run=$!
	relay_saw "C $(echo "$3" | sed 's/DOT/\\./')"
	strace -o /dev/null -e trace="$1" -e signal=none -e inject="$1:error=$2" -p $run 2>"$T/tracer" &
	tracer=$!
	timeout 20 head -1 "$T/tracer" >/dev/null # it is at work
	touch "$T/go"
	wait $run
	code=$?
	wait $tracer
	rm "$T/go"
	out=$(cat "$T/out")
	before="$(dots) $(mail_count)"
	relay_does
	fw run >/dev/null 2>&1
	after="$? $(states ADV-1) $(mail_count)"
}
mkfifo "$T/tracer"
if [ "$(id -u)" = 0 ]; then # the program lets nobody else look into it
	failing pwrite64 ENOSPC DATA
	is "$code $before" '75 0 0' 'a full disk at the gate: no final dot'
	has "$out" 'acme/c1: not sent' 'that is said'
	has "$out" 'make room on the disk' 'with the reason'
	is "$after" '0 accepted accepted 2' 'and the next run sends all'
	failing fdatasync EIO DATA
	is "$code $before" '75 0 0' 'a failing disk at the gate: no final dot'
	has "$out" 'acme/c1: not sent' 'that is said'
	is "$after" '0 accepted accepted 2' 'the mark shows that nothing was handed over: the next run sends all'
	failing pwrite64 ENOSPC DOT
	is "$code $before" '75 1 1' 'a full disk when the acceptance is recorded: the run ends'
	has "$out" 'acme/c1: accepted (250 2.0.0 taken), and the ledger could not record it' \
		'and the answer is said'
	is "$after" '1 unknown accepted 2' 'the next run does not send it again'
	is "$(tests/ledger_check.py "$D/state/ledger.db")" '' 'the ledger is whole after all that'
else
	ok 0 'a disk that fails in flight # SKIP needs root'
fi
again
strace -qq -o /dev/null -e trace=fdatasync -e inject=fdatasync:error=EIO:when=3+ \
	"$FOREWARN" -C "$D" run >/dev/null 2>&1
is "$? $(dots)" '75 0' 'a disk that fails before the claim: nothing is sent'
again
out=$(strace -qq -o /dev/null -e trace=pwrite64 -e inject=pwrite64:error=ENOSPC:when=1+ \
	"$FOREWARN" -C "$D" run 2>&1)
is "$? $(dots)" '75 0' 'a disk that is full when the ledger is opened: try again'
has "$out" 'state/ledger.db: ' 'which is said'
out=$(strace -qq -o /dev/null -e trace=openat -P "$D/state/ledger.db-wal" \
	-e inject=openat:error=ENOSPC "$FOREWARN" -C "$D" run 2>&1)
is "$? $(dots)" '75 0' 'a disk without room for another file: try again'
has "$out" 'state/ledger.db: ' 'which is said'
out=$(strace -qq -o /dev/null -e trace=write -e inject=write:error=ENOSPC:when=1 \
	"$FOREWARN" -C "$D" run 2>&1)
is "$? $(dots)" '75 0' 'no room in memory to read the files: try again'
has "$out" 'forewarn.ini: cannot be copied: No space left on device' 'and the file is not to blame'
out=$(fw send ADV-1 --to beta/c1)
is "$? $(states ADV-1)" '0 planned accepted' 'with room again all goes'

again
(ulimit -f 96 && exec "$FOREWARN" -C "$D" run >"$T/out" 2>&1)
is "$? $(dots)" '75 0' 'a limit on the size of files is a full disk, and no death'
fw run
is "$? $(states ADV-1) $(mail_count)" '0 accepted accepted 2' 'with room again all is sent'

again
chmod 400 "$D/state/ledger.db"
own() { # as a user whom file modes bind
	if [ "$(id -u)" = 0 ]; then
		chown -R 65534:65534 "$T"
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		"$@"
	fi
}
out=$(own "$FOREWARN" -C "$D" run 2>&1)
is "$? $(dots)" '2 0' 'a ledger that may not be written: nothing is begun'
has "$out" 'state/ledger.db: cannot be written; chmod 600 it' 'and it is said what to do'
chmod 600 "$D/state/ledger.db"
[ "$(id -u)" != 0 ] || chown -R 0:0 "$T"

# A file system of its own, which fills up.
if unshare -m true 2>/dev/null; then
	again
	cat >"$T/full.sh" <<'EOF'
D=$1
mkdir "$D/old" && cp -a "$D/state/." "$D/old" && mount -t tmpfs -o size=400k,mode=700 none "$D/state" || exit 99
cp "$D/old/ledger.db" "$D/state/"
sed -i 's#^home .*#home = old/gnupg#' "$D/forewarn.ini"
head -c 400k /dev/zero >"$D/state/filler" 2>/dev/null
"$FOREWARN" -C "$D" run 2>&1
echo "full: $?"
truncate -s -48k "$D/state/filler"
"$FOREWARN" -C "$D" run 2>&1
echo "nearly: $?"
rm "$D/state/filler"
"$FOREWARN" -C "$D" run
echo "room: $?"
cp "$D/state/ledger.db" "$D/old/"
EOF
	export FOREWARN
	out=$(unshare -m sh "$T/full.sh" "$D" 2>&1)
	has "$out" 'full or failing' 'a full disk: it is said where to look'
	has "$out" 'full: 75' 'and to try again later'
	has "$out" 'nearly: 75' 'a disk that fills up: try again later'
	has "$out" 'make room on the disk' 'and it is said what to do'
	has "$out" 'room: 0' 'with room again all goes'
	is "$(mail_count)" 2 'once each'
	gpgconf --homedir "$D/old/gnupg" --kill all
	sed -i 's#^home .*#home = state/gnupg#' "$D/forewarn.ini"
else
	ok 0 'a full disk # SKIP no mounts here'
fi

# What is written to.
again
fw run -v >/dev/full 2>&1
is "$? $(states ADV-1)" '0 accepted accepted' 'where nothing can be said, mail still goes'
fw status >/dev/full 2>/dev/null
is $? 1 'what should have been read and was not is exit 1'
again
fw run <&- >&- 2>&-
is "$? $(states ADV-1) $(mail_count)" '0 accepted accepted 2' 'nor does it need descriptors'
is "$(head -c 15 "$D/state/ledger.db") $(tests/ledger_check.py "$D/state/ledger.db")" 'SQLite format 3 ' \
	'and no file took the place of one'
finish
