#!/bin/sh
# Files that change while a run is at work: it sends what it read, which is what was armed.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
for name in acme beta; do
	add_partner $name entry XC soc@$name.example
done
make_key thief@evil.example
set_up_keys
start_relay
arm ADV-1 >/dev/null 2>&1

relay_does "DATA 1 wait $T/go"
"$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
run=$!
relay_saw 'C DATA'
# In place, and by another file of the name.
echo 'Do nothing, all is well.' >"$D/advisories/ADV-1/1/summary.txt"
echo '{{title}} for all' >"$T/notice" && mv "$T/notice" "$D/templates/notice.mustache"
sed -i "s/soc@beta.example/thief@evil.example/; s/^key = $(fingerprint '<soc@beta.example>')/key = $(
	fingerprint '<thief@evil.example>')/" "$D/partners.ini"
sed -i 's/^admits .*/admits = guidance, poc/' "$D/forewarn.ini"
touch "$T/go"
wait $run
is "$? $(states ADV-1) $(mail_count)" '0 accepted accepted 2' 'a run that is at work goes on'
for name in acme beta; do
	has "$(read_mail "$(mail_to soc@$name.example)")" 'Update to 4.2' "$name has the text that was armed"
done
is "$(mail_to thief@evil.example)" '' 'nobody else has anything'

# What the run had read is gone with it: the next one compares.
sed -i 's/^admits .*/admits = guidance/' "$D/forewarn.ini"
make_advisory ADV-2 1
printf 'Subject: %s\n\n%s\n' '{{title}}' '{{text.summary}}' >"$D/templates/notice.mustache"
arm ADV-2 >/dev/null 2>&1
relay_does "DATA 1 wait $T/again"
"$FOREWARN" -C "$D" run >"$T/out" 2>&1 &
run=$!
relay_saw '^2 C DATA'
kill -KILL $run
wait $run 2>/dev/null
touch "$T/again"
echo 'Do nothing, all is well.' >"$D/advisories/ADV-2/1/summary.txt"
out=$(fw run 2>&1)
is "$? $(states ADV-2) $(mail_count)" '1 blocked blocked 2' 'a run that takes up a broken one sends nothing else'
has "$out" 'changed: text or files; arm again' 'and says so'
finish
