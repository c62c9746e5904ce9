#!/bin/sh
# 42-crash.t where each message is sealed alone, the fast way.
. "$(dirname "$0")/lib.sh"
. tests/e2e/crash.sh
make_crash_programme tls fast
learn
grep -q '^sendmsg' "$T/calls"
ok $? 'it is the fast way'
sweep 19 KILL ENOSPC EIO+ KILL EIO SEGV
for server in $(pgrep -f "homedir $D/state/gnupg .*[-]-server"); do
	timeout 10 tail -f --pid="$server" /dev/null
done
is "$(pgrep -f "homedir $D/state/gnupg .*[-]-server")" '' 'and no gpg outlives us'
finish
