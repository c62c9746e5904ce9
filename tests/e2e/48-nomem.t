#!/bin/sh
# Allocations fail: a sample of tests/long/10-nomem.t, which says what holds then.
. "$(dirname "$0")/lib.sh"
. tests/e2e/nomem.sh
make_packed_programme
one_connection
start_relay
keep
digest=$(fw preview ADV-1 2>/dev/null | sed -n 's/^plan digest: //p')
no_memory library 1 120 once written preview ADV-1 -o "$T/out" --sealed
only=libiniparser
no_memory library 1 3 on shown check
only=
no_memory own 9 150 once armed arm ADV-1 --digest "$digest"

fw arm ADV-1 --digest "$digest" >/dev/null 2>&1
measure_run
no_memory own 9 130 once sent run
no_memory library 1 180 once sent run
only='libsqlite.* libcurl' # at the gate
no_memory library 2 4 once sent run
only=
no_memory library 1 250 on sent run

pack_advisory ADV-2 "$T/gateway.yar" "$T/trigger.py"
no_memory child 9 9 once seen preview ADV-2
finish
