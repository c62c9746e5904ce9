# What a play on this machine needs: a place, keys, a relay on loopback, and an end that leaves
# no process. Sourced by each, which is called with the path of the forewarn to play with.
top=$(cd "$(dirname "$0")/.." && pwd)
play=$(basename "$0")
PATH=$(dirname "$(realpath "$1")"):$PATH
umask 077
work=$(mktemp -d /tmp/fw.XXXXXX) # short, for GnuPG's sockets
programme=$work/programme
psirt=$work/psirt       # where the signing key is made
partners=$work/partners # where the partners' keys are made, and their mail is opened
relay=

tidy() {
	status=$?
	trap '' HUP INT TERM
	[ -z "$relay" ] || kill "$relay" 2>/dev/null || :
	for home in "$psirt" "$partners" "$programme/state/gnupg"; do
		[ ! -d "$home" ] || gpgconf --homedir "$home" --kill all
	done
	[ "$status" = 0 ] || echo "$play: stopped; its files are in $work" >&2
	exit "$status"
}
trap tidy EXIT
trap 'exit 1' HUP INT TERM

fail() {
	echo "$play: $*" >&2
	exit 1
}

say() { # say HEADING [LINE...]
	printf '\n== %s\n' "$1"
	shift
	[ $# = 0 ] || printf '   %s\n' "$@"
}

typed() { # typed EXIT-CODE COMMAND...: shows it, runs it, minds its exit code
	want=$1 got=0
	shift
	printf '\n$ %s\n' "$*"
	"$@" >"$work/said" 2>&1 || got=$?
	tail -n "$shown" "$work/said"
	[ "$got" = 0 ] || echo "(exit code $got)"
	[ "$got" = "$want" ] || fail "it should have ended with $want; all it said: $work/said"
}
shown=+1 # which lines of it are shown, as tail has it: all

gpg_in() { # gpg_in HOME ARGUMENT...
	home=$1
	shift
	gpg --homedir "$home" --batch --quiet --passphrase '' "$@" 2>>"$work/gpg.log"
}

fingerprint() { # fingerprint HOME ADDRESS
	gpg_in "$1" --with-colons --list-keys "=$2" | awk -F: '$1 == "fpr" { print $10; exit }'
}

make_key() { # make_key HOME ADDRESS ALGORITHM SUBKEY-ALGORITHM [GPG-OPTION...]
	home_of=$1 user=$2 main=$3 sub=$4
	shift 4
	gpg_in "$home_of" "$@" --quick-generate-key "$user" "$main" sign 1y
	gpg_in "$home_of" "$@" --quick-add-key "$(fingerprint "$home_of" "$user")" "$sub" encr 1y
}

fill() { # fill NAME VALUE: where the example says @NAME@
	find "$programme" -name '*.ini' -exec sed -i "s|@$1@|$2|" {} +
}

partner_key() { # partner_key CONTACT ADDRESS ...: as make_key; the programme gets the public half
	contact=$1 address=$2
	shift
	make_key "$partners" "$@"
	fill "$contact" "$(fingerprint "$partners" "$address")"
	gpg_in "$partners" --armor --export "=$address" \
		>"$programme/keys/$(echo "$contact" | tr / -).asc"
}

mails() { # how many the relay has
	find "$work/relay/messages" -name '*.eml' | wc -l
}

mail_to() { # the file of the newest mail to an address, as the relay keeps it
	grep -l "\"$1\"" "$work"/relay/messages/*.json | tail -n 1 | sed 's/json$/eml/'
}

start_relay() { # start_relay [FAULT...]: waits until it listens
	"$top/tests/make-ca.sh" "$work/tls"
	mkdir "$work/relay"
	mkfifo "$work/ready"
	printf '%s\n' "$@" >"$work/faults"
	/usr/bin/python3 "$top/tests/smtpd.py" --dir "$work/relay" --tls starttls \
		--cert "$work/tls/server.pem" --key "$work/tls/server.key" \
		--script "$work/faults" --seconds 600 </dev/null >"$work/ready" 2>"$work/relay.log" &
	relay=$!
	# shellcheck disable=SC2034 # for whoever sources this
	read -r port <"$work/ready" || fail "the relay did not start: $work/relay.log"
	rm "$work/ready"
}
