#!/bin/sh
# An advisory to be filled in, which nobody can arm before; its next revision; and names.
. "$(dirname "$0")/lib.sh"
make_programme
rm -r "$D/advisories"
sed -i '/^ca_file/d' "$D/forewarn.ini"
sed -i 's/^admits .*/admits   = guidance, detection/' "$D/forewarn.ini"
add_tier full 2 'guidance, detection, reproduction, exotic' 'release - 5d'
add_partner acme entry XC soc@acme.example
set_up_keys
new=$D/advisories/ADV-7/1

out=$(fw advisory new ADV-7)
is "$? $(echo "$out" | head -1)" '0 made advisories/ADV-7/1' 'a new one'
is "$(ls -A "$new")" 'advisory.ini
summary.txt' 'with its text, and nothing else'
is "$(find "$D/advisories" -perm /077)" '' 'nobody else may look into it'
is "$(grep -A1 '^\[' "$new/advisory.ini")" '[advisory]
id      = ADV-7
--
[guidance]
# for tier entry, full
--
[detection]
# for tier entry, full
--
[reproduction]
# for tier full
--
[exotic]
# for tier full' 'its sections are the classes of the tiers, and say who gets them'
line() { grep -n "$1" "$new/advisory.ini" | cut -d: -f1; }
is "$(fw check 2>&1 | grep -v '^warning')" "advisories/ADV-7/1/advisory.ini:$(line '^release'): [advisory]: 'release' is empty
advisories/ADV-7/1/advisory.ini:$(line '^title'): [guidance]: 'title': is empty; give a value or remove the line
advisories/ADV-7/1/advisory.ini:$(line '^severity'): [guidance]: 'severity': is empty; give a value or remove the line
advisories/ADV-7/1/advisory.ini:$(line '^text.summary'): [guidance]: 'text.summary': the file is empty" \
	'what is to be filled in is named, each with its line'
fw arm ADV-7 --digest 00 >/dev/null 2>&1
is $? 2 'as it is nobody can arm it'
sed -i "s/^release =/& $(from_now '+3 days')/; s/^title  *=/& Gateway/; s/^severity  *=/& high/" "$new/advisory.ini"
fw preview ADV-7 >/dev/null 2>&1
is $? 2 'not even when only its text is missing'
echo 'Update to 4.2.' >"$new/summary.txt"
fw check >/dev/null 2>&1
is $? 0 'filled in, it is an advisory'

# What stands is left.
whole() { (cd "$D/advisories" && find . -printf '%p %m %i %s\n' | sort); }
refuse() { # refuse MESSAGE NAME ARGUMENT...
	message=$1 name=$2 before=$(whole)
	shift 2
	out=$(fw advisory "$@" 2>&1)
	is "$? $out" "2 forewarn: $message" "$name"
	is "$(whole)" "$before" 'nothing has changed'
}
refuse 'advisories/ADV-7: is there already; forewarn advisory revise ADV-7 makes its next revision' 'one that is there' new ADV-7
refuse 'advisories/ADV-8: No such file or directory' 'no revision of one that is not' revise ADV-8
usage='advisory: new ID, or revise ID'
refuse "$usage" 'no word'
refuse "$usage" 'no name' new
refuse "$usage" 'two names' new ADV-8 ADV-9
refuse "$usage" 'a word that is none' make ADV-8
for name in .. . '' ../x ADV/8 /tmp/x .ADV-7 -- 'a b' "$(printf %065d 0)" 'ADV..8' 'ADV-8
x' ÄDV '$(id)'; do
	for what in new revise; do
		out=$(fw advisory $what -- "$name" 2>&1)
		code=$?
		case $out in *"is not a name for one; take letters, digits, '.', '_' and '-', at most 64") ;; *) code=$out ;; esac
		is "$code" 2 "$what '$(echo "$name" | head -c 20 | tr '\n' ' ')...': no name"
	done
done
is "$(ls -A "$D/advisories")" ADV-7 'and nothing was made'

# The next revision.
mkdir "$new/detection"
head -c 100000 /dev/urandom >"$new/detection/rules.bin"
: >"$new/.summary.txt.swp"
out=$(fw advisory revise ADV-7)
is "$? $(echo "$out" | head -1)" '0 made advisories/ADV-7/2, a copy of revision 1' 'the next revision'
is "$(diff -r "$new" "$D/advisories/ADV-7/2")" "Only in $new: .summary.txt.swp" 'has the same files, but for what an editor left'
is "$(find "$D/advisories/ADV-7/2" -perm /077)" '' 'for nobody else'
has "$(fw preview ADV-7 2>/dev/null)" 'ADV-7 revision 2' 'and is the newest'
fw advisory revise ADV-7 >/dev/null
is "$(ls -A "$D/advisories/ADV-7" | paste -sd' ')" '1 2 3' 'and one more, from that one'
last=$D/advisories/ADV-7/3
ln -s /etc/passwd "$last/link"
refuse 'advisories/ADV-7/3/link: is neither a file nor a directory; move it' 'a link is not copied' revise ADV-7
rm "$last/link"
mkfifo "$last/fifo"
refuse 'advisories/ADV-7/3/fifo: is neither a file nor a directory; move it' 'nor waited for at a FIFO' revise ADV-7
rm "$last/fifo"
truncate -s 11M "$last/large"
refuse 'advisories/ADV-7/3/large: is larger than 10485760 bytes' 'nor is what could not be sent' revise ADV-7
rm "$last/large"

# Broken off: what is left is no revision, and is not taken up.
strace -qq -e signal=none -o /dev/null -e inject=renameat2:signal=KILL:when=2 "$FOREWARN" -C "$D" advisory revise ADV-7 2>/dev/null
is "$?" 137 'killed in the midst of a copy'
has "$(fw preview ADV-7 2>/dev/null)" 'ADV-7 revision 3' 'the newest is the one before'
refuse 'advisories/ADV-7/.4: is there: another makes it, or broke off; remove it then' 'which is said' revise ADV-7
rm -r "$D/advisories/ADV-7/.4"
for n in 1 3 5; do
	strace -qq -e signal=none -o /dev/null -e "inject=fsync:error=ENOSPC:when=$n" "$FOREWARN" -C "$D" advisory revise ADV-7 2>"$T/said"
	is "$? $(ls -A "$D/advisories/ADV-7" | paste -sd' ')" '2 1 2 3' "no room at sync $n: nothing is left"
done
has "$(cat "$T/said")" 'No space left on device' 'which is said'
makers=
for i in 1 2 3 4; do
	fw advisory new ADV-9 >"$T/new.$i" 2>&1 &
	makers="$makers $!"
done
# shellcheck disable=SC2086
wait $makers
is "$(grep -l '^made' "$T"/new.* | wc -l)$(ls -A "$D/advisories" | paste -sd' ')" '1ADV-7 ADV-9' 'of four at one instant one makes it'
finish
