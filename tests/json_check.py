"""json_check.py [--all] PAGE FILE... - each FILE holds one answer of a command: is it what the page says?

Every key of an answer must be in the page with its type, and every key of the sections that
were met in some answer; with --all those of each section. Prints what differs, one line each.
"""
import json
import re
import sys

SECTION = re.compile(r"^\.Ss (.+)$")
KEY = re.compile(r"^\.It Ic (\S+) Pq (.+)$")
CLEAN = re.compile(r"[^\x00-\x1f\x7f-\x9f]+")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
DIGEST = re.compile(r"[0-9a-f]{64}")


def string_like(pattern):
    return lambda value: isinstance(value, str) and pattern.fullmatch(value)


TYPES = {
    "text": string_like(CLEAN),
    "time": string_like(TIME),
    "digest": string_like(DIGEST),
    "number": lambda value: type(value) is int,
    "yes": lambda value: type(value) is bool,
}


def read_page(path):
    """{section: {key: type}}"""
    page, section = {}, None
    for line in open(path, encoding="utf-8"):
        if match := SECTION.match(line):
            section = page.setdefault(match[1], {})
        elif match := KEY.match(line):
            if match[1] in section:
                print(f"{path}: {match[1]} is there twice")
            section[match[1]] = match[2]
    return page


def check(page, seen, kind, value, where):
    if kind.startswith("list of "):
        if not isinstance(value, list):
            print(f"{where}: is no list")
        else:
            for i, one in enumerate(value):
                check(page, seen, kind[len("list of "):], one, f"{where}[{i}]")
    elif kind in TYPES:
        if not TYPES[kind](value):
            print(f"{where}: {value!r} is no {kind}")
    elif kind not in page:
        print(f"{where}: the page has no {kind}")
    elif not isinstance(value, dict):
        print(f"{where}: is no object")
    else:
        for key, part in value.items():
            seen.add((kind, key))
            if key in page[kind]:
                check(page, seen, page[kind][key], part, f"{where}.{key}")
            else:
                print(f"{where}: {key} is not in the page")


def no_twice(pairs):
    result = dict(pairs)
    if len(result) < len(pairs):
        print(f"a key twice in {pairs}")
    return result


def main():
    arguments = sys.argv[1:]
    whole = arguments[0] == "--all"
    page, seen = read_page(arguments[whole]), set()
    for path in arguments[whole + 1 :]:
        text = open(path, "rb").read()
        if not text.isascii() or text.count(b"\n") != 1 or not text.endswith(b"\n"):
            print(f"{path}: is not one line of ASCII")
        answer = json.loads(text, object_pairs_hook=no_twice)
        if list(answer)[:2] != ["forewarn", "command"] or answer["forewarn"] != 1:
            print(f"{path}: does not begin with forewarn: 1 and its command")
        check(page, seen, answer.get("command"), answer, path)
    met = set(page) if whole else {section for section, key in seen}
    for section in sorted(met & set(page)):
        for key in page[section]:
            if (section, key) not in seen:
                print(f"{section}: {key}: is in the page, and in no answer")


main()
