#!/bin/sh
# The command line: every wrong use is refused with 2 and says what would be right.
. "$(dirname "$0")/lib.sh"
mkdir "$D"
root=$PWD
cd "$D" || exit 2

wrong() { # wrong WANTED WORD...
	wanted=$1
	shift
	out=$("$FOREWARN" "$@" 2>&1)
	is $? 2 "forewarn $*: 2"
	is "$out" "forewarn: $wanted" "forewarn $*: says what is wrong"
}
wrong 'chek: is not a command; did you mean check?' chek
wrong 'frobnicate: is not a command; see forewarn --help' frobnicate
wrong '--bogus: before the command stand -C DIR, --help or --version' --bogus check
wrong '-n: before the command stand -C DIR, --help or --version' -n run
wrong '-C: needs a directory' -C
wrong '/nowhere: cannot be entered: No such file or directory' -C /nowhere check
wrong 'check: takes no argument: it looks at everything' check ADV-1
wrong 'check: -n is not an option of it; see forewarn check --help' check -n
wrong 'check: --dry-run is not an option of it; see forewarn check --help' check --dry-run
wrong 'run: takes no advisory: it sends all that is armed and due' run ADV-1
wrong 'run: --at is not an option of it; see forewarn run --help' run --at 2026-12-08T18:00:00Z
wrong 'send: -A is not an option of it; see forewarn send --help' send ADV-1 -A 2026-12-08T18:00:00Z
wrong 'rehearse: name one advisory' rehearse
wrong 'rehearse: -o is not an option of it; see forewarn rehearse --help' rehearse ADV-1 -o x
wrong 'arm: name one advisory' arm
wrong 'arm: name one advisory' arm ADV-1 ADV-2
wrong 'arm: -x is not an option of it; see forewarn arm --help' arm -nx ADV-1
wrong 'arm: --foo is not an option of it; see forewarn arm --help' arm --foo ADV-1
wrong 'arm: --foo=1 is not an option of it; see forewarn arm --help' arm --foo=1 ADV-1
wrong 'check: --jsno is not an option of it; did you mean --json?' check --jsno
wrong 'arm: --digset=1 is not an option of it; did you mean --digest?' arm --digset=1 ADV-1
wrong 'run: --too is not an option of it; see forewarn run --help' run --too
wrong 'arn: is not a command; did you mean arm?' help arn
wrong 'arm: -d needs a value' arm -d
wrong 'arm: --digest needs a value' arm ADV-1 --digest
wrong 'preview: name one advisory' preview
wrong 'preview: name one advisory' preview ADV-1 -- -o
wrong 'preview: --sealed, --for and --attachments are about files: name a directory with -o' preview -s ADV-1
wrong '--revision 0: is not a revision; give its number' preview ADV-1 -R 0
wrong '--revision 08: is not a revision; give its number' preview ADV-1 --revision=08
wrong '--at: is not a time like 2026-12-08T18:00:00Z' preview ADV-1 --at tomorrow
wrong '--at: is not a time like 2026-12-08T18:00:00Z' preview ADV-1 --at 2026-12-08T18:00:00
wrong '--for: is not a full 40-digit fingerprint; forewarn keys list has those of the home' preview ADV-1 -o x --for 89ABCDEF
wrong 'send: name one advisory, and each contact with --to' send ADV-1
wrong 'send: name one advisory, and each contact with --to' send --to acme/c1
wrong 'status: takes one advisory, or none for all' status ADV-1 ADV-2
wrong 'report: name one advisory; forewarn status shows all' report
wrong 'retry: name the advisory and its contacts' retry ADV-1
wrong '--reason: is not one clean line of at most 400 bytes' retry ADV-1 acme/c1 -r "$(printf 'a\nb')"
wrong '--reason: is not one clean line of at most 400 bytes' retry ADV-1 acme/c1 -r "$(printf %0401d 0)"
wrong 'settle: name the advisory, its contacts, and accepted, resend or give-up' settle ADV-1 acme/c1
wrong 'settle: name the advisory, its contacts, and accepted, resend or give-up' settle ADV-1 acme/c1 maybe
wrong 'inti: is not a command; did you mean init?' inti
wrong 'init: --from is not an option of it; see forewarn init --help' init --from x
wrong 'advisory: new ID, or revise ID' advisory
wrong 'advisory: -n is not an option of it; see forewarn advisory --help' advisory -n new ADV-1
wrong 'keys: init, import FILE..., list, or marks' keys
wrong 'keys: init, import FILE..., list, or marks' keys generate
wrong 'keys: init, import FILE..., list, or marks' keys init now
wrong 'keys import: name the files' keys import
wrong 'trace: name the files with what leaked' trace
wrong '--odds: is not a number above 0, and at most 0.05' trace x --odds 0.5
wrong "--advisory: what follows '/' is not a revision" trace x --advisory ADV-1/one
wrong "--advisory: is not an advisory's name" trace x --advisory .x
is "$(find "$D" -mindepth 1)" '' 'and nothing was made'

out=$("$FOREWARN" --help)
is $? 0 '--help'
for command in init advisory check preview rehearse arm run send status report retry settle trace keys; do
	has "$out" "
  $command" "--help has $command"
	help=$("$FOREWARN" $command -h)
	is $? 0 "$command -h"
	has "$help" "usage: forewarn [-C DIR] $command [OPTION...]" "$command -h says its usage"
	has "$help" '-h, --help' 'and its options'
done
is "$("$FOREWARN" help)" "$("$FOREWARN" --help)" 'help is --help'
is "$("$FOREWARN" help arm)" "$("$FOREWARN" arm --help)" 'and of a command, its own'
has "$("$FOREWARN" preview --help)" '-R, --revision     N: this revision' 'with their meaning'
hasnt "$("$FOREWARN" run --help)" '--at' 'and no others'
has "$("$FOREWARN" run --help)" '      --clock-ok     the clock is right' 'those without a short form, too'
has "$("$FOREWARN" --version)" 'forewarn 0.' '--version'

# Behind the command options and arguments come in any order.
cd "$root" || exit 2
make_programme
add_partner acme entry XC soc@acme.example
set_up_keys
start_relay
out=$(fw preview -o "$T/one" ADV-1 2>&1)
is $? 0 'an option before the argument'
out=$(fw preview ADV-1 --output="$T/two" 2>&1)
is $? 0 'one behind it'
out=$(fw preview -- ADV-1 2>&1)
is $? 0 'and an end of options'

# What was mistyped is guessed, and nothing is done for it.
mistyped() { # mistyped WORDS ARGUMENT...
	wanted=$1
	shift
	out=$(fw "$@" 2>&1)
	is $? 2 "$*: 2"
	is "$(echo "$out" | grep -v 'as root')" "$wanted" "$*: says what may have been meant"
}
mistyped "'ADV-2' is not in advisories/; did you mean ADV-1?" preview ADV-2
mistyped "'ADV-2' is not in advisories/; did you mean ADV-1?" arm ADV-2 -R 1 -n
mistyped "'nothing-like-it' is not in advisories/; forewarn advisory new ID makes one" preview nothing-like-it
mistyped "'../ADV-1' is not an advisory's name; forewarn advisory new ID makes one" preview ../ADV-1
mistyped 'forewarn: preview: acme/c2: no contact of that name gets this advisory; did you mean acme/c1?' preview ADV-1 -t acme/c2
mistyped 'forewarn: preview: soc: no contact of that name gets this advisory; forewarn preview ADV-1 lists them' preview ADV-1 -t soc
arm ADV-1 >/dev/null
is "$(fw status ADV-2)" 'nothing is armed of ADV-2; did you mean ADV-1?' 'status of an advisory that is not there'
mistyped 'forewarn: ADV-1 acme/c: is not in the ledger; did you mean acme/c1?' retry ADV-1 acme/c
mistyped 'forewarn: ADV-1 soc: is not in the ledger; see forewarn status ADV-1' settle ADV-1 soc give-up
mistyped 'forewarn: ADV-2 acme/c1: is not in the ledger; did you mean ADV-1?' retry ADV-2 acme/c1
mistyped 'forewarn: ADV-1 acme/c: has no armed line; did you mean acme/c1?' send ADV-1 -t acme/c -n
is "$(mail_count)" 0 'and nothing was sent'
out=$("$FOREWARN" -C "$T" status 2>&1)
is "$?$out" "2forewarn: state/ledger.db: is not there; in the programme's directory (-C DIR) forewarn keys init makes it once, later it comes from a backup" \
	'status outside of a programme'

# Whoever reads may leave.
out=$({ fw preview ADV-1; echo $? >"$T/code"; } | :)
is "$(cat "$T/code")" 1 'what could not be written is not done'
fw preview ADV-1 >/dev/full 2>/dev/null
is $? 1 'nor on a full disk'
arm ADV-1 >/dev/null
mkfifo "$T/pipe"
exec 8<>"$T/pipe"
exec 7>"$T/pipe" 8<&-
{ fw run -v; echo $? >"$T/code"; } >&7 2>&7
is "$(mail_count)" 1 'a run whose words nobody reads still sends'
is "$(state ADV-1 acme/c1)" accepted 'and records it'
finish
