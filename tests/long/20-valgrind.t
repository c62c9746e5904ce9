#!/bin/sh
# A whole broadcast under valgrind: no byte is lost, none is read that is not ours or not set.
# Other programs, gpg above all, and the child that unpacks are not looked at. No exit code
# for an error: GPGME's own children would have it, too, and have failed.
. "$(dirname "$0")/../e2e/lib.sh"
make_packed_programme
patience 60s # valgrind is slow
start_relay --seconds 3000
add_partner gamma entry XC soc@gamma.example
fw keys import "$D/keys/soc@gamma.example.asc" >/dev/null

# Nor does it know the calls of Landlock: they fail, as on a kernel without it.
fence_unknown='/unhandled amd64-linux syscall: 44[456]$/,/bug_reports.html/d'
clean() { # clean STATUS COMMAND...
	wanted=$1
	shift
	LD_PRELOAD=${FOREWARN%/*}/tests/openat2.so valgrind -q --leak-check=full \
		--show-leak-kinds=definite,indirect,possible --child-silent-after-fork=yes \
		--log-file="$T/valgrind" "$FOREWARN" -C "$D" "$@" >"$T/stdout" 2>"$T/stderr"
	is "$? $(sed "$fence_unknown" "$T/valgrind")" "$wanted " "$1: nothing is lost and nothing misread"
	sed 's/^/# /' "$T/stderr"
}

clean 0 keys list
clean 0 check
clean 0 preview ADV-1
digest=$(sed -n 's/^plan digest: //p' "$T/stdout")
clean 0 preview ADV-1 -o "$T/out" --sealed
clean 0 arm ADV-1 --digest "$digest"
relay_does 'RCPT match soc@gamma.example * reply 550 5.1.1 nobody here'
clean 1 run
is "$(states ADV-1)" 'accepted accepted refused' 'two are sent, and one is refused'
clean 1 status
clean 0 retry ADV-1 gamma/c1 --reason 'a typing mistake'
relay_does
clean 0 run
clean 0 status ADV-1
clean 0 verify
is "$(mail_count)" 3 'all three have it'
finish
