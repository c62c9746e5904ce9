#!/bin/sh
# The tables of promises and faults in README.md have all their rows, and each test that
# they name is there.
cd "$(dirname "$0")" || exit 2
status=0

broken() {
	echo "table: $1" >&2
	status=1
}

for row in $(seq -f 'P%g' 9) $(seq -f 'F%g' 35); do
	[ "$(grep -c "^| $row |" README.md)" -eq 1 ] || broken "$row must stand in README.md, once"
	grep "^| $row |" README.md | grep -q '`' || broken "$row names no test"
done
for name in $(grep '^| [PF][0-9]' README.md | cut -d'|' -f4 | grep -o '`[^`]*`' | tr -d '`'); do
	case $name in
	test_*) file=unit/$name.c ;;
	fuzz_*) file=fuzz/$name.c ;;
	long/*) file=$name.t ;;
	*) file=e2e/$name.t ;;
	esac
	[ -e "$file" ] || broken "README.md names $file, which is not there"
done
exit $status
