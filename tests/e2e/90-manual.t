#!/bin/sh
# The manual says what the program does: its examples load, nothing is left out.
. "$(dirname "$0")/lib.sh"
man=mailer/man

commands() { sed -n 's/^	{ "\([a-z]*\)", .*/\1/p' mailer/main.c; }

# options: those of a command's --help: "-x, --long", or "--long" where there is no short form.
options() { sed -n 's/^ *\(\(-.,\)\{0,1\} *--[a-z0-9-]*\) .*/\1/p' | tr -s ' ' | sed 's/^ //'; }

# in_synopsis PAGE OPTIONS: the long names of those in its SYNOPSIS, but for -C, which all have.
in_synopsis() {
	awk '/^\.Sh/ { within = $2 == "SYNOPSIS" }
		within { for (i = 1; i < NF; i++) if ($i ~ /^\.?Fl$/) print $(i + 1) }' "$1" | grep -vx C |
		while read -r flags; do
			case $flags in
			-*) echo "${flags#-}" ;;
			*) echo "$flags" | grep -o . | while read -r letter; do
				long=$(echo "$2" | sed -n "s/^-$letter, --//p")
				echo "${long:--$letter}"
			done ;;
			esac
		done | sort
}

undefined() { # undefined PAGE: those options of stdin that no item of it defines
	while read -r option; do
		macros=$(echo "$option" | sed 's/^-/Fl /; s/, -/ , Fl /')
		grep -Eq "^\.It $macros( |\$)" "$1" || echo "$option"
	done
}

# not_its_own PAGE OPTIONS: the options that an item of it defines and the command has not.
not_its_own() {
	sed -n 's/^\.It Fl \(. , Fl \)\{0,1\}-\([a-z0-9-]*\).*/\2/p' "$1" | while read -r long; do
		echo "$2" | grep -q -e "--$long\$" || echo "$long"
	done
}

refers_to_none() { # refers_to_none PAGE: the other pages that it does not name
	for other in $man/*; do
		name=${other##*/}
		[ "$other" = "$1" ] || grep -q "^\.Xr ${name%.*} ${name##*.}" "$1" || echo "$name"
	done
}

# Each command line of the pages, one a line.
examples() { sed -n ':a; /\\e$/{N; s/\\e\n//; ba}; s/^\$ forewarn \(.*\)/\1/p' $man/*; }

bad_examples() {
	while read -r command rest; do
		commands | grep -qx -e "$command" || echo "$command"
		for word in ${rest%%[#|]*}; do
			case $word in
			--*) "$FOREWARN" "$command" --help | grep -q -e "$word " || echo "$command $word" ;;
			-?) "$FOREWARN" "$command" --help | grep -q -e "$word," || echo "$command $word" ;;
			esac
		done
	done
}

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
	' $man/forewarn.ini.5
}

for page in $man/*; do
	is "$(lint "$page")" '' "${page##*/} is clean"
	is "$(mandoc -Tascii "$page" 2>/dev/null | sed 's/.\x08//g' | awk 'length > 80')" '' \
		"${page##*/} fits 80 columns"
done
is "$(sed -n 's/^\.Xr \(forewarn[^ ]*\) \([0-9]\).*/\1.\2/p' $man/* | sort -u | while read -r page; do
	[ -e "$man/$page" ] || echo "$page"
done)" '' 'every page that they refer to is there'

is "$(commands | missing 'Cm ' $man/forewarn.1)" '' 'every command is in forewarn.1'
is "$(refers_to_none $man/forewarn.1)" '' 'and so is every page'
is "$(for page in $man/forewarn-*.1; do
	command=${page#*/forewarn-}
	commands | grep -qx "${command%.1}" || echo "$page"
done)" '' 'every page of a command has its command'
for command in $(commands); do
	page=$man/forewarn-$command.1
	options=$("$FOREWARN" "$command" --help | options)
	is "$(in_synopsis "$page" "$options")" "$(echo "$options" | sed 's/.*--//; /^help$/d' | sort)" \
		"the SYNOPSIS of forewarn-$command.1 names its options, and no other"
	is "$(echo "$options" | undefined "$page")" '' 'and it says what each does'
	is "$(not_its_own "$page" "$options")" '' 'and speaks of no other'
done
is "$(examples | bad_examples)" '' 'the examples use commands and options that there are'

for file in config.c intake_partners.c; do
	is "$(known_keys mailer/edge/$file | missing "Ic " $man/forewarn.ini.5)" '' \
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
for mail in early-warning@acme.example lab@acme.example ana@psirt.example; do
	make_key "$mail"
	sed -i "/^mail *= $mail/{n;s/^\(key *= \).*/\1$(fingerprint "<$mail>")/}" "$D/partners.ini"
done
fw keys import "$D"/keys/*.asc >/dev/null
out=$(fw check 2>&1)
is $? 0 'the examples of the manual are a programme that check accepts'
hasnt "$(echo "$out" | grep -Ev 'as root|its review')" 'warning' '... without a warning'
finish
