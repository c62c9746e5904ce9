#!/bin/sh
# The ledger under attack: an old copy put back, a file that was tampered with, a bad place.
. "$(dirname "$0")/lib.sh"
make_programme
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
set_up_keys
start_relay

copy() { # copy NAME: the ledger as it stands, as any backup would
	rm -f "$T/$1"
	sqlite3 "$D/state/ledger.db" ".backup $T/$1"
	chmod 600 "$T/$1"
}
put_back() { # put_back NAME
	rm -f "$D"/state/ledger.db*
	cp -p "$T/$1" "$D/state/ledger.db"
}
sql() { sqlite3 "$D/state/ledger.db" "$1"; }
visits() { grep -c 'C EHLO' "$S/commands.log"; }

out=$(fw verify 2>&1)
is $? 0 'an empty ledger is sound'
has "$out" 'head: event 0 ' 'and has no event'
copy new
arm ADV-1 >/dev/null 2>&1
copy armed
fw run
is "$? $(states ADV-1) $(mail_count)" '0 accepted accepted 2' 'a run sends'
out=$(fw verify 2>&1)
is $? 0 'and the ledger is sound'
is "$out" "head: event $(sql 'SELECT seq || " " || lower(hex(hash)) FROM event ORDER BY seq DESC LIMIT 1')" \
	'verify prints the end of the chain'
is "$(stat -c %a "$D/secret/ledger.mark")" 600 'the mark is private'
copy newest

# --- an old copy is put back ------------------------------------------------------
put_back armed
before=$(visits)
out=$(fw run 2>&1)
is $? 2 'an old copy is refused'
has "$out" 'state/ledger.db: is an old copy: it ends with event 2, and by secret/ledger.mark event 6' 'which is said'
has "$out" 'put the newest ledger back, or forewarn recover' 'with the next step'
for command in 'send ADV-1 --to acme/c1' check 'arm ADV-1 -n' 'run -n' \
	'settle ADV-1 acme/c1 give-up' 'retry ADV-1 acme/c1'; do
	fw $command >/dev/null 2>&1
	is $? 2 "nor does it $command"
done
is "$(states ADV-1) $(visits) $(mail_count)" "planned planned $before 2" 'nobody was called, nothing changed'
fw status ADV-1 >/dev/null
is $? 1 'status may be read'
out=$(fw verify 2>&1)
is $? 1 'verify finds it'
has "$out" 'is an old copy' 'and says so'
put_back newest
fw run
is $? 0 'with the newest one all goes on'

# --- killed in mid-run, then a copy from before ------------------------------------
make_advisory ADV-2 1
arm ADV-2 >/dev/null 2>&1
copy before
relay_does "DOT match soc@acme.example wait $T/never"
relay_forgets
"$FOREWARN" -C "$D" run >/dev/null 2>&1 &
run=$!
relay_saw 'C \.'
copy during # after the claim of both, and the gate of one
kill -9 $run
wait $run 2>/dev/null
relay_does
put_back before
out=$(fw run 2>&1)
is $? 2 'a copy from before a killed run is refused'
has "$out" 'is an old copy' 'though that run could say no last word'
put_back during
fw run >/dev/null 2>&1
is "$? $(states ADV-2)" '1 unknown accepted' 'one from its midst knows what was handed over'

# --- an old copy is all there is --------------------------------------------------
put_back armed
out=$(fw recover 2>&1)
is $? 2 'to recover takes a reason'
out=$(fw recover -n --reason 'disk died' 2>&1)
is "$?:$out" '0:2 deliveries would become unknown' 'it can be tried'
fw run >/dev/null 2>&1
is $? 2 'which mends nothing'
out=$(fw recover --reason 'disk died' 2>&1)
is $? 0 'recover'
has "$out" '2 deliveries became unknown' 'what may have gone out is unknown'
out=$(fw run 2>&1)
is "$? $(states ADV-1) $(mail_count)" '1 unknown unknown 3' 'and is not sent again'
has "$out" "in the relay's log" 'the next step is said'
fw settle ADV-1 acme/c1 accepted --reason 'relay log' && fw settle ADV-1 beta/c1 resend --reason 'not there'
is $? 0 'a person settles each'
fw run
is "$? $(states ADV-1) $(mail_count)" '0 accepted accepted 4' 'what was to be resent goes, the other does not'
fw verify >/dev/null
is $? 0 'the ledger is sound'
put_back newest
out=$(fw run 2>&1)
is $? 2 'the ledger that turns up too late is refused'
has "$out" 'is an old copy' 'for it has not what happened since'
fw recover --reason 'the other one is lost' >/dev/null

# --- a copy from before anything was armed -----------------------------------------
put_back new
fw recover --reason 'nothing newer' >/dev/null
sent=$(mail_count)
arm ADV-1 >/dev/null 2>&1
fw run >/dev/null 2>&1
is "$? $(states ADV-1) $(mail_count)" "1 unknown unknown $sent" 'what is armed again may have gone out too'

# --- without a mark ----------------------------------------------------------------
mv "$D/secret/ledger.mark" "$T/mark"
out=$(fw run 2>&1)
is $? 2 'without its mark a ledger is not trusted'
has "$out" 'secret/ledger.mark: is not there' 'which is said'
echo nonsense >"$D/secret/ledger.mark"
out=$(fw run 2>&1)
is $? 2 'nor with another thing in its place'
mv "$T/mark" "$D/secret/ledger.mark"

# --- tampered with -----------------------------------------------------------------
copy good
sql 'DROP TRIGGER event_update; UPDATE event SET data = "disk was mended" WHERE seq = 2'
out=$(fw verify 2>&1)
is $? 1 'a changed event'
has "$out" 'state/ledger.db: event 2: was changed' 'the first break is named'
has "$out" 'sound up to event 1 ' 'and how far it is sound'
put_back good
sql 'DROP TRIGGER delivery_state; UPDATE delivery SET state = "planned" WHERE contact = "acme/c1"'
out=$(fw verify 2>&1)
is $? 1 'a changed row'
has "$out" 'ADV-1 revision 1 acme/c1: is planned, and by its events unknown' 'the row is named'

# --- damaged -----------------------------------------------------------------------
put_back good
truncate -s -4096 "$D/state/ledger.db"
out=$(fw run 2>&1)
is $? 2 'a truncated file'
has "$out" 'state/ledger.db: ' 'is named'
put_back good
page=$(sql "SELECT rootpage FROM sqlite_schema WHERE name = 'event'")
printf 'no page' | dd of="$D/state/ledger.db" bs=4096 seek=$((page - 1)) conv=notrunc 2>/dev/null
fw verify >/dev/null 2>&1
ok $((! ($? == 1 || $? == 2))) 'a damaged page is found'
put_back good

# --- a bad place -------------------------------------------------------------------
on_file_system() { # on_file_system MAGIC: what statfs says, as the kernel lays it out
	strace -qq -o /dev/null -e trace=statfs -e inject=statfs:poke_exit=@arg2="$1" "$FOREWARN" -C "$D" run 2>&1
}
for magic in 6969 7b51 424d53ff 424d53fe 97190201; do
	while [ ${#magic} -lt 16 ]; do magic=${magic}0; done
	out=$(on_file_system "$magic")
	is "$?" 2 "a network's file system (${magic%%0000*}) is refused"
	has "$out" 'state/ledger.db: is on a network file system, whose locks' 'and it is said why'
done
on_file_system 53ef000000000000 >/dev/null
is $? 1 'a disk of this machine is not'
finish
