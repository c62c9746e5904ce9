#!/bin/sh
# The manual says what the program does: its examples load, nothing is left out.
. "$(dirname "$0")/lib.sh"

lint() { # the pages are not installed here, nor is an index of those that are
	mandoc -Tlint "$1" 2>&1 | grep -Ev 'referenced manual not found|outdated mandoc.db'
}

known_keys() { # known_keys FILE: what its table of known names holds, but for sections
	sed -n '/known\[\]/,/};/p' "$1" | grep -o '"[a-z_]*"' | tr -d '"' |
		grep -Evx 'programme|openpgp|smtp|tier|wave|rule'
}

missing() { # missing MACRO PAGE: those of stdin that no item of the page defines
	while read -r name; do
		grep -Eq "^\.It .*$1$name( |\$)" "$2" || echo "$name"
	done
}

# Each literal display that begins with "# FILE" is that file, whole.
write_examples() {
	awk -v top="$D" '
		/^\.Ed/ { file = "" }
		started && /^# / { file = top "/" $2 }
		file { print >file }
		{ started = /^\.Bd -literal/ }
	' mailer/forewarn.ini.5
}

is "$(lint mailer/forewarn.1)" '' 'forewarn.1 is clean'
is "$(lint mailer/forewarn.ini.5)" '' 'forewarn.ini.5 is clean'
is "$(lint mailer/man/forewarn-json.5)" '' 'forewarn-json.5 is clean'

is "$(sed -n 's/^	{ "\([a-z]*\)", .*/\1/p' mailer/main.c | missing "Cm " mailer/forewarn.1)" '' \
	'every command is in the manual'
is "$(sed -n 's/^	{ "\([a-z-]*\)", .*_argument.*/\1/p' mailer/cmd/options.c |
	missing 'Fl -?-' mailer/forewarn.1)" '' 'every option is in the manual'
for file in config.c intake_partners.c; do
	is "$(known_keys mailer/edge/$file | missing "Ic " mailer/forewarn.ini.5)" '' \
		"every key of $file is in the manual"
done

mkdir -p "$D/advisories/ADV-2026-0007/1/detection" "$D/advisories/ADV-2026-0007/1/poc" \
	"$D/keys" "$D/templates" "$D/secret"
chmod 700 "$D" "$D/secret"
write_examples
cp templates/*.mustache "$D/templates/"
echo wasp-nest >"$D/secret/smtp"
chmod 600 "$D/secret/smtp"
for file in summary.txt summary.ko.txt detection/gateway.yar analysis.txt poc/trigger.py; do
	echo "$file" >"$D/advisories/ADV-2026-0007/1/$file"
done
(umask 077 && echo word >"$D/secret/smtp")
set_up_keys
for mail in early-warning@acme.example lab@acme.example; do
	make_key "$mail"
	sed -i "/^mail *= $mail/{n;s/^\(key *= \).*/\1$(fingerprint "<$mail>")/}" "$D/partners.ini"
done
fw keys import "$D"/keys/*.asc >/dev/null
out=$(fw check 2>&1)
is $? 0 'the examples of the manual are a programme that check accepts'
hasnt "$(echo "$out" | grep -Ev 'as root|its review')" 'warning' '... without a warning'
finish
