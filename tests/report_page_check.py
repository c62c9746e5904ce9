#!/usr/bin/python3
"""report_page_check.py PAGE [AXE]: the report's page in a browser, as page_check.py does it.

The ledger is that of e2e/71-report.t behind its first run. A line for each check: 0 or 1,
and its name.
"""

import sys

from browser import Browser
from page_check import check, check_axe, check_narrow, choose, text, texts


def shown(browser):
    return browser.run("""Array.from(document.querySelectorAll("#deliveries tbody tr"))
        .filter(row => row.getClientRects().length).map(row => row.querySelector("th").firstChild.textContent.trim())""")


def check_words(browser):
    check(text(browser, "#total") == "4 of 9", "how many were accepted", text(browser, "#total"))
    check(texts(browser, ".points b")[:2] == ["3 contacts", "1 contact"], "who is stuck, and who still waits",
          texts(browser, ".points b"))
    check(browser.run("document.querySelector('.points a').getAttribute('href')") == "#failed", "one click leads to them")
    headings = browser.run("Array.from(document.querySelectorAll('h1,h2,h3'), h => Number(h.tagName[1]))")
    check(headings[0] == 1 and all(b - a <= 1 for a, b in zip(headings, headings[1:])), "headings go down by one", headings)
    reply = texts(browser, "#failed-table tbody tr td:nth-child(5)")[0]
    check(reply == '550 5.1.1 <script>alert(1)</script> & "no such user"', "markup in a reply is read as it was sent", reply)


def check_curve(browser):
    """The drawing and its table are of one mind: half of 8 in the end."""
    check(texts(browser, ".curve-table tr:last-child td") == ["4", "50 %"], "the curve in numbers",
          texts(browser, ".curve-table tr:last-child td"))
    seen = browser.run("""(() => {
        const curve = document.querySelector(".curve");
        const [top, bottom] = Array.from(curve.closest("figure").querySelectorAll("line[y1='16'][y2='16'], line[y1='122'][y2='122']"),
            line => line.getBoundingClientRect());
        const end = curve.getPointAtLength(curve.getTotalLength()).matrixTransform(curve.getScreenCTM());
        return [(bottom.top - end.y) / (bottom.top - top.top), (end.x - bottom.left) / bottom.width];
    })()""")
    check(abs(seen[0] - 0.5) < 0.02 and abs(seen[1] - 1) < 0.02, "the drawing ends where the numbers do", seen)
    bar = browser.run("""Array.from(document.querySelectorAll(".wave rect"), r => r.getBoundingClientRect().width)""")
    check(abs(bar[0] / sum(bar[:3]) - 4 / 8) < 0.02, "the bar shows the share of the accepted", bar)


def check_filters(browser):
    for name, value, wanted in (
            ("state", "refused", ["acme/c2"]),
            ("wave", "later", ["beta/c1"]),
            ("tier", "later", ["beta/c1"]),
            ("late", "late", []),
            ("search", "NO SUCH USER", ["acme/c2"])):
        choose(browser, name, value)
        check(shown(browser) == wanted, "filter %s: %s" % (name, value), shown(browser))
        check(text(browser, "form[data-rows] output") == "%d of 9" % len(wanted), "and it says how many")
        choose(browser, name, "")
    check(len(shown(browser)) == 9, "without a filter all are there")


def check_keyboard(browser):
    wanted = browser.run("""Array.from(document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']"))
        .filter(e => e.getClientRects().length).length""")
    seen = set()
    for _ in range(wanted):
        browser.press("Tab", 9)
        seen.add(browser.run("Array.from(document.querySelectorAll('*')).indexOf(document.activeElement)"))
    check(len(seen) == wanted and browser.run("document.activeElement !== document.body"),
          "the tab key reaches all that can be done", (wanted, len(seen)))


def check_without_script(browser, url):
    browser.call("Emulation.setScriptExecutionDisabled", value=True)
    browser.load(url)
    words = " ".join(node["name"].get("value", "") for node in browser.call("Accessibility.getFullAXTree")["nodes"]
                     if node.get("role", {}).get("value") == "StaticText" and not node["ignored"])
    check(all(word in words for word in ("acme/c7", "forewarn retry ADV-1 acme/c2", "soc@beta.example")) and "Show all" not in words,
          "without its script all is there to be read, and no control that cannot work")
    roles = [node["role"]["value"] for node in browser.call("Accessibility.getFullAXTree")["nodes"] if "role" in node]
    check(roles.count("table") >= 4 and roles.count("columnheader") >= 20, "a screen reader is told of tables and their columns")
    browser.call("Emulation.setScriptExecutionDisabled", value=False)


def main():
    page = sys.argv[1]
    with Browser() as browser:
        browser.open(page)
        url = browser.requests[0]
        check_words(browser)
        check_curve(browser)
        check_filters(browser)
        browser.load(url)
        check_keyboard(browser)
        check_narrow(browser)
        check(browser.run("window.alerted") is None and browser.run("document.scripts.length") == 1, "nothing of a reply ran")
        check(not browser.complaints, "the console is silent", browser.complaints)
        check(set(browser.requests) == {url}, "no request leaves the page", browser.requests)
        if len(sys.argv) > 2:
            check_axe(browser, sys.argv[2])
        check_without_script(browser, url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
