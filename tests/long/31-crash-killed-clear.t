#!/bin/sh
# Killed at each writing call, with a relay on this machine and no TLS.
. "$(dirname "$0")/../e2e/lib.sh"
. tests/e2e/crash.sh
make_crash_programme none
learn
sweep 1 KILL
sweep 7 SEGV
finish
