#include "edge/ledger_inside.h"

/*
 * The first form of the file. A time is in seconds since 1970, UTC; 0 is "none".
 * What may never happen is refused here too, whoever asks for it.
 */
static const char *const form_1[] = {
	/*
	 * seen: the latest time that was ever written; booted: when the boot began, by
	 * the clock that was first seen in it; fence: of the last claim; recovered: when
	 * an older copy was last taken for the ledger.
	 */
	"CREATE TABLE meta ("
	"  one INTEGER PRIMARY KEY CHECK (one = 1),"
	"  id TEXT NOT NULL,"
	"  seen INTEGER NOT NULL DEFAULT 0,"
	"  boot_id TEXT NOT NULL DEFAULT '',"
	"  booted INTEGER NOT NULL DEFAULT 0,"
	"  fence INTEGER NOT NULL DEFAULT 0,"
	"  recovered INTEGER NOT NULL DEFAULT 0"
	") STRICT",
	"INSERT INTO meta (one, id) VALUES (1, lower(hex(randomblob(16))))",

	/* One sending command. ended 0: it is at work, or it broke off. */
	"CREATE TABLE run ("
	"  id INTEGER PRIMARY KEY,"
	"  started INTEGER NOT NULL,"
	"  ended INTEGER NOT NULL DEFAULT 0,"
	"  exit INTEGER NOT NULL DEFAULT 0,"
	"  host TEXT NOT NULL,"
	"  version TEXT NOT NULL"
	") STRICT",

	/*
	 * What each fact, text and file came to, once for all deliveries that share
	 * it. What withheld an item is the delivery's tier, and its rules if any.
	 */
	"CREATE TABLE manifest ("
	"  id INTEGER PRIMARY KEY,"
	"  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32)"
	") STRICT",
	"CREATE TABLE item ("
	"  manifest INTEGER NOT NULL REFERENCES manifest,"
	"  name TEXT NOT NULL,"
	"  class TEXT NOT NULL,"
	"  given INTEGER NOT NULL CHECK (given IN (0, 1)),"
	"  sha256 BLOB CHECK (given = (sha256 IS NOT NULL) AND length(sha256) = 32),"
	"  PRIMARY KEY (manifest, name)"
	") STRICT, WITHOUT ROWID",

	/*
	 * was: the state before the claim; reason, next_try and changed stay as they
	 * were while a row is sending. told: the trouble that was last said.
	 */
	"CREATE TABLE delivery ("
	"  id INTEGER PRIMARY KEY,"
	"  advisory TEXT NOT NULL,"
	"  revision INTEGER NOT NULL,"
	"  contact TEXT NOT NULL,"
	"  message_id TEXT NOT NULL UNIQUE,"
	"  partner TEXT NOT NULL,"
	"  address TEXT NOT NULL,"
	"  fingerprint TEXT NOT NULL,"
	"  tier TEXT NOT NULL,"
	"  wave TEXT NOT NULL,"
	"  rules TEXT NOT NULL,"
	"  edition BLOB NOT NULL CHECK (length(edition) = 32),"
	"  manifest INTEGER NOT NULL REFERENCES manifest,"
	"  line TEXT NOT NULL,"
	"  digest BLOB NOT NULL CHECK (length(digest) = 32),"
	"  opens INTEGER NOT NULL,"
	"  armed INTEGER NOT NULL,"
	"  lasts INTEGER NOT NULL CHECK (lasts > 0),"
	"  due INTEGER NOT NULL CHECK (due = max(opens, armed)),"
	"  until INTEGER NOT NULL CHECK (until >= due + lasts),"
	"  state TEXT NOT NULL,"
	"  was TEXT NOT NULL DEFAULT '',"
	"  reason TEXT NOT NULL DEFAULT '',"
	"  attempts INTEGER NOT NULL DEFAULT 0,"
	"  fence INTEGER NOT NULL DEFAULT 0,"
	"  next_try INTEGER NOT NULL DEFAULT 0,"
	"  changed INTEGER NOT NULL,"
	"  told TEXT NOT NULL DEFAULT '',"
	"  told_at INTEGER NOT NULL DEFAULT 0,"
	"  UNIQUE (advisory, revision, contact)"
	") STRICT",

	/*
	 * Years of settled rows must not slow a run down. trouble: what is told to
	 * the operator once, then daily; a new reason is a new trouble.
	 */
	"CREATE VIEW unsettled AS SELECT *, CASE"
	"  WHEN state IN ('blocked', 'held', 'refused', 'unknown', 'expired')"
	"  THEN state || ' since ' || changed ELSE state END AS trouble FROM delivery"
	"  WHERE state NOT IN ('accepted', 'superseded', 'cancelled', 'given up')",
	"CREATE INDEX delivery_unsettled ON delivery (advisory, revision, contact)"
	"  WHERE state NOT IN ('accepted', 'superseded', 'cancelled', 'given up')",
	"CREATE INDEX delivery_accepted ON delivery (contact, changed)"
	"  WHERE state = 'accepted'",

	/* One try to hand a message over. ended 0: it is being made, or it broke off. */
	"CREATE TABLE attempt ("
	"  delivery INTEGER NOT NULL REFERENCES delivery,"
	"  n INTEGER NOT NULL,"
	"  run INTEGER REFERENCES run,"
	"  began INTEGER NOT NULL,"
	"  ended INTEGER NOT NULL DEFAULT 0,"
	"  outcome TEXT NOT NULL DEFAULT '',"
	"  code INTEGER NOT NULL DEFAULT 0,"
	"  reply TEXT NOT NULL DEFAULT '' CHECK (length(reply) <= 512),"
	"  PRIMARY KEY (delivery, n)"
	") STRICT, WITHOUT ROWID",
	"CREATE INDEX attempt_run ON attempt (run, outcome)",

	/* A delivery as it is shown, with what became of its last attempt. */
	"CREATE VIEW shown AS SELECT d.id, d.advisory, d.revision, d.contact, d.partner,"
	"  d.address, d.fingerprint, d.tier, d.wave, d.state, d.reason, d.message_id,"
	"  d.attempts, a.code, a.reply, d.opens, d.due, d.until, d.next_try, d.changed,"
	"  d.digest"
	"  FROM delivery AS d"
	"  LEFT JOIN attempt AS a ON a.delivery = d.id AND a.n = d.attempts",

	/* When a wave was first found open: only then is it judged late. */
	"CREATE TABLE wave_found ("
	"  advisory TEXT NOT NULL,"
	"  revision INTEGER NOT NULL,"
	"  wave TEXT NOT NULL,"
	"  found INTEGER NOT NULL,"
	"  late INTEGER NOT NULL CHECK (late IN (0, 1)),"
	"  PRIMARY KEY (advisory, revision, wave)"
	") STRICT, WITHOUT ROWID",

	/* Each names the hash of the one before; delivery 0: of the ledger as a whole. */
	"CREATE TABLE event ("
	"  seq INTEGER PRIMARY KEY,"
	"  at INTEGER NOT NULL,"
	"  run INTEGER NOT NULL,"
	"  delivery INTEGER NOT NULL,"
	"  kind TEXT NOT NULL,"
	"  data TEXT NOT NULL,"
	"  prev BLOB NOT NULL CHECK (length(prev) = 32),"
	"  hash BLOB NOT NULL CHECK (length(hash) = 32)"
	") STRICT",
	"CREATE INDEX event_delivery ON event (delivery)",
	"CREATE TRIGGER event_update BEFORE UPDATE ON event"
	"  BEGIN SELECT RAISE(ABORT, 'events are never changed'); END",
	"CREATE TRIGGER event_delete BEFORE DELETE ON event"
	"  BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END",

	/*
	 * What may follow what; accepted and superseded are for good. Arming a
	 * changed line leads back to planned from wherever nothing has gone out, and
	 * to recover an older copy makes unknown whatever may have gone out since.
	 */
	"CREATE TABLE transition ("
	"  before TEXT NOT NULL,"
	"  after TEXT NOT NULL,"
	"  PRIMARY KEY (before, after)"
	") STRICT, WITHOUT ROWID",
	"INSERT INTO transition VALUES"
	"  ('planned', 'sending'), ('deferred', 'sending'),"
	"  ('blocked', 'sending'), ('held', 'sending'),"
	"  ('sending', 'committed'), ('sending', 'planned'), ('sending', 'deferred'),"
	"  ('sending', 'blocked'), ('sending', 'held'), ('sending', 'refused'),"
	"  ('sending', 'unknown'),"
	"  ('committed', 'accepted'), ('committed', 'deferred'),"
	"  ('committed', 'refused'), ('committed', 'unknown'), ('committed', 'planned'),"
	"  ('unknown', 'accepted'), ('unknown', 'planned'), ('unknown', 'given up'),"
	"  ('planned', 'blocked'), ('deferred', 'blocked'),"
	"  ('planned', 'held'), ('blocked', 'held'),"
	"  ('planned', 'expired'), ('deferred', 'expired'),"
	"  ('blocked', 'expired'), ('held', 'expired'),"
	"  ('refused', 'deferred'),"
	"  ('deferred', 'planned'), ('blocked', 'planned'), ('held', 'planned'),"
	"  ('refused', 'planned'), ('expired', 'planned'), ('cancelled', 'planned'),"
	"  ('given up', 'planned'),"
	"  ('planned', 'given up'), ('sending', 'given up'), ('deferred', 'given up'),"
	"  ('blocked', 'given up'), ('held', 'given up'), ('refused', 'given up'),"
	"  ('expired', 'given up'),"
	"  ('planned', 'superseded'), ('sending', 'superseded'),"
	"  ('deferred', 'superseded'), ('blocked', 'superseded'),"
	"  ('held', 'superseded'), ('refused', 'superseded'), ('expired', 'superseded'),"
	"  ('planned', 'unknown'), ('deferred', 'unknown'), ('blocked', 'unknown'),"
	"  ('held', 'unknown'), ('refused', 'unknown'), ('expired', 'unknown'),"
	"  ('planned', 'cancelled'), ('sending', 'cancelled'),"
	"  ('deferred', 'cancelled'), ('blocked', 'cancelled'),"
	"  ('held', 'cancelled'), ('refused', 'cancelled'), ('expired', 'cancelled')",
	"CREATE TRIGGER transition_insert BEFORE INSERT ON transition"
	"  BEGIN SELECT RAISE(ABORT, 'transitions are fixed'); END",
	"CREATE TRIGGER transition_update BEFORE UPDATE ON transition"
	"  BEGIN SELECT RAISE(ABORT, 'transitions are fixed'); END",
	"CREATE TRIGGER transition_delete BEFORE DELETE ON transition"
	"  BEGIN SELECT RAISE(ABORT, 'transitions are fixed'); END",

	"CREATE TRIGGER delivery_insert BEFORE INSERT ON delivery"
	"  WHEN NEW.state <> 'planned'"
	"  BEGIN SELECT RAISE(ABORT, 'a delivery begins as planned'); END",
	"CREATE TRIGGER delivery_delete BEFORE DELETE ON delivery"
	"  BEGIN SELECT RAISE(ABORT, 'deliveries are never deleted'); END",
	"CREATE TRIGGER delivery_identity"
	"  BEFORE UPDATE OF id, advisory, revision, contact, message_id ON delivery"
	"  BEGIN SELECT RAISE(ABORT, 'a delivery keeps its name'); END",
	"CREATE TRIGGER delivery_state BEFORE UPDATE OF state ON delivery"
	"  WHEN NEW.state <> OLD.state AND NOT EXISTS (SELECT 1 FROM transition"
	"    WHERE before = OLD.state AND after = NEW.state)"
	"  BEGIN SELECT RAISE(ABORT, 'this state may not follow that one'); END",
	/* What was sent is what the row says. */
	"CREATE TRIGGER delivery_sent BEFORE UPDATE OF partner, address, fingerprint,"
	"    tier, wave, rules, edition, manifest, line, digest, opens, armed, lasts, due"
	"  ON delivery WHEN OLD.state IN ('committed', 'accepted', 'unknown')"
	"  BEGIN SELECT RAISE(ABORT, 'a line that was sent stays'); END",
	NULL,
};

static const char *const form_2[] = {
	/*
	 * What keeps claims and gates shut from elsewhere: a hold on an advisory or on all,
	 * a partner that is suspended or removed. Its events tell the rest of its story.
	 */
	"CREATE TABLE bar ("
	"  kind TEXT NOT NULL CHECK (kind IN ('advisory', 'all', 'partner')),"
	"  name TEXT NOT NULL CHECK ((kind = 'all') = (name = '')),"
	"  word TEXT NOT NULL CHECK (word IN ('held', 'suspended', 'removed')),"
	"  since INTEGER NOT NULL,"
	"  reason TEXT NOT NULL,"
	"  PRIMARY KEY (kind, name)"
	") STRICT, WITHOUT ROWID",
	/* A row at most for each delivery: the widest bar. */
	"CREATE VIEW barred AS SELECT d.id, coalesce(e.kind, a.kind, p.kind) AS kind,"
	"  coalesce(e.word, a.word, p.word) || ' ' || coalesce(e.reason, a.reason, "
	"p.reason)"
	"  AS why FROM delivery AS d"
	"  LEFT JOIN bar AS e ON e.kind = 'all' AND e.name = ''"
	"  LEFT JOIN bar AS a ON a.kind = 'advisory' AND a.name = d.advisory"
	"  LEFT JOIN bar AS p ON p.kind = 'partner' AND p.name = d.partner"
	"  WHERE coalesce(e.kind, a.kind, p.kind) IS NOT NULL",
	/*
	 * Who a partner was on the day: its files may be gone when it is asked who knew.
	 * A file is looked for by what it holds.
	 */
	"ALTER TABLE delivery ADD COLUMN organisation TEXT NOT NULL DEFAULT ''",
	"ALTER TABLE delivery ADD COLUMN countries TEXT NOT NULL DEFAULT ''",
	/*
	 * What tells a copy from others, once for all that share it: at each position, of
	 * which only a keyed hash is known here, its symbol of how many. groups 0: the copy
	 * is of a contact alone.
	 */
	"CREATE TABLE code ("
	"  id INTEGER PRIMARY KEY,"
	"  digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),"
	"  groups INTEGER NOT NULL"
	") STRICT",
	"CREATE TABLE mark ("
	"  code INTEGER NOT NULL REFERENCES code,"
	"  position INTEGER NOT NULL,"
	"  symbol INTEGER NOT NULL,"
	"  of INTEGER NOT NULL CHECK (symbol >= 0 AND symbol < of),"
	"  PRIMARY KEY (code, position)"
	") STRICT, WITHOUT ROWID",
	"ALTER TABLE delivery ADD COLUMN code INTEGER REFERENCES code",
	"CREATE INDEX item_sha256 ON item (sha256) WHERE given",
	"CREATE TRIGGER delivery_told BEFORE UPDATE OF organisation, countries, code ON "
	"delivery"
	"  WHEN OLD.state IN ('committed', 'accepted', 'unknown')"
	"  BEGIN SELECT RAISE(ABORT, 'a line that was sent stays'); END",
	/*
	 * Who must agree: the last one is in force. What was agreed to is named by its
	 * digest, a plan's or a quorum's; the signature is kept for whoever doubts it.
	 */
	"CREATE TABLE quorum ("
	"  seq INTEGER PRIMARY KEY,"
	"  adopted INTEGER NOT NULL,"
	"  text TEXT NOT NULL"
	") STRICT",
	"CREATE TABLE approval ("
	"  subject BLOB NOT NULL CHECK (length(subject) = 32),"
	"  fingerprint TEXT NOT NULL,"
	"  name TEXT NOT NULL,"
	"  at INTEGER NOT NULL,"
	"  signature TEXT NOT NULL,"
	"  PRIMARY KEY (subject, fingerprint)"
	") STRICT, WITHOUT ROWID",
	/* A plan that somebody armed, and that waits for others to agree. */
	"CREATE TABLE proposal ("
	"  advisory TEXT NOT NULL,"
	"  revision INTEGER NOT NULL,"
	"  plan BLOB NOT NULL CHECK (length(plan) = 32),"
	"  by TEXT NOT NULL,"
	"  user TEXT NOT NULL,"
	"  at INTEGER NOT NULL,"
	"  PRIMARY KEY (advisory, revision)"
	") STRICT, WITHOUT ROWID",
	"DROP VIEW shown",
	"CREATE VIEW shown AS SELECT d.id, d.advisory, d.revision, d.contact, d.partner,"
	"  d.address, d.fingerprint, d.tier, d.wave, d.state, d.reason, d.message_id,"
	"  d.attempts, a.code, a.reply, d.opens, d.due, d.until, d.next_try, d.changed,"
	"  d.digest,"
	"  (SELECT why FROM barred WHERE id = d.id) AS bar"
	"  FROM delivery AS d"
	"  LEFT JOIN attempt AS a ON a.delivery = d.id AND a.n = d.attempts",
	NULL,
};

const char *const *const ledger_forms[] = { form_1, form_2, NULL };
