#!/bin/sh
# The units in contrib/: right, tight, and wide enough for what a run does.
. "$(dirname "$0")/lib.sh"
command -v systemd-analyze >/dev/null || { echo '1..0 # SKIP systemd-analyze is not here'; exit; }
mkdir "$T/units"
for unit in contrib/forewarn*.service contrib/forewarn.timer; do
	sed "s#/usr/local/bin/forewarn#$FOREWARN#" "$unit" >"$T/units/${unit#contrib/}"
done
out=$(cd "$T/units" && systemd-analyze verify --man=no ./* 2>&1)
is "$?$out" 0 'systemd understands them'
for unit in forewarn forewarn-agent; do
	systemd-analyze security --offline=true --no-pager --threshold=19 contrib/$unit.service >/dev/null 2>&1
	ok $? "$unit.service: exposure below 2.0"
done

# may UNIT: the system calls that it may make, by its lines in their order
may() {
	systemd-analyze syscall-filter --no-pager 2>/dev/null | /usr/bin/python3 -c '
import sys
sets, allowed = {}, set()
for line in sys.stdin:
    word = line.strip()
    if line.startswith("@"):
        members = sets.setdefault(word, [])
    elif word and not word.startswith("#"):
        members.append(word)
def calls(word):
    return {word}.union(*map(calls, sets[word])) if word in sets else {word}
for line in open(sys.argv[1]):
    if not line.startswith("SystemCallFilter="):
        continue
    words = line.strip().partition("=")[2]
    found = set().union(*map(calls, words.lstrip("~").split()))
    allowed = allowed - found if words.startswith("~") else allowed | found
print("\n".join(allowed))' "$1" | sort
}
if [ "$(id -u)" = 0 ]; then # the program lets nobody else look into it
	make_programme
	add_partner acme entry XC soc@acme.example
	set_up_keys
	(cd "$D/advisories/ADV-1/1" && tar cf rules.tar summary.txt && echo 'attach.rules = rules.tar' >>advisory.ini)
	printf '\n[tier.none]\nrank = 2\nadmits = guidance, detection\naudience = Others\n[wave.none]\ntiers = none\nopens = release - 5d\n' >>"$D/forewarn.ini"
	printf '\n[detection]\nattach.more = more.txt\n' >>"$D/advisories/ADV-1/1/advisory.ini"
	echo 'rule more { condition: false }' >"$D/advisories/ADV-1/1/more.txt"
	start_relay
	arm ADV-1 >/dev/null 2>&1
	gpgconf --homedir "$D/state/gnupg" --kill all
	strace -f -qq -o "$T/calls" "$FOREWARN" -C "$D" run & # and its agent, until that ends
	strace=$!
	# Behind the last mail it signs a checkpoint, for which an agent would start again.
	until [ -s "$T/calls" ] && grep -q "^$(sed 's/ .*//;q' "$T/calls") .*exit_group" "$T/calls"; do sleep 0.05; done
	gpgconf --homedir "$D/state/gnupg" --kill all
	wait $strace
	is "$? $(mail_count)" '0 1' 'a run, with its gpg and an agent that it starts'
	sed -n 's/^[0-9]* *\([a-z][a-z0-9_]*\)(.*/\1/p' "$T/calls" | sort -u >"$T/used"
	is "$(grep -cxE 'seccomp|landlock_restrict_self|sendto|listen' "$T/used")" 4 'which confines itself, signs and sends'
	may contrib/forewarn.service >"$T/may"
	echo fchown >>"$T/may" # SQLite's, and for root alone
	sort -o "$T/may" "$T/may"
	is "$(comm -23 "$T/used" "$T/may" | paste -sd' ')" '' 'it needs no system call that the unit forbids'
fi
finish
