#!/bin/sh
# What README.md tells a newcomer to type works as it stands; so does the line for cron.
. "$(dirname "$0")/lib.sh"
export D
mkdir -p -m 700 "$D" "$T/bin" "$T/keys"

# The block of shell, with this test's directory for /srv/forewarn. At a terminal arm asks
# how many contacts are new; here it gets what preview printed.
block() {
	sed -n '/^```sh$/,/^```$/p' README.md | sed "/^\`\`\`/d; s|/srv/forewarn|$D|g
		s|^forewarn preview.*|forewarn preview ADV-2026-0001 -o preview >../plan|
		s|^\(forewarn arm ADV-2026-0001\).*|\1 --digest \"\$(sed -n 's/^plan digest: //p' ../plan)\"|"
}

people_make_key() { # the partner's, before the programme is there
	mkdir -m 700 "$T/people"
	people --quick-generate-key "<soc@acme.example>" future-default default never 2>/dev/null
	people --armor --export "<soc@acme.example>" >"$T/keys/acme-soc.asc"
}

# What the operator would type into the files, and the key that the partner has sent.
write_editor() {
	cat >"$T/bin/editor" <<-END
	#!/bin/sh -e
	cp "$T/keys/acme-soc.asc" keys/
	echo wasp-nest >secret/smtp
	signer=\$(gpg --homedir state/gnupg --quiet --list-secret-keys --with-colons | awk -F: '/^fpr/ { print \$10; exit }')
	sed -i "s/^# signer .*/signer = \$signer/
		s|^url .*|url = smtp://127.0.0.1:$port\nca_file = $S/ca.pem|" forewarn.ini
	sed -i 's/^key .*/key = $(fingerprint '<soc@acme.example>')/' partners.ini
	sed -i 's/^release .*/release = $(from_now '+2 days')/' advisories/ADV-2026-0001/1/advisory.ini
	END
	chmod +x "$T/bin/editor"
}

people_make_key
cp contrib/start/forewarn.ini "$D/" # where start_relay writes its port
start_relay --auth forewarn:wasp-nest
write_editor
ln -s "$FOREWARN" "$T/bin/forewarn"

block >"$T/block"
is "$(grep -c '^forewarn' "$T/block")" 7 'the block is there'
out=$(PATH=$T/bin:$PATH sh -e "$T/block" 2>&1 </dev/null)
is $? 0 'every line of it ends well'
has "$out" 'acme/soc: accepted' 'and the first notice is out'
is "$(mail_count)" 1 'as one mail'
plain=$(open_mail "$(mails)")
has "$plain" 'stack depth 255' 'with what a member may have'

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
mkdir "$D/advisories/ADV-2026-0002"
cp -R "$D/advisories/ADV-2026-0001/1" "$D/advisories/ADV-2026-0002/"
sed -i 's/ADV-2026-0001/ADV-2026-0002/' "$D/advisories/ADV-2026-0002/1/advisory.ini"
arm ADV-2026-0002 >/dev/null 2>&1
out=$(as_cron)
is $? 0 'cron runs that line'
is "$out" '' 'nothing is said when all is well'
is "$(mail_count)" 2 'what was armed and due is out'
finish
