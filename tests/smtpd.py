#!/usr/bin/python3
"""A relay for tests and the demo: aiosmtpd, with faults told by a script.

smtpd.py --dir DIR [--tls none|starttls|implicit] [--cert FILE --key FILE]
         [--auth USER:PASSWORD] [--script FILE] [--seconds N]

It listens on 127.0.0.1, on a port of the kernel's choice that it prints, and leaves in DIR:

port               the port, once it listens
messages/NNNN.eml  each accepted message, as it was before dot-stuffing
messages/NNNN.json its envelope: mail_from, rcpt_to, tls, user, peer, connection
commands.log       "CONNECTION C COMMAND" and "CONNECTION S REPLY", one a line;
                   "C ." is the final dot, "+" and "-" begin and end a connection
wire.N             all that connection N brought in clear text
wire.N.tls         all that it brought inside TLS

It ends on SIGTERM, when its standard input (a pipe) is closed, and by itself
after --seconds.

A script has one fault a line. When it was written anew, the next connection reads
it, and counts from one again. VERB [match ADDRESS] WHEN ACTION [ARGUMENT].
VERB is GREETING, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, BODY (behind 354),
DOT (the message is complete), QUIT. WHEN is a number: the nth time (of those that
match the recipient's address), or "*": each time; it may be left out behind
`match`. Actions:

reply TEXT         answers so; "\\n" makes several lines
then-close TEXT    answers so and hangs up
then-mute TEXT     answers so, ends its side of the connection, and goes on listening
close, rst         hangs up: at once, with a TCP reset
half TEXT          says the text without an end of line and hangs up
drip TEXT          says the text without ever ending it, a byte each 0.1 s
hang               says nothing more
wait FILE          goes on once the file is there
kill PIDFILE       kills that process (SIGKILL) and says nothing more
nostarttls, noauth EHLO does not offer it
accept-then-close  DOT: takes the message, says 250 and hangs up
record-then-X      DOT: takes the message, and does X without a word of it
"""
import argparse
import asyncio
import itertools
import json
import logging
import os
import re
import signal
import socket
import ssl
import stat
import struct
import warnings

from aiosmtpd.smtp import SMTP, AuthResult

VERBS = ("EHLO", "HELO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT")
ADDRESS = re.compile(r"<([^<>]*)>")


class Fault:
    def __init__(self, line):
        words = line.split()
        self.verb, self.address, self.nth, self.seen = words.pop(0).upper(), None, "*", 0
        if words[0] == "match":
            self.address = words[1].lower()
            del words[:2]
        elif not (words[0] == "*" or words[0].isdigit()):
            raise SystemExit(f"smtpd: script: {line!r}: say when: a number or *")
        if words[0] == "*" or words[0].isdigit():
            self.nth = words.pop(0)
        action = words.pop(0)
        self.records = action.startswith("record-then-")
        self.action = action.removeprefix("record-then-").replace("-", "_")
        self.argument = " ".join(words)
        if not hasattr(Connection, "do_" + self.action):
            raise SystemExit(f"smtpd: script: {line!r}: no such action")

    def strikes(self, verb, addresses):
        if verb != self.verb or self.address and self.address not in addresses:
            return False
        self.seen += 1
        return self.nth in ("*", str(self.seen))


class Relay:
    """What all connections share; the handler of aiosmtpd's hooks."""

    def __init__(self, options):
        self.dir, self.tls = options.dir, options.tls
        os.makedirs(os.path.join(self.dir, "messages"), exist_ok=True)
        before = len(os.listdir(os.path.join(self.dir, "messages"))) // 2
        self.numbers, self.stored = itertools.count(1), itertools.count(before + 1)
        self.login = options.auth.split(":", 1) if options.auth else None
        self.script, self.read, self.faults = options.script, None, []
        self.context = None
        if options.tls != "none":
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(options.cert, options.key)
        self.read_script()
        self.commands = open(os.path.join(self.dir, "commands.log"), "a", encoding="utf-8")

    def read_script(self):
        if not self.script:
            return
        with open(self.script, encoding="utf-8") as script:
            written = os.fstat(script.fileno()).st_mtime_ns
            lines = [line.strip() for line in script]
        if written != self.read:
            self.faults = [Fault(line) for line in lines if line and line[0] != "#"]
            self.read = written

    def fault(self, verb, addresses):
        struck = [fault for fault in self.faults if fault.strikes(verb, addresses)]
        return struck[0] if struck else None

    def write(self, name, content):
        path = os.path.join(self.dir, name)
        with open(path + ".part", "wb") as file:
            file.write(content)
        os.rename(path + ".part", path)

    def store(self, connection):
        envelope, number = connection.envelope, next(self.stored)
        about = {
            "mail_from": envelope.mail_from,
            "rcpt_to": envelope.rcpt_tos,
            "tls": connection.encrypted(),
            "user": connection.session.auth_data,
            "peer": connection.session.peer,
            "connection": connection.number,
        }
        self.write(f"messages/{number:04}.json", json.dumps(about).encode())
        self.write(f"messages/{number:04}.eml", envelope.original_content)

    def authenticate(self, server, session, envelope, mechanism, data):
        good = [data.login.decode(), data.password.decode()] == self.login
        return AuthResult(success=good, handled=False, auth_data=data.login.decode())

    async def handle_EHLO(self, server, session, envelope, hostname, replies):
        session.host_name = hostname
        withheld = set(server.withheld)
        if not self.login:
            withheld.add("AUTH")
        server.withheld.clear()
        return [reply for reply in replies if reply[4:].split(" ")[0] not in withheld]

    async def handle_DATA(self, server, session, envelope):
        server.log("C", ".")
        if await server.misbehave("DOT"):
            return None
        self.store(server)
        return "250 2.0.0 taken"


class Connection(SMTP):
    """One client: aiosmtpd, but that each step may go wrong as the script says."""

    def __init__(self, relay):
        self.relay, self.number = relay, next(relay.numbers)
        self.wires, self.withheld = {}, []
        super().__init__(
            relay, hostname="relay.example", data_size_limit=0, timeout=600,
            tls_context=relay.context if relay.tls == "starttls" else None,
            auth_required=bool(relay.login), auth_require_tls=relay.tls == "starttls",
            authenticator=relay.authenticate, loop=asyncio.get_running_loop())

    def encrypted(self):
        return bool(self.session.ssl or self.transport.get_extra_info("ssl_object"))

    def log(self, who, line):
        self.relay.commands.write(f"{self.number} {who} {line}".rstrip() + "\n")
        self.relay.commands.flush()

    def connection_made(self, transport):
        if self.transport is None:
            self.log("+", "")
            self.relay.read_script()
        super().connection_made(transport)

    def connection_lost(self, error):
        self.log("-", "")
        super().connection_lost(error)

    def data_received(self, data):
        name = f"wire.{self.number}" + (".tls" if self.encrypted() else "")
        if name not in self.wires:
            self.wires[name] = open(os.path.join(self.relay.dir, name), "ab", buffering=0)
        self.wires[name].write(data)
        super().data_received(data)

    async def push(self, status):
        if status is None:  # the script has answered
            return
        text = status if isinstance(status, str) else status.decode()
        for line in text.split("\r\n"):
            self.log("S", line)
        await super().push(status)

    async def _handle_client(self):
        if await self.misbehave("GREETING"):
            self.transport.close()
        else:
            await super()._handle_client()

    async def smtp_DATA(self, arg):
        self.log("C", "DATA")
        if await self.misbehave("DATA"):
            return
        fault = self.relay.fault("BODY", self.addresses())
        if not fault:
            return await super().smtp_DATA(arg)
        await self.push("354 go on")
        await self._reader.read(1)
        await self.act(fault)

    def addresses(self, arg=""):
        return [a.lower() for a in self.envelope.rcpt_tos + ADDRESS.findall(arg or "")]

    async def misbehave(self, verb, arg=""):
        """True when the step needs no more answer."""
        fault = self.relay.fault(verb, self.addresses(arg))
        return bool(fault) and await self.act(fault)

    async def act(self, fault):
        if fault.records:
            self.relay.store(self)
        return await getattr(self, "do_" + fault.action)(fault.argument)

    async def do_reply(self, text):
        await self.push(text.replace("\\n", "\r\n"))
        return True

    async def do_hang(self, _=""):
        await asyncio.Event().wait()  # ended by the end of the connection

    async def do_close(self, _=""):
        self.transport.close()
        await self.do_hang()

    async def do_then_close(self, text):
        await self.do_reply(text)
        await self.do_close()

    async def do_then_mute(self, text):
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)  # text and end in one segment
        await self.do_reply(text)
        self.transport.write_eof()  # not for TLS, which has no half-closed connection
        await self.do_hang()

    async def do_rst(self, _):
        sock = self.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.transport.abort()
        await self.do_hang()

    async def do_half(self, text):
        self._writer.write(text.encode())
        await self.do_close()

    async def do_drip(self, text):
        for character in itertools.cycle(text):
            self._writer.write(character.encode())
            await asyncio.sleep(0.1)

    async def do_wait(self, path):
        while not os.path.exists(path):
            await asyncio.sleep(0.02)
        return False

    async def do_kill(self, pidfile):
        with open(pidfile, encoding="ascii") as file:
            os.kill(int(file.read()), signal.SIGKILL)
        await self.do_hang()

    async def do_nostarttls(self, _):
        self.withheld.append("STARTTLS")
        return False

    async def do_noauth(self, _):
        self.withheld.append("AUTH")
        return False

    async def do_accept_then_close(self, _):
        self.relay.store(self)
        await self.do_then_close("250 2.0.0 taken")


def watched(verb):
    async def method(self, arg):
        self.log("C", f"{verb} {arg or ''}")
        if not await self.misbehave(verb, arg):
            await getattr(SMTP, "smtp_" + verb)(self, arg)
    return method


for name in VERBS:
    if name != "DATA":
        setattr(Connection, "smtp_" + name, watched(name))


def watch_stdin(loop, stop):
    if not stat.S_ISFIFO(os.fstat(0).st_mode):
        return

    def readable():
        if not os.read(0, 4096):
            loop.remove_reader(0)
            stop.set()
    loop.add_reader(0, readable)


async def serve(options):
    loop, stop, relay = asyncio.get_running_loop(), asyncio.Event(), Relay(options)
    server = await loop.create_server(
        lambda: Connection(relay), "127.0.0.1", 0,
        ssl=relay.context if relay.tls == "implicit" else None)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    watch_stdin(loop, stop)
    loop.call_later(options.seconds, stop.set)
    loop.set_exception_handler(lambda *_: None)  # broken handshakes are what we are here for
    # A large message must not vanish into buffers while its receiver is silent.
    server.sockets[0].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
    port = str(server.sockets[0].getsockname()[1])
    relay.write("port", port.encode())
    os.write(1, f"{port}\n".encode())  # one write, whatever the buffering
    await stop.wait()
    server.close()


def main():
    parser = argparse.ArgumentParser(description="a relay for tests, with faults by a script")
    parser.add_argument("--dir", required=True)
    parser.add_argument("--tls", choices=("none", "starttls", "implicit"), default="none")
    parser.add_argument("--cert")
    parser.add_argument("--key")
    parser.add_argument("--auth", metavar="USER:PASSWORD")
    parser.add_argument("--script")
    parser.add_argument("--seconds", type=float, default=300)
    options = parser.parse_args()
    warnings.simplefilter("ignore")  # aiosmtpd minds a login in clear text: so does the test
    logging.disable(logging.CRITICAL)
    asyncio.run(serve(options))


if __name__ == "__main__":
    main()
