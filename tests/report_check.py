"""report_check.py LEDGER PAGE ADVISORY REVISION NOW - does the page say what the ledger says?

Counts by itself, from the tables of the ledger and the text of the page, and prints what
differs. NOW: the time that the page was made for, in seconds since 1970.
"""

import html.parser
import re
import sqlite3
import sys
import time

STUCK = {"held", "blocked", "refused", "expired", "unknown"}
CLOSED = {"superseded", "cancelled", "given up"}


class Page(html.parser.HTMLParser):
    """tables[id] is a list of (data attributes, [cells]); what is hidden on a wide screen is left out."""

    def __init__(self):
        super().__init__()
        self.tables, self.table, self.row, self.cell, self.skipped = {}, None, None, None, 0
        self.elements, self.paths, self.words = set(), [], ""

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.elements.add(tag)
        if tag == "table":
            self.table = self.tables.setdefault(attributes.get("id") or attributes["class"], [])
        elif tag == "tr":
            self.row = ({k: v for k, v in attributes.items() if k.startswith("data-")}, [])
            self.table.append(self.row)
        elif tag in ("td", "th"):
            self.cell = ""
        elif tag == "path":
            self.paths.append(attributes["d"])
        self.skipped += tag == "span" and attributes.get("class") == "stacked"

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.row[1].append(self.cell.strip())
            self.cell = None
        elif tag == "span" and self.skipped:
            self.skipped = 0

    def handle_data(self, data):
        self.words += data
        if self.cell is not None and not self.skipped:
            self.cell += data


def deliveries(ledger, advisory, revision):
    rows = sqlite3.connect("file:%s?mode=ro" % ledger, uri=True)
    rows.row_factory = sqlite3.Row
    return rows.execute(
        "SELECT *, (SELECT reply FROM attempt WHERE delivery = delivery.id AND n = attempts) AS reply,"
        " (SELECT why FROM barred WHERE barred.id = delivery.id) AS bar"
        " FROM delivery WHERE advisory = ? AND revision = ? ORDER BY contact", (advisory, revision)).fetchall()


def held_by_a_person(row):
    return row["bar"] and row["state"] in ("planned", "sending", "committed", "deferred")


def wave_cells(rows, now):
    open_ = [row for row in rows if row["state"] not in CLOSED]
    taken = [row for row in rows if row["state"] == "accepted"]
    stuck = [row for row in rows if row["state"] in STUCK or held_by_a_person(row)]
    late = [row for row in open_
            if (row["changed"] if row["state"] == "accepted" else now) - row["due"] > 3600]
    return [str(len(part)) for part in (
        rows, [row for row in open_ if row["due"] <= now], taken,
        [row for row in open_ if row not in taken and row not in stuck], stuck,
        [row for row in rows if row["state"] in CLOSED], late)]


def row_cells(row):
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(row["changed"]))
    return [row["contact"] + " " + row["address"], row["tier"], row["wave"], row["state"],
            str(row["attempts"]), at if row["state"] == "accepted" else ""]


def differ(what, got, wanted):
    if got != wanted:
        print("%s: the page has %r, the ledger %r" % (what, got, wanted))


def main():
    ledger, path, advisory, revision, now = sys.argv[1:]
    rows, now = deliveries(ledger, advisory, revision), int(now)
    page = Page()
    page.feed(open(path, encoding="utf-8").read())
    by_wave = {}
    for row in rows:
        by_wave.setdefault(row["wave"], []).append(row)
    differ("waves", {data["data-wave"]: cells[2:] for data, cells in page.tables["wave-table"][1:]},
           {wave: wave_cells(some, now) for wave, some in by_wave.items()})
    differ("deliveries", sorted(cells[:6] for _, cells in page.tables["deliveries"][1:]),
           sorted(row_cells(row) for row in rows))
    differ("those not told",
           sorted((cells[0].split()[0], cells[1], cells[4]) for _, cells in page.tables.get("failed-table", [])[1:]),
           sorted((row["contact"], row["state"], row["bar"] if held_by_a_person(row) else row["reason"] or row["reply"])
                  for row in rows
                  if row["state"] in STUCK or held_by_a_person(row) or (row["state"] in ("deferred", "planned") and row["attempts"])))
    taken = [row for row in rows if row["state"] == "accepted"]
    differ("the slowest", [int(cells[3]) for _, cells in page.tables.get("slowest-table", [])[1:]],
           [row["attempts"] for row in sorted(taken, key=lambda row: row["due"] - row["changed"])][:10])
    # Each curve ends at the share that was accepted, counted from the bottom.
    ends = sorted(1000 - int(re.findall(r"V(\d+)", path)[-1]) for path in page.paths)
    differ("the curves' ends", ends, sorted(
        int(cells[2]) * 1000 // (int(cells[0]) - int(cells[5]))
        for cells in (wave_cells(some, now) for some in by_wave.values()) if cells[2] != "0"))
    differ("accepted in all", re.search(r"(\d+ of \d+) by our relay", page.words)[1],
           "%d of %d" % (len(taken), len(rows)))


main()
