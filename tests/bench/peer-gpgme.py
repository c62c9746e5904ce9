#!/usr/bin/python3
"""The job as a loop in Python: GPGME and one smtplib connection, for each line
"FINGERPRINT MAIL" of stdin.  peer-gpgme.py HOME SIGNER PAYLOAD PORT [CA]"""
import smtplib
import ssl
import sys
from email.utils import formatdate

import gpg

MAIL = """From: Example Programme <advisories@psirt.example>
To: {to}
Subject: [...]
Date: {date}
MIME-Version: 1.0
Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary=b

--b
Content-Type: application/pgp-encrypted

Version: 1

--b
Content-Type: application/octet-stream

{sealed}
--b--
"""

home, signer, payload, port = sys.argv[1:5]
with open(payload, "rb") as file:
    plain = file.read()
if len(sys.argv) > 5:
    relay = smtplib.SMTP_SSL("127.0.0.1", int(port), context=ssl.create_default_context(cafile=sys.argv[5]))
else:
    relay = smtplib.SMTP("127.0.0.1", int(port))
with gpg.Context(armor=True, home_dir=home) as context, relay:
    context.signers = [context.get_key(signer, secret=True)]
    keys = {key.fpr: key for key in context.keylist()}
    for line in sys.stdin:
        key, to = line.split()
        sealed, _, _ = context.encrypt(
            plain, recipients=[keys[key]], sign=True, always_trust=True, compress=False)
        mail = MAIL.format(to=to, date=formatdate(), sealed=sealed.decode())
        relay.sendmail("advisories@psirt.example", [to], mail)
