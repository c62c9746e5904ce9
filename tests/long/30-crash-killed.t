#!/bin/sh
# Killed at each writing call.
. "$(dirname "$0")/../e2e/lib.sh"
. tests/e2e/crash.sh
make_crash_programme tls
learn
sweep 1 KILL
sweep 7 SEGV
finish
