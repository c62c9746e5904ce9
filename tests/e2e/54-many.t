#!/bin/sh
# Many partners: one file each in partners.d, or a thousand in one file.
. "$(dirname "$0")/lib.sh"
make_programme
add_partner acme entry XC soc@acme.example
sed -i /^ca_file/d "$D/forewarn.ini" # no relay
set_up_keys
mkdir "$D/partners.d"
: "${MANY:=300}" # ten thousand take a while

awk -v many="$MANY" -v dir="$D/partners.d" 'BEGIN {
	for (i = 1; i <= many; i++) {
		file = sprintf("%s/p%05d.ini", dir, i)
		printf "[p%05d]\norganisation = Partner %d\ncountries = KR\ntier = entry\n\n", i, i >file
		printf "[p%05d/soc]\nmail = soc@p%05d.example\nkey = %040d\n", i, i, i >file
		close(file)
	}
}'
out=$(fw check 2>&1)
is $? 1 'partners.d: read; the keys are not there'
has "$out" "partners: $((MANY + 1)), contacts: $((MANY + 1)) ($MANY blocked)" 'each is counted'
is "$(echo "$out" | grep -c ' is blocked: ')" "$MANY" 'and each blocked contact named'
has "$out" "partners.d/p00300.ini:6: contact 'p00300/soc' is blocked: " 'with its place'
out=$(fw preview ADV-1 2>&1)
is $? 0 'their plan is made'
is "$(echo "$out" | grep -c 'soc@p')" "$MANY" 'with a line for each'

# What a run starts and asks for when nothing is due does not grow with the keys.
strace -f -qq -s 300 -e trace=execve -o "$T/calls" "$FOREWARN" -C "$D" run
is $? 0 'a run with nothing due'
is "$(grep -c -e '"--list-keys"' "$T/calls")" 1 'lists the keys once'
is "$(grep -e '"--list-secret-keys"' "$T/calls" | grep -o '"--", .*]')" "\"--\", \"$signer\"]" \
	'of the secret ones that of the signer alone'
[ "$(grep -c 'execve(' "$T/calls")" -le 9 ]
ok $? 'and starts eight others: six of them tell GPGME what is installed'

printf 'x = y\n' >>"$D/partners.d/p00007.ini"
out=$(fw check 2>&1)
is $? 2 'one mistake in one of them'
has "$out" "partners.d/p00007.ini:9: [p00007/soc]: 'x' is not a known key here" 'is found'

rm -r "$D/partners.d"
awk 'BEGIN {
	for (i = 1; i <= 1500; i++) {
		printf "[p%05d]\norganisation = Partner %d\ncountries = KR\ntier = entry\n\n", i, i
		printf "[p%05d/soc]\nmail = soc@p%05d.example\nkey = %040d\n", i, i, i
	}
}' >>"$D/partners.ini"
out=$(fw check 2>&1)
is $? 1 'partners.ini: so are 1,500 in one file'
has "$out" 'partners: 1501, contacts: 1501 (1500 blocked)' 'each of them'
finish
