#!/usr/bin/python3
"""Reads what forewarn writes with another implementation of mail: Python's.

mime_check.py message FILE   checks the form, prints header fields and parts
mime_check.py decoded FILE   prints all that a reader can see: fields, names, content
mime_check.py headers FILE   lines of KIND, input and output in hexadecimal:
                             each output must read as its input
"""
import email
import email.header
import email.policy
import email.utils
import hashlib
import re
import sys


def check(condition, what):
    if not condition:
        sys.exit(f"mime_check: {what}")


def parse(data):
    message = email.message_from_bytes(data, policy=email.policy.default)
    for part in message.walk():
        content = part.get_payload(decode=True)  # looks at the base64 too
        check(not part.defects, f"{part.get_content_type()}: {part.defects}")
        for name, value in part.items():
            check(not getattr(value, "defects", ()), f"{name}: {value.defects}")
        check(part.is_multipart() or content is not None, "a part without content")
    return message


def check_form(data):
    check(all(byte < 128 and byte != 0 for byte in data), "is not 7-bit")
    check(not re.search(rb"(?<!\r)\n|\r(?!\n)", data), "has a bare CR or LF")
    lines = data.split(b"\r\n")
    check(max(map(len, lines)) <= 78, "has a line over 78")
    check(not any(line.endswith(b" ") for line in lines), "has a blank at a line's end")
    check(lines[-1] == b"" and lines[-2].endswith(b"--"),
          "does not end with one CRLF behind the last boundary")


def message(data):
    check_form(data)
    root = parse(data)
    for name, value in root.items():
        print(f"{name}: {value}")
    for part in root.walk():
        if not part.is_multipart():
            content = part.get_payload(decode=True)
            print(part.get_content_type(), part.get_filename() or "-", len(content),
                  hashlib.sha256(content).hexdigest())


def decoded(data):
    for part in parse(data).walk():
        for name, value in part.items():
            print(f"{name}: {value}")
        if not part.is_multipart():
            print(f"file name: {part.get_filename() or '-'}", flush=True)
            sys.stdout.buffer.write(part.get_payload(decode=True) + b"\n")


def read_words(output):
    field = parse(b"Subject: " + output + b"\r\n\r\n")["Subject"]
    # The older reader of the same library, which many programs use.
    old = email.message_from_bytes(b"Subject: " + output + b"\r\n\r\n")["Subject"]
    old = str(email.header.make_header(email.header.decode_header(old)))
    check(re.sub(r"\r\n", "", old) == field, f"Python's readers disagree: {old!r} {field!r}")
    return field


def read_phrase(output):
    field = parse(b"From: " + output + b" <a@b.example>\r\n\r\n")["From"]
    check([one.addr_spec for one in field.addresses] == ["a@b.example"],
          f"{output}: other addresses")
    # The newer reader puts blanks between the encoded words of a name, so ask the older.
    name = email.utils.parseaddr(output.decode() + " <a@b.example>")[0]
    return str(email.header.make_header(email.header.decode_header(name)))


def read_parameter(output):
    disposition = b"Content-Disposition: attachment" + output + b"\r\n\r\n"
    part = parse(disposition)
    old = email.message_from_bytes(disposition).get_filename()
    # The newer reader takes off quotes that are the name's own.
    check(part.get_filename() in (old, email.utils.unquote(old).strip()),
          f"Python's readers disagree: {old!r} {part.get_filename()!r}")
    return old


def headers(data):
    read = {"words": read_words, "phrase": read_phrase, "parameter": read_parameter}
    for count, line in enumerate(data.decode().splitlines(), 1):
        kind, wanted, output = (line.split(" ") + [""])[:3]
        wanted = bytes.fromhex(wanted).decode()
        output = bytes.fromhex(output)
        got = read[kind](output)
        if kind == "parameter":  # get_filename strips what it read
            wanted = wanted.strip()
        check(got == wanted, f"{kind} {count}: {wanted!r} came back as {got!r} from {output}")
    print(f"{count} read")


with open(sys.argv[2], "rb") as file:
    {"message": message, "decoded": decoded, "headers": headers}[sys.argv[1]](file.read())
