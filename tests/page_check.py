#!/usr/bin/python3
"""page_check.py PAGE PLAN-DIGEST PREVIEW-DIR [AXE]: the preview page in a browser.

Reads it as a person would: by its headings, rows and words, with the mouse, the keyboard
alone, without its script, on paper, in the dark, on a narrow screen. A line for each check
on stdout: 0 or 1, and its name. The programme is that of e2e/70-page.t.
"""

import email
import email.policy
import json
import pathlib
import re
import sys

from browser import Browser


def check(holds, name, seen=None):
    print(0 if holds else 1, name)
    if not holds and seen is not None:
        print("#", repr(seen)[:600])


def text(browser, selector):
    return browser.run("document.querySelector(%s).textContent.trim()" % json.dumps(selector))


def texts(browser, selector):
    return browser.run("Array.from(document.querySelectorAll(%s), e => e.textContent.replace(/\\s+/g, ' ').trim())"
                       % json.dumps(selector))


def shown_rows(browser):
    """The contacts of the rows that can be seen."""
    return browser.run("""Array.from(document.querySelectorAll("#matrix tr[data-state]"))
        .filter(row => row.getClientRects().length).map(row => row.querySelector(".id").textContent.split(" ")[0])""")


def check_head(browser, digest):
    check(text(browser, "#digest") == digest, "the digest is the one that the terminal shows")
    check(digest in text(browser, "#go-on pre") and "forewarn arm ADV-1 --revision 1" in text(browser, "#go-on pre"),
          "the command to go on names it")
    check(text(browser, ".tlp") == "TLP:RED", "the label is the strictest of the editions", text(browser, ".tlp"))
    check("tiers full, entry, low, and is as sensitive as the most open of them, full" in text(browser, ".caution"),
          "the tiers are named on top", text(browser, ".caution"))
    headings = browser.run("Array.from(document.querySelectorAll('h1,h2,h3'), h => Number(h.tagName[1]))")
    check(headings[0] == 1 and all(b - a <= 1 for a, b in zip(headings, headings[1:])),
          "headings go down by one", headings)


def check_concerns(browser):
    points = dict(point.split("|", 1) for point in browser.run("""Array.from(document.querySelectorAll(".points > li"),
        li => li.querySelector("b").textContent + "|" + li.textContent.replace(/\\s+/g, " "))"""))
    for title, words in (
            ("Key cannot be used: the notice will be blocked", ["late/c1", "expired"]),
            ("Key expires before its wave opens", ["soon/c1", "before wave low opens"]),
            ("Told nothing", ["gone/c1", "suspended"]),
            ("Class that no contact gets", ["orphan"]),
            ("Review due within 30 days", ["acme", "is due on"]),
            ("Edition partly in the programme's language", ["tier full in ko"]),
            ("File larger than 1 MiB", ["trigger.bin"]),
            ("Message near max_message", ["tier full"]),
            ("Contact NEW: it has had nothing yet", ["beta/c1"]),
            ("Contact CHANGED since its last delivery", ["acme/c1", "address"])):
        point = points.get(title, "")
        check(all(word in point for word in words), "it is said: " + title, point or points)


def check_waves(browser):
    check(texts(browser, "#waves tbody th") == ["full", "entry", "low"], "a row a wave, in their order")
    check(texts(browser, "#waves .name") == ["full 2 contacts", "entry 3 contacts", "low 2 contacts"],
          "a bar a wave", texts(browser, "#waves .name"))
    check(len(texts(browser, "#waves .rest")) >= 3, "weekend and holiday are shaded")
    check(browser.run("document.querySelectorAll('.times .now, .times .release').length") == 2,
          "now and the release are marked")
    check(re.fullmatch(r"in \d+ d \d+ h|in \d+ d", texts(browser, "#waves td[data-when]")[2]) is not None,
          "how far away a wave is", texts(browser, "#waves td[data-when]"))


def check_matrix(browser):
    rows = shown_rows(browser)
    check(sorted(rows) == ["acme/c1", "acme/c2", "beta/c1", "evil/c1", "gone/c1", "late/c1", "low/c1", "soon/c1"],
          "a row a contact", rows)
    given = browser.run("""(() => {
        const items = Array.from(document.querySelectorAll("#matrix .item"), th => th.dataset.item);
        return Object.fromEntries(Array.from(document.querySelectorAll("#matrix tr[data-state]"), row =>
            [row.querySelector(".id").textContent.split(" ")[0],
             Array.from(row.querySelectorAll(".g, .w"), (td, i) => td.textContent + " " + items[i])
                 .filter(cell => cell.startsWith("given")).map(cell => cell.slice(6)).sort().join(" ")]));
    })()""")
    check(given["acme/c1"] == "attach.rules attach.trigger text.summary text.trigger title", "the full tier has all but the orphan",
          given["acme/c1"])
    check(given["beta/c1"] == "attach.rules text.summary title", "a tier has what it admits", given["beta/c1"])
    check(given["low/c1"] == "text.summary title", "one that a rule lowers has less", given["low/c1"])
    check(given["gone/c1"] == "", "and who is suspended has nothing")


def choose(browser, name, value):
    browser.run("""(() => {
        const control = document.querySelector("form[data-rows]").elements[%s];
        control.value = %s;
        control.dispatchEvent(new Event("input", { bubbles: true }));
    })()""" % (json.dumps(name), json.dumps(value)))


def check_filters(browser):
    for name, value, wanted in (
            ("tier", "entry", ["beta/c1", "evil/c1", "late/c1"]),
            ("countries", "XA", ["low/c1"]),
            ("wave", "full", ["acme/c1", "acme/c2"]),
            ("state", "blocked", ["late/c1", "soon/c1"]),
            ("state", "changed", ["acme/c1"]),
            ("state", "absent", ["gone/c1"]),
            ("search", "BETA@", ["beta/c1"])):
        choose(browser, name, value)
        check(sorted(shown_rows(browser)) == wanted, "filter %s: %s" % (name, value), shown_rows(browser))
        check(text(browser, "form[data-rows] output") == "%d of 8" % len(wanted), "and says how many")
        choose(browser, name, "")
    choose(browser, "tier", "entry")
    choose(browser, "state", "blocked")
    check(shown_rows(browser) == ["late/c1"], "two filters hold together", shown_rows(browser))
    box = browser.run("(() => { const r = document.querySelector('form[data-rows] button').getBoundingClientRect();"
                      "scrollBy(0, r.top - 100); return [r.left + 5, 105]; })()")
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=box[0], y=box[1], button="left", clickCount=1)
    browser.run("new Promise(done => setTimeout(done))")
    check(len(shown_rows(browser)) == 8, "a click shows all again")


def why(browser):
    return browser.run("(() => { const w = document.querySelector('.why'); return w.hidden ? '' : w.textContent; })()")


def check_reasons(browser):
    x, y = browser.run("""(() => {
        const row = Array.from(document.querySelectorAll("#matrix tr[data-state]"))
            .find(row => row.textContent.includes("low/c1"));
        row.scrollIntoView({ block: "center" });
        const box = row.querySelector(".w").getBoundingClientRect(); // the scrolling is over a frame later
        return new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() =>
            done([box.left + box.width / 2, box.top + box.height / 2]))));
    })()""")
    browser.point(x, y)
    seen = why(browser)
    check("text.trigger (proof-of-concept): withheld. Tier low does not admit proof-of-concept. Lowered from tier full. Rule reports: <b>\"must\"</b> & 'tell'"
          in seen, "under the mouse: why it is withheld", seen)
    browser.point(1, 1)
    check(why(browser) == "", "and it goes with the mouse")


def check_keyboard(browser):
    """Every stop of the tab key, from the top to the end of the page."""
    wanted = browser.run("""Array.from(document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']"))
        .filter(e => e.getClientRects().length).length""")
    stops = []
    for _ in range(wanted + 5):
        browser.press("Tab", 9)
        stops.append(browser.run("""(e => e === document.body ? "" : e.tagName + " " + (e.name || e.className || e.textContent))
            (document.activeElement)"""))
        if stops[-1].startswith("TD"):
            check("given. Tier full admits" in why(browser), "a cell that the tab key reaches says why", why(browser))
            browser.press("End", 35)
            browser.press("ArrowDown", 40)
            browser.press("ArrowDown", 40)
            check("Tier entry does not admit" in why(browser), "the arrow keys go from cell to cell", why(browser))
            described = browser.run("document.getElementById(document.activeElement.getAttribute('aria-describedby')).textContent")
            check(described == why(browser), "a screen reader is told the same")
            check(browser.run("document.querySelectorAll('#matrix [aria-describedby]').length") == 1, "and of that cell alone")
            browser.press("Escape", 27)
            check(why(browser) == "", "the escape key hides it")
        if stops[-1] == "":
            break
    stops = [stop for stop in stops if stop]
    check(len(stops) == wanted and stops[0].startswith("A skip"), "the tab key reaches all there is, once", (wanted, stops))
    check(sum(stop.startswith("TD") for stop in stops) == 1, "the matrix is one stop", stops)


def compare(browser, left, right):
    browser.run("""(() => {
        const form = document.querySelector("form.comparison");
        const pick = (select, words) => { select.value = Array.from(select.options).find(o => o.text === words).value; };
        pick(form.elements.left, %s);
        pick(form.elements.right, %s);
        form.dispatchEvent(new Event("input"));
    })()""" % (json.dumps(left), json.dumps(right)))
    return texts(browser, ".compare del"), texts(browser, ".compare ins"), text(browser, "form.comparison output")


def check_compare(browser):
    cut, added, count = compare(browser, "full, en", "low, en")
    check(any(line.startswith("Trigger: ") for line in cut), "what only the left one has is marked", cut)
    check(any("Withheld: attach.trigger (proof-of-concept)" in line for line in added), "and what the right one has not", added)
    check("For: Programme members" not in cut, "what both have is not marked", cut)
    check(re.fullmatch(r"\d+ lines differ", count) is not None, "how many lines differ", count)
    cut, added, count = compare(browser, "entry, en", "entry, en")
    check((cut, added, count) == ([], [], "no difference"), "an edition is like itself", (cut, added, count))


def check_editions(browser, folder):
    """Each text on the page is that of the file beside it."""
    for path in sorted(pathlib.Path(folder).glob("*.eml")):
        mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        body = mail.get_body().get_content().replace("\r\n", "\n")
        tier, language = path.name.split(".")[:2]
        shown = browser.run("""(() => {
            const one = Array.from(document.querySelectorAll("article"))
                .find(a => a.querySelector("h3").textContent.startsWith(%s));
            return [one.querySelector(".subject").textContent, one.querySelector("pre").textContent];
        })()""" % json.dumps("Tier %s in %s " % (tier, language)))
        check(shown == [str(mail["Subject"]), body], "%s is read as it is sent" % path.name, (shown[1][:200], body[:200]))


def check_hostile(browser):
    check(browser.run("document.scripts.length") == 1 and browser.run("document.querySelectorAll('img, iframe, object, link').length") == 0,
          "nothing that a value holds is markup")
    names = texts(browser, "#matrix bdi")
    check("<script>alert(1)</script>'&" in names, "a hostile name is text", names)
    check("</pre><script>alert(2)</script><!-- {{title}}" in text(browser, "article pre"), "a hostile text is text")
    check(browser.run("window.alerted") is None, "and nothing of it ran")
    policy = browser.run("document.querySelector('meta[http-equiv]').content")
    check(policy.startswith("default-src 'none'; ") and "unsafe" not in policy, "the policy allows no other script", policy)
    browser.run("""(() => { const s = document.createElement("script"); s.textContent = "window.alerted = 1";
        document.body.append(s); })()""")
    check(browser.run("window.alerted") is None, "and one that were put in would not run")
    browser.complaints.clear()  # which the browser has just said


def check_without_script(browser, page):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.load(page)
    tree = browser.call("Accessibility.getFullAXTree")["nodes"]
    words = " ".join(node["name"].get("value", "") for node in tree
                     if node.get("role", {}).get("value") == "StaticText" and not node["ignored"])
    check(all(word in words for word in ("acme/c1", "gone/c1", "Trigger: ", "UTC", "withheld", "given")),
          "without its script all is there to be read, and listened to", words[-400:])
    check("The comparison is made by the page's script" in words and "Show all" not in words,
          "and what cannot work is not shown", words[-400:])
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


def check_paper(browser):
    browser.prefer("dark", "print")
    seen = browser.run("""["form.filters", ".skip", "#compare", ".sign", "#matrix thead"].map(name =>
        getComputedStyle(document.querySelector(name)).display)""")
    check(seen == ["none", "none", "none", "table", "table-header-group"], "on paper: no controls, a place to sign", seen)
    check(browser.run("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)", "black on white")
    sheet = browser.run("Array.from(document.adoptedStyleSheets[0].cssRules, r => r.cssText).join()")
    check(text(browser, "#digest") in sheet, "and the digest below each sheet", sheet)
    browser.prefer("light")


def check_axe(browser, axe):
    browser.run(pathlib.Path(axe).read_text(encoding="utf-8"))
    for scheme, width in (("light", 1280), ("dark", 390)):
        browser.prefer(scheme)
        browser.resize(width, 900)
        found = browser.run("""axe.run(document, { resultTypes: ["violations"] }).then(result => result.violations
            .map(v => v.impact + " " + v.id + ": " + v.nodes.map(n => n.html.slice(0, 100)).slice(0, 3).join(" | ")))""")
        check(not found, "axe-core finds nothing: %s, %d pixels" % (scheme, width), found)
    browser.prefer("light")


def check_narrow(browser):
    browser.resize(390, 800)
    check(browser.run("document.documentElement.scrollWidth <= 390"), "on a narrow screen the page does not scroll sideways")
    browser.resize(1280, 900)


def main():
    page, digest, folder = sys.argv[1:4]
    with Browser() as browser:
        browser.open(page)
        url = browser.requests[0]
        check_head(browser, digest)
        check_concerns(browser)
        check_waves(browser)
        check_matrix(browser)
        check_filters(browser)
        check_reasons(browser)
        browser.load(url)  # the tab key begins at its top
        check_keyboard(browser)
        check_compare(browser)
        check_editions(browser, folder)
        check_paper(browser)
        check_narrow(browser)
        browser.call("Emulation.setTimezoneOverride", timezoneId="Asia/Seoul")
        browser.load(url)
        check(texts(browser, "#waves .local")[0].endswith("GMT+9"), "times are told in the reader's zone, too")
        check(not browser.complaints, "the console is silent", browser.complaints)
        check(set(browser.requests) == {url}, "no request leaves the page", browser.requests)
        check_hostile(browser)
        if len(sys.argv) > 4:
            check_axe(browser, sys.argv[4])
        check_without_script(browser, url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
