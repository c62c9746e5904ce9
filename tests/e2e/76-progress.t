#!/bin/sh
# How far a run has come: one line on a terminal, drawn anew, gone in the end; never piped.
. "$(dirname "$0")/lib.sh"
export TERM=xterm
make_programme
patience 1m
add_contacts acme entry 12
set_up_keys
start_relay

screen() { # screen COLUMNS ARGUMENT...: all that the terminal got
	columns=$1
	shift
	/usr/bin/python3 tests/pty_run.py "$columns" "$FOREWARN" -C "$D" "$@"
}

# What is to be seen in the end.
seen() {
	/usr/bin/python3 -c 'import sys
for row in sys.stdin.buffer.read().decode().split("\n"):
    line = ""
    for part in row.split("\r"):
        line = part[3:] if part.startswith("\033[K") else part + line[len(part):]
    print(line)' <"$1"
}
drawn() { tr '\r' '\n' <"$1" | grep -c '\[[#-]*\] '; }
again() { # again ADVISORY: another one, armed
	make_advisory "$1" 1
	arm "$1" >/dev/null
}


arm ADV-1 >/dev/null
relay_does "DOT 1 wait $T/go" 'RCPT match c3@acme.example 1 reply 550 5.1.1 no' \
	'RCPT match c7@acme.example 1 reply 450 4.2.0 later'
sed -i '/^url /i rate = 10/s' "$D/forewarn.ini"
screen 100 run -v >"$T/raw" 2>&1 &
run=$!
relay_saw ' C \.$'
has "$(cat "$T/raw")" '[------------------------------] 0 %, 0 of 12: 0 accepted, 0 in trouble' 'while the first is under way: a bar'
touch "$T/go"
wait $run
is $? 1 'a run with troubles'
has "$(cat "$T/raw")" '[##############################] 100 %, 12 of 12: 10 accepted, 2 in trouble, ' 'the bar ends at 100 %'
has "$(cat "$T/raw")" ' left' 'on the way it says how long it will take'
[ "$(drawn "$T/raw")" -gt 5 ]
ok $? 'it is drawn on the way'
out=$(seen "$T/raw")
hasnt "$out" '[#' 'in the end no bar is left'
is "$(echo "$out" | grep -cE '^forewarn: ADV-1 acme/c[0-9]+: (accepted: 250 2.0.0 taken|refused: 550 5.1.1 no|deferred: 450 4.2.0 later)$')" 12 \
	'and each event stands whole on a line of its own'
is "$(echo "$out" | grep -vcE '^((forewarn|next): .*)?$')" 0 'and nothing else'
has "$(echo "$out" | grep '12 of 12')" ': 10 accepted, 2 in trouble' 'the last line says what it came to'

sed -i '/^rate = /d' "$D/forewarn.ini"
relay_does
again ADV-2
screen 60 run >"$T/narrow" 2>&1
is $? 1 'on a narrow terminal'
has "$(cat "$T/narrow")" '100 %, 12 of 12: 12 accepted, 0 in trouble' 'words without a bar'
is "$(tr '\r' '\n' <"$T/narrow" | sed 's/^.\[K//' | grep -v ^forewarn | awk 'length > 59')" '' 'and no line wraps'

again ADV-3
out=$(screen 100 send ADV-3 -t acme/c1 -t acme/c2 2>&1)
has "$out" '100 %, 2 of 2: 2 accepted' 'send counts those that it sends'
screen 100 run >"$T/rest" 2>&1
has "$(cat "$T/rest")" '100 %, 10 of 10: 10 accepted' 'and a run what is left'
has "$(screen 100 run 2>&1)" 'nothing was due' 'or that nothing is'

# The wave goes on while somebody looks at one page of it.
again ADV-6
relay_forgets
mkfifo "$T/stopped"
/usr/bin/python3 tests/pty_run.py --stopped "$T/stopped" 100 "$FOREWARN" -C "$D" run >"$T/raw" 2>&1 &
run=$!
relay_saw ' S 250 2.0.0 taken' 12
ok $? 'a terminal that is stopped does not hold up a wave'
is "$(cat "$T/raw")" '' 'though nothing was shown'
: >"$T/stopped"
wait $run
has "$(cat "$T/raw")" '12 of 12 in ' 'until it goes on'

again ADV-7
fw hold ADV-7 --reason 'a leak' >/dev/null
hasnt "$(screen 100 run 2>&1)" ' of 12' 'what is held is not counted'
fw resume ADV-7 --reason 'no leak' >/dev/null
fw run 2>/dev/null

again ADV-4
out=$(TERM=dumb screen 100 run 2>&1)
hasnt "$out" '100 %' 'no bar where TERM is dumb'
again ADV-5
is "$(fw run 2>&1 | grep -v 'ADV-1\|left undone')" '' 'or where nobody looks'
finish
