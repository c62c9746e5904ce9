# Completion of forewarn for bash: commands, options and arguments are asked of the program
# itself, by --help; advisories and contacts are read from the programme's files.

# The contacts; or the operators, for a command whose usage line names them.
_forewarn_contacts() {
	local only=-v
	[[ $help != *operator/* ]] || only=-e
	sed -n 's,^\[\([^]/]*/[^]]*\)\].*,\1,p' "$dir/partners.ini" "$dir"/partners.d/*.ini \
		2>/dev/null | grep $only '^operator/'
}

# _forewarn_kind WORD: what may stand for a word of the usage line, in $dir.
_forewarn_kind() {
	local file
	case ${1//[].[]/} in
	ADVISORY) ls "$dir/advisories" 2>/dev/null ;;
	CONTACT) _forewarn_contacts ;;
	WAVE) sed -n 's/^\[wave\.\(.*\)\].*/\1/p' "$dir/forewarn.ini" 2>/dev/null ;;
	FILE | DIR)
		[[ $1 == DIR* ]] && set -- -d || set -- -f
		(cd "$dir" 2>/dev/null && compgen "$1" -- "$cur") | while read -r file; do
			[[ -d $dir/$file || ($file == /* && -d $file) ]] && file+=/
			printf '%q\n' "$file"
		done
		;;
	[A-Z]*) ;;
	*) printf '%s\n' "${1//|/$'\n'}" ;;
	esac
}

# _forewarn_next TOKEN...: what may come behind $args in one form of the usage line.
_forewarn_next() {
	local word repeats=
	for word in "${args[@]}"; do
		[[ $repeats && "|$2|" == *"|$word|"* ]] && shift && repeats=
		case $1 in
		*...) repeats=yes ;;
		*[A-Z]*) shift ;;
		*) [[ $# -gt 0 && "|$1|" == *"|$word|"* ]] && shift || return ;;
		esac
	done
	[[ $# -eq 0 ]] || _forewarn_kind "$1"
	[[ -z $repeats || $# -lt 2 ]] || _forewarn_kind "$2"
}

# The value of an option such as --to or -t has a name in capitals, or it takes none.
_forewarn_value() {
	local option=$1
	[[ $option == -[!-]* ]] && option=${option: -1},
	sed -n "s/^  *[-a-zA-Z0-9, ]*-${option#-}  *[-a-z0-9 ]*\([A-Z][A-Z]*\): .*/\1/p" <<<"$help"
}

# What may come in each form of the usage line; options in it, with their values, aside.
_forewarn_arguments() {
	local usage form word skip tokens
	usage=$(sed -n '1s/^usage: .*\[OPTION\.\.\.\] *//p' <<<"$help")
	while IFS= read -r form; do
		tokens=() skip=
		for word in $form; do
			if [[ $word == *--* ]]; then
				skip=$(_forewarn_value "${word//[][]/}")
			else
				[[ $skip ]] || tokens+=("$word")
				skip=
			fi
		done
		_forewarn_next "${tokens[@]}"
	done <<<"${usage// | /$'\n'}"
}

# _forewarn_candidates WORD...: the words before the one to be completed.
_forewarn_candidates() {
	local dir=. help kind='' word args=()
	if [[ $1 == -C || $1 == --directory ]]; then
		[[ $# -gt 1 ]] || { _forewarn_kind DIR && return; }
		dir=${2/#\~\//$HOME/}
		shift 2
	elif [[ $# -eq 0 && $cur == -* ]]; then
		printf '%s\n' -C --directory -h --help --version
		return
	fi
	if [[ $# -eq 0 ]]; then
		"$program" --help 2>/dev/null | sed -n 's/^  \([a-z][a-z-]*\).*/\1/p'
		return
	fi
	help=$("$program" "$1" --help 2>/dev/null) || return
	shift
	for word; do
		if [[ $kind ]]; then
			[[ $word == = ]] || kind=
		elif [[ $word == -* ]]; then
			kind=$(_forewarn_value "$word")
		else
			args+=("$word")
		fi
	done
	if [[ $kind ]]; then
		_forewarn_kind "$kind"
	else
		[[ $cur != -* ]] && _forewarn_arguments | grep . && return
		sed -n '/^  *-/{s/^  *\(-.\), /\1\n/; s/^  *//; s/\(--[a-z0-9-]*\).*/\1/p;}' <<<"$help"
	fi
}

_forewarn() {
	local program=$1 cur=${COMP_WORDS[COMP_CWORD]} word
	[[ $cur != = ]] || cur=
	COMPREPLY=()
	while IFS= read -r word; do
		[[ $word != "$cur"* ]] || COMPREPLY+=("$word")
	done < <(_forewarn_candidates "${COMP_WORDS[@]:1:COMP_CWORD-1}")
	[[ ${#COMPREPLY[@]} -ne 1 || ${COMPREPLY[0]} != */ ]] || compopt -o nospace
}

complete -F _forewarn forewarn
