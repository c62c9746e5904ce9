#!/usr/bin/python3
"""complete.py bash|zsh FILE DIRECTORY: completes each line of standard input in a real shell
at a terminal, which has FILE as forewarn's completion and stands in DIRECTORY, and prints what
may stand in place of the line's last word. PATH has the forewarn that is asked."""

import os
import pty
import re
import select
import sys

# Meta-* puts all that fits into the line, Meta-z hands the line to us.
BASH = r"""
. "{file}"
bind 'set enable-bracketed-paste off'
bind '"\e*": insert-completions'
bind -x '"\ez": printf "%s\n" "$READLINE_LINE" >&{answers}; READLINE_LINE= READLINE_POINT=0'
"""
ZSH = r"""
fpath=("{folder}" $fpath)
autoload -Uz compinit && compinit -u -D
zle -C every complete-word _generic
zstyle ':completion:every::::' completer _all_matches _complete
zstyle ':completion:every:*' insert true
zstyle ':completion:*' prefix-needed false
hand() {{ print -r -- "$BUFFER" >&{answers}; BUFFER= }}
zle -N hand
bindkey -e
bindkey '\e*' every
bindkey '\ez' hand
"""
PATIENCE = 20


def write(path, text):
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def start(shell, file, directory, home, answers):
    """The shell's words and its start-up file."""
    text = (BASH if shell == "bash" else ZSH).format(
        file=file, folder=os.path.dirname(file), answers=answers
    )
    write(os.path.join(home, ".zshrc"), text)
    words = ["bash", "--noprofile", "--rcfile", os.path.join(home, ".zshrc"), "-i"]
    if shell == "zsh":
        words = ["zsh", "-d", "-i"]
    os.chdir(directory)
    os.environ.update(HOME=home, ZDOTDIR=home, TERM="vt100", HISTFILE="")
    os.execvp(words[0], words)


def answer(terminal, answers):
    """The line that the shell hands over; what it shows meanwhile is dropped."""
    got, shown = b"", b""
    while not got.endswith(b"\n"):
        ready, _, _ = select.select([terminal, answers], [], [], PATIENCE)
        if not ready:
            sys.exit("complete.py: the shell says nothing; it showed: %r" % shown)
        if terminal in ready:
            shown += os.read(terminal, 65536)
        if answers in ready:
            got += os.read(answers, 65536)
    return got.decode()[:-1]


def main():
    shell, file, directory, home = sys.argv[1:5]
    answers, theirs = os.pipe()
    os.set_inheritable(theirs, True)
    if theirs > 9:
        sys.exit("complete.py: too many files are open")
    child, terminal = pty.fork()
    if child == 0:
        start(shell, os.path.abspath(file), directory, home, theirs)
    os.close(theirs)
    for line in sys.stdin.read().splitlines():
        os.write(terminal, line.encode() + b"\x1b*\x1bz")
        head = line[: line.rfind(" ") + 1]
        words = re.split(r"(?<!\\) +", answer(terminal, answers)[len(head) :].strip())
        print(line + ":", " ".join(sorted(words)))
    os.write(terminal, b"exit\r")
    try:
        while os.read(terminal, 65536):
            pass
    except OSError:
        pass  # the shell has closed its side
    os.waitpid(child, 0)


main()
