#!/bin/sh
# make install puts everything in its place, with that place in what starts forewarn; make
# uninstall takes it away, and no programme.
. "$(dirname "$0")/lib.sh"
unset MAKEFLAGS MFLAGS MAKELEVEL
into() { make -s "$1" BUILD="$(dirname "$FOREWARN")" DESTDIR="$T/root" PREFIX=/opt/fw PROGRAMME=/data/fw 2>&1; }
out=$(into install)
is "$?$out" 0 'it installs'
cd "$T/root/opt/fw" || exit 2
is "$(bin/forewarn --version)" "$("$FOREWARN" --version)" 'the program'
for command in $(bin/forewarn --help | sed -n 's/^  \([a-z][a-z]*\)\( .*\)*$/\1/p'); do
	[ -e share/man/man1/forewarn-$command.1 ] || grep -q "^\.It Cm $command" share/man/man1/forewarn.1
	ok $? "the manual of $command"
done
[ -e share/man/man5/forewarn.ini.5 ] && [ -e share/doc/forewarn/README.md ] && [ -e share/forewarn/templates/notice.mustache ]
ok $? 'the other pages, and the templates'
is "$(grep -rl '/usr/local\|/srv/forewarn' lib share/doc/forewarn/examples)" '' 'no unit or example has the places of others'
is "$(grep -h '^ExecStart=.*forewarn ' lib/systemd/system/forewarn.service)" 'ExecStart=/opt/fw/bin/forewarn -C /data/fw run' 'but its own'
is "$(grep -c '^ConditionPathExists=/data/fw/forewarn.ini' lib/systemd/system/forewarn.service)" 1 'and does nothing where no programme is'
is "$(grep -h '^[*]' share/doc/forewarn/examples/forewarn.cron)" '*/5 * * * * forewarn /opt/fw/bin/forewarn -C /data/fw run' 'cron likewise'
cd "$OLDPWD" || exit 2
is "$(into uninstall; find "$T/root" -type f)" '' 'and uninstall leaves no file'

# The package: what it is built with, and its number.
needed=$(sed -n "/^build='/,/'$/p" contrib/install-deps | grep -o '[a-z0-9-]*-dev' | grep -v libc6)
is "$(for package in $needed; do grep -q "[ ,]$package\\(,\\|\$\)" contrib/debian/control || echo "$package"; done)" '' 'is built with the libraries that install-deps names'
is "forewarn $(sed -n '1s/.*(\(.*\)).*/\1/p' contrib/debian/changelog)" "$("$FOREWARN" --version)" 'and has the number of the program'
finish
