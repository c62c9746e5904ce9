#!/bin/sh
# One good contact beside one with a bad key, from files to the opened mail.
. "$(dirname "$0")/lib.sh"
make_programme
patience 2m
make_key bad@beta.example seconds=1
add_partner acme entry XC soc@acme.example
add_partner beta entry XC bad@beta.example

out=$(fw check 2>&1)
is $? 2 'before keys init nothing works'
has "$out" 'forewarn keys init makes it once' 'and it says what to do'
set_up_keys
ok $? 'keys init and import'
out=$(fw keys init 2>&1)
is $? 2 'keys init never runs twice'
start_relay

out=$(fw check 2>&1)
is $? 1 'check: a blocked contact is exit 1'
has "$out" "contact 'beta/c1' is blocked: key expired on" 'check names the contact and why'
hasnt "$out" 'acme/c1' 'and not the good one'

out=$(fw preview ADV-1 -o "$T/preview" 2>&1)
is $? 0 'preview'
has "$out" 'gets      title (guidance) text.summary (guidance)' 'preview says what is given'
is "$(stat -c %a "$T/preview")" 700 'the directory is private'
is "$(stat -c %a "$T/preview/entry.en.eml")" 600 'so is the file'
has "$(cat "$T/preview/entry.en.eml")" 'Update to 4.2 before' 'the edition is there in clear'
digest=$(echo "$out" | sed -n 's/^plan digest: //p')

out=$(fw arm ADV-1 2>&1 </dev/null)
is $? 2 'arm wants a terminal or the digest'
out=$(fw arm ADV-1 --digest 00 2>&1)
is $? 2 'arm refuses another digest'
is "$(fw run 2>&1; echo $?)" 0 'nothing is armed, so run does nothing'
out=$(fw arm ADV-1 --digest "$digest" 2>&1)
is $? 0 'arm'
has "$out" '2 NEW or CHANGED' 'both contacts are new'

out=$(fw run 2>&1)
is $? 1 'run: one contact is blocked'
has "$out" 'ADV-1 beta/c1: blocked: key expired' 'run says so when it appears'
is "$(mail_count)" 1 'one mail left'
is "$(state ADV-1 acme/c1)" accepted 'the good contact has it'
is "$(state ADV-1 beta/c1)" blocked 'the other waits'
out=$(fw run 2>&1)
is "$?" 1 'the second run is not content either'
is "$out" '' 'but says it once a day'
is "$(mail_count)" 1 'nothing is sent twice'

mail=$(mails)
plain=$(open_mail "$mail")
has "$(cat "$T/status")" 'GOODSIG' 'the mail opens with a good signature'
is "$(grep -c ENC_TO "$T/status")" 1 'it is sealed to one key'
has "$plain" 'Subject: [TLP:AMBER] Remote code execution in the gateway' 'the true subject is inside'
has "$plain" 'For: Programme members' 'the audience is in the signed text'
has "$plain" 'Update to 4.2 before anything else.' 'and so is the text'
outer=$(sed '/^-----BEGIN/,/^-----END/d' "$mail")
has "$outer" 'Subject: [...]' 'the outer subject says nothing'
has "$outer" 'To: soc@acme.example' 'it is addressed to the contact'
for word in ADV-1 gateway 4.2 summary entry guidance; do
	hasnt "$outer" "$word" "'$word' is not outside"
done
hasnt "$outer" 'beta' 'no other contact is named'
is "$(grep -c 'C RCPT' "$S/commands.log")" 1 'one RCPT'

out=$(fw status ADV-1)
is $? 1 'status: one is undone'
has "$out" 'accepted' 'status shows the accepted'
has "$out" 'forewarn settle ADV-1 beta/c1 give-up' 'and the next step of the other'
out=$(fw settle ADV-1 beta/c1 give-up --reason 'left the programme' 2>&1)
is $? 0 'a person gives it up'
fw run
is $? 0 'then a run is content'
finish
