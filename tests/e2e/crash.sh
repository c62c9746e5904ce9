# A run that is struck at one of its writing calls, one without a fault, and a person who
# settles what is unknown; then the relay's own record against the ledger's word.
# Sourced behind lib.sh.

# Whatever writes, syncs, renames, removes or sends, and the calls on files and sockets
# that do not. One that is in neither list makes the test fail: it must be sorted in.
WRITING='write pwrite64 writev pwritev pwritev2 fsync fdatasync sync_file_range fallocate
	ftruncate truncate rename renameat renameat2 unlink unlinkat link linkat symlink symlinkat
	mkdir mkdirat rmdir copy_file_range sendfile splice sendto sendmsg sendmmsg'
READING='read pread64 readv preadv close openat openat2 fcntl flock lseek poll ppoll select
	pselect6 epoll_create1 epoll_ctl epoll_wait eventfd2 signalfd4 pipe2 dup dup2 dup3 ioctl
	stat lstat fstat newfstatat statx statfs fstatfs access faccessat faccessat2 readlink
	readlinkat getdents64 getcwd chdir execve memfd_create mmap fchown fchmod fadvise64 socket
	socketpair connect shutdown recvfrom recvmsg getsockname getpeername getsockopt setsockopt
	landlock_create_ruleset landlock_add_rule landlock_restrict_self'

# make_crash_programme tls|none [fast]: two contacts, armed, and a relay with a login.
make_crash_programme() {
	# That there is no core is the program's own doing.
	# shellcheck disable=SC3045 # dash has it
	ulimit -c "$(ulimit -H -c)"
	make_programme
	patience 2m
	one_connection
	for name in acme beta; do
		add_partner $name entry XC soc@$name.example
	done
	set_up_keys
	if [ "${2:-}" = fast ]; then
		sed -i 's/^signer = .*/&\nfast = yes/; s/^audience = .*/&\nseal = alone/' "$D/forewarn.ini"
	fi
	password=$(canary)
	(umask 077 && echo "$password" >"$D/secret/relay")
	sed -i "s/^timeout = .*/&\nuser = psirt\npassword_file = secret\/relay/" "$D/forewarn.ini"
	set -- "$1" --seconds 3600 --auth "psirt:$password"
	if [ "$1" = none ]; then
		sed -i 's/^timeout = .*/&\ntls = none/' "$D/forewarn.ini"
		set -- "$@" --tls none
	fi
	shift
	start_relay "$@"
	arm ADV-1 >/dev/null 2>&1
	cp "$D/state/ledger.db" "$T/armed.db"
	cp -p "$D/secret/ledger.mark" "$T/armed.mark"
}

again() { # the programme as it was armed, and a relay that has taken nothing
	rm -rf "$D"/state/ledger.db* "$D"/core* "$S"/messages/*
	cp "$T/armed.db" "$D/state/ledger.db"
	cp -p "$T/armed.mark" "$D/secret/ledger.mark" # or it would be an old copy
	relay_forgets
}

# learn: $T/points has the writing calls of a whole run in their order: CALL, and its number
# among all of that name, as strace counts them. To make a file is one, too.
learn() {
	again
	strace -qq -e signal=none -e trace=%desc,%file,%network,%ipc,clone,clone3 -o "$T/calls" \
		"$FOREWARN" -C "$D" run
	is "$? $(states ADV-1)" '0 accepted accepted' 'a run under strace is as any other'
	awk -v writing="$WRITING" '
		BEGIN { for (i = split(writing, names); i; i--) writes[names[i]] }
		{ call = $0; sub(/\(.*/, "", call); n[call]++ }
		call in writes || call == "openat" && /O_CREAT/ { print call, n[call] }
	' "$T/calls" >"$T/points"
	is "$(sed 's/(.*//' "$T/calls" | sort -u |
		grep -vxF -e "$(echo clone clone3 $WRITING $READING | tr ' ' '\n')")" '' \
		'each of its calls is known to write, or not to'
	is "$(grep CLONE_THREAD "$T/calls")" '' 'and no other thread makes any that strace does not see'
}

# strike FAULT CALL N: KILL (before the call), SEGV (behind it), or an errno, with a "+" for
# all such calls from then on. strace follows our process alone, and not its gpg.
strike() {
	again
	case $1:$2 in
	KILL:* | SEGV:*) what=signal=$1 ;;
	ENOSPC*:send*) what=error=ENOBUFS ;;
	EIO*:send*) what=error=ECONNRESET ;;
	*) what=error=${1%+} ;;
	esac
	timeout -k 5 60 strace -qq -e signal=none -e trace="$2" -o "$T/struck" \
		-e inject="$2:$what:when=$3${1##*[A-Z]}" "$FOREWARN" -C "$D" run >"$T/out" 2>&1
	struck=$?
	relay_rests
	before=$(copies)
}

# Until the relay has seen the end of each connection, and so of what was under way.
relay_rests() {
	last=$(sed -n 's/ +$//p' "$S/commands.log" | tail -1)
	[ -z "$last" ] || relay_saw "^$last -"
}

copies() { # to whom, in the relay's own record
	grep -hs '^To: ' "$S"/messages/*.eml | sed 's/^To: soc@\(.*\)\.example.*/\1/' | sort | paste -sd' '
}

all_is_well='0 accepted accepted: acme beta'
stand() { echo "$1 $(states ADV-1): $(copies)"; } # stand EXIT-CODE

# What is wrong behind a run that was struck.
check_struck() { # check_struck FAULT CALL
	case $1:$struck in
	KILL:137 | SEGV:139) ;;
	*:0) [ "$(stand 0)" = "$all_is_well" ] || echo 'it was content,' ;;
	*:1 | *:75) [ "$2" = write ] || [ -s "$T/out" ] || echo "it ended with $struck and said nothing," ;;
	*) echo "it ended with $struck," ;;
	esac
	[ -z "$(secrets_in "$D/state" "$T/out")" ] || echo 'a secret is left,'
	[ -z "$(find "$D" . -maxdepth 1 -name 'core*')" ] || echo 'a core is left,'
}

# What is wrong behind a good run and a person, who goes by the relay's record. At most one
# line may be unknown: each other must have been sent by itself, and none twice.
check_mended() {
	fw run >"$T/out.2" 2>&1
	code=$?
	relay_rests
	mended=$(stand $code)
	case $mended in
	"$all_is_well") ;;
	'1 unknown accepted: acme beta') fw settle ADV-1 acme/c1 accepted ;;
	'1 unknown accepted: beta') fw settle ADV-1 acme/c1 resend && fw run ;;
	'1 accepted unknown: acme beta') fw settle ADV-1 beta/c1 accepted ;;
	'1 accepted unknown: acme') fw settle ADV-1 beta/c1 resend && fw run ;;
	esac
	settled=$(stand $?)
	[ "$settled" = "$all_is_well" ] || echo "then $mended, settled $settled,"
	[ -z "$(secrets_in "$T/out.2")" ] || echo 'a secret is told,'
	fw verify 2>&1 | grep -v '^head: event'
	tests/ledger_check.py "$D/state/ledger.db"
}

# crash FAULT CALL N: one such case. $before and $mended say how it went.
crash() {
	strike "$@"
	if [ $struck = 0 ] && ! grep -q INJECTED "$T/struck"; then
		missed=$((missed + 1)) # a second that begins meanwhile is one more page of the ledger
		return
	fi
	check_struck "$1" "$2" >"$T/faults"
	check_mended >>"$T/faults" 2>&1
	is "$(cat "$T/faults")" '' "$1 at $2 $3"
	[ ! -s "$T/faults" ] || { echo "had: $before" && cat "$T/out" "$T/out.2"; } | sed 's/^/# /'
}

# sweep STEP FAULT...: at each STEPth writing call, with the faults in turn.
sweep() {
	step=$1 missed=0 cases=0
	shift
	awk -v step="$step" 'NR % step == 0' "$T/points" >"$T/sweep"
	while read -r call n <&3; do
		fault=$1
		shift
		set -- "$@" "$fault"
		cases=$((cases + 1))
		crash "$fault" "$call" "$n"
	done 3<"$T/sweep"
	ok $((missed * 20 > cases)) "$cases cases, and all but $missed were struck"
}
