#!/bin/sh
# The disk is full at each writing call: once, and from then on.
. "$(dirname "$0")/../e2e/lib.sh"
. tests/e2e/crash.sh
make_crash_programme tls
learn
sweep 1 ENOSPC
sweep 1 ENOSPC+
finish
