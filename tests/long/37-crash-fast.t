#!/bin/sh
# Each message sealed alone, the fast way: killed at each writing call, and each fails.
. "$(dirname "$0")/../e2e/lib.sh"
. tests/e2e/crash.sh
make_crash_programme tls fast
learn
sweep 1 KILL
sweep 1 EIO
sweep 3 ENOSPC+
finish
