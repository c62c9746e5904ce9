#!/usr/bin/python3
"""seal_check.py MAIL...: how each was sealed, by no code of the program's.

A line each: the address in To, how many session keys its message has, and the SHA-256
of its encrypted data. The same data in two mails were sealed together.
"""
import base64
import hashlib
import re
import sys

ARMOUR = re.compile(rb"-----BEGIN PGP MESSAGE-----\r\n\r\n(.*?)\r\n=(.{4})\r\n-----END PGP MESSAGE-----", re.S)


def crc24(data):
    crc = 0xB704CE
    for byte in data:
        crc ^= byte << 16
        for _ in range(8):
            crc <<= 1
            if crc & 0x1000000:
                crc ^= 0x1864CFB
    return crc.to_bytes(3, "big")


def after(data, at):
    """The tag of the packet, and where the next begins."""
    head, at = data[at], at + 1
    if not head & 0x40:
        width = 1 << (head & 3)
        return head >> 2 & 15, at + width + int.from_bytes(data[at:at + width], "big")
    while True:
        size, at, partial = data[at], at + 1, False
        if size == 255:
            size, at = int.from_bytes(data[at:at + 4], "big"), at + 4
        elif size >= 224:
            size, partial = 1 << (size & 31), True
        elif size >= 192:
            size, at = ((size - 192) << 8) + data[at] + 192, at + 1
        at += size
        if not partial:
            return head & 63, at


def main():
    for name in sys.argv[1:]:
        with open(name, "rb") as file:
            mail = file.read()
        (armour,) = ARMOUR.findall(mail)
        data, at, keys = base64.b64decode(armour[0].replace(b"\r\n", b""), validate=True), 0, 0
        assert base64.b64decode(armour[1]) == crc24(data), f"{name}: the sum is wrong"
        tag, end = after(data, at)
        while tag == 1:
            keys, at = keys + 1, end
            tag, end = after(data, at)
        assert tag == 18 and end == len(data), f"{name}: is not session keys and then data"
        to = re.search(rb"^To: (\S+)\r$", mail, re.M).group(1).decode()
        print(to, keys, hashlib.sha256(data[at:]).hexdigest())


main()
