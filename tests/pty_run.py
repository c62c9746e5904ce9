"""pty_run.py [--stopped FIFO] COLUMNS COMMAND... - runs it on a terminal of that width, and prints what it wrote.

Standard input, output and error are the terminal. The exit status is the command's.
With --stopped somebody has typed ^S, and types ^Q once the FIFO is written.
"""
import fcntl
import os
import pty
import struct
import sys
import termios

arguments = sys.argv[1:]
fifo = None
if arguments[0] == "--stopped":
    fifo, arguments = arguments[1], arguments[2:]
columns, command = int(arguments[0]), arguments[1:]
ready, go = os.pipe()
child, terminal = pty.fork()
if child == 0:
    os.close(go)
    os.read(ready, 1)
    os.execv(command[0], command)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
if fifo:
    os.write(terminal, b"\x13")
os.close(ready)
os.close(go)
if fifo:
    open(fifo, "rb").close()
    os.write(terminal, b"\x11")
while True:
    try:
        data = os.read(terminal, 65536)
    except OSError:  # all that had it open have ended
        break
    if not data:
        break
    sys.stdout.buffer.write(data.replace(b"\r\n", b"\n"))
    sys.stdout.flush()
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
