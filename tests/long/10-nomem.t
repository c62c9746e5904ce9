#!/bin/sh
# Allocations fail, in our code and in libraries', one by one and all from one on: nothing
# goes out without its row, nothing is said to be done that is not, nothing is half done,
# and no code of ours dies of it. A library's allocations fail once in `run` for each two
# functions of it and calls of ours that lead there; the others are a fixed sample.
. "$(dirname "$0")/../e2e/lib.sh"
. tests/e2e/nomem.sh
make_packed_programme
one_connection
start_relay --seconds 7200
keep
digest=$(fw preview ADV-1 2>/dev/null | sed -n 's/^plan digest: //p')

no_memory own 9 5 once shown check
no_memory own 9 5 once shown preview ADV-1
no_memory own 9 3 once written preview ADV-1 -o "$T/out" --sealed
no_memory own 9 3 once armed arm ADV-1 --digest "$digest"
no_memory library 2 5 once shown check
no_memory library 2 5 once shown preview ADV-1
no_memory library 2 3 once written preview ADV-1 -o "$T/out" --sealed
no_memory library 2 3 once armed arm ADV-1 --digest "$digest"
only=libiniparser
no_memory library 1 1 on shown check
only=
no_memory library 1 4 on written preview ADV-1 -o "$T/out" --sealed
no_memory library 1 4 on armed arm ADV-1 --digest "$digest"

# What libetpan leaves out, or makes otherwise, without a word.
fw preview ADV-1 -o "$T/out" --attachments >/dev/null 2>&1
clear=$(read_clear)
only=libetpan
no_memory library 9 1 once complete preview ADV-1 -o "$T/out" --attachments
only=

fw arm ADV-1 --digest "$digest" >/dev/null 2>&1
keep
no_memory library 2 4 once shown status ADV-1
no_memory library 2 4 once shown verify
measure_run
no_memory own 9 2 once sent run
no_memory own 9 8 on sent run
no_memory library 2 1 once sent run
no_memory library 1 3 on sent run

# A leak that the child that unpacks had no memory to read: it is said that nobody looked.
pack_advisory ADV-2 "$T/gateway.yar" "$T/trigger.py"
no_memory child 9 1 once seen preview ADV-2
no_memory child 9 1 on seen preview ADV-2

sort "$T/deaths" | uniq -c | sort -rn | sed 's/^ */# deaths in a library: /'
finish
