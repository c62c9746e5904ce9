#!/bin/sh
# Checkpoints: each run that changed something signs the end of the chain; what was kept elsewhere
# finds a ledger that was rolled back, or rewritten with all its hashes.
. "$(dirname "$0")/lib.sh"
make_programme
add_partner acme entry XC soc@acme.example
set_up_keys
start_relay
K=$D/state/checkpoints
arm ADV-1 >/dev/null
[ ! -e "$K" ]
ok $? 'to arm makes none'
fw run >/dev/null 2>&1
is "$? $(ls "$K" | wc -l)" '0 2' 'a run that sent something makes one, and its signature'
first=$(echo "$K"/*.txt)
is "$(stat -c %a "$K" "$first" "$first.asc" | paste -sd' ')" '700 600 600' 'for nobody else'
people --verify "$first.asc" "$first" 2>/dev/null
ok $? "anybody's gpg verifies it"
is "$(sed -n 's/^event //p; s/^hash //p' "$first" | paste -sd' ')" "$(fw verify | sed 's/^head: event //')" \
	'it says where the chain ends'
is "$(sed -n '1p; /^ledger /p; /^programme /p' "$first" | paste -sd' ')" \
	"forewarn-checkpoint-1 ledger $(sqlite3 "$D/state/ledger.db" 'SELECT id FROM meta') programme Example Programme" 'and of what'
# Its agent is there already, so that strace does not wait for one. -v: all that gpg is told.
traced() { strace -f -qq -v -e trace=execve -o "$T/calls" "$FOREWARN" -C "$D" "$@" >/dev/null 2>&1; }
signed() { grep -c 'execve(.*/gpg".*"--detach"' "$T/calls"; }
traced run
is "$? $(ls "$K" | wc -l)" '0 2' 'a run that changed nothing makes none'
is "$(signed)" 0 'and signs nothing'
out=$(fw verify --since "$first" 2>&1)
is "$? $out" "0 $(fw verify)" 'the ledger is what it was, and more'
cp -R "$D/state" "$T/old" && cp "$D/secret/ledger.mark" "$T/old.mark"
add_partner beta entry XC soc@beta.example
fw keys import "$D"/keys/*beta* >/dev/null
make_advisory ADV-2 1
arm ADV-2 >/dev/null
traced send ADV-2 --to beta/c1
is "$? $(ls "$K" | wc -l) $(signed)" '0 4 2' 'one sent by hand makes one: gpg signs it, and the probe before it'
second=$(find "$K" -name '*.txt' ! -path "$first")
mkdir "$T/elsewhere" && cp "$K"/* "$T/elsewhere/"
kept=$T/elsewhere/${second##*/}
is "$(fw verify --since "$first" >/dev/null 2>&1; echo $?)" 0 'the older one holds still'

# --- what is not a checkpoint ----------------------------------------------------
sed 's/^event .*/event 1/' "$kept" >"$T/forged.txt" && cp "$kept.asc" "$T/forged.txt.asc"
out=$(fw verify --since "$T/forged.txt" 2>&1)
is "$?" 2 'a text that was changed is refused'
has "$out" 'the signature does not hold' 'for its signature'
cp "$kept" "$T/other.txt" && people --local-user '<soc@beta.example>' --armor --detach-sign "$T/other.txt"
out=$(fw verify --since "$T/other.txt" 2>&1)
is "$?" 2 'another signature of a key of the home, too'
has "$out" 'is not the signer of forewarn.ini' 'for whose it is'
echo 'a letter' >"$T/letter" && gpg --homedir "$D/state/gnupg" --batch --quiet --local-user "$signer" --armor --detach-sign "$T/letter" 2>/dev/null
out=$(fw verify --since "$T/letter" 2>&1)
is "$? $out" "2 forewarn: $T/letter: is not a checkpoint" 'and what the signer signed otherwise'
out=$(fw verify --since "$T/none" 2>&1)
is "$?" 2 'one that is not there'

# --- rolled back, mark and all ---------------------------------------------------
cp -R "$D/state" "$T/new" && cp "$D/secret/ledger.mark" "$T/new.mark"
put() { rm -f "$D"/state/ledger.db*; cp "$T/$1"/ledger.db* "$D/state/" && cp "$T/$1.mark" "$D/secret/ledger.mark"; }
put old
is "$(fw verify >/dev/null 2>&1; echo $?)" 0 'an old ledger with its old mark agrees with itself'
out=$(fw verify --since "$kept" 2>&1)
is "$?" 1 'and not with what was kept elsewhere'
has "$out" 'was rolled back' 'which says so'
put new

# --- rewritten, with all its hashes ----------------------------------------------
sqlite3 "$D/state/ledger.db" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
/usr/bin/python3 - "$D/state/ledger.db" "$D/secret/ledger.mark" <<'END'
import hashlib, re, sqlite3, sys
def field(value):
    value = value if isinstance(value, bytes) else str(value).encode()
    return b"%d:%s\n" % (len(value), value)
db = sqlite3.connect(sys.argv[1], isolation_level=None)
triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE name LIKE 'event_%' AND type = 'trigger'").fetchall()
for name, _ in triggers:
    db.execute(f"DROP TRIGGER {name}")
db.execute("UPDATE event SET at = at - 86400 WHERE kind IN ('committed', 'accepted')")
prev = hashlib.sha256(db.execute("SELECT id FROM meta").fetchone()[0].encode()).digest()
for row in db.execute("SELECT seq, at, run, delivery, kind, data FROM event ORDER BY seq").fetchall():
    digest = hashlib.sha256(b"".join(map(field, ("forewarn-event-1", prev, *row)))).digest()
    db.execute("UPDATE event SET prev = ?, hash = ? WHERE seq = ?", (prev, digest, row[0]))
    prev = digest
for _, sql in triggers:
    db.execute(sql)
mark = open(sys.argv[2], "rb").read()
for slot in (0, 4096):
    line = re.match(rb"(.* event (\d+) head )[0-9a-f]+ sum", mark[slot:])
    if line:
        head = db.execute("SELECT hash FROM event WHERE seq = ?", (int(line[2]),)).fetchone()[0]
        text = line[1] + head.hex().encode()
        text += b" sum " + hashlib.sha256(text).hexdigest()[:16].encode() + b"\n"
        mark = mark[:slot] + text + mark[slot + len(text):]
open(sys.argv[2], "wb").write(mark)
END
is "$(fw verify >/dev/null 2>&1; echo $?)" 0 'a chain with a day taken off, and all hashes made anew, agrees with itself'
out=$(fw verify --since "$kept" 2>&1)
is "$?" 1 'and not with what was kept elsewhere'
has "$out" 'was rewritten' 'which says so'
fw verify --since "$kept" --json >"$T/json" 2>/dev/null
is "$? $(grep -c '"sound": *false.*was rewritten' "$T/json")" '1 1' 'as JSON'
put new
is "$(fw verify --since "$kept" >/dev/null 2>&1; echo $?)" 0 'the true one agrees'
sqlite3 "$D/state/ledger.db" "UPDATE meta SET id = '00000000000000000000000000000000'"
has "$(fw verify --since "$kept" 2>&1)" 'is not the ledger that the checkpoint is of' "another programme's is not it"
put new

# --- none can be made ------------------------------------------------------------
make_advisory ADV-3 1
arm ADV-3 >/dev/null
rm -rf "$K" && echo >"$K"
out=$(fw run 2>&1)
is "$? $(states ADV-3)" '0 accepted accepted' 'where it cannot be written, the run is what it was to partners'
has "$out" 'checkpoint: state/checkpoints: is not a directory' 'and it is said'
finish
