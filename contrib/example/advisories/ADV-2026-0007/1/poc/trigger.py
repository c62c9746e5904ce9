#!/usr/bin/env python3
"""Stands for a proof of concept. The document gateway does not exist, and
this program only prints the document that it would hand in."""

import struct


def document():
    table = b"PTBL" + struct.pack("<HH", 1, 0xFFFF)
    return b"EXDOC4" + table.ljust(64, b"\0")


print(document().hex(" ", 8))
