#!/bin/sh
# What README.md tells a newcomer to type works as it stands; so does the line for cron.
. "$(dirname "$0")/lib.sh"
export D
mkdir -p -m 700 "$D" "$T/bin" "$T/keys"

# The block of shell, with this test's directory for /srv/forewarn. At a terminal arm asks
# how many contacts are new; here it gets what preview printed.
block() {
	sed -n '/^```sh$/,/^```$/p' README.md | sed "/^\`\`\`/d; s|/srv/forewarn|$D|g
		s|^forewarn preview.*|forewarn preview EXERCISE-1 -o preview >../plan|
		s|^\(forewarn arm EXERCISE-1\).*|\1 --digest \"\$(sed -n 's/^plan digest: //p' ../plan)\"|"
}

people_make_key() { # the operator's own, before the programme is there
	mkdir -m 700 "$T/people"
	people --quick-generate-key "<psirt@psirt.example>" future-default default never 2>/dev/null
	people --armor --export "<psirt@psirt.example>" >"$T/keys/own-desk.asc"
}

# What the operator would type into the files, and the key that they have.
write_editor() {
	cat >"$T/bin/editor" <<-END
	#!/bin/sh -e
	cp "$T/keys/own-desk.asc" keys/
	(umask 077 && echo wasp-nest >secret/smtp)
	signer=\$(gpg --homedir state/gnupg --quiet --list-secret-keys --with-colons | awk -F: '/^fpr/ { print \$10; exit }')
	sed -i "s/^signer =.*/signer = \$signer/
		s|^url =.*|url = smtp://127.0.0.1:$port\nca_file = $S/ca.pem|
		s/^#\\(user\\|password_file\\) /\\1 /" forewarn.ini
	sed -i 's/^mail =.*/mail = psirt@psirt.example/
		s/^key  =.*/key = $(fingerprint '<psirt@psirt.example>')/' partners.ini
	END
	chmod +x "$T/bin/editor"
}

people_make_key
: >"$D/forewarn.ini" # where start_relay writes its port
start_relay --auth forewarn:wasp-nest
rm "$D/forewarn.ini"
write_editor
ln -s "$FOREWARN" "$T/bin/forewarn"

block >"$T/block"
is "$(grep -c '^forewarn' "$T/block")" 8 'the block is there'
out=$(PATH=$T/bin:$PATH sh -e "$T/block" 2>&1 </dev/null)
is $? 0 'every line of it ends well'
has "$out" 'own/desk: accepted' 'and the first notice is out'
is "$(mail_count)" 1 'as one mail'
plain=$(read_mail "$(mails)")
has "$plain" 'This is an exercise.' 'which says that it is an exercise'

# Each test that the table of promises names is there.
named() { sed -n '/^## What it promises/,/^## What it does not/p' README.md | grep -oE '`[0-9]{2}-[a-z-]+`|`test_[a-z_]+`' | tr -d '`' | sort -u; }
is "$(named | while read -r test; do
	[ -e "tests/e2e/$test.t" ] || [ -e "tests/unit/$test.c" ] || echo "$test"
done)" '' 'the tests that it names are there'

line=$(grep '^[*]' contrib/forewarn.cron)
for page in README.md mailer/man/forewarn.1 mailer/man/forewarn-run.1; do
	has "$(cat "$page")" "$line" "$page has the line of contrib/forewarn.cron"
done

# cron runs the sixth field and the rest with sh -c, with next to nothing around it.
as_cron() {
	command=$(echo "$line" | sed "s/^\([^ ]* \)\{6\}//; s|/usr/local/bin/forewarn|$FOREWARN|; s|/srv/forewarn|$D|")
	(cd / && env -i HOME=/nonexistent LOGNAME=forewarn SHELL=/bin/sh PATH=/usr/bin:/bin \
		setsid -w sh -c "$command" </dev/null 2>&1)
}
mkdir "$D/advisories/EXERCISE-2"
cp -R "$D/advisories/EXERCISE-1/1" "$D/advisories/EXERCISE-2/"
sed -i 's/EXERCISE-1/EXERCISE-2/' "$D/advisories/EXERCISE-2/1/advisory.ini"
arm EXERCISE-2 >/dev/null 2>&1
out=$(as_cron)
is $? 0 'cron runs that line'
is "$out" '' 'nothing is said when all is well'
is "$(mail_count)" 2 'what was armed and due is out'
finish
