"""Keys and programmes to measure with, made for the purpose."""
import datetime
import os
import pathlib
import shutil
import sqlite3
import subprocess

RINGS = (100, 1_000, 10_000)
MAIL = "advisories@psirt.example"

INI = """[programme]
name     = Example Programme
from     = advisories@psirt.example
weekend  = saturday, sunday
max_file = 64M

[openpgp]
home   = state/gnupg
signer = {signer}

[smtp]
{smtp}
max_message = 64M

[tier.entry]
rank     = 1
admits   = guidance
audience = Programme members

[wave.main]
tiers = entry
opens = release - 4d
"""

ADVISORY = """[advisory]
id      = ADV-1
release = {release}
tlp     = AMBER

[guidance]
title        = Remote code execution in the gateway
text.summary = summary.txt
attach.blob  = blob.bin
"""

NOTICE = """Subject: {{title}}

%s{{text.summary}}
{{#attachments}}{{file}} {{size}} {{sha256}}
{{/attachments}}"""

PARTNER = """[p{i}]
organisation = Partner {i}
countries = XC
tier = entry
status = active

[p{i}/c1]
mail = {mail}
key = {key}
"""


def ask(*argv, **options):
    return subprocess.run([str(a) for a in argv], check=True, stdout=subprocess.PIPE, text=True, **options).stdout


def stop_agent(home):
    subprocess.run(["gpgconf", "--homedir", str(home), "--kill", "all"], check=False)


class Ring:
    """Keys of a signer and of so many contacts; kept, as gpg makes 70 a second."""

    def __init__(self, where, size):
        self.home, self.size = where / f"ring-{size}", size
        if not (self.home / "made").exists():
            self.make(where / "new")
        self.signer, *self.keys = (self.home / "made").read_text().split()

    def make(self, new):
        for home in (new, self.home):
            shutil.rmtree(home, ignore_errors=True)
            home.mkdir(mode=0o700, parents=True)
        print(f"bench: makes {self.size} keys, once", flush=True)
        wanted = ["%no-protection", "%transient-key", "Key-Type: EDDSA", "Key-Curve: ed25519",
                  f"Name-Email: {MAIL}", "%commit"]
        for i in range(self.size):
            wanted += ["Key-Type: EDDSA", "Key-Curve: ed25519", "Subkey-Type: ECDH",
                       "Subkey-Curve: cv25519", f"Name-Email: {mail(i)}", "%commit"]
        said = self.gpg(new, "--status-fd", "1", "--gen-key", input="\n".join(wanted))
        made = [line.split()[3] for line in said.splitlines() if " KEY_CREATED " in line]
        # Imported, as every key of a programme is: gpg then remembers which signatures it checked.
        everything, signer = new / "all.gpg", new / "signer.asc"
        self.gpg(new, "--output", everything, "--export")
        self.gpg(new, "--output", signer, "--armor", "--export-secret-keys", made[0])
        self.gpg(self.home, "--import", everything)
        self.gpg(self.home, "--import", signer)
        signer.rename(self.home / "signer.asc")
        stop_agent(new)
        stop_agent(self.home)
        shutil.rmtree(new)
        (self.home / "made").write_text("\n".join(made))

    @staticmethod
    def gpg(home, *argv, **options):
        return ask("gpg", "--homedir", home, "--batch", "--quiet", "--no-tty", *argv,
                   stderr=subprocess.DEVNULL, **options)

    def asc(self, n):
        """A directory with the signer's key and those of the first n contacts, a file each."""
        where = self.home / "asc"
        where.mkdir(exist_ok=True)
        shutil.copy(self.home / "signer.asc", where)
        for key in self.keys[:n]:
            if not (where / f"{key}.asc").exists():
                self.gpg(self.home, "--output", where / f"{key}.asc", "--armor", "--export", key)
        return where


def mail(i):
    return f"c1@p{i}.example"


class Programme:
    """n contacts, armed; each reset() makes it as if nothing had been sent."""

    def __init__(self, bench, n, size, personal):
        self.n = n
        self.fw = bench.forewarn
        self.ring = bench.ring(n)
        self.dir = bench.work / "p" / f"{n}-{size}-{'personal' if personal else 'grouped'}"
        self.saved = self.dir.with_name(self.dir.name + ".armed")
        self.write(size, personal)
        self.arm()
        # The same as a message for others to seal, and as one to send.
        self.payload = self.dir / "payload.eml"
        self.payload.write_bytes(subprocess.run(
            [bench.compose, "payload", "[TLP:AMBER] Remote code execution in the gateway", "summary.txt", "blob.bin"],
            cwd=self.revision, stdout=subprocess.PIPE, check=True).stdout)
        keys = enumerate(self.ring.keys[:n])
        (self.dir / "contacts").write_text("".join(f"{key} {mail(i)}\n" for i, key in keys))
        self.message = self.dir / "message.eml"
        self.ring.gpg(self.ring.home, "--trust-model", "always", "--armor", "--compress-algo", "none",
                      "-u", self.ring.signer, "-r", self.ring.keys[0], "--output", self.message,
                      "--sign", "--encrypt", self.payload)

    def write(self, size, personal):
        for old in (self.dir, self.saved):
            shutil.rmtree(old, ignore_errors=True)
        self.revision = self.dir / "advisories" / "ADV-1" / "1"
        for sub in (self.revision, self.dir / "templates", self.dir / "partners.d", self.dir / "secret"):
            sub.mkdir(mode=0o700, parents=True)
        self.connect(25)
        notice = NOTICE % ("To {{partner.organisation}}:\n" if personal else "")
        (self.dir / "templates" / "notice.mustache").write_text(notice)
        release = datetime.datetime.utcnow() + datetime.timedelta(days=3)
        (self.revision / "advisory.ini").write_text(ADVISORY.format(release=release.strftime("%Y-%m-%dT%H:%M:%SZ")))
        (self.revision / "summary.txt").write_text("Update to 4.2 before anything else.\n" * (4096 // 36))
        (self.revision / "blob.bin").write_bytes(os.urandom(size))
        for i, key in enumerate(self.ring.keys[:self.n]):
            (self.dir / "partners.d" / f"p{i}.ini").write_text(PARTNER.format(i=i, mail=mail(i), key=key))

    def connect(self, port, ca=None, connections=8):
        url = f"url = smtps://127.0.0.1:{port}\nca_file = {ca}" if ca else f"url = smtp://127.0.0.1:{port}\ntls = none"
        smtp = f"{url}\nconnections = {connections}"
        (self.dir / "forewarn.ini").write_text(INI.format(signer=self.ring.signer, smtp=smtp))

    def arm(self):
        state, home = self.dir / "state", self.dir / "state" / "gnupg"
        ask(self.fw, "-C", self.dir, "keys", "init")
        shutil.copy(self.ring.home / "pubring.kbx", home)
        shutil.copytree(self.ring.home / "private-keys-v1.d", home / "private-keys-v1.d", dirs_exist_ok=True)
        plan = ask(self.fw, "-C", self.dir, "preview", "ADV-1", stderr=subprocess.DEVNULL)
        digest = next(line.split()[-1] for line in plan.splitlines() if line.startswith("plan digest: "))
        ask(self.fw, "-C", self.dir, "arm", "ADV-1", "--digest", digest)
        self.saved.mkdir(mode=0o700)
        for kept in [*state.glob("ledger*"), *(self.dir / "secret").iterdir()]:
            shutil.copy2(kept, self.saved)

    def reset(self):
        stop_agent(self.dir / "state" / "gnupg")
        for name in self.saved.iterdir():
            to = self.dir / ("state" if name.name.startswith("ledger.db") else "secret")
            shutil.copy2(name, to)
        for log in (self.dir / "state").glob("ledger.db-*"):
            if not (self.saved / log.name).exists():
                log.unlink()

    def accepted(self):
        with sqlite3.connect(self.dir / "state" / "ledger.db") as ledger:
            return ledger.execute("SELECT count(*) FROM delivery WHERE state = 'accepted'").fetchone()[0]
