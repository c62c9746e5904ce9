#!/usr/bin/python3
"""ledger_check.py LEDGER: SQLite finds no fault in it, and each event names the one before.

Says what is wrong, and nothing when all is well. Open rows (`sending`,
`committed`) are no fault: they are what a crash leaves.
"""
import hashlib
import sqlite3
import sys


def digest(*fields):
    whole = b""
    for field in fields:
        data = field if isinstance(field, bytes) else str(field).encode()
        whole += b"%d:%s\n" % (len(data), data)
    return hashlib.sha256(whole).digest()


def main():
    db = sqlite3.connect(sys.argv[1])
    faults = [row[0] for row in db.execute("PRAGMA integrity_check") if row[0] != "ok"]
    faults += [f"foreign key: {row}" for row in db.execute("PRAGMA foreign_key_check")]
    (name,) = db.execute("SELECT id FROM meta").fetchone()
    before, wanted = hashlib.sha256(name.encode()).digest(), 1
    for seq, at, run, delivery, kind, data, prev, own in db.execute(
            "SELECT seq, at, run, delivery, kind, data, prev, hash FROM event ORDER BY seq"):
        made = digest("forewarn-event-1", prev, seq, at, run, delivery, kind, data)
        if (seq, prev, own) != (wanted, before, made):
            faults.append(f"event {seq}: the chain is broken")
        before, wanted = own, seq + 1
    print("\n".join(faults), end="")
    sys.exit(bool(faults))


main()
