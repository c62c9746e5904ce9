#!/bin/sh
# axe.sh: where axe-core is, on stdout; npm gets it once, into build/. For tests alone: no
# part of it goes into the program. Ends with 1, and says why, where it cannot be had.
cd "$(dirname "$0")/.." || exit 2
version=4.14.1
home=build/axe-$version
axe=$home/node_modules/axe-core/axe.min.js
if [ ! -e "$axe" ]; then
	command -v npm >/dev/null || { echo 'no npm here'; exit 1; }
	mkdir -p build && part=$(mktemp -d build/axe.XXXXXX) || exit 1
	trap 'rm -rf "$part"' EXIT
	trap 'exit 1' INT TERM
	timeout 60 npm install --silent --no-audit --no-fund --no-save --ignore-scripts \
		--fetch-retries 0 --prefix "$part" "axe-core@$version" >/dev/null 2>&1 </dev/null || {
		echo "npm cannot install axe-core $version"
		exit 1
	}
	mv -T "$part" "$home" 2>/dev/null || [ -e "$axe" ] || exit 1
fi
echo "$PWD/$axe"
