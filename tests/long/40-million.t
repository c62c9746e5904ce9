#!/bin/sh
# A million deliveries of the past do not slow a run: it reads no more of the ledger.
. "$(dirname "$0")/../e2e/lib.sh"
: "${MANY:=1000000}"
db=$D/state/ledger.db
sql() { sqlite3 "$db" "$1"; }
make_programme
add_partner acme entry XC soc@acme.example
set_up_keys
patience 2m
start_relay
arm ADV-1 >/dev/null 2>&1
fw run

# reads COMMAND...: how often the program reads from the ledger's file, but for its header
reads() {
	strace -qq -e trace=pread64 -P "$db" -o "$T/calls" "$FOREWARN" -C "$D" "$@" >/dev/null 2>&1
	code=$?
	count_of=$(wc -l <"$T/calls")
}
# work NAME: what a run with nothing due, one with one mail, and two questions read
work() {
	reads run
	echo "idle $code $count_of"
	make_advisory "$1" 1
	reads preview "$1"
	echo "shows $code $count_of"
	arm "$1" >/dev/null 2>&1
	reads run
	echo "sends $code $count_of"
	reads run -n
	echo "foretells $code $count_of"
	reads status "$1"
	echo "status $code $count_of"
	reads report "$1"
	echo "report $code $count_of"
}
work ADV-2 >"$T/few"

# The triggers go for a while: these rows did not come one by one.
sql "SELECT sql || ';' FROM sqlite_schema WHERE type = 'trigger'" >"$T/triggers"
{
	echo 'PRAGMA synchronous = OFF; BEGIN;'
	sql "SELECT 'DROP TRIGGER ' || name || ';' FROM sqlite_schema WHERE type = 'trigger'"
	cat <<SQL
CREATE TEMP TABLE n AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $MANY)
	SELECT i FROM n;
INSERT INTO delivery (advisory, revision, contact, message_id, partner, address, fingerprint,
	tier, wave, rules, edition, manifest, line, digest, opens, armed, lasts, due, until, state,
	attempts, changed)
	SELECT 'OLD-' || (i / 1000), 1, iif(i % 50, 'c' || (i % 1000), 'acme/c1'), i || '@old.example',
	partner, address, fingerprint, tier, wave, rules, edition, manifest, '', digest,
	opens, armed, lasts, due, until, iif(i % 10, 'accepted', 'superseded'), 1, changed
	FROM n, (SELECT * FROM delivery LIMIT 1)
	WHERE i % 50 OR i % 1000 = 0;
INSERT INTO attempt SELECT id, 1, 1, began, ended, outcome, code, reply
	FROM delivery AS d, (SELECT * FROM attempt LIMIT 1) WHERE d.advisory LIKE 'OLD-%';
INSERT INTO event SELECT -i, at, 1, 1, kind, data, prev, hash
	FROM n, (SELECT * FROM event WHERE kind = 'accepted' LIMIT 1);
SQL
	cat "$T/triggers"
	echo 'COMMIT; PRAGMA wal_checkpoint(TRUNCATE);'
} | sqlite3 "$db" >/dev/null
ok $? "rows from before: $(sql 'SELECT count(*) FROM delivery') deliveries, as many attempts and events"
work ADV-3 >"$T/many"

while read -r what few_code few <&3 && read -r _ many_code many <&4; do
	is "$many_code" "$few_code" "$what: exit $few_code as before"
	[ "$many" -le $((few * 2 + 40)) ]
	ok $? "$what: $few reads of a small ledger, $many of the large one"
done 3<"$T/few" 4<"$T/many"
is "$(mail_count)" 3 'and each mail went out once'
finish
