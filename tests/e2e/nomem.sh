# No memory: an allocation fails, or all from it on, and then comes a good run.
# Sourced behind lib.sh.

nomem() { # nomem WHO FIRST LAST COMMAND...: see tests/preload/nomem.c
	order=$T/words,$1,$2,$3
	shift 3
	NOMEM=$order LD_PRELOAD=${FOREWARN%/*}/tests/nomem.so timeout 60 "$FOREWARN" -C "$D" "$@"
	ended=$?
	tr -d '\0' <"$T/words" >"$T/nomem"
	return $ended
}

# ways WHO DEPTH EACH: the first allocation of each way that leads to one: by which calls
# in the program, and by which DEPTH nearest functions of libraries; of these each EACHth,
# and only those that match $only.
ways() {
	awk -v who="$1" -v depth="$2" -v each="$3" -v only="${only:-.}" \
		'$1 == "way" && $3 == who && $0 ~ only {
		way = ""
		n = 0
		for (i = 4; i <= NF; i++)
			if ($i ~ /^forewarn\+/ || ($i !~ /^libc\.so/ && n++ < depth))
				way = way $i
		if (!seen[way]++ && ++count % each == 0)
			print $2
	}' "$T/nomem"
}

keep() { # `again` leads back to here
	cp "$D/state/ledger.db" "$T/before.db"
	cp -p "$D/secret/ledger.mark" "$T/before.mark"
}

again() { # a relay that has taken nothing, and no preview
	rm -rf "$D"/state/ledger.db* "$S"/messages/* "$T/out"
	cp "$T/before.db" "$D/state/ledger.db"
	cp -p "$T/before.mark" "$D/secret/ledger.mark"
}

measure_run() { # what is armed is what `again` leads back to; the sizes of its mails
	keep
	fw run
	acme_size=$(wc -c <"$(mail_to soc@acme.example)")
	beta_size=$(wc -c <"$(mail_to soc@beta.example)")
}

# no_memory WHO DEPTH EACH once|on CHECK COMMAND...: a case for each of the ways: its
# allocation fails once, or all do from there on. CHECK CODE says what is wrong then.
no_memory() {
	who=$1 depth=$2 each=$3 span=$4 check=$5
	shift 5
	again
	nomem "$who" 0 0 "$@" >"$T/wanted" 2>/dev/null
	faults="" cases=0
	for n in $(ways "$who" "$depth" "$each"); do
		cases=$((cases + 1))
		again
		nomem "$who" "$n" "$([ "$span" = on ] && echo 999999999 || echo "$n")" "$@" \
			>"$T/stdout" 2>"$T/stderr"
		code=$?
		wrong=$(died $code && "$check" $code "$@")
		[ -z "$wrong" ] || faults="$faults$n: $wrong
$(cat "$T/stderr" "$T/nomem")
"
	done
	is "$faults" '' "$1: $cases allocations of ${who} fail, $span"
}

# A death in a library's code is no fault of ours: it is a crash, and what holds for one is
# looked at. A death in ours is; and no other code than ours is known to cron.
died() {
	sed -n 's/^signal [0-9]* library \(libc\.[^ ]* \)*\([^ ]*\).*/\2/p' "$T/nomem" >>"$T/deaths"
	grep '^signal [0-9]* own' "$T/nomem"
	case $1 in 0 | 1 | 2 | 75) ;; *) grep -q '^signal' "$T/nomem" || echo "exit $1" ;; esac
}

# --- what may be wrong -------------------------------------------------------------

found() { # each contact's row, and its number of copies
	for contact in acme beta; do
		echo "$(state ADV-1 $contact/c1) $(cat $(mails) /dev/null | grep -c "^To: soc@$contact")"
	done | paste -sd' '
}

# A contact's row and number of copies, after the run that failed and after the good one:
# none but these keeps all promises.
kept_promise() {
	case $* in
	'accepted 1 accepted 1') ;;
	'committed 0 unknown 0' | 'committed 1 unknown 1') ;;
	'committed 0 accepted 1') ;; # behind the mark: no dot went out
	'unknown 0 unknown 0' | 'unknown 1 unknown 1') ;;
	'planned 0 accepted 1' | 'sending 0 accepted 1' | 'blocked 0 accepted 1') ;;
	*) echo "$contact: $1 $2, then $3 $4" ;;
	esac
}

sent() { # of run
	before=$(found)
	fw run >/dev/null 2>&1
	after=$?
	# shellcheck disable=SC2046 # a list of words
	set -- "$1" $before $(found)
	[ "$1" -ne 0 ] || [ "$before" = 'accepted 1 accepted 1' ] || echo "exit 0: $before"
	case "$after $6 $8" in '0 accepted accepted' | '1 '*unknown*) ;; *) echo "then exit $after" ;; esac
	contact=acme kept_promise "$2" "$3" "$6" "$7"
	contact=beta kept_promise "$4" "$5" "$8" "$9"
	whole_mails
	tests/ledger_check.py "$D/state/ledger.db"
}

# Sealing hides what is in a mail, but not how much: signatures differ by few bytes.
whole_mails() {
	for mail in $(mails); do
		size=$(wc -c <"$mail")
		case $(grep '^To: ' "$mail") in *acme*) whole=$acme_size ;; *) whole=$beta_size ;; esac
		[ $((size - whole)) -ge -16 ] && [ $((size - whole)) -le 16 ] || echo "mail of $size, not $whole"
	done
}

steady() { sed 's/), .*/)/' "$@"; } # but for how long ago that is

shown() { # of what shows: all of it, or no good code; and the next shows all
	code=$1
	shift
	[ "$code" -ne 0 ] || [ "$(steady "$T/stdout")" = "$(steady "$T/wanted")" ] || echo 'exit 0, and not all is shown'
	[ "$(fw "$@" 2>/dev/null | steady)" = "$(steady "$T/wanted")" ] || echo 'the next does not show all'
}

armed() { # of arm: all or nothing
	case "$1 $(states ADV-1)" in
	*' planned planned') ;;
	'0 '*) echo "exit 0, and the rows are $(states ADV-1)" ;;
	*' ') ;;
	*) echo "half armed: $(states ADV-1)" ;;
	esac
	shift
	fw "$@" >/dev/null 2>&1 || echo "then exit $?"
	[ "$(states ADV-1)" = 'planned planned' ] || echo "then $(states ADV-1)"
	tests/ledger_check.py "$D/state/ledger.db"
}

written() { # of preview to files: all, or no good code; a second one is not in the way
	[ "$1" -ne 0 ] || [ "$(ls "$T/out" | paste -sd' ')" = 'acme.c1.eml beta.c1.eml' ] || echo 'exit 0, and not all is written'
	shift
	rm -rf "$T/out"
	fw "$@" >/dev/null 2>&1 || echo "then exit $?"
}

read_clear() { sed '/^\(HP-Outer: \)*Date: /d' "$T"/out/*.eml; }

complete() { # of preview in clear: byte for byte, or no good code
	[ "$1" -ne 0 ] || [ "$(read_clear)" = "$clear" ] || echo 'exit 0, and another mail'
}

seen() { # of a leak: an error, or a word that nobody could look
	[ "$1" -ne 0 ] || grep -q 'cannot be looked into' "$T/stderr" || echo 'exit 0, and the leak is not seen'
}
