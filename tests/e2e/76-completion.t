#!/bin/sh
# What bash and zsh complete is what the program takes: asked at a terminal, of real shells.
. "$(dirname "$0")/lib.sh"
P=$T/programme # only files that completion reads; no state of the program's
mkdir -p "$P/advisories/ADV-1/1" "$P/advisories/ADV-2/1" "$P/partners.d" "$P/keys" "$T/bin" \
	"$T/home" "$T/empty"
printf '[acme]\ntier = entry\n\n[acme/soc]\nmail = soc@acme.example\n\n[acme/lab]\n\n[operator/duty]\n' >"$P/partners.ini"
printf '[wave.early]\n[wave.main]\n' >"$P/forewarn.ini"
printf '[beta]\n# [beta/old]\n[beta/c1]\n' >"$P/partners.d/beta.ini"
touch "$P/keys/acme-soc.asc" "$P/keys/beta c1.asc"
ln -s "$FOREWARN" "$T/bin/forewarn"
PATH=$T/bin:$PATH

commands() { sed -n 's/^	{ "\([a-z]*\)", .*/\1/p' mailer/main.c; }

# options COMMAND: each form of each option, as its --help has them.
options() { forewarn "$1" --help | sed -n '3,$p' | grep -oE '^ *(-., )?--[a-z0-9-]+' | tr -d ', ' | sed 's/^\(-.\)--/\1 --/'; }

words() { tr -s ' \n' '\n\n' | sort | paste -sd' '; }

# The lines to be completed, each with what must come of it.
cases() {
	echo "forewarn : $(commands | words)"
	for command in $(commands); do
		echo "forewarn $command -: $(options "$command" | words)"
	done
	cat <<-END
	forewarn re: $(commands | grep '^re' | words)
	forewarn -: --directory --help --version -C -h
	forewarn nonsense : 
	forewarn preview : ADV-1 ADV-2
	forewarn status : ADV-1 ADV-2
	forewarn preview ADV-1 --to : acme/lab acme/soc beta/c1
	forewarn preview ADV-1 -t be: beta/c1
	forewarn preview ADV-1 --to=acme/l: --to=acme/lab
	forewarn send ADV-1 -nt acme/: acme/lab acme/soc
	forewarn preview ADV-1 -R : 
	forewarn preview ADV-1 -o ke: keys
	forewarn preview -R 1 : ADV-1 ADV-2
	forewarn retry ADV-1 : acme/lab acme/soc beta/c1
	forewarn retry ADV-1 acme/soc be: beta/c1
	forewarn settle ADV-1 : acme/lab acme/soc beta/c1
	forewarn settle ADV-1 acme/soc : accepted acme/lab acme/soc beta/c1 give-up resend
	forewarn settle ADV-1 acme/soc acme/lab re: resend
	forewarn settle ADV-1 acme/soc -r text gi: give-up
	forewarn send ADV-1 : $(options send | words)
	forewarn recover : $(options recover | words)
	forewarn cancel ADV-1 --wave : early main
	forewarn hold --al: --all
	forewarn explain : acme/lab acme/soc beta/c1
	forewarn explain acme/soc : ADV-1 ADV-2
	forewarn keys : import init list marks
	forewarn keys import keys/ac: keys/acme-soc.asc
	forewarn keys import keys/be: keys/beta\\ c1.asc
	forewarn keys import keys/acme-soc.asc keys/ac: keys/acme-soc.asc
	forewarn -C $P status : ADV-1 ADV-2
	forewarn -C .. -: -
	forewarn -C $P keys import keys/ac: keys/acme-soc.asc
	forewarn -C .. keys import programme/keys/ac: programme/keys/acme-soc.asc
	END
}

completes() { # completes SHELL DIRECTORY: lines of stdin, each with its words
	case $1 in bash) file=contrib/completion/forewarn.bash ;; zsh) file=contrib/completion/_forewarn ;; esac
	timeout 60 tests/complete.py "$1" $file "$2" "$T/home" | sed 's,/\( \|$\),\1,g'
}

cases >"$T/cases"
has "$(cat "$T/cases")" '--clock-ok' 'there is something to ask for'
for shell in bash zsh; do
	sed 's/: .*/:/; s/:$//' "$T/cases" | completes $shell "$P" >"$T/$shell"
	is "$(wc -l <"$T/$shell")" "$(wc -l <"$T/cases")" "$shell answers"
	while IFS= read -r wanted && IFS= read -r got <&3; do
		is "$got" "$wanted" "$shell: ${wanted%%: *}"
	done <"$T/cases" 3<"$T/$shell"
	is "$(echo 'forewarn status ADV' | completes $shell "$T/empty")" 'forewarn status ADV: ADV' \
		"$shell: where there is no programme there is nothing to choose"
done
is "$(cd "$P" && find . -newer "$T/cases")" '' 'the programme was only read'

# They know by a word in capitals that an option takes a value: each that does has one.
is "$(for command in $(commands); do
	help=$(forewarn "$command" --help)
	for option in $(options "$command" | tr ' ' '\n' | grep -vx -e -h -e --help); do
		case $(forewarn -C "$T/empty" "$command" "$option" --no-such 2>&1) in
		*'--no-such is not an option'*) takes=no ;;
		*) takes=value ;;
		esac
		echo "$help" | grep -Eq -e "${option}[, ].* [A-Z]+: " && says=value || says=no
		[ $takes = $says ] || echo "$command $option"
	done
done)" '' 'every option that takes a value says which'
finish
