#!/bin/sh
# --json: what each command answers to programs is what forewarn-json(5) says, and all of it.
. "$(dirname "$0")/lib.sh"
make_programme
add_partner acme entry XC soc@acme.example noc@acme.example
add_partner beta entry XC soc@beta.example
set_up_keys
start_relay
mkdir "$T/json"

answer() { # answer NAME ARGUMENT...: kept for the comparison with the page
	name=$1
	shift
	fw "$@" --json >"$T/json/$name" 2>"$T/stderr"
}

of() { # of NAME EXPRESSION: of the answer, by Python
	/usr/bin/python3 -c 'import json, sys
a = json.load(open(sys.argv[1]))
print(eval(sys.argv[2]))' "$T/json/$1" "$2"
}

answer nothing status
is $? 0 'status of nothing'
is "$(of nothing 'a["deliveries"]')" '[]' 'is an empty list'

arm ADV-1 >/dev/null
one_connection
relay_does 'RCPT match noc@acme.example 1 reply 550 5.1.1 no such user' \
	'RCPT match soc@beta.example 1 reply 450 4.2.0 later'
fw run >/dev/null 2>&1
answer status status
is $? 1 'status of troubles'
is "$(cat "$T/stderr")" '' 'is silent on stderr'
is "$(of status '[(d["contact"], d["state"]) for d in a["deliveries"]]')" \
	"[('acme/c1', 'accepted'), ('acme/c2', 'refused'), ('beta/c1', 'deferred')]" 'each delivery'
is "$(of status 'a["undone"]')" 2 'and how many are undone'

is "$(/usr/bin/python3 tests/json_check.py mailer/man/forewarn-json.5 "$T"/json/*)" '' \
	'each answer is as the page says, and each key of the page was seen'
finish
