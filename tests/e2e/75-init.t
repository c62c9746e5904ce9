#!/bin/sh
# From nothing to a first notice in a few commands; and what stands is never written over.
. "$(dirname "$0")/lib.sh"
. tests/e2e/crash.sh
init() { "$FOREWARN" -C "$T" init "$@"; }

out=$(init p advisories@psirt.example)
is $? 0 'init makes a programme'
has "$out" 'back up state/gnupg, secret/message-id.key and secret/mark.key' 'says what to back up'
has "$out" 'gpg --homedir state/gnupg --card-edit' 'and the ways to keep the signing key'
is "$(find "$D" -perm /077)" '' 'nobody else may look into it'
is "$(cd "$D" && find . -name '.?*' ! -name .gitignore)" '' 'and no part is left of its making'
is "$(cd "$D" && find templates | sort)" "$(find templates -maxdepth 1 ! -name page | sort)" 'with the templates'
is "$(fw check 2>&1 | grep -v '^warning')" "forewarn.ini:18: [openpgp]: 'signer' is empty
forewarn.ini:23: [smtp]: 'url' is empty
partners.ini:17: [own/desk]: 'mail' is empty
partners.ini:18: [own/desk]: 'key' is empty" 'four values are to be filled in, each with its line'
fw preview EXERCISE-1 >/dev/null 2>&1
is $? 2 'before that nothing can be shown or armed'

# The first of the three ways, as it was printed.
line=$(echo "$out" | grep -m 1 -- --quick-generate-key)
(cd "$D" && sh -c "$line") 2>/dev/null
is $? 0 'the line that makes the signing key is right'
signer=$(gpg --homedir "$D/state/gnupg" --quiet --list-secret-keys --with-colons | awk -F: '/^fpr/ { print $10; exit }')
make_key psirt@psirt.example
gpg --homedir "$D/state/gnupg" --armor --export "$signer" | people --import 2>/dev/null
sed -i "s/^signer =.*/signer = $signer/; s|^url =.*|url = smtp://127.0.0.1:25|" "$D/forewarn.ini"
sed -i "s/^mail =$/mail = psirt@psirt.example/; s/^key  =$/key = $(fingerprint '<psirt@psirt.example>')/" "$D/partners.ini"
terminal() { script -qec "stty cols 100; $FOREWARN -C $D $*" /dev/null </dev/null | tr -d '\r'; }
is "$(terminal keys import "$D/keys/psirt@psirt.example.asc" | tail -1)" 'next: forewarn keys list, then forewarn check' 'a key comes in'
out=$(fw check 2>&1)
is "$? $(echo "$out" | grep -v '^warning: running as root')" "0 no mistake; partners: 1, contacts: 1 (0 blocked), tiers: 2, waves: 2, advisories: 1" 'then it is without a mistake'
is "$(terminal check | tail -1)" 'next: forewarn preview EXERCISE-1' 'and says what comes next'
sed -i '/^url =/a ca_file = '"$S/ca.pem" "$D/forewarn.ini"
start_relay
is "$(terminal preview EXERCISE-1 | tail -1)" 'next: forewarn arm EXERCISE-1' 'so does the preview'
has "$(arm EXERCISE-1)" 'armed: EXERCISE-1 revision 1, 1 contacts; forewarn run' 'so does arm'
is "$(terminal run | tail -1) $(states EXERCISE-1)" 'next: forewarn status accepted' 'and run, by which the exercise is out'
is "$(fw run 2>&1)" '' 'and is silent for cron'
has "$(read_mail "$(mails)")" 'This is an exercise.' 'and says what it is'
has "$(fw status)" accepted 'as status shows'
fw verify >/dev/null
is $? 0 'and the ledger is whole'

# What must not go into a version control is kept out of it.
if command -v git >/dev/null; then
	git init -q "$T/work"
	(cd "$T/work" && "$FOREWARN" init fw) >/dev/null
	is "$(cd "$T/work" && git add -A && git ls-files | grep -E 'state|secret')" '' 'git takes neither state nor secrets'
fi

# Each refusal leaves what stands as it stood.
whole() { (cd "$T" && find p open link file root -printf '%p %m %i %s\n' 2>/dev/null | sort); }
refuse() { # refuse MESSAGE ARGUMENT...
	message=$1
	shift
	before=$(whole)
	out=$(init "$@" 2>&1)
	is "$? $out" "2 forewarn: init: $message" "refused: $message"
	[ "$before" = "$(whole)" ]
	ok $? 'and nothing has changed'
}
refuse 'nothing was made: p: is not empty; name a new directory, or an empty one' p
refuse 'nothing was made: p/keys: is not empty; name a new directory, or an empty one' p/keys
mkdir -m 777 "$T/open"
chmod 777 "$T/open" # whatever the umask
refuse "nothing was made: $T/open: anybody may write it; chmod o-w it" open/p
ln -s open "$T/link"
refuse 'nothing was made: link: cannot be opened: Not a directory' link
: >"$T/file"
refuse 'nothing was made: file: cannot be opened: Not a directory' file
refuse 'nothing was made: file/p: cannot be made: Not a directory' file/p
refuse 'nothing was made: a/b/c: cannot be made: No such file or directory' a/b/c
refuse 'name the directory of the new programme, and the address that its notices come from'
refuse 'what follows the directory is not a plain mail address' q "a@b.example
Bcc: c@d.example"
long=$(printf %080d 0)
refuse "nothing was made: state/gnupg: the path is longer than 87 bytes, too long for gpg-agent's sockets; choose a shorter one" "$long"
if [ "$(id -u)" = 0 ]; then
	mkdir "$T/root" && chown 65534 "$T/root"
	chmod 700 "$T/root"
	refuse 'nothing was made: root: belongs to another user; run as that one' root
else
	mkdir -m 500 "$T/root"
	refuse 'nothing was made: root/p: cannot be made: Permission denied' root/p
fi
touch "$T/open/.hidden"
refuse 'nothing was made: open: is not empty; name a new directory, or an empty one' open

# An empty directory is taken, from within, too.
mkdir -m 755 "$T/empty"
(cd "$T/empty" && "$FOREWARN" init .) >/dev/null
is "$? $(stat -c %a "$T/empty")" '0 700' 'an empty directory of ours becomes one, closed to others'
is "$(grep -h '= *$' "$T/empty"/*.ini)" 'from = 
signer =
url =
mail =
key  =' 'with one more value to fill in, as no address was given'
files_in() { (cd "$1" && find . ! -name 'ledger.db-*' | sort); }
# The first has seen that it is empty, and stops there.
mkdir "$T/two"
strace -qq -o "$T/trace" -e trace=getdents64 -e inject=getdents64:signal=STOP:when=2 \
	sh -c 'echo $$ >"$0" && exec "$@"' "$T/pid" "$FOREWARN" -C "$T" init two >"$T/first" 2>&1 &
first=$!
until grep -q '^State:.*[Tt] (' "/proc/$(cat "$T/pid")/status"; do sleep 0.05; done 2>/dev/null
init two a@psirt.example >/dev/null
is "$? $(files_in "$T/two")" "0 $(files_in "$T/empty")" 'a second makes it meanwhile'
kill -CONT "$(cat "$T/pid")"
wait $first
is "$? $(cat "$T/first")" '2 forewarn: init: nothing was made: two/state: cannot be made: File exists' 'then the first refuses'
is "$(files_in "$T/two")" "$(files_in "$T/empty")" 'and what the second made is whole'

# Broken off, or on a disk that is full, at its writing calls: no programme, or all of it.
# In memory, as each waits for its disk dozens of times.
memory=$(mktemp -d /dev/shm/fw.XXXXXX) || exit 2
trap 'rm -rf "$memory"; end' EXIT
init_in_memory() { "$@" "$FOREWARN" -C "$memory" init p a@psirt.example >/dev/null 2>&1; }
init_in_memory strace -qq -e signal=none -o "$T/calls"
awk -v writing="$WRITING" '
	BEGIN { for (i = split(writing, names); i; i--) writes[names[i]] }
	{ call = $0; sub(/\(.*/, "", call); n[call]++ }
	call in writes || call == "openat" && /O_CREAT/ { print call, n[call] }
' "$T/calls" >"$T/points"
all=$(files_in "$memory/p")
whole_here() { [ "$(files_in "$memory/p")" = "$all" ]; }
strike_init() { # strike_init WHAT CALL N: what is wrong behind it
	rm -rf "$memory/p"
	init_in_memory strace -qq -e signal=none -e trace="$2" -e inject="$2:$1:when=$3" -o "$T/trace"
	case $1:$? in
	signal=KILL:137)
		if [ -e "$memory/p/forewarn.ini" ]; then
			whole_here || echo 'a part is taken for a programme,'
		elif init_in_memory; then
			whole_here || echo 'another init was content with a part,'
		fi
		;;
	error=*:2) [ ! -e "$memory/p" ] || echo 'something is left,' ;;
	error=*:0 | error=*:1) whole_here || echo 'it was content with a part,' ;;
	*) echo 'it ended otherwise,' ;;
	esac
}
awk 'NR % 8 == 1 || /mkdir|rename/ && NR % 2 || /fdatasync/' "$T/points" >"$T/sweep"
tail -n 6 "$T/points" >>"$T/sweep"
while read -r call n; do
	for what in signal=KILL error=ENOSPC; do
		faults=$(strike_init $what "$call" "$n")
		[ -z "$faults" ] || echo "$what $call $n: $faults"
	done
done <"$T/sweep" >"$T/faults"
is "$(cat "$T/faults")" '' "broken off, and without room, at $(wc -l <"$T/sweep") of $(wc -l <"$T/points") writing calls"
[ "$(wc -l <"$T/sweep")" -gt 20 ]
ok $? 'which are not few'
finish
